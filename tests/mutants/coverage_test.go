// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A change is noticed by those at most who run its place.
func TestWhoMayNotice(t *testing.T) {
	c := coverage{}
	c.add("TestA", []byte("mode: set\nx/p/f.go:1.10,4.12 2 1\nx/p/f.go:5.11,7.3 1 1\nx/p/f.go:6.20,6.40 1 0\nx/p/g.go:1.1,9.1 1 0\n"))
	c.add("TestB", []byte("mode: set\nx/p/f.go:1.10,4.12 2 1\nx/p/f.go:5.11,7.3 1 0\nx/p/f.go:6.20,6.40 1 1\nx/p/g.go:1.1,9.1 1 0\n"))
	c.add("TestC", []byte("mode: set\nx/p/f.go:1.10,4.12 2 0\nx/p/f.go:5.11,7.3 1 0\nx/p/f.go:6.20,6.40 1 0\nx/p/g.go:1.1,9.1 1 0\n"))
	of := &goPackage{path: "x/p"}
	for name, row := range map[string]struct {
		m     mutant
		tests []string
		known bool
	}{
		"in a block":              {mutant{file: "p/f.go", line: 1, column: 10, first: 1, last: 8}, []string{"TestA", "TestB"}, true},
		"its last byte":           {mutant{file: "p/f.go", line: 4, column: 11, first: 1, last: 8}, []string{"TestA", "TestB"}, true},
		"between blocks":          {mutant{file: "p/f.go", line: 4, column: 12, first: 1, last: 8}, []string{"TestA", "TestB"}, true},
		"in one after it":         {mutant{file: "p/f.go", line: 6, column: 5, first: 1, last: 8}, []string{"TestA"}, true},
		"in one within":           {mutant{file: "p/f.go", line: 6, column: 20, first: 1, last: 8}, []string{"TestB"}, true},
		"where no test comes":     {mutant{file: "p/g.go", line: 2, column: 1, first: 1, last: 9}, nil, true},
		"a case of a short one":   {mutant{file: "p/f.go", line: 5, column: 2, first: 5, last: 8}, []string{"TestA", "TestB"}, true},
		"in no function":          {mutant{file: "p/f.go", line: 12, column: 1}, nil, false},
		"in a file without tests": {mutant{file: "p/h.go", line: 1, column: 10, first: 1, last: 8}, nil, false},
	} {
		row.m.of = of
		tests, known := c.testsOf(row.m)
		if !slices.Equal(tests, row.tests) || known != row.known {
			t.Errorf("%s: got %v, %t", name, tests, known)
		}
	}
}

func TestOnlySomeTests(t *testing.T) {
	all := rounds{{[]string{"TestC", "TestD"}, true, time.Second}, {[]string{"TestC"}, false, 2 * time.Second}, {[]string{"TestD"}, false, 3 * time.Second}}
	want := [][]string{{"-test.run=^(?:TestA|TestB)$"}, {"-test.run=^(?:TestD)$"}}
	var got [][]string
	for _, one := range all.only([]string{"TestA", "TestB", "TestD"}) {
		got = append(got, one.arguments())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
	if all.only(nil) != nil || !slices.Equal(all[0].arguments(), []string{"-test.skip=^(?:TestC|TestD)$"}) || wholeRound(1)[0].arguments() != nil {
		t.Error("other tests are chosen")
	}
}

func TestCoverageIsMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a package")
	}
	packages, all := findInSample(t)
	w := &workshop{dir: t.TempDir()}
	c, err := w.measureCoverage(t.Context(), &packages[0])
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{"Grade": {"TestGrade"}, "Untested": nil, "Endless": {"TestEndless"}}
	for _, m := range all {
		if tests, known := c.testsOf(m); !known || !slices.Equal(tests, want[m.in]) {
			t.Errorf("%s: got %v, %t", m, tests, known)
		}
	}
	t.Setenv("SAMPLE_FAILS", "yes")
	if _, err := w.measureCoverage(t.Context(), &packages[0]); err == nil {
		t.Error("want a test that fails to be told")
	}
}
