// SPDX-License-Identifier: GPL-3.0-or-later

package progress

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

// texts returns what the watcher was sent, quiet phases in brackets.
func texts(t *testing.T, sent string) (out []string) {
	t.Helper()
	for _, text := range strings.Split(strings.TrimSpace(sent), "\n") {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if _, err := time.Parse(time.RFC3339, l.At); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if l.Quiet {
			l.Text = "(" + l.Text + ")"
		}
		out = append(out, l.Text)
	}
	return out
}

func TestAWatcherGetsALineAnEventAndTheResultKeepsTheLoudOnes(t *testing.T) {
	var sent bytes.Buffer
	l := NewLog(&sent, func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") })
	l.Enter("read", time.Minute)
	l.Begin("commit\n confirmed with hunter2", 600*time.Second)
	l.Note("\xff" + strings.Repeat("x", 500))
	want := []string{"(read)", "commit confirmed with ***", "\ufffd" + strings.Repeat("x", 399) + "…"}
	if got := texts(t, sent.String()); strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("sent: want %q, got %q", want, got)
	}
	kept := l.Events()
	if len(kept) != 2 || kept[0].Text != want[1] || kept[0].Limit != 600 || kept[1].Text != want[2] || kept[1].Limit != 0 {
		t.Errorf("kept: %+v", kept)
	}
}

// A reason is shown once, and what lasts is shown again without it.
func TestAReasonIsNotRepeated(t *testing.T) {
	var sent bytes.Buffer
	l := NewLog(&sent, func(s string) string { return strings.ReplaceAll(s, "hunter2", "***") })
	l.BeginBecause("waiting for hunter2", "it was refused", time.Minute)
	var got line
	if err := json.Unmarshal(sent.Bytes(), &got); err != nil || got.Text != "waiting for ***, because it was refused" || got.Again != "waiting for ***" || got.Limit != 60 {
		t.Errorf("%v, got %+v", err, got)
	}
}

// No write may wait for somebody who does not read.
func TestAWatcherIsSentLessThanAPipeHolds(t *testing.T) {
	var sent bytes.Buffer
	l := NewLog(&sent, nil)
	for range 10_000 {
		l.Note(strings.Repeat("x", 300))
	}
	if sent.Len() < mostBytes/2 || sent.Len() > mostBytes || len(l.Events()) != mostEvents {
		t.Errorf("sent %d bytes, kept %d events", sent.Len(), len(l.Events()))
	}
}

type gone struct{ asked int }

func (g *gone) Write([]byte) (int, error) {
	g.asked++
	return 0, errors.New("broken pipe")
}

func TestAWatcherThatIsGoneIsLeftAlone(t *testing.T) {
	watcher := &gone{}
	l := NewLog(watcher, nil)
	l.Note("one")
	l.Note("two")
	if watcher.asked != 1 || len(l.Events()) != 2 {
		t.Errorf("asked %d times, kept %+v", watcher.asked, l.Events())
	}
}

func TestNobodyNeedWatch(t *testing.T) {
	var none *Log
	none.BeginBecause("x", "y", 0)
	none.Begin("x", 0)
	none.Mute()
	var sent bytes.Buffer
	l := NewLog(&sent, nil)
	l.Mute()
	l.Note("y")
	if none.Events() != nil || sent.Len() != 0 || len(l.Events()) != 1 {
		t.Errorf("sent %q, kept %+v", sent.String(), l.Events())
	}
}
