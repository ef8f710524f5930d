// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// changeCondition negates a condition, and makes it hold never or always.
func (f *finder) changeCondition(cond ast.Expr, always bool) {
	text := f.textOf(cond)
	if !isNegatedElsewhere(cond) {
		f.add(cond, "negate", "!("+text+")")
	}
	f.add(cond, "never", "("+text+") && false")
	if always {
		f.add(cond, "always", "("+text+") || true")
	}
}

// isNegatedElsewhere says that another change does the same: == becomes !=,
// and ! is taken off.
func isNegatedElsewhere(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return e.Op == token.EQL || e.Op == token.NEQ
	case *ast.UnaryExpr:
		return e.Op == token.NOT
	}
	return false
}

// changeCases does so for the cases of a switch without a value.
func (f *finder) changeCases(n *ast.SwitchStmt) {
	if n.Tag != nil {
		return
	}
	for _, s := range n.Body.List {
		for _, cond := range s.(*ast.CaseClause).List {
			f.changeCondition(cond, true)
		}
	}
}

// swapped says which operator takes the place of another. Of the comparisons,
// those that differ from the old one in a single value.
var swapped = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL,
	token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
	token.LAND: token.LOR, token.LOR: token.LAND,
	token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.MUL,
	token.SHL: token.SHR, token.SHR: token.SHL, token.AND: token.OR, token.OR: token.AND, token.XOR: token.AND,
	token.ADD_ASSIGN: token.SUB_ASSIGN, token.SUB_ASSIGN: token.ADD_ASSIGN,
	token.MUL_ASSIGN: token.QUO_ASSIGN, token.QUO_ASSIGN: token.MUL_ASSIGN,
	token.OR_ASSIGN: token.AND_ASSIGN, token.AND_ASSIGN: token.OR_ASSIGN,
	token.SHL_ASSIGN: token.SHR_ASSIGN, token.SHR_ASSIGN: token.SHL_ASSIGN,
}

func (f *finder) changeOperator(n *ast.BinaryExpr) {
	if isText(n.X) || isText(n.Y) { // texts have one operator
		return
	}
	if other, ok := swapped[n.Op]; ok {
		// The whole in brackets: && and || bind differently.
		f.add(n, "operator", "("+f.textOf(n.X)+" "+other.String()+" "+f.textOf(n.Y)+")")
	}
	neutral := map[token.Token]string{token.LAND: " || true)", token.LOR: " && false)"}[n.Op]
	if neutral == "" {
		return
	}
	for _, operand := range []ast.Expr{n.X, n.Y} {
		if below, ok := operand.(*ast.BinaryExpr); !ok || below.Op != n.Op {
			f.add(operand, "operand", "("+f.textOf(operand)+neutral)
		}
	}
}

// isText knows a text by its looks: there are no types here.
func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (isText(e.X) || isText(e.Y))
	}
	return false
}

func (f *finder) changeSign(n *ast.UnaryExpr) {
	if n.Op == token.NOT || n.Op == token.SUB {
		f.add(n, "sign", f.textOf(n.X))
	}
}

// changeLiteral moves a number by one, and empties a word. What a person reads,
// a text with a space, is left alone.
func (f *finder) changeLiteral(n *ast.BasicLit) {
	if f.isBesideError(n) {
		return
	}
	switch n.Kind {
	case token.INT:
		if value, err := strconv.ParseInt(n.Value, 0, 64); err == nil {
			f.add(n, "const", strconv.FormatInt(value+1, 10))
			if value > 0 {
				f.add(n, "const", strconv.FormatInt(value-1, 10))
			}
		}
	case token.CHAR:
		f.add(n, "const", "("+n.Value+" + 1)")
	case token.STRING:
		text, err := strconv.Unquote(n.Value)
		switch {
		case err != nil || strings.Contains(text, " ") || strings.Contains(text, "%"):
		case text == "":
			f.add(n, "string", `"mutant"`)
		default:
			f.add(n, "string", `""`)
		}
	}
}

func (f *finder) changeTruth(n *ast.Ident) {
	if f.isBesideError(n) {
		return
	}
	switch n.Name {
	case "true":
		f.add(n, "const", "false")
	case "false":
		f.add(n, "const", "true")
	}
}

// isBesideError knows a constant that is returned together with an error, or
// with a false that says that there is nothing: no caller looks at it.
func (f *finder) isBesideError(e ast.Expr) bool {
	if len(f.parent) == 0 {
		return false
	}
	r, ok := f.parent[len(f.parent)-1].(*ast.ReturnStmt)
	if !ok || len(r.Results) < 2 || r.Results[len(r.Results)-1] == e {
		return false
	}
	types := f.resultTypes()
	if len(types) != len(r.Results) {
		return false
	}
	switch f.textOf(types[len(types)-1]) {
	case "error":
		return f.isError(r.Results[len(r.Results)-1])
	case "bool":
		return f.textOf(r.Results[len(r.Results)-1]) == "false"
	}
	return false
}

// isError knows an error that is none of those that may be nil.
func (f *finder) isError(e ast.Expr) bool {
	switch last := e.(type) {
	case *ast.Ident:
		return last.Name != "nil"
	case *ast.CallExpr:
		called := f.textOf(last.Fun)
		return called == "fmt.Errorf" || called == "errors.New"
	case *ast.UnaryExpr:
		return last.Op == token.AND
	}
	return false
}
