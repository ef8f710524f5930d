// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"time"
)

// WithClock gives a run the clock of a lab.
func WithClock(ctx context.Context, now func() time.Time) context.Context {
	return context.WithValue(ctx, clockKey{}, now)
}
