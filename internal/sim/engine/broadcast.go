// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Listen has a terminal told what the switch tells everybody, until leave is called.
func (ch *Chassis) Listen(tell func(text string)) (leave func()) {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.listeners++
	id := ch.listeners
	ch.terminals[id] = tell
	return func() {
		ch.mu.Lock()
		defer ch.mu.Unlock()
		delete(ch.terminals, id)
	}
}

// Broadcast tells every terminal something, whatever runs there. It returns when all have
// been told.
func (ch *Chassis) Broadcast(text string) {
	ch.mu.Lock()
	all := slices.Collect(maps.Values(ch.terminals))
	ch.mu.Unlock()
	lines := []string{"", "Broadcast Message from root@" + ch.Primary().HostName(), "        (no tty) at " + ch.lab.clock.Now().UTC().Format("15:04 MST") + "...", "", text, ""}
	var b strings.Builder
	for _, line := range lines { // a terminal in raw mode needs the ends of lines as they are
		fmt.Fprintf(&b, "\r%-79s\r\n", line)
	}
	for _, tell := range all {
		tell(b.String())
	}
}
