// SPDX-License-Identifier: GPL-3.0-or-later

package shapes_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/netconf/frame"
	"github.com/vchassis/vchassis.junos/internal/sim"
	"github.com/vchassis/vchassis.junos/internal/sim/shapes"
)

// recording is what a switch sent, as far as it has a shape, and how the
// simulator is asked for the same.
type recording struct {
	Recorded    string          `yaml:"recorded"` // by whom, of what
	Chassis     sim.ChassisSpec `yaml:"chassis"`
	User        string          `yaml:"user"` // admin
	RPC         string          `yaml:"rpc"`  // attributes of <rpc>
	Colleague   string          `yaml:"colleague"`
	Unreachable int             `yaml:"unreachable"` // member id; 0 is none
	Send        []string        `yaml:"send"`        // the last reply counts; without any, the hello
	Within      string          `yaml:"within"`      // the recording starts at this element
}

// The simulator's replies have the shapes that were recorded, but for the
// differences in accepted.txt, each of which there is.
func TestRecordedShapes(t *testing.T) {
	files, err := filepath.Glob("testdata/*.shape")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d recordings, %v", len(files), err)
	}
	accepted := readAccepted(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".shape")
		t.Run(name, func(t *testing.T) {
			want, got := compare(t, file)
			differences := shapes.Diff(want, got)
			for _, d := range differences {
				if !slices.Contains(accepted[name], d) {
					t.Errorf("not accepted: %s", d)
				}
			}
			for _, a := range accepted[name] {
				if !slices.Contains(differences, a) {
					t.Errorf("accepted, and no difference any more: %s", a)
				}
			}
			if t.Failed() {
				t.Logf("here\n%s", got)
			}
		})
		delete(accepted, name)
	}
	for name := range accepted {
		t.Errorf("accepted.txt: there is no %s.shape", name)
	}
}

// readAccepted reads accepted.txt: the name of a recording, below it its
// differences, below each its reason.
func readAccepted(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/accepted.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	name, reasons := "", 1
	for i, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		switch body := strings.TrimSpace(line); {
		case body == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "    "):
			reasons++
		case strings.HasPrefix(line, "  "):
			all[name] = append(all[name], body)
			if reasons == 0 {
				t.Errorf("accepted.txt:%d: the difference before has no reason", i+1)
			}
			reasons = 0
		default:
			name = body
		}
	}
	if reasons == 0 {
		t.Error("accepted.txt: the last difference has no reason")
	}
	return all
}

// compare returns the recorded shape and that of the simulator.
func compare(t *testing.T, file string) (want, got *shapes.Shape) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(string(text), "\n---\n")
	var r recording
	if err := yaml.UnmarshalWithOptions([]byte(head), &r, yaml.Strict()); err != nil || r.Recorded == "" {
		t.Fatalf("want a header that says what was recorded: %v", err)
	}
	if want, err = shapes.Parse(body); err != nil {
		t.Fatal(err)
	}
	reply := ask(t, r)
	if got, err = shapes.Of([]byte(reply)); err != nil {
		t.Fatalf("%v\n%s", err, reply)
	}
	if r.Within != "" {
		found := got.Find(r.Within)
		if found == nil {
			t.Fatalf("no %s in\n%s", r.Within, reply)
		}
		got = &shapes.Shape{Children: []*shapes.Shape{found}}
	}
	return want, got
}

// ask plays the recording's part of a client, over SSH, and returns the last reply.
func ask(t *testing.T, r recording) string {
	t.Helper()
	r.Chassis.Profile.RootLogin = "allow"
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{r.Chassis}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	ch := lab.All()[0]
	if r.Unreachable > 0 {
		if _, err := lab.AddFault(sim.Rule{Fault: sim.Fault{Action: "unreachable"}, Member: &r.Unreachable}); err != nil {
			t.Fatal(err)
		}
	}
	if r.Colleague == "lock" {
		if err := ch.Colleague("operator", "cli").Lock(); err != nil {
			t.Fatal(err)
		}
	}
	return converse(t, ch, r)
}

func converse(t *testing.T, ch *sim.Chassis, r recording) string {
	t.Helper()
	in, out := session(t, ch, r.User)
	frames := frame.NewReader(in, frame.Limits{})
	next := func() string {
		reply, err := frames.Next()
		if err != nil {
			t.Fatal(err)
		}
		return string(reply)
	}
	reply := next()
	send(t, out, `<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>`)
	for _, op := range r.Send {
		send(t, out, fmt.Sprintf("<rpc %s>%s</rpc>", r.RPC, op))
		reply = next()
	}
	return reply
}

func send(t *testing.T, out io.Writer, message string) {
	t.Helper()
	if _, err := io.WriteString(out, message+"]]>]]>\n"); err != nil {
		t.Fatal(err)
	}
}

func session(t *testing.T, ch *sim.Chassis, name string) (io.Reader, io.Writer) {
	t.Helper()
	if name == "" {
		name = "admin"
	}
	users := ch.Users()
	user := users[slices.IndexFunc(users, func(u sim.User) bool { return u.Name == name })]
	conn, err := ssh.Dial("tcp", ch.Address(), &ssh.ClientConfig{
		User: user.Name, Auth: []ssh.AuthMethod{ssh.Password(user.Password)},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 10 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s, err := conn.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	in, _ := s.StdoutPipe()
	out, _ := s.StdinPipe()
	if err := s.RequestSubsystem("netconf"); err != nil {
		t.Fatal(err)
	}
	return in, out
}
