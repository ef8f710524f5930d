// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/vc"
)

const (
	wholeSystem  = "<system><host-name>sw1</host-name><services><ssh/></services></system>"
	rightsOfAll  = "<authorization-information>Permissions: view-configuration\nDenied configuration: none</authorization-information>"
	rightsOfSome = "<authorization-information>Permissions: view-configuration\nDeny-configuration: system commit</authorization-information>"
)

// snapReads answers everything that a snapshot asks for, with a change.
func snapReads(operation string, replies ...string) answers {
	a := reads("", "")
	a["get-configuration"] = says(configuration(wholeSystem))
	a["get-authorization-information"] = says(rightsOfAll)
	if operation != "" {
		a[operation] = says(replies...)
	}
	return a
}

func TestReadSnapshot(t *testing.T) {
	d, p := play(t, Options{ReadOnly: true}, snapReads(""))
	s, err := d.ReadSnapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wantChassis(), s.Chassis); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	if len(s.Unseen) > 0 || s.Newest == nil || !s.Now.Equal(time.Unix(1767225660, 0)) {
		t.Errorf("unseen %q, newest %v, clock %s", s.Unseen, s.Newest, s.Now)
	}
	for name, text := range map[string][]byte{"written": s.Configuration, "inherited": s.Inherited} {
		if got := string(text); !strings.HasPrefix(got, "<configuration ") || !strings.Contains(got, wholeSystem) || strings.Contains(got, "rpc-reply") {
			t.Errorf("%s: %s", name, got)
		}
	}
	want := []string{
		"<get-virtual-chassis-information/>", "<get-software-information/>", "<get-commit-information/>", "<get-system-uptime-information/>",
		`<get-configuration database="committed" format="xml"/>`,
		`<get-configuration database="committed" format="xml" inherit="inherit" groups="groups"/>`,
		`<get-authorization-information format="text"/>`,
	}
	if diff := cmp.Diff(want, p.sent()); diff != "" {
		t.Errorf("requests: want - got +\n%s", diff)
	}
	if d.Offer().KeyExchanges != nil || d.Offer().HostKeys != nil {
		t.Error("a session without a connection of its own was offered something")
	}
}

// What could not be seen is named, each with the device's reason, and the rest stays.
func TestSnapshotNamesWhatIsUnseen(t *testing.T) {
	whole := configuration(wholeSystem)
	const admin, ops = "user admin, class super-user", "user ann, class j-operator"
	for name, row := range map[string]struct {
		comment string
		answers answers
		want    []string
	}{
		"all":                          {admin, snapReads(""), nil},
		"no history":                   {admin, snapReads("get-commit-information", refusal("permission denied", "commit")), []string{"the commit history: permission denied at commit"}},
		"a history without entries":    {admin, snapReads("get-commit-information", history()), []string{"the commit history"}},
		"no configuration":             {admin, snapReads("get-configuration", refusal("denied", ""), whole), []string{"the configuration: denied"}},
		"an empty one":                 {admin, snapReads("get-configuration", configuration(""), whole), []string{"the configuration: the reply shows none"}},
		"one that cannot be decoded":   {admin, snapReads("get-configuration", configuration("<system>&nosuch;</system>"), whole), []string{"the configuration: the reply cannot be read"}},
		"no element of it":             {admin, snapReads("get-configuration", "<other/>", whole), []string{"the configuration: the reply shows none"}},
		"groups are not named":         {admin, snapReads("get-configuration", whole, refusal("denied", "")), []string{"the configuration from groups: denied"}},
		"no settings":                  {admin, snapReads("get-configuration", configuration("<system/>"), configuration("<system/>")), []string{"the settings of this procedure: "}},
		"the release of a member":      {admin, snapReads("get-software-information", engines(softwareItem("fpc0", "25.2R1.9", ""))), []string{"the release of member 1"}},
		"the releases of all":          {admin, snapReads("get-software-information", refusal("denied", "")), []string{"the release of member 0", "the release of member 1"}},
		"a member that is not present": {admin, snapReads("get-virtual-chassis-information", chassisReply(false, member(0, "Prsnt", "Master*", priority), member(1, "NotPrsnt", "", ""))), nil},
		"an absent member, of which nobody tells": {admin, func() answers {
			a := snapReads("get-virtual-chassis-information", chassisReply(false, member(0, "Prsnt", "Master*", priority), member(1, "NotPrsnt", "", "")))
			a["get-software-information"] = says(engines(softwareItem("fpc0", "25.2R1.9", "")))
			return a
		}(), nil},
		"a class that sees all":        {ops, snapReads(""), nil},
		"the other name of super-user": {"user root, class superuser", snapReads("get-authorization-information", rightsOfSome), nil},
		"no class":                     {"hello", snapReads("get-authorization-information", rightsOfSome), []string{"statements that the login class of this user may hide"}},
		"no class, of root":            {"user root", snapReads("get-authorization-information", rightsOfSome), nil},
		"a class that is denied some":  {ops, snapReads("get-authorization-information", rightsOfSome), []string{"statements that the login class j-operator may hide"}},
		"a class of which nobody tells": {ops, snapReads("get-authorization-information", refusal("denied", "")),
			[]string{"statements that the login class j-operator may hide"}},
		"a class whose permission is refused by name": {ops, snapReads("get-authorization-information", refusal("permission denied: view-configuration", "")),
			[]string{"statements that the login class j-operator may hide"}},
		"a class, and no configuration": {ops, func() answers {
			a := snapReads("get-authorization-information", rightsOfSome)
			a["get-configuration"] = says(refusal("denied", ""), whole)
			return a
		}(), []string{"the configuration: denied"}},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := playAs(t, row.comment, Options{ReadOnly: true}, row.answers)
			s, err := d.ReadSnapshot(t.Context())
			if err != nil || len(s.Unseen) != len(row.want) || len(s.Members) != 2 {
				t.Fatalf("want %q, got %q and %d members, %v", row.want, s.Unseen, len(s.Members), err)
			}
			for i, want := range row.want {
				if want[len(want)-1] == ' ' && strings.HasPrefix(s.Unseen[i], want) {
					continue
				}
				if s.Unseen[i] != want {
					t.Errorf("want %q, got %q", want, s.Unseen[i])
				}
			}
		})
	}
}

func TestSnapshotOfNothing(t *testing.T) {
	for name, row := range map[string]struct{ operation, reply, err string }{
		"the link is lost": {"get-system-uptime-information", "EOF", "read the chassis: "},
		"no members":       {"get-virtual-chassis-information", refusal("syntax error", ""), "get-virtual-chassis-information: the device reports: syntax error"},
	} {
		d, _ := play(t, Options{}, snapReads(row.operation, row.reply))
		s, err := d.ReadSnapshot(t.Context())
		told(t, err, row.err)
		if len(s.Members) > 0 || s.Configuration != nil {
			t.Errorf("%s: got %+v", name, s)
		}
	}
}

// The settings of the procedure and the history are in a snapshot as in any reading.
func TestSnapshotHasTheSettings(t *testing.T) {
	on := configuration("<system><commit><config-sync-with-scp/></commit><services><ssh/></services></system>")
	d, _ := play(t, Options{}, snapReads("get-configuration", on))
	s, err := d.ReadSnapshot(t.Context())
	if err != nil || !s.Settings.SCP || !s.Own.SCP || len(s.History) != 1 {
		t.Errorf("want SCP and the history, got %+v and %v, %v", s.Settings, s.History, err)
	}
	if diff := cmp.Diff(wantChassis(func(c *vc.Chassis) { c.Settings.SCP, c.Own.SCP = true, true }), s.Chassis); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}
