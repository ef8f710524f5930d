// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"testing/synctest"
	"time"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// In check mode every write ends here, whatever a module does.
func TestReadOnly(t *testing.T) {
	d, p := play(t, Options{ReadOnly: true}, reads("", ""))
	writes := map[string]func() error{
		"load-configuration": func() error { return d.Load(t.Context(), vc.Settings{}, vc.Settings{SCP: true}) },
		"discard-changes":    func() error { return d.Discard(t.Context()) },
		"lock":               func() error { _, err := d.lockBy(t.Context(), 0, d.lockOnce); return err },
		"commit":             func() error { _, err := d.Commit(t.Context(), CommitOptions{}); return err },
		"commit check":       func() error { _, err := d.Commit(t.Context(), CommitOptions{Check: true}); return err },
		"command":            func() error { _, err := d.PrepareSetup(t.Context(), threeOfThem(), time.Minute); return err },
	}
	for name, write := range writes {
		if err := write(); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: want a refusal, got %v", name, err)
		}
	}
	if sent := p.sent(); len(sent) > 0 || d.IsLost() {
		t.Errorf("the peer saw %q", sent)
	}
	// A batch with one write in it is refused as a whole.
	if _, err := d.callAll(t.Context(), time.Minute, newElement("get-software-information"), newElement("commit")); !errors.Is(err, ErrReadOnly) || len(p.sent()) > 0 {
		t.Errorf("batch: %v, the peer saw %q", err, p.sent())
	}
}

func TestUser(t *testing.T) {
	for comment, want := range map[string]string{
		"user root, class super-user":    "root",
		"user net-ops, class j-operator": "net-ops",
		"user admin":                     "admin",
		"no words of a user root":        "",
		"":                               "",
	} {
		d, _ := playAs(t, comment, Options{}, nil)
		if got := d.User(); got != want {
			t.Errorf("%q: want %q, got %q", comment, want, got)
		}
		if w := d.Warnings(); len(w) > 0 {
			t.Errorf("a session without a connection of its own warns of nothing: %q", w)
		}
	}
}

func TestCloseTwice(t *testing.T) {
	d, _ := play(t, Options{}, nil)
	for range 2 {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := d.Discard(t.Context()); !IsLinkLost(err) || !d.IsLost() {
		t.Errorf("after close: %v", err)
	}
}

// A reply that does not come ends the session when its time is over: seconds
// for a read, minutes for a commit.
func TestDefaultTimeouts(t *testing.T) {
	for name, row := range map[string]struct {
		call func(context.Context, *Device) error
		want time.Duration
	}{
		"read":   {func(ctx context.Context, d *Device) error { _, err := d.Read(ctx); return err }, time.Minute},
		"commit": {func(ctx context.Context, d *Device) error { _, err := d.Commit(ctx, CommitOptions{}); return err }, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := silentDevice(t, Options{})
				start := time.Now()
				err := row.call(t.Context(), d)
				if !IsLinkLost(err) || !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != row.want {
					t.Errorf("after %s: %v", time.Since(start), err)
				}
			})
		})
	}
}

// silentDevice says hello and no more.
func silentDevice(t *testing.T, o Options) *Device {
	client, server := net.Pipe()
	t.Cleanup(func() { _ = server.Close() })
	go func() { // ends with the pipe
		hello := &peer{conn: server}
		hello.write(`<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities>` +
			`<capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>1</session-id></hello>`)
	}()
	go func() { // ends with the pipe
		b := make([]byte, 4096)
		for {
			if _, err := server.Read(b); err != nil {
				return
			}
		}
	}()
	session, err := netconf.New(t.Context(), client, netconf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return New(session, o)
}

// A host that refuses connections is an error that names it.
func TestOpenRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), sshconn.Config{Host: "127.0.0.1", Port: port, User: "root", Password: canary.Password, ConnectTimeout: 5 * time.Second}, Options{})
	if err == nil || !strings.Contains(err.Error(), "127.0.0.1") || IsLinkLost(err) {
		t.Errorf("got %v", err)
	}
}

func TestMessage(t *testing.T) {
	for _, row := range []struct {
		m    Message
		want string
	}{
		{Message{Message: "m"}, "m"},
		{Message{Message: "m", Path: "[edit]"}, "[edit] m"},
		{Message{Message: "m", BadElement: "b"}, "m at b"},
		{Message{Message: "syntax error at b", BadElement: "b"}, "syntax error at b"},
	} {
		if got := row.m.String(); got != row.want {
			t.Errorf("want %q, got %q", row.want, got)
		}
	}
}

func TestMemberID(t *testing.T) {
	for name, want := range map[string]int{
		"fpc0": 0, " fpc9\n": 9, "fpc1:": 1, "FPC 2": 2, "Member 3": 3, "member3": 3, "member1-re0": 1, "fpc12": 12,
		"localre": -1, "": -1, "re0": -1, "node1": -1, "fpc": -1, "fpc-1": -1, "fpc123": -1, "xfpc1": -1, "fpc1x": -1,
	} {
		id, ok := memberID(name)
		if ok != (want >= 0) || ok && id != want {
			t.Errorf("%q: want %d, got %d %v", name, want, id, ok)
		}
	}
}

// A text may name members in any of the ways in which Junos and the programs below it do.
func TestNamedMembers(t *testing.T) {
	for text, want := range map[string][]int{
		"Could not connect to fpc1 : No route to host": {1}, "fpc2: failed": {2}, "FPC 3 is away": {3}, "member1-re0: busy": {1}, "Member ID: 1 left": {1},
		"member[2] timed out": {2}, "member #4": {4}, "member_no 5": {5}, "members 1 and 2 timed out": {1, 2}, "members: 0, 1, and 3": {0, 1, 3},
		"fpc1 to fpc2": {1, 2}, "root@fpc12:/config": {12}, "fpc0, 3 warnings": {0}, "3 members": nil, "fpcs are fine": nil, "ge-1/0/0": nil, "remember 5": nil,
	} {
		if diff := cmp.Diff(want, Message{Message: text}.NamedMembers()); diff != "" {
			t.Errorf("%s: want - got +\n%s", text, diff)
		}
	}
}

// Nor need it say of which others it speaks.
func TestSpeaksOfOthers(t *testing.T) {
	for text, want := range map[string]bool{
		"Could not connect to backup : Operation timed out": true, "Could not connect to re1": true, "the other routing engine is out of sync": true,
		"the members could be old": true, "configuration was synchronized late": true, "while the configuration was copied": true, "linecard is slow": true,
		"statement is deprecated": false, "commit synchronize should be used": false, "requires a license": false, "core1 is up": false,
	} {
		if got := (Message{Message: text}).speaksOfOthers(); got != want || (Message{Message: text}).notice(true).OfOthers != want {
			t.Errorf("%s: want %t", text, want)
		}
	}
}
