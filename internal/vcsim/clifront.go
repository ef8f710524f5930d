// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/vcsim/cli"
	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// cliOn serves a command line on a channel; command is empty for a shell.
func (m *Member) cliOn(conn net.Conn, user User, term *cli.Terminal, gone <-chan struct{}, command string) uint32 {
	d := m.cliDevice(conn, user, gone)
	defer d.Close()
	if command == "" {
		return uint32(cli.Login(d, term))
	}
	return uint32(cli.Exec(d, term, command))
}

// cliDevice is a login as the command line sees it.
type cliDevice struct {
	n     *netconf
	conn  net.Conn
	gone  <-chan struct{} // closed when the client is
	inner bool            // inside of an RPC, which is counted and permitted already
}

func (m *Member) cliDevice(conn net.Conn, user User, gone <-chan struct{}) *cliDevice {
	s := m.login(user, "cli", m.ch.freeTerminal(), hangup(conn))
	go func() { // ends with the session
		select {
		case <-gone:
			s.end()
		case <-s.done:
		}
	}()
	return &cliDevice{n: &netconf{s: s}, conn: conn, gone: gone}
}

// freeTerminal is the first pseudo-terminal that nobody sits at.
func (ch *Chassis) freeTerminal() string {
	taken := ch.loggedIn()
	for i := 0; ; i++ {
		name := fmt.Sprintf("pts/%d", i)
		if !slices.ContainsFunc(taken, func(s *session) bool { return s.terminal == name }) {
			return name
		}
	}
}

// Close logs out.
func (d *cliDevice) Close() { d.n.s.end() }

// Status tells what the prompts show.
func (d *cliDevice) Status() cli.Status {
	s := d.n.s
	return cli.Status{
		User: s.user.Name, Class: s.user.Class, Host: s.member.hostName(), Release: s.member.software(), Banner: s.prompt(),
		MayEdit: s.allows(kindWrite), Now: s.ch.lab.clock.Now(), RollbackIn: s.ch.rollbackIn(),
	}
}

// rollbackIn is the time until a pending trial is taken back.
func (ch *Chassis) rollbackIn() time.Duration {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	if ch.trial == nil {
		return 0
	}
	return ch.trial.deadline.Sub(ch.lab.clock.Now())
}

// Call runs an RPC as a NETCONF session would, with its faults and its place in
// the log.
func (d *cliDevice) Call(rpc string) string {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(rpc); err != nil || doc.Root() == nil {
		return ""
	}
	answer := d.attempt(doc.Root(), rpc, d.n.apply)
	p := d.n.page()
	p.errors(answer.errors)
	p.raw(answer.body)
	return p.String()
}

// attempt runs an operation; what a fault leaves of its answer comes back.
func (d *cliDevice) attempt(op *etree.Element, request string, apply func(operation, string, *etree.Element) reply) reply {
	if d.inner {
		spec, kind := lookup(op)
		return apply(spec, kind, op)
	}
	answer, fault, alive := d.n.attempt(op, request, apply)
	if !alive || !d.n.survive(fault) {
		return reply{}
	}
	switch fault.Action {
	case faultError:
		return failure(rpcError{Message: fault.Text})
	case faultWarning:
		answer.errors = append(answer.errors, rpcError{Severity: "warning", Message: fault.Text})
	case faultTruncate:
		d.n.s.hangup(false)
		return reply{}
	case faultMutate:
		answer.body = strings.ReplaceAll(answer.body, fault.Find, fault.Replace)
	}
	return answer
}

// Configuration returns a configuration as this session sees it.
func (d *cliDevice) Configuration(source string) (cli.Config, error) {
	op := etree.NewElement("get-configuration")
	op.CreateAttr("database", source)
	var config cli.Config
	answer := d.attempt(op, serialize(op), func(_ operation, _ string, op *etree.Element) (r reply) {
		config, r = d.configuration(source, op)
		return r
	})
	return config, firstError(answer)
}

func (d *cliDevice) configuration(source string, op *etree.Element) (cli.Config, reply) {
	s := d.n.s
	if s.user.Class == "read-only" {
		return cli.Config{}, permissionDenied(op.Tag)
	}
	if source == cli.Committed || source == cli.Candidate {
		committed := source == cli.Committed
		return cli.Config{Tree: s.view(committed), Attrs: d.n.configAttrs(committed)}, reply{}
	}
	at, err := strconv.Atoi(source)
	if err != nil || s.member.past(at) == nil {
		return cli.Config{}, failure(rpcError{Message: "rollback " + source + " not found"})
	}
	return cli.Config{Tree: s.member.past(at)}, reply{}
}

// Load edits the candidate.
func (d *cliDevice) Load(action, format, payload string) ([]conf.Problem, error) {
	return d.edit(edit{action: action, format: format, payload: payload})
}

// Command edits the candidate by a command that somebody typed below a hierarchy.
func (d *cliDevice) Command(line string, hierarchy []string) ([]conf.Problem, error) {
	return d.edit(edit{action: conf.ActionSet, format: conf.FormatSet, payload: line, typed: true, hierarchy: slices.Clone(hierarchy)})
}

func (d *cliDevice) edit(e edit) ([]conf.Problem, error) {
	op := etree.NewElement("load-configuration")
	op.CreateAttr("action", e.action)
	op.CreateAttr("format", e.format)
	op.SetText(e.payload)
	var problems []conf.Problem
	answer := d.attempt(op, serialize(op), func(_ operation, kind string, op *etree.Element) reply {
		if !d.n.s.allows(kind) {
			return permissionDenied(op.Tag)
		}
		var err *rpcError
		if problems, err = d.n.s.edit(e); err != nil {
			return failure(*err)
		}
		return reply{errors: problemErrors(problems)}
	})
	if len(problems) > 0 {
		return problems, nil
	}
	return nil, firstError(answer)
}

// firstError is the first error of an answer as the command line prints it.
func firstError(answer reply) error {
	for _, e := range answer.errors {
		if e.Severity != "warning" {
			return &cli.Error{Message: strings.TrimSpace(e.Message), Bad: e.Bad, Column: -1}
		}
	}
	return nil
}

// Member logs in on another member over the chassis' own links.
func (d *cliDevice) Member(id string) (cli.Device, error) {
	for _, m := range d.n.s.ch.present() {
		if itoa(m.ID) == id && !d.n.s.ch.lab.faults.member(m, faultUnreachable) {
			return m.cliDevice(d.conn, d.n.s.user, d.gone), nil
		}
	}
	return nil, fmt.Errorf("could not connect to fpc%s : No route to host", id)
}

// Root becomes root with root's password, whatever sshd lets in.
func (d *cliDevice) Root(password string) (cli.Device, error) {
	for _, u := range d.n.s.ch.spec.Users {
		if u.Name == "root" && u.Password != "" && u.Password == password {
			return d.n.s.member.cliDevice(d.conn, u, d.gone), nil
		}
	}
	return nil, errors.New("su: Sorry")
}
