// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// keeping loads a start into a tree that keeps what it does not know.
func keeping(t *testing.T, format, start string) *Tree {
	t.Helper()
	tree := New(DefaultSchema("24.4R1").Keeping())
	for _, p := range tree.Load(ActionMerge, format, start) {
		t.Fatalf("%v, line %d %q", p, p.Line, p.Source)
	}
	return tree
}

// What the schema does not know is kept when that was asked for, and listed.
func TestUnknownStatementsAreKept(t *testing.T) {
	const text = `system {
    host-name sw1;
    launch-pad {
        rocket alpha {
            stages 3;
            inactive: fuel [ lox kerosene ];
        }
    }
    services {
        telnet with-care;
    }
}
interfaces {
    ge-0/0/0 {
        warp-factor 9;
        unit 0;
    }
}
`
	kept := []string{
		"system launch-pad rocket alpha fuel kerosene",
		"system launch-pad rocket alpha fuel lox",
		"system launch-pad rocket alpha stages 3",
		"interfaces ge-0/0/0 warp-factor 9",
	}
	tree := keeping(t, FormatText, text)
	for _, want := range kept {
		if !slices.Contains(tree.Seal(), want) {
			t.Errorf("%q is not listed in %q", want, tree.Seal())
		}
	}
	for _, format := range []string{FormatText, FormatSet, FormatXML, FormatJSON} {
		payload := map[string]string{FormatText: tree.Text(), FormatSet: tree.SetText(), FormatXML: tree.XML(XMLOptions{}), FormatJSON: tree.JSON()}[format]
		if again := keeping(t, format, payload); again.Text() != tree.Text() {
			t.Errorf("%s: %s\nwant\n%s", format, again.Text(), tree.Text())
		}
	}
}

// A statement that the schema knows otherwise is kept whole, and not taken apart.
func TestStatementsThatAreKnownOtherwiseAreKept(t *testing.T) {
	for _, line := range []string{
		"set system host-name sw1 of-the-day",
		"set chassis fpc seven colour blue",
	} {
		t.Run(line, func(t *testing.T) {
			tree := keeping(t, FormatSet, line)
			if got := tree.Seal(); len(got) != 1 || "set "+got[0] != line {
				t.Fatalf("got %q", got)
			}
			if again := keeping(t, FormatText, tree.Text()); !again.Equal(tree) {
				t.Fatalf("%s\nbecomes\n%s", tree.Text(), again.Text())
			}
			if again := keeping(t, FormatSet, tree.SetText()); !again.Equal(tree) {
				t.Fatalf("%s\nbecomes\n%s", tree.SetText(), again.SetText())
			}
		})
	}
}

// What was kept may be taken away and put back; nothing else that is unknown may come in.
func TestNothingUnknownComesInLater(t *testing.T) {
	tree := keeping(t, FormatSet, "set system launch-pad rocket alpha\nset system host-name a")
	tree.Seal()
	start := tree.Clone()
	for _, line := range []string{"set system commit config-sync-with-scp", "set system launch-pad rocket beta", "set system hostname b", "set system host-name a b"} {
		if p := tree.Load(ActionSet, FormatSet, line); len(p) != 1 || p[0].Message != msgSyntax || !tree.Equal(start) {
			t.Errorf("%s: %v\n%s", line, p, tree.SetText())
		}
	}
	if p := tree.Load(ActionMerge, FormatXML, "<configuration><system><launch-pad><rocket><name>gamma</name></rocket></launch-pad></system></configuration>"); !Failed(p) {
		t.Errorf("XML: %v", p)
	}
	if p := tree.Load(ActionSet, FormatSet, "delete system launch-pad rocket"); len(p) > 0 || strings.Contains(tree.Text(), "launch-pad rocket") {
		t.Errorf("delete: %v\n%s", p, tree.Text())
	}
	if p := tree.Load(ActionOverride, FormatText, start.Text()); len(p) > 0 || !tree.Equal(start) {
		t.Errorf("back: %v\n%s", p, tree.Text())
	}
}

// Without the option nothing is kept, and an element of that name is none.
func TestUnknownStatementsAreRefused(t *testing.T) {
	tree := New(DefaultSchema("24.4R1"))
	for _, x := range []string{"<system><launch-pad/></system>", "<system><unknown-statement><name>x</name></unknown-statement></system>"} {
		if p := tree.Load(ActionMerge, FormatXML, "<configuration>"+x+"</configuration>"); !Failed(p) || !tree.Empty() {
			t.Errorf("%s: %v", x, p)
		}
	}
}

// A problem can be told as the statement that it is in.
func TestProblemsNameTheirStatement(t *testing.T) {
	for _, c := range []struct{ format, load, want string }{
		{FormatText, "system {\n    services {\n        telnet with-care;\n    }\n}\n", "set system services telnet with-care"},
		{FormatText, "system {\n    launch-pad {\n        rocket alpha;\n    }\n}\n", "set system launch-pad"},
		{FormatSet, "set system host-name a\nset system launch-pad rocket\n", "set system launch-pad rocket"},
		{FormatText, "system { ntp { server 192.0.2.1 colour blue; } }", "set system ntp server 192.0.2.1 colour blue"},
	} {
		p := New(DefaultSchema("24.4R1")).Load(ActionMerge, c.format, c.load)
		if len(p) == 0 || p[0].Statement(c.load) != c.want {
			t.Errorf("%q: %q", c.load, p[0].Statement(c.load))
		}
	}
}

// The round trip holds with unknown statements, too.
func TestRoundTripOfUnknownStatements(t *testing.T) {
	for seed := range seeds(60) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 4)), marks: seed%2 == 0, schema: DefaultSchema("25.2R1").Keeping()}
		checkRoundTrip(t, fmt.Sprintf("seed %d", seed), g.tree())
	}
}
