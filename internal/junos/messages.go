// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

// What a device says goes into results and job events, so it has to end.
const (
	maxText     = 2 << 10 // bytes of one message
	maxName     = 256     // bytes of a name, a path, a serial number
	maxMessages = 20
)

// Messages is what a device said beside its replies: each message once, and
// not without end. The zero value is empty; it is not for concurrent use.
type Messages struct {
	list []Message
	more int
}

// Add takes messages in.
func (m *Messages) Add(all ...Message) {
	for _, one := range all {
		switch {
		case slices.ContainsFunc(m.list, one.isSameAs):
		case len(m.list) == maxMessages:
			m.more++
		default:
			m.list = append(m.list, one)
		}
	}
}

// List returns them in the order in which they came, and at the end how many
// are left out.
func (m *Messages) List() []Message {
	if m.more == 0 {
		return slices.Clone(m.list)
	}
	last := m.list[len(m.list)-1]
	return append(slices.Clone(m.list), Message{Severity: last.Severity, Message: fmt.Sprintf("%s from the device left out", phrase.Count(m.more, "message"))})
}

func (m Message) isSameAs(o Message) bool {
	if (m.Member == nil) != (o.Member == nil) || m.Member != nil && *m.Member != *o.Member {
		return false
	}
	m.Member, o.Member = nil, nil
	return m == o
}

// cutText bounds a text, and says so.
func cutText(s string, most int) string {
	if len(s) <= most {
		return s
	}
	head := strings.ToValidUTF8(s[:most], "") // not half a letter
	return strings.TrimSpace(head) + fmt.Sprintf(" [cut here: %d bytes in all]", len(s))
}
