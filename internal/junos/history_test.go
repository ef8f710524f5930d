// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"strings"
	"testing"
)

// marked is a history whose entries are marked as open.
func marked(history string) string {
	return strings.ReplaceAll(history, "</commit-history>", "<commit-confirmed>rollback pending</commit-confirmed></commit-history>")
}

func TestReadHistory(t *testing.T) {
	const in5, ours = "commit confirmed, rollback in 5mins", "vchassis.junos 0.1.0 vc_scp_sync trial run=0af3"
	const at, minuteLater, hourLater = "1767225600", "1767225660", "1767229200"
	newest := func(comment, log string) string { return history(historyEntry(0, "rick", at, comment, log)) }
	for _, row := range []struct {
		name    string
		history string
		clock   string
		known   bool
		trial   string // in words
		ours    bool
		newest  string // its user
		seen    bool   // this release has marked a trial before
	}{
		{name: "plain", history: newest("", ""), clock: clock(minuteLater, "x"), known: true, newest: "rick"},
		{name: "empty: what is in force has an entry", history: history(), clock: clock(minuteLater, "x")},
		{name: "a trial", history: newest(in5, ""), clock: clock(minuteLater, "x"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "our trial", history: newest("\n"+in5+"\n", "\n"+ours+"\n"), clock: clock(minuteLater, "x"), known: true, newest: "rick", ours: true,
			trial: "confirmed commit by rick via netconf, rolled back at 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "a colleague's that repeats our mark", history: history(historyEntry(0, "lee", at, in5, ours)), clock: clock(minuteLater, "x"), known: true, newest: "lee",
			trial: "confirmed commit by lee via netconf, rolled back at 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "marked", history: marked(newest(in5, "")), clock: clock(hourLater, "x"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "the marker is gone", history: newest(in5, ""), clock: clock(minuteLater, "x"), known: true, newest: "rick", seen: true},
		{name: "the words in a log text", history: newest("", in5), clock: clock(minuteLater, "x"), known: true, newest: "rick"},
		{name: "a trial of the past", history: newest(in5, ""), clock: clock(hourLater, "x"), known: true, newest: "rick"},
		{name: "settled by a later commit", history: history(historyEntry(0, "root", at, "", ""), historyEntry(1, "rick", at, in5, "")),
			clock: clock(minuteLater, "x"), known: true, newest: "root"},
		{name: "marked without words", history: strings.ReplaceAll(newest("", ""), "</commit-history>", "<commit-confirmed/></commit-history>"), clock: clock(hourLater, "x"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at an unknown time unless confirmed"},
		{name: "made when the switch did not know the time", history: history(historyEntry(0, "rick", "120", in5, "")), clock: clock(hourLater, "x"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 1970-01-01 00:07:00 UTC on the switch's clock unless confirmed"},
		{name: "a switch that never knows the time", history: history(historyEntry(0, "rick", "120", in5, "")), clock: clock("3600", "x"), known: true, newest: "rick"},
		{name: "made a second before Junos was there", history: history(historyEntry(0, "rick", "899251199", in5, "")), clock: clock(hourLater, "x"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 1998-07-01 00:04:59 UTC on the switch's clock unless confirmed"},
		{name: "made in the first second of Junos", history: history(historyEntry(0, "rick", "899251200", in5, "")), clock: clock(hourLater, "x"), known: true, newest: "rick"},
		{name: "no clock", history: newest(in5, ""), clock: rpcError("error", "permission denied"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 2026-01-01 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "a clock of another member, which may be wrong", history: newest(in5, ""), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 2026-01-01 00:05:00 UTC on the switch's clock unless confirmed",
			clock: engines("<multi-routing-engine-item><re-name>localre</re-name></multi-routing-engine-item>",
				"<multi-routing-engine-item><re-name>fpc1</re-name>"+clock(hourLater, "x")+"</multi-routing-engine-item>")},
		{name: "a clock of a member that is not listed", history: newest(in5, ""), clock: engines(item("fpc7", clock(minuteLater, "x"))), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 2026-01-01 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "a clock of this member, among others", history: newest(in5, ""), known: true, newest: "rick",
			clock: engines("<multi-routing-engine-item><re-name>fpc1</re-name>"+clock(minuteLater, "x")+"</multi-routing-engine-item>",
				"<multi-routing-engine-item><re-name>fpc0</re-name>"+clock(hourLater, "x")+"</multi-routing-engine-item>")},
		{name: "text on both sides", history: history(historyEntry(0, "rick", "", in5, "")), clock: clock("", "2026-01-01 01:00:00 UTC"), known: true, newest: "rick"},
		{name: "the rescue configuration stands before the newest", history: history(strings.Replace(historyEntry(0, "root", at, "", ""), ">0<", ">rescue<", 1), historyEntry(0, "rick", "", in5, "")),
			clock: clock("", "2026-01-01 01:00:00 UTC"), known: true, newest: "rick"},
		{name: "text of two zones: daylight saving began between", history: history(historyEntry(0, "rick", "", in5, "")), clock: clock("", "2026-01-01 01:01:00 CEST"), known: true,
			newest: "rick", trial: "confirmed commit by rick via netconf, rolled back at 2026-01-01 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "text on both sides, in its time", history: history(historyEntry(0, "rick", "", in5, "")), clock: clock("", "\n2026-01-01 00:04:00 UTC\n"), known: true,
			newest: "rick", trial: "confirmed commit by rick via netconf, rolled back at 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "text and seconds are not compared: the zone is unknown", history: history(historyEntry(0, "rick", "", in5, "")), clock: clock(hourLater, "x"), known: true,
			newest: "rick", trial: "confirmed commit by rick via netconf, rolled back at 2026-01-01 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "a clock that is not understood", history: newest(in5, ""), clock: clock("", "noon"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 2026-01-01 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "refused", history: refusal("permission denied", "get-commit-information"), clock: clock(minuteLater, "x")},
		{name: "an error beside entries", history: rpcError("error", "timed out") + newest("", ""), clock: clock(minuteLater, "x")},
		{name: "something else", history: "<output>0 2026-01-01 by rick</output>", clock: clock(minuteLater, "x")},
		{name: "a sequence that is no number", history: "<commit-information><commit-history><sequence-number>current</sequence-number></commit-history></commit-information>",
			clock: clock(minuteLater, "x")},
		{name: "a list without the newest", history: history(historyEntry(3, "rick", at, in5, "")), clock: clock(minuteLater, "x")},
		{name: "two that are the newest", history: history(historyEntry(0, "root", at, "", ""), historyEntry(0, "rick", at, in5, "")), clock: clock(minuteLater, "x")},
		{name: "a second comment says it", history: strings.Replace(newest("by hand", ""), "</comment>", "</comment><comment/>", 1), clock: clock(minuteLater, "x"), known: true, newest: "rick"},
		{name: "a first comment says it", history: strings.Replace(newest(in5, ""), "</comment>", "</comment><comment/>", 1), clock: clock(minuteLater, "x"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "two logs, one of them ours", history: strings.Replace(newest(in5, ours), "</log>", "</log><log>by hand</log>", 1), clock: clock(minuteLater, "x"), known: true, newest: "rick",
			trial: "confirmed commit by rick via netconf, rolled back at 00:05:00 UTC on the switch's clock unless confirmed"},
		{name: "the newest is not first", history: history(historyEntry(1, "root", at, "", ""), historyEntry(0, "rick", at, in5, "")), clock: clock(minuteLater, "x")},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := reads("get-commit-information", row.history)
			a["get-system-uptime-information"] = says(row.clock)
			marked := row.seen
			d, _ := play(t, Options{Users: []string{"rick"}, Marked: &marked}, a)
			s, err := d.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			trial, newest := "", ""
			if s.Trial != nil {
				trial = s.Trial.String()
			}
			if s.Newest != nil {
				newest = s.Newest.User
			}
			if want := row.seen || s.Trial != nil && s.Trial.Marker != ""; marked != want {
				t.Errorf("remembered that the release marks trials: %v", marked)
			}
			if !s.HistoryKnown && !s.Now.IsZero() {
				t.Errorf("compared %s with a history that is not known", s.Now)
			}
			if trial != row.trial || s.Trial.IsOurs() != row.ours || s.HistoryKnown != row.known || newest != row.newest {
				t.Errorf("trial %q (ours %v), known %v, newest %q", trial, s.Trial.IsOurs(), s.HistoryKnown, newest)
			}
		})
	}
}
