// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// flags of the server.
type flags struct {
	scenario, control, stateDir, pidFile, knownHosts, output, inventory string
	chassis, members, port                                              int
	untilEOF, status                                                    bool
	twin, onlyTwins                                                     string
	twins                                                               sim.TwinOptions
}

func parse(args []string, stderr io.Writer) (flags, error) {
	var f flags
	set := flag.NewFlagSet("vchassis-sim", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.StringVar(&f.scenario, "f", "", "scenario `FILE` (YAML); - is standard input")
	set.IntVar(&f.chassis, "chassis", 1, "without a scenario: so many equal chassis")
	set.IntVar(&f.members, "members", 2, "without a scenario: members of each")
	set.IntVar(&f.port, "port", 0, "without a scenario: port of the only chassis; 0 lets the system choose")
	set.StringVar(&f.twin, "twin", "", "snapshot `FILE` of vc_snapshot, or a folder of them: serve their twins, besides the scenario if there is one")
	set.BoolVar(&f.twins.Delays, "twin-delays", false, "twins take as long for their replies as the chassis did")
	set.DurationVar(&f.twins.Commit, "twin-commit", 0, "how long a commit takes on twins, such as 30s: counted, and waited for with -twin-delays")
	set.DurationVar(&f.twins.Check, "twin-check", 0, "how long a commit check takes on twins, such as 10s; as long as a commit, if it is not given")
	set.StringVar(&f.twins.KeysCommand, "twin-keys-command", "", "the authorized-keys-`COMMAND` that works on twins; what they have set, if they have")
	set.StringVar(&f.twins.KeysCommandUser, "twin-keys-user", "", "and its `USER`")
	set.StringVar(&f.control, "control", "", "unix `SOCKET` of the control API; in the state directory if that is given")
	set.StringVar(&f.stateDir, "state-dir", "", "`DIR` for host keys, the socket, lab.json, inventory.json and known_hosts")
	set.StringVar(&f.pidFile, "pid-file", "", "write the process id to `FILE`")
	set.StringVar(&f.knownHosts, "known-hosts", "", "write known_hosts lines of all chassis to `FILE`")
	set.StringVar(&f.output, "o", "", "write the description to `FILE` too")
	set.StringVar(&f.inventory, "inventory", "", "write an Ansible inventory of all chassis to `FILE`")
	set.BoolVar(&f.untilEOF, "until-eof", false, "end when standard input is closed")
	set.BoolVar(&f.status, "status", false, "keep one line about the lab on standard error up to date")
	if err := set.Parse(args); err != nil {
		return f, err
	}
	if set.NArg() > 0 {
		return f, fmt.Errorf("unknown argument %q", set.Arg(0))
	}
	if err := contradictions(set, f); err != nil {
		return f, err
	}
	f.beside(&f.control, "control.sock")
	f.beside(&f.knownHosts, "known_hosts")
	f.beside(&f.output, "lab.json")
	f.beside(&f.inventory, "inventory.json")
	f.beside(&f.onlyTwins, "only_twins.json")
	return f, nil
}

// contradictions refuses options that cannot all be meant: a scenario says itself what -chassis, -members and -port would.
func contradictions(set *flag.FlagSet, f flags) error {
	var err error
	set.Visit(func(given *flag.Flag) {
		switch name := given.Name; {
		case f.scenario != "" && (name == "chassis" || name == "members" || name == "port"):
			err = errors.Join(err, fmt.Errorf("-%s and -f contradict each other: the scenario has it", name))
		case name == "port" && f.port != 0 && f.chassis > 1:
			err = errors.Join(err, fmt.Errorf("-port and -chassis %d contradict each other: a port leads to one chassis", f.chassis))
		case name == "chassis" && f.chassis < 1:
			err = errors.Join(err, fmt.Errorf("-chassis: want at least 1, got %d", f.chassis))
		}
	})
	if f.untilEOF && f.scenario == "-" {
		err = errors.Join(err, errors.New("-until-eof and -f - contradict each other: both read standard input"))
	}
	return err
}

// beside puts a file that was not named into the state directory.
func (f *flags) beside(file *string, name string) {
	if *file == "" && f.stateDir != "" {
		*file = filepath.Join(f.stateDir, name)
	}
}

func (f flags) read(stdin io.Reader) (sim.Scenario, error) {
	s, err := f.readScenario(stdin)
	if err != nil || f.twin == "" {
		return s, err
	}
	twins, err := sim.ReadTwins(f.twin, f.twins)
	s.Chassis = append(s.Chassis, twins...)
	return s, err
}

func (f flags) readScenario(stdin io.Reader) (sim.Scenario, error) {
	var s sim.Scenario
	var err error
	switch f.scenario {
	case "":
		if f.twin != "" {
			break
		}
		s.Chassis = []sim.ChassisSpec{{Name: "vc1", Size: f.members, Port: f.port}}
		if f.chassis > 1 {
			s.Chassis[0].Name, s.Chassis[0].Count = "vc", f.chassis
		}
	case "-":
		data, readErr := io.ReadAll(stdin)
		if readErr != nil {
			return s, readErr
		}
		s, err = sim.ParseScenario(data)
	default:
		s, err = sim.ReadScenario(f.scenario)
	}
	if f.stateDir != "" {
		s.StateDir = f.stateDir
	}
	return s, err
}

// serve runs a lab until a signal, or the end of standard input.
func serve(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	f, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	scenario, err := f.read(stdin)
	if err != nil {
		return err
	}
	lab, err := sim.Start(ctx, scenario)
	if err != nil {
		return err
	}
	defer lab.Close()
	if f.control != "" {
		_ = os.Remove(f.control) // left by a lab that was killed
		if err := lab.ListenControl(f.control); err != nil {
			return err
		}
		defer os.Remove(f.control)
	}
	if err := f.announce(lab, stdout); err != nil {
		return err
	}
	if f.pidFile != "" {
		defer os.Remove(f.pidFile)
	}
	if f.status {
		defer watch(lab, stderr, time.Second)()
	}
	wait(ctx, f.untilEOF, stdin)
	return nil
}

func wait(ctx context.Context, untilEOF bool, stdin io.Reader) {
	ended := make(chan struct{})
	if untilEOF {
		go func() { // ends with the input or the process
			_, _ = io.Copy(io.Discard, stdin)
			close(ended)
		}()
	}
	select {
	case <-ctx.Done():
	case <-ended:
	}
}

// announce writes the description and the files that were asked for. Standard
// output comes at the very end.
func (f flags) announce(lab *sim.Lab, stdout io.Writer) error {
	d := lab.Addresses()
	d.PID, d.Control = os.Getpid(), f.control
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	hosts, err := inventory(d, f.knownHosts)
	if err != nil {
		return err
	}
	only, err := onlyTwins(d, f.knownHosts)
	if err != nil {
		return err
	}
	if f.twin == "" || f.stateDir == "" {
		f.onlyTwins = ""
	}
	var known []string
	for _, ch := range d.Chassis {
		known = append(known, ch.KnownHosts...)
	}
	// The description comes last: who waits for it finds the others.
	for _, f := range []struct{ name, content string }{
		{f.pidFile, strconv.Itoa(d.PID)}, {f.knownHosts, strings.Join(known, "\n")}, {f.inventory, string(hosts)}, {f.onlyTwins, string(only)},
		{f.output, string(text)},
	} {
		if f.name == "" {
			continue
		}
		if err := os.WriteFile(f.name, []byte(f.content+"\n"), 0o600); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(stdout, string(text))
	return err
}

func knobs(stdout io.Writer) error {
	for _, k := range sim.Knobs() {
		if _, err := fmt.Fprintf(stdout, "%-24s %-40q %s\n", k.Name, k.Default, strings.Join(k.Choices, " | ")); err != nil {
			return err
		}
	}
	return nil
}
