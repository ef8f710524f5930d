// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/sim/shapes"
)

const compareUsage = "usage: vchassis-sim compare TRACE [-twin SNAPSHOT]"

// traced is an event of a trace, the file that the option trace of the modules leaves.
// The type is the simulator's own.
type traced struct {
	Event   string `json:"event"`
	Session int    `json:"session"`
	Text    string `json:"text"`
}

// exchange is a request of a trace and the reply that a switch gave to it.
type exchange struct {
	session        int
	request, reply string
}

// compare asks a chassis, the twin of a snapshot if one is given, what a trace was asked,
// and says in what its answers have another shape or other words.
func compare(ctx context.Context, args []string, stdout io.Writer) error {
	file, twin, err := parseCompare(args)
	if err != nil {
		return err
	}
	all, user, err := readExchanges(file)
	if err != nil {
		return err
	}
	scenario := sim.Scenario{Chassis: []sim.ChassisSpec{{}}}
	if twin != "" {
		if scenario.Chassis, err = sim.ReadTwins(twin, sim.TwinOptions{}); err != nil {
			return err
		}
	}
	lab, err := sim.Start(ctx, scenario)
	if err != nil {
		return err
	}
	defer lab.Close()
	folder, err := os.MkdirTemp("", "vchassis-sim-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := lab.ListenControl(filepath.Join(folder, "sock")); err != nil {
		return err
	}
	d := dialogues{ctx: ctx, socket: filepath.Join(folder, "sock"), chassis: lab.All()[0].Name, user: user, open: map[int]*dialogue{}}
	defer d.closeAll()
	return d.compareAll(all, stdout)
}

func parseCompare(args []string) (file, twin string, err error) {
	set := flag.NewFlagSet("compare", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&twin, "twin", "", "")
	var files []string
	for err = set.Parse(args); err == nil && set.NArg() > 0; err = set.Parse(set.Args()[1:]) {
		files = append(files, set.Arg(0))
	}
	if err != nil || len(files) != 1 {
		return "", "", errors.New(compareUsage)
	}
	return files[0], twin, nil
}

var (
	helloText = regexp.MustCompile(`<(?:[\w-]+:)?hello\b`)
	loginText = regexp.MustCompile(`<!-- user ([\w.-]+), class`)
)

// readExchanges pairs the requests of each session with their replies, which come in the
// same order, and finds out who had logged in.
func readExchanges(file string) (all []exchange, user string, err error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, "", err
	}
	defer in.Close()
	user = "root"
	answered := map[int]int{} // so many replies of a session are placed
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e traced
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			break // it was cut here
		}
		switch isHello := helloText.MatchString(e.Text[:min(len(e.Text), 1000)]); {
		case e.Event == "got" && isHello:
			if m := loginText.FindStringSubmatch(e.Text); m != nil {
				user = m[1]
			}
		case e.Event == "sent" && !isHello:
			all = append(all, exchange{session: e.Session, request: e.Text})
		case e.Event == "got":
			placeReply(all, e, answered)
		}
	}
	if len(all) == 0 {
		return nil, "", fmt.Errorf("%s: no request is in it: this is not a trace, or it was cut too early", file)
	}
	return all, user, lines.Err()
}

func placeReply(all []exchange, e traced, answered map[int]int) {
	n := 0
	for i := range all {
		if all[i].session != e.Session {
			continue
		}
		if n == answered[e.Session] {
			all[i].reply = e.Text
			answered[e.Session]++
			return
		}
		n++
	}
}

// dialogues are the sessions of a trace, with the simulator at the other end.
type dialogues struct {
	ctx                   context.Context
	socket, chassis, user string
	open                  map[int]*dialogue
}

// dialogue is one session on the simulator.
type dialogue struct {
	in  *io.PipeWriter
	out *bufio.Reader
}

// endOfMessage ends a message in the framing of RFC 6242 4.3, which is all that is offered.
const endOfMessage = "]]>]]>"

func (d *dialogues) session(n int) (*dialogue, error) {
	if s := d.open[n]; s != nil {
		return s, nil
	}
	fromUs, in := io.Pipe()
	out, toUs := io.Pipe()
	go func() { // ends with the pipe or the lab
		err := cmp.Or(netconf(d.ctx, []string{d.socket, d.chassis, d.user}, fromUs, toUs), io.EOF)
		toUs.CloseWithError(err)
		fromUs.CloseWithError(err)
	}()
	s := &dialogue{in: in, out: bufio.NewReader(out)}
	d.open[n] = s
	_, err := s.ask(`<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>`)
	return s, err
}

func (d *dialogues) closeAll() {
	for _, s := range d.open {
		s.in.Close()
	}
}

// ask sends a message and returns the next one.
func (s *dialogue) ask(message string) (string, error) {
	if _, err := io.WriteString(s.in, message+endOfMessage); err != nil {
		return "", err
	}
	var b strings.Builder
	for !strings.HasSuffix(b.String(), endOfMessage) {
		part, err := s.out.ReadString('>')
		b.WriteString(part)
		if err != nil {
			return "", err
		}
	}
	return strings.TrimSuffix(b.String(), endOfMessage), nil
}

// compareAll asks everything in turn. An operation that ended the session on one side
// only is a difference as well.
func (d *dialogues) compareAll(all []exchange, stdout io.Writer) error {
	found, compared := map[string]int{}, 0
	var order []string
	for _, e := range all {
		name := operationOf(e.request)
		if e.reply == "" || name == "close-session" {
			continue
		}
		s, err := d.session(e.session)
		if err != nil {
			return err
		}
		here, err := s.ask(e.request)
		if err != nil {
			return fmt.Errorf("%s: the simulator closed the session: %w", name, err)
		}
		compared++
		for _, difference := range differencesOf(e.reply, here) {
			line := name + ": " + difference
			if found[line]++; found[line] == 1 {
				order = append(order, line)
			}
		}
	}
	for _, line := range order {
		if _, err := fmt.Fprintf(stdout, "%s (%s)\n", line, phrase.Count(found[line], "time")); err != nil {
			return err
		}
	}
	if len(order) > 0 {
		return fmt.Errorf("%s: report this, the simulator should answer as switches do (%d replies compared)", phrase.Count(len(order), "difference"), compared)
	}
	_, err := fmt.Fprintf(stdout, "%d replies compared, no difference\n", compared)
	return err
}

var operationPattern = regexp.MustCompile(`<(?:[\w-]+:)?rpc\b[^>]*>\s*<(?:[\w-]+:)?([\w.-]+)`)

func operationOf(request string) string {
	if m := operationPattern.FindStringSubmatch(request); m != nil {
		return m[1]
	}
	return "request"
}

// differencesOf compares shapes, and the words of errors and of command output.
func differencesOf(recorded, here string) []string {
	a, errA := shapes.Of([]byte(recorded))
	b, errB := shapes.Of([]byte(here))
	if errA != nil || errB != nil {
		return []string{fmt.Sprintf("not readable: recorded %v, here %v", errA, errB)}
	}
	all := shapes.Diff(a, b)
	if words, others := wordsOf(recorded), wordsOf(here); !slices.Equal(words, others) {
		all = append(all, fmt.Sprintf("words: recorded %q, here %q", words, others))
	}
	return all
}

var (
	wordsPattern = regexp.MustCompile(`(?s)<(?:[\w-]+:)?(?:error-message|output)\b[^>]*>\s*(.*?)\s*</`)
	changing     = regexp.MustCompile(`[0-9]+`)
)

// wordsOf are the texts of errors and output, without numbers.
func wordsOf(reply string) (all []string) {
	for _, m := range wordsPattern.FindAllStringSubmatch(reply, -1) {
		all = append(all, changing.ReplaceAllString(strings.Join(strings.Fields(m[1]), " "), "N"))
	}
	return all
}
