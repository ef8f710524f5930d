// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/outcome/recordtest"
)

var update = flag.Bool("update", false, "rewrite the wanted results")

func page1(t testing.TB, f Fleet) string {
	t.Helper()
	f.keepNewest()
	var b bytes.Buffer
	if err := f.HTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// tree returns the page's elements and attributes, one line each, and its
// text. The page has to be well-formed.
func tree(t testing.TB, f Fleet) (elements, words string) {
	t.Helper()
	page := page1(t, f)
	page = strings.Replace(page, string(pageScript), "", 1)
	page = strings.Replace(page, string(pageStyle), "", 1)
	var lines, said strings.Builder
	depth := 0
	for d := xml.NewDecoder(strings.NewReader(page)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return lines.String(), said.String()
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			fmt.Fprintf(&lines, "%s%s", strings.Repeat(" ", depth), token.Name.Local)
			for _, a := range token.Attr {
				fmt.Fprintf(&lines, " %s=%s", a.Name.Local, a.Value)
			}
			lines.WriteString("\n")
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			said.Write(token)
			said.WriteString("\n")
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs, -want +got:\n%s", name, diff)
	}
}

// The structure of a page with every state, a bad file and check mode.
func TestPageGolden(t *testing.T) {
	f, err := Load("testdata/fleet")
	if err != nil {
		t.Fatal(err)
	}
	elements, words := tree(t, f)
	// The hashes belong to the style and the script, which are looked at elsewhere.
	elements = regexp.MustCompile(`sha256-[A-Za-z0-9+/=]+`).ReplaceAllString(elements, "sha256-…")
	golden(t, "elements.golden", elements)
	golden(t, "words.golden", regexp.MustCompile(`\n\s*\n+`).ReplaceAllString(words, "\n"))
	if once, again := page1(t, f), page1(t, f); once != again {
		t.Error("the same records gave two pages")
	}
}

// No value changes which elements and attributes there are.
func TestHostileValues(t *testing.T) {
	want, _ := tree(t, Fleet{Records: []outcome.Record{filled("harmless")}})
	for _, value := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</title></svg><script>alert(1)</script>`,
		`</style><script>`, `</textarea>--><!--`, `]]><x>`, `javascript:alert(1)`, `&lt;script&gt;`, "\u2028\u202e</p>", "{{.}}", "<svg/onload=alert(1)>",
	} {
		t.Run(value, func(t *testing.T) {
			value = outcome.CleanText(value, outcome.LongText)
			got, words := tree(t, Fleet{Records: []outcome.Record{filled(value)}})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the page's structure has changed, -want +got:\n%s", diff)
			}
			if !strings.Contains(words, value) {
				t.Error("the page does not show the value as it is")
			}
		})
	}
}

// filled has the value in every text that is not one of our own words.
func filled(s string) outcome.Record {
	all := []string{s}
	m := outcome.Member{ID: 1, Serial: s, Model: s, Role: s, Version: s, Status: s, Commit: s, Transport: outcome.Unknown}
	return outcome.Record{File: s, Host: s, Wanted: "present", Outcome: outcome.Word(s), Did: all, NotDone: all, Failures: []outcome.Failure{{Message: s}}, Problems: []outcome.Problem{{Message: s}},
		Sync: outcome.Sync{Transport: outcome.Unknown}, Found: outcome.Found{Pending: all}, Members: []outcome.Member{m, m}}
}

// A browser that knows the policy runs our script and style, and nothing else.
func TestPolicy(t *testing.T) {
	page := page1(t, Fleet{Records: []outcome.Record{filled("x")}})
	between := func(open, end string) string {
		_, rest, _ := strings.Cut(page, open)
		inner, _, ok := strings.Cut(rest, end)
		if !ok {
			t.Fatalf("no %s", open)
		}
		return hashSource(markup(inner))
	}
	policy := "default-src 'none'; style-src " + between("<style>", "</style>") + "; script-src " + between("<script>", "</script>") +
		"; base-uri 'none'; form-action 'none'"
	elements, _ := tree(t, Fleet{Records: []outcome.Record{filled("x")}})
	if !strings.Contains(elements, "content="+policy+"\n") {
		t.Errorf("the page has not the policy %s", policy)
	}
	for _, bad := range []string{" style=", " on", "http://", "https://", " src=", "@import", "url("} {
		if strings.Contains(elements, bad) || strings.Contains(string(pageStyle), bad) && bad != " on" {
			t.Errorf("the page holds %q", bad)
		}
	}
}

// Five hundred chassis of three members each can be sent by mail.
func TestSize(t *testing.T) {
	var f Fleet
	for i := range 500 {
		r, err := outcome.Parse([]byte(recordtest.With(t, "sw1", fmt.Sprintf("access-%d.example.com", i), `"members": [`, `"members": [{"member_id": 2, "role": "linecard"},`,
			`"pending_steps": []`, `"pending_steps": ["authorized_keys_command", "internal_ssh", "scp_sync"]`)))
		if err != nil {
			t.Fatal(err)
		}
		f.Records = append(f.Records, r)
	}
	if size := len(page1(t, f)); size > 1_500_000 {
		t.Errorf("500 chassis make %d bytes, want at most 1.5 MB", size)
	}
}

func TestRing(t *testing.T) {
	for n := range 13 {
		r := outcome.Record{Host: "sw1", Wanted: "present", Found: outcome.Found{SCP: new(bool), FIPS: new(bool)}}
		for i := range n {
			r.Members = append(r.Members, outcome.Member{ID: i, Role: []string{"linecard", "primary"}[min(i, 1)], Status: "Prsnt", Transport: outcome.Unknown})
		}
		g := drawRing(r)
		if len(g.Nodes) != min(n, ringMost) || g.More != max(0, n-ringMost) || n > 1 && len(g.Links) != len(g.Nodes) {
			t.Errorf("%d members: %d nodes, %d links, %d more", n, len(g.Nodes), len(g.Links), g.More)
		}
		if n > 1 && g.Nodes[0].ID != 1 {
			t.Errorf("%d members: the ring begins with member %d, not with the primary", n, g.Nodes[0].ID)
		}
		checkNodes(t, g)
	}
}

// checkNodes: boxes of 64 by 34 lie within the drawing and not upon each other.
func checkNodes(t *testing.T, g ring) {
	t.Helper()
	apart := func(a, b int) int { return max(a-b, b-a) }
	for i, a := range g.Nodes {
		if a.X < 32 || a.X > 268 || a.Y < 17 || a.Y > g.Height-17 {
			t.Errorf("%d members: member %d lies outside, at %d %d", len(g.Nodes), a.ID, a.X, a.Y)
		}
		for _, b := range g.Nodes[:i] {
			if apart(a.X, b.X) < 64 && apart(a.Y, b.Y) < 34 {
				t.Errorf("%d members: members %d and %d overlap", len(g.Nodes), a.ID, b.ID)
			}
		}
	}
}

// The line to a member tells its own transport, and the worse of two.
func TestRingLinks(t *testing.T) {
	member := func(id int, status string, via outcome.Transport) outcome.Member {
		return outcome.Member{ID: id, Status: status, Transport: via}
	}
	yes := true
	r := outcome.Record{Found: outcome.Found{SCP: &yes}, Sync: outcome.Sync{Transport: outcome.SCP}, Members: []outcome.Member{member(0, "Prsnt", outcome.SCP), member(1, "Prsnt", outcome.Unknown), member(2, "Prsnt", outcome.RCP), member(3, "NotPrsnt", outcome.SCP),
		member(4, "Prsnt", outcome.SCP), {ID: 5, Status: "Prsnt", Commit: "failed"}, member(6, "Prsnt", outcome.SCP)}}
	var got []string
	for _, l := range drawRing(r).Links {
		got = append(got, l.Class)
	}
	if diff := cmp.Diff([]string{"scp", "rcp", "x", "x", "unknown", "unknown", "scp"}, got); diff != "" {
		t.Error(diff)
	}
}
