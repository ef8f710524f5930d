// SPDX-License-Identifier: GPL-3.0-or-later

// Package modules is the table of all modules. Each has a folder of its own.
package modules

import (
	"github.com/vchassis/vchassis.junos/internal/ansible"
	vcauthorizedkeyscommand "github.com/vchassis/vchassis.junos/modules/vc_authorized_keys_command"
	vcinfo "github.com/vchassis/vchassis.junos/modules/vc_info"
	vcinternalssh "github.com/vchassis/vchassis.junos/modules/vc_internal_ssh"
	vcprocedure "github.com/vchassis/vchassis.junos/modules/vc_procedure"
	vcscpsync "github.com/vchassis/vchassis.junos/modules/vc_scp_sync"
	vcsnapshot "github.com/vchassis/vchassis.junos/modules/vc_snapshot"
	vcsynccheck "github.com/vchassis/vchassis.junos/modules/vc_sync_check"
)

// Table returns the modules, by name.
func Table() []ansible.Module {
	return []ansible.Module{
		vcauthorizedkeyscommand.Module,
		vcinfo.Module,
		vcinternalssh.Module,
		vcprocedure.Module,
		vcscpsync.Module,
		vcsnapshot.Module,
		vcsynccheck.Module,
	}
}
