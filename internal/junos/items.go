// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"encoding/xml"
	"fmt"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// lastSeen is what replies that wrap the answers of members are read by: the members of
// the last reading, none before it.
func (d *Device) lastSeen() *State { return &State{Chassis: vc.Chassis{Members: d.members}} }

// localElement finds an element of a reply: in its place, or in the item of the
// member that has the session where Junos wraps the answers of members in
// multi-routing-engine-results. nil: it is not there, or nobody can tell which counts.
func (s *State) localElement(doc *etree.Document, path string) *etree.Element {
	if direct := doc.FindElements("/rpc-reply/" + path); len(direct) > 0 {
		return onlyOne(direct)
	}
	var found, local []*etree.Element
	for _, item := range doc.FindElements("/rpc-reply/multi-routing-engine-results/multi-routing-engine-item") {
		engine := contentAt(item, "re-name")
		for _, e := range item.FindElements(path) {
			switch m := s.findMember(engine); {
			case s.isLocalItem(engine, e):
				found, local = append(found, e), append(local, e)
			case m == nil: // one that is known to be another member's is not ours
				found = append(found, e)
			}
		}
	}
	if len(local) > 0 {
		return onlyOne(local)
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

// onlyOne returns the first of elements that say all the same, nil if they do not.
func onlyOne(all []*etree.Element) *etree.Element {
	for _, e := range all[1:] {
		if textOf(e) != textOf(all[0]) {
			return nil
		}
	}
	return all[0]
}

func textOf(e *etree.Element) string {
	doc := etree.NewDocument()
	doc.SetRoot(e.Copy())
	text, _ := doc.WriteToString() // a Builder takes everything
	return text
}

// isLocalItem says that an item is of the member that has the session. Before the
// members are known, their own list marks that one with an asterisk.
func (s *State) isLocalItem(engine string, e *etree.Element) bool {
	if m := s.findMember(engine); m != nil {
		return m.Local
	}
	if isLocalEngine(engine) {
		return true
	}
	id, isNamed := memberID(engine)
	for _, m := range e.FindElements("member-list/member") {
		role := contentAt(m, "member-role")
		if isNamed && contentAt(m, "member-id") == fmt.Sprint(id) && role != "" && role[len(role)-1] == '*' {
			return true
		}
	}
	return false
}

// decodeLocal decodes that element into a struct. found is false where there is none.
func (s *State) decodeLocal(operation string, r *netconf.Reply, path string, into any) (found bool, err error) {
	if errs := errorsOf(r); len(errs) > 0 {
		return false, &RejectedError{Operation: operation, Messages: append(errs, warningsOf(r)...)}
	}
	doc, err := r.Document()
	if err != nil {
		return false, fmt.Errorf("%s: read the reply: %w", operation, err)
	}
	e := s.localElement(doc, path)
	if e == nil && doc.FindElement("//multi-routing-engine-item/"+path) != nil {
		return false, fmt.Errorf("%s: several members answered, and which of them has this session cannot be determined", operation)
	}
	if e == nil && doc.FindElement("/rpc-reply/"+path) != nil {
		return false, fmt.Errorf("%s: the device answered more than once, with different answers", operation)
	}
	if e == nil {
		return false, nil
	}
	if err := xml.Unmarshal([]byte(textOf(e)), into); err != nil {
		return false, fmt.Errorf("%s: read the reply: %w", operation, err)
	}
	return true, nil
}
