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
	by := func(user, client, comment, log string) Commit {
		return Commit{User: user, Client: client, Time: noon, Comment: comment, Log: log}
	}
	commit := func(comment, log string) Commit { return by("rick", "cli", comment, log) }
	marked := func(c Commit) Commit { c.Marker = "rollback pending"; return c }
	older := func(c Commit) Commit { c.Sequence = 1; return c }
	undated := commit(in5, "")
	undated.Time = time.Time{}
	until := func(end string) string {
		return "confirmed commit by rick via cli, rolled back at " + end + " on the switch's clock unless confirmed"
	}
	open := until("12:05:00 UTC")
	const oursOpen = "confirmed commit by root via netconf, rolled back at 12:05:00 UTC on the switch's clock unless confirmed"
	for _, row := range []struct {
		name    string
		history []Commit
		now     time.Time
		want    string // the trial in words; "" for none
		ours    bool
		marked  bool // the release was seen to mark trials
	}{
		{name: "no history", now: noon},
		{name: "no confirmed commit", history: []Commit{commit("", "")}, now: noon},
		{name: "an older one is settled by the commit after it", history: []Commit{commit("", ""), older(commit(in5, ""))}, now: noon},
		{name: "a list that does not begin with the newest", history: []Commit{older(commit(in5, ""))}, now: noon},
		{name: "in its time", history: []Commit{commit(in5, "")}, now: noon.Add(4 * time.Minute), want: open},
		{name: "a rollback that may be under way", history: []Commit{commit(in5, "")}, now: noon.Add(15 * time.Minute), want: open},
		{name: "well after its time", history: []Commit{commit(in5, "")}, now: noon.Add(15*time.Minute + time.Second)},
		{name: "the clock was set back since", history: []Commit{commit(in5, "")}, now: noon.Add(-time.Hour), want: open},
		{name: "a clock that nobody knows", history: []Commit{commit(in5, "")}, want: until("2026-03-01 12:05:00 UTC")},
		{name: "a time that was not understood", history: []Commit{undated}, now: noon.Add(time.Hour),
			want: "confirmed commit by rick via cli, rolled back at an unknown time unless confirmed"},
		{name: "a duration that is not understood", history: []Commit{commit("commit confirmed, rollback in two hours", "")}, now: noon.Add(time.Hour),
			want: "confirmed commit by rick via cli, rolled back at an unknown time unless confirmed"},
		{name: "one minute", history: []Commit{commit("commit confirmed, rollback in 1min", "")}, now: noon, want: until("12:01:00 UTC")},
		{name: "capitals", history: []Commit{commit("Commit confirmed, rollback in 5mins", "")}, now: noon, want: open},
		{name: "blanks and lines", history: []Commit{commit(" commit  confirmed,\n rollback in 5 mins.", "")}, now: noon, want: open},
		{name: "other words", history: []Commit{commit("commit confirmed: automatic rollback in 300 seconds", "")}, now: noon,
			want: "confirmed commit by rick via cli, rolled back at an unknown time unless confirmed"},
		{name: "the other order", history: []Commit{commit("confirmed commit, rollback in 5mins", "")}, now: noon,
			want: "confirmed commit by rick via cli, rolled back at an unknown time unless confirmed"},
		{name: "the most minutes, spelled out", history: []Commit{commit("commit confirmed, rollback in 65535 minutes", "")}, now: noon, want: until("2026-04-16 00:15:00 UTC")},

		// What people write is no word of the device.
		{name: "a log text that says so", history: []Commit{commit("", in5)}, now: noon},
		{name: "a log text of a day", history: []Commit{commit("", "commit confirmed, rollback in 1440 min")}, now: noon},
		{name: "a comment that speaks of one", history: []Commit{commit("undo commit confirmed, rollback in 5mins", "")}, now: noon},
		{name: "somebody who writes of one", history: []Commit{commit("", "commit confirmed, rollback in a while")}, now: noon},

		// Releases that mark what is open.
		{name: "marked", history: []Commit{marked(commit(in5, ""))}, now: noon, want: open},
		{name: "marked, whatever our clock says", history: []Commit{marked(commit(in5, ""))}, now: noon.Add(time.Hour), want: open},
		{name: "marked, without a word", history: []Commit{marked(commit("", ""))}, now: noon,
			want: "confirmed commit by rick via cli, rolled back at an unknown time unless confirmed"},
		{name: "the marker is gone", history: []Commit{commit(in5, "")}, now: noon, marked: true},
		{name: "the marker is gone, as another entry shows", history: []Commit{commit(in5, ""), marked(older(commit(in5, "")))}, now: noon},

		// Whose it is.
		{name: "ours", history: []Commit{by("root", "netconf", in5, ours)}, now: noon, ours: true, want: oursOpen},
		{name: "of the play's other login", history: []Commit{by("admin", "netconf", in5, ours)}, now: noon, ours: true,
			want: "confirmed commit by admin via netconf, rolled back at 12:05:00 UTC on the switch's clock unless confirmed"},
		{name: "ours, marked", history: []Commit{marked(by("root", "netconf", in5, ours))}, now: noon, ours: true, want: oursOpen},
		{name: "ours, but no trial by its log", history: []Commit{by("root", "netconf", in5, strings.Replace(ours, "trial", "confirm", 1))}, now: noon, want: oursOpen},
		{name: "a colleague's that repeats our mark", history: []Commit{commit(in5, ours)}, now: noon, want: open},
		{name: "a colleague's over NETCONF", history: []Commit{by("rick", "netconf", in5, ours)}, now: noon,
			want: "confirmed commit by rick via netconf, rolled back at 12:05:00 UTC on the switch's clock unless confirmed"},
		{name: "our own user's by hand", history: []Commit{by("root", "cli", in5, ours)}, now: noon,
			want: "confirmed commit by root via cli, rolled back at 12:05:00 UTC on the switch's clock unless confirmed"},
		{name: "a mark that is quoted", history: []Commit{by("root", "netconf", in5, "again: "+ours)}, now: noon, want: oursOpen},
		{name: "a mark of the future", history: []Commit{by("root", "netconf", in5, ours)}, now: noon.Add(-time.Hour), want: oursOpen},
		{name: "of this very run, whatever the device calls the client", history: []Commit{by("root", "junoscript", in5, strings.Replace(ours, "0af3", "1234", 1))}, now: noon, ours: true,
			want: "confirmed commit by root via junoscript, rolled back at 12:05:00 UTC on the switch's clock unless confirmed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			trial := PendingTrial(row.history, Clues{Now: row.now, Grace: 10 * time.Minute, Marked: row.marked, Users: []string{"root", "admin"}, Run: "1234"})
			got := ""
			if trial != nil {
				got = trial.String()
			}
			if until := ExpiredTrial(row.history, Clues{Now: row.now, Grace: 10 * time.Minute, Marked: row.marked}); (until != nil) != (row.name == "well after its time") {
				t.Errorf("over by the clock alone: %v", until)
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
