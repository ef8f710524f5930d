// SPDX-License-Identifier: GPL-3.0-or-later

package secret

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// minLength is the shortest secret that is searched for. Shorter ones would
// turn ordinary words into asterisks, and so tell more than they hide.
const minLength = 4

// secretMaterial matches what is secret wherever it comes from: crypt(3) hashes and
// the reversible $8$ and $9$ forms of Junos, and private keys, even cut short.
var secretMaterial = regexp.MustCompile(
	`\$(?:1|2[abxy]?|5|6|8|9|sha1|y)\$[A-Za-z0-9./$=,+-]+` +
		`|(?s:-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z))`)

// Scrubber replaces secrets in text. The zero value and nil know no secret of
// their own and still remove hashes and private keys. Scrub values before they
// are encoded, not the encoded document: a private key that was cut short takes
// the rest of the text with it.
type Scrubber struct {
	known *strings.Replacer
	forms []string // what it replaces, the longest first
}

// New returns a Scrubber for the given secrets. Empty and very short ones are ignored.
func New(secrets ...String) *Scrubber {
	var forms []string
	for _, s := range secrets {
		forms = append(forms, formsOf(s.Reveal())...)
	}
	// The longest first, so that a secret that contains another goes as a whole.
	slices.SortFunc(forms, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	forms = slices.Compact(forms)
	pairs := make([]string, 0, 2*len(forms))
	for _, f := range forms {
		pairs = append(pairs, f, Mask)
	}
	return &Scrubber{known: strings.NewReplacer(pairs...), forms: forms}
}

// Scrub returns text with Mask in place of each secret.
func (s *Scrubber) Scrub(text string) string {
	if s != nil && s.known != nil {
		text = s.maskCut(s.known.Replace(text))
	}
	return secretMaterial.ReplaceAllString(text, Mask)
}

// cutMarks stand where a text was cut before it was scrubbed.
var cutMarks = []string{"…", " [cut here"}

// maskCut masks the beginning of a secret of which the rest was cut off.
func (s *Scrubber) maskCut(text string) string {
	for _, mark := range cutMarks {
		parts := strings.Split(text, mark)
		for i := range parts[:len(parts)-1] {
			parts[i] = s.maskEnd(parts[i])
		}
		text = strings.Join(parts, mark)
	}
	return text
}

// maskEnd masks what a text ends with, if a secret begins so.
func (s *Scrubber) maskEnd(text string) string {
	for _, form := range s.forms {
		for n := min(len(form)-1, len(text)); n >= minLength; n-- {
			if strings.HasSuffix(text, form[:n]) {
				return text[:len(text)-n] + Mask
			}
		}
	}
	return text
}

// formsOf lists the forms in which a secret may stand in a text.
func formsOf(s string) []string {
	forms := []string{s, strings.TrimSpace(s), strings.Join(strings.Fields(s), " "), url.QueryEscape(s), url.PathEscape(s)}
	forms = append(forms, strings.ReplaceAll(s, "\r\n", "\n"), strings.Map(shownByXML, s))
	forms = append(forms, withoutQuotes(strconv.Quote(s)), withoutQuotes(strconv.QuoteToASCII(s)))
	forms = append(forms, jsonForms(s)...)
	forms = append(forms, xmlForms(s)...)
	return slices.DeleteFunc(forms, func(f string) bool { return len(f) < minLength || len(s) < minLength })
}

// shownByXML is what stands in a reply for a character that XML does not allow.
func shownByXML(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' {
		return '\uFFFD'
	}
	return r
}

func jsonForms(s string) []string {
	var plain bytes.Buffer
	e := json.NewEncoder(&plain)
	e.SetEscapeHTML(false)
	_ = e.Encode(s) // a string always encodes
	html, _ := json.Marshal(s)
	forms := []string{withoutQuotes(strings.TrimSuffix(plain.String(), "\n")), withoutQuotes(string(html))}
	return append(forms, asciiJSON(forms[0]))
}

// asciiJSON writes what is not ASCII as \uXXXX, as Python's json does.
func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			writeHex(&b, 0xd800+(r>>10))
			writeHex(&b, 0xdc00+(r&0x3ff))
		default:
			writeHex(&b, r)
		}
	}
	return b.String()
}

func writeHex(b *strings.Builder, r rune) {
	const digits = "0123456789abcdef"
	b.WriteString(`\u`)
	for shift := 12; shift >= 0; shift -= 4 {
		b.WriteByte(digits[r>>shift&0xf])
	}
}

func xmlForms(s string) []string {
	var numeric bytes.Buffer
	_ = xml.EscapeText(&numeric, []byte(s)) // a Buffer takes everything
	markup := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
	named := strings.NewReplacer(`"`, "&quot;", "'", "&apos;").Replace(markup)
	return []string{numeric.String(), markup, named}
}

// withoutQuotes takes the quotes off.
func withoutQuotes(quoted string) string { return quoted[1 : len(quoted)-1] }
