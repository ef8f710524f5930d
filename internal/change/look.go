// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"context"
	"errors"
	"time"

	"github.com/vchassis/vchassis.junos/internal/junos"
)

// lookAgain reads the device again, over a new login if the session is gone.
func (r *changeRun) lookAgain(ctx context.Context) error {
	r.discardEdits(ctx)
	if !r.dev.IsLost() {
		if err := r.readDevice(ctx); err == nil || !r.dev.IsLost() {
			return err
		}
	}
	r.Progress.Begin("the session was lost: log in again and see what the chassis has", r.reconnectLimit())
	return r.timeStep("reconnect", func() error { return r.reconnectLocked(ctx) })
}

// isBlocked says that somebody else keeps the configuration.
func isBlocked(err error) bool {
	return errors.As(err, new(*junos.LockHeldError)) || errors.As(err, new(*junos.CandidateModifiedError))
}

// discardEdits removes our own edits. The lock is ours, so they are nobody else's.
func (r *changeRun) discardEdits(ctx context.Context) {
	if !r.dirty || r.dev.IsLost() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := r.timeStep("discard", func() error { return r.dev.Discard(ctx) }); err != nil {
		r.addNote(err.Error() + "; the edits end with the session")
		_ = r.dev.Close()
	}
	r.dirty = false
}

// reconnectTime is how long a device that is lost may be busy with itself.
const reconnectTime = time.Minute

// reconnectLimit is how long a new login and its reading are tried: either may have to wait
// for the limits of the device.
func (r *changeRun) reconnectLimit() time.Duration { return reconnectTime + 2*r.LoginPause }

// reconnectLocked logs in again and takes the lock, so that a commit that is still
// under way is over before the device is read. It tries for as long as a device
// may be busy with itself, or with the election of another primary.
func (r *changeRun) reconnectLocked(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, r.reconnectLimit())
	defer cancel()
	for pause := time.Second; ; pause = min(2*pause, 10*time.Second) {
		err := r.replaceSession(ctx, patient)
		if err == nil {
			err = r.readDevice(ctx)
		}
		if err == nil || isBlocked(err) || !sleepFor(patient, pause) {
			return err
		}
	}
}

// replaceSession replaces the session by a new one that has the lock.
func (r *changeRun) replaceSession(ctx, patient context.Context) error {
	dev, err := r.Dial(patient)
	if err != nil {
		return err
	}
	r.closeSession()
	r.dev, r.dirty = dev, false
	r.unlock, err = dev.LockClean(ctx, r.LockWait)
	return err
}

// sleepFor waits, and says whether the time is not over.
func sleepFor(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
