// SPDX-License-Identifier: GPL-3.0-or-later

package phrase_test

import (
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 logins", 1: "1 login", 2: "2 logins", 11: "11 logins"} {
		if got := phrase.Count(n, "login"); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0 s", 300 * time.Millisecond: "0.3 s", time.Second: "1 s", time.Minute: "60 s", 20 * time.Minute: "1200 s"} {
		if got := phrase.Seconds(d); got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}
