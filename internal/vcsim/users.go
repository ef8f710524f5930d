// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import "slices"

// Users returns who may log in to the chassis, with passwords: those of the
// scenario, or the laboratory's own.
func (ch *Chassis) Users() []User { return slices.Clone(ch.spec.Users) }
