// SPDX-License-Identifier: GPL-3.0-or-later

// Command vchassis is all modules of the collection vchassis.junos in one
// program. It finds out which one it is by its name, or is told:
//
//	vchassis module vc_info args.json
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
