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
// multi-routing-engine-results. nil: it is not there, or nobody can tell whose it is.
func (s *State) localElement(doc *etree.Document, path string) *etree.Element {
	if e := doc.FindElement("/rpc-reply/" + path); e != nil {
		return e
	}
	var found, local []*etree.Element
	for _, item := range doc.FindElements("/rpc-reply/multi-routing-engine-results/multi-routing-engine-item") {
		e := item.FindElement(path)
		if e == nil {
			continue
		}
		found = append(found, e)
		if s.isLocalItem(contentAt(item, "re-name"), e) {
			local = append(local, e)
		}
	}
	switch {
	case len(local) == 1:
		return local[0]
	case len(found) == 1:
		return found[0]
	}
	return nil
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
	if e == nil {
		return false, nil
	}
	raw := etree.NewDocument()
	raw.SetRoot(e.Copy())
	text, err := raw.WriteToBytes()
	if err == nil {
		err = xml.Unmarshal(text, into)
	}
	if err != nil {
		return false, fmt.Errorf("%s: read the reply: %w", operation, err)
	}
	return true, nil
}
