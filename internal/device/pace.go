// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/hint"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/progress"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// countedMinute is longer than the minute that a rate-limit counts. Refused
// connections may count too, so nothing is tried before it is over.
const countedMinute = 61 * time.Second

// pacer makes logins that fit the limits of a switch. Earlier tasks have logged in
// too, and when, this process does not know: so a login that is turned away waits
// until the minute is over, and is tried again.
type pacer struct {
	most  time.Duration // for which one login may wait
	told  *progress.Log // nil: nobody listens
	pause time.Duration // 0: countedMinute
	last  time.Time     // when this process has logged in last
	notes []string
}

// open logs in. A limit that is not known, or low, may be why a login is turned away;
// where it is known and high, something else is.
func (p *pacer) open(ctx context.Context, limits vc.LoginLimits, open func(context.Context) (*junos.Device, error)) (*junos.Device, error) {
	waited := time.Duration(0)
	for tries := 0; ; tries++ {
		p.last = time.Now()
		dev, err := open(ctx)
		if !sshconn.IsTurnedAway(err) || limits.AreMany() {
			return dev, err
		}
		pause := p.minute()
		if !limits.AreFew() && tries < restartTries { // sshd may only be restarting
			pause = pause / 61 << tries
		}
		if waited += pause; waited > p.most || !p.wait(ctx, pause, "it refused a login, as it does above a connection-limit or rate-limit") {
			return nil, hint.With(err, hint.Of(err)+p.advice())
		}
	}
}

// restartTries is how often a switch of which no limit is known is tried again soon:
// after 1, 2 and 4 seconds.
const restartTries = 3

// advice is behind the hint of a login that was turned away.
func (p *pacer) advice() string {
	if p.most < p.minute() {
		return "; login_wait: 90 would wait until the minute that a rate-limit counts has passed"
	}
	return ""
}

// makeRoom waits, before a change, until the login that has to prove it is sure to be
// admitted, if the trial is too short to wait in it. It returns what it has waited for.
func (p *pacer) makeRoom(ctx context.Context, limits vc.LoginLimits, trial time.Duration) []string {
	before := len(p.notes)
	left := time.Until(p.last.Add(p.minute()))
	if limits.AreFew() && trial > 0 && trial/2 < p.minute()+10*time.Second && left > 0 {
		p.wait(ctx, left, fmt.Sprintf("its rate-limit is %d, and the trial too short to wait in it", limits.PerMinute))
	}
	return p.notes[before:]
}

// wait sleeps and says so. It does not begin what the deadline would end.
func (p *pacer) wait(ctx context.Context, d time.Duration, why string) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return false
	}
	if d >= p.minute()/10 {
		text := fmt.Sprintf("%s for the next login: %s", phrase.Seconds(d.Round(time.Second)), why)
		p.notes = append(p.notes, "waited "+text)
		p.told.Begin("waiting "+text, d)
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// minute is how long a login waits.
func (p *pacer) minute() time.Duration {
	if p.pause > 0 {
		return p.pause
	}
	return countedMinute
}
