// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"errors"
	"time"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

// keepAlive says how often the other side is asked, and how often in vain.
type keepAlive struct {
	interval time.Duration
	count    int
}

// startKeepAlive asks for a sign of life at each interval, in a goroutine that
// ends with the client. It is what notices a link that died silently, whatever
// the deadline of an RPC; any answer counts, a refusal too.
func (c *Client) startKeepAlive(k keepAlive) {
	answers := make(chan error, 1)
	go func() {
		tick := time.NewTicker(k.interval)
		defer tick.Stop()
		asked, missed := false, 0
		for {
			select {
			case <-c.closed:
				return
			case err := <-answers:
				if err != nil {
					return // the connection has ended, and whoever reads from it knows
				}
				asked, missed = false, 0
			case <-tick.C:
				if !asked {
					asked = true
					go c.askForLife(answers)
					continue
				}
				if missed++; missed >= k.count {
					c.abortWith(&PhaseError{Phase: PhaseKeepAlive, Host: c.Host(),
						Err:    errors.New("no answer for " + phrase.Seconds(k.interval*time.Duration(k.count))),
						Remedy: "check the link to the switch; what was asked last may or may not have been done"})
					return
				}
			}
		}
	}()
}

// askForLife ends with an answer or with the connection; the channel takes one result
// even when nobody waits for it any more.
func (c *Client) askForLife(answers chan<- error) {
	_, _, err := c.ssh.SendRequest("keepalive@openssh.com", true, nil)
	answers <- err
}
