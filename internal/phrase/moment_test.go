// SPDX-License-Identifier: GPL-3.0-or-later

package phrase_test

import (
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

func TestMoment(t *testing.T) {
	at := time.Date(2026, 3, 1, 23, 5, 7, 0, time.UTC)
	abbreviated, err := time.Parse("2006-01-02 15:04:05 MST", "2026-03-01 23:05:07 QZT")
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		at, now time.Time
		want    string
	}{
		"today":                         {at, at.Add(-time.Hour), "23:05:07 UTC on the switch's clock"},
		"another day":                   {at, at.Add(time.Hour), "2026-03-01 23:05:07 UTC on the switch's clock"},
		"the reader's day is of UTC":    {at, at.In(time.FixedZone("", 7200)), "23:05:07 UTC on the switch's clock"},
		"another zone":                  {at.In(time.FixedZone("", 7200)), at, "23:05:07 UTC on the switch's clock"},
		"no clock to compare with":      {at, time.Time{}, "2026-03-01 23:05:07 UTC on the switch's clock"},
		"a zone that nobody can reckon": {abbreviated, at, "23:05:07 QZT on the switch's clock"},
	} {
		if got := phrase.Switch.Moment(row.at, row.now); got != row.want {
			t.Errorf("%s: want %q, got %q", name, row.want, got)
		}
	}
	if phrase.HasKnownZone(abbreviated) || !phrase.HasKnownZone(at) || !phrase.HasKnownZone(time.Unix(0, 0)) {
		t.Error("a zone is known if its offset is")
	}
	if got := phrase.Stamp(at); got != "2026-03-01 23:05:07 UTC" {
		t.Error(got)
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Hour: "1 hour", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days", 80 * time.Hour: "3 days"} {
		if got := phrase.Age(d); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}
