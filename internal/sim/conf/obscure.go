// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"hash/fnv"
	"strings"
)

// obscuredMark begins a secret as Junos stores it: hidden from a glance, not encrypted. Anybody can turn it back.
const obscuredMark = "$9$"

// The letters of an obscured secret in four families, and the weights of the letters that one character becomes, by its place.
// A letter stands for its distance from the one before it.
var (
	obscuredFamilies = []string{"QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T"}
	obscuredLetters  = strings.Join(obscuredFamilies, "")
	obscuredWeights  = [][]int{{1, 4, 32}, {1, 16, 32}, {1, 8, 32}, {1, 64}, {1, 32}, {1, 4, 16, 128}, {1, 32, 64}}
)

// obscure returns a secret as the configuration holds it. Its salt comes from the secret, so that it is the same each time.
func obscure(secret string) string {
	if strings.HasPrefix(secret, obscuredMark) || secret == "" {
		return secret
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(secret))
	seed := int(sum.Sum64() >> 2)
	family := seed % len(obscuredFamilies)
	salt := obscuredFamilies[family]
	out := []byte{salt[seed/4%len(salt)]}
	for i := range 3 - family { // letters that mean nothing
		out = append(out, obscuredLetters[seed>>(8*i+8)%len(obscuredLetters)])
	}
	previous := out[0]
	for i := range len(secret) {
		out = appendObscured(out, int(secret[i]), previous, obscuredWeights[i%len(obscuredWeights)])
		previous = out[len(out)-1]
	}
	return obscuredMark + string(out)
}

func appendObscured(out []byte, char int, previous byte, weights []int) []byte {
	gaps := make([]int, len(weights))
	for i := len(weights) - 1; i >= 0; i-- {
		gaps[i], char = char/weights[i], char%weights[i]
	}
	for _, gap := range gaps {
		previous = obscuredLetters[(gap+strings.IndexByte(obscuredLetters, previous)+1)%len(obscuredLetters)]
		out = append(out, previous)
	}
	return out
}
