// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/scrapli/scrapligo/driver/netconf"
	"github.com/scrapli/scrapligo/driver/opoptions"
	"github.com/scrapli/scrapligo/driver/options"
	"github.com/scrapli/scrapligo/response"
)

const (
	compare  = `<get-configuration compare="rollback" rollback="0" format="text"/>`
	building = "<config><configuration><system><location><building>G</building></location></system></configuration></config>"
	unknown  = "<config><configuration><system><nonsense/></system></configuration></config>"
)

// step is one operation, and what its reply has to say; "!" is an error's text.
type step struct {
	name string
	run  func() (*response.NetconfResponse, error)
	want string
}

// overNETCONF has scrapligo's NETCONF driver do the same work.
func overNETCONF(host string, port int, user, password, transport string) error {
	d, err := netconf.NewDriver(host, options.WithPort(port), options.WithAuthNoStrictKey(), options.WithSSHKnownHostsFile(os.DevNull),
		options.WithAuthUsername(user), options.WithAuthPassword(password), options.WithTransportType(transport))
	if err != nil {
		return err
	}
	if err := d.Open(); err != nil {
		return err
	}
	defer d.Close()
	if !d.ServerHasCapability("http://xml.juniper.net/netconf/junos/1.0") || d.SessionID() == 0 {
		return fmt.Errorf("hello: session %d, %q", d.SessionID(), d.ServerCapabilities())
	}
	for _, s := range steps(d) {
		if err := s.check(); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

func steps(d *netconf.Driver) []step {
	rpc := func(operation string) func() (*response.NetconfResponse, error) {
		return func() (*response.NetconfResponse, error) { return d.RPC(opoptions.WithFilter(operation)) }
	}
	commit := func() (*response.NetconfResponse, error) { return d.Commit() }
	return []step{
		{"read", func() (*response.NetconfResponse, error) { return d.GetConfig("running") }, "<host-name>vc1</host-name>"},
		{"facts", rpc("<get-virtual-chassis-information/>"), "Master*"},
		{"lock", func() (*response.NetconfResponse, error) { return d.Lock("candidate") }, "<ok/>"},
		{"edit", func() (*response.NetconfResponse, error) { return d.EditConfig("candidate", building) }, "<ok/>"},
		{"difference", rpc(compare), "building G;"},
		{"trial", rpc("<commit-configuration><confirmed/><confirm-timeout>5</confirm-timeout></commit-configuration>"), "commit-success"},
		{"pending", rpc("<get-commit-information/>"), "rollback in 5mins"},
		{"confirmation", commit, "<ok/>"},
		{"rollback", rpc(`<load-configuration rollback="2"/>`), "<ok/>"},
		{"difference back", rpc(compare), "building G;"},
		{"commit", commit, "<ok/>"},
		{"mistake", func() (*response.NetconfResponse, error) { return d.EditConfig("candidate", unknown) }, "!syntax error"},
		{"discard", func() (*response.NetconfResponse, error) { return d.Discard() }, "<ok/>"},
		{"unlock", func() (*response.NetconfResponse, error) { return d.Unlock("candidate") }, "<ok/>"},
	}
}

func (s step) check() error {
	r, err := s.run()
	if err != nil {
		return err
	}
	want, refused := strings.CutPrefix(s.want, "!")
	if (r.Failed != nil) != refused || !strings.Contains(r.Result, want) {
		return fmt.Errorf("want %q, got %v, %q", s.want, r.Failed, r.Result)
	}
	return nil
}
