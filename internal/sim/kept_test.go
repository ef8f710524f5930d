// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// What a real switch has and the schema does not know is kept on request, listed, and travels; what is typed later is still
// judged by the release.
func TestUnknownStatementsOfTheStartAreKept(t *testing.T) {
	_, ch := oneChassis(t, "  release: 24.4R1.8\n  keep_unknown: true\n  config_add: |\n    set system launch-pad rocket alpha\n    set interfaces xe-0/0/1 warp-factor 9\n")
	c := login(t, ch.Address(), "root", rootPassword)
	kept := []string{"system launch-pad rocket alpha", "interfaces xe-0/0/1 warp-factor 9"}
	if got := ch.State(false).Kept; !slices.Equal(got, kept) {
		t.Fatalf("kept %q", got)
	}
	c.want(setLoad(scpOn), "syntax error", "config-sync-with-scp", "!<ok/>")
	c.want(setLoad("set system launch-pad rocket beta"), "syntax error", "!<ok/>")
	c.want(location("A"), "<ok/>")
	c.want(commitOp, "<name>fpc1</name>", "<ok/>")
	for _, m := range ch.State(true).Members {
		if !m.InSync || !strings.Contains(m.Config, "set "+kept[0]+"\n") {
			t.Errorf("member %d: in sync %v\n%s", m.ID, m.InSync, m.Config)
		}
	}
	c.want(setLoad("delete system launch-pad"), "<ok/>")
	c.want(commitOp, "<ok/>")
	c.want(`<load-configuration rollback="1"/>`, "<ok/>")
	c.want(`<get-configuration format="set"/>`, kept[0])
}

// A start that is not understood says all that is wrong with it, with the line, in set form.
func TestMistakesOfAStartAreNamedAllAtOnce(t *testing.T) {
	for _, start := range []string{
		"system {\n    launch-pad {\n        rocket alpha;\n    }\n    services {\n        telnet with-care;\n    }\n}\n",
		"set system host-name a\nset system launch-pad rocket alpha\n\n\n\nset system services telnet with-care\n",
	} {
		_, err := Start(context.Background(), Scenario{Chassis: []ChassisSpec{{Config: start}}})
		if err == nil {
			t.Fatal("the start should be refused")
		}
		for _, want := range []string{"line 2: set system launch-pad", "line 6: set system services telnet with-care: syntax error"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q is not in %v", want, err)
			}
		}
	}
}
