// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

// Messages keep what a reader and a replay need: elements, attributes, words of the device.
func TestMessagesKeepTheirShape(t *testing.T) {
	for _, text := range []string{
		`<rpc-reply xmlns="urn:ietf:params:xml:ns:netconf:base:1.0" xmlns:junos="http://xml.juniper.net/junos/25.2R0/junos" message-id="1"><ok></ok></rpc-reply>`,
		`<nc:rpc message-id="4"><get-configuration database="committed" format="xml"></get-configuration></nc:rpc>`,
		`<rpc-reply message-id="7"><rpc-error><error-severity>error</error-severity><error-message>
configuration database locked by:
  root terminal pts/0 (pid 1234) on since 2026-01-01 00:00:00 UTC
      exclusive
</error-message></rpc-error></rpc-reply>`,
		`<a><member-role>Master*</member-role><junos-version>25.2R1.9</junos-version><model>ex4400-24t</model><re-name>fpc0</re-name></a>`,
		`<a><error-message>could not synchronize configuration to fpc1: Permission denied (publickey)</error-message></a>`,
		`<a><log>vchassis.junos 0.4.0-dev vc_scp_sync trial run=0123456789abcdef0123</log></a>`,
	} {
		if got := New(Options{}).Message([]byte(text)); got != text {
			t.Errorf("want %s\ngot %s", text, got)
		}
	}
}

// What could be more than a word does not stay, nor does a word that is a secret of the
// configuration.
func TestMessagesLoseSecrets(t *testing.T) {
	r := New(Options{})
	reply := `<rpc-reply><configuration><snmp><community><name>sesame</name></community></snmp><vlans><vlan><name>payroll</name></vlan></vlans></configuration>` +
		`<output>bad community sesame: key AAAAB3NzaC1yc2EAAAADAQ, hash $6$abc$defGHI123, password=Tr0ub4dor</output></rpc-reply>`
	got := r.Message([]byte(reply)) + r.Message([]byte("cannot use sesame, nor xK9mQ2pL")) + r.Message([]byte("<a b=\"t0kenValue9\">x"))
	for _, secret := range []string{"sesame", "payroll", "AAAAB3", "defGHI", "Tr0ub4dor", "xK9mQ2pL", "t0kenValue9"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s stays: %s", secret, got)
		}
	}
	if !strings.Contains(got, "bad community ") || !strings.Contains(got, "cannot use ") {
		t.Errorf("the words are gone: %s", got)
	}
}

// A comparison shows somebody's edits, of which a plain word may be a secret as well.
func TestComparisonsLoseValues(t *testing.T) {
	const text = `<a><configuration-output>
[edit snmp community sesame]
+  authorization read-only;
[edit]
+  snmp {
+      community opensesame {
-          clients treasure;
+      }
+  }
</configuration-output></a>`
	got := New(Options{}).Message([]byte(text))
	for _, secret := range []string{"sesame", "treasure"} {
		if strings.Contains(got, secret) {
			t.Errorf("%s stays: %s", secret, got)
		}
	}
	for _, where := range []string{"\n[edit snmp community ", "\n[edit]\n+  snmp\n+      community ", "\n-          clients "} {
		if !strings.Contains(got, where) {
			t.Errorf("%q is gone: %s", where, got)
		}
	}
}

// Canaries in configurations stay out of messages as well.
func TestNoCanaryInMessages(t *testing.T) {
	for seed := range seeds() {
		g := newGenerator(seed)
		if c := canary.Around(New(Options{}).Message([]byte(g.configuration())), "Kanarie"); c != "" {
			t.Fatalf("seed %d: %s stays", seed, c)
		}
	}
}
