// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"fmt"
	"strconv"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

const xnmNamespace = "http://xml.juniper.net/xnm/1.1/xnm"

func (n *netconfSession) getConfiguration(op *etree.Element) reply {
	if !n.s.MaySeeConfiguration() {
		return permissionDenied(op.Tag)
	}
	committed := op.SelectAttrValue("database", "candidate") == "committed"
	tree := n.s.View(committed)
	if op.SelectAttrValue("compare", "") == "rollback" {
		return n.compareConfig(tree, op.SelectAttrValue("rollback", "0"))
	}
	if number := op.SelectAttrValue("rollback", ""); number != "" {
		at, _ := strconv.Atoi(number)
		if tree = n.s.Member.Past(at); tree == nil {
			return errorReply(rpcError{Message: "rollback " + number + " not found", Bad: number})
		}
	}
	if op.SelectAttrValue("inherit", "") != "" {
		tree = tree.Expand(n.s.Member.Place())
	}
	filter, err := filterOf(tree, op.FindElement("configuration"))
	if err != nil {
		return *err
	}
	shape := n.configShape(committed)
	shape.Groups = op.SelectAttr("groups") != nil
	return n.printConfig(tree, filter, op.SelectAttrValue("format", "xml"), shape)
}

// printConfig writes a configuration in one of the four formats.
func (n *netconfSession) printConfig(tree *conf.Tree, filter *conf.Filter, format string, shape conf.XMLOptions) reply {
	p := n.newPage()
	switch format {
	case "xml":
		p.raw(tree.Select(filter).XML(shape))
	case "text":
		p.leaf("configuration-text", "\n"+tree.Select(filter).Text(), "xmlns", xnmNamespace)
	case "set":
		p.leaf("configuration-set", "\n"+tree.Select(filter).SetText(), "xmlns", xnmNamespace)
	case "json":
		p.text(tree.Select(filter).JSON())
	default:
		return errorReply(rpcError{Message: "invalid value for format", Bad: format})
	}
	return reply{body: p.String()}
}

// compareConfig prints the candidate against an earlier configuration.
func (n *netconfSession) compareConfig(tree *conf.Tree, rollback string) reply {
	at, err := strconv.Atoi(rollback)
	past := n.s.Member.Past(at)
	if err != nil || past == nil {
		return errorReply(rpcError{Message: "rollback " + rollback + " not found", Bad: rollback})
	}
	p := n.newPage()
	p.record("configuration-information", "configuration-output", "\n"+conf.Compare(past, tree))
	return reply{body: p.String()}
}

// getRollback answers "show system rollback".
func (n *netconfSession) getRollback(op *etree.Element) reply {
	at, err := strconv.Atoi(childText(op, "rollback"))
	tree := n.s.Member.Past(at)
	if err != nil || tree == nil {
		return errorReply(rpcError{Message: "rollback not found", Bad: childText(op, "rollback")})
	}
	text := tree.Text()
	if compare := childText(op, "compare"); compare != "" {
		with, err := strconv.Atoi(compare)
		old := n.s.Member.Past(with)
		if err != nil || old == nil {
			return errorReply(rpcError{Message: "rollback not found", Bad: compare})
		}
		text = conf.Compare(old, tree)
	}
	p := n.newPage()
	p.open("rollback-information")
	p.record("configuration-information", "configuration-output", "\n"+text)
	p.close("rollback-information")
	return reply{body: p.String()}
}

// getConfig is the standard operation: source and subtree filter.
func (n *netconfSession) getConfig(op *etree.Element) reply {
	if !n.s.MaySeeConfiguration() {
		return permissionDenied(op.Tag)
	}
	committed := hasElement(op, "source/running")
	if !committed && !hasElement(op, "source/candidate") {
		return errorReply(rpcError{Message: "syntax error, expecting <candidate/> or <running/>", Bad: firstTag(op.FindElement("source"))})
	}
	return n.wrapData(op, committed, "")
}

// getState is the standard's get: what is active, and who is editing.
func (n *netconfSession) getState(op *etree.Element) reply {
	if !n.s.MaySeeConfiguration() {
		return permissionDenied(op.Tag)
	}
	return n.wrapData(op, true, n.getDatabaseStatus(op).body)
}

// wrapData wraps the part of a configuration that the filter selects, and state.
func (n *netconfSession) wrapData(op *etree.Element, committed bool, state string) reply {
	tree := n.s.View(committed)
	var wanted *etree.Element
	if f := op.FindElement("filter"); f != nil {
		if f.SelectAttr("select") != nil || f.SelectAttr("source") != nil { // the second is PyEZ' name for it
			return absentReply(op.Tag + " filter by an XPath expression")
		}
		wanted = f.FindElement("configuration")
	}
	filter, bad := filterOf(tree, wanted)
	if bad != nil {
		return *bad
	}
	p := n.newPage()
	if n.rfc && state == "" && tree.Select(filter).Empty() {
		p.empty(p.nc + "data")
		return reply{body: p.String()}
	}
	answer := n.printConfig(tree, filter, op.SelectAttrValue("format", "xml"), n.configShape(committed))
	if len(answer.errors) > 0 {
		return answer
	}
	p.open(p.nc + "data")
	p.raw(answer.body)
	p.raw(state)
	p.close(p.nc + "data")
	return reply{body: p.String()}
}

func firstTag(e *etree.Element) string {
	if e == nil || len(e.ChildElements()) == 0 {
		return "source"
	}
	return e.ChildElements()[0].Tag
}

func filterOf(tree *conf.Tree, e *etree.Element) (*conf.Filter, *reply) {
	if e == nil || len(e.ChildElements()) == 0 {
		return nil, nil
	}
	filter, problems := tree.Schema().ParseFilter(serialize(e))
	if len(problems) > 0 {
		bad := errorReply(problemErrors(problems)...)
		return nil, &bad
	}
	return filter, nil
}

// serialize writes an element with the namespaces that are in force around it.
func serialize(e *etree.Element) string {
	doc := etree.NewDocument()
	doc.SetRoot(e.Copy())
	for at := e.Parent(); at != nil; at = at.Parent() {
		for _, a := range at.Attr {
			if a.Space == "xmlns" && doc.Root().SelectAttr(a.FullKey()) == nil {
				doc.Root().CreateAttr(a.FullKey(), a.Value)
			}
		}
	}
	text, err := doc.WriteToString()
	if err != nil {
		return ""
	}
	return text
}

func (n *netconfSession) lockCandidate(op *etree.Element) reply {
	if op.Tag == "lock" && !hasElement(op, "target/candidate") {
		if hasElement(op, "target/running") {
			return errorReply(rpcError{Message: "cannot lock running: only the candidate", Bad: "running"})
		}
		return errorReply(rpcError{Message: "syntax error, expecting <candidate/> or <running/>", Bad: "target"})
	}
	return outcomeReply(n.s.Lock())
}

func (n *netconfSession) unlockCandidate(*etree.Element) reply { return outcomeReply(n.s.Unlock()) }

func (n *netconfSession) openConfiguration(op *etree.Element) reply {
	if hasElement(op, "exclusive") {
		return outcomeReply(n.s.Lock())
	}
	if !hasElement(op, "private") {
		return syntaxError(op.Tag)
	}
	if err := n.s.OpenPrivate(); err != nil {
		return refusedReply(*err)
	}
	return reply{errors: []rpcError{{Severity: "warning", Message: "\nuncommitted changes will be discarded on exit\n"}}, ok: !n.rfc || n.dropsWarnings("18.4R1")}
}

func (n *netconfSession) closeConfiguration(*etree.Element) reply {
	return outcomeReply(n.s.CloseConfiguration())
}

func (n *netconfSession) discardChanges(*etree.Element) reply { return outcomeReply(n.s.Rollback(0)) }

// loadConfiguration reads the payload in the form that the request announces.
func (n *netconfSession) loadConfiguration(op *etree.Element) reply {
	if op.SelectAttr("rescue") != nil {
		return n.reportLoad(nil, n.s.LoadRescue())
	}
	if number := op.SelectAttrValue("rollback", ""); number != "" {
		at, err := strconv.Atoi(number)
		if err != nil || at < 0 || at > engine.MaxRollback {
			return errorReply(rpcError{Message: "invalid rollback number", Bad: number})
		}
		return n.reportLoad(nil, n.s.Rollback(at))
	}
	action := op.SelectAttrValue("action", conf.ActionMerge)
	format, payload, bad := loadPayload(op)
	if bad != nil {
		return *bad
	}
	if format == conf.FormatSet {
		action = conf.ActionSet
	}
	return n.reportLoad(n.s.Load(action, format, payload))
}

func loadPayload(op *etree.Element) (format, payload string, bad *reply) {
	for _, c := range op.ChildElements() {
		switch c.Tag {
		case "configuration":
			return conf.FormatXML, serialize(c), nil
		case "configuration-text":
			return conf.FormatText, c.Text(), nil
		case "configuration-set":
			return conf.FormatSet, c.Text(), nil
		case "configuration-json":
			return conf.FormatJSON, c.Text(), nil
		default:
			answer := syntaxError(c.Tag)
			return "", "", &answer
		}
	}
	answer := errorReply(rpcError{Message: "missing configuration", Bad: op.Tag})
	return "", "", &answer
}

// reportLoad reports a load: warnings keep the ok, errors replace it.
func (n *netconfSession) reportLoad(problems []conf.Problem, err *engine.Refusal) reply {
	if err != nil {
		return refusedReply(*err)
	}
	errs := problemErrors(problems)
	failed := conf.Failed(problems)
	if n.s.Chassis.Profile.ErrorPlace == "reply" && failed {
		return reply{errors: errs}
	}
	p := n.newPage()
	p.quiet = n.dropsWarnings("18.4R1") && !failed
	p.open("load-configuration-results")
	p.writeErrors(errs)
	switch {
	case failed:
	case n.s.Chassis.Profile.LoadReply == "success":
		p.empty("load-success")
		p.leaf("load-error-count", "0")
	case !n.rfc || len(errs) == 0 || p.quiet:
		p.empty(p.nc + "ok")
	}
	p.close("load-configuration-results")
	return reply{body: p.String()}
}

// problemErrors are what a load reports, as it was recorded: line breaks around
// warnings, and no path.
func problemErrors(problems []conf.Problem) []rpcError {
	var errs []rpcError
	for _, p := range problems {
		r := engine.Refusal{By: engine.ByDatabase, Severity: p.Severity, Message: p.Message, Bad: p.BadElement}
		if p.Severity == conf.SeverityWarning {
			r.Message = "\n" + p.Message + "\n"
		}
		errs = append(errs, errorOf(r))
	}
	return errs
}

// configShape is how this session writes a configuration as XML.
func (n *netconfSession) configShape(committed bool) conf.XMLOptions {
	return conf.XMLOptions{Attrs: n.configAttrs(committed), YANG: n.yang, Twice: n.s.Chassis.Profile.JcmdNamespace == "twice"}
}

// configAttrs tell when the candidate was changed last, or when and by whom the active
// configuration was committed. Before 17.2R1, rfc-compliant sessions had no namespace.
func (n *netconfSession) configAttrs(committed bool) []conf.Attr {
	at, by := n.s.LastChange(committed)
	mark := map[bool]string{true: "commit", false: "changed"}[committed]
	var attrs []conf.Attr
	if !n.rfc || !conf.Earlier(n.s.Member.Release(), "17.2R1") {
		attrs = append(attrs, conf.Attr{Name: "xmlns", Value: xnmNamespace})
	}
	attrs = append(attrs,
		conf.Attr{Name: "junos:" + mark + "-seconds", Value: fmt.Sprint(at.Unix())},
		conf.Attr{Name: "junos:" + mark + "-localtime", Value: engine.Stamp(at)})
	if committed {
		attrs = append(attrs, conf.Attr{Name: "junos:commit-user", Value: by})
	}
	return attrs
}
