// SPDX-License-Identifier: GPL-3.0-or-later

// Package docs compares a module with its documentation stub. Options and
// results live in Go; what Ansible shows of them lives in YAML; this is what
// keeps the two the same. It is for tests and knows no module.
package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
)

// page is what a stub and the fragments it extends say.
type page struct {
	Module     string            `yaml:"module"`
	Options    map[string]option `yaml:"options"`
	Extends    any               `yaml:"extends_documentation_fragment"`
	Attributes map[string]any    `yaml:"attributes"`

	examples string
	returns  map[string]field
	text     string
}

type option struct {
	Type       string            `yaml:"type"`
	Elements   string            `yaml:"elements"`
	Required   bool              `yaml:"required"`
	Default    any               `yaml:"default"`
	Choices    []any             `yaml:"choices"`
	Aliases    []string          `yaml:"aliases"`
	Suboptions map[string]option `yaml:"suboptions"`
}

type field struct {
	Description any              `yaml:"description"`
	Type        string           `yaml:"type"`
	Elements    string           `yaml:"elements"`
	Returned    string           `yaml:"returned"`
	Contains    map[string]field `yaml:"contains"`
}

// readPage parses a stub and the fragments it names, which lie in a folder.
func readPage(stub, fragments string) (*page, error) {
	source, err := os.ReadFile(stub)
	if err != nil {
		return nil, err
	}
	p := &page{text: string(source)}
	if err := unmarshalVariable(p.text, "DOCUMENTATION", p); err != nil {
		return nil, fmt.Errorf("%s: %w", stub, err)
	}
	if err := unmarshalVariable(p.text, "RETURN", &p.returns); err != nil {
		return nil, fmt.Errorf("%s: %w", stub, err)
	}
	p.examples = variableText(p.text, "EXAMPLES")
	for _, name := range p.fragmentNames() {
		if err := p.addFragment(name, fragments); err != nil {
			return nil, fmt.Errorf("%s: %w", stub, err)
		}
	}
	return p, nil
}

// fragmentNames returns the names of the fragments, which may be a text or a list.
func (p *page) fragmentNames() []string {
	switch t := p.Extends.(type) {
	case string:
		return []string{t}
	case []any:
		var names []string
		for _, name := range t {
			names = append(names, fmt.Sprint(name))
		}
		return names
	}
	return nil
}

// addFragment adds a fragment: namespace.collection.file, or that and .variable.
// What the stub says itself wins.
func (p *page) addFragment(name, folder string) error {
	parts := strings.Split(name, ".")
	if len(parts) < 3 {
		return fmt.Errorf("fragment %s: want namespace.collection.name", name)
	}
	variable := "DOCUMENTATION"
	if len(parts) > 3 {
		variable = strings.ToUpper(parts[3])
	}
	source, err := os.ReadFile(filepath.Join(folder, parts[2]+".py"))
	if err != nil {
		return err
	}
	var fragment page
	if err := unmarshalVariable(string(source), variable, &fragment); err != nil {
		return fmt.Errorf("fragment %s: %w", name, err)
	}
	p.Options = mergeMaps(fragment.Options, p.Options)
	p.Attributes = mergeMaps(fragment.Attributes, p.Attributes)
	return nil
}

func mergeMaps[V any](under, over map[string]V) map[string]V {
	all := map[string]V{}
	for k, v := range under {
		all[k] = v
	}
	for k, v := range over {
		all[k] = v
	}
	return all
}

func unmarshalVariable(source, variable string, v any) error {
	text := variableText(source, variable)
	if text == "" {
		return fmt.Errorf("no %s", variable)
	}
	if err := yaml.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	return nil
}

// variableText returns the text that a Python variable holds.
func variableText(source, variable string) string {
	start := regexp.MustCompile(`(?m)^\s*` + variable + `\s*=\s*r?("""|''')`).FindStringSubmatchIndex(source)
	if start == nil {
		return ""
	}
	text, _, _ := strings.Cut(source[start[1]:], source[start[2]:start[3]])
	return text
}
