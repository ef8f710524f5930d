// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"errors"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
)

// What helps depends on what became of the command, and not on a word that a member
// happens to use.
func TestHintAtPrepareSetup(t *testing.T) {
	says := func(text string) *junos.RejectedError {
		return &junos.RejectedError{Messages: []junos.Message{{Severity: "warning", Message: "unknown command"}, {Severity: "error", Message: text}}}
	}
	question := says("Replace the keys?")
	question.IsQuestion = true
	for want, err := range map[string]error{
		"by hand as root": question,
		"25.2R1 or later": says("syntax error, expecting <command>."),
		"check the members named in the message (show virtual-chassis)": says("fpc1: ssh-keygen asked a question: unknown command, not valid"),
		"": errors.New("asked a question"),
	} {
		err := hintAtPrepareSetup(err)
		if got := hint.Of(err); !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%v: want the hint %q, got %q", err, want, got)
		}
	}
}
