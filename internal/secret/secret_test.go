// SPDX-License-Identifier: GPL-3.0-or-later

package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

const canary = "Tr0ub4dor<&>\"'\\ü"

func TestStringPrintsAsAsterisks(t *testing.T) {
	type holder struct {
		Password secret.String `json:"password"`
		Pointer  *secret.String
		List     []secret.String
		Map      map[string]secret.String
	}
	s := secret.String(canary)
	h := holder{s, &s, []secret.String{s}, map[string]secret.String{"k": s}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%10s", "%T %v"} {
		for _, v := range []any{s, &s, h, []any{s}} {
			noCanary(t, verb, fmt.Sprintf(strings.Replace(verb, "%T ", "", 1), v))
		}
	}
	noCanary(t, "Sprint", fmt.Sprint(s, h))
	j, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	noCanary(t, "json", string(j))
	x, err := xml.Marshal(struct {
		XMLName  xml.Name      `xml:"a"`
		Password secret.String `xml:"b"`
		Attr     secret.String `xml:"c,attr"`
	}{Password: s, Attr: s})
	if err != nil {
		t.Fatal(err)
	}
	noCanary(t, "xml", string(x))
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("login", "password", s)
	noCanary(t, "slog", log.String())
}

// noCanary fails when text holds the canary, a part of it, or its hex form.
func noCanary(t *testing.T, where, text string) {
	t.Helper()
	for _, part := range []string{"Tr0ub4", "547230756234", "5472 3075"} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
			t.Errorf("%s shows the secret: %q", where, text)
		}
	}
	if !strings.Contains(text, secret.Mask) {
		t.Errorf("%s: want %s somewhere, got %q", where, secret.Mask, text)
	}
}

func TestStringDecodesFromJSON(t *testing.T) {
	var p struct {
		Password secret.String `json:"password"`
	}
	if err := json.Unmarshal([]byte(`{"password": "a\u00fcb"}`), &p); err != nil {
		t.Fatal(err)
	}
	if got := p.Password.Reveal(); got != "aüb" {
		t.Errorf("want aüb, got %q", got)
	}
}

func TestScrubKnownSecretsInEachForm(t *testing.T) {
	s := secret.New(canary, "", "abc", "longer-than-", "longer-than-this")
	asJSON, _ := json.Marshal(canary)
	var asXML bytes.Buffer
	_ = xml.EscapeText(&asXML, []byte(canary))
	for _, form := range []string{
		canary, string(asJSON), asXML.String(), fmt.Sprintf("%q", canary), fmt.Sprintf("%+q", canary),
		`Tr0ub4dor<&>\"'\\\u00fc`, `Tr0ub4dor&lt;&amp;&gt;"'\ü`, `Tr0ub4dor&lt;&amp;&gt;&quot;&apos;\ü`,
		`Tr0ub4dor%3C%26%3E%22%27%5C%C3%BC`, "longer-than-this",
	} {
		got := s.Scrub("before " + form + " after")
		if strings.Contains(got, "Tr0ub4") || strings.Contains(got, "longer") || strings.Contains(got, "this") {
			t.Errorf("%q: got %q", form, got)
		}
		if !strings.HasPrefix(got, "before ") || !strings.HasSuffix(got, " after") {
			t.Errorf("%q: the text around is harmed: %q", form, got)
		}
	}
	if got := s.Scrub("abc abcd"); got != "abc abcd" {
		t.Errorf("a secret of three letters was replaced: %q", got)
	}
}

// A device, or we, may put a secret on one line, or cut the text in the middle of it.
func TestScrubWhatIsLeftOfASecret(t *testing.T) {
	s := secret.New("two  words\r\nand a\x01 line", "Canary-long-enough", "admin-password")
	for in, want := range map[string]string{
		"in two words and a\x01 line.":              "in ********.",
		"in two  words\nand a\x01 line.":            "in ********.",
		"in two  words\r\nand a\uFFFD line.":        "in ********.",
		"the password Canary-lo…":                   "the password ********…",
		"Canary-lo [cut here: 9 bytes], Canary-lon": "******** [cut here: 9 bytes], Canary-lon",
		"Canary-long-enough [cut here: 9 bytes]":    "******** [cut here: 9 bytes]",
		"user admin":                                "user admin",
		"Can…":                                      "Can…",
		"…":                                         "…",
	} {
		if got := s.Scrub(in); got != want {
			t.Errorf("%q: want %q, got %q", in, want, got)
		}
	}
}

func TestScrubHashesAndKeys(t *testing.T) {
	key := "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----"
	for _, row := range []struct{ in, want string }{
		{`secret "$9$kmQz69pBIc/C"; ## SECRET-DATA`, `secret "********"; ## SECRET-DATA`},
		{"$8$aes256-gcm$hmac-sha2-256$100$abc=$x", "********"},
		{"<p>$6$rounds=5000$salt$abc./DEF</p>", "<p>********</p>"},
		{"$5$salt$hash and $1$salt$hash", "******** and ********"},
		{"a " + key + " b", "a ******** b"},
		{strings.ReplaceAll(key, "\n", `\n`) + `", "x"`, `********", "x"`},
		{"-----BEGIN RSA PRIVATE KEY-----\nMIIE", "********"},
		{"price $5 and $9.99, $HOME", "price $5 and $9.99, $HOME"},
		{"-----BEGIN PUBLIC KEY-----", "-----BEGIN PUBLIC KEY-----"},
	} {
		for _, s := range []*secret.Scrubber{nil, {}, secret.New()} {
			if got := s.Scrub(row.in); got != row.want {
				t.Errorf("%q: want %q, got %q", row.in, row.want, got)
			}
		}
	}
}
