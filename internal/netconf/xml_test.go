// SPDX-License-Identifier: GPL-3.0-or-later

package netconf_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/netconf"
)

// Markup in every form that XML allows, and the forms that are near.
func TestMarkup(t *testing.T) {
	for _, row := range []struct{ inner, err string }{
		{"<a/>", ""}, {"<Z/>", ""}, {"<A/>", ""}, {"<z/>", ""}, {"<_x/>", ""}, {"<x:y/>", ""}, {"<é/>", ""},
		{"<a0/>", ""}, {"<a9/>", ""}, {"<a-b/>", ""}, {"<a.b/>", ""}, {"<aZ/>", ""}, {"<a\u0080/>", ""},
		{"<0a/>", "want a name after <"}, {"<9/>", "want a name after <"}, {"<-a/>", "want a name after <"}, {"<.a/>", "want a name after <"},
		{"<@/>", "want a name after <"}, {"<[/>", "want a name after <"}, {"<`/>", "want a name after <"}, {"<{/>", "want a name after <"},
		{"< a/>", "want a name after <"}, {"<a/b/>", "attributes of <a> are broken"}, {"<a;/>", "attributes of <a> are broken"},
		{"<a></a \t\r\n>", ""}, {"<a \t\r\n/>", ""}, {"<a></ a>", "</ a> inside <a>"}, {"<a></A>", "</A> inside <a>"},
		{"<a b=\"c\" d='e'/>", ""}, {"<a b = \n\t'c'/>", ""}, {"<a b='\"'/>", ""}, {"<a b='>'/>", ""}, {"<a b='/>'></a>", ""},
		{"<a b/>", "attributes of <a> are broken"}, {"<a =\"c\"/>", "attributes of <a> are broken"}, {"<a b=c/>", "attribute b is not quoted"},
		{"<a b='<'/>", "attribute b holds a <"}, {"<a b='c/>", "' without '"},
		{"<![CDATA[<b>&]]>", ""}, {"<![CDATA[x", "<![CDATA[ without ]]>"},
		{"<!-- <b> -->", ""}, {"<!-- x", "<!-- without -->"}, {"<?target data?>", ""},
		{"<?xml version='1.0'?>", "misplaced <?xml version='1.0'?>"}, {"<?XML?>", "misplaced <?XML?>"}, {"<?ab?>", "misplaced <?ab?>"},
		{"<?xy1?>", ""}, {"<? ", "<? without ?>"},
		{"<!ELEMENT a>", "document type declarations are refused"}, {"</a>", "</a> inside <rpc-reply>"}, {"<a", ""},
	} {
		_, err := call(t, hello10, reply(1, row.inner)+end)
		switch {
		case row.inner == "<a":
			row.err = "attributes of <a> are broken"
			fallthrough
		case row.err != "":
			if err == nil || !strings.Contains(err.Error(), row.err) {
				t.Errorf("%q: want %q, got %v", row.inner, row.err, err)
			}
		case err != nil:
			t.Errorf("%q: %v", row.inner, err)
		}
	}
}

func TestMarkupOutsideOfTheReply(t *testing.T) {
	good := reply(1, "<ok/>")
	for answer, want := range map[string]string{
		"<![CDATA[x]]>" + good:              "document type declarations are refused",
		good + "</a>":                       "</a> closes nothing",
		good + "x":                          `text outside of an element: "x"`,
		good + "<a/>":                       "<a> after the end of <rpc-reply>",
		"<" + strings.Repeat("a", 50) + ">": "<" + strings.Repeat("a", 40) + "> is never closed",
		good + "<?target?>":                 "",
	} {
		if _, err := call(t, hello10, answer+end); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: want %q, got %v", answer, want, err)
		}
	}
}

// The place of a fault is that of its byte.
func TestFaultsNameTheirPlace(t *testing.T) {
	_, err := call(t, hello10, "<rpc-reply message-id=\"1\"><a></b></rpc-reply>"+end)
	if want := "malformed XML at byte 33: </b> inside <a>"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("want %q, got %v", want, err)
	}
}

// A device sends a few levels; 256 are read, and no more.
func TestDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	for levels, want := range map[int]string{255: "", 256: "more than 256 levels"} { // and rpc-reply
		if _, err := call(t, hello10, reply(1, nested(levels))+end); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%d levels: want %q, got %v", levels, want, err)
		}
	}
}

// The first and the last character of each block that XML 1.0 allows, and their
// neighbours, as references.
func TestCharactersOfXML(t *testing.T) {
	for r, allowed := range map[int]bool{
		0x0: false, 0x8: false, 0x9: true, 0xA: true, 0xB: false, 0xC: false, 0xD: true, 0xE: false, 0x1F: false, 0x20: true,
		0xD7FF: true, 0xD800: false, 0xDFFF: false, 0xE000: true, 0xFFFD: true, 0xFFFE: false, 0xFFFF: false,
		0x10000: true, 0x10FFFF: true, 0x110000: false,
	} {
		for _, text := range []string{fmt.Sprintf("&#%d;", r), fmt.Sprintf("&#x%x;", r)} {
			got, err := call(t, hello10, reply(1, "<a>"+text+"</a>")+end)
			want := "<a>" + text + "</a>"
			if !allowed {
				want = "<a>\uFFFD</a>"
			}
			if err != nil || !strings.Contains(string(got.Raw), want) {
				t.Errorf("%s: want %s, got %v, %v", text, want, got, err)
			}
		}
	}
	for text, want := range map[string]string{
		"&#27":               "&#27", // no reference
		"&#;":                "&#;",  // no number
		"&#x;":               "&#x;",
		"&#0000000027;&#27;": "&#0000000027;\uFFFD", // longer than anybody writes it
		"&#000000027;":       "\uFFFD",
		"a&#":                "a&#",
	} {
		if got, err := call(t, hello10, reply(1, "<a>"+text+"</a>")+end); err != nil || !strings.Contains(string(got.Raw), "<a>"+want+"</a>") {
			t.Errorf("%s: want %s, got %v, %v", text, want, got, err)
		}
	}
}

// Prologs as Junos and others write them; only the declaration goes.
func TestProlog(t *testing.T) {
	good := reply(1, "<ok/>")
	for prolog, want := range map[string]string{
		"<?xml version='1.0'?>":                        "",
		"<?xml\tversion='1.0'?>":                       "",
		"<?xml?>":                                      "",
		"\n<?xml version='1.0'?>\n":                    "\n\n",
		"<!-- a --> <!-- b -->\n<?xml version='1.0'?>": "<!-- a --> <!-- b -->\n",
		"<?xml-stylesheet href='x'?>":                  "refused",
		"<?abc x='1'?>":                                "<?abc x='1'?>",
		"<?xml version='1.0'":                          "refused",
		"<!-- a <?xml version='1.0'?> -- ":             "refused",
		"<!-- a --><?xml":                              "refused",
		"\ufeff<?xml version='1.0'?>\ufeff":            "",
	} {
		r, err := call(t, hello10, prolog+good+end)
		switch {
		case want == "refused":
			if err == nil || strings.HasSuffix(prolog, "<?xml version='1.0'") && !strings.Contains(err.Error(), "<? without ?>") ||
				strings.HasSuffix(prolog, " -- ") && !strings.Contains(err.Error(), "<!-- without -->") {
				t.Errorf("%q: want it refused, got %v", prolog, err)
			}
		case err != nil || strings.TrimSpace(string(r.Raw)) != strings.TrimSpace(want+good):
			t.Errorf("%q: got %v, %v", prolog, r, err)
		}
	}
}

// Comments are kept from before the hello only, and not without an end.
func TestComments(t *testing.T) {
	hello := strings.Repeat("<!-- c -->", 150) + strings.Replace(hello10, "</hello>", "<!-- inside --></hello>", 1)
	s, _, err := start(t, netconf.Options{}, step{"", hello})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Comments(); len(got) != 100 || got[0] != "c" {
		t.Errorf("got %d comments: %q", len(got), got[:1])
	}
}

// What came instead of a hello is quoted, but not all of it.
func TestWhatCameInsteadOfAHello(t *testing.T) {
	for banner, want := range map[string]string{
		"no such command\n":      `, after "no such command"`,
		" \n ":                   "unexpected EOF",
		"\xff\xfe no":            `, after "? no"`,
		strings.Repeat("é", 150): `, after "` + strings.Repeat("é", 100) + `"`, // 200 bytes are looked at
		strings.Repeat("a", 300): `, after "` + strings.Repeat("a", 120) + `"`,
	} {
		_, _, err := start(t, netconf.Options{}, step{"", banner}, step{"", "EOF"})
		if err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%.20q: want %q, got %v", banner, want, err)
		}
	}
}
