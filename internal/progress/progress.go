// SPDX-License-Identifier: GPL-3.0-or-later

// Package progress is what a run reports while it is under way: one event when
// a phase begins that may take long, and one when something worth knowing has
// happened. It knows neither phases nor who watches.
package progress

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"
)

// Event is one line of a run's account of itself.
type Event struct {
	At    string  `json:"at"`              // UTC, RFC 3339
	Text  string  `json:"text"`            // one line
	Limit float64 `json:"limit,omitempty"` // seconds that the phase may take at most; 0: it is no phase, or has no limit
}

// line is an event as the watcher reads it.
type line struct {
	Event
	Quiet bool   `json:"quiet,omitempty"` // shown only if it takes long
	Again string `json:"again,omitempty"` // what is shown of a phase again and again, if that is less than its text
}

const (
	mostText   = 400
	mostEvents = 100
	// A pipe holds 64 KiB: below that no write ever waits for a watcher that has stopped reading.
	mostBytes = 48 << 10
)

// Log keeps the events of one run and sends each to its watcher as a line of
// JSON. A nil Log takes everything and keeps nothing. It may be used by several
// goroutines.
type Log struct {
	mu      sync.Mutex
	watcher io.Writer
	scrub   func(string) string
	sent    int
	events  []Event
}

// NewLog returns a log whose texts go through scrub. The watcher may be nil.
func NewLog(watcher io.Writer, scrub func(string) string) *Log {
	return &Log{watcher: watcher, scrub: scrub}
}

// Begin reports a phase that may take long, at most the limit if there is one.
func (l *Log) Begin(text string, limit time.Duration) {
	l.add(line{Event: Event{Text: text, Limit: limit.Round(time.Second).Seconds()}})
}

// BeginWith is Begin with a detail, which the watcher shows once.
func (l *Log) BeginWith(text, detail string, limit time.Duration) {
	l.add(line{Event: Event{Text: text + ", " + detail, Limit: limit.Round(time.Second).Seconds()}, Again: text})
}

// BeginBecause is BeginWith for a reason.
func (l *Log) BeginBecause(text, reason string, limit time.Duration) {
	l.BeginWith(text, "because "+reason, limit)
}

// Note reports something that has happened.
func (l *Log) Note(text string) { l.add(line{Event: Event{Text: text}}) }

// Enter reports a phase that is short as a rule. It is not kept, and the watcher
// shows it only if it is long.
func (l *Log) Enter(text string, limit time.Duration) {
	l.add(line{Event: Event{Text: text, Limit: limit.Round(time.Second).Seconds()}, Quiet: true})
}

// Mute ends the reports to the watcher. Events are still kept.
func (l *Log) Mute() {
	if l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.watcher = nil
	}
}

// Events returns what has been reported so far.
func (l *Log) Events() []Event {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Event(nil), l.events...)
}

func (l *Log) add(e line) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e.At, e.Text, e.Again = time.Now().UTC().Format(time.RFC3339), l.cleanText(e.Text), l.cleanText(e.Again)
	if !e.Quiet && len(l.events) < mostEvents {
		l.events = append(l.events, e.Event)
	}
	l.send(e)
}

// send writes to the watcher. One that is gone, or has been sent enough, is
// written to no more: a run does not depend on anybody watching.
func (l *Log) send(e line) {
	if l.watcher == nil {
		return
	}
	data, err := json.Marshal(e)
	if err == nil && l.sent+len(data) < mostBytes {
		l.sent += len(data) + 1
		_, err = l.watcher.Write(append(data, '\n'))
	}
	if err != nil {
		l.watcher = nil
	}
}

// cleanText makes one line of a text, without secrets and not too long.
func (l *Log) cleanText(text string) string {
	if l.scrub != nil {
		text = l.scrub(text) // first: a secret may span lines
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\ufffd")), " ")
	if runes := []rune(text); len(runes) > mostText {
		text = string(runes[:mostText]) + "…"
	}
	return text
}
