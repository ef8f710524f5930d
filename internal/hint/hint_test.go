// SPDX-License-Identifier: GPL-3.0-or-later

package hint_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/hint"
)

// own is an error that computes its hint.
type own string

func (own) Error() string   { return "broken" }
func (o own) Hint() string  { return string(o) }
func wrapped(e error) error { return fmt.Errorf("read the chassis: %w", e) }

func TestOf(t *testing.T) {
	for _, row := range []struct {
		name string
		err  error
		want string
	}{
		{"no error", nil, ""},
		{"no hint", io.EOF, ""},
		{"added", hint.With(io.EOF, "look at the cable"), "look at the cable"},
		{"added below", wrapped(hint.With(io.EOF, "look at the cable")), "look at the cable"},
		{"its own", wrapped(own("wait")), "wait"},
		{"the outermost counts", hint.With(wrapped(own("wait")), "run again"), "run again"},
		{"joined", errors.Join(io.EOF, own("wait")), "wait"},
	} {
		if got := hint.Of(row.err); got != row.want {
			t.Errorf("%s: want %q, got %q", row.name, row.want, got)
		}
	}
}

// A hint changes neither what an error says nor what it is.
func TestWithKeepsTheError(t *testing.T) {
	err := hint.With(wrapped(io.EOF), "look at the cable")
	if err.Error() != "read the chassis: EOF" || !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
}
