// SPDX-License-Identifier: GPL-3.0-or-later

// Command vchassis-sim runs simulated Virtual Chassis, and talks to a running one:
//
//	vchassis-sim [-f scenario.yml | -chassis N -members M] [-control SOCKET] ...
//	vchassis-sim demo
//	vchassis-sim ctl SOCKET VERB ...
//	vchassis-sim netconf SOCKET CHASSIS [USER]
//	vchassis-sim compare TRACE [-twin SNAPSHOT]
//	vchassis-sim knobs
//	vchassis-sim --version
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// version is set by the build from galaxy.yml, the one home of the version.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "vchassis-sim:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	verb := ""
	if len(args) > 0 {
		verb = args[0]
	}
	switch verb {
	case "ctl":
		return ctl(ctx, args[1:], stdout)
	case "demo":
		return demo(ctx, args[1:], stdout, stderr)
	case "netconf":
		return netconf(ctx, args[1:], stdin, stdout)
	case "compare":
		return compare(ctx, args[1:], stdout)
	case "knobs":
		return knobs(stdout)
	case "--version", "-version", "version":
		_, err := fmt.Fprintf(stdout, "vchassis-sim %s, %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return err
	default:
		return serve(ctx, args, stdin, stdout, stderr)
	}
}
