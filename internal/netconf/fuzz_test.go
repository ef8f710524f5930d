// SPDX-License-Identifier: GPL-3.0-or-later

package netconf

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
)

// FuzzReply compares the pass over a reply with encoding/xml: what that accepts
// must be accepted, with the same root, the same errors counted and the same
// number of levels; and whatever comes, nothing panics and the repair holds.
func FuzzReply(f *testing.F) {
	for _, seed := range []string{
		`<rpc-reply message-id="1"><ok/></rpc-reply>`,
		`<?xml version="1.0" encoding="us-ascii"?><!-- c --><a b="c" d='e>'><![CDATA[<x>]]>&#27;</a>`,
		`<rpc-reply><routing-engine><name>fpc0</name><commit-check-success/><ok/></rpc-reply>`,
		`<r><rpc-error><error-severity>warning</error-severity><error-message>x</error-message></rpc-error><xnm:error/></r>`,
		"<a>\x00\xff\x1b</a>", "<a><b></a></b>", "<!DOCTYPE a><a/>", "\xef\xbb\xbf<a/>", "\ufeff\ufeff", "<:/>", "<a:/>", "<a><:b/></a>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		clean := sanitizeMessage(raw)
		if !bytes.Equal(before, raw) {
			t.Fatal("sanitize changed its input")
		}
		if again := sanitizeMessage(clean); !bytes.Equal(again, clean) && !strings.Contains(string(clean), "<?xml") {
			t.Fatalf("sanitize is not stable: %q, %q", clean, again)
		}
		r, err := parseReply(raw)
		root, errs, levels, ok := reference0(clean)
		switch {
		case ok && levels <= maxElements && err != nil:
			t.Fatalf("encoding/xml accepts %q, we say %v", clean, err)
		case ok && err == nil && (r.root != root || len(r.Errors) != errs):
			t.Fatalf("%q: want root %s with %d errors, got %s with %d", clean, root, errs, r.root, len(r.Errors))
		case err != nil && !errors.Is(err, ErrXML):
			t.Fatalf("want ErrXML, got %v", err)
		}
	})
}

// reference0 reads a document with encoding/xml. It says not ok for what the two
// are known to see differently: directives, and names beyond ASCII.
func reference0(b []byte) (root string, errs, levels int, ok bool) {
	d := xml.NewDecoder(bytes.NewReader(b))
	depth, inError := 0, 0
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return root, errs, levels, root != "" && depth == 0
		}
		switch tok := tok.(type) {
		case nil:
			return "", 0, 0, false
		case xml.Directive, xml.ProcInst:
			return "", 0, 0, false
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(tok)) > 0 {
				return "", 0, 0, false
			}
		case xml.StartElement:
			if depth == 0 && root != "" || strings.Contains(tok.Name.Local, ":") || strings.Contains(tok.Name.Space, "xnm") || tok.Name.Local == "error" || tok.Name.Local == "warning" {
				return "", 0, 0, false
			}
			if depth++; depth > levels {
				levels = depth
			}
			if depth == 1 {
				root = tok.Name.Local
			}
			if tok.Name.Local == "rpc-error" && inError == 0 {
				inError = depth
				errs++
			}
		case xml.EndElement:
			if inError == depth {
				inError = 0
			}
			depth--
		}
	}
}

func FuzzHello(f *testing.F) {
	f.Add([]byte(`<!-- user root --><hello><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>1</session-id></hello>]]>]]>`))
	f.Add([]byte(`<rpc-error><error-message>x</error-message></rpc-error>]]>]]>`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		hello, comments, err := readHello(frame.NewReader(bytes.NewReader(raw), frame.Limits{Message: 1 << 16}).Next)
		if err == nil && (hello.SessionID < 1 || len(hello.Capabilities) == 0) || len(comments) > maxComments {
			t.Fatalf("got %+v, %q, %v", hello, comments, err)
		}
	})
}
