// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// editConfig is the standard operation on the candidate.
func (n *netconfSession) editConfig(op *etree.Element) reply {
	if !hasElement(op, "target/candidate") {
		return errorReply(rpcError{Message: "syntax error, expecting <candidate/>", Bad: "target"})
	}
	action := conf.ActionMerge
	switch o := childText(op, "default-operation"); o {
	case "", "merge":
	case "none":
		action = conf.ActionNone
	case "replace":
		action = conf.ActionOverride
	default:
		return syntaxError(o)
	}
	format, payload, bad := editPayload(op)
	if bad != nil {
		return *bad
	}
	problems, err := n.s.Load(action, format, payload)
	if err != nil {
		return refusedReply(*err)
	}
	return n.reportEdit(problems)
}

// reportEdit reports an edit-config. From 23.1R1 on, a deletion of what is not there is
// an error of the standard's own, and no warning.
func (n *netconfSession) reportEdit(problems []conf.Problem) reply {
	answer := reply{errors: problemErrors(problems), ok: !conf.Failed(problems)}
	if conf.Earlier(n.s.Member.Release(), "23.1R1") {
		return answer
	}
	for i, p := range problems {
		if p.Missing() {
			answer.errors[i] = rpcError{Type: "application", Tag: "data-missing", Message: p.Message}
			answer.ok = false
		}
	}
	return answer
}

// deleteConfig is the standard operation; only the candidate can go.
func (n *netconfSession) deleteConfig(op *etree.Element) reply {
	if !hasElement(op, "target/candidate") {
		return errorReply(rpcError{Message: "syntax error, expecting <candidate/>", Bad: "target"})
	}
	_, err := n.s.Load(conf.ActionOverride, conf.FormatText, "")
	return outcomeReply(err)
}

func editPayload(op *etree.Element) (format, payload string, bad *reply) {
	for _, name := range []string{"config", "config-text", "config-set"} {
		if c := op.FindElement(name); c != nil {
			if children := c.ChildElements(); len(children) > 0 && !strings.HasPrefix(children[0].Tag, "configuration") {
				wrapped := etree.NewElement("load")
				root := wrapped.CreateElement("configuration")
				for _, child := range children {
					root.AddChild(child.Copy())
				}
				return loadPayload(wrapped)
			}
			return loadPayload(c)
		}
	}
	answer := errorReply(rpcError{Message: "missing configuration", Bad: op.Tag})
	return "", "", &answer
}
