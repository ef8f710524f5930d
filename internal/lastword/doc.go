// SPDX-License-Identifier: GPL-3.0-or-later

// Package lastword says in a few lines what a play came to, of all its chassis:
// how many have which outcome, those that need somebody grouped by the cause,
// and what to do next. It judges with package outcome, as the role does, and
// knows nothing of how Ansible runs a play.
package lastword
