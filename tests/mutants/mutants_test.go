// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const samplePackage = "./testdata/sample"

// changesOf returns the changes of a function, its place left out.
func changesOf(t *testing.T, body string) []string {
	t.Helper()
	source := "package p\n\nfunc f" + body + "\n"
	found, err := findMutants("p.go", []byte(source))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range found {
		if _, err := parser.ParseFile(token.NewFileSet(), "p.go", m.apply(), 0); err != nil {
			t.Errorf("%s: %v\n%s", m, err, m.apply())
		}
		out = append(out, strings.TrimPrefix(m.what(), "f "))
	}
	slices.Sort(out)
	return out
}

func TestWhatIsChanged(t *testing.T) {
	for _, row := range []struct {
		name, body string
		want       []string
	}{
		{"condition", "() { if a < b { } }", []string{
			"always: `a < b` -> `(a < b) || true`", "negate: `a < b` -> `!(a < b)`", "never: `a < b` -> `(a < b) && false`", "operator: `a < b` -> `(a <= b)`",
		}},
		{"equality is negated once", "() { for a == b { } }", []string{"never: `a == b` -> `(a == b) && false`", "operator: `a == b` -> `(a != b)`"}},
		{"operands", "() { x := a && b && c }", []string{
			"operand: `a` -> `(a || true)`", "operand: `b` -> `(b || true)`", "operand: `c` -> `(c || true)`",
			"operator: `a && b && c` -> `(a && b || c)`", "operator: `a && b` -> `(a || b)`",
		}},
		{"other operands", "() { x := a || !b }", []string{
			"operand: `!b` -> `(!b && false)`", "operand: `a` -> `(a && false)`", "operator: `a || !b` -> `(a && !b)`", "sign: `!b` -> `b`",
		}},
		{"case", "() { switch { case a: x(); y() } }", []string{
			"always: `a` -> `(a) || true`", "drop call: `x()` -> `if false { x() }`", "drop call: `y()` -> `if false { y() }`",
			"drop case: `x(); y()` -> `if false { x(); y() }`", "negate: `a` -> `!(a)`", "never: `a` -> `(a) && false`",
		}},
		{"case of a value", "() { switch x { case a: } }", nil},
		{"statements", "() { x = y; go x(); defer y(); z <- x; v := w }", []string{
			"drop assignment: `x = y` -> `if false { x = y }`", "drop call: `defer y()` -> `if false { defer y() }`",
			"drop call: `go x()` -> `if false { go x() }`", "drop call: `z <- x` -> `if false { z <- x }`",
		}},
		{"sums", "() { x += a }", []string{"drop assignment: `x += a` -> `if false { x += a }`", "operator: `+=` -> `-=`"}},
		{"texts are not subtracted", `() { x += " a "; y := b + " c " }`, []string{"drop assignment: `x += \" a \"` -> `if false { x += \" a \" }`"}},
		{"a loop ends", "() { for ; ; i++ { continue } }", []string{"branch: `continue` -> `break`"}},
		{"counting", "() { i++ }", []string{"drop assignment: `i++` -> `if false { i++ }`", "operator: `++` -> `--`"}},
		{"constants", `() { x := []any{7, 0, 'a', "word", "", "two words", true, -y} }`, []string{
			"const: `'a'` -> `('a' + 1)`", "const: `0` -> `1`", "const: `7` -> `6`", "const: `7` -> `8`", "const: `true` -> `false`",
			"sign: `-y` -> `y`", "string: `\"\"` -> `\"mutant\"`", "string: `\"word\"` -> `\"\"`",
		}},
		{"results", "(a bool) (s, t string, n int, p *T, v T, ok bool, err error) { return x, y, z, q, w, a, e }", []string{
			"return: `a` -> `!(a)`", "return: `e` -> `nil`", "return: `q` -> `nil`", "return: `w` -> `*new(T)`",
			"return: `x` -> `\"\"`", "return: `y` -> `\"\"`", "return: `z` -> `*new(int)`",
		}},
		{"results that are zero", "() ([]T, T, error) { return nil, T{}, nil }", nil},
		{"results of a function within", "() { _ = func() error { return e } }", []string{
			"drop assignment: `_ = func() error { return e }` -> `if false { _ = func() error { return e } }`", "return: `e` -> `nil`",
		}},
		{"constants beside an error", "() (int, bool, error) { return 7, true, err; return 7, true, fmt.Errorf(f); return 7, true, &T{} }", []string{
			"return: `&T{}` -> `nil`", "return: `err` -> `nil`", "return: `fmt.Errorf(f)` -> `nil`",
		}},
		{"constants beside a false", "() (int, bool) { return 7, false; return 7, true }", []string{
			"const: `7` -> `6`", "const: `7` -> `8`", "const: `false` -> `true`", "const: `true` -> `false`",
		}},
		{"constants beside what may be none", "() (int, error) { return 7, nil; return 7, x() }", []string{
			"const: `7` -> `6`", "const: `7` -> `6` #2", "const: `7` -> `8`", "const: `7` -> `8` #2", "return: `x()` -> `nil`",
		}},
		{"results of a call", "() (int, error) { return x() }", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			slices.Sort(row.want)
			if diff := cmp.Diff(row.want, changesOf(t, row.body)); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func TestTagsAndImportsStay(t *testing.T) {
	source := "package p\n\nimport \"fmt\"\n\ntype s struct {\n\tA int `json:\"a\"`\n}\n"
	if found, err := findMutants("p.go", []byte(source)); err != nil || len(found) > 0 {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestTheSeedDraws(t *testing.T) {
	list := func(seed int) string {
		var out strings.Builder
		if _, err := run(t.Context(), options{seed: uint64(seed), n: 5, list: true, packages: []string{samplePackage}}, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	first, again, other := list(1), list(1), list(2)
	if first != again || first == other || strings.Count(first, "\n") != 5 {
		t.Errorf("seed 1:\n%s\nand again:\n%s\nseed 2:\n%s", first, again, other)
	}
	var rest strings.Builder
	if _, err := run(t.Context(), options{seed: 1, n: 3, skip: 2, list: true, packages: []string{samplePackage}}, &rest); err != nil || rest.String() != strings.SplitAfterN(first, "\n", 3)[2] {
		t.Errorf("without the first two of\n%s\ngot %v\n%s", first, err, rest.String())
	}
}

// tried runs the program on the sample and returns its lines.
func tried(t *testing.T, only string) (score, string) {
	t.Helper()
	var out strings.Builder
	s, err := run(t.Context(), options{seed: 1, only: only, packages: []string{samplePackage}}, &out)
	if err != nil {
		t.Fatal(err)
	}
	return s, out.String()
}

func TestVerdicts(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a package many times")
	}
	s, out := tried(t, "Grade operator")
	if s != (score{killed: 1}) || !s.isEnough() || !strings.Contains(out, "-> `(points > 50)`  (TestGrade)") || !strings.HasPrefix(out, "killed ") {
		t.Errorf("%+v\n%s", s, out)
	}
	s, out = tried(t, "Untested operator")
	if s != (score{survived: 1}) || s.isEnough() || !strings.HasPrefix(out, "SURVIVED ") {
		t.Errorf("%+v\n%s", s, out)
	}
}

// findInSample returns the package that the tests change, and what can be changed in it.
func findInSample(t *testing.T) ([]goPackage, []mutant) {
	packages, err := loadPackages(t.Context(), []string{samplePackage})
	if err != nil {
		t.Fatal(err)
	}
	all, err := findAll(packages)
	if err != nil {
		t.Fatal(err)
	}
	return packages, all
}

func TestEndlessLoopEnds(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a time-out")
	}
	packages, all := findInSample(t)
	w, err := newWorkshop(t.Context(), packages, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	w.rounds[packages[0].path] = rounds{{others: true, limit: time.Second}}
	i := slices.IndexFunc(all, func(m mutant) bool { return m.what() == "Endless drop assignment: `n--` -> `if false { n-- }`" })
	if v, err := w.try(t.Context(), all[i]); err != nil || v.state != timedOut {
		t.Errorf("%+v, %v", v, err)
	}
	broken := all[i]
	broken.text = "n = false"
	if v, err := w.try(t.Context(), broken); err != nil || v.state != uncompiled {
		t.Errorf("%+v, %v", v, err)
	}
}

// Slow tests, with all that is below them, come after the others.
func TestRounds(t *testing.T) {
	const out = "--- PASS: TestA (0.01s)\n--- PASS: TestB (0.00s)\n    --- PASS: TestB/one (0.60s)\n    --- SKIP: TestB/two (0.50s)\n--- PASS: TestC (7.00s)\n" +
		"--- FAIL: TestD (9.00s)\n--- PASS: TestE (0.10s)\n--- PASS: TestF (0.09s)\n--- PASS: TestG (0.99s)\n--- PASS: TestH (1.00s)\n"
	want := rounds{
		{[]string{"TestE", "TestG", "TestB", "TestC", "TestH"}, true, 20500 * time.Millisecond},
		{[]string{"TestE", "TestG"}, false, 25450 * time.Millisecond},
		{[]string{"TestB", "TestC", "TestH"}, false, time.Minute},
	}
	got := planRounds([]byte(out), 8*time.Second)
	for i := range got {
		got[i].limit = got[i].limit.Round(time.Millisecond)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("want %v, got %v", want, got)
	}
	for _, out := range []string{"", "--- PASS: TestA (0.99s)\n", "--- PASS: TestA (1.00s)\n", "--- PASS: TestA (0.00s)\n"} {
		if got := planRounds([]byte(out), 2*time.Second); !reflect.DeepEqual(got, rounds{{nil, true, 30 * time.Second}}) {
			t.Errorf("%q: want one round of all, got %v", out, got)
		}
	}
}

// A test that fails ends those that run beside it.
func TestStopAtFailure(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out")
	for text, want := range map[string]bool{"--- PASS: TestA (0.00s)\n": false, "    --- FAIL: TestA/b (0.00s)\n": true, "--- FAIL: Test": false, "panic: x\n": true} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeoutCause(t.Context(), 700*time.Millisecond, errors.New("too late"))
		stopAtFailure(ctx, name, stop)
		if stopped := errors.Is(context.Cause(ctx), context.Canceled); stopped != want {
			t.Errorf("%q: want stopped %v, got %v", text, want, context.Cause(ctx))
		}
	}
}

// Tests that fail anyway notice everything and show nothing.
func TestNullControl(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a package")
	}
	t.Setenv("SAMPLE_FAILS", "yes")
	_, err := run(t.Context(), options{n: 1, packages: []string{samplePackage}}, new(strings.Builder))
	if err == nil || !strings.Contains(err.Error(), "its tests fail without a change: killed  (TestGrade)") {
		t.Errorf("got %v", err)
	}
}

func TestEquivalents(t *testing.T) {
	const one = "a/b.go f const: `1` -> `2`"
	list, err := parseEquivalents("# comment\n\n" + one + "\n\twhy,\n\tand more\n")
	if err != nil || list[one] != "why, and more" {
		t.Errorf("got %v, %v", list, err)
	}
	for _, bad := range []string{one, one + "\n" + one + "\n\twhy", "\twhy\n" + one} {
		if _, err := parseEquivalents(bad); err == nil {
			t.Errorf("%q: want an error", bad)
		}
	}
	m := mutant{file: "a/b.go", in: "f", kind: "const", old: "1", text: "2", line: 7}
	if !list.has(m) || list.checkFiles([]goPackage{{folder: "a"}}, []mutant{m}) != nil {
		t.Error("the change is not found")
	}
	if err := list.checkFiles([]goPackage{{folder: "a"}}, nil); err == nil || !strings.Contains(err.Error(), "no such change: "+one) {
		t.Errorf("a change that is gone: %v", err)
	}
	if err := list.checkFiles([]goPackage{{folder: "c"}}, nil); err != nil {
		t.Errorf("another package: %v", err)
	}
}

func TestScore(t *testing.T) {
	for want, s := range map[bool][]score{
		true:  {{killed: 95, survived: 5}, {killed: 19, survived: 1, equivalent: 7, uncompiled: 9}},
		false: {{killed: 94, survived: 6}, {}, {killed: 100, wrong: 1}},
	} {
		for _, s := range s {
			if s.isEnough() != want {
				t.Errorf("%s: want %v", s, want)
			}
		}
	}
	var s score
	for _, v := range []verdict{{state: killed}, {state: timedOut}, {state: survived}, {state: uncompiled}} {
		s.add(v, false)
	}
	s.add(verdict{state: survived}, true)
	s.add(verdict{state: killed}, true)
	if s != (score{killed: 3, survived: 1, equivalent: 1, uncompiled: 1, wrong: 1}) {
		t.Errorf("got %+v", s)
	}
	const text = "noticed: 3 of 4 (75.0 %, wanted 95 %); not counted: 1 do the same, 1 do not compile; 1 are in equivalent.txt and were noticed"
	if fmt.Sprint(s) != text {
		t.Errorf("got %s", s)
	}
}

func TestOptions(t *testing.T) {
	o, err := parseOptions([]string{"-n", "3", "-seed", "7", "./x"})
	if err != nil || o.n != 3 || o.seed != 7 || len(o.packages) != 1 {
		t.Errorf("got %+v, %v", o, err)
	}
	if _, err := parseOptions(nil); err == nil {
		t.Error("want a package to be asked for")
	}
	if _, err := loadPackages(context.Background(), []string{"./testdata"}); err == nil {
		t.Error("want a folder without a package to be refused")
	}
}

// Every entry of the list speaks of a file that is there. That it is a change
// of it is checked when the file's package is looked at.
func TestTheListNamesFiles(t *testing.T) {
	list, err := parseEquivalents(equivalents)
	if err != nil {
		t.Fatal(err)
	}
	for key := range list {
		file, _, _ := strings.Cut(key, " ")
		if _, err := os.Stat("../../" + file); err != nil {
			t.Error(err)
		}
	}
}
