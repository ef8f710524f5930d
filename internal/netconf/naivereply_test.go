// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	naive "github.com/Juniper/go-netconf/netconf"

	"github.com/vchassis/vchassis.junos/internal/netconf"
)

// go-netconf takes these replies for success.
func TestDefectErrorsAreMissed(t *testing.T) {
	for name, inner := range map[string]string{
		"nested in load-configuration-results": "<load-configuration-results>" + rpcError("error", "no", "") + "</load-configuration-results>",
		"nested in commit-results":             "<commit-results><routing-engine><name>fpc1</name>" + rpcError("error", "no", "") + "</routing-engine></commit-results>",
		"xnm:error":                            `<xnm:error xmlns:xnm="http://xml.juniper.net/xnm/1.1/xnm"><message>no</message></xnm:error>`,
		"severity between line feeds":          rpcError("\nerror\n", "no", ""),
	} {
		t.Run(name, func(t *testing.T) {
			answer := reply(1, inner) + end
			if r, err := naively(t, newWire(hello10, answer), 1); err != nil || r == nil {
				t.Errorf("go-netconf sees it now: %v", err)
			}
			if _, err := ours(t, newWire(hello10, answer), 1); strings.Join(refusedBecause(err), "") != "no" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// go-netconf returns the first of many errors, and no reply.
func TestDefectErrorCostsTheReply(t *testing.T) {
	answer := reply(1, rpcError("error", "first", "")+"<data>kept</data>"+rpcError("error", "second", "")) + end
	r, err := naively(t, newWire(hello10, answer), 1)
	if err == nil || errors.Is(err, errHangs) {
		t.Fatalf("want the first error, got %v", err)
	}
	if r != nil || strings.Contains(err.Error(), "second") {
		t.Errorf("go-netconf keeps them now: %v, %v", r, err)
	}
	mine, err := ours(t, newWire(hello10, answer), 1)
	if got := strings.Join(refusedBecause(err), ","); got != "first,second" || mine == nil || !strings.Contains(string(mine.Raw), "kept") {
		t.Errorf("got %v, %v", mine, err)
	}
}

// A message is cut, joined, or taken for another.
func TestDefectFraming(t *testing.T) {
	whole := reply(1, "<a>1234</a>")
	cut := strings.Index(whole, "34<")
	rows := []struct {
		name    string
		packets []string
		ends    bool
		calls   int
		naive   string // what go-netconf reads, or that it hangs
		err     string // what we say; "" if we read 1234
	}{
		{name: "chunks are not joined", calls: 1, naive: "<a>12\n#",
			packets: []string{hello11, fmt.Sprintf("\n#%d\n%s\n#%d\n%s\n##\n", cut, whole[:cut], len(whole)-cut, whole[cut:])}},
		{name: "a terminator in three packets", calls: 1, naive: errHangs.Error(), packets: []string{hello10, whole + "]]", ">]]", ">"}},
		{name: "EOF is taken for an end", calls: 1, naive: "<a>1234</a>", packets: []string{hello10, whole}, ends: true, err: "the device closed the session"},
		{name: "message-id is not compared", calls: 1, naive: "<a>1234</a>", packets: []string{hello10, strings.Replace(whole, `"1"`, `"99"`, 1) + end}, err: `want message-id 1, got "99"`},
		{name: "what follows the terminator is lost", calls: 2, naive: errHangs.Error(), packets: []string{hello10, reply(1, "") + end + reply(2, "<a>1234</a>") + end}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			theirs, mine := newWire(row.packets...), newWire(row.packets...)
			theirs.ends, mine.ends = row.ends, row.ends
			if got := said(naively(t, theirs, row.calls)); !strings.Contains(got, row.naive) {
				t.Errorf("go-netconf: want %q, got %q", row.naive, got)
			}
			r, err := ours(t, mine, row.calls)
			if row.err == "" && (err != nil || !strings.Contains(string(r.Raw), "<a>1234</a>")) {
				t.Errorf("got %v, %v", r, err)
			}
			if row.err != "" && (r != nil || err == nil || !strings.Contains(err.Error(), row.err)) {
				t.Errorf("want %q, got %v", row.err, err)
			}
		})
	}
}

func said(r *naive.RPCReply, err error) string {
	if err != nil {
		return err.Error()
	}
	return r.Data
}

// endlessWire never ends a reply, and counts what was taken of it.
type endlessWire struct {
	*wire
	text  string
	taken int
	until int
}

func (w *endlessWire) Read(b []byte) (int, error) {
	if len(w.packets) > 0 {
		return w.wire.Read(b)
	}
	if w.taken >= w.until {
		return 0, io.EOF
	}
	n := copy(b, w.text)
	w.taken += n
	return n, nil
}

// go-netconf reads as long as somebody sends.
func TestDefectNoLimit(t *testing.T) {
	const much = 8 << 20
	text := strings.Repeat("x", 4096)
	w := &endlessWire{newWire(hello10, "<rpc-reply>"), text, 0, much}
	s := naive.NewSession(&naive.TransportBasicIO{ReadWriteCloser: w})
	if _, _ = s.Exec(get); w.taken < much {
		t.Errorf("go-netconf stops now, after %d bytes", w.taken)
	}
	w = &endlessWire{newWire(hello10, "<rpc-reply>"), text, 0, much}
	mine, err := netconf.New(t.Context(), w, netconf.Options{MaxReply: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mine.Call(t.Context(), []byte(get)); err == nil || !strings.Contains(err.Error(), "larger than the limit") || w.taken > 2<<20 {
		t.Errorf("took %d bytes: %v", w.taken, err)
	}
}
