// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestOrphanedModuleEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var parent atomic.Int64
		parent.Store(42)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ctx = untilOrphaned(ctx, func() int { return int(parent.Load()) })
		time.Sleep(time.Minute)
		if ctx.Err() != nil {
			t.Fatal("it ended although the parent is there")
		}
		parent.Store(1)
		time.Sleep(time.Second)
		if !errors.Is(context.Cause(ctx), errOrphaned) {
			t.Errorf("it goes on without its parent: %v", context.Cause(ctx))
		}
	})
}
