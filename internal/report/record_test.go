// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"testing"

	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/outcome/recordtest"
)

// Whatever a file holds, it is refused or it becomes a well-formed page.
func FuzzParse(f *testing.F) {
	f.Add([]byte(recordtest.Good))
	f.Add([]byte(recordtest.Good[:200]))
	f.Add([]byte(`{"schema": 1, "host": "<script>", "members": [{"member_id": 9}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := outcome.Parse(data)
		if err != nil {
			return
		}
		tree(t, Fleet{Records: []outcome.Record{r}})
	})
}
