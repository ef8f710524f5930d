// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vchassis/vchassis.junos/internal/netconf"
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

// What is kept of a message: 2 KiB of its text, 256 bytes of a name, and 20 messages.
func TestBoundsOfMessages(t *testing.T) {
	long := strings.Repeat("x", 2049)
	if m := messageOf(netconf.RPCError{Message: long[:2048], Path: long[:256], BadElement: long[:256], Source: long[:256]}); strings.Contains(m.String(), "cut here") {
		t.Errorf("got %s", m)
	}
	for _, e := range []netconf.RPCError{{Message: long}, {Path: long[:257]}, {BadElement: long[:257]}, {Source: long[:257]}} {
		if m := messageOf(e); !strings.Contains(m.Message+m.Path+m.BadElement+m.Source, "cut here") {
			t.Errorf("got %v", m)
		}
	}
	var heard Messages
	for i := range 20 {
		heard.Add(Message{Severity: "error", Message: fmt.Sprint(i)})
	}
	if list := heard.List(); len(list) != 20 || list[19].Message != "19" {
		t.Errorf("got %v", list)
	}
	heard.Add(Message{Severity: "error", Message: "one more"})
	if list := heard.List(); len(list) != 21 || list[20].Message != "1 message from the device left out" {
		t.Errorf("got %v", list)
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
