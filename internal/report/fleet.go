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
	Records []outcome.Record     // one a chassis, the newest; most urgent first
	Bad     []Bad                // in order of their names
	Proofs  map[string]time.Time // by host: the newest record that proves SCP, also where a later one only read
	Kept    map[string]int       // by host: how many records there are
	Missing []string             // hosts of the inventory without a record
	Groups  map[string][]string  // of the inventory, by host
}

// Bad is a file that does not count, and why.
type Bad struct{ File, Reason string }

// Load reads every *.json in folders, and files. Its error says that there is nothing
// to report on; a file that is no good is in Fleet.Bad.
func Load(from ...string) (Fleet, error) {
	var f Fleet
	for _, name := range from {
		if err := f.addPlace(name); err != nil {
			return Fleet{}, err
		}
	}
	if len(f.Records)+len(f.Bad) == 0 {
		return Fleet{}, fmt.Errorf("%s: no record, want files named *.json (scp_config_sync_report_path)", strings.Join(from, " "))
	}
	f.keepNewest()
	return f, nil
}

func (f *Fleet) addPlace(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		f.addFile(filepath.Dir(name), filepath.Base(name))
		return nil
	}
	entries, err := os.ReadDir(name)
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".json" {
			f.addFile(name, e.Name())
		}
	}
	return err
}

func (f *Fleet) addFile(dir, name string) {
	records, err := readRecords(dir, name)
	shown := outcome.CleanText(name, outcome.ShortText)
	for _, r := range records {
		r.File = shown
		f.Records = append(f.Records, r)
	}
	if err != nil {
		f.Bad = append(f.Bad, Bad{shown, outcome.CleanText(err.Error(), outcome.LongText)})
	}
}

// readRecords reads a file: one record, or what AWX kept of a job.
func readRecords(dir, name string) ([]outcome.Record, error) {
	if strings.HasPrefix(name, ".ansible_tmp") {
		return nil, errors.New("left behind by a run that was killed while it wrote")
	}
	path := filepath.Join(dir, name)
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	if artifacts, finished := artifactsIn(data); len(artifacts) > 0 {
		if info, err := os.Stat(path); err == nil && finished.IsZero() {
			finished = info.ModTime()
		}
		return recordsOf(artifacts, finished)
	}
	r, err := outcome.Parse(data)
	if err != nil {
		return nil, err
	}
	return []outcome.Record{r}, nil
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

// keepNewest keeps the newest record of a host, and the time of the newest that is a
// proof, and puts everything in order.
func (f *Fleet) keepNewest() {
	slices.SortStableFunc(f.Records, func(a, b outcome.Record) int {
		return cmp.Or(cmp.Compare(a.Host, b.Host), b.Finished.Compare(a.Finished), cmp.Compare(a.File, b.File))
	})
	var kept []outcome.Record
	if f.Proofs == nil {
		f.countHistory()
	}
	for i, r := range f.Records {
		if i == 0 || r.Host != kept[len(kept)-1].Host {
			kept = append(kept, r)
		}
	}
	f.Records = kept
	slices.SortStableFunc(f.Bad, func(a, b Bad) int { return compareNaturally(a.File, b.File) })
	urgency := map[string]int{} // judged once a chassis, not once a comparison
	for _, r := range f.Records {
		urgency[r.Host] = slices.Index(Nexts(), nextOf(r))
	}
	slices.SortStableFunc(f.Records, func(a, b outcome.Record) int {
		return cmp.Or(urgency[a.Host]-urgency[b.Host], compareNaturally(a.Host, b.Host))
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

// countHistory counts the records of every host, and finds the newest that is a proof.
func (f *Fleet) countHistory() {
	f.Proofs, f.Kept = map[string]time.Time{}, map[string]int{}
	for _, r := range f.Records {
		f.Kept[r.Host]++
		if r.IsProof() && r.Finished.After(f.Proofs[r.Host]) {
			f.Proofs[r.Host] = r.Finished
		}
	}
}

// CountTransport returns the number of chassis with a transport.
func (f Fleet) CountTransport(want outcome.Transport) (n int) {
	for _, r := range f.Records {
		if t, _ := r.Transport(); t == want {
			n++
		}
	}
	return n
}

// CountRun returns the number of chassis whose last run came to that.
func (f Fleet) CountRun(want Run) (n int) {
	for _, r := range f.Records {
		if runOf(r) == want {
			n++
		}
	}
	return n
}

// freshTime is for how long a proof or a record counts as recent.
const freshTime = 7 * 24 * time.Hour

// isProved says that SCP is in use, and was proved within freshTime of the newest
// record.
func (f Fleet) isProved(r outcome.Record) bool {
	t, _ := r.Transport()
	proof := f.Proofs[r.Host]
	return t == outcome.SCP && !proof.IsZero() && f.Newest().Sub(proof) <= freshTime
}

// headline is the state of the fleet in one sentence: also of the chassis that have no
// record, and of the records that are old.
func (f Fleet) headline() string {
	proved, old := 0, 0
	newest := f.Newest()
	for _, r := range f.Records {
		if f.isProved(r) {
			proved++
		}
		if newest.Sub(r.Finished) > freshTime {
			old++
		}
	}
	text := fmt.Sprintf("%d of %d proved over SCP within 7 days", proved, len(f.Records)+len(f.Missing))
	if old > 0 {
		text += fmt.Sprintf("; %d last read more than 7 days before the newest record", old)
	}
	if len(f.Missing) > 0 {
		text += fmt.Sprintf("; %d never read", len(f.Missing))
	}
	return text + "."
}
