// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// Passwords that must be in no result.
const goodPassword, badPassword = canary.Password, canary.Wrong

// states of a source. An empty option is a wish: log in without. An empty
// variable of the environment or of the play is none.
var states = []string{"absent", "empty", "good", "bad"}

type login struct {
	Connection
	ChassisFIPS
}

// door is a chassis that admin enters with one password or one key.
type door struct {
	address, knownHosts string
	keys                map[string]string // state: file; "locked" has a passphrase
	certificates        map[string]string // state: file
	agents              map[string]string // state: socket
	public, another     string            // authorized_keys lines of the good key and of the bad one
}

// Every password source in every state, in every combination: the first that
// says something decides, and only that is tried.
func TestPasswordSources(t *testing.T) {
	d := newDoor(t)
	t.Setenv("SSH_AUTH_SOCK", "")
	values := map[string]string{"good": goodPassword, "bad": badPassword}
	for _, row := range combinations("option", "VCHASSIS_PASSWORD", "ANSIBLE_NET_PASSWORD", "play") {
		want := decisive(row, "option", "VCHASSIS_PASSWORD", "ANSIBLE_NET_PASSWORD", "play") == "good"
		d.enter(t, row, "password", values, want)
	}
}

// Every key source in every state, with every agent, with and without a
// password. The order is key, agent, password; one that is refused does not
// keep the next from being tried.
func TestKeySources(t *testing.T) {
	d := newDoor(t)
	for name, socket := range d.agents {
		t.Setenv("SSH_AUTH_SOCK", socket)
		for _, password := range []string{"absent", "good"} {
			for _, row := range combinations("option", "VCHASSIS_PRIVATE_KEY_FILE", "ANSIBLE_NET_SSH_KEYFILE", "play") {
				key := decisive(row, "option", "VCHASSIS_PRIVATE_KEY_FILE", "ANSIBLE_NET_SSH_KEYFILE", "play")
				row["VCHASSIS_PASSWORD"], row["agent"] = password, name
				d.enter(t, row, "private_key_file", d.keys, key == "good" || name == "good" || password == "good")
			}
		}
	}
}

// decisive returns the state of the first source that says something.
func decisive(row map[string]string, sources ...string) string {
	for i, source := range sources {
		if state := row[source]; state != "absent" && (state != "empty" || i == 0) {
			return state
		}
	}
	return "absent"
}

func combinations(sources ...string) []map[string]string {
	all, n := []map[string]string{{}}, 0
	for _, source := range sources {
		var more []map[string]string
		for _, row := range all {
			for _, state := range states {
				next := maps.Clone(row)
				next[source] = state
				more = append(more, next)
			}
		}
		all = more
	}
	if testing.Short() { // each costs a login
		all = slices.DeleteFunc(all, func(map[string]string) bool { n++; return n%8 != 1 })
	}
	return all
}

// enter logs in with the sources of a row and compares with what is wanted.
func (d *door) enter(t *testing.T, row map[string]string, option string, values map[string]string, want bool) {
	t.Helper()
	out, ok := d.try(t, row, option, values, map[string]any{"username": "admin"})
	if ok != want {
		t.Errorf("%v: want login %v, got %s", row, want, out)
	}
	if !ok && !strings.Contains(out, "admin") && !strings.Contains(out, "no way to log in") {
		t.Errorf("%v: the user is not named: %s", row, out)
	}
}

// try logs in with the sources of a row, and other arguments.
func (d *door) try(t *testing.T, row map[string]string, option string, values map[string]string, arguments map[string]any) (string, bool) {
	t.Helper()
	arguments = maps.Clone(arguments)
	arguments["host"], arguments["port"], _ = net.SplitHostPort(d.address)
	arguments["known_hosts"] = d.knownHosts
	var environ []string
	for source, state := range row {
		value := values[state]
		if source == "VCHASSIS_PASSWORD" {
			value = map[string]string{"good": goodPassword, "bad": badPassword}[state]
		}
		switch {
		case state == "absent" || source == "agent":
		case source == "option":
			arguments[option] = value
		case source == "play":
			arguments["_vchassis_vars"] = map[string]string{option: value}
		default:
			environ = append(environ, source+"="+value)
		}
	}
	text, _ := json.Marshal(arguments)
	out, ok := ansible.New("login", knock).Run(t.Context(), text, environ)
	canary.Check(t, string(out))
	return string(out), ok
}

func knock(ctx context.Context, task ansible.Task, p login) (struct{}, error) {
	s, err := Begin(ctx, task, p.Connection, p.ChassisFIPS)
	if err == nil {
		s.Close()
	}
	return struct{}{}, err
}

func newDoor(t *testing.T) *door {
	t.Helper()
	// Not t.TempDir: the path of a socket may have 104 characters at most.
	dir, err := os.MkdirTemp("", "door-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &door{knownHosts: filepath.Join(dir, "known_hosts"), keys: map[string]string{}, certificates: map[string]string{}, agents: map[string]string{"absent": "", "dead": dir + "/nobody"}}
	var good string
	for _, state := range []string{"good", "bad"} {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		block, err := ssh.MarshalPrivateKey(private, "")
		if err != nil {
			t.Fatal(err)
		}
		d.keys[state] = filepath.Join(dir, state)
		write(t, d.keys[state], string(pem.EncodeToMemory(block)))
		d.agents[state] = filepath.Join(dir, state+".sock")
		serveAgent(t, d.agents[state], private)
		d.certificates[state] = filepath.Join(dir, state+".crt")
		write(t, d.certificates[state], certificate(t, private))
		if state == "good" {
			key, _ := ssh.NewPublicKey(public)
			good = string(ssh.MarshalAuthorizedKey(key))
			d.public = strings.TrimSpace(good)
		} else {
			key, _ := ssh.NewPublicKey(public)
			d.another = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key)))
		}
	}
	d.keys["locked"] = filepath.Join(dir, "locked")
	admin := sim.User{Name: "admin", Class: "super-user", Password: goodPassword, SSHKeys: []string{strings.TrimSpace(good), lockedKey(t, d.keys["locked"])}}
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{{Users: []sim.User{admin}, Profile: sim.Profile{RateLimit: -1}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	d.address = lab.All()[0].Address()
	write(t, d.knownHosts, strings.Join(lab.All()[0].KnownHosts(), "\n")+"\n")
	return d
}

func serveAgent(t *testing.T, socket string, key ed25519.PrivateKey) {
	t.Helper()
	keyring := agent.NewKeyring()
	if err := keyring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() { // until the listener is closed
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); _ = agent.ServeAgent(keyring, conn) }()
		}
	}()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// AWX names a key by its path on the control node.
func TestKeyFileInsideAnExecutionEnvironment(t *testing.T) {
	outside, inside := t.TempDir(), t.TempDir()
	write(t, outside+"/both", "")
	write(t, inside+"/both", "")
	write(t, inside+"/moved", "")
	for _, row := range []struct{ path, want string }{
		{"", ""},
		{outside + "/both", outside + "/both"},
		{outside + "/moved", inside + "/moved"},
		{outside + "/gone", outside + "/gone"}, // the error names what was asked for
	} {
		if got := keyFile(row.path, inside); got != row.want {
			t.Errorf("%s: want %s, got %s", row.path, row.want, got)
		}
	}
	if c := (Connection{PrivateKeyFile: outside + "/both"}).sshConfig(); c.PrivateKeyFile != outside+"/both" {
		t.Errorf("got %s", c.PrivateKeyFile)
	}
}
