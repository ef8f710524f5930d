// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"testing"
	"time"
)

// Operations are noted with their replies, and what could change anything is counted.
func TestDialogueCountsWrites(t *testing.T) {
	d := &dialogue{}
	d.note(false, []byte("<!-- user root -->\n<hello><capabilities/></hello>"))
	d.note(true, []byte("<hello/>"))
	for _, op := range []string{"get-configuration", "nc:lock", "commit-configuration", "close-session"} {
		d.note(true, []byte(`<rpc message-id="1" xmlns="urn:x"><`+op+` format="xml"/></rpc>`))
	}
	d.note(false, []byte("<rpc-reply/>"))
	all := d.exchanges()
	if len(all) != 4 || all[1].Operation != "lock" || all[0].Bytes != 12 || !all[1].Answered.IsZero() {
		t.Errorf("%+v", all)
	}
	if n := CountWrites(all); n != 2 {
		t.Errorf("want 2 writes, got %d", n)
	}
}

func TestSecondsOfPipelinedReplies(t *testing.T) {
	at := time.Unix(0, 0)
	e := Exchange{Sent: at, Answered: at.Add(3 * time.Second)}
	for _, test := range []struct {
		before time.Time
		want   float64
	}{{time.Time{}, 3}, {at.Add(2 * time.Second), 1}, {at.Add(-time.Hour), 3}} {
		if got := e.Seconds(test.before); got != test.want {
			t.Errorf("before %v: want %v, got %v", test.before, test.want, got)
		}
	}
	if got := (Exchange{Sent: at}).Seconds(at); got != 0 {
		t.Errorf("no answer took %v", got)
	}
}
