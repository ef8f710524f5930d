// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"slices"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

// rescueFile holds the rescue configuration of a member; it does not travel.
const rescueFile = "/config/rescue.conf.gz"

// Rescue is the rescue configuration, or nil.
func (m *Member) Rescue() *conf.Tree {
	text, ok := m.readFile(rescueFile)
	if !ok {
		return nil
	}
	tree := conf.New(m.ActiveTree().Schema())
	if slices.ContainsFunc(tree.Load(conf.ActionOverride, conf.FormatText, string(text)), func(p conf.Problem) bool { return p.Severity == conf.SeverityError }) {
		return nil
	}
	return tree
}

// SaveRescue keeps what is active.
func (m *Member) SaveRescue() { m.writeFile(rescueFile, []byte(m.ActiveTree().Text())) }

// DeleteRescue forgets it.
func (m *Member) DeleteRescue() { m.removeFile(rescueFile) }

// LoadRescue loads it into the candidate.
func (s *Session) LoadRescue() *Refusal {
	tree := s.Member.Rescue()
	if tree == nil {
		err := NoRescue()
		return &err
	}
	return s.changeCandidate(edit{action: conf.ActionOverride, format: conf.FormatText, payload: tree.Text()}, func(*conf.Tree) *conf.Tree { return tree })
}

// NoRescue is the answer where none was saved.
func NoRescue() Refusal { return Refusal{Message: "\nNo rescue configuration is set.\n"} }
