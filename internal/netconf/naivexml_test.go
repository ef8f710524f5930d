// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// encoding/xml gives up a whole reply for one byte that Junos lets through, or
// for an element that Junos leaves open.
func TestDefectOneByteCostsTheReply(t *testing.T) {
	for name, answer := range map[string]string{
		"ESC":                      reply(1, "<log>\x1b[0m</log><a>1234</a>"),
		"NUL":                      reply(1, "<log>\x00</log><a>1234</a>"),
		"Latin-1":                  reply(1, "<log>Z\xfcrich</log><a>1234</a>"),
		"reference to ESC":         reply(1, "<log>&#27;</log><a>1234</a>"),
		"declaration of us-ascii":  `<?xml version="1.0" encoding="us-ascii"?>` + reply(1, "<a>1234</a>"),
		"routing-engine left open": reply(1, "<a>1234</a><routing-engine><name>fpc0</name><commit-check-success/><ok/>"),
	} {
		t.Run(name, func(t *testing.T) {
			r, err := naively(t, newWire(hello10, answer+end), 1)
			if err == nil || errors.Is(err, errHangs) || r != nil {
				t.Errorf("it is read now: %v, %v", r, err)
			}
			mine, err := ours(t, newWire(hello10, answer+end), 1)
			var v struct {
				A int `xml:"a"`
			}
			if err != nil || mine.Decode(&v) != nil || v.A != 1234 {
				t.Errorf("got %+v, %v", v, err)
			}
		})
	}
}

// encoding/xml passes over a document type, which no device needs.
func TestDefectDoctypeIsAccepted(t *testing.T) {
	answer := `<!DOCTYPE rpc-reply [<!ENTITY a "b">]>` + reply(1, "<ok/>") + end
	if _, err := naively(t, newWire(hello10, answer), 1); err != nil {
		t.Errorf("it is refused now: %v", err)
	}
	if _, err := ours(t, newWire(hello10, answer), 1); err == nil || !strings.Contains(err.Error(), "document type declarations are refused") {
		t.Errorf("got %v", err)
	}
}

// encoding/xml writes other prefixes than it has read.
func TestDefectPrefixesAreRewritten(t *testing.T) {
	const tree = `<configuration junos:commit-user="root" xmlns:junos="http://xml.juniper.net/junos/25.2R1/junos"><apply-macro><name>x</name></apply-macro></configuration>`
	var back bytes.Buffer
	in, out := xml.NewDecoder(strings.NewReader(tree)), xml.NewEncoder(&back)
	for {
		token, err := in.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := out.EncodeToken(token); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil || back.String() == tree {
		t.Errorf("they are kept now: %v", err)
	}
	r, err := ours(t, newWire(hello10, reply(1, tree)+end), 1)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := r.Document()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := doc.WriteToString(); err != nil || !strings.Contains(text, tree) {
		t.Errorf("got %s, %v", text, err)
	}
}

// Junos puts its version into namespaces: what names one fails after an upgrade.
func TestDefectNamespacesHoldTheVersion(t *testing.T) {
	for _, release := range []string{"21.4R1", "25.2R1"} {
		inner := `<virtual-chassis-information xmlns="http://xml.juniper.net/junos/` + release + `/junos-virtual-chassis"><id>1234</id></virtual-chassis-information>`
		r, err := ours(t, newWire(hello10, reply(1, inner)+end), 1)
		if err != nil {
			t.Fatal(err)
		}
		var named struct {
			ID int `xml:"http://xml.juniper.net/junos/21.4R1/junos-virtual-chassis virtual-chassis-information>id"`
		}
		if err := xml.Unmarshal(r.Raw, &named); (err == nil && named.ID == 1234) != (release == "21.4R1") {
			t.Errorf("%s with the namespace of 21.4R1: %+v, %v", release, named, err)
		}
		var local struct {
			ID int `xml:"virtual-chassis-information>id"`
		}
		if err := r.Decode(&local); err != nil || local.ID != 1234 {
			t.Errorf("%s: %+v, %v", release, local, err)
		}
	}
}
