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
	p, err := readPage(stub, fragments)
	if err != nil {
		return []string{err.Error()}
	}
	var d differences
	d.comparePage(m, p, strings.TrimSuffix(filepath.Base(stub), ".py"))
	d.compareOptions("", m.Options(), p.Options)
	d.compareReturns("", m.Returns(), p.returns)
	return d
}

// differences collects sentences.
type differences []string

func (d *differences) addDifference(format string, args ...any) {
	*d = append(*d, fmt.Sprintf(format, args...))
}

// compareValues adds a sentence unless the code and its documentation agree.
func (d *differences) compareValues(at, what string, code, documented any) {
	if fmt.Sprint(code) != fmt.Sprint(documented) {
		d.addDifference("%s: %s is %v, documented as %v", at, what, code, documented)
	}
}

var license = regexp.MustCompile(`(?m)\A(.*\n){0,19}.*GNU General Public License v3`)

func (d *differences) comparePage(m ansible.Module, p *page, file string) {
	d.compareValues("module", "name", m.Name, p.Module)
	d.compareValues("module", "name", m.Name, file)
	if !strings.Contains(p.examples, "vchassis.junos."+m.Name+":") {
		d.addDifference("EXAMPLES: none calls vchassis.junos.%s", m.Name)
	}
	for _, name := range []string{"check_mode", "diff_mode", "idempotent"} {
		if p.Attributes[name] == nil {
			d.addDifference("attributes: %s is not stated", name)
		}
	}
	if !license.MatchString(p.text) {
		d.addDifference("licence: not named in the first 20 lines")
	}
}

func (d *differences) compareOptions(at string, code []ansible.Option, documented map[string]option) {
	rest := maps.Clone(documented)
	for _, o := range code {
		name := at + o.Name
		doc, ok := documented[o.Name]
		if !ok {
			d.addDifference("option %s: not documented", name)
			continue
		}
		delete(rest, o.Name)
		d.compareOption("option "+name, o, doc)
		d.compareOptions(name+".", o.Sub, doc.Suboptions)
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		d.addDifference("option %s: documented, but the module has none", at+name)
	}
}

func (d *differences) compareOption(at string, o ansible.Option, doc option) {
	if doc.Type == "" {
		doc.Type = "str" // Ansible's own default
	}
	d.compareValues(at, "type", o.Type, doc.Type)
	d.compareValues(at, "elements", quoteText(o.Elements), quoteText(doc.Elements))
	d.compareValues(at, "required", o.Required, doc.Required)
	d.compareValues(at, "default", o.Default, doc.Default)
	d.compareValues(at, "choices", o.Choices, doc.Choices)
	d.compareValues(at, "aliases", o.Aliases, doc.Aliases)
	for _, choice := range doc.Choices {
		if _, text := choice.(string); !text && o.Type == "str" {
			d.addDifference("%s: choice %v is no text in YAML: quote it", at, choice)
		}
	}
	if secretive.MatchString(o.Name) && !o.NoLog {
		d.addDifference("%s: sounds like a secret, but is not masked", at)
	}
}

// secretive matches the names that validate-modules also takes for secrets.
var secretive = regexp.MustCompile(`pass(word|phrase)|secret|token`)

// common are the results that Ansible documents for every module.
var common = []string{"changed", "diff", "failed", "msg", "warnings"}

// forbidden are the results that Ansible would take for its own.
var forbidden = regexp.MustCompile(`^(invocation|exception|_ansible_.*)$`)

func (d *differences) compareReturns(at string, code []ansible.Return, documented map[string]field) {
	rest := maps.Clone(documented)
	for _, r := range code {
		name := at + r.Name
		doc, ok := documented[r.Name]
		delete(rest, r.Name)
		switch {
		case at == "" && forbidden.MatchString(r.Name):
			d.addDifference("result %s: the name is Ansible's own", name)
		case ok:
			d.compareReturn("result "+name, r, doc)
		case at != "" || !slices.Contains(common, r.Name):
			d.addDifference("result %s: not documented", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rest)) {
		d.addDifference("result %s: documented, but the module has none", at+name)
	}
}

func (d *differences) compareReturn(at string, r ansible.Return, doc field) {
	if r.Type != "" {
		d.compareValues(at, "type", r.Type, strings.Replace(doc.Type, "complex", "dict", 1))
		d.compareValues(at, "elements", quoteText(r.Elements), quoteText(doc.Elements))
	}
	if doc.Returned == "" {
		d.addDifference("%s: when it is returned is not stated", at)
	}
	if len(r.Sub) > 0 && len(doc.Contains) == 0 {
		d.addDifference("%s: what it contains is not stated", at)
	}
	if len(doc.Contains) > 0 {
		d.compareReturns(strings.TrimPrefix(at, "result ")+".", r.Sub, doc.Contains)
	}
}

func quoteText(s string) string { return fmt.Sprintf("%q", s) }
