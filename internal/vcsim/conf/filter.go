// SPDX-License-Identifier: GPL-3.0-or-later

package conf

// Filter selects a part of a tree.
type Filter struct{}

func (f *Filter) apply(n *node) *node { return n }
