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
// It also renders the records that the role leaves, reads the traces that runs leave,
// and tells its version:
//
//	vchassis report reports -o reports.html
//	vchassis trace show traces/FILE
//	vchassis --version
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/lastword"
	"github.com/vchassis/vchassis.junos/internal/report"
	"github.com/vchassis/vchassis.junos/internal/trace"
	"github.com/vchassis/vchassis.junos/modules"
)

func main() {
	if isProgram(os.Args[0]) {
		if status, done := runOwnVerb(os.Args[1:], os.Stdout, os.Stderr); done {
			os.Exit(status)
		}
	}
	os.Exit(ansible.Main(context.Background(), modules.Table(), os.Args, os.Stdin, os.Stdout, os.Environ()))
}

// isProgram tells the program from the modules that are links to it: a module
// may be given a file called report.
func isProgram(name string) bool { return strings.HasPrefix(filepath.Base(name), "vchassis") }

// runOwnVerb does what is no module, and tells the exit status.
func runOwnVerb(args []string, stdout, stderr io.Writer) (status int, done bool) {
	switch first := append(args, "")[0]; first {
	case "module":
		return 0, false
	case "report":
		return report.Main(args[1:], stdout, stderr), true
	case "lastword":
		return lastword.Main(args[1:], os.Stdin, stdout, stderr), true
	case "outcome": // of the role alone
		return judgeRun(args[1:], os.Stdin, stdout, stderr), true
	case "trace":
		return trace.Main(args[1:], stdout, stderr), true
	case "--version", "-version", "version":
		fmt.Fprintf(stdout, "vchassis %s, %s %s/%s\n", device.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	case "--help", "-help", "-h", "help":
		printHelp(stdout)
	case "":
		printHelp(stderr)
		return 2, true
	default:
		fmt.Fprintf(stderr, "vchassis: %q: want module, report, trace, --version or --help\n", first)
		return 2, true
	}
	return 0, true
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, `usage: vchassis module NAME FILE
       vchassis report DIR [-o FILE]
       vchassis trace show FILE
       vchassis trace report FILE [-o FILE]
       vchassis --version

module runs a module of the collection vchassis.junos. FILE holds its options
as a JSON object, - is stdin; the result is a JSON object on stdout. The options
are those of ansible-doc vchassis.junos.NAME. NAME is one of:

`)
	for _, m := range modules.Table() {
		fmt.Fprintln(w, "  "+m.Name)
	}
	fmt.Fprint(w, `
report renders the records that the role left in DIR, scp_config_sync_report_path,
as one HTML page, on stdout or in FILE.

trace reads what a run has left in the folder of its option trace: show lists it,
report packs what an issue needs.
`)
}
