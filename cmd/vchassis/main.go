// SPDX-License-Identifier: GPL-3.0-or-later

// Vchassis is all modules of vchassis.junos in one program. Ansible runs it
// through links that bear the modules' names; by hand it is
//
//	vchassis module NAME FILE|-
package main

import (
	"context"
	"os"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/modules"
)

func main() {
	os.Exit(ansible.Main(context.Background(), modules.Table(), os.Args, os.Stdin, os.Stdout, os.Environ()))
}
