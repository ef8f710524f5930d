// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// commandKind tells how a CLI command is counted and permitted.
func commandKind(words []string) string {
	if len(words) > 0 && (words[0] == "show" || words[0] == "file") {
		return kindRead
	}
	return kindWrite
}

var errSyntax = errors.New("syntax error")

// commandError is what a command says instead of an answer.
type commandError struct {
	message, bad string
}

func (e *commandError) Error() string { return e.message }

// command serves <command>: CLI words in, text or the XML of the RPC out.
func (n *netconf) command(op *etree.Element) reply {
	line, filter, _ := strings.Cut(op.Text(), "|")
	words := strings.Fields(line)
	if strings.Join(strings.Fields(filter), " ") == "display xml rpc" {
		return displayRPC(words)
	}
	if slices.Equal(words, []string{"request", "chassis", "internal-ssh", "prepare-setup"}) {
		return n.s.prepareReply()
	}
	text, xml, err := n.s.runCommand(n, words)
	var refused *commandError
	switch {
	case errors.As(err, &refused):
		return failure(rpcError{Message: refused.message, Bad: refused.bad})
	case err != nil:
		return failure(rpcError{Message: err.Error()})
	case op.SelectAttrValue("format", "xml") == "xml" && xml != "":
		return reply{body: xml}
	}
	return output(text)
}

// runCommand runs an operational command and returns it as text and, where
// there is an RPC for it, as XML. It is the seam to the CLI.
func (s *session) runCommand(n *netconf, words []string) (text, xml string, err error) {
	if c, ok := commandFor(words); ok {
		return n.runRPC(c.rpc)
	}
	bad := ""
	if len(words) > 0 {
		bad = words[min(1, len(words)-1)]
	}
	return "", "", &commandError{"syntax error", bad}
}

// displayRPC answers "COMMAND | display xml rpc".
func displayRPC(words []string) reply {
	c, ok := commandFor(words)
	if !ok {
		return output("xml rpc equivalent of this command is not available.")
	}
	p := page{}
	p.open("rpc")
	p.open(c.rpc)
	p.close(c.rpc)
	p.close("rpc")
	return reply{body: p.String()}
}

func commandFor(words []string) (commandRPC, bool) {
	for _, c := range commands() {
		if prefix := strings.Fields(c.words); len(words) >= len(prefix) && slices.Equal(words[:len(prefix)], prefix) {
			return c, true
		}
	}
	return commandRPC{}, false
}

type commandRPC struct{ words, rpc string }

// commands maps CLI words to the RPC that answers them.
func commands() []commandRPC {
	return []commandRPC{
		{"show virtual-chassis", "get-virtual-chassis-information"},
		{"show version", "get-software-information"},
		{"show system uptime", "get-system-uptime-information"},
		{"show system information", "get-system-information"},
		{"show system users", "get-system-users-information"},
		{"show system commit", "get-commit-information"},
		{"show system configuration database status", "get-configuration-database-status"},
		{"show chassis routing-engine", "get-route-engine-information"},
		{"show chassis hardware", "get-chassis-inventory"},
	}
}

func (n *netconf) runRPC(name string) (text, xml string, err error) {
	answer := operations()[name].run(n, etree.NewElement(name))
	return flatText(answer.body), answer.body, nil
}

// flatText makes plain lines of a reply, for a command that has no text of its own.
func flatText(body string) string {
	doc := etree.NewDocument()
	if doc.ReadFromString("<r xmlns:junos='j'>"+body+"</r>") != nil {
		return body
	}
	var b strings.Builder
	var walk func(e *etree.Element, depth int)
	walk = func(e *etree.Element, depth int) {
		for _, c := range e.ChildElements() {
			if len(c.ChildElements()) == 0 {
				fmt.Fprintf(&b, "%s%s: %s\n", strings.Repeat("  ", depth), c.Tag, strings.TrimSpace(c.Text()))
				continue
			}
			walk(c, depth+1)
		}
	}
	walk(doc.Root(), -1)
	return b.String()
}

// shell serves request-shell-execute for classes that may start a shell. Few
// programs are there.
func (n *netconf) shell(op *etree.Element) reply {
	if !n.s.root() && n.s.user.Class != "super-user" {
		return permissionDenied("system")
	}
	words := strings.Fields(childText(op, "command"))
	if len(words) == 2 && words[0] == "cat" {
		data, refused := n.s.open(words[1])
		if refused != "" {
			return output("cat: " + words[1] + ": No such file or directory")
		}
		return output(string(data))
	}
	if len(words) > 0 && words[0] == "hostname" {
		return output(n.s.member.hostName())
	}
	return output(strings.Join(words, " ") + ": Command not found.")
}
