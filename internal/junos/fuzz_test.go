// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"strings"
	"testing"
	"time"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// replyOf lets a session read a reply with this content, as a device sends it.
// It is nil when the session ended of it.
func replyOf(t *testing.T, content string) *netconf.Reply {
	t.Helper()
	d, _ := play(t, Options{}, answers{"get-software-information": says(content)})
	reply, err := d.callOne(t.Context(), newElement("get-software-information"), time.Minute)
	if reply == nil && err == nil {
		t.Fatal("neither a reply nor an error")
	}
	return reply
}

// FuzzVirtualChassis: whatever a device says of its members, each that is
// returned has an id that Junos can mean and a role, and none is made up.
func FuzzVirtualChassis(f *testing.F) {
	odd := "<member><member-status> Prsnt </member-status><member-id>1</member-id><member-role>Linecard*</member-role></member>"
	for _, seed := range []string{twoMembers(), chassisReply(true, odd), chassisReply(false, odd, odd), "<virtual-chassis-information/>", "",
		rpcError("error", "Could not connect to fpc1 : No route to host") + twoMembers(), strings.Replace(twoMembers(), ">1<", ">-1<", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content string) {
		reply := replyOf(t, content)
		if reply == nil {
			return
		}
		var s State
		if err := s.readMembers(reply); err != nil {
			return
		}
		if n := strings.Count(string(reply.Raw), "member-id"); len(s.Members) > n {
			t.Errorf("%d members of %d ids: %q", len(s.Members), n, content)
		}
		for _, m := range s.Members {
			if m.ID < 0 || m.ID > 9 || m.Serial != strings.TrimSpace(m.Serial) {
				t.Errorf("member %+v of %q", m, content)
			}
			if m.Role == vc.Primary && !strings.HasPrefix(m.RoleText, "Master") && !strings.HasPrefix(m.RoleText, "Primary") {
				t.Errorf("role %q is taken for the primary", m.RoleText)
			}
		}
	})
}

// FuzzCommitReply: a member succeeded only where the reply says so of it, a
// check is never a commit, and no error of the reply is lost.
func FuzzCommitReply(f *testing.F) {
	const done, checked = "<commit-success/>", "<commit-check-success/>"
	for _, seed := range []string{results(engine("fpc0", done), engine("fpc1", checked)) + "<ok/>", results(engine("localre", done)), "<ok/>",
		results(engine("fpc1", done, rpcError("error", "rolled back"))), engine("fpc0", rpcError("warning", "x"), done), engine("", engine("fpc1", done))} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, content string, check bool) {
		reply := replyOf(t, content)
		if reply == nil {
			return
		}
		result := commitResult(reply, check)
		if len(result.Messages) != len(reply.Errors) {
			t.Errorf("%d messages of %d errors: %q", len(result.Messages), len(reply.Errors), content)
		}
		for _, m := range result.Members {
			if m.Named && (m.ID < 0 || m.ID > 9) || m.Named && m.Local {
				t.Errorf("member %+v of %q", m, content)
			}
			if m.Success && !strings.Contains(content, "commit-success") && !(check && strings.Contains(content, "commit-check-success")) {
				t.Errorf("%+v succeeded by %q", m, content)
			}
		}
	})
}
