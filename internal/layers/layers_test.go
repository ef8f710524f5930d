// SPDX-License-Identifier: GPL-3.0-or-later

// Package layers checks who imports whom, as docs/architecture.md says. It
// has no code of its own.
package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	root = "../.."
	ours = "github.com/vchassis/vchassis.junos/"
)

// may lists, for each package, which packages of ours it may import. A name
// that ends in /... stands for what is below it, too. A package that is not
// listed may import none.
var may = map[string][]string{
	"cmd/vchassis":               {"modules", "internal/ansible", "internal/device", "internal/lastword", "internal/outcome", "internal/report", "internal/trace"},
	"cmd/vchassis-sim":           {"internal/sim", "internal/sim/shapes"},
	"modules":                    {"internal/ansible", "modules/..."},
	"modules/...":                {"internal/ansible", "internal/device", "internal/junos", "internal/outcome", "internal/redact", "internal/vc"},
	"internal/device":            {"internal/ansible", "internal/change", "internal/junos", "internal/outcome", "internal/redact", "internal/rootshell", "internal/sshconn", "internal/trace", "internal/vc"},
	"internal/change":            {"internal/junos", "internal/vc"},
	"internal/junos":             {"internal/netconf", "internal/rootshell", "internal/sshconn", "internal/vc"},
	"internal/netconf":           {"internal/netconf/frame", "internal/sshconn"},
	"internal/sshconn":           {"internal/sshconn/knownhosts", "internal/sshconn/sshconfig"},
	"internal/sshconn/sshconfig": {"internal/sshconn/knownhosts"},
	"internal/ansible":           {"internal/strictjson"},
	"internal/ansible/docs":      {"internal/ansible"},
	"internal/moduletest":        {"internal/ansible", "internal/ansible/docs", "internal/device", "internal/outcome", "internal/sim"},
	"internal/outcome":           {"internal/strictjson", "internal/vc"},
	"internal/lastword":          {"internal/outcome"},
	"internal/report":            {"internal/outcome"},
	"internal/sim":               {"internal/sim/engine", "internal/sim/front"},
	"internal/sim/front":         {"internal/sim/cli", "internal/sim/engine", "internal/sim/rpc"},
	"internal/sim/rpc":           {"internal/netconf/frame", "internal/sim/cli", "internal/sim/conf", "internal/sim/engine"},
	"internal/sim/engine":        {"internal/sim/conf"},
	"internal/sim/cli":           {"internal/sim/conf"},
	"internal/sim/conf":          {"internal/sim/conf/schema"},
	"internal/redact":            {"internal/sim/conf/schema"}, // a text, and no code of the simulator
}

// anyone may import these.
var anyone = []string{"internal/hint", "internal/phrase", "internal/progress", "internal/secret"}

// holders lists who may import what belongs to one job alone. Of XML, secret
// knows only how it escapes a text. In the simulator rpc writes it, cli lays it out
// as text, and conf has it as one of four formats.
var holders = map[string][]string{
	"github.com/Juniper/go-netconf": {"internal/netconf"},
	"golang.org/x/crypto/ssh":       {"internal/sshconn", "internal/sshconn/...", "internal/sim/engine", "internal/sim/front"},
	"github.com/beevik/etree":       {"internal/netconf", "internal/junos", "internal/sim/rpc", "internal/sim/cli"},
	"encoding/xml":                  {"internal/secret", "internal/redact", "internal/netconf", "internal/junos", "internal/sim/rpc", "internal/sim/cli", "internal/sim/conf", "internal/sim/shapes"},
	"net/http":                      {"internal/sim/front", "cmd/vchassis-sim"},
}

// matches says whether a package is meant by one of the names.
func matches(pkg string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		below, wild := strings.CutSuffix(name, "/...")
		return pkg == name || wild && strings.HasPrefix(pkg, below+"/")
	})
}

// imports returns the imports of all packages of the module, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	each(t, func(pkg, _ string, file *ast.File) {
		all[pkg] = append(all[pkg], names(file)...)
	})
	if len(all) < 10 {
		t.Fatalf("only %d packages were found", len(all))
	}
	return all
}

func names(file *ast.File) []string {
	var out []string
	for _, i := range file.Imports {
		out = append(out, strings.Trim(i.Path.Value, `"`))
	}
	return out
}

// each parses every file that becomes part of a program.
func each(t *testing.T, do func(pkg, name string, file *ast.File)) {
	t.Helper()
	for _, top := range []string{"cmd", "modules", "internal"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "testdata":
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, filepath.Dir(name))
			if err == nil {
				do(filepath.ToSlash(rel), path.Base(filepath.ToSlash(name)), file)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// allowed returns what a package may import: its own entry, or that of the
// folder above.
func allowed(pkg string) []string {
	if list, ok := may[pkg]; ok {
		return list
	}
	return may[path.Dir(pkg)+"/..."]
}

func TestDependenciesPointOneWay(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, i := range list {
			if own, ok := strings.CutPrefix(i, ours); ok && !matches(own, anyone) && !matches(own, allowed(pkg)) {
				t.Errorf("%s must not import %s", pkg, own)
			}
		}
	}
}

func TestEveryJobHasOneHolder(t *testing.T) {
	for pkg, list := range imports(t) {
		for _, i := range list {
			for what, who := range holders {
				if (i == what || strings.HasPrefix(i, what+"/")) && !matches(pkg, who) {
					t.Errorf("%s must not import %s: that is for %v", pkg, i, who)
				}
			}
		}
	}
}

// One mistake about Junos must not pass on both sides: the simulator shares
// with the client nothing but framing, not even through another package.
func TestTheSimulatorSharesOnlyFraming(t *testing.T) {
	all := imports(t)
	seen := map[string]bool{}
	var walk func(pkg string)
	walk = func(pkg string) {
		if seen[pkg] {
			return
		}
		seen[pkg] = true
		for _, i := range all[pkg] {
			if own, ok := strings.CutPrefix(i, ours); ok {
				walk(own)
			}
		}
	}
	walk("cmd/vchassis-sim")
	if !seen["internal/sim"] || !seen["internal/netconf/frame"] {
		t.Errorf("the simulator was not looked at: %v", slices.Sorted(maps.Keys(seen)))
	}
	for _, client := range []string{"internal/netconf", "internal/sshconn", "internal/junos", "internal/change", "internal/device", "internal/ansible", "modules"} {
		if seen[client] {
			t.Errorf("the simulator depends on %s", client)
		}
	}
}

// vc, outcome and phrase do no I/O, know no XML and read no clock.
func TestTheDomainIsPure(t *testing.T) {
	pure := []string{"cmp", "errors", "fmt", "maps", "path", "regexp", "slices", "strconv", "strings", "time", "unicode"}
	more := map[string][]string{"internal/phrase": nil, "internal/vc": {ours + "internal/phrase"}, "internal/outcome": {"encoding/json", ours + "internal/strictjson", ours + "internal/vc"}}
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}
	each(t, func(pkg, name string, file *ast.File) {
		its, isPure := more[pkg]
		if !isPure {
			return
		}
		for _, i := range names(file) {
			if !slices.Contains(pure, i) && !slices.Contains(its, i) {
				t.Errorf("%s/%s must not import %s", pkg, name, i)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, s.Sel.Name) {
				t.Errorf("%s/%s reads the clock: time.%s", pkg, name, s.Sel.Name)
			}
			return true
		})
	})
}

// Every package says what it is for, and every file names its licence first.
func TestPackagesIntroduceThemselves(t *testing.T) {
	documented := map[string]bool{}
	each(t, func(pkg, name string, file *ast.File) {
		documented[pkg] = documented[pkg] || file.Doc != nil
		if len(file.Comments) == 0 || file.Comments[0].List[0].Text != "// SPDX-License-Identifier: GPL-3.0-or-later" {
			t.Errorf("%s/%s does not begin with its licence", pkg, name)
		}
	})
	for _, pkg := range slices.Sorted(maps.Keys(documented)) {
		if !documented[pkg] {
			t.Errorf("%s has no package comment", pkg)
		}
	}
}

// The table itself is kept: what it names exists.
func TestTheTableNamesPackages(t *testing.T) {
	all := imports(t)
	for pkg, list := range may {
		for _, name := range append([]string{pkg}, list...) {
			if !strings.HasSuffix(name, "/...") && all[name] == nil {
				t.Errorf("%s is no package", name)
			}
		}
	}
}
