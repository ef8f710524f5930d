// SPDX-License-Identifier: GPL-3.0-or-later

//go:build !linux

package ansible

import "syscall"

// tieToParent is what this system can do to make a child end with its parent: the
// process group of the task, which Ansible's time-out ends as a whole.
func tieToParent() *syscall.SysProcAttr { return nil }
