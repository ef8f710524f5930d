// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

func TestLookup(t *testing.T) {
	rows := []struct {
		name, file string
		user       string
		want       sshconfig.Host
		err        string
	}{
		{name: "empty"},
		{name: "global", file: "User admin\nPort 830", want: sshconfig.Host{User: "admin", Port: "830"}},
		{name: "the first value counts", file: "Host sw1\nUser a\nHost *\nUser b\nPort 22", want: sshconfig.Host{User: "a", Port: "22"}},
		{name: "another host", file: "Host sw2\nUser a\nKexAlgorithms x"},
		{name: "patterns", file: "Host sw* !sw1\nUser a\nHost s?1\nUser b", want: sshconfig.Host{User: "b"}},
		{name: "forms of a line", file: " host=SW1 # comment\n\tUSER =  \"a b\"\nPort\t830", want: sshconfig.Host{User: "a b", Port: "830"}},
		{name: "lists add up", file: "IdentityFile a\nHost sw1\nIdentityFile \"b c\"", want: sshconfig.Host{IdentityFile: []string{"a", "b c"}}},
		{name: "known hosts", file: "UserKnownHostsFile a b\nUserKnownHostsFile c", want: sshconfig.Host{UserKnownHostsFile: []string{"a", "b"}}},
		{name: "proxy command as it is", file: `ProxyCommand nc -x "a b" %h %p # no comment`, want: sshconfig.Host{ProxyCommand: `nc -x "a b" %h %p # no comment`}},
		{name: "match all", file: "Match all\nUser a", want: sshconfig.Host{User: "a"}},
		{name: "match host sees HostName", file: "Host sw1\nHostName x.example.com\nMatch host *.example.com\nUser a", want: sshconfig.Host{HostName: "x.example.com", User: "a"}},
		{name: "match originalhost", file: "HostName x\nMatch originalhost sw1\nUser a", want: sshconfig.Host{HostName: "x", User: "a"}},
		{name: "match user", user: "root", file: "Match user root,admin host sw1\nPort 1", want: sshconfig.Host{Port: "1"}},
		{name: "match negated", file: "Match !host sw1\nPort 1\nMatch !all\nPort 2"},
		{name: "match user unknown", file: "Match user root\nPort 1", err: "f:1: match user needs a user name"},
		{name: "match exec", file: "User a\nMatch exec \"true\"\nPort 1", err: "f:2: match exec is not understood"},
		{name: "match without pattern", file: "Match host\nPort 1", err: "match host without a pattern"},
		{name: "include", file: "Include inner\nPort 2", want: sshconfig.Host{User: "inner", Port: "2"}},
		{name: "include in a block of another host", file: "Host sw2\nInclude inner"},
		{name: "include itself", file: "Include self", err: "include each other"},
		{name: "include fails", file: "Include broken", err: "f:1: cannot read"},
		{name: "harmless", file: "ForwardAgent yes\nControlMaster auto\nControlPath ~/.ssh/%r@%h\nServerAliveInterval 5", want: sshconfig.Host{ServerAliveInterval: "5"}},
		{name: "weaker algorithms", file: "Host sw1\nKexAlgorithms +diffie-hellman-group1-sha1", err: "f:2: kexalgorithms is not understood here"},
		{name: "known hosts command", file: "KnownHostsCommand /bin/x", err: "knownhostscommand is not understood"},
		{name: "revoked keys", file: "RevokedHostKeys x", err: "revokedhostkeys is not understood"},
		{name: "no passwords", file: "PasswordAuthentication no", err: "passwordauthentication is not understood"},
		{name: "old settings", file: "Protocol 2\nUseRoaming no\nChallengeResponseAuthentication yes"},
		{name: "single quotes", file: "User 'a \"b'", want: sshconfig.Host{User: `a "b`}},
		{name: "passwords", file: "PasswordAuthentication yes"},
		{name: "new setting", file: "FutureSetting 1", err: "futuresetting is not understood"},
		{name: "new setting to be ignored", file: "IgnoreUnknown Future*,x\nFutureSetting 1"},
		{name: "no value", file: "Port", err: "f:1: port without a value"},
		{name: "open quote", file: `User "a`, err: "f:1: a quote is never closed"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := lookup(row.file, row.user)
			if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
				t.Fatalf("want error %q, got %v", row.err, err)
			}
			if diff := cmp.Diff(row.want, got); err == nil && diff != "" {
				t.Error(diff)
			}
		})
	}
}

func lookup(file, user string) (sshconfig.Host, error) {
	c, err := sshconfig.Parse(sshconfig.File{Name: "f", Content: []byte(file)}, func(pattern string) ([]sshconfig.File, error) {
		switch pattern {
		case "inner":
			return []sshconfig.File{{Name: "inner", Content: []byte("User inner\nHost other\nUser no")}}, nil
		case "self":
			return []sshconfig.File{{Name: "self", Content: []byte("Include self")}}, nil
		}
		return nil, errors.New("cannot read " + pattern)
	})
	if err != nil {
		return sshconfig.Host{}, err
	}
	return c.Lookup("sw1", user)
}

func FuzzSSHConfig(f *testing.F) {
	f.Add([]byte("Host a !b\nMatch host x exec y\nInclude inner\nUser \"x"))
	f.Fuzz(func(t *testing.T, file []byte) { _, _ = lookup(string(file), "root") })
}
