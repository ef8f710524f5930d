// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// finder collects the changes that a file offers.
type finder struct {
	name   string
	source []byte
	files  *token.FileSet
	in     string // the function that is looked at, or (package)
	first  int    // its lines
	last   int
	parent []ast.Node // what is around the node that is looked at
	found  []mutant
}

// findMutants returns the changes of a file in the order of their places.
func findMutants(name string, source []byte) ([]mutant, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := &finder{name: name, source: source, files: files}
	for _, declared := range file.Decls {
		f.in, f.first, f.last = "(package)", 0, 0
		if function, ok := declared.(*ast.FuncDecl); ok {
			f.in, f.first, f.last = nameOf(function), files.Position(function.Pos()).Line, files.Position(function.End()).Line
		}
		ast.Inspect(declared, f.visit)
	}
	slices.SortStableFunc(f.found, func(a, b mutant) int { return cmp.Compare(a.start, b.start) })
	seen := map[string]int{}
	for i := range f.found {
		what := f.found[i].what()
		f.found[i].nth = seen[what]
		seen[what]++
	}
	return f.found, nil
}

// nameOf returns the name of a function, and of a method with its type.
func nameOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	of := f.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if name, ok := of.(*ast.Ident); ok {
		return name.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

// visit is called for each node, and with nil when all below one was visited.
func (f *finder) visit(n ast.Node) bool {
	if n == nil {
		f.parent = f.parent[:len(f.parent)-1]
		return true
	}
	switch n := n.(type) {
	case *ast.ImportSpec:
		return false
	case *ast.Field:
		n.Tag = nil // no part of the program's flow
	case ast.Stmt:
		f.changeFlow(n)
	case ast.Expr:
		f.changeExpression(n)
	}
	f.parent = append(f.parent, n)
	return true
}

// changeFlow collects what a statement and the clauses of one offer.
func (f *finder) changeFlow(s ast.Stmt) {
	switch n := s.(type) {
	case *ast.IfStmt:
		f.changeCondition(n.Cond, true)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.changeCondition(n.Cond, false) // an endless loop tells nothing, and takes long
		}
	case *ast.SwitchStmt:
		f.changeCases(n)
	case *ast.BlockStmt:
		f.dropStatements(n.List)
	case *ast.CaseClause:
		f.dropStatements(n.Body)
		f.dropCase(n)
	case *ast.CommClause:
		f.dropStatements(n.Body)
	case *ast.AssignStmt, *ast.IncDecStmt, *ast.BranchStmt:
		f.changeStatement(n)
	case *ast.ReturnStmt:
		f.changeResults(n)
	}
}

// changeExpression collects what a value offers.
func (f *finder) changeExpression(e ast.Expr) {
	switch n := e.(type) {
	case *ast.BinaryExpr:
		f.changeOperator(n)
	case *ast.UnaryExpr:
		f.changeSign(n)
	case *ast.BasicLit:
		f.changeLiteral(n)
	case *ast.Ident:
		f.changeTruth(n)
	}
}

// add notes that the text of a node may become another.
func (f *finder) add(n ast.Node, kind, text string) { f.addBetween(n.Pos(), n.End(), kind, text) }

func (f *finder) addBetween(from, to token.Pos, kind, text string) {
	at := f.files.Position(from)
	end := f.files.Position(to).Offset
	f.found = append(f.found, mutant{
		file: f.name, source: f.source, start: at.Offset, end: end, line: at.Line, column: at.Column,
		in: f.in, first: f.first, last: f.last, kind: kind, old: string(f.source[at.Offset:end]), text: text,
	})
}

// textOf returns the source of a node.
func (f *finder) textOf(n ast.Node) string {
	return string(f.source[f.files.Position(n.Pos()).Offset:f.files.Position(n.End()).Offset])
}
