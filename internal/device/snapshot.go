// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/junos"
)

// Snapshot is a chassis that was read whole, over one login that is over.
type Snapshot struct {
	junos.Snapshot
	Result    Result
	User      string // the login name as the device knows it
	Class     string // its login class, "" if the device did not say
	Offer     junos.Offer
	Login     time.Duration
	Exchanges []Exchange
}

// TakeSnapshot logs in, reads the chassis whole, and logs out. The session refuses
// every write.
func TakeSnapshot(ctx context.Context, task ansible.Task, conn Connection) (Snapshot, error) {
	task.Check = true
	s := newSession(task, conn, ChassisFIPS{})
	log := &dialogue{}
	s.log = log
	start := time.Now()
	s.task.Progress.Enter("log in to "+s.conn.Host, asSeconds(s.conn.ConnectTimeout))
	dev, err := s.openDevice(ctx)
	if err != nil {
		return Snapshot{}, &unreadDeviceError{err, s.heard.List(), s.isOutOfReach(err)}
	}
	login := time.Now()
	s.task.Progress.Enter("read the chassis", asSeconds(s.conn.RPCTimeout))
	read, err := dev.ReadSnapshot(ctx)
	s.dev, s.State = dev, read.State
	s.durations = []time.Duration{login.Sub(start), time.Since(login)}
	defer s.Close()
	if err != nil {
		return Snapshot{}, &unreadDeviceError{err, s.heard.List(), false}
	}
	return Snapshot{Snapshot: read, Result: s.Result(), User: s.User(), Class: dev.Class(), Offer: dev.Offer(),
		Login: s.durations[0], Exchanges: log.exchanges()}, nil
}
