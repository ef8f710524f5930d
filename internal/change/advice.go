// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"slices"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// adviceOnMember says what helps a member that did not take a commit, by what the
// device said of it. Advice on keys is for words about keys, and for words that
// nobody knows where the commit went over SCP.
func (p reply) adviceOnMember(overSCP bool) string {
	const look = "check its links, its disk and its log"
	switch {
	case slices.Contains(p.causes, junos.CauseKeys):
		return vc.AdviceOnSCP()
	case slices.Contains(p.causes, junos.CauseSpace):
		return "make room on its disk (request system storage cleanup on that member)"
	case slices.Contains(p.causes, junos.CauseLock):
		return "see who edits or locks the configuration there (request session member, then show system users)"
	case slices.Contains(p.causes, junos.CauseConnection):
		return "check its links, show virtual-chassis and its log"
	case overSCP:
		return look + "; " + vc.AdviceOnSCP()
	}
	return look
}
