// SPDX-License-Identifier: GPL-3.0-or-later

package docs

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/ansible"
)

// Compare returns every difference between a module and its stub, a sentence
// each. Fragments is the folder of the documentation fragments.
func Compare(m ansible.Module, stub, fragments string) []string {
	p, err := read(stub, fragments)
	if err != nil {
		return []string{err.Error()}
	}
	var d differences
	d.page(m, p, strings.TrimSuffix(filepath.Base(stub), ".py"))
	d.options("", m.Options(), p.Options)
	d.returns("", m.Returns(), p.returns)
	return d
}

// differences collects sentences.
type differences []string

func (d *differences) add(format string, args ...any) {
	*d = append(*d, fmt.Sprintf(format, args...))
}

// same adds a sentence unless the code and its documentation agree.
func (d *differences) same(at, what string, code, documented any) {
	if fmt.Sprint(code) != fmt.Sprint(documented) {
		d.add("%s: %s is %v, documented as %v", at, what, code, documented)
	}
}

var license = regexp.MustCompile(`(?m)\A(.*\n){0,19}.*GNU General Public License v3`)

func (d *differences) page(m ansible.Module, p *page, file string) {
	d.same("module", "name", m.Name, p.Module)
	d.same("module", "name", m.Name, file)
	if !strings.Contains(p.examples, "vchassis.junos."+m.Name+":") {
		d.add("EXAMPLES: none calls vchassis.junos.%s", m.Name)
	}
	for _, name := range []string{"check_mode", "diff_mode", "idempotent"} {
		if p.Attributes[name] == nil {
			d.add("attributes: %s is not stated", name)
		}
	}
	if !license.MatchString(p.text) {
		d.add("licence: not named in the first 20 lines")
	}
}

func (d *differences) options(at string, code []ansible.Option, documented map[string]option) {
	rest := maps.Clone(documented)
	for _, o := range code {
		name := at + o.Name
		doc, ok := documented[o.Name]
		if !ok {
			d.add("option %s: not documented", name)
			continue
		}
		delete(rest, o.Name)
		d.option("option "+name, o, doc)
		d.options(name+".", o.Sub, doc.Suboptions)
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		d.add("option %s: documented, but the module has none", at+name)
	}
}

func (d *differences) option(at string, o ansible.Option, doc option) {
	if doc.Type == "" {
		doc.Type = "str" // Ansible's own default
	}
	d.same(at, "type", o.Type, doc.Type)
	d.same(at, "elements", quoted(o.Elements), quoted(doc.Elements))
	d.same(at, "required", o.Required, doc.Required)
	d.same(at, "default", o.Default, doc.Default)
	d.same(at, "choices", o.Choices, doc.Choices)
	d.same(at, "aliases", o.Aliases, doc.Aliases)
	for _, choice := range doc.Choices {
		if _, text := choice.(string); !text && o.Type == "str" {
			d.add("%s: choice %v is no text in YAML: quote it", at, choice)
		}
	}
	if secretive.MatchString(o.Name) && !o.NoLog {
		d.add("%s: sounds like a secret, but is not masked", at)
	}
}

// secretive matches the names that validate-modules also takes for secrets.
var secretive = regexp.MustCompile(`pass(word|phrase)|secret|token`)

// common are the results that Ansible documents for every module.
var common = []string{"changed", "diff", "failed", "msg", "warnings"}

// forbidden are the results that Ansible would take for its own.
var forbidden = regexp.MustCompile(`^(invocation|exception|_ansible_.*)$`)

func (d *differences) returns(at string, code []ansible.Return, documented map[string]field) {
	rest := maps.Clone(documented)
	for _, r := range code {
		name := at + r.Name
		doc, ok := documented[r.Name]
		delete(rest, r.Name)
		switch {
		case at == "" && forbidden.MatchString(r.Name):
			d.add("result %s: the name is Ansible's own", name)
		case ok:
			d.result("result "+name, r, doc)
		case at != "" || !slices.Contains(common, r.Name):
			d.add("result %s: not documented", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		d.add("result %s: documented, but the module has none", at+name)
	}
}

func (d *differences) result(at string, r ansible.Return, doc field) {
	if r.Type != "" {
		d.same(at, "type", r.Type, strings.Replace(doc.Type, "complex", "dict", 1))
		d.same(at, "elements", quoted(r.Elements), quoted(doc.Elements))
	}
	if doc.Returned == "" {
		d.add("%s: when it is returned is not stated", at)
	}
	if len(doc.Contains) > 0 { // a sample may stand in for it
		d.returns(strings.TrimPrefix(at, "result ")+".", r.Sub, doc.Contains)
	}
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }
