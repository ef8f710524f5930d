// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"errors"
	"time"
)

// orphanVariable is set by the action plugin: a module must not go on when the
// job that started it was killed.
const orphanVariable = "VCHASSIS_END_WITH_PARENT"

var errOrphaned = errors.New("the job that started this module has ended")

// untilOrphaned returns a context that ends when another process takes the
// parent's place. It asks instead of waiting for a signal, because a signal of
// the kernel's comes when the parent's thread ends, not its process.
func untilOrphaned(ctx context.Context, parent func() int) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	first := parent()
	tick := time.NewTicker(200 * time.Millisecond)
	go func() { // ends with the context, at the latest with the process
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if parent() != first {
					cancel(errOrphaned)
					return
				}
			}
		}
	}()
	return ctx
}
