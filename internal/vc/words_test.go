// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"strings"
	"testing"
)

func TestLoginLimits(t *testing.T) {
	for rate, want := range map[int][2]bool{0: {}, 1: {true, false}, 10: {true, false}, 11: {false, true}, 150: {false, true}} {
		l := LoginLimits{PerMinute: rate}
		if l.AreFew() != want[0] || l.AreMany() != want[1] {
			t.Errorf("%d a minute: few %t, many %t", rate, l.AreFew(), l.AreMany())
		}
	}
}

// A step is done by one module, and no other word names one.
func TestModuleOfAStep(t *testing.T) {
	for step, want := range map[Step]string{
		StepKeysCommand: "vc_authorized_keys_command", StepInternalSSH: "vc_internal_ssh", StepSCPSync: "vc_scp_sync", "dance": "", "": "",
	} {
		if got := step.Module(); got != want {
			t.Errorf("%s: want %q, got %q", step, want, got)
		}
	}
}

// What helps over SCP names both causes, in the order in which they are looked at.
func TestAdviceOnSCP(t *testing.T) {
	advice, at := AdviceOnSCP(), 0
	for _, part := range []string{"Permission denied", "authorized_keys_command", "replace: true", "scp_config_sync_replace", "rekey: always", "scp_config_sync_rekey"} {
		found := strings.Index(advice[at:], part)
		if found < 0 {
			t.Fatalf("%s is not where it belongs in %q", part, advice)
		}
		at += found
	}
}

// A refusal has the code of its first reason, the words of all, and each hint once.
func TestForbiddenError(t *testing.T) {
	err := &ForbiddenError{Problems: []Problem{{Code: "a", Message: "one", Hint: "do"}, {Code: "b", Message: "two", Hint: "do"}, {Code: "c", Message: "three"}, {Code: "d", Message: "four", Hint: "wait"}}}
	if err.Code() != "a" || err.Error() != "one; two; three; four" || strings.Count(err.Hint(), "do") != 1 || !strings.Contains(err.Hint(), "wait") {
		t.Errorf("got %s, %q, %q", err.Code(), err.Error(), err.Hint())
	}
	if hint := (&ForbiddenError{Problems: []Problem{{Code: "c", Message: "three"}}}).Hint(); hint != "" {
		t.Errorf("a reason without a hint has %q", hint)
	}
}
