// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// What an operator reads, whole: the host, the phase or the option, and once what
// is wrong there. HOST and PORT stand for the server, DIR for its folder.
func TestMessages(t *testing.T) {
	srv := open().Start(t)
	empty := filepath.Join(srv.Dir, "empty")
	sshtest.Write(t, empty, "")
	const print = "SHA256:[A-Za-z0-9+/]{43}"
	for _, row := range []struct {
		name      string
		set       func(*sshconn.Config)
		msg, hint string
	}{
		{"host key unknown", func(c *sshconn.Config) { c.KnownHosts = []string{empty} },
			`HOST:PORT: host key: not known: the server shows ssh-ed25519 ` + print + `; no line for \[HOST\]:PORT or HOST in DIR/empty`, "ssh-keyscan"},
		{"host key not pinned", func(c *sshconn.Config) { c.HostKeyFingerprints = []string{"SHA256:" + strings.Repeat("A", 43)} },
			`HOST:PORT: host key: not a pinned one: the server shows ssh-ed25519 ` + print + `, host_key_fingerprint has SHA256:A{43}; another member may have become the primary, or the connection is intercepted`, "console"},
		{"refused", func(c *sshconn.Config) { c.Password = canary.Wrong },
			`HOST:PORT: authentication: user "admin" was refused; tried password; the server accepts password`, "check username"},
		{"connection refused", func(c *sshconn.Config) { c.Port = 1 }, `HOST:1: connect: connection refused`, "nothing listens on port 1"},
		{"connection refused by name", func(c *sshconn.Config) { c.Host, c.Port = "localhost", 1 }, `localhost:1: connect: (127.0.0.1|\[::1\]):1: connection refused`, "nothing listens on port 1"},
		{"proxy_command says nothing", func(c *sshconn.Config) { c.ProxyCommand = "false" }, `HOST:PORT: banner: proxy_command ended: exit status 1`, "by hand"},
		{"proxy_command complains", func(c *sshconn.Config) { c.ProxyCommand = "sh -c 'echo oops >&2; exit 3'" }, `HOST:PORT: banner: proxy_command ended: exit status 3: "oops"`, "by hand"},
		{"nothing to log in with", func(c *sshconn.Config) { c.Password = "" },
			`no way to log in to HOST: no password, no private key, no agent \(use_agent: false\)`, "set password or private_key_file"},
		{"no agent either", func(c *sshconn.Config) { c.Password, c.UseAgent = "", true },
			`no way to log in to HOST: no password, no private key, agent: none, SSH_AUTH_SOCK is not set`, "start an agent"},
		{"nothing for the jump host", func(c *sshconn.Config) { c.ProxyJump = "bastion.example.com" },
			`proxy_jump: no way to log in to bastion.example.com: no private key, no agent \(use_agent: false\)`, "never shown to a jump host"},
		{"known_hosts is missing", func(c *sshconn.Config) { c.KnownHosts = []string{empty + ".no"} }, `known_hosts: open DIR/empty.no: no such file or directory`, "ssh-keyscan"},
		{"certificate is missing", func(c *sshconn.Config) { c.CertificateFile = empty + ".no" }, `certificate_file: open DIR/empty.no: no such file or directory`, "execution environment"},
		{"user", func(c *sshconn.Config) { c.User = "-x" }, `username: "-x": want at most 256 bytes and no dash at the beginning`, ""},
		{"port", func(c *sshconn.Config) { c.Port = 99999 }, `port: want 1 to 65535, got 99999`, ""},
		{"host", func(c *sshconn.Config) { c.Host = "a b" }, `host: "a b": want letters, digits, dots, dashes and underscores`, ""},
		{"jump host", func(c *sshconn.Config) { c.ProxyJump = "-x" }, `proxy_jump: host: "-x": want no dash at the beginning`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := withPassword(srv)
			row.set(&c)
			_, err := sshconn.Dial(t.Context(), c)
			if err == nil {
				t.Fatal("want an error")
			}
			pattern := strings.NewReplacer("HOST", regexp.QuoteMeta(srv.Host), "PORT", fmt.Sprint(srv.Port), "DIR", regexp.QuoteMeta(srv.Dir)).Replace(row.msg)
			if !regexp.MustCompile("^" + pattern + "$").MatchString(err.Error()) {
				t.Errorf("want %s\ngot  %s", pattern, err)
			}
			if !strings.Contains(hint(err), row.hint) {
				t.Errorf("want a hint with %q, got %q", row.hint, hint(err))
			}
			canary.Check(t, err)
		})
	}
}
