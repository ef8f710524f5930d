// SPDX-License-Identifier: GPL-3.0-or-later

package phrase

import "time"

// Clock is whose clock shows a moment. The clock of a switch may be wrong, and
// then it differs from the reader's.
type Clock string

// The clocks of a run.
const (
	Switch     Clock = "the switch's clock"
	Controller Clock = "the controller's clock"
)

// Moment is a moment as people read it: "03:17:05 UTC on the switch's clock", with
// the date before it if that is not the date of now.
func (c Clock) Moment(t, now time.Time) string {
	text := Stamp(t)
	if day := "2006-01-02 "; inZone(t).Format(day) == now.In(inZone(t).Location()).Format(day) {
		text = text[len(day):]
	}
	return text + " on " + string(c)
}

// Stamp is a moment with its date, where the clock is named elsewhere:
// "2026-03-01 03:17:05 UTC".
func Stamp(t time.Time) string { return inZone(t).Format("2006-01-02 15:04:05 MST") }

// Age is how long ago something was, roughly: "5 hours", "3 days".
func Age(d time.Duration) string {
	if d < 48*time.Hour {
		return Count(int(d.Hours()), "hour")
	}
	return Count(int(d.Hours()/24), "day")
}

// HasKnownZone says that a moment can be compared with other clocks. A switch may
// give only the abbreviation of its zone, and then time.Parse makes up an offset of 0.
func HasKnownZone(t time.Time) bool {
	name, offset := t.Zone()
	return t.Location() == time.Local || offset != 0 || name == "UTC" || name == "GMT"
}

// inZone is a moment in UTC, or in the switch's own zone where its offset is unknown.
func inZone(t time.Time) time.Time {
	if HasKnownZone(t) {
		return t.UTC()
	}
	return t
}
