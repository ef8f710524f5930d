// SPDX-License-Identifier: GPL-3.0-or-later

package leaktest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// told is a test whose errors are kept and that ends when it is said to.
type told struct {
	testing.TB
	errors []string
	atEnd  func()
}

func (t *told) Helper()          {}
func (t *told) Cleanup(f func()) { t.atEnd = f }
func (t *told) Errorf(format string, a ...any) {
	t.errors = append(t.errors, fmt.Sprintf(format, a...))
}

func TestWhatIsLeftIsTold(t *testing.T) {
	stop := make(chan struct{})
	for name, row := range map[string]struct {
		leave func() (undo func())
		want  string
	}{
		"nothing":    {func() func() { return func() {} }, ""},
		"goroutine":  {func() func() { go func() { <-stop }(); return func() { close(stop) } }, "goroutines: "},
		"descriptor": {func() func() { r, w, _ := os.Pipe(); return func() { _, _ = r.Close(), w.Close() } }, "descriptors: "},
		"heap":       {func() func() { large := make([]byte, measure().heap+2*growth); return func() { clear(large[:1]) } }, "the heap grew"},
	} {
		t.Run(name, func(t *testing.T) {
			judged := &told{TB: t}
			check(judged, 10*time.Millisecond)
			undo := row.leave()
			judged.atEnd()
			undo()
			text := strings.Join(judged.errors, "\n")
			if row.want == "" && text != "" || !strings.Contains(text, row.want) {
				t.Errorf("want %q told, got %q", row.want, text)
			}
		})
	}
}

// Who is on the way out is waited for.
func TestWhoEndsInTimeHasLeftNothing(t *testing.T) {
	judged := &told{TB: t}
	check(judged, time.Minute)
	go time.Sleep(50 * time.Millisecond)
	judged.atEnd()
	if len(judged.errors) != 0 {
		t.Errorf("got %q", judged.errors)
	}
}
