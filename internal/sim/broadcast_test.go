// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

// An automatic rollback is told on every terminal, in the middle of whatever runs there.
func TestARollbackIsToldOnEveryTerminal(t *testing.T) {
	lab, ch := oneChassis(t, "")
	broadcast("Broadcast Message from root@vc1", "(no tty) at ", "Commit was not confirmed; automatic rollback complete.")(t, lab, ch)
}

// broadcast looks for texts on the terminal of somebody who does nothing while a trial ends.
func broadcast(texts ...string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, lab *Lab, ch *Chassis) {
		seen := idleTerminal(t, ch.Address())
		waitFor(t, "the login", func() bool { return len(ch.State(false).Sessions) == 1 })
		login(t, ch.Address(), "root", rootPassword).want(trialOp, "<ok/>")
		lab.Clock().Advance(5 * time.Minute)
		for _, text := range texts {
			if text, unwanted := strings.CutPrefix(text, "!"); !unwanted {
				waitFor(t, text, func() bool { return strings.Contains(seen(), text) })
			} else if time.Sleep(20 * time.Millisecond); strings.Contains(seen(), text) { // time to appear
				t.Errorf("unwanted: %s, in\n%s", text, seen())
			}
		}
	}
}

// idleTerminal is admin at a terminal that nobody types at, and what is seen there.
func idleTerminal(t *testing.T, address string) (seen func() string) {
	t.Helper()
	conn, err := ssh.Dial("tcp", address, &ssh.ClientConfig{User: "admin", Auth: []ssh.AuthMethod{ssh.Password("Admin-lab-1")}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s, err := conn.NewSession()
	if err == nil {
		err = s.RequestPty("vt100", 24, 80, nil)
	}
	var mu sync.Mutex
	var all strings.Builder
	s.Stdout = writerFunc(func(b []byte) (int, error) { mu.Lock(); defer mu.Unlock(); return all.Write(b) })
	if _, pipe := s.StdinPipe(); err == nil && pipe == nil {
		err = s.Shell()
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() string { mu.Lock(); defer mu.Unlock(); return all.String() }
}

type writerFunc func([]byte) (int, error)

func (w writerFunc) Write(b []byte) (int, error) { return w(b) }
