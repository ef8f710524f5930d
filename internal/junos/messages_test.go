// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMessagesEnd(t *testing.T) {
	var heard Messages
	if len(heard.List()) != 0 {
		t.Errorf("nothing was said, got %v", heard.List())
	}
	one, two := 1, 1
	heard.Add(Message{Severity: "warning", Message: "x", Member: &one}, Message{Severity: "warning", Message: "x", Member: &two}, Message{Severity: "warning", Message: "x"})
	if got := len(heard.List()); got != 2 {
		t.Errorf("want each message once, and one of a member apart, got %d", got)
	}
	for i := range 50 {
		heard.Add(Message{Severity: "error", Message: fmt.Sprint(i)})
	}
	list := heard.List()
	if last := list[len(list)-1]; len(list) != maxMessages+1 || last.Severity != "error" || last.Message != "32 messages from the device left out" {
		t.Errorf("got %d messages, the last is %v", len(list), last)
	}
}

func TestCut(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		strings.Repeat("x", 10):   strings.Repeat("x", 10),
		strings.Repeat("x", 11):   "xxxxxxxxxx [cut here: 11 bytes in all]",
		"xxxxxxxxx\u00fcxx":       "xxxxxxxxx [cut here: 13 bytes in all]",
		"xxxxx     " + "and more": "xxxxx [cut here: 18 bytes in all]",
	} {
		if got := cutText(in, 10); got != want || !utf8.ValidString(got) {
			t.Errorf("%q: want %q, got %q", in, want, got)
		}
	}
}
