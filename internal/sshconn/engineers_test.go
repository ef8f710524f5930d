// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// The tests of this file are about the ssh_config files that engineers have.

// configured adds an ssh_config with these lines. FOLDER stands for the server's folder.
func configured(t *testing.T, srv *sshtest.Server, lines string) sshconn.Config {
	t.Helper()
	c := withPassword(srv)
	c.Home, c.SSHConfig = srv.Dir, filepath.Join(srv.Dir, "config")
	sshtest.Write(t, c.SSHConfig, strings.ReplaceAll(lines, "FOLDER", srv.Dir)+"\n")
	return c
}

func warningsOf(t *testing.T, c sshconn.Config) string {
	t.Helper()
	return strings.Join(dial(t, c).Warnings(), "\n")
}

// keyServer lets one key in, and nothing else.
func keyServer(t *testing.T, key ssh.PublicKey) *sshtest.Server { return lockedBy(t, key) }

// The agent is where IdentityAgent says, in each of its spellings.
func TestIdentityAgentIsUsed(t *testing.T) {
	_, key, pub := keyFile(t, "")
	_, other, _ := keyFile(t, "")
	srv := keyServer(t, pub)
	right, wrong := serveAgent(t, key), serveAgent(t, other)
	if err := os.Symlink(right, filepath.Join(srv.Dir, "my agent")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MY_AGENT", right)
	t.Setenv("MY_DIR", srv.Dir)
	for _, row := range []struct{ line, socket, err string }{
		{"IdentityAgent " + right, wrong, ""},
		{`IdentityAgent "~/my agent"`, "", ""},
		{`IdentityAgent %d/my\ agent`, "", ""},
		{`IdentityAgent ${MY_DIR}/"my agent"`, "", ""},
		{"IdentityAgent $MY_AGENT", wrong, ""},
		{"IdentityAgent SSH_AUTH_SOCK", right, ""},
		{"Host other\nIdentityAgent none\nHost *", right, ""},
		{"IdentityAgent none", right, "no way to log in to 127.0.0.1"},
		{"IdentityAgent $NO_SUCH_AGENT", right, "agent: none, NO_SUCH_AGENT is not set"},
		{"IdentityAgent ~/gone", right, "gone: connect: no such file"},
		{"IdentityAgent ${NO_SUCH_DIR}/s", right, "IdentityAgent: the environment has no NO_SUCH_DIR"},
		{"IdentityAgent ${OPEN", right, "IdentityAgent: a ${ is never closed"},
	} {
		c := configured(t, srv, row.line)
		c.Password, c.UseAgent, c.AgentSocket = "", true, row.socket
		client, err := sshconn.Dial(t.Context(), c)
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("%s: want %q, got %v", row.line, row.err, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
	c := configured(t, srv, "IdentityAgent "+right)
	c.Password = ""
	if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "use_agent: false") {
		t.Errorf("the option use_agent goes before it: %v", err)
	}
}

// A configuration may name variables, but not those that hold our secrets.
func TestConfigurationSeesNoPassword(t *testing.T) {
	t.Setenv("VCHASSIS_PASSWORD", canary.Password)
	c := configured(t, open().Start(t), "IdentityFile /k/${VCHASSIS_PASSWORD}")
	_, err := sshconn.Dial(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "the environment has no VCHASSIS_PASSWORD") {
		t.Errorf("got %v", err)
	}
	canary.Check(t, err)
}

// What is offered to a server, and in which order, as ssh_config says; but a
// password never before a key.
func TestPreferredAuthentications(t *testing.T) {
	var asked noted
	note := func(m string) { asked.add(m) }
	g := open()
	g.Config.PublicKeyCallback = func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) {
		note("k")
		return nil, errors.New("no")
	}
	g.Config.PasswordCallback = func(ssh.ConnMetadata, []byte) (*ssh.Permissions, error) { note("p"); return nil, errors.New("no") }
	g.Config.KeyboardInteractiveCallback = func(_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
		if _, err := ask("", "", []string{"Password: "}, []bool{false}); err == nil {
			note("q")
		}
		return nil, errors.New("no")
	}
	srv := g.Start(t)
	path, _, _ := keyFile(t, "")
	for lines, want := range map[string]string{
		"": "kpq",
		"PreferredAuthentications publickey,password ":                      "kp",
		"PreferredAuthentications keyboard-interactive,password,publickey":  "kqp",
		"PreferredAuthentications gssapi-with-mic,hostbased,publickey":      "k",
		"PreferredAuthentications password,password,none":                   "p",
		"PasswordAuthentication no":                                         "kq",
		"KbdInteractiveAuthentication no":                                   "kp",
		"ChallengeResponseAuthentication no\nPubkeyAuthentication no":       "p",
		"PreferredAuthentications password\nPasswordAuthentication no":      "",
		"PreferredAuthentications gssapi-with-mic":                          "",
		"Host 127.0.0.1\nPubkeyAuthentication FALSE\nHost *":                "pq",
		"Match final user admin\nPreferredAuthentications password\n":       "p",
		"Match !final user admin\nPreferredAuthentications \"publickey\" #": "k",
	} {
		c := configured(t, srv, lines)
		c.PrivateKeyFile = path
		_, err := sshconn.Dial(t.Context(), c)
		if got := strings.Join(asked.take(), ""); err == nil || got != want {
			t.Errorf("%q: want %s, got %s: %v", lines, want, got, err)
		}
		var config *sshconn.ConfigError
		if errors.As(err, &config) != (want == "") {
			t.Errorf("%q: want nothing sent if nothing is left: %v", lines, err)
		}
	}
}

// The tokens of file names are replaced as OpenSSH does it.
func TestTokensOfFileNames(t *testing.T) {
	path, _, pub := keyFile(t, "")
	srv := keyServer(t, pub)
	me := strings.TrimSpace(sshtest.Run(t, "id", "-un"))
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	short, _, _ := strings.Cut(host, ".")
	for token, want := range map[string]string{
		"%u_key":            me + "_key",
		"%u-%i":             fmt.Sprintf("%s-%d", me, os.Getuid()),
		"%l":                host,
		"%L.%%":             short + ".%",
		"%k":                "127.0.0.1",
		"%k-alias":          "fabric-1-alias", // with HostKeyAlias
		"j%j":               "j",
		"%n %h %r %p":       fmt.Sprintf("127.0.0.1 127.0.0.1 admin %d", srv.Port),
		"%d/%u":             srv.Dir + "/" + me,
		"${KEY_NAME}_%u":    "mine_" + me,
		"${KEY_NAME}${KEY}": "minekey",
	} {
		t.Setenv("KEY_NAME", "mine")
		t.Setenv("KEY", "key")
		dir := filepath.Join(srv.Dir, "keys")
		lines := `IdentityFile "FOLDER/keys/` + token + `"`
		if strings.HasPrefix(token, "%d") {
			lines = "IdentityFile " + token + "\n"
			dir = ""
		}
		if strings.Contains(token, "alias") {
			lines += "\nHostKeyAlias Fabric-1"
		}
		file := filepath.Join(dir, want)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		sshtest.Write(t, file, sshtest.Read(t, path))
		c := configured(t, srv, lines)
		c.Password = ""
		if strings.Contains(token, "alias") {
			c.KnownHosts = []string{filepath.Join(srv.Dir, "aliased")}
			sshtest.Write(t, c.KnownHosts[0], strings.Replace(sshtest.Read(t, srv.KnownHosts), "127.0.0.1", "fabric-1", 1))
		}
		client, err := sshconn.Dial(t.Context(), c)
		if err != nil {
			t.Errorf("%s: want %s, got %v", token, file, err)
			continue
		}
		_ = client.Close()
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}

// %j is what leads to the host.
func TestTokenOfTheJumpHost(t *testing.T) {
	c := configured(t, open().Start(t), "ProxyJump b1.example.com,b2\nHost 127.0.0.1\nIdentityFile /k/%j\nIdentityFile /q/%q")
	_, err := sshconn.Dial(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "ssh_config: IdentityFile: %q (byte 4) is not understood here") {
		t.Errorf("got %v", err)
	}
	c = configured(t, open().Start(t), "Host 127.0.0.1\nProxyJump none\nIdentityFile /k/%j\nProxyCommand nc")
	c.Password = canary.Wrong
	if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "IdentityFile: open /k/none: no such file") {
		t.Errorf("got %v", err)
	}
}

// ProxyJump of ssh_config knows tokens, and the first proxy counts.
func TestProxiesOfSSHConfig(t *testing.T) {
	for lines, want := range map[string]string{
		"ProxyJump %r@%h:1":                         "127.0.0.1:1: connect: connection refused",
		"ProxyJump none\nProxyCommand false":        "PORT): authentication",
		"ProxyCommand NONE\nProxyJump 127.0.0.1:1":  "PORT): authentication",
		"ProxyJump 127.0.0.1:1\nProxyCommand false": "127.0.0.1:1: connect: connection refused",
		"ProxyCommand false\nProxyJump 127.0.0.1:1": "proxy_command ended: exit status 1",
		"ProxyJump %x": "ssh_config: ProxyJump: %x (byte 1) is not understood here",
		"ProxyUseFdpass yes\nProxyCommand pass %h":       "ssh_config: ProxyUseFdpass is not understood here",
		"ProxyUseFdpass yes\nProxyCommand none":          "PORT): authentication",
		"ProxyUseFdpass no\nProxyCommand false":          "proxy_command ended",
		"HostKeyAlias a;b\nProxyCommand nc %k":           `%k: HostKeyAlias "a;b" holds letters that a shell could misread`,
		"HostKeyAlias fabric-1\nProxyCommand echo %k>&2": `proxy_command ended: exit status 0: "fabric-1"`,
	} {
		srv := open().Start(t)
		c := configured(t, srv, "Host sw1\nHostName 127.0.0.1\n"+lines)
		c.Host, c.Password = "sw1", canary.Wrong
		c.PrivateKeyFile, _, _ = keyFile(t, "")
		want = strings.ReplaceAll(want, "PORT", fmt.Sprint(srv.Port))
		if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", lines, want, err)
		}
	}
}

// AddressFamily chooses the network, and BindAddress where it comes from.
func TestAddressFamilyAndBindAddress(t *testing.T) {
	srv := open().Start(t)
	for lines, want := range map[string]string{"": "tcp", "AddressFamily any": "tcp", "AddressFamily inet": "tcp4", "AddressFamily INET6": "tcp6"} {
		got := ""
		c := configured(t, srv, lines)
		c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			got = network
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		}
		dial(t, c)
		if got != want {
			t.Errorf("%s: want %s, got %s", lines, want, got)
		}
	}
	from := make(chan string, 10)
	g := open()
	g.Wire = func(c net.Conn) { from <- c.RemoteAddr().String() }
	srv = g.Start(t)
	for _, lines := range []string{"BindAddress 127.0.0.3", "AddressFamily inet\nBindAddress 127.0.0.3", "Host *\nBindAddress = \"127.0.0.3\" # lab"} {
		dial(t, configured(t, srv, lines))
		if got := <-from; !strings.HasPrefix(got, "127.0.0.3:") {
			t.Errorf("%s: it comes from %s", lines, got)
		}
	}
	failsIn(t, configured(t, srv, "BindAddress 192.0.2.200"), sshconn.PhaseConnect, "cannot assign requested address", "")
	failsIn(t, configured(t, srv, "BindAddress no-such-name.invalid"), sshconn.PhaseConnect, "", "")
}

// Keys are exchanged again after as many bytes as RekeyLimit says; its time is
// left out, with a note.
func TestRealRekeyLimit(t *testing.T) {
	for lines, row := range map[string]struct {
		atLeast, atMost int
		warns           string
	}{
		"RekeyLimit 16K 1h":           {2, 100, "left out of ssh_config for 127.0.0.1: rekeylimit by time"},
		"RekeyLimit 16K none":         {2, 100, ""},
		"RekeyLimit 1G":               {1, 1, ""},
		"RekeyLimit default":          {1, 1, ""},
		"Match final\nRekeyLimit 16k": {2, 100, ""},
	} {
		srv := sshtest.OpenSSH(t)
		c := withKey(t, srv)
		c.SSHConfig = filepath.Join(srv.Dir, "config")
		sshtest.Write(t, c.SSHConfig, lines+"\n")
		client := works(t, c)
		for range 2 { // what comes after an exchange has waited for it
			s, err := client.Exec(t.Context(), "head -c 200000 /dev/zero")
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, s)
			if err != nil || n != 200000 {
				t.Fatalf("%d bytes, %v", n, err)
			}
		}
		_ = client.Close()
		for deadline := time.Now().Add(30 * time.Second); !strings.Contains(srv.Log(), "Closing connection to") && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond) // its log comes later
		}
		if got := strings.Count(srv.Log(), "SSH2_MSG_KEXINIT received"); got < row.atLeast || got > row.atMost {
			t.Errorf("%s: want %d to %d key exchanges, got %d", lines, row.atLeast, row.atMost, got)
		}
		if got := strings.Join(client.Warnings(), "\n"); got != row.warns {
			t.Errorf("%s: want warnings %q, got %q", lines, row.warns, got)
		}
	}
}

// Only a time in RekeyLimit is left out, and noted.
func TestRekeyingByTimeIsNoted(t *testing.T) {
	const noted = "left out of ssh_config for 127.0.0.1: rekeylimit by time"
	srv := open().Start(t)
	for lines, want := range map[string]string{"RekeyLimit 1G 1h": noted, "RekeyLimit default 1h": noted, "RekeyLimit 1G none": "", "RekeyLimit 1G": "", "RekeyLimit default": ""} {
		if got := warningsOf(t, configured(t, srv, lines)); got != want {
			t.Errorf("%s: want %q, got %q", lines, want, got)
		}
	}
}

// What is left out is one warning; what matters and is not understood is refused,
// with what to do.
func TestNotesAndRefusals(t *testing.T) {
	srv := open().Start(t)
	c := configured(t, srv, "Host 127.*\n VerifyHostKeyDNS yes\n StrictHostKeyChecking no\n PKCS11Provider /usr/lib/p11.so\n BindInterface lo\n Compression yes\n ConnectTimeout 1\n")
	want := fmt.Sprintf("left out of ssh_config for 127.0.0.1: verifyhostkeydns yes (%[1]s:2); stricthostkeychecking no (%[1]s:3); pkcs11provider /usr/lib/p11.so (%[1]s:4); bindinterface lo (%[1]s:5)", c.SSHConfig)
	if got := warningsOf(t, c); got != want {
		t.Errorf("want %s\ngot  %s", want, got)
	}
	c = configured(t, srv, "StrictHostKeyChecking no\nUserKnownHostsFile /dev/null")
	c.KnownHosts = nil
	failsIn(t, c, sshconn.PhaseHostKey, "not known", "") // host_key decides
	for lines, want := range map[string]string{
		"Match exec \"test -d /nonexistent\"\n User nobody\nHost *\n ServerAliveInterval 60": "config:1: match exec is not understood here, where no program is run to read a configuration; put what this host needs into a Host block, or into a separate file for the option ssh_config",
		"Match !exec \"onsubnet 10.\" user admin\n ProxyJump b":                              "config:1: match exec is not understood here",
		"Match originalhost 127.* exec true\n Port 1":                                        "config:1: match exec is not understood here",
		"Match localnetwork 10.0.0.0/8\n ProxyJump b":                                        "config:1: match localnetwork is not understood here",
		"KnownHostsCommand /bin/keys %H":                                                     "config:1: knownhostscommand is not understood here, and leaving it out could change what is trusted or reached; remove it for this host",
		"CanonicalizeHostname always":                                                        "config:1: canonicalizehostname is not understood here",
	} {
		_, err := sshconn.Dial(t.Context(), configured(t, srv, lines))
		var config *sshconn.ConfigError
		if !errors.As(err, &config) || config.Option != "ssh_config" || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", lines, want, err)
		}
	}
}

// Host lines are compared with what the operator wrote, capitals and all.
func TestHostPatternsSeeWhatWasWritten(t *testing.T) {
	var asked []string
	for _, row := range []struct{ host, lines, want string }{
		{"SW1", "Host sw1\nHostName 192.0.2.1", "SW1:830"},
		{"SW1", "Host SW1\nHostName 192.0.2.1", "192.0.2.1:830"},
		{"SW1", "Match host sw1\nHostName 192.0.2.1", "192.0.2.1:830"},
		{"2001:DB8:0:0::1", "Host 2001:DB8:0:*\nHostName sw1.Example.com", "sw1.example.com:830"},
		{"[2001:DB8::1]", "Host 2001:DB8::1\nHostName sw2", "sw2:830"},
		{"sw3", "HostName %h.lab.example.com\nMatch host sw3.lab.example.com\nPort 1\nMatch final host *.lab.*\nHostKeyAlias x", "sw3.lab.example.com:830"},
	} {
		c := sshconn.Config{Host: row.host, Port: 830, User: "admin", Password: password, Home: t.TempDir()}
		c.SSHConfig = filepath.Join(c.Home, "config")
		sshtest.Write(t, c.SSHConfig, row.lines+"\n")
		c.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
			asked = append(asked, address)
			return nil, errors.New("not here")
		}
		if _, err := sshconn.Dial(t.Context(), c); err == nil || !slices.Contains(asked, row.want) {
			t.Errorf("%s: want %s, got %v (%v)", row.host, row.want, asked, err)
		}
		asked = nil
	}
}

// RSA keys that RequiredRSASize does not take are neither trusted nor offered.
func TestRealRequiredRSASize(t *testing.T) {
	srv := sshtest.OpenSSH(t, "HostKey %DIR%/host_rsa")
	c := withKey(t, srv)
	c.SSHConfig = filepath.Join(srv.Dir, "config")
	for lines, want := range map[string]string{
		"RequiredRSASize 2048": "",
		"RequiredRSASize 3072": "host key: too short: the server shows ssh-rsa SHA256:",
		"RequiredRSASize 9":    "requiredrsasize: want 1024 to 16384",
	} {
		sshtest.Write(t, c.SSHConfig, lines+"\n")
		client, err := sshconn.Dial(t.Context(), c)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: want %q, got %v", lines, want, err)
		}
		if err == nil {
			_ = client.Close()
		}
	}
	plain := open().Start(t)
	c = configured(t, plain, "RequiredRSASize 3072")
	c.Password, c.PrivateKeyFile = canary.Wrong, filepath.Join(srv.Dir, "host_rsa")
	_, err := sshconn.Dial(t.Context(), c)
	if err == nil || !strings.Contains(err.Error(), "host_rsa is not offered: RequiredRSASize of ssh_config is 3072, the key has 2048 bits") {
		t.Errorf("got %v", err)
	}
}
