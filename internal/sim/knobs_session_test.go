// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
)

var replyRows = []knobRow{
	{"reply_wrapper", "fpc", "", "", wrapped("fpc0")},
	{"reply_wrapper", "localre", "", "", wrapped("localre")},
	{"load_reply", "success", "", "", seen(location("A"), "<load-success/>")},
	{"error_place", "reply", "", "", seen(setLoad("set system bogus 1"), "<rpc-error>", "!load-configuration-results")},
	{"error_tags", "full", "", "", seen(setLoad("set system bogus 1"), "<error-tag>operation-failed</error-tag>")},
	{"error_tags", "minimal", "", "", seen(unlockOp, "<rpc-error>", "!error-tag")},
	{"jcmd_namespace", "twice", "", "  config_add: |\n    set system services netconf yang-compliant\n    set system location building A\n    annotate system location agreed\n    deactivate system location\n", seen(
		`<get-configuration/>`, `<location xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:comment="/* agreed */" xmlns:jcmd="http://yang.juniper.net/junos/jcmd" jcmd:active="false">`)},
	{"lock_dirty", "allowed", "", "", after([]string{location("A")}, lockOp, "<ok/>")},
	{"namespace_version", "full", "", "  release: 22.4R3-S2.11\n", seen(statusOp, "http://xml.juniper.net/junos/22.4R3-S2.11/junos")},
	{"namespace_version", "short", "", "", seen(statusOp, "http://xml.juniper.net/junos/25.2R0/junos")},
	{"banner", "cli", "", "", seen(statusOp, "<banner>{master:0}</banner>")},
	{"costs", "waited", "", "", lasting(time.Second, statusOp)},
	{"operation_cost", "250ms", ", costs: waited", "", lasting(250*time.Millisecond, lockOp)},
	{"member_cost", "100ms", ", costs: waited", "", lasting(600*time.Millisecond, `<get-software-information/>`)},
	{"commit_cost", "400ms", ", costs: waited", "", lasting(700*time.Millisecond, commitOp)},
	{"commit_member_cost", "100ms", ", costs: waited", "", lasting(600*time.Millisecond, commitOp)},
}

// wrapped: operational replies come in an item of that name, each once; those that
// are in items anyway, and configurations, do not change.
func wrapped(name string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "root", rootPassword)
		for _, op := range []string{statusOp, historyOp, `<get-system-information/>`, `<get-configuration-database-status/>`} {
			reply := c.want(op, "<multi-routing-engine-item>\n<re-name>"+name+"</re-name>")
			if strings.Count(reply, "<multi-routing-engine-item>") != 1 {
				t.Errorf("%s: want one item:\n%s", op, reply)
			}
		}
		if reply := c.call(`<get-software-information/>`); strings.Count(reply, "<multi-routing-engine-item>") != 3 {
			t.Errorf("want an item a member:\n%s", reply)
		}
		c.want(`<get-configuration/>`, "!multi-routing-engine")
	}
}

// typedBehind becomes root behind a login, and looks for a text.
func typedBehind(user, password, text string) func(*testing.T, *Lab, *Chassis) {
	passwords := map[string]string{"admin": "Admin-lab-1", "operator": "Operator-lab-1"}
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		printed, _ := terminalOn(t, ch.Address(), user, passwords[user], "", "start shell user root\r"+password+"\rexit\rexit\r", 24)
		if !strings.Contains(printed, text) {
			t.Errorf("want %q in\n%s", text, printed)
		}
	}
}

// greeted looks for texts before the hello, those with a ! must not be there.
func greeted(texts ...string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		before, _, _ := strings.Cut(login(t, ch.Address(), "root", rootPassword).hello, "<hello")
		for _, text := range texts {
			if unwanted, isUnwanted := strings.CutPrefix(text, "!"); strings.Contains(before, unwanted) == isUnwanted {
				t.Errorf("want %q before the hello:\n%s", text, before)
			}
		}
	}
}

var loginRows = []knobRow{
	{"unauthorized", "restricted", "", "  users:\n  - {name: guest, class: unauthorized, password: Guest-lab-1}\n", func(t *testing.T, _ *Lab, ch *Chassis) {
		c := login(t, ch.Address(), "guest", "Guest-lab-1")
		before, _, _ := strings.Cut(c.hello, "<hello")
		if !strings.Contains(before, `user "guest" does not have access privileges.`) || !strings.Contains(before, "Restricted user session.") {
			t.Fatalf("want the restriction before the hello:\n%s", c.hello)
		}
		c.want(statusOp, "permission denied")
		c.want(`<close-session/>`, "<ok/>")
	}},
	{"login_comment", "user", "", "", greeted("<!-- user root -->", "!class")},
	{"login_comment", "none", "", "", greeted("<!-- No zombies", "!user root")},
	{"root_login", "allow", "", "", seen(statusOp, "Master*")},
	{"root_login", "deny", "", "", rootRefused},
	{"root_login", "deny-password", "", "", rootRefused},
	{"root_shell_prompt", "root@%s-%s-%s # ", "", "", typedBehind("admin", rootPassword, "root@vc1-RE-0 # ")},
	{"root_password_prompt", "root's Password:", "", "", typedBehind("admin", rootPassword, "root's Password:")},
	{"root_password_wrong", "su: not you", "", "", typedBehind("admin", "wrong", "su: not you")},
	{"start_shell_refusal", "permission denied", "", "", typedBehind("operator", rootPassword, "error: permission denied")},
	{"login_question", "Enter PASSCODE:", "", "", asksFor("Enter PASSCODE:", false)},
	{"login_echo", "yes", "", "", asksFor("Password:", true)},
	{"login_then", "New password:", "", "", asksFor("New password:", false)},
	{"after_login", "reset", "", "", endsAfterLogin(syscall.ECONNRESET)},
	{"after_login", "closed", "", "", endsAfterLogin(io.EOF)},
	{"host_keys", "chassis", "", "", func(t *testing.T, _ *Lab, ch *Chassis) {
		if keys := hostKeys(ch); keys[0] != keys[1] || keys[1] != keys[2] {
			t.Fatalf("want one key, got %v", keys)
		}
	}},
	{"host_key_type", "ed25519", "", "", keyOfType("ssh-ed25519")},
	{"host_key_type", "rsa", "", "", keyOfType("ssh-rsa")},
	{"subsystem", "refused", "", "", func(t *testing.T, _ *Lab, ch *Chassis) {
		if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil || !strings.Contains(err.Error(), "subsystem") {
			t.Fatalf("want no subsystem, got %v", err)
		}
	}},
	{"sshd_restart", "5s", "", "", sshdGoesAway},
	{"connection_limit", "1", "", "", turnedAway("reset")},
	{"rate_limit", "1", "", "", turnedAway("reset")},
	{"rate_counts", "admitted", ", rate_limit: 1", "", refusedCount(false)},
	{"rate_counts", "attempts", ", rate_limit: 1", "", refusedCount(true)},
	{"limit_close", "closed", ", rate_limit: 1", "", turnedAway("")},
	{"limit_close", "greeting", ", connection_limit: 1", "", turnedAway("SSH-2.0-")},
}

// asksFor: a login without a key is asked a question last, and takes the password only
// as the answer to it.
func asksFor(last string, echo bool) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		var asked []string
		shown := false
		ask := ssh.KeyboardInteractive(func(_, _ string, questions []string, echos []bool) ([]string, error) {
			asked, shown = append(asked, questions...), echos[0]
			return []string{"Admin-lab-1"}, nil
		})
		for _, way := range []struct {
			by ssh.AuthMethod
			ok bool
		}{{ssh.Password("Admin-lab-1"), false}, {ask, true}} {
			c, err := ssh.Dial("tcp", ch.Address(), &ssh.ClientConfig{User: "admin", Auth: []ssh.AuthMethod{way.by}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 10 * time.Second})
			if (err == nil) != way.ok {
				t.Fatalf("want to be let in %v, got %v", way.ok, err)
			}
			if err == nil {
				_ = c.Close()
			}
		}
		if asked[len(asked)-1] != last || shown != echo {
			t.Errorf("want %q, echoed %v, got %q, echoed %v", last, echo, asked, shown)
		}
	}
}

// endsAfterLogin: the login is good, and its connection ends when it asks for a session.
func endsAfterLogin(how error) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, lab *Lab, ch *Chassis) {
		conn, err := net.Dial("tcp", ch.Address())
		if err != nil {
			t.Fatal(err)
		}
		w := &witness{Conn: conn, ended: make(chan error, 1)}
		c, channels, requests, err := ssh.NewClientConn(w, ch.Address(), &ssh.ClientConfig{User: "admin", Auth: []ssh.AuthMethod{ssh.Password("Admin-lab-1")}, HostKeyCallback: ssh.InsecureIgnoreHostKey()})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := ssh.NewClient(c, channels, requests).NewSession(); err == nil {
			t.Error("a session was opened")
		}
		if err := <-w.ended; !errors.Is(err, how) {
			t.Errorf("want %v, got %v", how, err)
		}
	}
}

// witness sees how a connection ends.
type witness struct {
	net.Conn
	ended chan error
}

func (w *witness) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err != nil {
		select {
		case w.ended <- err:
		default:
		}
	}
	return n, err
}

func rootRefused(t *testing.T, _ *Lab, ch *Chassis) {
	if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil || !strings.Contains(err.Error(), "unable to authenticate") {
		t.Fatalf("root's password should be refused, got %v", err)
	}
	login(t, ch.Address(), "admin", "Admin-lab-1")
}

func hostKeys(ch *Chassis) []string {
	var keys []string
	for _, line := range ch.KnownHosts() {
		_, key, _ := strings.Cut(line, " ")
		keys = append(keys, key)
	}
	return keys
}

func keyOfType(name string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		if keys := hostKeys(ch); !strings.HasPrefix(keys[0], name+" ") {
			t.Fatalf("want %s, got %v", name, keys)
		}
	}
}

// sshdGoesAway: after a commit that touches services ssh nobody listens for a while;
// who is logged in stays. Other commits do not matter.
func sshdGoesAway(t *testing.T, lab *Lab, ch *Chassis) {
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(location("A"), "<ok/>")
	c.want(commitOp, "<ok/>")
	login(t, ch.Address(), "root", rootPassword)
	c.want(setLoad("set system services ssh max-sessions-per-connection 8"), "<ok/>")
	c.want(commitOp, "<ok/>")
	if _, err := net.Dial("tcp", ch.Address()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("want the connection refused, got %v", err)
	}
	c.want(statusOp, "Master*")
	lab.Clock().Advance(4 * time.Second)
	if _, err := net.Dial("tcp", ch.Address()); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("want the connection refused for 5 s, got %v", err)
	}
	lab.Clock().Advance(time.Second)
	login(t, ch.Address(), "root", rootPassword)
}

// turnedAway is what a second connection hears: a reset, nothing, or a greeting.
func turnedAway(words string) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, _ *Lab, ch *Chassis) {
		login(t, ch.Address(), "root", rootPassword)
		var heard []byte
		conn, err := net.Dial("tcp", ch.Address()) // a reset may come as early as this
		if err == nil {
			defer conn.Close()
			heard, err = io.ReadAll(conn)
		}
		if reset := errors.Is(err, syscall.ECONNRESET); reset != (words == "reset") {
			t.Fatalf("reset: %v, heard %q", err, heard)
		}
		if words != "reset" && (err != nil || !strings.HasPrefix(string(heard), words) || (words == "") != (len(heard) == 0)) {
			t.Fatalf("want %q, then the end; heard %q, %v", words, heard, err)
		}
	}
}

// refusedCount says whether a connection that was refused keeps the next one out, when
// the minute of the one that was admitted is over.
func refusedCount(counts bool) func(*testing.T, *Lab, *Chassis) {
	return func(t *testing.T, lab *Lab, ch *Chassis) {
		login(t, ch.Address(), "root", rootPassword)
		lab.Clock().Advance(40 * time.Second)
		if _, err := tryLogin(ch.Address(), "root", rootPassword); err == nil {
			t.Fatal("a second login within the minute should be refused")
		}
		lab.Clock().Advance(30 * time.Second)
		if _, err := tryLogin(ch.Address(), "root", rootPassword); (err != nil) != counts {
			t.Fatalf("refused ones count: %t, want %t: %v", err != nil, counts, err)
		}
	}
}

// deny-password leaves root's keys.
func TestDenyPasswordLeavesKeys(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	public := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
	_, ch := oneChassis(t, "  profile: {root_login: deny-password}\n  users: [{name: root, class: super-user, password: x, ssh_keys: ["+public+"]}]\n")
	conn, err := ssh.Dial("tcp", ch.Address(), &ssh.ClientConfig{
		User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(signer)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: 10 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}
