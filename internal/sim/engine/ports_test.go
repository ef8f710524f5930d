// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"testing"
)

func TestPortsOfModels(t *testing.T) {
	for model, want := range map[string]string{
		"ex4400-24t": "ge 24", "ex4400-48p": "ge 48", "EX4400-48MP": "mge 48", "ex4650-48y": "xe 48", "qfx5120-48y": "xe 48", "qfx5110-48s": "xe 48", "qfx5120-32c": "et 32", "unheard-of": " 0",
	} {
		kind, count := portsOf(model)
		if got := fmt.Sprintf("%s %d", kind, count); got != want {
			t.Errorf("%s: want %q, got %q", model, want, got)
		}
	}
}
