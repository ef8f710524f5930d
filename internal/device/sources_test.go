// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
)

// Every source of the user in every state: the option decides; without it, the
// others must not disagree.
func TestUserSources(t *testing.T) {
	d := newDoor(t)
	t.Setenv("SSH_AUTH_SOCK", "")
	others := []string{"VCHASSIS_USERNAME", "ANSIBLE_NET_USERNAME", "play"}
	for _, row := range combinations("option", others[0], others[1], others[2]) {
		said := map[string]bool{}
		for _, source := range others {
			said[row[source]] = true
		}
		option, want, text := row["option"], false, `user \"nobody\" was refused`
		switch {
		case option == "good" || option == "absent" && said["good"] && !said["bad"]:
			want, text = true, ""
		case option == "absent" && said["good"] && said["bad"]:
			text = "remove one of them"
		case option == "empty" || option == "absent" && !said["bad"]:
			text = "username: want a user name"
		}
		out, ok := d.try(t, row, "username", map[string]string{"good": "admin", "bad": "nobody"}, map[string]any{"password": goodPassword})
		if ok != want || !strings.Contains(out, text) {
			t.Errorf("%v: want login %v and %q, got %s", row, want, text, out)
		}
	}
}

// Every source of the passphrase, for a key that needs one.
func TestPassphraseSources(t *testing.T) {
	sources := []string{"option", "VCHASSIS_PRIVATE_KEY_PASSPHRASE", "play"}
	newDoor(t).decides(t, "private_key_passphrase", "locked", sources, map[string]string{"good": canary.Passphrase, "bad": canary.Wrong},
		map[string]string{"absent": "is encrypted and no passphrase was given", "empty": "is encrypted and no passphrase was given", "bad": "wrong passphrase for"})
}

// Every source of the certificate. One that belongs to another key is an error,
// one that the switch does not ask for is none.
func TestCertificateSources(t *testing.T) {
	d := newDoor(t)
	sources := []string{"option", "VCHASSIS_CERTIFICATE_FILE", "play"}
	d.decides(t, "certificate_file", "good", sources, d.certificates, map[string]string{"bad": "belongs to another key"})
}

// Every source of the wish for an agent, which holds the only key. It is the
// default.
func TestAgentSources(t *testing.T) {
	d := newDoor(t)
	t.Setenv("SSH_AUTH_SOCK", d.agents["good"])
	sources := []string{"option", "VCHASSIS_USE_AGENT", "play"}
	for _, row := range combinations(sources...) {
		state := decisive(row, sources...)
		out, ok := d.try(t, row, "use_agent", map[string]string{"good": "true", "bad": "false"}, map[string]any{"username": "admin"})
		text := map[string]string{"bad": "no agent (use_agent: false)", "empty": "use_agent: want bool"}[state]
		if ok != (text == "") || !strings.Contains(out, text) {
			t.Errorf("%v: want %q, got %s", row, text, out)
		}
	}
}

// decides tries every state of the sources of an option, with a key. What the
// decisive source says makes the login fail as refused tells, or succeed.
func (d *door) decides(t *testing.T, option, key string, sources []string, values, refused map[string]string) {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "")
	for _, row := range combinations(sources...) {
		text := refused[decisive(row, sources...)]
		out, ok := d.try(t, row, option, values, map[string]any{"username": "admin", "private_key_file": d.keys[key]})
		if ok != (text == "") || !strings.Contains(out, text) {
			t.Errorf("%v: want %q, got %s", row, text, out)
		}
	}
}

// certificate is one for a key, of an authority that nobody knows.
func certificate(t *testing.T, key ed25519.PrivateKey) string {
	t.Helper()
	_, authority, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(authority)
	if err != nil {
		t.Fatal(err)
	}
	public, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	c := &ssh.Certificate{Key: public, CertType: ssh.UserCert, ValidPrincipals: []string{"admin"}, ValidBefore: ssh.CertTimeInfinity}
	if err := c.SignCert(rand.Reader, signer); err != nil {
		t.Fatal(err)
	}
	return string(ssh.MarshalAuthorizedKey(c))
}

// lockedKey writes a key with a passphrase and returns its public half. The old
// format is read at once; OpenSSH's own costs a tenth of a second each time.
func lockedKey(t *testing.T, path string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	//lint:ignore SA1019 what ssh-keygen -m PEM writes
	block, err := x509.EncryptPEMBlock(rand.Reader, "EC PRIVATE KEY", der, []byte(canary.Passphrase), x509.PEMCipherAES256)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(pem.EncodeToMemory(block)))
	public, err := ssh.NewPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public)))
}
