// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"cmp"
	"context"
	"fmt"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
)

// Snapshot is all that a stand-in for a chassis needs to know of it.
type Snapshot struct {
	State
	Configuration []byte   // the committed configuration, as the reply has it, secrets included
	Inherited     []byte   // the same with groups applied and named
	Unseen        []string // what this login could not see, a sentence each
}

// The operations of a snapshot, in the order of their replies.
const (
	snapMembers = iota
	snapSoftware
	snapHistory
	snapClock
	snapWritten
	snapInherited
	snapRights
	snapCount
)

// ReadSnapshot reads a chassis whole, with one round trip of pipelined reads. What the
// login may not see is named in Unseen; an error means that nothing is left to make a
// snapshot of.
func (d *Device) ReadSnapshot(ctx context.Context) (Snapshot, error) {
	whole := func() []string { return []string{"database", "committed", "format", "xml"} }
	replies, err := d.callAll(ctx, d.opts.RPCTimeout,
		newElement("get-virtual-chassis-information"),
		newElement("get-software-information"),
		newElement("get-commit-information"),
		newElement("get-system-uptime-information"),
		withAttributes(newElement("get-configuration"), whole()...),
		withAttributes(newElement("get-configuration"), append(whole(), "inherit", "inherit", "groups", "groups")...),
		withAttributes(newElement("get-authorization-information"), "format", "text"),
	)
	if len(replies) != snapCount {
		return Snapshot{}, fmt.Errorf("read the chassis: %w", err)
	}
	s := Snapshot{}
	if err := s.readMembers(replies[snapMembers]); err != nil {
		return Snapshot{}, err
	}
	s.readSoftware(replies[snapSoftware])
	s.noteClock(s.readHistory(replies[snapHistory]), s.clockOf(replies[snapClock]))
	s.missHistory(replies[snapHistory])
	for _, m := range s.Members {
		if m.IsPresent() && m.Version == "" {
			s.miss(fmt.Sprintf("the release of member %d", m.ID))
		}
	}
	s.Configuration = s.readWhole("the configuration", replies[snapWritten])
	s.Inherited = s.readWhole("the configuration from groups", replies[snapInherited])
	if s.Configuration != nil && s.Inherited != nil {
		if err := s.readSettings(replies[snapWritten], replies[snapInherited]); err != nil {
			s.miss("the settings of this procedure: " + err.Error())
		}
	}
	d.noteHiddenParts(&s, replies[snapRights])
	return s, nil
}

func (s *Snapshot) miss(what string) { s.Unseen = append(s.Unseen, what) }

// missHistory says that the history could not be read, with the device's reason.
func (s *Snapshot) missHistory(reply *netconf.Reply) {
	if s.HistoryKnown {
		return
	}
	what := "the commit history"
	if errs := errorsOf(reply); len(errs) > 0 {
		what += ": " + errs[0].String()
	}
	s.miss(what)
}

// readWhole returns a reply that holds a configuration; nil: it does not, and Unseen
// says why.
func (s *Snapshot) readWhole(what string, r *netconf.Reply) []byte {
	if errs := errorsOf(r); len(errs) > 0 {
		s.miss(what + ": " + errs[0].String())
		return nil
	}
	doc, err := r.Document()
	if err != nil {
		s.miss(what + ": the reply cannot be read")
		return nil
	}
	e := s.localElement(doc, "configuration")
	if e == nil || len(e.ChildElements()) == 0 {
		s.miss(what + ": the reply shows none")
		return nil
	}
	one := etree.NewDocument()
	one.SetRoot(e.Copy())
	text, err := one.WriteToBytes()
	if err != nil {
		s.miss(what + ": the reply cannot be read")
	}
	return text
}

// Offer is what a switch has offered at the login.
type Offer = sshconn.Offer

// Offer is which algorithms the switch has offered at the login.
func (d *Device) Offer() Offer {
	if d.client == nil {
		return Offer{}
	}
	return d.client.Offer()
}

// noteHiddenParts says that a login class may hide parts of what was shown.
func (d *Device) noteHiddenParts(s *Snapshot, rights *netconf.Reply) {
	class := cmp.Or(d.Class(), classIn(string(rights.Raw)))
	if s.Configuration == nil || d.seesAll() || isSuperUser(class) {
		return
	}
	if len(errorsOf(rights)) > 0 || !maySeeCommit(string(rights.Raw)) { // an error may name the permission
		s.miss("statements that the login class " + nameClass(class) + " may hide")
	}
}
