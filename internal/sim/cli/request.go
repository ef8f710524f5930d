// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strings"
)

func requestCommands() []command {
	mastership := []command{{word: "master", help: "Toggle mastership", sub: []command{
		{word: "switch", help: "Toggle mastership", run: switchPrimary, sub: []command{{word: "no-confirm", help: "Do not ask for confirmation", run: switchPrimary}}},
	}}}
	return []command{
		{word: "chassis", help: "Perform chassis-specific operations", sub: []command{
			{word: "internal-ssh", help: "Internal SSH between members", sub: []command{
				{word: "prepare-setup", help: "Create and distribute keys for internal SSH", run: prepareSetup},
			}},
			{word: "routing-engine", help: "Control Routing Engine operation", sub: mastership},
		}},
		{word: "session", help: "Start a session with another member", sub: []command{
			{word: "member", help: "Virtual chassis member", sub: []command{{word: "<member>", help: "Member", run: sessionMember}}},
		}},
		{word: "system", help: "Perform system-level operations", sub: []command{
			{word: "configuration", help: "Request operation on system configuration", sub: []command{{word: "rescue", help: "Request operation on system rescue configuration", sub: []command{
				{word: "delete", help: "Delete rescue configuration", run: writing("request-delete-rescue-configuration")},
				{word: "save", help: "Save rescue configuration", run: writing("request-save-rescue-configuration")},
			}}}},
			{word: "reboot", help: "Reboot the system", run: reboot, sub: []command{
				{word: "all-members", help: "Reboot all virtual chassis members", run: reboot},
				{word: "member", help: "Reboot specific virtual chassis member", sub: []command{{word: "<member>", help: "Member", run: reboot}}},
			}},
		}},
		{word: "virtual-chassis", help: "Perform virtual chassis operations", sub: []command{
			{word: "reactivate", help: "Reactivate this member", run: writing("request-virtual-chassis-reactivate")},
			{word: "recycle", help: "Recycle the id of a member", sub: []command{{word: "member-id", help: "Member", sub: []command{
				{word: "<member-id>", help: "Member", run: writing("request-virtual-chassis-recycle", "member-id")},
			}}}},
			{word: "renumber", help: "Renumber a member", sub: []command{{word: "member-id", help: "Member", sub: []command{{word: "<member-id>", help: "Member", sub: []command{
				{word: "new-member-id", help: "New member id", sub: []command{{word: "<new-member-id>", help: "Member", run: writing("request-virtual-chassis-renumber", "member-id", "new-member-id")}}},
			}}}}}},
			{word: "routing-engine", help: "Control Routing Engine operation", sub: mastership},
		}},
	}
}

// sendCommand sends a command that has no RPC.
func (s *session) sendCommand(c call, confirmed bool) answer {
	mark := ""
	if confirmed {
		mark = ` confirmed="yes"`
	}
	return s.callRPC("<command" + mark + ">" + escapeXML(strings.TrimSuffix(c.path, " no-confirm")) + "</command>")
}

// prepareSetup prints what the switch says, and answers where it asks.
func prepareSetup(s *session, c call) (result, error) {
	a := s.sendCommand(c, false)
	text := renderOutput(a.root)
	if question, found := strings.CutSuffix(strings.TrimRight(text, " \n"), " [yes,no] (no)"); found {
		if !s.askYesNo(question, "no") {
			return result{}, nil
		}
		a = s.sendCommand(c, true)
		text = renderOutput(a.root)
	}
	if err := a.firstError(); err != nil {
		return result{}, placeError(err, c)
	}
	return result{text: text, xml: a.xml}, nil
}

func switchPrimary(s *session, c call) (result, error) {
	if !strings.HasSuffix(c.path, " no-confirm") && !s.batch {
		question := "Toggle mastership between routing engines ?"
		if strings.HasPrefix(c.path, "request virtual-chassis") {
			question = "Do you want to continue ?"
		}
		if !s.askYesNo(question, "no") {
			return result{}, nil
		}
	}
	a := s.sendCommand(c, true)
	return result{text: renderOutput(a.root), xml: a.xml}, placeError(a.firstError(), c)
}

// sessionMember is a command line on another member, inside of this one.
func sessionMember(s *session, c call) (result, error) {
	dev, err := s.dev.Member(c.args[0])
	if err != nil {
		return result{}, err
	}
	defer dev.Close()
	s.term.Print("\n" + softwareBanner(dev.Status()))
	newSession(dev, s.term).converse()
	return result{}, nil
}

// softwareBanner is the banner of a login.
func softwareBanner(st Status) string {
	return fmt.Sprintf("--- JUNOS %s Kernel 64-bit  JNPR-15.0-simulated\n", st.Release)
}

func startShell(s *session, c call) (result, error) {
	if err := s.mayStartShell(c); err != nil {
		return result{}, err
	}
	(&shell{dev: s.dev, term: s.term, bourne: strings.HasSuffix(c.path, " sh")}).converse()
	return result{}, nil
}

func startRootShell(s *session, c call) (result, error) {
	if err := s.mayStartShell(c); err != nil {
		return result{}, err
	}
	password, err := s.term.readLine(reading{prompt: s.dev.Status().Texts.RootQuestion, secret: true})
	if err != nil {
		return result{}, nil //nolint:nilerr // the user went away from the question
	}
	dev, err := s.dev.Root(password)
	if err != nil {
		s.term.Print(err.Error() + "\n")
		return result{}, nil //nolint:nilerr // su has said it
	}
	defer dev.Close()
	(&shell{dev: dev, term: s.term}).converse()
	return result{}, nil
}

// mayStartShell refuses a class without the permission in the profile's words, or as
// if there were no such command.
func (s *session) mayStartShell(c call) error {
	st := s.dev.Status()
	switch {
	case st.MayShell:
		return nil
	case st.Texts.NoShell == msgUnknown:
		return &Error{Message: msgUnknown, Column: len(c.line) - len(strings.TrimLeft(c.line, " "))}
	}
	return refusedError("%s", st.Texts.NoShell)
}

// startNETCONF is what a client types on a terminal that has no subsystem.
func startNETCONF(s *session, _ call) (result, error) {
	s.dev.NETCONF(s.term.openTTY())
	return result{}, nil
}
