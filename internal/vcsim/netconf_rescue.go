// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"slices"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/vcsim/conf"
)

// rescueFile holds the rescue configuration of a member; it does not travel.
const rescueFile = "/config/rescue.conf.gz"

// rescue is the rescue configuration, or nil.
func (m *Member) rescue() *conf.Tree {
	text, ok := m.readFile(rescueFile)
	if !ok {
		return nil
	}
	tree := conf.New(conf.DefaultSchema(m.software()))
	if slices.ContainsFunc(tree.Load(conf.ActionOverride, conf.FormatText, string(text)), func(p conf.Problem) bool { return p.Severity == conf.SeverityError }) {
		return nil
	}
	return tree
}

// saveRescue keeps what is active.
func (n *netconf) saveRescue(*etree.Element) reply {
	n.s.member.writeFile(rescueFile, []byte(n.s.member.config().Text()))
	return n.rescued()
}

func (n *netconf) deleteRescue(*etree.Element) reply {
	n.s.member.removeFile(rescueFile)
	return n.rescued()
}

func (n *netconf) rescued() reply {
	p := n.page()
	p.open("rescue-management-results")
	p.open("routing-engine", "junos:style", "show-name")
	p.leaf("name", n.s.member.name())
	p.empty("success")
	p.close("routing-engine")
	p.close("rescue-management-results")
	return reply{body: p.String()}
}

func (n *netconf) getRescue(op *etree.Element) reply {
	if !n.s.allows(kindWrite) {
		return permissionDenied(op.Tag)
	}
	tree := n.s.member.rescue()
	if tree == nil {
		return failure(noRescue())
	}
	p := n.page()
	p.open("rescue-information")
	if childText(op, "format") == "text" {
		p.open("configuration-information")
		p.leaf("configuration-output", "\n"+tree.Text())
		p.close("configuration-information")
	} else {
		p.raw(tree.XML(conf.XMLOptions{Attrs: []conf.Attr{{Name: "xmlns", Value: xnmNamespace}}}))
	}
	p.close("rescue-information")
	return reply{body: p.String()}
}

func (s *session) loadRescue() *rpcError {
	tree := s.member.rescue()
	if tree == nil {
		err := noRescue()
		return &err
	}
	return s.change(edit{action: conf.ActionOverride, format: conf.FormatText, payload: tree.Text()}, func(*conf.Tree) *conf.Tree { return tree })
}

func noRescue() rpcError { return rpcError{Message: "\nNo rescue configuration is set.\n"} }
