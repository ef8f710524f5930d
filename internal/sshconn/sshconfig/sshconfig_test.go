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
		{name: "forms of a line", file: " host=sw1 # comment\n\tUSER =  \"a b\"\nPort\t830", want: sshconfig.Host{User: "a b", Port: "830"}},
		{name: "lists add up", file: "IdentityFile a\nHost sw1\nIdentityFile \"b c\"", want: sshconfig.Host{IdentityFile: []string{"a", "b c"}}},
		{name: "known hosts", file: "UserKnownHostsFile a b\nUserKnownHostsFile c", want: sshconfig.Host{UserKnownHostsFile: []string{"a", "b"}}},
		{name: "proxy command as it is", file: `ProxyCommand nc -x "a b" %h %p # no comment`, want: sshconfig.Host{ProxyCommand: `nc -x "a b" %h %p # no comment`}},
		{name: "match all", file: "Match all\nUser a", want: sshconfig.Host{User: "a"}},
		{name: "match host sees HostName", file: "Host sw1\nHostName x.example.com\nMatch host *.example.com\nUser a", want: sshconfig.Host{HostName: "x.example.com", User: "a"}},
		{name: "match originalhost", file: "HostName x\nMatch originalhost sw1\nUser a", want: sshconfig.Host{HostName: "x", User: "a"}},
		{name: "match user", user: "root", file: "Match user root,admin host sw1\nPort 1", want: sshconfig.Host{Port: "1"}},
		{name: "match negated", file: "Match !host sw1\nPort 1\nMatch !all\nPort 2"},
		{name: "match user unknown", file: "Match user root\nPort 1", err: "f:1: match user needs a user name"},
		{name: "match user unknown for another host", file: "Match user root host sw2\nPort 1"},
		{name: "match user of the file", file: "User root\nMatch user root\nPort 1", want: sshconfig.Host{User: "root", Port: "1"}},
		{name: "match user counts capitals", user: "root", file: "Match user ROOT\nPort 1"},
		{name: "match localuser", file: "Match localuser you,m?\nPort 1\nMatch !localuser me\nUser x", want: sshconfig.Host{Port: "1"}},
		{name: "match tagged", file: "Match tagged lab\nPort 1\nMatch all\nTag lab\nMatch tagged l* !tagged x\nUser a", want: sshconfig.Host{Tag: "lab", User: "a"}},
		{name: "match final", file: "Match final host *.example.com\nPort 1\nMatch !final\nUser a\nHost sw1\nHostName %h.Example.com", want: sshconfig.Host{HostName: "sw1.example.com", Port: "1", User: "a"}},
		{name: "host in the second way", file: "Host sw1\nHostName %h.example.com\nIdentityFile k\nHost *.example.com\nPort 1\nMatch final all\nUser a", want: sshconfig.Host{HostName: "sw1.example.com", Port: "1", User: "a", IdentityFile: []string{"k"}}},
		{name: "match canonical without a second way", file: "Match canonical\nPort 1"},
		{name: "match host and HostName with a token", file: "HostName %h.lab\nMatch host sw1.LAB\nPort 1", want: sshconfig.Host{HostName: "sw1.lab", Port: "1"}},
		{name: "a block is decided at its first line", file: "Match host sw1\nHostName other\nPort 1", want: sshconfig.Host{HostName: "other", Port: "1"}},
		{name: "HostName with another token", file: "HostName %n", err: `HostName: %n (byte 1) is not understood here`},
		{name: "capitals count", file: "Host SW1\nPort 1\nHost !SW1 sw1\nUser a", want: sshconfig.Host{User: "a"}},
		{name: "no host", file: "Host \"\"\nPort 1", err: "f:1: host with an empty pattern"},
		{name: "escapes", file: `IdentityFile /k/a\ b` + "\n" + `IdentityFile "/k/\"x\\"` + "\n" + `IdentityFile /k/"c d"'e f' # #` + "\n" + `IdentityFile C:\keys\` + "\n" + `IdentityFile "a\ b"`,
			want: sshconfig.Host{IdentityFile: []string{"/k/a b", `/k/"x\`, "/k/c de f", `C:\keys\`, `a\ b`}}},
		{name: "times", file: "ServerAliveInterval 1h1m1S", want: sshconfig.Host{ServerAliveInterval: "3661"}},
		{name: "no time", file: "ServerAliveInterval 1x", err: `f:1: serveraliveinterval: "1x" is not a time`},
		{name: "an empty time", file: `RekeyLimit 1G ""`, err: "is not a time"},
		{name: "a time without a number", file: "ServerAliveInterval m", err: "is not a time"},
		{name: "an endless time", file: "ServerAliveInterval 99999999w", err: "is not a time"},
		{name: "a sum of times that is endless", file: "ServerAliveInterval 2147483647s1", err: "is not a time"},
		{name: "no interval", file: "ServerAliveInterval NONE", want: sshconfig.Host{ServerAliveInterval: "NONE"}},
		{name: "rekeying", file: "RekeyLimit 512K none\nRekeyLimit 1 1", want: sshconfig.Host{RekeyLimit: []string{"524288", "0"}}},
		{name: "rekeying by time", file: "RekeyLimit default 1h", want: sshconfig.Host{RekeyLimit: []string{"0", "3600"}}},
		{name: "rekeying, one value after the other", file: "RekeyLimit 2m\nRekeyLimit 1G 5", want: sshconfig.Host{RekeyLimit: []string{"2097152", "5"}}},
		{name: "rekeying at nothing", file: "RekeyLimit 0 0", want: sshconfig.Host{RekeyLimit: []string{"0", "0"}}},
		{name: "no size", file: "RekeyLimit 1X", err: `f:1: rekeylimit: "1X" is not a number of bytes`},
		{name: "a size below zero", file: "RekeyLimit -1", err: `is not a number of bytes`},
		{name: "three limits", file: "RekeyLimit 1 2 3", err: `f:1: rekeylimit: want at most two values`},
		{name: "a size without end", file: "RekeyLimit 99999999999G", err: `is not a number of bytes`},
		{name: "family", file: "AddressFamily INET6\nBindAddress ::1", want: sshconfig.Host{AddressFamily: "inet6", BindAddress: "::1"}},
		{name: "no family", file: "AddressFamily ipv4", err: `f:1: addressfamily: "ipv4" is not one of its values`},
		{name: "no answer, for another host", file: "Host sw2\nIdentitiesOnly 1", err: `f:2: identitiesonly: "1" is not one of its values`},
		{name: "two values", file: "Port 1 2", err: "f:1: port with more than one value"},
		{name: "no file beside a file", file: "UserKnownHostsFile a none", err: "f:1: userknownhostsfile: none together with a file"},
		{name: "agent", file: "IdentityAgent \"~/a b\"\nIdentityAgent none", want: sshconfig.Host{IdentityAgent: "~/a b"}},
		{name: "the first proxy counts", file: "ProxyCommand none\nProxyJump a", want: sshconfig.Host{ProxyCommand: "none"}},
		{name: "the first proxy counts, of either kind", file: "ProxyJump a,b # c\nProxyCommand nc", want: sshconfig.Host{ProxyJump: "a,b"}},
		{name: "left out with a note", file: "Host *\nVerifyHostKeyDNS yes\nPKCS11Provider /p\nStrictHostKeyChecking No\nBindInterface eth0",
			want: sshconfig.Host{StrictHostKeyChecking: "no", Notes: []string{"verifyhostkeydns yes (f:2)", "pkcs11provider /p (f:3)", "stricthostkeychecking no (f:4)", "bindinterface eth0 (f:5)"}}},
		{name: "less checking, with a note", file: "StrictHostKeyChecking accept-new", want: sshconfig.Host{StrictHostKeyChecking: "accept-new", Notes: []string{"stricthostkeychecking accept-new (f:1)"}}},
		{name: "left out without a note", file: "VerifyHostKeyDNS no\nSecurityKeyProvider internal\nStrictHostKeyChecking ask", want: sshconfig.Host{StrictHostKeyChecking: "ask"}},
		{name: "noted once", file: "VerifyHostKeyDNS yes\nMatch final", want: sshconfig.Host{Notes: []string{"verifyhostkeydns yes (f:1)"}}},
		{name: "names are resolved", file: "CanonicalizeHostname yes", err: "f:1: canonicalizehostname is not understood here"},
		{name: "names are not resolved", file: "CanonicalizeHostname no\nCanonicalDomains example.com\nRevokedHostKeys none"},
		{name: "what matters cannot be ignored", file: "IgnoreUnknown *\nRevokedHostKeys x", err: "f:2: revokedhostkeys is not understood"},
		{name: "the first list to be ignored counts", file: "IgnoreUnknown a*\nIgnoreUnknown b*\nBcd 1", err: "f:3: bcd is not understood"},
		{name: "match exec", file: "User a\nMatch exec \"true\"\nPort 1", err: "f:2: match exec is not understood here, where no program is run to read a configuration; put what this host needs into a Host block"},
		{name: "match exec beside what does not hold", file: "Match exec true host sw2\nPort 1\nMatch host sw2 !exec true\nPort 2\nMatch all !exec\n", err: "match all together with other criteria"},
		{name: "match exec that cannot matter", file: "Match exec true host sw2\nPort 1\nMatch !all\nPort 2\nMatch originalhost !sw1,* exec x\nPort 3"},
		{name: "match localnetwork", file: "Match localnetwork 192.0.2.0/24\nPort 1", err: "f:1: match localnetwork is not understood here"},
		{name: "match without pattern", file: "Match host\nPort 1", err: "match host without a pattern"},
		{name: "match without pattern after =", file: "Match originalhost=\nPort 1", err: "f:1: match originalhost without a pattern"},
		{name: "match all after two criteria", file: "Match host a user b all\nPort 1", err: "f:1: match all together with other criteria"},
		{name: "include", file: "Include inner\nPort 2", want: sshconfig.Host{User: "inner", Port: "2"}},
		{name: "include in a block of another host", file: "Host sw2\nInclude inner"},
		{name: "include itself", file: "Include self", err: "include each other"},
		{name: "an error in what is included", file: "Include asks\nPort 1", err: "asks:1: match user needs a user name"},
		{name: "include fails", file: "Include broken", err: "f:1: cannot read"},
		{name: "harmless", file: "ForwardAgent yes\nControlMaster auto\nControlPath ~/.ssh/%r@%h\nServerAliveInterval 5", want: sshconfig.Host{ServerAliveInterval: "5"}},
		{name: "algorithms", file: "Host sw1\nKexAlgorithms +x\nCiphers -y*\nMACs ^z\nPubkeyAcceptedKeyTypes a,b\nCASignatureAlgorithms c",
			want: sshconfig.Host{KexAlgorithms: "+x", Ciphers: "-y*", MACs: "^z", PubkeyAcceptedAlgorithms: "a,b", CASignatureAlgorithms: "c"}},
		{name: "a shell's quotes are its own", file: "ProxyCommand a 'b\nLocalCommand c \"d\nRemoteCommand e 'f", want: sshconfig.Host{ProxyCommand: "a 'b"}},
		{name: "a shell's quotes, refused", file: "KnownHostsCommand a 'b", err: "knownhostscommand is not understood"},
		{name: "what does nothing is not missed", file: "PKCS11Provider none\nVerifyHostKeyDNS no"},
		{name: "known hosts command", file: "KnownHostsCommand /bin/x", err: "knownhostscommand is not understood"},
		{name: "revoked keys", file: "RevokedHostKeys x", err: "revokedhostkeys is not understood"},
		{name: "no passwords", file: "PasswordAuthentication FALSE\nTISAuthentication no", want: sshconfig.Host{PasswordAuthentication: "no", KbdInteractiveAuthentication: "no"}},
		{name: "old settings", file: "Protocol 2\nUseRoaming no\nChallengeResponseAuthentication yes", want: sshconfig.Host{KbdInteractiveAuthentication: "yes"}},
		{name: "single quotes", file: "User 'a \"b'", want: sshconfig.Host{User: `a "b`}},
		{name: "passwords", file: "PasswordAuthentication yes", want: sshconfig.Host{PasswordAuthentication: "yes"}},
		{name: "new setting", file: "FutureSetting 1", err: "futuresetting is not understood"},
		{name: "new setting to be ignored", file: "IgnoreUnknown Future*,x\nFutureSetting 1"},
		{name: "no value", file: "Port", err: "f:1: port without a value"},
		{name: "a comment in place of a value", file: "User # nobody", err: "f:1: user without a value"},
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

// The percent sign of a zone is no token of HostName, in the second way neither.
func TestAddressWithAZone(t *testing.T) {
	for _, host := range []string{"fe80*", "*%eth0"} {
		c, err := sshconfig.Parse(sshconfig.File{Name: "f", Content: []byte("Match final host " + host + "\nPort 1")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.Lookup(sshconfig.Query{Name: "fe80::1%eth0"}); err != nil || got.Port != "1" || got.HostName != "" {
			t.Errorf("%s: %+v, %v", host, got, err)
		}
	}
}

// What ssh_config(5) of any release has beside what is used here is passed without a
// word, whatever its value; what could change whom is trusted is not.
func TestSettingsThatAreUsedNowhere(t *testing.T) {
	const passed = `AddKeysToAgent AFSTokenPassing BatchMode CanonicalDomains CanonicalizeFallbackLocal CanonicalizeMaxDots CanonicalizePermittedCNAMEs
		ChannelTimeout CheckHostIP Cipher ClearAllForwardings Compression CompressionLevel ConnectionAttempts ConnectTimeout ControlMaster ControlPath
		ControlPersist DynamicForward EnableEscapeCommandline EnableSSHKeysign EscapeChar ExitOnForwardFailure FallBackToRsh FingerprintHash
		ForkAfterAuthentication ForwardAgent ForwardX11 ForwardX11Timeout ForwardX11Trusted GatewayPorts GlobalKnownHostsFile2 GSSAPIAuthentication
		GSSAPIClientIdentity GSSAPIDelegateCredentials GSSAPIKexAlgorithms GSSAPIKeyExchange GSSAPIRenewalForcesRekey GSSAPIServerIdentity GSSAPITrustDNS
		HashKnownHosts HostbasedAcceptedAlgorithms HostbasedAuthentication HostbasedKeyTypes IPQoS KeepAlive KerberosAuthentication KerberosTGTPassing
		LocalCommand LocalForward LogLevel LogVerbose NoHostAuthenticationForLocalhost NumberOfPasswordPrompts ObscureKeystrokeTiming PermitLocalCommand
		PermitRemoteOpen Protocol RemoteCommand RemoteForward RequestTTY RhostsAuthentication RhostsRSAAuthentication RSAAuthentication SendEnv
		SessionType SetEnv StdinNull StreamLocalBindMask StreamLocalBindUnlink SyslogFacility TCPKeepAlive Tunnel TunnelDevice UpdateHostKeys
		UseKeychain UsePrivilegedPort UserKnownHostsFile2 UseRoaming UseRsh VersionAddendum VisualHostKey WarnWeakCrypto XAuthLocation`
	for _, key := range strings.Fields(passed) {
		if h, err := lookup(key+" x", ""); err != nil || !cmp.Equal(h, sshconfig.Host{}) {
			t.Errorf("%s: got %+v, %v", key, h, err)
		}
	}
	for line, isPassed := range map[string]bool{
		"CanonicalizeHostname no": true, "CanonicalizeHostname FALSE": true, "CanonicalizeHostname none": true, "CanonicalizeHostname always": false,
		"KnownHostsCommand none": true, "KnownHostsCommand x": false, "RevokedHostKeys none": true, "RevokedHostKeys no": false,
		"RefuseConnection none": false, "RefuseConnection x": false,
	} {
		if h, err := lookup(line, ""); (err == nil) != isPassed || !cmp.Equal(h, sshconfig.Host{}) {
			t.Errorf("%s: got %+v, %v", line, h, err)
		}
	}
	for _, key := range []string{"bindinterface", "pkcs11provider", "securitykeyprovider", "smartcarddevice", "verifyhostkeydns"} {
		if h, err := lookup(key+" x", ""); err != nil || len(h.Notes) != 1 || h.Notes[0] != key+" x (f:1)" {
			t.Errorf("%s: want a note, got %q, %v", key, h.Notes, err)
		}
	}
}

// Each word that OpenSSH knows for a setting has its meaning, and numbers have bounds.
func TestWordsAndNumbers(t *testing.T) {
	of := map[string]func(sshconfig.Host) string{
		"PubkeyAuthentication":         func(h sshconfig.Host) string { return h.PubkeyAuthentication },
		"PasswordAuthentication":       func(h sshconfig.Host) string { return h.PasswordAuthentication },
		"KbdInteractiveAuthentication": func(h sshconfig.Host) string { return h.KbdInteractiveAuthentication },
		"IdentitiesOnly":               func(h sshconfig.Host) string { return h.IdentitiesOnly },
		"AddressFamily":                func(h sshconfig.Host) string { return h.AddressFamily },
		"StrictHostKeyChecking":        func(h sshconfig.Host) string { return h.StrictHostKeyChecking },
		"Port":                         func(h sshconfig.Host) string { return h.Port },
		"ServerAliveCountMax":          func(h sshconfig.Host) string { return h.ServerAliveCountMax },
		"RequiredRSASize":              func(h sshconfig.Host) string { return h.RequiredRSASize },
		"RekeyLimit":                   func(h sshconfig.Host) string { return strings.Join(h.RekeyLimit, " ") },
	}
	const yesOrNo = "yes:yes true:yes no:no false:no YES:yes on:refused"
	for key, answers := range map[string]string{
		"PubkeyAuthentication":   yesOrNo + " unbound:yes host-bound:yes",
		"PasswordAuthentication": yesOrNo, "KbdInteractiveAuthentication": yesOrNo, "IdentitiesOnly": yesOrNo,
		"AddressFamily":         "any:any inet:inet inet6:inet6 both:refused",
		"StrictHostKeyChecking": "yes:yes true:yes ask:ask accept-new:accept-new no:no false:no off:no never:refused",
		"Port":                  "1:1 65535:65535 022:22 0:refused 65536:refused x:refused",
		"ServerAliveCountMax":   "1:1 1000:1000 0:refused 1001:refused",
		"RekeyLimit":            "7:7 77:77 1k:1024 5M:5242880 12g:12884901888 k:refused 1x:refused -1:refused 99999999999g:refused",
		"RequiredRSASize":       "1024:1024 16384:16384 1023:refused 16385:refused",
	} {
		for _, row := range strings.Fields(answers) {
			word, want, _ := strings.Cut(row, ":")
			h, err := lookup(key+" "+word, "")
			if (want == "refused") != (err != nil) || err == nil && of[key](h) != want {
				t.Errorf("%s %s: want %s, got %q, %v", key, word, want, of[key](h), err)
			}
		}
	}
}

func lookup(file, user string) (sshconfig.Host, error) {
	c, err := sshconfig.Parse(sshconfig.File{Name: "f", Content: []byte(file)}, func(pattern string) ([]sshconfig.File, error) {
		switch pattern {
		case "inner":
			return []sshconfig.File{{Name: "inner", Content: []byte("User inner\nHost other\nUser no")}}, nil
		case "self":
			return []sshconfig.File{{Name: "self", Content: []byte("Include self")}}, nil
		case "asks":
			return []sshconfig.File{{Name: "asks", Content: []byte("Match user root\nPort 2")}}, nil
		}
		return nil, errors.New("cannot read " + pattern)
	})
	if err != nil {
		return sshconfig.Host{}, err
	}
	return c.Lookup(sshconfig.Query{Name: "sw1", User: user, LocalUser: func() (string, error) { return "me", nil }})
}

// A file may ask for the local user where nobody knows that name.
func TestLocalUserIsNotKnown(t *testing.T) {
	c, err := sshconfig.Parse(sshconfig.File{Name: "f", Content: []byte("Match localuser me\nPort 2")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Lookup(sshconfig.Query{Name: "sw1"}); err == nil || !strings.Contains(err.Error(), "the name of the local user is not known here") {
		t.Errorf("got %v", err)
	}
}

func FuzzSSHConfig(f *testing.F) {
	f.Add([]byte("Host a !b\nMatch host x exec y\nInclude inner\nUser \"x"))
	f.Fuzz(func(t *testing.T, file []byte) { _, _ = lookup(string(file), "root") })
}
