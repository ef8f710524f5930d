// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// suite is what is offered to one hop.
type suite struct {
	ssh.Algorithms          // PublicKeyAuths with the names of certificates, as in OpenSSH
	caSignatures   []string // with which a host certificate may be signed
	inOrder        bool     // the order of HostKeys was chosen, and known keys do not change it
	narrowed       bool     // by ssh_config
}

// newSuite returns what one of the names of the option algorithms stands for.
func newSuite(name string) suite {
	a, _ := algorithmsOf(name) // the name was checked by planRoute
	s := suite{Algorithms: a, caSignatures: a.PublicKeyAuths}
	for _, algo := range a.PublicKeyAuths {
		s.PublicKeyAuths = append(slices.Clip(s.PublicKeyAuths), certificateAlgorithm(algo))
	}
	return s
}

// certificateAlgorithm returns what an algorithm is called for certificates.
func certificateAlgorithm(algo string) string {
	return strings.TrimSuffix(algo, "@openssh.com") + "-cert-v01@openssh.com"
}

// plainAlgorithm returns what an algorithm is called for plain keys, and whether it
// was one for certificates.
func plainAlgorithm(algo string) (plain string, isCertificate bool) {
	plain, _, isCertificate = strings.Cut(algo, "-cert-v01@")
	if isCertificate && strings.HasPrefix(plain, "sk-") {
		plain += "@openssh.com"
	}
	return plain, isCertificate
}

// adoptAlgorithms takes over the lists of ssh_config. The option algorithms has
// the last word on modern; apart from that a list may also name what is weak, and
// whoever does is told.
func (h *hop) adoptAlgorithms(say sshconfig.Host) error {
	h.suite = newSuite(h.cfg.Algorithms)
	known := newSuite("legacy")
	if h.cfg.Algorithms == "modern" {
		known = h.suite
	}
	s := &h.suite
	for _, l := range []struct {
		key, spec string
		list      *[]string
		known     []string
	}{
		{"KexAlgorithms", say.KexAlgorithms, &s.KeyExchanges, known.KeyExchanges},
		{"Ciphers", say.Ciphers, &s.Ciphers, known.Ciphers},
		{"MACs", say.MACs, &s.MACs, known.MACs},
		{"HostKeyAlgorithms", say.HostKeyAlgorithms, &s.HostKeys, known.HostKeys},
		{"PubkeyAcceptedAlgorithms", say.PubkeyAcceptedAlgorithms, &s.PublicKeyAuths, known.PublicKeyAuths},
		// Who may vouch for a host is for the option alone.
		{"CASignatureAlgorithms", say.CASignatureAlgorithms, &s.caSignatures, s.caSignatures},
	} {
		if l.spec == "" {
			continue
		}
		list, strange := chooseAlgorithms(l.spec, *l.list, l.known)
		if len(list) == 0 {
			return fmt.Errorf("%s: nothing of %s can be used here; remove it for this host, or change the option algorithms", l.key, l.spec)
		}
		*l.list, s.narrowed = list, true
		if len(strange) > 0 {
			h.leftOut = append(h.leftOut, fmt.Sprintf("%s %s", l.key, strings.Join(strange, ",")))
		}
	}
	spec := say.HostKeyAlgorithms
	s.inOrder = spec != "" && !strings.HasPrefix(spec, "+") && !strings.HasPrefix(spec, "-")
	return nil
}

// chooseAlgorithms reads a list of OpenSSH. After a + its names are added to the
// usual ones, after a ^ put before them, and what matches its patterns after a -
// is taken from them. What is strange to us is returned apart.
func chooseAlgorithms(spec string, usual, known []string) (chosen, strange []string) {
	if patterns, isRemoval := strings.CutPrefix(spec, "-"); isRemoval {
		return dropMatching(usual, strings.Split(patterns, ",")), nil
	}
	how := ""
	if strings.HasPrefix(spec, "+") || strings.HasPrefix(spec, "^") {
		how, spec = spec[:1], spec[1:]
	}
	var named []string
	for name := range strings.SplitSeq(spec, ",") {
		if name == "curve25519-sha256@libssh.org" { // before RFC 8731
			name = ssh.KeyExchangeCurve25519
		}
		if slices.Contains(known, name) {
			named = append(named, name)
		} else {
			strange = append(strange, name)
		}
	}
	switch how {
	case "+":
		named = slices.Concat(usual, named)
	case "^":
		named = slices.Concat(named, usual)
	}
	return withoutRepeats(named), strange
}

func dropMatching(list, patterns []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(algo string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return knownhosts.Match(p, algo) })
	})
}

func withoutRepeats(list []string) (once []string) {
	for _, s := range list {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}

// weakAlgorithms warns of what is offered and has a known weakness.
func (h *hop) weakAlgorithms() []string {
	if h.cfg.Algorithms == "legacy" {
		return []string{"algorithms: legacy lets " + h.name + " use SHA-1, CBC and DSA, which are broken"}
	}
	usual, offered := newSuite(h.cfg.Algorithms), h.suite
	weak := slices.Concat(dropNamed(offered.KeyExchanges, usual.KeyExchanges...), dropNamed(offered.Ciphers, usual.Ciphers...),
		dropNamed(offered.MACs, usual.MACs...), dropNamed(offered.HostKeys, usual.HostKeys...),
		dropNamed(offered.PublicKeyAuths, usual.PublicKeyAuths...), dropNamed(offered.caSignatures, usual.caSignatures...))
	if len(weak) == 0 {
		return nil
	}
	return []string{"ssh_config lets " + h.name + " use weak algorithms: " + strings.Join(withoutRepeats(weak), ", ")}
}
