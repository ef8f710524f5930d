// SPDX-License-Identifier: GPL-3.0-or-later

package shapes

import (
	"strings"
	"testing"
)

func TestShapeOfADocument(t *testing.T) {
	for _, test := range []struct{ name, document, want, err string }{
		{"equal ones are folded", `<a><b>1</b><b>2</b><c/><b>3</b></a>`, "a\n  b text +\n  c\n  b text\n", ""},
		{"unequal ones are not", `<a><b><c/></b><b/></a>`, "a\n  b\n    c\n  b\n", ""},
		{"attributes and prefixes", `<n:a xmlns:n="x" k="v"/>`, "n:a @k @xmlns:n\n", ""},
		{"text on lines of its own", "<a><b>\nx\n</b><c> y</c></a>", "a\n  b lines\n  c text\n", ""},
		{"comments", "<!-- one --><!-- two -->\n<a/>", "<!----> +\na\n", ""},
		{"left open inside", "<a><b><c/></a>", "a\n  b unclosed\n    c\n", ""},
		{"left open at the end", "<a><b>", "a unclosed\n  b unclosed\n", ""},
		{"an end of nothing", "<a></a></b>", "", "</b> ends nothing"},
		{"no XML", "<a", "", "byte 2:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			shape, err := Of([]byte(test.document))
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("want %q, got %v", test.err, err)
				}
				return
			}
			if err != nil || shape.String() != test.want {
				t.Fatalf("%v\n%s", err, shape)
			}
			again, err := Parse(shape.String())
			if err != nil || again.String() != test.want || len(Diff(shape, again)) > 0 {
				t.Fatalf("read back: %v\n%s", err, again)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, err string }{
		{"too deep", "a\n    b\n", "line 2: indented by 4"},
		{"half a step", "a\n b\n", "line 2: indented by 1"},
		{"an unknown mark", "a twice\n", `"twice" is no mark`},
	} {
		if _, err := Parse(test.text); err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s: want %q, got %v", test.name, test.err, err)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, test := range []struct{ name, recorded, here, want string }{
		{"equal", `<a k="1"><b/></a>`, `<a k="2"><b/></a>`, ""},
		{"an element is missing", `<a><b/><c/></a>`, `<a><c/></a>`, "a/b: missing"},
		{"an element too many", `<a><c/></a>`, `<a><b/><c/></a>`, "a/b: not recorded"},
		{"another order", `<a><b/><c/><d/></a>`, `<a><c/><d/><b/></a>`, "a/b: in another place"},
		{"attributes", `<a k="1"/>`, `<a l="1"/>`, "a@k: missing\na@l: not recorded"},
		{"a prefix", `<a><nc:b/></a>`, `<a><b/></a>`, "a/nc:b: missing\na/b: not recorded"},
		{"count", `<a><b/><b/></a>`, `<a><b/></a>`, "a/b: recorded repeated, here once"},
		{"place of text", "<a>\nx</a>", "<a>x</a>", "a: recorded text on lines of its own, here text"},
		{"text or none", "<a>x</a>", "<a/>", "a: recorded text, here no text"},
		{"an end", "<a><b></a>", "<a><b/></a>", "a/b: recorded unclosed, here closed"},
		{"the like are paired", `<a><m><x/></m><m><y/></m></a>`, `<a><m><y/></m></a>`, "a/m: missing"},
		{"inside what moved", `<a><b><x/></b><c/><d/></a>`, `<a><c/><d/><b/></a>`, "a/b: in another place\na/b/x: missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			recorded, err := Of([]byte(test.recorded))
			if err != nil {
				t.Fatal(err)
			}
			here, err := Of([]byte(test.here))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(Diff(recorded, here), "\n"); got != test.want {
				t.Fatalf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// What a recording says of an attribute's value counts; what it does not say does not.
func TestValuesOfAttributes(t *testing.T) {
	recorded, err := Parse("a @k=x*z @l\n")
	if err != nil || recorded.String() != "a @k=x*z @l\n" {
		t.Fatalf("%v %s", err, recorded)
	}
	for here, want := range map[string]string{`<a k="xyz" l="1"/>`: "", `<a k="xy" l="1"/>`: "a@k: recorded x*z, here xy", `<a l="1"/>`: "a@k: missing"} {
		shape, err := Of([]byte(here))
		if got := strings.Join(Diff(recorded, shape), "\n"); err != nil || got != want {
			t.Errorf("%s: %v, got %q", here, err, got)
		}
	}
}
