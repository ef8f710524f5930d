// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"crypto/fips140"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// algorithmsOf returns what is offered to the server under one of the names.
//
//	modern   AEAD ciphers or AES-CTR with encrypt-then-mac, no SHA-1, no finite-field groups below 4096 bits
//	default  all that has no known weakness, for every supported Junos release
//	legacy   also SHA-1, CBC and DSA, for switches that know nothing else
//
// When Go's FIPS 140-3 module is on, only what it approves remains of each.
func algorithmsOf(name string) (ssh.Algorithms, bool) {
	a := ssh.SupportedAlgorithms()
	switch name {
	case "modern":
		a = onlyModern(a)
	case "default":
	case "legacy":
		weak := ssh.InsecureAlgorithms()
		a.KeyExchanges = append(a.KeyExchanges, weak.KeyExchanges...)
		a.Ciphers = append(a.Ciphers, weak.Ciphers...)
		a.MACs = append(a.MACs, weak.MACs...)
		a.HostKeys = append(a.HostKeys, weak.HostKeys...)
		a.PublicKeyAuths = append(a.PublicKeyAuths, weak.PublicKeyAuths...)
	default:
		return ssh.Algorithms{}, false
	}
	if fips140.Enabled() {
		a = onlyApproved(a)
	}
	return a, true
}

func onlyModern(a ssh.Algorithms) ssh.Algorithms {
	a.KeyExchanges = dropNamed(a.KeyExchanges, ssh.KeyExchangeDH14SHA256, ssh.KeyExchangeDHGEXSHA256)
	a.MACs = dropNamed(a.MACs, ssh.HMACSHA1, ssh.HMACSHA256, ssh.HMACSHA512)
	return a
}

// onlyApproved keeps what works under GODEBUG=fips140=only with x/crypto v0.58: its
// AES-GCM sets its own nonces and its X25519 is not of the module.
func onlyApproved(a ssh.Algorithms) ssh.Algorithms {
	return ssh.Algorithms{
		KeyExchanges:   keepPrefixed(a.KeyExchanges, "ecdh-sha2-nistp"),
		Ciphers:        keepPrefixed(a.Ciphers, "aes128-ctr", "aes192-ctr", "aes256-ctr"),
		MACs:           keepPrefixed(a.MACs, "hmac-sha2-"),
		HostKeys:       keepPrefixed(a.HostKeys, "ecdsa-sha2-", "rsa-sha2-", "ssh-ed25519"),
		PublicKeyAuths: keepPrefixed(a.PublicKeyAuths, "ecdsa-sha2-", "rsa-sha2-", "ssh-ed25519"),
	}
}

func dropNamed(all []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(a string) bool { return slices.Contains(names, a) })
}

func keepPrefixed(all []string, prefixes ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(a string) bool {
		return !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(a, p) })
	})
}

// preferKnown puts the host key algorithms first whose keys are known: the
// server then shows a key that can be compared. With a known CA its certificates
// come before all.
func preferKnown(all, types []string, ca bool) []string {
	rank := func(algo string) int {
		cert := strings.Contains(algo, "-cert-v01@")
		switch {
		case cert && ca:
			return 0
		case !cert && slices.Contains(types, keyType(algo)):
			return 1
		case !cert && strings.Contains(algo, "rsa"): // slow on a switch
			return 3
		case !cert:
			return 2
		default:
			return 4
		}
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b string) int { return rank(a) - rank(b) })
	return sorted
}

// keyType returns the type of the keys that sign with an algorithm (RFC 8332).
func keyType(algo string) string {
	switch algo {
	case ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512:
		return ssh.KeyAlgoRSA
	}
	return algo
}

// algorithmHint names the option that would have helped.
func (h *hop) algorithmHint(e *ssh.AlgorithmNegotiationError) string {
	helps := func(name string) bool {
		a, _ := algorithmsOf(name)
		all := slices.Concat(a.KeyExchanges, a.Ciphers, a.MACs, a.HostKeys)
		return slices.ContainsFunc(e.RequestedAlgorithms, func(s string) bool { return slices.Contains(all, s) })
	}
	switch name := h.cfg.Algorithms; {
	case fips140.Enabled():
		return "the switch offers nothing that FIPS 140-3 approves; change its system services ssh, or set fips: false for it"
	case h.suite.narrowed && helps(name):
		return "ssh_config leaves too little for this host: change KexAlgorithms, Ciphers, MACs or HostKeyAlgorithms there, or system services ssh on the switch"
	case name == "modern" && helps("default"):
		return "set algorithms: default, or change system services ssh on the switch"
	case name != "legacy" && helps("legacy"):
		return "set algorithms: legacy, or change system services ssh on the switch"
	}
	return "change system services ssh on the switch (ciphers, macs, key-exchange, hostkey-algorithm)"
}
