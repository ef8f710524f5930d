// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import "syscall"

// tieToParent makes a child end with its parent, also when that is killed.
func tieToParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
