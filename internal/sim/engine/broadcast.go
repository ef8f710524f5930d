// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"strings"
)

// Listen has a terminal told what the switch tells everybody, until leave is called.
// print may block: nobody waits for it.
func (ch *Chassis) Listen(print func(text string)) (leave func()) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.listeners++
	id := ch.listeners
	ch.terminals[id] = print
	return func() {
		ch.mu.Lock()
		defer ch.mu.Unlock()
		delete(ch.terminals, id)
	}
}

// broadcast tells every terminal, whatever runs there. The caller holds mu.
func (ch *Chassis) broadcast(host, text string) {
	if ch.Profile.RollbackBroadcast != "terminals" {
		return
	}
	lines := []string{"", "Broadcast Message from root@" + host, "        (no tty) at " + ch.lab.clock.Now().UTC().Format("15:04 MST") + "...", "", text, ""}
	var b strings.Builder
	for _, line := range lines { // a terminal in raw mode needs the ends of lines as they are
		fmt.Fprintf(&b, "\r%-79s\r\n", line)
	}
	for _, print := range ch.terminals {
		go print(b.String()) // ends with the terminal
	}
}
