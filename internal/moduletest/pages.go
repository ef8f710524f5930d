// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"path/filepath"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/ansible/docs"
)

// pages are what users read of the modules. Of a module of a test there are none.
type pages struct {
	schemas map[string]docs.Schema // what each module says of its results
	guide   guide
	note    func(Failure) // hears of every failure; may be nil
}

// readPages reads the stubs of the modules, which lie in folders below one, and the guide.
func readPages(t *testing.T, modulesFolder string, modules []ansible.Module) pages {
	t.Helper()
	collection := filepath.Join(modulesFolder, "../collection")
	g, err := readGuide(filepath.Join(collection, "docs/failures.md"))
	if err != nil {
		t.Fatal(err)
	}
	p := pages{schemas: map[string]docs.Schema{}, guide: g}
	for _, m := range modules {
		schema, err := docs.SchemaOf(filepath.Join(modulesFolder, m.Name, m.Name+".py"), filepath.Join(collection, "plugins/doc_fragments"))
		if err != nil {
			t.Fatal(err)
		}
		p.schemas[m.Name] = schema
	}
	return p
}

// compareResult returns what of a module's result is not as the pages have it.
func (p pages) compareResult(module string, result []byte) (differences []string) {
	schema, ok := p.schemas[module]
	if !ok {
		return nil
	}
	for _, d := range schema.Compare(result) {
		differences = append(differences, "RETURN: "+d)
	}
	failure, err := p.guide.lookUp(module, result)
	if err != nil {
		differences = append(differences, "GUIDE: "+err.Error())
	} else if p.note != nil && failure.Message != "" {
		p.note(failure)
	}
	return differences
}
