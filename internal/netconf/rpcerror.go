// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"cmp"
	"encoding/xml"
	"strings"
)

// parseError reads an rpc-error or an error of the Junos XML protocol. An error
// that cannot be decoded is still one.
func parseError(e openElement, raw []byte) RPCError {
	var x struct {
		Type     string `xml:"error-type"`
		Tag      string `xml:"error-tag"`
		Severity string `xml:"error-severity"`
		Path     string `xml:"error-path"`
		Message  string `xml:"error-message"`
		Source   string `xml:"source-daemon"`
		Info     struct {
			BadElement string `xml:"bad-element"`
			Source     string `xml:"source-daemon"`
			SessionID  string `xml:"session-id"`
		} `xml:"error-info"`
		// The Junos XML protocol has other names.
		EditPath  string `xml:"edit-path"`
		Statement string `xml:"statement"`
		Token     string `xml:"token"`
		Text      string `xml:"message"`
	}
	err := xml.Unmarshal(raw, &x)
	severity := x.Severity
	if string(e.local) != "rpc-error" {
		severity = string(e.local)
	}
	r := RPCError{
		Type: strings.TrimSpace(x.Type), Tag: strings.TrimSpace(x.Tag), Severity: severityOf(severity),
		Path:       trimFirst(x.Path, x.EditPath),
		Message:    trimFirst(x.Message, x.Text, x.Tag),
		BadElement: trimFirst(x.Info.BadElement, x.Token, x.Statement),
		Source:     trimFirst(x.Source, x.Info.Source), SessionID: strings.TrimSpace(x.Info.SessionID),
	}
	if err != nil {
		r.Severity = "error"
	}
	if r.Message == "" {
		r.Message = cmp.Or(innerText(raw), "error without a message")
	}
	return r
}

// severityOf takes what is not clearly a warning for an error.
func severityOf(s string) string {
	if strings.EqualFold(strings.TrimSpace(s), "warning") {
		return "warning"
	}
	return "error"
}

func trimFirst(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// innerText returns all text of an element in one line.
func innerText(raw []byte) string {
	var b strings.Builder
	tag := false
	for _, c := range string(raw) {
		switch {
		case c == '<':
			tag = true
		case c == '>':
			tag = false
			b.WriteByte(' ')
		case !tag:
			b.WriteRune(c)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
