// SPDX-License-Identifier: GPL-3.0-or-later

// Package trace is the file in which a run leaves its NETCONF dialogue, and what reads
// it. A line is one event as JSON; a file that was cut anywhere can be read up to there.
// It knows no NETCONF and no secrets: whoever writes gives it texts that may be written.
package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// The format of the file. Readers refuse another name and a later version.
const (
	formatName    = "vchassis.junos/trace"
	formatVersion = 1
)

// Kinds of events.
const (
	Begin  = "begin"  // the first line: what ran
	Opened = "opened" // a session
	Sent   = "sent"
	Got    = "got"
	Closed = "closed" // by whom, and why, if it was not us
	Result = "result" // the last line: what the run said
)

// Event is one line.
type Event struct {
	Kind    string  `json:"event"`
	Seconds float64 `json:"seconds"` // since the begin
	Session int     `json:"session,omitempty"`
	Text    string  `json:"text,omitempty"`   // of a message, or why a session ended
	Marked  bool    `json:"marked,omitempty"` // words of the device that nobody has published

	Header *Header         `json:"header,omitempty"` // of Begin
	Result json.RawMessage `json:"result,omitempty"` // of Result
}

// Header says what ran.
type Header struct {
	Format  string         `json:"format"`
	Version int            `json:"version"`
	MadeBy  string         `json:"made_by"`
	MadeAt  string         `json:"made_at"`
	Module  string         `json:"module"`
	Check   bool           `json:"check_mode"`
	Run     string         `json:"run"`     // as commit logs name it
	Options map[string]any `json:"options"` // without secrets, and without who and where
}

// Writer appends events to a file. It may be used by several goroutines. What cannot be
// written is lost without a word to the run, which matters more than its trace.
type Writer struct {
	mu    sync.Mutex
	file  *os.File
	began time.Time
}

// Create begins a trace in a folder, which it makes if it has to. Only the user can read
// the file.
func Create(dir, name string, h Header) (*Writer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	w := &Writer{file: file, began: time.Now()}
	h.Format, h.Version = formatName, formatVersion
	w.Add(Event{Kind: Begin, Header: &h})
	return w, nil
}

// Add writes an event, with the time that has passed.
func (w *Writer) Add(e Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	e.Seconds = float64(time.Since(w.began).Milliseconds()) / 1000
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false) // people read it
	if encoder.Encode(e) == nil {
		_, _ = w.file.Write(line.Bytes())
	}
}

// Close ends the file. It may be called twice.
func (w *Writer) Close() { _ = w.file.Close() }

// ErrNoTrace is the error of a file that is not one.
var ErrNoTrace = errors.New("this is not a trace")

// maxLine is the longest event: a configuration of the largest reply that is read.
const maxLine = 64 << 20

// Read returns the events of a file up to where it is whole.
func Read(r io.Reader) ([]Event, error) {
	lines := bufio.NewReaderSize(r, 1<<16)
	var all []Event
	for size := 0; size < maxLine; {
		line, err := lines.ReadBytes('\n')
		size += len(line)
		var e Event
		if err == nil && json.Unmarshal(line, &e) == nil {
			if len(all) == 0 {
				if err := checkHeader(e); err != nil {
					return nil, err
				}
			}
			all = append(all, e)
			continue
		}
		if len(all) == 0 {
			return nil, ErrNoTrace
		}
		return all, nil
	}
	return all, nil
}

func checkHeader(e Event) error {
	switch {
	case e.Kind != Begin || e.Header == nil || e.Header.Format != formatName:
		return ErrNoTrace
	case e.Header.Version > formatVersion:
		return fmt.Errorf("the trace has version %d, and this program reads %d: take a newer one", e.Header.Version, formatVersion)
	}
	return nil
}

// ReadFile reads a trace.
func ReadFile(path string) ([]Event, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}
