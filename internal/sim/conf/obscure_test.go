// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"strings"
	"testing"
)

// reveal reads an obscured secret, as anybody can.
func reveal(s string) string {
	s = strings.TrimPrefix(s, obscuredMark)
	family := 0
	for i, letters := range obscuredFamilies {
		if strings.Contains(letters, s[:1]) {
			family = i
		}
	}
	previous, rest := s[0], s[1+3-family:]
	var out []byte
	for i := 0; rest != ""; i++ {
		char := 0
		for j, w := range obscuredWeights[i%len(obscuredWeights)] {
			n := len(obscuredLetters)
			char += w * ((strings.IndexByte(obscuredLetters, rest[j]) - strings.IndexByte(obscuredLetters, previous) + n - 1) % n)
			previous = rest[j]
		}
		rest = rest[len(obscuredWeights[i%len(obscuredWeights)]):]
		out = append(out, byte(char%256))
	}
	return string(out)
}

// The example that is public, and what we write ourselves, can be read again.
func TestObscuredSecretsCanBeRead(t *testing.T) {
	if got := reveal("$9$LbHX-wg4Z"); got != "lc" {
		t.Errorf("the public example is %q", got)
	}
	for _, secret := range []string{"x", "radius-secret", "Äpfel und Birnen 123!"} {
		if s := obscure(secret); reveal(s) != secret || obscure(s) != s {
			t.Errorf("%q becomes %q, which is %q", secret, s, reveal(s))
		}
	}
}

// Secrets never stay as they were typed; SNMPv3 passwords become keys.
func TestSecretsAreObscured(t *testing.T) {
	for _, c := range []struct{ line, path string }{
		{"system radius-server 192.0.2.1 secret Hush-hush-1", "system radius-server 192.0.2.1 secret"},
		{"system commit peers a authentication Hush-hush-1", "system commit peers a authentication"},
		{"snmp v3 usm local-engine user ada authentication-sha authentication-password Hush-hush-1", "snmp v3 usm local-engine user ada authentication-sha authentication-key"},
		{"snmp v3 usm local-engine user ada privacy-aes128 privacy-password Hush-hush-1", "snmp v3 usm local-engine user ada privacy-aes128 privacy-key"},
	} {
		tree := New(DefaultSchema("25.2R1"))
		if p := tree.Load(ActionSet, FormatSet, "set "+c.line); len(p) > 0 {
			t.Fatal(p)
		}
		if v, _ := tree.Get(strings.Fields(c.path)...); !strings.HasPrefix(v, obscuredMark) || strings.Contains(tree.Text(), "Hush") {
			t.Errorf("%s: %q in\n%s", c.line, v, tree.Text())
		}
	}
}
