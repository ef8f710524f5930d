// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// moment is a date-time: seconds since 1970 in an attribute on most
// platforms, text in the device's time zone on all.
type moment struct {
	Seconds string `xml:"seconds,attr"`
	Text    string `xml:",chardata"`
}

// zoneName is empty where it does not matter, else what the text says.
func (m moment) zoneName() string {
	if _, err := strconv.ParseInt(m.Seconds, 10, 64); err == nil {
		return ""
	}
	text := trimSpace(m.Text)
	return text[strings.LastIndexByte(text, ' ')+1:]
}

// asTime is zero when nothing was understood.
func (m moment) asTime() time.Time {
	if n, err := strconv.ParseInt(m.Seconds, 10, 64); err == nil {
		return time.Unix(n, 0)
	}
	// The abbreviation of the zone means nothing here; moments of one device
	// are only compared with each other, and only with their like.
	t, err := time.Parse("2006-01-02 15:04:05 MST", trimSpace(m.Text))
	if err != nil {
		return time.Time{}
	}
	return t
}

type commitInformationReply struct {
	History []struct {
		Sequence string   `xml:"sequence-number"`
		User     string   `xml:"user"`
		Client   string   `xml:"client"`
		Date     moment   `xml:"date-time"`
		Comments []string `xml:"comment"`
		Logs     []string `xml:"log"`
		Marker   *string  `xml:"commit-confirmed"`
	} `xml:"commit-history"`
}

// readTrial takes in the commits, and finds the trial among them. The clock tells
// whether its time is over, and is read only where there may be one. The settings are
// read again behind it: those that came before the clock may be gone as the trial is.
func (d *Device) readTrial(ctx context.Context, s *State, history, own, effective *netconf.Reply) (_, _ *netconf.Reply, err error) {
	newest := s.readHistory(history)
	d.findTrial(s)
	if s.Trial == nil {
		return own, effective, nil
	}
	replies, err := d.callAll(ctx, d.opts.RPCTimeout, append([]*etree.Element{newElement("get-system-uptime-information")}, d.settingsRequests()...)...)
	if len(replies) != 3 {
		return nil, nil, fmt.Errorf("read the chassis: %w", err)
	}
	for _, r := range replies {
		s.Warnings = append(s.Warnings, warningsOf(r)...)
	}
	s.noteClock(newest, s.clockOf(replies[0]))
	d.findTrial(s)
	return replies[1], replies[2], nil
}

// noteClock takes in the device's clock, if it can be compared with the history. A switch
// that did not know the time when the commit was made, and knows it now, cannot tell how
// long ago that was.
func (s *State) noteClock(newest, clock moment) {
	wasSet := newest.asTime().Before(firstRelease) && clock.asTime().After(firstRelease)
	if s.HistoryKnown && newest.zoneName() == clock.zoneName() && !wasSet {
		s.Now = clock.asTime()
	}
}

// firstRelease is that of Junos: no commit is older.
var firstRelease = time.Date(1998, 7, 1, 0, 0, 0, 0, time.UTC)

// readHistory takes in the commits, and returns when the newest was made. Without a
// readable history the state says so: a trial of somebody else could then be confirmed
// by accident.
func (s *State) readHistory(r *netconf.Reply) (made moment) {
	var v commitInformationReply
	if found, err := s.decodeLocal("get-commit-information", r, "commit-information", &v); err != nil || !found {
		s.Warnings = append(s.Warnings, errorsOf(r)...)
		return moment{}
	}
	var history []vc.Commit
	newest := -1
	for i, h := range v.History {
		n, err := strconv.Atoi(trimSpace(h.Sequence))
		if err != nil { // the rescue configuration stands there too, by that word
			continue
		}
		if newest < 0 {
			newest = i
		}
		history = append(history, vc.Commit{Sequence: n, User: trimSpace(h.User), Client: trimSpace(h.Client),
			Time: h.Date.asTime(), Comment: trimSpace(strings.Join(h.Comments, " ")), Log: trimSpace(strings.Join(h.Logs, "\n")), Marker: markerOf(h.Marker)})
	}
	// What is in force has one entry, so a history without it was not shown, and one with two
	// says two things of it.
	if len(history) == 0 || history[0].Sequence != 0 || len(history) > 1 && history[1].Sequence == 0 {
		return moment{}
	}
	s.HistoryKnown, s.History, s.Newest = true, history, &history[0]
	return v.History[newest].Date
}

// markerOf is what a release prints while a confirmed commit waits; one without words is
// one, too.
func markerOf(printed *string) string {
	if printed == nil {
		return ""
	}
	return cmp.Or(trimSpace(*printed), "pending")
}

// findTrial finds the trial that the history shows as open. A release that has
// marked one in this run shows by a missing marker that it is settled.
func (d *Device) findTrial(s *State) {
	by := vc.Clues{Now: s.Now, Grace: d.opts.CommitTimeout, Users: d.users(), Run: d.opts.Run}
	if d.opts.Marked != nil {
		by.Marked = *d.opts.Marked
	}
	s.Trial, s.Expired = vc.PendingTrial(s.History, by), vc.ExpiredTrial(s.History, by)
	if s.Trial != nil && s.Trial.Marker != "" && d.opts.Marked != nil {
		*d.opts.Marked = true
	}
}

// users are the names under which commits of ours are in the history.
func (d *Device) users() []string {
	if name := d.User(); name != "" {
		return append(slices.Clone(d.opts.Users), name)
	}
	return d.opts.Users
}

type uptimeReply struct {
	Items []struct {
		Engine string `xml:"re-name"`
		Clock  moment `xml:"system-uptime-information>current-time>date-time"`
	} `xml:"multi-routing-engine-results>multi-routing-engine-item"`
	Bare moment `xml:"system-uptime-information>current-time>date-time"`
}

// clockOf returns the time of the member that has the session, whose history it
// is: nothing if that was not told. Another member's clock may be wrong.
func (s *State) clockOf(r *netconf.Reply) moment {
	var v uptimeReply
	if r.Decode(&v) != nil {
		return moment{}
	}
	for _, item := range v.Items {
		if m := s.findMember(item.Engine); m != nil && m.Local && !item.Clock.asTime().IsZero() {
			return item.Clock
		}
	}
	return v.Bare
}
