// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// saveRescue keeps what is active.
func (n *netconfSession) saveRescue(*etree.Element) reply {
	n.s.Member.SaveRescue()
	return n.reportRescue()
}

func (n *netconfSession) deleteRescue(*etree.Element) reply {
	n.s.Member.DeleteRescue()
	return n.reportRescue()
}

func (n *netconfSession) reportRescue() reply {
	p := n.newPage()
	p.open("rescue-management-results")
	p.open("routing-engine", "junos:style", "show-name")
	p.leaf("name", n.s.Member.Name())
	p.empty("success")
	p.close("routing-engine")
	p.close("rescue-management-results")
	return reply{body: p.String()}
}

func (n *netconfSession) getRescue(op *etree.Element) reply {
	if !n.s.Allows(engine.KindWrite) {
		return permissionDenied(op.Tag)
	}
	tree := n.s.Member.Rescue()
	if tree == nil {
		return refusedReply(engine.NoRescue())
	}
	p := n.newPage()
	p.open("rescue-information")
	if childText(op, "format") == "text" {
		p.record("configuration-information", "configuration-output", "\n"+tree.Text())
	} else {
		p.raw(tree.XML(conf.XMLOptions{Attrs: []conf.Attr{{Name: "xmlns", Value: xnmNamespace}}}))
	}
	p.close("rescue-information")
	return reply{body: p.String()}
}
