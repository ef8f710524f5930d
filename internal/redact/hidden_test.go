// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"strings"
	"testing"
)

// In an anonymous run no text names a user, a host or a switch that was seen anywhere,
// however much its name looks like a word; root and what Junos itself has stay.
func TestAnonymousTextsNameNobody(t *testing.T) {
	key := []byte("stays with the user")
	r := New(Options{Anonymize: true, Key: key})
	login := r.UserName("admin")
	out := r.Message([]byte(`<rpc-reply><configuration><system><host-name>core</host-name><login><user><name>ada</name></user></login></system></configuration></rpc-reply>`)) +
		r.Message([]byte(`<!-- user admin, class super-user --><hello/>`)) +
		r.Message([]byte("<a><error-message>configuration database locked by:\n  eve terminal pts/0 (pid 12) on since 2026-01-01 00:00:00 UTC</error-message></a>")) +
		r.Message([]byte("<a><user>bob</user><member-serial-number>XR0218440000</member-serial-number></a>")) +
		r.Words("log in to 192.0.2.1:830 as carol: held by mallory. ada and bob* edit core: XR0218440000; root may")
	for _, name := range []string{"ada", "eve", "bob", "core", "XR0218440000", "192.0.2.1", "carol", "mallory", "admin"} {
		if i := strings.Index(" "+out, name); i >= 0 {
			t.Errorf("%s stays: %.60s", name, out[max(0, i-20):])
		}
	}
	for _, want := range []string{"locked by:\n  ", " terminal pts/0 (pid 12)", "user " + login + ", class super-user", "; root may", "* edit "} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is gone: %s", want, out)
		}
	}
	snapshot := New(Options{Anonymize: true, Key: key})
	if serial := snapshot.Serial("XR0218440000"); strings.Count(out, serial) != 2 {
		t.Errorf("a snapshot with the same key has the switch as %s, the messages not: %s", serial, out)
	}
}
