// SPDX-License-Identifier: GPL-3.0-or-later

// Package canary holds the secrets that tests use, so that one search finds any
// that gets out: Check looks at values inside of tests, and build-tools/check.py
// looks for the same list, canaries.txt, in what every gate has printed.
//
// It is for tests only.
package canary

import (
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// Secrets for tests that need one and do not care which.
const (
	Password   = "Canary-Passw0rd"
	Passphrase = "Canary-Phrase"
	Wrong      = "Canary-Wrong"
)

//go:embed canaries.txt
var list string

// All returns the canaries.
func All() (all []string) {
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// In returns the first canary that a text shows, as it is, in base64 or in hex.
func In(text string) string {
	lower := strings.ToLower(text)
	for _, c := range All() {
		if strings.Contains(text, c) || strings.Contains(lower, hex.EncodeToString([]byte(c))) ||
			strings.Contains(text, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(c)), "=")) {
			return c
		}
	}
	return ""
}

// Around returns what a text shows of a word, with what is beside it: plainly, split over
// lines, or in base64, also inside of something longer; "": nothing.
func Around(text, word string) string {
	tight := strings.Join(strings.Fields(strings.NewReplacer("&#xA;", " ", "&#x9;", " ", `\n`, " ", `\t`, " ").Replace(text)), "")
	forms := []string{word}
	for before := range 3 { // base64 has three forms of a text inside a longer one; what depends on the neighbours is cut off
		form := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + word + "x"))
		forms = append(forms, form[(8*before+5)/6:8*(before+len(word))/6])
	}
	for _, form := range forms {
		if i := strings.Index(tight, form); i >= 0 {
			return tight[max(0, i-200):min(len(tight), i+40)]
		}
	}
	return ""
}

// Check fails the test when one of the values shows a canary, however it is
// printed: with any verb, as JSON, and each error that an error wraps.
func Check(t testing.TB, values ...any) {
	t.Helper()
	for len(values) > 0 {
		v := values[0]
		values = append(values[1:], wrappedErrors(v)...)
		for form, text := range printForms(v) {
			if c := In(text); c != "" {
				t.Errorf("%T shows %.3s... as %s", v, c, form)
				break
			}
		}
	}
}

func printForms(v any) map[string]string {
	forms := map[string]string{"text": fmt.Sprint(v)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x"} {
		forms[verb] = fmt.Sprintf(verb, v)
	}
	if j, err := json.Marshal(v); err == nil {
		forms["JSON"] = string(j)
	}
	if h, ok := v.(interface{ Hint() string }); ok {
		forms["hint"] = h.Hint()
	}
	return forms
}

// wrappedErrors returns the errors that an error wraps.
func wrappedErrors(v any) (all []any) {
	switch e := v.(type) {
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			all = append(all, inner)
		}
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			all = append(all, inner)
		}
	}
	return all
}
