// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// valueType is what a leaf takes.
type valueType struct {
	name     string // "", string, empty, int, enum, or one of Juniper's (jt:ipaddr ...)
	min, max int64  // of a number, or of the length of a string; both zero: no limit
	words    []string
}

func (t valueType) isEmpty() bool { return t.name == "empty" }

func readType(s string) valueType {
	if words, ok := strings.CutPrefix(s, "enum:"); ok {
		return valueType{name: "enum", words: strings.Split(words, "|")}
	}
	t := valueType{}
	name, limits, limited := strings.Cut(strings.TrimSuffix(s, ")"), "(")
	t.name = name
	if bits, ok := strings.CutPrefix(name, "uint"); ok {
		t.name, t.min, t.max = "int", 0, 1<<32-1
		if n, _ := strconv.Atoi(bits); n > 0 && n < 32 {
			t.max = 1<<n - 1
		}
	} else if strings.HasPrefix(name, "int") {
		t.name, t.min, t.max = "int", -1<<31, 1<<31-1
	}
	if from, to, ok := strings.Cut(limits, ".."); limited && ok {
		t.min, _ = strconv.ParseInt(from, 10, 64)
		t.max, _ = strconv.ParseInt(to, 10, 64)
	}
	return t
}

// checkValue returns Junos' words for what is wrong with a value, or "".
func (t valueType) checkValue(v string) string {
	if !isPrintable(v) {
		return msgSyntax
	}
	switch t.name {
	case "int":
		return t.checkNumber(v)
	case "enum":
		for _, w := range t.words {
			if w == v {
				return ""
			}
		}
		return "syntax error"
	case "string":
		if t.max > 0 && (int64(len(v)) < t.min || int64(len(v)) > t.max) {
			return fmt.Sprintf("Length %d is not within range (%d..%d)", len(v), t.min, t.max)
		}
	case "jt:ipv4addr", "jt:ipv6addr", "jt:ipaddr":
		if a, err := netip.ParseAddr(v); err != nil || t.name == "jt:ipv4addr" && !a.Is4() || t.name == "jt:ipv6addr" && a.Is4() {
			return fmt.Sprintf("invalid ip address or hostname: %s", v)
		}
	case "jt:ipprefix-or-all":
		if v != "all" {
			return checkPrefix(v)
		}
	case "jt:ipv4prefix", "jt:ipv6prefix", "jt:ipprefix":
		return checkPrefix(v)
	}
	return ""
}

// isPrintable reports whether a value can be written in every format: XML has no control characters.
func isPrintable(v string) bool {
	return utf8.ValidString(v) && strings.IndexFunc(v, isUnprintable) < 0
}

func isUnprintable(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff
}

func (t valueType) checkNumber(v string) string {
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return fmt.Sprintf("Invalid numeric value: '%s'", v)
	}
	if n < t.min || n > t.max {
		return fmt.Sprintf("Value %d is not within range (%d..%d)", n, t.min, t.max)
	}
	return ""
}

// checkPrefix takes an address, too: Junos adds /32 or /128 by itself.
func checkPrefix(v string) string {
	host, bits, cut := strings.Cut(v, "/")
	a, err := netip.ParseAddr(wholeAddress(host, cut))
	if err != nil {
		return fmt.Sprintf("invalid ip address or hostname: %s", v)
	}
	if n, err := strconv.Atoi(bits); cut && (err != nil || n < 0 || n > a.BitLen()) {
		return fmt.Sprintf("invalid prefix length '%s'", bits)
	}
	return ""
}

// wholeAddress adds the zeros that may be left out before a length: 0/0, 10/8, 192.168/16.
func wholeAddress(host string, hasLength bool) string {
	if dots := strings.Count(host, "."); hasLength && dots < 3 && !strings.Contains(host, ":") {
		return host + strings.Repeat(".0", 3-dots)
	}
	return host
}

// trimSpace takes the white space away that XML is laid out with. In a string, spaces that share no edge with a line break
// are the user's.
func (t valueType) trimSpace(v string) string {
	short := strings.TrimSpace(v)
	if short == v || t.name != "" && t.name != "string" {
		return short
	}
	i := strings.Index(v, short)
	if strings.Contains(v[:i], "\n") || strings.Contains(v[i+len(short):], "\n") {
		return short
	}
	return v
}

// portName is the name of an interface without a unit.
var portName = regexp.MustCompile(`^([a-z]{2}-\d+/\d+/\d+(:\d+)?|(ae|em|fxp|irb|lo|me|vme)\d*)$`)

// canonValue returns a value as Junos keeps it: a prefix without a length is a host, an
// interface without a unit its unit 0, and an address of IPv6 is short and in small letters.
func (t valueType) canonValue(v string) string {
	v = t.trimSpace(v)
	switch t.name {
	case "jt:ipaddr", "jt:ipv6addr":
		if a, err := netip.ParseAddr(v); err == nil {
			return a.String()
		}
	case "jt:ipv4prefix", "jt:ipv6prefix", "jt:ipprefix":
		return canonPrefix(v)
	case "jt:ipprefix-or-all":
		if v == "all" {
			return "0.0.0.0/0" // as switches keep it
		}
		return canonPrefix(v)
	case "jt:interface-name", "jt:interface-unit", "jt:ipv4addr-or-interface":
		if portName.MatchString(v) {
			return v + ".0"
		}
	}
	return v
}

func canonPrefix(v string) string {
	host, bits, cut := strings.Cut(v, "/")
	a, err := netip.ParseAddr(wholeAddress(host, cut))
	if err != nil {
		return v
	}
	if !cut {
		bits = strconv.Itoa(a.BitLen())
	}
	return a.String() + "/" + bits
}
