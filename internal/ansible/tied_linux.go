// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import "syscall"

// tied makes a child end with its parent, also when that is killed.
func tied() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
