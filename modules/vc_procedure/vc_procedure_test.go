// SPDX-License-Identifier: GPL-3.0-or-later

package vcprocedure_test

import (
	"testing"

	"github.com/vchassis/vchassis.junos/internal/moduletest"
	"github.com/vchassis/vchassis.junos/modules"
)

// The module's contract: one behaviour a script.
func TestContract(t *testing.T) { moduletest.Run(t, "testdata", modules.Table()) }
