// SPDX-License-Identifier: GPL-3.0-or-later

package modules

import (
	"path/filepath"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/ansible/docs"
)

// What ansible-doc shows of a module is what the module does.
func TestDocumentation(t *testing.T) {
	for _, m := range Table() {
		t.Run(m.Name, func(t *testing.T) {
			stub := filepath.Join(m.Name, m.Name+".py")
			for _, difference := range docs.Compare(m, stub, "../collection/plugins/doc_fragments") {
				t.Error(difference)
			}
		})
	}
}
