// SPDX-License-Identifier: GPL-3.0-or-later

package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// A name is there to be found: verb + object for what acts (commitOnTrial), is,
// has or may for what asks (hasTrialPlanned), ...Error for an error. One word
// finds a hundred places, and so does a word that means something else in every
// package.
const (
	mostOneWord = 35 // per cent of the unexported functions and methods
	mostShared  = 8  // names that are defined in manyHomes packages
	manyHomes   = 4
)

// shared are names that many packages have on purpose, each with the reason.
var shared = map[string]string{
	"params": "each module's options: a module is its params, its result and Run",
	"result": "each module's result: a module is its params, its result and Run",
}

// definitions returns the unexported names that a file defines at its top
// level; functions are those of functions and methods alone.
func definitions(file *ast.File) (functions, all []string) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if name := d.Name.Name; isOurs(name) {
				functions = append(functions, name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				all = append(all, namesOfSpec(spec)...)
			}
		}
	}
	return functions, append(all, functions...)
}

func namesOfSpec(spec ast.Spec) (names []string) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names = append(names, s.Name.Name)
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names = append(names, n.Name)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return !isOurs(name) })
}

// isOurs says that a name could be another one: not exported, and not the
// language's.
func isOurs(name string) bool {
	return !ast.IsExported(name) && name != "_" && name != "main" && name != "init"
}

func isOneWord(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsUpper(r) || r == '_' })
}

func TestFunctionsHaveMoreThanOneWord(t *testing.T) {
	one, all := map[string][]string{}, 0
	count := 0
	each(t, func(pkg, _ string, file *ast.File) {
		functions, _ := definitions(file)
		all += len(functions)
		for _, name := range functions {
			if isOneWord(name) {
				one[pkg] = append(one[pkg], name)
				count++
			}
		}
	})
	if all < 500 {
		t.Fatalf("only %d functions were found", all)
	}
	t.Logf("unexported functions and methods of one word: %d of %d", count, all)
	if 100*count <= mostOneWord*all {
		return
	}
	for _, pkg := range slices.Sorted(maps.Keys(one)) {
		t.Logf("%s: %s", pkg, strings.Join(one[pkg], " "))
	}
	t.Errorf("%d of %d unexported functions and methods are one word, want at most %d %%: name the object too", count, all, mostOneWord)
}

func TestNamesMeanOneThing(t *testing.T) {
	homes := map[string]map[string]bool{}
	each(t, func(pkg, _ string, file *ast.File) {
		_, all := definitions(file)
		for _, name := range all {
			if homes[name] == nil {
				homes[name] = map[string]bool{}
			}
			homes[name][pkg] = true
		}
	})
	var many []string
	for _, name := range slices.Sorted(maps.Keys(homes)) {
		if _, allowed := shared[name]; !allowed && len(homes[name]) >= manyHomes {
			many = append(many, name+" ("+strings.Join(slices.Sorted(maps.Keys(homes[name])), ", ")+")")
		}
	}
	t.Logf("names that %d or more packages define: %d", manyHomes, len(many))
	if len(many) > mostShared {
		t.Errorf("%d names are defined in %d or more packages, want at most %d:\n%s", len(many), manyHomes, mostShared, strings.Join(many, "\n"))
	}
	for name := range shared {
		if len(homes[name]) < manyHomes {
			t.Errorf("%s need not be on the list of shared names any more", name)
		}
	}
}

// The count itself is tried: what it must see, and what it must not count.
func TestDefinitionsAreFound(t *testing.T) {
	const source = `package p
type kind int
type Kind int
const ( limit, Limit = 1, 2; _ = 3 )
var table int
func read() {}
func readAll() {}
func Read() {}
func init() {}
func (k kind) show() {}
func (k kind) Show() { inner := 0; _ = inner }
`
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	functions, all := definitions(file)
	if want := []string{"read", "readAll", "show"}; !slices.Equal(functions, want) {
		t.Errorf("functions: want %v, got %v", want, functions)
	}
	if want := []string{"kind", "limit", "table", "read", "readAll", "show"}; !slices.Equal(all, want) {
		t.Errorf("all: want %v, got %v", want, all)
	}
	if !isOneWord("read") || isOneWord("readAll") || isOneWord("read_all") {
		t.Error("words are not told apart")
	}
}
