// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Exchange is one operation of a session and when its reply came.
type Exchange struct {
	Operation string
	Sent      time.Time
	Answered  time.Time // zero: never
	Bytes     int       // of the reply
}

// Seconds is how long the device took: since it had the operation, or since it had
// answered the one before. Zero: it did not answer.
func (e Exchange) Seconds(before time.Time) float64 {
	if e.Answered.IsZero() {
		return 0
	}
	if before.Before(e.Sent) {
		before = e.Sent
	}
	return e.Answered.Sub(before).Seconds()
}

// dialogue notes what goes over the sessions of a run, without its contents.
type dialogue struct {
	mu  sync.Mutex
	all []Exchange
}

var (
	requestPattern = regexp.MustCompile(`^\s*(?:<\?[^>]*>\s*)?<(?:[\w-]+:)?rpc\b[^>]*>\s*<(?:[\w-]+:)?([\w.-]+)`)
	helloPattern   = regexp.MustCompile(`<(?:[\w-]+:)?hello\b`)
)

// note is shown every message. Replies come in the order of the operations.
func (d *dialogue) note(sent bool, message []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if sent {
		if m := requestPattern.FindSubmatch(message); m != nil {
			d.all = append(d.all, Exchange{Operation: string(m[1]), Sent: time.Now()})
		}
		return
	}
	if helloPattern.Match(message[:min(len(message), 1000)]) {
		return
	}
	if i := slices.IndexFunc(d.all, func(e Exchange) bool { return e.Answered.IsZero() }); i >= 0 {
		d.all[i].Answered, d.all[i].Bytes = time.Now(), len(message)
	}
}

// exchanges returns what was noted so far.
func (d *dialogue) exchanges() []Exchange {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.all)
}

// CountWrites returns how many of the operations could have changed anything.
func CountWrites(all []Exchange) (n int) {
	for _, e := range all {
		if !strings.HasPrefix(e.Operation, "get-") && e.Operation != "close-session" {
			n++
		}
	}
	return n
}
