// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"slices"
	"sync"
)

// noted is what a server has seen, for the test that runs beside it.
type noted struct {
	mu   sync.Mutex
	seen []string
}

func (n *noted) add(what ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, what...)
}

// take returns what was seen since the last time.
func (n *noted) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := slices.Clone(n.seen)
	n.seen = nil
	return seen
}
