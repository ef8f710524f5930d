// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

// client is as little of a NETCONF client as the tests need: it sends strings
// and reads strings.
type client struct {
	t     *testing.T
	conn  *ssh.Client
	in    *frame.Reader
	out   *frame.Writer
	hello string
}

func startLab(t *testing.T, yaml string) *Lab {
	t.Helper()
	scenario, err := ParseScenario([]byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	for i := range scenario.Chassis { // most tests log in as root
		if p := &scenario.Chassis[i].Profile; p.RootLogin == "" {
			p.RootLogin = "allow"
		}
	}
	lab, err := Start(context.Background(), scenario)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	return lab
}

func login(t *testing.T, addr, user, password string) *client {
	t.Helper()
	c, err := tryLogin(addr, user, password)
	if err != nil {
		t.Fatal(err)
	}
	c.t = t
	t.Cleanup(c.close)
	return c
}

func tryLogin(addr, user, password string) (*client, error) {
	conn, err := ssh.Dial("tcp", addr, &ssh.ClientConfig{
		User: user, Auth: []ssh.AuthMethod{ssh.Password(password)},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 10 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	s, err := conn.NewSession()
	if err != nil {
		return nil, err
	}
	in, _ := s.StdoutPipe()
	out, _ := s.StdinPipe()
	if err := s.RequestSubsystem("netconf"); err != nil {
		conn.Close()
		return nil, err
	}
	c := &client{conn: conn, in: frame.NewReader(in, frame.Limits{}), out: frame.NewWriter(out)}
	hello, err := c.in.Next()
	if err != nil {
		return nil, err
	}
	c.hello = string(hello)
	_, err = io.WriteString(out, `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability><capability>urn:ietf:params:netconf:base:1.1</capability></capabilities></hello>]]>]]>`)
	if strings.Contains(c.hello, "urn:ietf:params:netconf:base:1.1") {
		c.in.Chunked()
		c.out.Chunked()
	}
	return c, err
}

func (c *client) close() { c.conn.Close() }

func (c *client) try(op string) (string, error) {
	if _, err := c.out.Write([]byte(`<rpc message-id="7">` + op + `</rpc>`)); err != nil {
		return "", err
	}
	msg, err := c.in.Next()
	return string(msg), err
}

func (c *client) call(op string) string {
	c.t.Helper()
	text, err := c.try(op)
	if err != nil {
		c.t.Fatalf("%s: %v", op, err)
	}
	return text
}

// want calls and looks for texts in the reply; one that starts with "!" must
// not be there.
func (c *client) want(op string, texts ...string) string {
	c.t.Helper()
	reply := c.call(op)
	for _, text := range texts {
		without, not := strings.CutPrefix(text, "!")
		if strings.Contains(reply, without) == not {
			c.t.Fatalf("%s\nwant %q in\n%s", op, text, reply)
		}
	}
	return reply
}

func setLoad(lines ...string) string {
	return `<load-configuration action="set" format="text"><configuration-set>` + strings.Join(lines, "\n") + `</configuration-set></load-configuration>`
}

const (
	lockOp   = `<lock><target><candidate/></target></lock>`
	unlockOp = `<unlock><target><candidate/></target></unlock>`
	commitOp = `<commit-configuration><log>test</log></commit-configuration>`
	scpOn    = `set system commit config-sync-with-scp`
	prepared = `<command>request chassis internal-ssh prepare-setup</command>`
)

func stepOne(p *Profile) []string {
	return []string{
		fmt.Sprintf(`set system services ssh authorized-keys-command %s`, p.KeysCommand),
		fmt.Sprintf(`set system services ssh authorized-keys-command-user %s`, p.KeysCommandUser),
	}
}
