// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"errors"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// commandKind tells how a CLI command is counted and permitted.
func commandKind(line string) string {
	if cli.Reads(line) {
		return engine.KindRead
	}
	return engine.KindWrite
}

// runCommand serves <command>: CLI words in, text, JSON, or the XML of the RPC out.
func (n *netconfSession) runCommand(op *etree.Element) reply {
	line := strings.Join(strings.Fields(op.Text()), " ")
	switch line {
	case "request chassis internal-ssh prepare-setup":
		return n.prepareSetup(op.SelectAttrValue("confirmed", "") == "yes")
	case "request virtual-chassis routing-engine master switch", "request chassis routing-engine master switch":
		return n.switchPrimary()
	}
	answer, err := cli.Run(&Device{n: n, inner: true}, line)
	var mistake *cli.Error
	if errors.As(err, &mistake) {
		return mistakeReply(mistake)
	}
	if err != nil {
		return errorReply(rpcError{Message: err.Error()})
	}
	return formAnswer(answer, op.SelectAttrValue("format", "xml"))
}

// mistakeReply is the error of what was not understood, or is not simulated.
func mistakeReply(mistake *cli.Error) reply {
	if mistake.Absent {
		return errorReply(rpcError{Tag: cli.AbsentTag, Message: mistake.Message})
	}
	message, _, _ := strings.Cut(mistake.Message, ", expecting") // the RPC has no caret to point with
	return errorReply(rpcError{Message: strings.Replace(message, "unknown command", "syntax error", 1), Bad: mistake.Bad})
}

// formAnswer puts an answer into the form that the request asks for.
func formAnswer(answer cli.Answer, format string) reply {
	var p page
	switch {
	case format == "xml" && answer.XML != "":
		return reply{body: answer.XML}
	case format == "json" && answer.JSON != "":
		p.text(answer.JSON)
	case answer.Text == "":
		return reply{}
	case answer.Config:
		p.record("configuration-information", "configuration-output", "\n"+answer.Text)
	default:
		return textReply(answer.Text)
	}
	return reply{body: p.String()}
}

// runShell serves request-shell-execute for classes that may start a shell.
func (n *netconfSession) runShell(op *etree.Element) reply {
	if !n.s.IsRoot() && n.s.User.Class != engine.ClassSuperUser {
		return permissionDenied("system")
	}
	return textReply(cli.RunShell(&Device{n: n, inner: true}, childText(op, "command")))
}

// prepareSetup makes the keys and tells what came of it.
func (n *netconfSession) prepareSetup(confirmed bool) reply {
	said, err := n.s.Prepare(confirmed)
	switch {
	case err != nil:
		return refusedReply(*err)
	case said == "":
		return reply{}
	}
	return textReply(said)
}

// switchPrimary hands mastership to the backup.
func (n *netconfSession) switchPrimary() reply {
	if !n.s.Member.IsPrimary() {
		return errorReply(rpcError{Message: "operation is not allowed on this member"})
	}
	if err := n.s.Chassis.Switchover(); err != nil {
		return errorReply(rpcError{Message: err.Error()})
	}
	return textReply("Resolving mastership...\nComplete. The other routing engine becomes the master.")
}
