// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// Fleet is what a folder of records says.
type Fleet struct {
	Records []outcome.Record // one a chassis, most urgent first
	Bad     []Bad            // in order of their names
}

// Bad is a file that does not count, and why.
type Bad struct{ File, Reason string }

// Load reads every *.json in a folder. Its error says that there is nothing
// to report on; a file that is no good is in Fleet.Bad.
func Load(dir string) (Fleet, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return Fleet{}, err
	}
	var f Fleet
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".json" {
			f.addFile(dir, e.Name())
		}
	}
	if len(f.Records)+len(f.Bad) == 0 {
		return Fleet{}, fmt.Errorf("%s: no record, want files named *.json (scp_config_sync_report_path)", dir)
	}
	f.keepNewest()
	return f, nil
}

func (f *Fleet) addFile(dir, name string) {
	r, err := readRecord(dir, name)
	r.File = outcome.CleanText(name, outcome.ShortText)
	if err != nil {
		f.Bad = append(f.Bad, Bad{r.File, outcome.CleanText(err.Error(), outcome.LongText)})
		return
	}
	f.Records = append(f.Records, r)
}

func readRecord(dir, name string) (outcome.Record, error) {
	if strings.HasPrefix(name, ".ansible_tmp") {
		return outcome.Record{}, errors.New("left behind by a run that was killed while it wrote")
	}
	data, err := readFile(filepath.Join(dir, name))
	if err != nil {
		return outcome.Record{}, err
	}
	return outcome.Parse(data)
}

// readFile does not block on a pipe, and does not fill the memory.
func readFile(name string) ([]byte, error) {
	file, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, causeOf(err)
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("not a file")
	}
	data, err := io.ReadAll(io.LimitReader(file, outcome.MaxRecord+1))
	if err != nil {
		return nil, causeOf(err)
	}
	if len(data) > outcome.MaxRecord {
		return nil, fmt.Errorf("larger than %d KiB", outcome.MaxRecord>>10)
	}
	return data, nil
}

// causeOf leaves out the path, which differs from machine to machine.
func causeOf(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// keepNewest keeps the newest record of a host and puts everything in order.
func (f *Fleet) keepNewest() {
	slices.SortStableFunc(f.Records, func(a, b outcome.Record) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), b.Finished.Compare(a.Finished), cmp.Compare(a.File, b.File))
	})
	var kept []outcome.Record
	for i, r := range f.Records {
		if i == 0 || r.Host != kept[len(kept)-1].Host {
			kept = append(kept, r)
			continue
		}
		f.Bad = append(f.Bad, Bad{r.File, fmt.Sprintf("another record of %s, state %s of %s; the newest is %s and counts",
			r.Host, r.Judge(), humanTime(r.Finished), kept[len(kept)-1].File)})
	}
	f.Records = kept
	slices.SortStableFunc(f.Bad, func(a, b Bad) int { return compareNaturally(a.File, b.File) })
	slices.SortStableFunc(f.Records, func(a, b outcome.Record) int {
		return cmp.Or(slices.Index(outcome.States(), a.Judge())-slices.Index(outcome.States(), b.Judge()), compareNaturally(a.Host, b.Host))
	})
}

// Newest returns the time of the page: that of the newest record.
func (f Fleet) Newest() time.Time {
	var t time.Time
	for _, r := range f.Records {
		if r.Finished.After(t) {
			t = r.Finished
		}
	}
	return t
}

// Count returns the number of chassis in a state.
func (f Fleet) Count(s outcome.State) int {
	n := 0
	for _, r := range f.Records {
		if r.Judge() == s {
			n++
		}
	}
	return n
}

func humanTime(t time.Time) string { return t.Format("2006-01-02 15:04 UTC") }
