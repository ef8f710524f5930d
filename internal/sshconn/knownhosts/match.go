// SPDX-License-Identifier: GPL-3.0-or-later

package knownhosts

import (
	"crypto/fips140"
	"crypto/sha1"
	"encoding/base64"
	"strings"
)

// matchHosts tells whether the host field of a line names the host.
func matchHosts(hosts, name string) bool {
	name = strings.ToLower(name)
	if strings.HasPrefix(hosts, "|") {
		return matchHashed(hosts, name)
	}
	found := false
	for p := range strings.SplitSeq(hosts, ",") {
		negated := strings.HasPrefix(p, "!")
		if Match(strings.ToLower(strings.TrimPrefix(p, "!")), name) {
			if negated {
				return false // a negated pattern rules the line out, whatever else matches
			}
			found = true
		}
	}
	return found
}

// matchHashed compares with |1|salt|hash. HMAC-SHA1 hides names here and
// protects nothing, so it is computed outside of what FIPS 140-3 enforces;
// inside, it would end the program.
func matchHashed(field, name string) (same bool) {
	version, rest, _ := strings.Cut(field[1:], "|")
	salt64, hash64, ok := strings.Cut(rest, "|")
	if !ok || version != "1" {
		return false
	}
	salt, err1 := base64.StdEncoding.DecodeString(salt64)
	want, err2 := base64.StdEncoding.DecodeString(hash64)
	if err1 != nil || err2 != nil || len(want) != sha1.Size {
		return false
	}
	fips140.WithoutEnforcement(func() {
		sum := hmacSHA1(salt, name)
		same = string(sum[:]) == string(want)
	})
	return same
}

// hmacSHA1 is RFC 2104 without the memory that crypto/hmac takes for each key: a
// file has a salt a line.
func hmacSHA1(key []byte, text string) [sha1.Size]byte {
	if len(key) > sha1.BlockSize {
		sum := sha1.Sum(key)
		key = sum[:]
	}
	inner := make([]byte, sha1.BlockSize, sha1.BlockSize+64)
	outer := make([]byte, sha1.BlockSize, sha1.BlockSize+sha1.Size)
	copy(inner, key)
	copy(outer, key)
	for i := range inner {
		inner[i] ^= 0x36
		outer[i] ^= 0x5c
	}
	sum := sha1.Sum(append(inner, text...))
	return sha1.Sum(append(outer, sum[:]...))
}

// Match tells whether name matches a pattern of OpenSSH, where * stands for any
// text and ? for one byte, and nothing else is special.
func Match(pattern, name string) bool {
	star, from := -1, 0
	p, n := 0, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0: // let the last star take one byte more
			from++
			p, n = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
