// SPDX-License-Identifier: GPL-3.0-or-later

package outcome

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// messageFields hold texts for people.
var messageFields = map[string]bool{"Msg": true, "Message": true, "Hint": true, "Reason": true, "Reasons": true, "Summary": true, "Refusal": true, "Notes": true, "ByHand": true}

// judgedByProse returns where a file decides by the words of a message. That there is
// one at all, or that two are the same, is no word of it.
func judgedByProse(t *testing.T, name string, source any) (places []string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		isBad := false
		switch n := n.(type) {
		case *ast.BinaryExpr:
			isBad = (n.Op == token.EQL || n.Op == token.NEQ) && (hasMessage(n.X) && isWords(n.Y) || hasMessage(n.Y) && isWords(n.X))
		case *ast.SwitchStmt:
			isBad = hasMessage(n.Tag)
		case *ast.CallExpr:
			isBad = looksInto(n)
		}
		if isBad {
			places = append(places, files.Position(n.Pos()).String())
		}
		return true
	})
	return places
}

// looksInto says that a call looks for something in a message.
func looksInto(call *ast.CallExpr) bool {
	f, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	seeks := map[string]bool{"Contains": true, "ContainsAny": true, "HasPrefix": true, "HasSuffix": true, "Index": true, "Cut": true, "EqualFold": true, "Count": true,
		"MatchString": true, "FindString": true, "FindStringSubmatch": true}
	for _, arg := range call.Args {
		if seeks[f.Sel.Name] && hasMessage(arg) {
			return true
		}
	}
	return false
}

func isWords(e ast.Expr) bool {
	lit, ok := e.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING && len(lit.Value) > 2
}

func hasMessage(e ast.Expr) (found bool) {
	if e == nil {
		return false
	}
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "len" { // how many there are is no word of them
				return false
			}
		}
		s, ok := n.(*ast.SelectorExpr)
		found = found || ok && messageFields[s.Sel.Name]
		return !found
	})
	return found
}

// Neither the judge nor what stands on it decides by the words of a message, whatever
// they are: the runs of TestRewordingChangesNothing do not have all that can be said.
func TestNobodyJudgesByProse(t *testing.T) {
	for _, folder := range []string{".", "../lastword", "../report"} {
		names, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(names) < 5 {
			t.Fatal(folder, names, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			for _, place := range judgedByProse(t, name, nil) {
				t.Errorf("%s: decides by the words of a message", place)
			}
		}
	}
}

// The check itself catches what it is for.
func TestAJudgeOfProseIsCaught(t *testing.T) {
	const around = "package p\nfunc f(r Result) bool { return %s }\n"
	for expression, isBad := range map[string]bool{
		`strings.Contains(string(r.Msg), "denied")`: true, `r.Info.Problems[0].Message == "member 1 is NotPrsnt"`: true,
		`"do this" != f.Hint`: true, `pattern.MatchString(o.Reason)`: true, `strings.HasPrefix(o.Reasons[0], "in")`: true,
		`f.Hint == ""`: false, `p.Message == o.Message`: false, `r.Code == "lock_held"`: false, `strings.Contains(r.Code, "held")`: false,
	} {
		places := judgedByProse(t, "p.go", strings.Replace(around, "%s", expression, 1))
		if (len(places) > 0) != isBad {
			t.Errorf("%s: want %t, got %v", expression, isBad, places)
		}
	}
	if places := judgedByProse(t, "p.go", "package p\nfunc f(r Result) { switch r.Msg {\ncase \"a\": } }\n"); len(places) != 1 {
		t.Errorf("a switch is not caught: %v", places)
	}
}
