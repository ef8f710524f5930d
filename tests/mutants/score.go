// SPDX-License-Identifier: GPL-3.0-or-later

package main

import "fmt"

// verdict is what became of one change.
type verdict struct {
	state state
	test  string // the first test that noticed it
	said  []byte // what the tests printed that did not notice it
}

type state int

const (
	survived state = iota
	killed
	timedOut
	uncompiled
)

// word is the verdict as it is printed; an expected one is on the list of
// changes that do nothing.
func (v verdict) word(expected bool) string {
	switch {
	case v.state == uncompiled:
		return "uncompiled"
	case v.state == killed:
		return "killed"
	case v.state == timedOut:
		return "time-out"
	case expected:
		return "equivalent"
	}
	return "SURVIVED"
}

func (v verdict) remark() string {
	if v.test == "" {
		return ""
	}
	return "  (" + v.test + ")"
}

// score counts verdicts.
type score struct{ killed, survived, equivalent, uncompiled, wrong int }

func (s *score) add(v verdict, expected bool) {
	switch v.state {
	case uncompiled:
		s.uncompiled++
	case killed, timedOut:
		s.killed++
		if expected {
			s.wrong++
		}
	case survived:
		if expected {
			s.equivalent++
		} else {
			s.survived++
		}
	}
}

// tried is the number of changes that say something of the tests.
func (s score) tried() int { return s.killed + s.survived }

func (s score) isEnough() bool {
	return s.wrong == 0 && s.tried() > 0 && 100*s.killed >= enough*s.tried()
}

func (s score) String() string {
	text := fmt.Sprintf("noticed: %d of %d", s.killed, s.tried())
	if s.tried() > 0 {
		text += fmt.Sprintf(" (%.1f %%, wanted %d %%)", 100*float64(s.killed)/float64(s.tried()), enough)
	}
	text += fmt.Sprintf("; not counted: %d do the same, %d do not compile", s.equivalent, s.uncompiled)
	if s.wrong > 0 {
		text += fmt.Sprintf("; %d are in equivalent.txt and were noticed", s.wrong)
	}
	return text
}
