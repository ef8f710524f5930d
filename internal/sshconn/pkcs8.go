// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"hash"

	"golang.org/x/crypto/ssh"
)

// maxIterations bounds the time that a passphrase may cost.
const maxIterations = 10_000_000

// encryptedPKCS8 returns the block of a key that ssh-keygen -m PKCS8 or openssl
// has encrypted; x/crypto/ssh does not know that format.
func encryptedPKCS8(content []byte) (*pem.Block, bool) {
	block, _ := pem.Decode(content)
	return block, block != nil && block.Type == "ENCRYPTED PRIVATE KEY"
}

// The structures of RFC 5958 and RFC 8018 (PBES2), with the parameters that
// OpenSSL writes.
type (
	encryptedKeyInfo struct {
		Algorithm struct {
			ID     asn1.ObjectIdentifier
			Params pbes2
		}
		Data []byte
	}
	pbes2 struct {
		KDF struct {
			ID     asn1.ObjectIdentifier
			Params pbkdf2Params
		}
		Cipher struct {
			ID asn1.ObjectIdentifier
			IV []byte
		}
	}
	pbkdf2Params struct {
		Salt       []byte
		Iterations int
		KeyLength  int                      `asn1:"optional"`
		PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
	}
)

// decryptPKCS8 returns the signer of an encrypted PKCS #8 key. A wrong passphrase
// is x509.IncorrectPasswordError.
func decryptPKCS8(block *pem.Block, passphrase string) (ssh.Signer, error) {
	var info encryptedKeyInfo
	if rest, err := asn1.Unmarshal(block.Bytes, &info); err != nil || len(rest) > 0 {
		return nil, errors.New("encrypted in a way that is not supported; ssh-keygen -p writes OpenSSH's own format")
	}
	p := info.Algorithm.Params
	keyLen, prf := cipherKey(p.Cipher.ID.String()), pseudoRandom(p.KDF.Params.PRF.Algorithm.String())
	sizes := len(p.Cipher.IV) == aes.BlockSize && len(info.Data) > 0 && len(info.Data)%aes.BlockSize == 0
	if keyLen == 0 || prf == nil || !sizes || p.KDF.Params.Iterations < 1 || p.KDF.Params.Iterations > maxIterations {
		return nil, errors.New("encrypted in a way that is not supported; ssh-keygen -p writes OpenSSH's own format")
	}
	key, err := pbkdf2.Key(prf, passphrase, p.KDF.Params.Salt, p.KDF.Params.Iterations, keyLen)
	if err != nil {
		return nil, err
	}
	plain, err := decryptCBC(key, p.Cipher.IV, info.Data)
	if err != nil {
		return nil, err
	}
	private, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		return nil, x509.IncorrectPasswordError // the padding fitted by chance
	}
	return ssh.NewSignerFromKey(private)
}

func decryptCBC(key, iv, data []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, data)
	pad := int(plain[len(plain)-1])
	if pad == 0 || pad > aes.BlockSize {
		return nil, x509.IncorrectPasswordError
	}
	return plain[:len(plain)-pad], nil
}

func cipherKey(oid string) int {
	return map[string]int{"2.16.840.1.101.3.4.1.2": 16, "2.16.840.1.101.3.4.1.22": 24, "2.16.840.1.101.3.4.1.42": 32}[oid]
}

func pseudoRandom(oid string) func() hash.Hash {
	switch oid {
	case "", "1.2.840.113549.2.7": // RFC 8018 A.2: SHA-1 is the default
		return sha1.New
	case "1.2.840.113549.2.9":
		return sha256.New
	case "1.2.840.113549.2.11":
		return sha512.New
	}
	return nil
}
