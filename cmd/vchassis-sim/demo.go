// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// demoChassis is the Virtual Chassis of the demonstration.
const demoChassis = "campus-core"

// demoScenario is a chassis of three in production.
const demoScenario = `chassis:
- name: campus-core
  members:
  - {id: 0, role: primary}
  - {id: 1, role: backup}
  - {id: 2, role: linecard}
  config_add: |
    set system login message "Authorized staff of the campus only"
    set interfaces ge-0/0/12 description "printer of the treasurer"
`

// demoStage is one run of the role, and what the chassis has to have seen of it.
type demoStage struct {
	title string
	flags []string
	check func(sim.Counters) string // what is wrong with it; "": nothing
}

func demoStages() []demoStage {
	readOnly := func(c sim.Counters) string {
		if c.Writes+c.Locks+c.Commits+c.Prepares > 0 {
			return "it wrote to the chassis"
		}
		return ""
	}
	return []demoStage{
		{"1/3  The plan, read-only", []string{"--check", "--diff"}, readOnly},
		{"2/3  The run, from RCP (plaintext) to SCP", nil, func(c sim.Counters) string {
			if c.Commits == 0 || c.Prepares != 1 {
				return "it did not do the procedure"
			}
			return ""
		}},
		{"3/3  The same run again, which changes nothing", nil, readOnly},
	}
}

// demo runs the role on a simulated chassis, for a person to watch. The chassis ends
// with this process, and so does what was started, whatever happens.
func demo(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	set := flag.NewFlagSet("vchassis-sim demo", flag.ContinueOnError)
	set.SetOutput(stderr)
	program := set.String("ansible-playbook", "ansible-playbook", "the `PROGRAM` that runs playbooks")
	if err := set.Parse(args); err != nil || set.NArg() > 0 {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return errors.Join(err, errors.New("usage: vchassis-sim demo [-ansible-playbook PROGRAM]"))
	}
	path, err := exec.LookPath(*program)
	if err != nil {
		return fmt.Errorf("demo: %w: install ansible-core and the collection vchassis.junos, then run this again", err)
	}
	folder, err := os.MkdirTemp("", "vchassis-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	lab, err := startDemo(ctx, folder)
	if err != nil {
		return err
	}
	defer lab.Close()
	for _, stage := range demoStages() {
		if err := stage.play(ctx, lab, path, folder, stdout, stderr); err != nil {
			return err
		}
	}
	return showDemo(lab, stdout)
}

// startDemo starts the chassis, and writes into a folder what leads Ansible to it.
func startDemo(ctx context.Context, folder string) (*sim.Lab, error) {
	scenario, err := sim.ParseScenario([]byte(demoScenario))
	if err != nil {
		return nil, err
	}
	lab, err := sim.Start(ctx, scenario)
	if err != nil {
		return nil, err
	}
	f := flags{knownHosts: filepath.Join(folder, "known_hosts"), inventory: filepath.Join(folder, "inventory.json")}
	if err := f.announce(lab, io.Discard); err != nil {
		lab.Close()
		return nil, err
	}
	return lab, nil
}

// play makes one run. When the demonstration is interrupted, so is Ansible, which then has
// a moment to end.
func (s demoStage) play(ctx context.Context, lab *sim.Lab, program, folder string, stdout, stderr io.Writer) error {
	const playbook = "vchassis.junos.scp_config_sync"
	words := append([]string{"-i", filepath.Join(folder, "inventory.json"), playbook}, s.flags...)
	fmt.Fprintf(stdout, "\n%s\n$ ansible-playbook -i inventory.json %s\n", s.title, strings.Join(words[2:], " "))
	before := lab.Counters(demoChassis)
	cmd := exec.CommandContext(ctx, program, words...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, stdout, stderr
	cmd.Env = append(withoutLogins(os.Environ()), "VCHASSIS_KNOWN_HOSTS="+filepath.Join(folder, "known_hosts"), "ANSIBLE_DISPLAY_SKIPPED_HOSTS=false")
	cmd.Cancel, cmd.WaitDelay = func() error { return cmd.Process.Signal(syscall.SIGTERM) }, 10*time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("demo: ansible-playbook: %w; if it does not know %s, install the collection: ansible-galaxy collection install vchassis-junos-VERSION.tar.gz",
			err, playbook)
	}
	now := lab.Counters(demoChassis)
	seen := sim.Counters{Logins: now.Logins - before.Logins, Reads: now.Reads - before.Reads, Writes: now.Writes - before.Writes, Locks: now.Locks - before.Locks,
		Commits: now.Commits - before.Commits, Prepares: now.Prepares - before.Prepares}
	fmt.Fprintf(stdout, "Seen by the chassis: logins %d, reads %d, locks %d, commits %d.\n", seen.Logins, seen.Reads, seen.Locks, seen.Commits)
	if wrong := s.check(seen); wrong != "" {
		return fmt.Errorf("demo: %s: %s", s.title, wrong)
	}
	return nil
}

// withoutLogins leaves out of an environment what would be sent to the chassis, or leads elsewhere.
func withoutLogins(environment []string) []string {
	return slices.DeleteFunc(slices.Clone(environment), func(v string) bool {
		return strings.HasPrefix(v, "VCHASSIS_") || strings.HasPrefix(v, "ANSIBLE_NET_") || strings.HasPrefix(v, "SSH_AUTH_SOCK=")
	})
}

// showDemo is the proof, from the chassis itself: a line a member.
func showDemo(lab *sim.Lab, stdout io.Writer) error {
	state := lab.Chassis(demoChassis).State(false)
	fmt.Fprintln(stdout)
	for _, m := range state.Members {
		fmt.Fprintf(stdout, "member %d  %-8s  %s  %s, in sync: %v\n", m.ID, m.Role, m.Serial, phrase.Count(len(m.Keys), "key"), m.InSync)
	}
	if state.Transport != "scp" {
		return fmt.Errorf("demo: the chassis synchronizes over %s", state.Transport)
	}
	_, err := fmt.Fprint(stdout, "It synchronizes over SCP. The simulated chassis ends with this program; nothing is left running.\n"+
		"Next: docs/rehearsing.md of the collection starts with twins of your own chassis.\n")
	return err
}
