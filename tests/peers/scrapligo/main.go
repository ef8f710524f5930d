// SPDX-License-Identifier: GPL-3.0-or-later

// The program has scrapligo do its work on a command line or over NETCONF: reads,
// a change with its difference, a commit on trial and its confirmation, the way
// back, and a mistake that it has to notice. It is a module of its own, so that nobody who
// builds the project needs scrapligo.
package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/scrapli/scrapligo/driver/network"
	"github.com/scrapli/scrapligo/driver/options"
	"github.com/scrapli/scrapligo/platform"
)

func main() {
	port, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fail("port", err)
	}
	work := map[string]func(string, int, string, string, string) error{"cli": onCommandLine, "netconf": overNETCONF}[os.Args[5]]
	for _, transport := range []string{"system", "standard"} {
		if err := work(os.Args[1], port, os.Args[3], os.Args[4], transport); err != nil {
			fail(transport, err)
		}
	}
}

func fail(what string, err error) {
	fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
	os.Exit(1)
}

func onCommandLine(host string, port int, user, password, transport string) error {
	p, err := platform.NewPlatform("juniper_junos", host, options.WithPort(port), options.WithAuthNoStrictKey(),
		options.WithSSHKnownHostsFile(os.DevNull), options.WithAuthUsername(user), options.WithAuthPassword(password),
		options.WithTransportType(transport))
	if err != nil {
		return err
	}
	d, err := p.GetNetworkDriver()
	if err != nil {
		return err
	}
	if err := d.Open(); err != nil {
		return err
	}
	defer d.Close()
	return change(d)
}

func change(d *network.Driver) error {
	version, err := d.SendCommand("show version | match Junos: | count")
	if err != nil || version.Failed != nil || !strings.HasPrefix(version.Result, "Count: 2 lines") {
		return fmt.Errorf("show version: %v, %v, %q", err, version.Failed, version.Result)
	}
	done, err := d.SendConfigs([]string{"set vlans peer vlan-id 70", "show | compare", "commit confirmed 5", "commit comment kept", "rollback 2", "commit"})
	if err != nil || done.Failed != nil {
		return fmt.Errorf("change: %v, %v", err, done.Failed)
	}
	if text := done.JoinedResult(); !strings.Contains(text, "+   peer {") || strings.Count(text, "commit complete") != 6 {
		return fmt.Errorf("change: %s", text)
	}
	mistake, err := d.SendCommand("show nothing")
	if err != nil || mistake.Failed == nil {
		return fmt.Errorf("a mistake was not noticed: %v, %q", err, mistake.Result)
	}
	return nil
}
