// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"go/ast"
	"go/token"
	"slices"
)

// dropStatements leaves out what a statement does; what it declares stays.
func (f *finder) dropStatements(list []ast.Stmt) {
	for _, s := range list {
		if kind := droppable(s); kind != "" {
			f.add(s, kind, "if false { "+f.textOf(s)+" }")
		}
	}
}

func droppable(s ast.Stmt) string {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return "drop assignment"
		}
	case *ast.IncDecStmt:
		return "drop assignment"
	case *ast.ExprStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt:
		return "drop call"
	}
	return ""
}

// dropCase empties a case, unless that is the same as dropping its statement.
func (f *finder) dropCase(n *ast.CaseClause) {
	if len(n.Body) == 0 || len(n.Body) == 1 && droppable(n.Body[0]) != "" {
		return
	}
	from, to := n.Body[0].Pos(), n.Body[len(n.Body)-1].End()
	body := string(f.source[f.files.Position(from).Offset:f.files.Position(to).Offset])
	f.addBetween(from, to, "drop case", "if false { "+body+" }")
}

// changeStatement turns += into -=, ++ into --, and continue into break.
func (f *finder) changeStatement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		other, ok := swapped[s.Tok]
		if ok && len(s.Rhs) == 1 && !isText(s.Rhs[0]) {
			f.addBetween(s.TokPos, s.TokPos+token.Pos(len(s.Tok.String())), "operator", other.String())
		}
	case *ast.IncDecStmt:
		if !f.isPost(s) { // the loop would be endless
			f.addBetween(s.TokPos, s.End(), "operator", map[token.Token]string{token.INC: "--", token.DEC: "++"}[s.Tok])
		}
	case *ast.BranchStmt:
		if s.Tok == token.CONTINUE {
			f.addBetween(s.TokPos, s.TokPos+token.Pos(len("continue")), "branch", "break")
		}
	}
}

func (f *finder) isPost(s ast.Stmt) bool {
	loop, ok := f.parent[len(f.parent)-1].(*ast.ForStmt)
	return ok && loop.Post == s
}

// changeResults returns zero values, one at a time.
func (f *finder) changeResults(n *ast.ReturnStmt) {
	types := f.resultTypes()
	if len(types) != len(n.Results) { // the results of one call
		return
	}
	for i, e := range n.Results {
		if text := f.zeroOf(types[i], e); text != "" {
			f.add(e, "return", text)
		}
	}
}

// resultTypes returns the types of the function around, one a value.
func (f *finder) resultTypes() []ast.Expr {
	for _, n := range slices.Backward(f.parent) {
		var t *ast.FuncType
		switch n := n.(type) {
		case *ast.FuncDecl:
			t = n.Type
		case *ast.FuncLit:
			t = n.Type
		default:
			continue
		}
		var types []ast.Expr
		if t.Results == nil {
			return nil
		}
		for _, field := range t.Results.List {
			for range max(1, len(field.Names)) {
				types = append(types, field.Type)
			}
		}
		return types
	}
	return nil
}

// zeroOf returns what is returned instead of e, or "" if that is the same, or
// is changed as a constant.
func (f *finder) zeroOf(t, e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return ""
	case *ast.Ident:
		if e.Name == "nil" || e.Name == "true" || e.Name == "false" {
			return ""
		}
	case *ast.CompositeLit:
		if len(e.Elts) == 0 {
			return ""
		}
	}
	if name, ok := t.(*ast.Ident); ok && name.Name == "bool" {
		if isNegatedElsewhere(e) {
			return ""
		}
		return "!(" + f.textOf(e) + ")"
	}
	return zeroText(f.textOf(t), t)
}

func zeroText(text string, t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr, *ast.FuncType, *ast.MapType, *ast.InterfaceType, *ast.ChanType:
		return "nil"
	case *ast.ArrayType:
		if t.Len == nil {
			return "nil"
		}
	case *ast.Ident:
		switch t.Name {
		case "error", "any":
			return "nil"
		case "string":
			return `""`
		}
	}
	return "*new(" + text + ")"
}
