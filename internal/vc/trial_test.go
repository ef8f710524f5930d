// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestPendingTrial(t *testing.T) {
	const in5 = "commit confirmed, rollback in 5mins"
	ours := "vchassis.junos 0.1.0 vc_scp_sync trial run=0af3"
	commit := func(comment, log string) Commit {
		return Commit{User: "rick", Client: "cli", Time: noon, Comment: comment, Log: log}
	}
	undated := commit(in5, "")
	undated.Time = time.Time{}
	older := commit(in5, "")
	older.Sequence = 1
	plain := commit("", "")
	for _, row := range []struct {
		name    string
		history []Commit
		now     time.Time
		want    string // the trial in words; "" for none
		ours    bool
	}{
		{name: "no history", now: noon},
		{name: "no confirmed commit", history: []Commit{plain}, now: noon},
		{name: "an older one is settled by the commit after it", history: []Commit{plain, older}, now: noon},
		{name: "a list that does not begin with the newest", history: []Commit{older}, now: noon},
		{name: "in its time", history: []Commit{commit(in5, "")}, now: noon.Add(4 * time.Minute),
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:05:00Z unless confirmed"},
		{name: "a moment after its time", history: []Commit{commit(in5, "")}, now: noon.Add(5*time.Minute + 30*time.Second),
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:05:00Z unless confirmed"},
		{name: "well after its time", history: []Commit{commit(in5, "")}, now: noon.Add(5*time.Minute + 31*time.Second)},
		{name: "the clock was set back since", history: []Commit{commit(in5, "")}, now: noon.Add(-time.Hour),
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:05:00Z unless confirmed"},
		{name: "a clock that nobody knows", history: []Commit{commit(in5, "")},
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:05:00Z unless confirmed"},
		{name: "a time that was not understood", history: []Commit{undated}, now: noon.Add(time.Hour),
			want: "confirmed commit by rick via cli, rolled back at an unknown time unless confirmed"},
		{name: "a duration that is not understood", history: []Commit{commit("commit confirmed, rollback in two hours", "")}, now: noon.Add(time.Hour),
			want: "confirmed commit by rick via cli, rolled back at an unknown time unless confirmed"},
		{name: "somebody who writes of one", history: []Commit{commit("", "commit confirmed, rollback in a while")}, now: noon},
		{name: "one minute", history: []Commit{commit("commit confirmed, rollback in 1min", "")}, now: noon,
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:01:00Z unless confirmed"},
		{name: "the most minutes, spelled out", history: []Commit{commit("commit confirmed, rollback in 65535 minutes", "")}, now: noon,
			want: "confirmed commit by rick via cli, rolled back at 2026-04-16T00:15:00Z unless confirmed"},
		{name: "in the log", history: []Commit{commit("", in5)}, now: noon,
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:05:00Z unless confirmed"},
		{name: "ours", history: []Commit{commit(in5, ours)}, now: noon, ours: true,
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:05:00Z unless confirmed"},
		{name: "ours, but no trial by its log", history: []Commit{commit(in5, strings.Replace(ours, "trial", "confirm", 1))}, now: noon,
			want: "confirmed commit by rick via cli, rolled back at 2026-03-01T12:05:00Z unless confirmed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			trial := PendingTrial(row.history, row.now)
			got := ""
			if trial != nil {
				got = trial.String()
			}
			if got != row.want || trial.IsOurs() != row.ours || trial.IsMadeBy(ModuleSCPSync) != row.ours || trial.IsMadeBy(ModuleKeysCommand) {
				t.Errorf("want %q, ours %v; got %q, ours %v, mark %+v", row.want, row.ours, got, trial.IsOurs(), trial)
			}
		})
	}
}

func TestMark(t *testing.T) {
	for _, row := range []struct {
		log  string
		want Mark // zero: none of ours
	}{
		{"vchassis.junos 0.1.0 vc_scp_sync trial run=0af3", Mark{Version: "0.1.0", Module: "vc_scp_sync", Phase: PhaseTrial, Run: "0af3"}},
		{" vchassis.junos dev vc_internal_ssh commit run=1\n", Mark{Version: "dev", Module: "vc_internal_ssh", Phase: PhaseCommit, Run: "1"}},
		{"vchassis.junos 1.0.0 vc_scp_sync confirm run=ff job=1234: change 77: second try",
			Mark{Version: "1.0.0", Module: "vc_scp_sync", Phase: PhaseConfirm, Run: "ff", Job: "1234", Comment: "change 77: second try"}},
		{"vchassis.junos 1.0.0 vc_scp_sync confirm run=ff: job=1", Mark{Version: "1.0.0", Module: "vc_scp_sync", Phase: PhaseConfirm, Run: "ff", Comment: "job=1"}},
		{"vchassis.junos 1.0.0 vc_scp_sync trial run=ff job=a:b", Mark{Version: "1.0.0", Module: "vc_scp_sync", Phase: PhaseTrial, Run: "ff", Job: "a:b"}},
		{"", Mark{}},
		{"rollback to vchassis.junos 0.1.0 vc_scp_sync trial run=0af3", Mark{}},
		{"vchassis.junos 0.1.0 vc_scp_sync trial run=0af3 and more", Mark{}},
		{"vchassis.junos 0.1.0 vc_scp_sync try run=0af3", Mark{}},
		{"vchassis.junos 0.1.0 scp_sync trial run=0af3", Mark{}},
		{"vchassis.junos 0.1.0 vc_scp_sync trial run=", Mark{}},
		{"vchassis.junos 0.1.0 vc_scp_sync trial run=xyz", Mark{}},
		{"vchassis.junos vc_scp_sync trial run=1", Mark{}},
		{"vchassis.junos 0.1.0 vc_scp_sync trial run=1: a\nb", Mark{}},
	} {
		got, ok := ParseMark(row.log)
		if diff := cmp.Diff(row.want, got); diff != "" || ok != (row.want != Mark{}) {
			t.Errorf("%q: ok %v, want - got +\n%s", row.log, ok, diff)
		}
	}
}

// What is written into a commit log is read back as it was.
func TestMarkIsReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	for range 500 {
		want := Mark{
			Version: pick("0.1.0", "dev", "1.2.3-rc.1+b"), Module: pick(ModuleKeysCommand, ModuleInternalSSH, ModuleSCPSync, ModuleSyncCheck),
			Phase: []Phase{PhaseTrial, PhaseConfirm, PhaseCommit}[r.IntN(3)], Run: pick("0", "deadbeef", "6162633031"),
			Job: pick("", "7", "job:7"), Comment: pick("", "x", "run=1 job=2: y", "change 5, \"quoted\" <b>&</b>", "äöü"),
		}
		if got, ok := ParseMark(want.String()); !ok || got != want {
			t.Fatalf("%s: got %+v %v", want, got, ok)
		}
	}
}

// A log text that is too long for the device loses the end of the comment, and
// is still known as ours.
func TestLongMarkFits(t *testing.T) {
	for _, comment := range []string{strings.Repeat("x", 600), strings.Repeat("\u00fc", 300)} {
		m := Mark{Version: "0.1.0", Module: ModuleSCPSync, Phase: PhaseTrial, Run: "0af3", Job: "42", Comment: comment}
		text := m.String()
		back, ok := ParseMark(text)
		if len(text) > 512 || !strings.HasSuffix(text, "...") || !utf8.ValidString(text) || !ok || back.Run != "0af3" || back.Job != "42" {
			t.Errorf("%d bytes: %s", len(text), text)
		}
	}
}
