// SPDX-License-Identifier: GPL-3.0-or-later

// Package phrase writes counts, durations and moments as people read them. It knows
// nothing of what is counted.
package phrase

import (
	"strconv"
	"time"
)

// Count is a number with its noun, which gets an s unless there is one: "1 login", "2 logins".
func Count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// Seconds is a duration in the unit of the options that limit it: "60 s", "0.3 s".
func Seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}
