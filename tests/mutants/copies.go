// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// One program holds many changes: a changed function is a copy beside the real
// one, which calls that copy when its number is asked for. So a package is
// compiled and linked once, and not once a change.

// chooser is a file of the changed package: it reads which change is asked for.
const chooser = `package %s

import (
	"os"
	"strconv"
)

var mutantChosen = readMutant()

func readMutant() int {
	text, err := os.ReadFile(%q)
	if err != nil {
		panic(err)
	}
	n, err := strconv.Atoi(string(text))
	if err != nil {
		panic(err)
	}
	if n == %d {
		panic("control")
	}
	return n
}
`

// What is chosen when it is no change.
const (
	noMutant    = -1
	panicMutant = -2
)

// caller matches functions that a call in between would change.
var caller = regexp.MustCompile(`\brecover\(|\bruntime\.Caller`)

// edit replaces the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

// copyMutants returns a file that holds the changes of it, and the numbers of
// those that it holds. Others are no part of a function, or of one that would
// notice that it is called by another.
func copyMutants(source []byte, mutants []mutant) (out []byte, held []int, err error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.SkipObjectResolution)
	if err != nil {
		return nil, nil, err
	}
	var edits []edit
	var copies strings.Builder
	for _, declared := range file.Decls {
		f, ok := declared.(*ast.FuncDecl)
		if !ok || f.Body == nil || f.Name.Name == "_" || caller.Match(source[f.Pos()-1:f.End()-1]) {
			continue
		}
		var calls string
		for _, m := range mutants {
			if m.start >= int(f.Body.Pos()-1) && m.end <= int(f.End()-1) {
				held = append(held, m.number)
				copies.WriteString(m.copyOf(f))
				calls += callOf(f, m.number)
			}
		}
		if calls != "" {
			edits = append(edits, nameParameters(f)...)
			edits = append(edits, edit{int(f.Body.Lbrace), int(f.Body.Lbrace), calls})
		}
	}
	return append(applyEdits(source, edits), copies.String()...), held, nil
}

// copyOf returns the changed function under a name of its own. The compiler
// names the change where it refuses it.
func (m mutant) copyOf(f *ast.FuncDecl) string {
	from, name, to := int(f.Pos()-1), int(f.Name.Pos()-1), int(f.End()-1)
	return fmt.Sprintf("\n//line mutant%d.go:1\n%s%s%s%s%s\n", m.number, m.source[from:name], copyName(f, m.number),
		m.source[name+len(f.Name.Name):m.start], m.text, m.source[m.end:to])
}

func copyName(f *ast.FuncDecl, number int) string {
	return fmt.Sprintf("mutant%d_%s", number, f.Name.Name)
}

// callOf calls the copy in the place of a function.
func callOf(f *ast.FuncDecl, number int) string {
	name := copyName(f, number)
	if f.Recv != nil {
		name = strings.Join(namesOf(f.Recv, "mutantReceiver"), "") + "." + name
	}
	if f.Type.TypeParams != nil {
		name += "[" + strings.Join(namesOf(f.Type.TypeParams, ""), ", ") + "]"
	}
	arguments := namesOf(f.Type.Params, "mutantParam")
	if n := f.Type.Params.NumFields(); n > 0 {
		if _, variadic := f.Type.Params.List[len(f.Type.Params.List)-1].Type.(*ast.Ellipsis); variadic {
			arguments[n-1] += "..."
		}
	}
	call := name + "(" + strings.Join(arguments, ", ") + ")"
	if f.Type.Results.NumFields() > 0 {
		return fmt.Sprintf(" if mutantChosen == %d { return %s };", number, call)
	}
	return fmt.Sprintf(" if mutantChosen == %d { %s; return };", number, call)
}

// namesOf returns the names of parameters. Those without one get it.
func namesOf(list *ast.FieldList, otherwise string) (names []string) {
	for _, field := range list.List {
		if len(field.Names) == 0 {
			names = append(names, otherwise+strconv.Itoa(len(names)))
		}
		for _, name := range field.Names {
			if name.Name == "_" {
				names = append(names, otherwise+strconv.Itoa(len(names)))
			} else {
				names = append(names, name.Name)
			}
		}
	}
	return names
}

// nameParameters gives names to the parameters without one, as namesOf does.
func nameParameters(f *ast.FuncDecl) (edits []edit) {
	name := func(list *ast.FieldList, otherwise string) {
		n := 0
		for _, field := range list.List {
			if len(field.Names) == 0 {
				at := int(field.Type.Pos() - 1)
				edits = append(edits, edit{at, at, otherwise + strconv.Itoa(n) + " "})
				n++
			}
			for _, name := range field.Names {
				if at := int(name.Pos() - 1); name.Name == "_" {
					edits = append(edits, edit{at, at + 1, otherwise + strconv.Itoa(n)})
				}
				n++
			}
		}
	}
	if f.Recv != nil {
		name(f.Recv, "mutantReceiver")
	}
	name(f.Type.Params, "mutantParam")
	return edits
}

func applyEdits(source []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(source[at:e.start])
		out.WriteString(e.text)
		at = e.end
	}
	out.Write(source[at:])
	return out.Bytes()
}

var refusedCopy = regexp.MustCompile(`\bmutant(\d+)\.go:`)

// refusedCopies returns the numbers of the changes that a compiler complains about.
func refusedCopies(out []byte) map[int]bool {
	refused := map[int]bool{}
	for _, m := range refusedCopy.FindAllSubmatch(out, -1) {
		n, _ := strconv.Atoi(string(m[1]))
		refused[n] = true
	}
	return refused
}
