// SPDX-License-Identifier: GPL-3.0-or-later

package canary_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

// recorder is a test that fails without consequences.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

type hinted struct{ error }

func (hinted) Hint() string { return "try " + canary.Password }

func TestCheckFindsWhatGetsOut(t *testing.T) {
	type config struct {
		Password   string
		Passphrase secret.String
	}
	plain := errors.New("no")
	for name, v := range map[string]any{
		"text":            "refused: " + canary.Password,
		"an error inside": fmt.Errorf("login: %w", errors.Join(plain, errors.New(canary.Passphrase))),
		"hidden error":    hiding{errors.New(canary.Wrong)},
		"a field":         config{Password: "Root-lab-1"},
		"a list":          []any{1, []byte(canary.Password)},
		"a hint":          hinted{plain},
		"base64":          base64.StdEncoding.EncodeToString([]byte(canary.Password)),
		"a private key":   "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA",
	} {
		r := &recorder{}
		if canary.Check(r, v); len(r.said) == 0 {
			t.Errorf("%s was not seen", name)
		} else if canary.In(strings.Join(r.said, "")) != "" {
			t.Errorf("%s: the report itself shows it: %s", name, r.said)
		}
	}
	r := &recorder{}
	if canary.Check(r, plain, nil, config{Passphrase: canary.Passphrase}, "nothing"); len(r.said) > 0 {
		t.Errorf("seen where there is none: %s", r.said)
	}
}

// hiding wraps an error without printing it.
type hiding struct{ inner error }

func (hiding) Error() string   { return "something" }
func (h hiding) Unwrap() error { return h.inner }

func TestTheConstantsAreInTheList(t *testing.T) {
	for _, c := range []string{canary.Password, canary.Passphrase, canary.Wrong} {
		if !slices.Contains(canary.All(), c) {
			t.Errorf("%s is missing", c)
		}
	}
}

var secretName = regexp.MustCompile(`(?i)^(.*(password|passphrase)|passwd)$`)

// Every password that stands in a Go test is a canary: what is none could get
// out unseen.
func TestEveryPasswordInATestIsACanary(t *testing.T) {
	files, seen := 0, 0
	err := filepath.WalkDir("../../..", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".venv" || d.Name() == ".git" || d.Name() == "build"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, "_test.go") || filepath.Dir(name) == ".": // this one has others on purpose
			return nil
		}
		files++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, literal := range passwords(n) {
				seen++
				if value, err := strconv.Unquote(literal.Value); err != nil || value != "" && !slices.Contains(canary.All(), value) {
					t.Errorf("%s: %s is no canary: take one of internal/secret/canary, or add it to canaries.txt", set.Position(literal.Pos()), literal.Value)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || files < 50 || seen < 10 {
		t.Errorf("looked at %d files and %d passwords: %v", files, seen, err)
	}
}

// passwords returns the literals that a node makes a password: a field, a key of
// a map, an assignment, a constant, an argument of ssh.Password.
func passwords(n ast.Node) (found []*ast.BasicLit) {
	pair := func(name, value ast.Expr) {
		if literal, ok := value.(*ast.BasicLit); ok && literal.Kind == token.STRING && secretName.MatchString(nameOf(name)) {
			found = append(found, literal)
		}
	}
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		pair(n.Key, n.Value)
	case *ast.AssignStmt:
		for i := range min(len(n.Lhs), len(n.Rhs)) {
			pair(n.Lhs[i], n.Rhs[i])
		}
	case *ast.ValueSpec:
		for i := range min(len(n.Names), len(n.Values)) {
			pair(n.Names[i], n.Values[i])
		}
	case *ast.CallExpr:
		for _, argument := range n.Args {
			if nameOf(n.Fun) == "Password" {
				pair(n.Fun, argument)
			}
		}
	}
	return found
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.BasicLit:
		name, _ := strconv.Unquote(e.Value)
		return name
	}
	return ""
}

// A word is found plainly, split over lines, and in base64 wherever it begins there.
func TestAroundFindsAWordInAnyForm(t *testing.T) {
	for _, text := range []string{"x Kanarie y", "Kan\n\t arie", "Kan&#xA; arie", `"Kan\n arie"`,
		base64.StdEncoding.EncodeToString([]byte("Kanarie1")), base64.StdEncoding.EncodeToString([]byte("aKanarie1")), base64.StdEncoding.EncodeToString([]byte("abKanarie1"))} {
		if canary.Around(text, "Kanarie") == "" {
			t.Errorf("%q: not found", text)
		}
	}
	for _, text := range []string{"", "Kanari", "kanarie", base64.StdEncoding.EncodeToString([]byte("Kanone"))} {
		if found := canary.Around(text, "Kanarie"); found != "" {
			t.Errorf("%q: found %q", text, found)
		}
	}
}
