// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/conf"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// Device is a login as the command line sees it.
type Device struct {
	n     *netconfSession
	cut   func(reset bool) // ends the connection
	gone  <-chan struct{}  // closed when the client is
	inner bool             // inside of an RPC, which is counted and permitted already
}

// LogIn logs somebody in at the command line of a member. cut ends the
// connection, gone is closed with it.
func LogIn(m *engine.Member, user engine.User, cut func(reset bool), gone <-chan struct{}) *Device {
	s := m.Login(user, "cli", m.Chassis.FreeTerminal(), cut)
	go endWith(gone, s)
	return &Device{n: &netconfSession{s: s}, cut: cut, gone: gone}
}

// endWith ends a session when its client is gone. It returns when the session has ended.
func endWith(gone <-chan struct{}, s *engine.Session) {
	select {
	case <-gone:
		s.End()
	case <-s.Done():
	}
}

// Close logs out.
func (d *Device) Close() { d.n.s.End() }

// Status tells what the prompts show.
func (d *Device) Status() cli.Status {
	s := d.n.s
	return cli.Status{
		User: s.User.Name, Class: s.User.Class, UID: s.UID(), Host: s.Member.HostName(), Release: s.Member.Release(), Banner: s.Prompt(),
		MayEdit: s.Allows(engine.KindWrite), Now: s.Chassis.Now(), RollbackIn: s.Chassis.RollbackIn(),
		MayShell: s.AllowsShell(), Shell: s.User.Shell, Texts: promptTexts(s), Ports: s.Member.Listens(),
	}
}

// promptTexts are those of the profile, and what the configuration announces.
func promptTexts(s *engine.Session) cli.Texts {
	p := s.Chassis.Profile
	return cli.Texts{RootShell: p.RootShellPrompt, RootQuestion: p.RootPasswordPrompt, RootSorry: p.RootPasswordWrong, NoShell: p.StartShellRefusal,
		Announcement: s.Member.Announcement()}
}

// Call runs an RPC as a NETCONF session would, with its faults and its place in
// the log.
func (d *Device) Call(rpc string) string {
	doc := etree.NewDocument()
	if err := doc.ReadFromString(rpc); err != nil || doc.Root() == nil {
		return ""
	}
	answer := d.attemptCall(doc.Root(), rpc, d.n.applyOperation)
	p := d.n.newPage()
	p.writeErrors(answer.errors)
	p.raw(answer.body)
	return p.String()
}

// attemptCall runs an operation; what a fault leaves of its answer comes back.
func (d *Device) attemptCall(op *etree.Element, request string, apply func(operation, string, *etree.Element) reply) reply {
	if d.inner {
		spec, kind := operationOf(op)
		return apply(spec, kind, op)
	}
	answer, fault, alive := d.n.attemptOperation(op, request, apply)
	if !alive || !d.n.s.Survive(fault) {
		return reply{}
	}
	switch fault.Action {
	case engine.FaultError:
		return errorReply(rpcError{Message: fault.Text})
	case engine.FaultWarning:
		answer.errors = append(answer.errors, rpcError{Severity: "warning", Message: fault.Text})
	case engine.FaultTruncate:
		d.n.s.Hangup(false)
		return reply{}
	case engine.FaultMutate:
		answer.body = strings.ReplaceAll(answer.body, fault.Find, fault.Replace)
	}
	return answer
}

// Configuration returns a configuration as this session sees it.
func (d *Device) Configuration(source string) (cli.Config, error) {
	op := etree.NewElement("get-configuration")
	op.CreateAttr("database", source)
	var config cli.Config
	answer := d.attemptCall(op, serialize(op), func(_ operation, _ string, op *etree.Element) (r reply) {
		config, r = d.configurationOf(source, op)
		return r
	})
	return config, firstError(answer)
}

func (d *Device) configurationOf(source string, op *etree.Element) (cli.Config, reply) {
	s := d.n.s
	if !s.MaySeeConfiguration() {
		return cli.Config{}, permissionDenied(op.Tag)
	}
	if source == cli.Committed || source == cli.Candidate {
		committed := source == cli.Committed
		return cli.Config{Tree: s.View(committed), Attrs: d.n.configAttrs(committed)}, reply{}
	}
	at, err := strconv.Atoi(source)
	if err != nil || s.Member.Past(at) == nil {
		return cli.Config{}, errorReply(rpcError{Message: "rollback " + source + " not found"})
	}
	return cli.Config{Tree: s.Member.Past(at)}, reply{}
}

// Load edits the candidate.
func (d *Device) Load(action, format, payload string) ([]conf.Problem, error) {
	return d.editCandidate(action, format, payload, func() ([]conf.Problem, *engine.Refusal) { return d.n.s.Load(action, format, payload) })
}

// Command edits the candidate by a command that somebody typed below a hierarchy.
func (d *Device) Command(line string, hierarchy []string) ([]conf.Problem, error) {
	return d.editCandidate(conf.ActionSet, conf.FormatSet, line, func() ([]conf.Problem, *engine.Refusal) { return d.n.s.Command(line, hierarchy) })
}

func (d *Device) editCandidate(action, format, payload string, run func() ([]conf.Problem, *engine.Refusal)) ([]conf.Problem, error) {
	op := etree.NewElement("load-configuration")
	op.CreateAttr("action", action)
	op.CreateAttr("format", format)
	op.SetText(payload)
	var problems []conf.Problem
	answer := d.attemptCall(op, serialize(op), func(_ operation, kind string, op *etree.Element) reply {
		if !d.n.s.Allows(kind) {
			return permissionDenied(op.Tag)
		}
		var err *engine.Refusal
		if problems, err = run(); err != nil {
			return refusedReply(*err)
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
func (d *Device) Member(id string) (cli.Device, error) {
	for _, m := range d.n.s.Chassis.Present() {
		if itoa(m.ID) == id && !m.IsUnreachable() {
			return LogIn(m, d.n.s.User, d.cut, d.gone), nil
		}
	}
	return nil, fmt.Errorf("could not connect to fpc%s : No route to host", id)
}

// Root becomes root with root's password, whatever sshd lets in.
func (d *Device) Root(password string) (cli.Device, error) {
	for _, u := range d.n.s.Chassis.Users() {
		if u.Name == "root" && u.Password != "" && u.Password == password {
			return LogIn(d.n.s.Member, u, d.cut, d.gone), nil
		}
	}
	return nil, errors.New(d.n.s.Chassis.Profile.RootPasswordWrong)
}

// NETCONF speaks it on the terminal of this login.
func (d *Device) NETCONF(terminal cli.TTY) {
	s := d.n.s.Member.Login(d.n.s.User, "netconf", d.n.s.Terminal, d.cut)
	go endWith(d.gone, s)
	serveTerminal(s, terminal)
}
