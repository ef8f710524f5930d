// SPDX-License-Identifier: GPL-3.0-or-later

// Built with GOFIPS140, FIPS mode would be on by default. It is switched on by
// the option fips, by VCHASSIS_FIPS, or by GODEBUG.
//
//go:debug fips140=off

// Command vchassis is all modules of the collection vchassis.junos in one
// program. It finds out which one it is by its name, or is told:
//
//	vchassis module vc_info args.json
//
// It also renders the records that the role leaves:
//
//	vchassis report reports -o reports.html
package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/report"
	"github.com/vchassis/vchassis.junos/modules"
)

func main() {
	if isReport(os.Args) {
		os.Exit(report.Main(os.Args[2:], os.Stdout, os.Stderr))
	}
	os.Exit(ansible.Main(context.Background(), modules.Table(), os.Args, os.Stdin, os.Stdout, os.Environ()))
}

// isReport looks at the name too: a module may be given a file called report.
func isReport(args []string) bool {
	return len(args) > 1 && args[1] == "report" && strings.HasPrefix(filepath.Base(args[0]), "vchassis")
}
