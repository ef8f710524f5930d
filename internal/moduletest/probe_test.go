// SPDX-License-Identifier: GPL-3.0-or-later

package moduletest

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"time"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
)

type probeParams struct {
	device.Connection
	Set  string `json:"set"`
	Sin  string `json:"sin" choices:"write_in_check,lock_in_check,keep_session,leave_edits,show_password,fail"`
	Wait int    `json:"wait"`
}

type probeResult struct {
	Changed bool   `json:"changed"`
	Text    string `json:"text,omitempty"`
	Steps   []step `json:"steps"`
}

type step struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

// probe is a module as small as can be: it loads set commands and commits them.
// It can be told to do each thing that a module must not do.
func probe(ctx context.Context, task ansible.Task, p probeParams) (probeResult, error) {
	begin := time.Now()
	s, end, err := connect(ctx, p.Connection)
	if err != nil {
		return probeResult{}, err
	}
	if p.Sin != "keep_session" {
		defer end()
	}
	r := probeResult{Changed: p.Set != "", Text: fmt.Sprintf("%s:%d run=%s", p.Host, p.Port, task.Tag)}
	switch {
	case p.Sin == "fail":
		err = errors.New("the device said no")
	case p.Sin == "show_password":
		r.Text = "Root-lab-1" // its own password would be masked
	case p.Sin == "lock_in_check":
		_, err = s.Call(ctx, []byte("<lock><target><candidate/></target></lock>"))
	case p.Set != "" && (!task.Check || p.Sin == "write_in_check"):
		err = apply(ctx, s, p)
	default:
		_, err = s.Call(ctx, []byte("<get-software-information/>"))
	}
	r.Steps = []step{{"all", time.Since(begin).Seconds()}}
	return r, err
}

func apply(ctx context.Context, s *netconf.Session, p probeParams) error {
	load := struct {
		XMLName xml.Name `xml:"load-configuration"`
		Action  string   `xml:"action,attr"`
		Format  string   `xml:"format,attr"`
		Set     string   `xml:"configuration-set"`
	}{Action: "set", Format: "text", Set: p.Set}
	op, err := xml.Marshal(load)
	if err != nil {
		return err
	}
	if _, err := s.Call(ctx, op); err != nil || p.Sin == "leave_edits" {
		return err
	}
	commit := "<commit-configuration/>"
	if p.Wait > 0 {
		commit = fmt.Sprintf("<commit-configuration><confirmed/><confirm-timeout>%d</confirm-timeout></commit-configuration>", p.Wait)
	}
	_, err = s.Call(ctx, []byte(commit))
	return err
}

func connect(ctx context.Context, c device.Connection) (*netconf.Session, func(), error) {
	client, err := sshconn.Dial(ctx, sshconn.Config{
		Host: c.Host, Port: c.Port, User: c.Username, Password: c.Password, KnownHosts: c.KnownHosts,
	})
	if err != nil {
		return nil, nil, err
	}
	s, err := netconf.Open(ctx, client, netconf.Options{})
	if err != nil {
		_ = client.Close()
		return nil, nil, err
	}
	return s, func() { _ = s.Close(); _ = client.Close() }, nil
}
