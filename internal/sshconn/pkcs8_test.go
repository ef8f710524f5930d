// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"hash"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

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
		"a whole block less":         {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 0, 16}, "wrong passphrase for"},
		"padding of nothing":         {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, -16, 0}, "wrong passphrase for"},
		"padding of more":            {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 16, 0}, "wrong passphrase for"},
		"padding of a byte too much": {pkcs8File{hmac256, sha256.New, aes256, 32, 10, 16, 1, 0}, "wrong passphrase for"},
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
			if _, err := sshconn.Dial(t.Context(), c); err == nil || !strings.Contains(err.Error(), "wrong passphrase for") {
				t.Errorf("%s, wrong passphrase: %v", name, err)
			}
		}
	}
}
