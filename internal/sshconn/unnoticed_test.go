// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// A link that is lost while a request on a channel is open is no refusal of it.
func TestLinkLostWhileARequestIsOpen(t *testing.T) {
	g := open()
	g.Conn = func(sc *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
		go ssh.DiscardRequests(reqs)
		_, in, err := (<-chans).Accept()
		if err != nil {
			return
		}
		<-in
		_ = sc.Close()
	}
	_, err := dial(t, withPassword(g.Start(t))).Subsystem(t.Context(), "netconf")
	if err == nil || errors.As(err, new(*sshconn.ChannelError)) || !strings.Contains(err.Error(), "after the login the server closed the connection") {
		t.Errorf("got %v", err)
	}
}

// How a program has ended stands behind what it complained about; other requests
// do not.
func TestExitStatus(t *testing.T) {
	for _, row := range []struct {
		request string
		payload []byte
		want    string
	}{
		{"exit-status", []byte{0, 0, 1, 3}, "oops (exit status 259)"},
		{"exit-status", []byte{0, 3}, "oops"},
		{"exit-signal", []byte{0, 0, 0, 3}, "oops"},
	} {
		g := open()
		g.Handle = func(ch ssh.Channel) {
			_, _ = io.WriteString(ch.Stderr(), " oops\n")
			_, _ = ch.SendRequest(row.request, false, row.payload)
		}
		s, err := dial(t, withPassword(g.Start(t))).Exec(t.Context(), "x")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(s); err != nil {
			t.Fatal(err)
		}
		if got := s.Stderr(); got != row.want {
			t.Errorf("%s %v: want %q, got %q", row.request, row.payload, row.want, got)
		}
	}
}

// While a login waited for the lock, another one has added a key of another type:
// the host is not new any more.
func TestAcceptNewIsOvertaken(t *testing.T) {
	known := filepath.Join(t.TempDir(), "known_hosts")
	_, line := twoKeys(t)
	for name, row := range map[string]struct{ added, err string }{
		"another type": {"127.0.0.1 " + strings.SplitN(line["ecdsa"], " ", 2)[1] + "\n", "not the known one"},
		"another key":  {"127.0.0.1 " + otherKey(t), "not the known one"},
		"another host": {"192.0.2.1 " + otherKey(t), ""},
		"the same":     {"OWN", ""},
	} {
		g, own := open(), ""
		g.Wire = func(net.Conn) { // known_hosts was read before
			if err := os.WriteFile(known, []byte(strings.ReplaceAll(row.added, "OWN", own)), 0o600); err != nil {
				t.Error(err)
			}
		}
		srv := g.Start(t)
		own = sshtest.Read(t, srv.KnownHosts)
		c := withPassword(srv)
		c.HostKey, c.KnownHosts = sshconn.AcceptNew, []string{known}
		sshtest.Write(t, known, "")
		client, err := sshconn.Dial(t.Context(), c)
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		}
		lines := strings.Count(sshtest.Read(t, known), "\n")
		if err == nil {
			if want := map[string]int{"another host": 2, "the same": 1}[name]; lines != want {
				t.Errorf("%s: want %d lines, got %d", name, want, lines)
			}
			_ = client.Close()
		} else if lines != 1 {
			t.Errorf("%s: a line was added all the same", name)
		}
	}
}

// A new line goes to the end, with no empty line before it.
func TestAcceptNewWritesWholeLines(t *testing.T) {
	srv := open().Start(t)
	key := strings.TrimSpace(strings.SplitN(sshtest.Read(t, srv.KnownHosts), " ", 2)[1])
	line := fmt.Sprintf("[127.0.0.1]:%d %s\n", srv.Port, key)
	for before, want := range map[string]string{"": line, "# mine\n": "# mine\n" + line, "# mine": "# mine\n" + line} {
		c := withPassword(srv)
		c.HostKey, c.KnownHosts = sshconn.AcceptNew, []string{filepath.Join(t.TempDir(), "known_hosts")}
		sshtest.Write(t, c.KnownHosts[0], before)
		dial(t, c)
		if got := sshtest.Read(t, c.KnownHosts[0]); got != want {
			t.Errorf("%q: want %q, got %q", before, want, got)
		}
	}
}

// Included files count, relative ones from ~/.ssh, and those that are absent do not.
func TestIncludedFiles(t *testing.T) {
	for include, want := range map[string]string{
		"Include part":           "part:1",
		"Include ~/.ssh/par?":    "part:1",
		"Include FOLDER/whole":   "whole:1",
		"Include absent* part":   "part:1",
		"Include absent":         "127.0.0.1:",
		"Include FOLDER/whole/x": "127.0.0.1:",
		"Include folder":         "no regular file",
		"Include [":              "syntax error in pattern",
	} {
		srv := open().Start(t)
		c := configured(t, srv, include)
		home := filepath.Join(srv.Dir, ".ssh")
		if err := os.MkdirAll(filepath.Join(home, "folder"), 0o700); err != nil {
			t.Fatal(err)
		}
		sshtest.Write(t, filepath.Join(home, "part"), "HostName part\nPort 1\n")
		sshtest.Write(t, filepath.Join(srv.Dir, "whole"), "HostName whole\n")
		asked := ""
		c.Port = 0
		if strings.Contains(want, "whole") || !strings.Contains(want, "part") {
			c.Port = 1
		}
		c.Dial = func(_ context.Context, _, address string) (net.Conn, error) {
			asked = address
			return nil, errors.New("not here")
		}
		_, err := sshconn.Dial(t.Context(), c)
		if err == nil || !strings.Contains(asked+err.Error(), want) {
			t.Errorf("%s: want %s, got %s, %v", include, want, asked, err)
		}
	}
}

// Tokens that are not understood are an error in each of the lists of files.
func TestPathsThatCannotBeRead(t *testing.T) {
	for _, key := range []string{"UserKnownHostsFile", "GlobalKnownHostsFile", "IdentityFile", "CertificateFile", "IdentityAgent"} {
		_, err := sshconn.Dial(t.Context(), configured(t, open().Start(t), key+" /k/%q"))
		var config *sshconn.ConfigError
		if !errors.As(err, &config) || err.Error() != "ssh_config: "+key+": %q (byte 4) is not understood here" {
			t.Errorf("%s: got %v", key, err)
		}
	}
}

// The option modern leaves out what is merely old.
func TestModernLeavesOutWhatIsOld(t *testing.T) {
	for name, set := range map[string]func(*ssh.Config){
		"a short group":       func(c *ssh.Config) { c.KeyExchanges = []string{ssh.KeyExchangeDH14SHA256} },
		"a group of choice":   func(c *ssh.Config) { c.KeyExchanges = []string{ssh.KeyExchangeDHGEXSHA256} },
		"SHA-1":               func(c *ssh.Config) { c.Ciphers, c.MACs = []string{ssh.CipherAES128CTR}, []string{ssh.HMACSHA1} },
		"MAC, then encrypt":   func(c *ssh.Config) { c.Ciphers, c.MACs = []string{ssh.CipherAES128CTR}, []string{ssh.HMACSHA256} },
		"MAC, then encrypt 2": func(c *ssh.Config) { c.Ciphers, c.MACs = []string{ssh.CipherAES256CTR}, []string{ssh.HMACSHA512} },
	} {
		g := open()
		set(&g.Config.Config)
		c := withPassword(g.Start(t))
		dial(t, c)
		c.Algorithms = "modern"
		failsIn(t, c, sshconn.PhaseKeyExchange, "no common algorithm", "set algorithms: default")
		t.Log(name)
	}
}

// certified writes a certificate for a key, valid between two times from now.
func certified(t *testing.T, path string, key ssh.PublicKey, from, to time.Duration) {
	t.Helper()
	_, ca, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	cert := &ssh.Certificate{Key: key, CertType: ssh.UserCert, KeyId: "id", ValidPrincipals: []string{"admin"},
		ValidAfter: uint64(now.Add(from).Unix()), ValidBefore: uint64(now.Add(to).Unix())}
	if to == 0 {
		cert.ValidBefore = ssh.CertTimeInfinity
	}
	if err := cert.SignCert(rand.Reader, signer(t, ca)); err != nil {
		t.Fatal(err)
	}
	sshtest.Write(t, path, string(ssh.MarshalAuthorizedKey(cert)))
}

// A certificate beside the key is offered first, also when its time seems wrong:
// the clock that counts is the server's. If it is refused, its time is told.
func TestCertificateBesideTheKey(t *testing.T) {
	for _, row := range []struct {
		from, to time.Duration
		problem  string
	}{
		{-time.Hour, time.Hour, ""},
		{-time.Hour, 0, ""},
		{-2 * time.Hour, -time.Hour, "key-cert.pub expired at "},
		{time.Hour, 2 * time.Hour, "key-cert.pub is not valid before "},
	} {
		path, _, pub := keyFile(t, "")
		certified(t, path+"-cert.pub", pub, row.from, row.to)
		var shown []string
		g := &sshtest.Go{}
		g.Config.PublicKeyCallback = func(_ ssh.ConnMetadata, k ssh.PublicKey) (*ssh.Permissions, error) {
			shown = append(shown, k.Type())
			return nil, errors.New("no")
		}
		c := withPassword(g.Start(t))
		c.Password, c.PrivateKeyFile = "", path
		pe := failsIn(t, c, sshconn.PhaseAuthentication, row.problem, "")
		if fmt.Sprint(shown) != "[ssh-ed25519-cert-v01@openssh.com ssh-ed25519]" {
			t.Errorf("shown %v", shown)
		}
		if row.problem == "" && (strings.Contains(pe.Error(), "expired") || strings.Contains(pe.Error(), "valid before")) {
			t.Errorf("got %v", pe)
		}
	}
}

// pkcs8File describes an encrypted key, RFC 8018.
type pkcs8File struct {
	prf        string
	newHash    func() hash.Hash
	cipher     string
	keyLen     int
	iterations int
	ivLen      int
	pad, cut   int // after encryption
}

type pbes2 struct {
	KDF struct {
		ID     asn1.ObjectIdentifier
		Params struct {
			Salt       []byte
			Iterations int
			PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
		}
	}
	Cipher struct {
		ID asn1.ObjectIdentifier
		IV []byte
	}
}

func oid(text string) (id asn1.ObjectIdentifier) {
	for part := range strings.SplitSeq(text, ".") {
		n := 0
		_, _ = fmt.Sscan(part, &n)
		id = append(id, n)
	}
	return id
}

func (f pkcs8File) write(t *testing.T, key ed25519.PrivateKey, passphrase string) string {
	t.Helper()
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	salt, iv := []byte("12345678"), bytes.Repeat([]byte{7}, aes.BlockSize)
	derived, err := pbkdf2.Key(f.newHash, passphrase, salt, f.iterations, f.keyLen)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		t.Fatal(err)
	}
	pad := aes.BlockSize - len(plain)%aes.BlockSize
	data := append(plain, bytes.Repeat([]byte{byte(pad + f.pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(data, data)
	var info struct {
		Algorithm struct {
			ID     asn1.ObjectIdentifier
			Params pbes2
		}
		Data []byte
	}
	info.Algorithm.ID = oid("1.2.840.113549.1.5.13")
	p := &info.Algorithm.Params
	p.KDF.ID, p.KDF.Params.Salt, p.KDF.Params.Iterations = oid("1.2.840.113549.1.5.12"), salt, f.iterations
	if f.prf != "" {
		p.KDF.Params.PRF = pkix.AlgorithmIdentifier{Algorithm: oid(f.prf), Parameters: asn1.NullRawValue}
	}
	p.Cipher.ID, p.Cipher.IV, info.Data = oid(f.cipher), iv[:f.ivLen], data[:len(data)-min(f.cut, len(data))]
	der, err := asn1.Marshal(info)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key")
	sshtest.Write(t, path, string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der})))
	return path
}

// Encrypted PKCS #8 keys, in all that OpenSSL writes and in what it does not.
func TestEncryptedPKCS8(t *testing.T) {
	_, key, pub := keyFile(t, "")
	srv := lockedBy(t, pub)
	const aes128, aes192, aes256 = "2.16.840.1.101.3.4.1.2", "2.16.840.1.101.3.4.1.22", "2.16.840.1.101.3.4.1.42"
	const hmac256, hmac512 = "1.2.840.113549.2.9", "1.2.840.113549.2.11"
	for name, row := range map[string]struct {
		file pkcs8File
		err  string
	}{
		"AES-128, SHA-1 unsaid":      {pkcs8File{"", sha1.New, aes128, 16, 10, 16, 0, 0}, ""},
		"AES-128, SHA-1":             {pkcs8File{"1.2.840.113549.2.7", sha1.New, aes128, 16, 10, 16, 0, 0}, ""},
		"AES-192, SHA-256":           {pkcs8File{hmac256, sha256.New, aes192, 24, 10, 16, 0, 0}, ""},
		"AES-256, SHA-512":           {pkcs8File{hmac512, sha512.New, aes256, 32, 1, 16, 0, 0}, ""},
		"another hash":               {pkcs8File{"1.2.840.113549.2.8", sha256.New, aes128, 16, 10, 16, 0, 0}, "encrypted in a way that is not supported"},
		"another cipher":             {pkcs8File{hmac256, sha256.New, "1.2.840.113549.3.7", 24, 10, 16, 0, 0}, "encrypted in a way that is not supported"},
		"a short IV":                 {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 15, 0, 0}, "encrypted in a way that is not supported"},
		"no data":                    {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 0, 1000}, "encrypted in a way that is not supported"},
		"half a block":               {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 0, 8}, "encrypted in a way that is not supported"},
		"a whole block less":         {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 0, 16}, "the passphrase does not fit"},
		"padding of nothing":         {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, -16, 0}, "the passphrase does not fit"},
		"padding of more":            {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 16, 0}, "the passphrase does not fit"},
		"padding of a byte too much": {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 1, 0}, "the passphrase does not fit"},
	} {
		path := row.file.write(t, key, canary.Passphrase)
		c := withPassword(srv)
		c.Password, c.PrivateKeyFile, c.PrivateKeyPassphrase = "", path, canary.Passphrase
		client, err := sshconn.Dial(t.Context(), c)
		if row.err == "" && err != nil || row.err != "" && (err == nil || !strings.Contains(err.Error(), row.err)) {
			t.Errorf("%s: want %q, got %v", name, row.err, err)
		}
		if err == nil {
			_ = client.Close()
			c.PrivateKeyPassphrase = canary.Wrong
			if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "the passphrase does not fit") {
				t.Errorf("%s, wrong passphrase: %v", name, err)
			}
		}
	}
}
