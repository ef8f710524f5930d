// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// greetClient sends the server's hello and reads the client's, or what comes in its place.
func (n *netconfSession) greetClient() ([]byte, error) {
	fault := n.s.Greet()
	if !n.s.Survive(fault) {
		return nil, io.ErrClosedPipe
	}
	text := n.helloText()
	switch fault.Action {
	case engine.FaultMutate:
		text = strings.ReplaceAll(text, fault.Find, fault.Replace)
	case engine.FaultTruncate:
		_, _ = n.stream.Write([]byte(text[:len(text)/2]))
		n.s.Hangup(false)
		return nil, io.ErrClosedPipe
	}
	if _, err := n.out.Write([]byte(text)); err != nil {
		return nil, err
	}
	msg, err := n.in.Next()
	if err != nil {
		return nil, err
	}
	if n.chunks && bytes.Contains(msg, []byte(base11)) && !isRPC(msg) {
		n.chunked = true
		n.in.Chunked()
		n.out.Chunked()
	}
	return msg, nil
}

// helloText is the hello with the comments that Junos writes before it.
func (n *netconfSession) helloText() string {
	p := n.newPage()
	if n.s.User.Class == engine.ClassUnauthorized {
		n.writeRestriction(p)
	}
	p.raw("<!-- No zombies were killed during the creation of this user interface -->\n")
	switch n.s.Chassis.Profile.LoginComment {
	case "class":
		p.raw(fmt.Sprintf("<!-- user %s, class %s -->\n", n.s.User.Name, n.s.User.Class))
	case "user":
		p.raw(fmt.Sprintf("<!-- user %s -->\n", n.s.User.Name))
	}
	xmlns := "xmlns"
	if n.rfc {
		xmlns = "xmlns:nc"
	}
	p.open(p.nc+"hello", xmlns, baseNamespace)
	p.open(p.nc + "capabilities")
	for _, c := range n.listCapabilities() {
		p.leaf(p.nc+"capability", c)
	}
	p.close(p.nc + "capabilities")
	p.leaf(p.nc+"session-id", fmt.Sprint(n.s.ID))
	p.close(p.nc + "hello")
	return p.String()
}

// writeRestriction is what a user without permissions gets before the hello: replies to
// nothing.
func (n *netconfSession) writeRestriction(p *page) {
	for _, e := range []rpcError{
		{Severity: "warning", Message: "\nuser \"" + n.s.User.Name + "\" does not have access privileges.\n"},
		{Message: "\nRestricted user session.\n"},
	} {
		p.open("rpc-reply")
		p.writeError(e)
		p.close("rpc-reply")
	}
}

func (n *netconfSession) listCapabilities() []string {
	var all []string
	for _, prefix := range []string{"urn:ietf:params:netconf:", "urn:ietf:params:xml:ns:netconf:"} {
		all = append(all, prefix+"base:1.0")
		if n.chunks && len(all) == 1 {
			all = append(all, base11)
		}
		for _, name := range []string{"candidate:1.0", "confirmed-commit:1.0", "validate:1.0", "url:1.0?scheme=http,ftp,file"} {
			all = append(all, prefix+"capability:"+name)
		}
	}
	return append(all, "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring",
		"http://xml.juniper.net/netconf/junos/1.0", "http://xml.juniper.net/dmi/system/1.0")
}
