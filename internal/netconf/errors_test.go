// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

func TestWhatAnErrorSays(t *testing.T) {
	whole := netconf.RPCError{Severity: "error", RE: "fpc1", Path: "[edit system]", Message: "no such user", BadElement: "user"}
	for _, row := range []struct {
		err  netconf.RPCError
		want string
	}{
		{whole, "fpc1: [edit system]: no such user (user)"},
		{netconf.RPCError{RE: "fpc1", Message: "m"}, "fpc1: m"},
		{netconf.RPCError{Path: "[edit]", Message: "m"}, "[edit]: m"},
		{netconf.RPCError{Message: "m", BadElement: "e"}, "m (e)"},
		{netconf.RPCError{Message: "m"}, "m"},
	} {
		if got := row.err.Error(); got != row.want {
			t.Errorf("want %s, got %s", row.want, got)
		}
	}
	careful := netconf.RPCError{Severity: "warning", Message: "careful"}
	refused := &netconf.ReplyError{Operation: "commit-configuration", Errors: []netconf.RPCError{careful, whole, {Severity: "error", Message: "and more"}}}
	if want := "commit-configuration: fpc1: [edit system]: no such user (user); and more"; refused.Error() != want {
		t.Errorf("want %s, got %s", want, refused)
	}
	var first netconf.RPCError
	if !errors.As(fmt.Errorf("commit: %w", refused), &first) || first != careful || len(refused.Unwrap()) != 3 || !errors.Is(refused, whole) {
		t.Errorf("its errors are not found one by one: %+v", first)
	}
	if whole.Warning() || !careful.Warning() {
		t.Error("an error is a warning, or the other way round")
	}
}

// Each way to end has its own way out.
func TestWhatToDoAboutADeadSession(t *testing.T) {
	const (
		restarted = "check whether the switch has restarted, changed its primary or closed the session; then run again"
		report    = "run again; if it persists, report it with this message and the Junos release"
		address   = "check that host and port lead to the NETCONF of a switch"
		tooLarge  = address + ": no expected reply is that large"
		hello     = address + ", and that its connection-limit is not reached: show system connections"
	)
	wrapped := func(err error) error { return fmt.Errorf("read: %w", err) }
	for _, row := range []struct {
		name, phase string
		err         error
		want        string
	}{
		{"another error knows", "commit", hint.With(io.ErrUnexpectedEOF, "look there"), "look there"},
		{"closed", "commit", wrapped(io.ErrUnexpectedEOF), restarted},
		{"closed in the hello", "hello", wrapped(io.ErrUnexpectedEOF), hello},
		{"too large", "get-a", wrapped(frame.ErrTooLarge), tooLarge},
		{"hello too large", "hello", wrapped(frame.ErrTooLarge), tooLarge},
		{"XML", "get-a", wrapped(netconf.ErrXML), report},
		{"protocol", "get-a", wrapped(netconf.ErrProtocol), report},
		{"framing", "get-a", wrapped(frame.ErrMalformed), report},
		{"hello of no XML", "hello", wrapped(netconf.ErrXML), hello},
		{"another", "get-a", io.ErrClosedPipe, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			dead := &netconf.SessionError{Host: "sw1", Phase: row.phase, Err: row.err}
			if dead.Hint() != row.want {
				t.Errorf("want %q, got %q", row.want, dead.Hint())
			}
			if want := "sw1: " + row.phase + ": " + row.err.Error(); dead.Error() != want || !errors.Is(dead, row.err) {
				t.Errorf("want %q, got %q", want, dead)
			}
			dead.Remedy = "do this"
			if dead.Hint() != "do this" {
				t.Errorf("the remedy is not told: %q", dead.Hint())
			}
		})
	}
}
