// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"net/netip"
	"regexp"
	"strings"
	"unicode"
)

// minStandIn is how long a stand-in of a name is at least: shorter ones would often be
// the same for two names, or be the name itself.
const minStandIn = 8

// standIn returns what stands for a value of a class, always the same: Secret, Name
// for everything that may be referred to by its name elsewhere, and hexadecimal.
func (r *Redactor) standIn(class, value string) string {
	at := class + "\x00" + value
	if s, ok := r.given[at]; ok {
		return s
	}
	key := r.options.Key
	if class == Secret {
		key = r.secrets
	}
	for try := uint32(0); ; try++ {
		s := reshape(class, value, newStream(key, at, try))
		// Names stay apart; a secret of two letters may share its stand-in.
		if class != Secret && (r.taken[class+"\x00"+s] || s == value) && try < 1000 {
			continue
		}
		r.given[at], r.taken[class+"\x00"+s] = s, true
		return s
	}
}

// stream is a keyed hash without an end.
type stream struct {
	key, seed []byte
	block     uint32
	left      []byte
}

func newStream(key []byte, seed string, try uint32) *stream {
	return &stream{key: key, seed: binary.BigEndian.AppendUint32([]byte(seed), try)}
}

func (s *stream) nextByte() byte {
	if len(s.left) == 0 {
		mac := hmac.New(sha256.New, s.key)
		mac.Write(s.seed)
		mac.Write(binary.BigEndian.AppendUint32(nil, s.block))
		s.left = mac.Sum(nil)
		s.block++
	}
	b := s.left[0]
	s.left = s.left[1:]
	return b
}

// pick draws one letter of an alphabet.
func (s *stream) pick(alphabet string) byte { return alphabet[int(s.nextByte())%len(alphabet)] }

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	hexes  = "0123456789abcdef"
)

// The beginning of a secret that says what kind it is, which every parser looks at.
var secretScheme = regexp.MustCompile(`^(?:\$(?:1|2[abxy]?|5|6|8|9|sha1)\$|0x|(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)) )`)

const hexadecimal = "hexadecimal" // a class beside the kinds: addresses that are no IP addresses

// reshape puts letters for letters and digits for digits. What else there is in a name
// stays; in a secret it tells too much, and only what schemes are made of stays.
func reshape(class, value string, s *stream) string {
	var b strings.Builder
	if class == Secret {
		scheme := secretScheme.FindString(value)
		b.WriteString(scheme)
		value = value[len(scheme):]
	}
	for _, c := range value {
		b.WriteString(reshapeRune(class, c, s))
	}
	for class == Name && b.Len() < minStandIn {
		b.WriteByte(s.pick(lower))
	}
	return b.String()
}

func reshapeRune(class string, c rune, s *stream) string {
	switch {
	case class == hexadecimal && strings.ContainsRune(hexes+"ABCDEF", c):
		return string(s.pick(hexes))
	case unicode.IsDigit(c):
		return string(s.pick(digits))
	case unicode.IsUpper(c):
		return string(s.pick(upper))
	case unicode.IsLetter(c):
		return string(s.pick(lower))
	case unicode.IsSpace(c):
		return string(c)
	case class == Secret && strings.ContainsRune("$/+=.", c), class != Secret && c < unicode.MaxASCII:
		return string(c)
	}
	return "-"
}

// isAddress says that a value is an IP address or a prefix.
func isAddress(value string) bool {
	host, bits, cut := strings.Cut(value, "/")
	_, err := netip.ParseAddr(host)
	return err == nil && (!cut || shortNumber.MatchString(bits))
}

// address replaces an IP address so that two that share a network go on sharing one,
// and keeps what kind it is: the first bits tell unicast, multicast and link-local.
func (r *Redactor) address(value string) string {
	host, bits, cut := strings.Cut(value, "/")
	a, err := netip.ParseAddr(host)
	if err != nil || a.IsUnspecified() || a.IsLoopback() {
		return value
	}
	b := r.scrambleBits(a.WithZone("").AsSlice(), map[bool]int{true: 4, false: 16}[a.Is4()])
	if p, err := netip.ParsePrefix(value); err == nil && p.Masked().Addr() == a { // a network, not a host in it
		out, _ := netip.AddrFromSlice(b)
		masked, _ := out.Prefix(p.Bits())
		b = masked.Addr().AsSlice()
	}
	out, _ := netip.AddrFromSlice(b)
	if cut {
		return out.String() + "/" + bits
	}
	return out.String()
}

// scrambleBits flips each bit, but the first ones, by a hash of those before it.
func (r *Redactor) scrambleBits(in []byte, keep int) []byte {
	out := append([]byte(nil), in...)
	prefix := make([]byte, len(in))
	for i := range 8 * len(in) {
		bit := byte(0x80 >> (i % 8))
		if i >= keep && newStream(r.options.Key, "address\x00"+string(prefix), uint32(i)).nextByte()&1 == 1 {
			out[i/8] ^= bit
		}
		prefix[i/8] |= in[i/8] & bit
	}
	return out
}
