// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

const shapes = `package p

type T struct{ n int }

func plain(a, b int) int { return a + b }
func (t *T) named(_ int, words ...string) (n int, err error) { t.n = len(words); return t.n, nil }
func (T) nameless(int, string) { println(1) }
func (_ *T) blank() bool { return true }
func generic[A, B any](a A) (b B) { println(2); return b }
func noResult(f func(int) bool) { f(3) }
func init() { println(4) }
func recovers() { if recover() != nil { println(5) } }
func refuses(n int) int { switch n { case 6: return 0; default: return 1 } }

var outside = 8
`

// copiesOf changes all that the shapes offer, and checks the types of what comes out.
func copiesOf(t *testing.T) (text string, held map[int]bool, all []mutant, refused []string) {
	t.Helper()
	all, err := findMutants("p.go", []byte(shapes))
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].number = i
	}
	out, numbers, err := copyMutants([]byte(shapes), all)
	if err != nil {
		t.Fatal(err)
	}
	held = map[int]bool{}
	for _, n := range numbers {
		held[n] = true
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "p.go", out, 0)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	chosen, err := parser.ParseFile(files, "chosen.go", "package p\n\nvar mutantChosen int\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	config := types.Config{Error: func(err error) { refused = append(refused, err.Error()) }}
	_, _ = config.Check("p", files, []*ast.File{file, chosen}, nil)
	return string(out), held, all, refused
}

func TestCopiesAreCalledInPlaceOfTheirFunctions(t *testing.T) {
	text, held, all, _ := copiesOf(t)
	for _, want := range []string{
		"{ return mutant0_plain(a, b) };", "func (t *T) named(mutantParam0 int, words ...string)", "_named(mutantParam0, words...) };",
		"func (mutantReceiver0 T) nameless(mutantParam0 int, mutantParam1 string)", "_nameless(mutantParam0, mutantParam1); return };",
		"func (mutantReceiver0 *T) blank()", "_generic[A, B](a) };", "_noResult(f); return };", "_init(); return };",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("want %q in\n%s", want, text)
		}
	}
	for _, m := range all {
		if want := m.in != "recovers" && m.in != "(package)"; held[m.number] != want {
			t.Errorf("%s: want held %v", m, want)
		}
	}
}

// Only changes that the compiler refuses alone are refused, each by its number.
func TestRefusedCopiesAreNamed(t *testing.T) {
	_, _, all, refused := copiesOf(t)
	named := refusedCopies([]byte(strings.Join(refused, "\n")))
	for _, m := range all {
		if want := m.kind == "drop case"; named[m.number] != want {
			t.Errorf("%s: want refused %v: %q", m, want, refused)
		}
	}
	for _, line := range refused {
		if !strings.HasPrefix(line, "mutant") {
			t.Error(line)
		}
	}
}
