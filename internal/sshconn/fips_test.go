// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"crypto/fips140"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// What matters also holds under fips140=only.
func TestFIPSOnly(t *testing.T) {
	if testing.Short() {
		t.Skip("runs tests again that have just been run")
	}
	for _, name := range []string{"TestHashedKnownHosts", "TestUntrustedHostKeyGetsNoCredential", "TestRealTwoHopProxyJump", "TestRealUserCertificate", "TestRealHostCertificate"} {
		t.Run(name, func(t *testing.T) { underFIPS(t, name) })
	}
}

// underFIPS runs a test again, in a process that has FIPS 140-3 enforced: the
// mode is chosen when a process starts, and what is not approved ends it. A test
// that is skipped there is skipped here.
func underFIPS(t *testing.T, name string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.v", "-test.run", "^"+name+"$")
	cmd.Env = append(os.Environ(), "GODEBUG=fips140=only")
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil && strings.Contains(string(out), "\n--- SKIP: "+name):
		t.Skipf("%s", out)
	case err != nil || !strings.Contains(string(out), "\n--- PASS: "+name):
		t.Errorf("%v\n%s", err, out)
	}
}

// Hashed names use HMAC-SHA1, which protects nothing there.
func TestHashedKnownHosts(t *testing.T) {
	srv := open().Start(t)
	own, err := os.ReadFile(srv.KnownHosts)
	if err != nil {
		t.Fatal(err)
	}
	var sum []byte
	salt := []byte("12345678901234567890")
	fips140.WithoutEnforcement(func() {
		mac := hmac.New(sha1.New, salt)
		fmt.Fprintf(mac, "[127.0.0.1]:%d", srv.Port)
		sum = mac.Sum(nil)
	})
	c := withPassword(srv)
	c.KnownHosts = []string{filepath.Join(t.TempDir(), "known_hosts")}
	hashed := "|1|" + base64.StdEncoding.EncodeToString(salt) + "|" + base64.StdEncoding.EncodeToString(sum)
	sshtest.Write(t, c.KnownHosts[0], strings.Replace(string(own), "127.0.0.1", hashed, 1))
	dial(t, c)
}

// A switch that offers nothing approved is refused, and the error says why.
func TestRealFIPSRefusesTheRest(t *testing.T) {
	if !fips140.Enabled() {
		underFIPS(t, t.Name())
		return
	}
	for _, line := range []string{"KexAlgorithms curve25519-sha256", "Ciphers chacha20-poly1305@openssh.com", "Ciphers aes128-gcm@openssh.com,aes256-gcm@openssh.com", "Ciphers aes128-ctr\nMACs hmac-sha1"} {
		srv := sshtest.OpenSSH(t, line)
		for _, set := range []string{"default", "legacy"} {
			c := withPassword(srv)
			c.Algorithms = set
			failsIn(t, c, sshconn.PhaseKeyExchange, "no common algorithm", "nothing that FIPS 140-3 approves")
		}
	}
}
