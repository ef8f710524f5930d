// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"crypto/fips140"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	xknownhosts "golang.org/x/crypto/ssh/knownhosts"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// Under fips140=only, x/crypto/ssh offers AES-GCM, which the module then refuses,
// and a hashed name in known_hosts ends the program. (Of X25519 it knows: that it
// does not offer.) TestFIPSOnly is our side.
func TestRealDefectFIPS(t *testing.T) {
	if fips140.Enabled() {
		naivelyUnderFIPS(t)
		return
	}
	srv := sshtest.OpenSSH(t)
	hashed := filepath.Join(srv.Dir, "hashed")
	sshtest.Write(t, hashed, sshtest.Read(t, srv.KnownHosts))
	sshtest.Run(t, "ssh-keygen", "-q", "-H", "-f", hashed)
	for _, row := range []struct{ known, cipher, end string }{
		{srv.KnownHosts, "", "use of GCM with arbitrary IVs is not allowed in FIPS 140-only mode"},
		{hashed, ssh.CipherAES128CTR, "panic: crypto/hmac: use of hash functions other than SHA-2 or SHA-3 is not allowed in FIPS 140-only mode"},
		{srv.KnownHosts, ssh.CipherAES128CTR, "unable to authenticate"}, // all is well, but for the key that it does not have
	} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestRealDefectFIPS$")
		cmd.Env = append(os.Environ(), "GODEBUG=fips140=only", "VCHASSIS_TEST_KNOWN_HOSTS="+row.known, "VCHASSIS_TEST_CIPHER="+row.cipher,
			fmt.Sprintf("VCHASSIS_TEST_SERVER=%s:%d", srv.Host, srv.Port))
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), row.end) {
			t.Errorf("want %q, got %v\n%s", row.end, err, out)
		}
	}
}

// naivelyUnderFIPS logs in as the environment says. How it ends is told by the
// process: a panic in one of x/crypto/ssh's goroutines cannot be caught.
func naivelyUnderFIPS(t *testing.T) {
	known, err := xknownhosts.New(os.Getenv("VCHASSIS_TEST_KNOWN_HOSTS"))
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ClientConfig{User: "admin", HostKeyCallback: known, HostKeyAlgorithms: []string{ssh.KeyAlgoED25519}}
	if cipher := os.Getenv("VCHASSIS_TEST_CIPHER"); cipher != "" {
		config.Ciphers = []string{cipher}
	}
	_, err = ssh.Dial("tcp", os.Getenv("VCHASSIS_TEST_SERVER"), config)
	t.Fatal(err)
}
