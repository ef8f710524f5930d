// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// statusWidth keeps the line on one row of a terminal.
const statusWidth = 119

// watch writes the lab's summary whenever it has changed: over the line before on
// a terminal, else below it. The returned function writes the last one and waits.
func watch(lab *sim.Lab, out io.Writer, every time.Duration) (stop func()) {
	line := status{out: out, overwrite: terminal(out)}
	done := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			line.show(lab.Summary().String())
			select {
			case <-tick.C:
			case <-done:
				line.show(lab.Summary().String())
				line.end()
				return
			}
		}
	})
	return func() {
		close(done)
		work.Wait()
	}
}

type status struct {
	out       io.Writer
	overwrite bool
	last      string
}

func (s *status) show(text string) {
	if r := []rune(text); len(r) > statusWidth {
		text = string(r[:statusWidth])
	}
	if text == s.last {
		return
	}
	s.last = text
	if s.overwrite {
		fmt.Fprintf(s.out, "\r%s\x1b[K", text)
		return
	}
	fmt.Fprintln(s.out, text)
}

func (s *status) end() {
	if s.overwrite {
		fmt.Fprintln(s.out)
	}
}

func terminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
