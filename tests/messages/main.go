// SPDX-License-Identifier: GPL-3.0-or-later

// Command messages lists what Go programs may say: each text of two words or
// more in the folders that it is given, as one JSON array. It knows no
// constructor of errors, so none can be forgotten. Tests, struct tags and
// panics are left out.
//
//	go run ./tests/messages internal/sshconn modules
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// message is a text and where it stands.
type message struct {
	File string `json:"file"`
	Line int    `json:"line"`
	In   string `json:"in"` // the function, or "" outside of one
	Of   string `json:"of"` // "call/2" for its third argument, or the field or variable that it is given to
	Text string `json:"text"`
}

func main() {
	found := []message{}
	for _, folder := range os.Args[1:] {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			said, err := read(path)
			found = append(found, said...)
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	_ = json.NewEncoder(os.Stdout).Encode(found)
}

func read(path string) ([]message, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, 0)
	if err != nil {
		return nil, err
	}
	var said []message
	for _, declared := range file.Decls {
		r := reader{of: map[ast.Node]string{}}
		if f, ok := declared.(*ast.FuncDecl); ok {
			r.in = f.Name.Name
		}
		ast.Inspect(declared, r.visit)
		for _, m := range r.said {
			m.File, m.Line = path, files.Position(token.Pos(m.Line)).Line
			said = append(said, m)
		}
	}
	return said, nil
}

// reader collects the texts of one declaration.
type reader struct {
	in   string
	of   map[ast.Node]string
	said []message
}

var words = regexp.MustCompile(`[a-z%].*\S \S|\S \S*[a-z%]`)

func (r *reader) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.Field:
		n.Tag = nil
	case *ast.CallExpr:
		r.name(n.Fun, n.Args)
		return name(n.Fun) != "panic"
	case *ast.CompositeLit:
		r.name(n.Type, n.Elts)
	case *ast.ValueSpec:
		for i, value := range n.Values {
			r.of[value] = n.Names[min(i, len(n.Names)-1)].Name
		}
	case *ast.KeyValueExpr:
		r.of[n.Value] = name(n.Key)
	case *ast.BinaryExpr, *ast.BasicLit:
		return r.text(n.(ast.Expr))
	}
	return true
}

// text takes a literal, or several that are added, as one.
func (r *reader) text(e ast.Expr) (deeper bool) {
	text, ok := literal(e)
	if ok && words.MatchString(text) {
		r.said = append(r.said, message{Line: int(e.Pos()), In: r.in, Of: r.of[e], Text: text})
	}
	if sum, is := e.(*ast.BinaryExpr); is && !ok {
		r.of[sum.X], r.of[sum.Y] = r.of[e], r.of[e]
	}
	return !ok
}

func literal(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, also := literal(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	}
	return "", false
}

// name notes for the parts of a call or of a struct what they are parts of.
func (r *reader) name(of ast.Expr, parts []ast.Expr) {
	for i, part := range parts {
		r.of[part] = name(of) + "/" + strconv.Itoa(i)
	}
}

func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}
