// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// knobRow sets one choice of one knob, other knobs with it and more of the scenario,
// and looks for what a client sees of it.
type knobRow struct {
	knob, choice, with, more string
	see                      func(t *testing.T, lab *Lab, ch *Chassis)
}

// A choice that no test sets is a claim that nobody has tried. The default is what
// all other tests run with.
func TestEveryChoiceOfEveryKnob(t *testing.T) {
	rows := slices.Concat(commitRows, trialRows, memberRows, keyRows, prepareRows, replyRows, loginRows)
	for _, row := range rows {
		t.Run(row.knob+" "+row.choice, func(t *testing.T) {
			t.Parallel()
			lab, ch := oneChassis(t, fmt.Sprintf("  profile: {%s: %q%s}\n%s", row.knob, row.choice, row.with, row.more))
			row.see(t, lab, ch)
		})
	}
	for _, knob := range Knobs() {
		for _, r := range rows {
			if r.knob == knob.Name && len(knob.Choices) == 0 && isWords(r.choice) && strings.Contains(knob.Default, r.choice) {
				t.Errorf("%s: %q is seen without this row too", knob.Name, r.choice)
			}
		}
		for _, choice := range otherChoices(knob) {
			if !slices.ContainsFunc(rows, func(r knobRow) bool { return r.knob == knob.Name && (choice == anyText || r.choice == choice) }) {
				t.Errorf("%s: no row sets %q", knob.Name, choice)
			}
		}
	}
}

func isWords(s string) bool { return strings.Trim(s, "0123456789") != "" }

// anyText stands for the values of a knob without choices.
const anyText = "a value of its own"

// otherChoices are all but the default.
func otherChoices(k Knob) []string {
	if len(k.Choices) == 0 {
		return []string{anyText}
	}
	return slices.DeleteFunc(slices.Clone(k.Choices), func(c string) bool { return c == k.Default })
}

// seen looks for texts in the reply that root gets.
func seen(op string, texts ...string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		login(t, ch.Address(), "root", rootPassword).want(op, texts...)
	}
}

// after does something before it looks.
func after(ops []string, op string, texts ...string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		for _, before := range ops {
			c.want(before, "!<error-severity>error")
		}
		c.want(op, texts...)
	}
}

// failing looks while a lasting fault strikes member 2.
func failing(action, op string, texts ...string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, lab *Lab, ch *Chassis) {
		strike(t, lab, Fault{Action: action}, 0)
		seen(op, texts...)(t, lab, ch)
	}
}

// strike arms a fault of member 2.
func strike(t *testing.T, lab *Lab, f Fault, times int) {
	t.Helper()
	two := 2
	if _, err := lab.AddFault(Rule{Fault: f, Member: &two, Times: times}); err != nil {
		t.Fatal(err)
	}
}

const (
	trialOp   = `<commit-configuration><confirmed/><confirm-timeout>5</confirm-timeout></commit-configuration>`
	checkOp   = `<commit-configuration><check/></commit-configuration>`
	historyOp = `<get-commit-information/>`
	statusOp  = `<get-virtual-chassis-information/>`
)

// cutReply: the reply leaves its element open.
func cutReply(op string) func(*testing.T, *Lab, *Chassis) {
	return seen(op, "<routing-engine", "!</routing-engine>")
}

func location(name string) string { return setLoad("set system location building " + name) }

func scpReadyWith(statements ...string) string {
	return scpReady + "    " + strings.Join(statements, "\n    ") + "\n"
}
