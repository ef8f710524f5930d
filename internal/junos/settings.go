// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// settingsRequest asks for four hierarchies of the committed configuration
// and no more: none of them holds a secret.
func settingsRequest() *etree.Element {
	system := newElement("system", newElement("commit"), newElement("services", newElement("ssh"), newElement("netconf")), newElement("fips"))
	return withAttributes(newElement("get-configuration", newElement("configuration", system)), "database", "committed", "format", "xml")
}

// settingsRequests ask for them at their own place, and as they are in force.
func (d *Device) settingsRequests() []*etree.Element {
	return []*etree.Element{settingsRequest(), d.effectiveRequest()}
}

// readSettings fills in what the procedure changes. What is in force counts,
// so groups are applied; own is the configuration without them, in which
// deactivated statements can be seen on every release.
func (s *State) readSettings(own, effective *netconf.Reply) error {
	written, err := s.systemOf(own)
	if err != nil {
		return err
	}
	system, err := s.systemOf(effective)
	if err != nil {
		return err
	}
	if !hasSessionService(system) {
		return errServicesHidden
	}
	s.isCommitShown = written.FindElement("commit") != nil || system.FindElement("commit") != nil
	s.Unread = append(s.Unread, mergeProblems(takeOutDeactivated(written), takeOutDeactivated(system))...)
	s.Own, s.Settings = settingsIn(written), settingsIn(system)
	s.Settings.Record = s.Own.Record // a group's could not be withdrawn, and would claim keys for good
	s.Groups = vc.Groups{
		SCP:  groupOf(system, "commit/config-sync-with-scp"),
		Keys: cmp.Or(groupOf(system, "services/ssh/authorized-keys-command"), groupOf(system, "services/ssh/authorized-keys-command-user")),
	}
	s.LacksSSH = system.FindElement("services/ssh") == nil
	if isInForce(system, "services/ssh/root-login") {
		s.RootLogin = contentAt(system, "services/ssh/root-login")
	}
	s.RootKeys = rootKeysIn(system)
	s.Logins = vc.LoginLimits{Sessions: lowestLimit(system, "connection-limit"), PerMinute: lowestLimit(system, "rate-limit")}
	for _, path := range []string{"fips/level", "fips/chassis/level"} {
		for _, level := range system.FindElements(path) {
			if n, err := strconv.Atoi(trimSpace(charactersIn(level))); err == nil && n > s.FIPSLevel {
				s.FIPSLevel = n
			}
		}
	}
	return nil
}

// lowestLimit is the lowest of the limits of that name, 0 if there is none: over
// which of the services this session came is not always to be told by its port.
func lowestLimit(system *etree.Element, name string) (lowest int) {
	for _, service := range []string{"services/ssh/", "services/netconf/ssh/"} {
		if n, err := strconv.Atoi(contentAt(system, service+name)); err == nil && n > 0 && (lowest == 0 || n < lowest) {
			lowest = n
		}
	}
	return lowest
}

// settingsIn reads the statements of the procedure.
func settingsIn(system *etree.Element) vc.Settings {
	return vc.Settings{
		Keys: vc.KeysCommand{
			Command: contentsAt(system, "services/ssh/authorized-keys-command"),
			User:    contentsAt(system, "services/ssh/authorized-keys-command-user"),
		},
		SCP:    system.FindElement("commit/config-sync-with-scp") != nil,
		Record: recordOf(system),
	}
}

// systemOf returns the hierarchy of a configuration, an empty one if there is
// none.
func (s *State) systemOf(r *netconf.Reply) (*etree.Element, error) {
	const operation = "get-configuration"
	if errs := errorsOf(r); len(errs) > 0 {
		return nil, &RejectedError{Operation: operation, Messages: append(errs, warningsOf(r)...)}
	}
	doc, err := r.Document()
	if err != nil {
		return nil, fmt.Errorf("%s: read the reply: %w", operation, err)
	}
	if other := unexpectedElement(doc); other != "" {
		return nil, fmt.Errorf("%s: want a configuration, got <%s>", operation, other)
	}
	if direct := doc.FindElements("/rpc-reply/configuration/system"); len(direct) > 0 {
		return mergeElements(direct), nil
	}
	if inData := doc.FindElements("/rpc-reply/data/configuration/system"); len(inData) > 0 {
		return mergeElements(inData), nil
	}
	if system := s.localElement(doc, "configuration/system"); system != nil {
		return system, nil
	}
	return newElement("system"), nil
}

// mergeElements is one hierarchy of which a reply has several parts: what stands in any
// of them is there.
func mergeElements(parts []*etree.Element) *etree.Element {
	for _, more := range parts[1:] {
		for _, e := range more.ChildElements() {
			e.Attr = append(e.Attr, more.Attr...) // deactivated, or of a group, with what is around it
			parts[0].AddChild(e)
		}
	}
	return parts[0]
}

// hasSessionService says that a configuration has one of the services over which this
// session runs. A login class that may not see them may not see the statements
// of the procedure either.
func hasSessionService(system *etree.Element) bool {
	return system.FindElement("services/ssh") != nil || system.FindElement("services/netconf") != nil
}

// errServicesHidden is the error of a configuration without those services.
var errServicesHidden error = &hiddenError{}

// hiddenError means that the login's class hides parts of the configuration, so that
// what is not shown may be there.
type hiddenError struct{}

func (*hiddenError) Error() string {
	return "get-configuration: it shows neither system services ssh nor netconf, over which this session runs, so what else it does not show may be there"
}

// Code is the kind of problem, of which the guide has a section.
func (*hiddenError) Code() string { return vc.CodeHidden }

// Hint says what to do.
func (*hiddenError) Hint() string {
	return "use a login that may see the configuration: class super-user, or permission view-configuration without deny-configuration for system"
}

// mergeProblems returns each problem once.
func mergeProblems(lists ...[]vc.Problem) (out []vc.Problem) {
	for _, p := range slices.Concat(lists...) {
		if !slices.ContainsFunc(out, func(q vc.Problem) bool { return q.Message == p.Message }) {
			out = append(out, p)
		}
	}
	return out
}

// unexpectedElement names what came instead of a configuration, so that it is not
// taken for one without the statements. An empty one may be left out.
func unexpectedElement(doc *etree.Document) string {
	for _, e := range doc.Root().ChildElements() {
		switch e.Tag {
		case "configuration", "data", "rpc-error", "cli", "ok", "multi-routing-engine-results":
		default:
			return e.Tag
		}
	}
	return ""
}

func contentAt(e *etree.Element, path string) string {
	if found := e.FindElement(path); found != nil {
		return trimSpace(charactersIn(found))
	}
	return ""
}

// contentsAt is the text of all elements at a path. Where they differ the device has given
// no value that could be the wanted one.
func contentsAt(e *etree.Element, path string) string {
	var all []string
	for _, found := range e.FindElements(path) {
		if text := trimSpace(charactersIn(found)); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, " | ")
}

// charactersIn is the text of an element, whatever comments and instructions stand in it.
func charactersIn(e *etree.Element) string {
	var b strings.Builder
	for _, token := range e.Child {
		if text, ok := token.(*etree.CharData); ok {
			b.WriteString(text.Data)
		}
	}
	return b.String()
}

// recordOf reads the record. What could be read in two ways claims nothing: an id that
// is not written as we write it, and one that stands there twice with different values.
func recordOf(system *etree.Element) vc.Record {
	var record vc.Record
	for _, macro := range system.FindElements("commit/apply-macro") {
		if contentAt(macro, "name") != vc.RecordName {
			continue
		}
		if record == nil {
			record = vc.Record{}
		}
		for _, data := range macro.FindElements("data") {
			name, e := contentAt(data, "name"), vc.ParseEntry(contentAt(data, "value"))
			id, _ := strconv.Atoi(name) // without a number, not that of the name
			if strconv.Itoa(id) != name {
				continue
			}
			if other, twice := record[id]; twice && other != e {
				e = vc.Entry{}
			}
			record[id] = e
		}
	}
	return record
}
