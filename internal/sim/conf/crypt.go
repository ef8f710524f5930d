// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"crypto/rand"
	"crypto/sha512"
	"encoding/hex"
	"strings"
)

// hiddenEdit returns an edit for what is stored in the place of a secret that was typed: a hash, a key, or the same with its
// letters mixed up.
func (e *edit) hiddenEdit() *edit {
	c := *e
	siblings := e.up.def.byName
	switch {
	case e.op == opDelete || e.value == "":
	case e.def.typ.name == "jt:unreadable":
		c.value = obscure(e.value)
	case e.def.is(isEncrypt) && siblings["encrypted-password"] != nil:
		c.def, c.value = siblings["encrypted-password"], EncryptPassword(e.value)
	case e.def.is(isEncrypt):
		key := sha512.Sum512([]byte(e.value))
		c.def, c.value = siblings[strings.TrimSuffix(e.def.name, "password")+"key"], obscure(hex.EncodeToString(key[:16]))
	}
	return &c
}

// EncryptPassword returns a salted SHA-512 hash in the form $6$salt$hash.
func EncryptPassword(password string) string {
	b := make([]byte, 8)
	_, _ = rand.Read(b) // never fails
	for i := range b {
		b[i] = cryptAlphabet[b[i]&63]
	}
	return sha512Crypt(password, string(b))
}

const (
	cryptAlphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	cryptRounds   = 5000
)

// sha512Crypt is the SHA-crypt of U. Drepper ("Unix crypt using SHA-256 and SHA-512"); numbers are its steps.
func sha512Crypt(password, salt string) string {
	salt = salt[:min(len(salt), 16)]
	key := []byte(password)
	alt := sha512.Sum512([]byte(password + salt + password)) // 4 to 8
	a := append([]byte(password+salt), stretchDigest(alt[:], len(key))...)
	for n := len(key); n > 0; n >>= 1 { // 11
		if n&1 != 0 {
			a = append(a, alt[:]...)
		} else {
			a = append(a, key...)
		}
	}
	sum := sha512.Sum512(a)
	dp := sha512.Sum512([]byte(strings.Repeat(password, len(key)))) // 13 to 15
	ds := sha512.Sum512([]byte(strings.Repeat(salt, 16+int(sum[0]))))
	p, s := stretchDigest(dp[:], len(key)), stretchDigest(ds[:], len(salt))
	for i := range cryptRounds { // 21
		sum = sha512.Sum512(cryptRound(i, sum[:], p, s))
	}
	return "$6$" + salt + "$" + cryptEncode(sum[:])
}

// stretchDigest repeats a digest to n bytes.
func stretchDigest(digest []byte, n int) []byte {
	out := make([]byte, 0, n+len(digest))
	for len(out) < n {
		out = append(out, digest...)
	}
	return out[:n]
}

func cryptRound(i int, sum, p, s []byte) []byte {
	buf := make([]byte, 0, 2*(len(sum)+len(p)+len(s)))
	first, last := sum, p
	if i&1 != 0 {
		first, last = p, sum
	}
	buf = append(buf, first...)
	if i%3 != 0 {
		buf = append(buf, s...)
	}
	if i%7 != 0 {
		buf = append(buf, p...)
	}
	return append(buf, last...)
}

// cryptEncode writes the digest in the order of step 22.
func cryptEncode(d []byte) string {
	var b strings.Builder
	put := func(v uint, n int) {
		for ; n > 0; n-- {
			b.WriteByte(cryptAlphabet[v&63])
			v >>= 6
		}
	}
	x, y, z := 0, 21, 42
	for range 21 {
		put(uint(d[x])<<16|uint(d[y])<<8|uint(d[z]), 4)
		x, y, z = y+1, z+1, x+1
	}
	put(uint(d[63]), 2)
	return b.String()
}
