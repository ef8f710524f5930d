// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// checkValues writes the values of a setting in one way: numbers as such, times
// in seconds, answers as yes or no.
func (s *statement) checkValues() error {
	s.key = currentName(s.key)
	h := new(Host)
	switch {
	case s.key == "rekeylimit":
		return s.nameIn(s.checkRekeyLimit())
	case h.listFor(s.key) != nil:
		if len(s.args) > 1 && slices.ContainsFunc(s.args, isNone) {
			return fmt.Errorf("%s: none together with a file", s.key)
		}
		return nil
	case h.singleFor(s.key) == nil && h.severalFor(s.key) == nil:
		return nil
	case len(s.args) > 1:
		return fmt.Errorf("%s with more than one value", s.key)
	case s.args[0] == "":
		return fmt.Errorf("%s without a value", s.key)
	}
	value, err := normalValue(s.key, s.args[0])
	s.args = []string{value}
	return s.nameIn(err)
}

// nameIn puts the setting before what is wrong with it.
func (s *statement) nameIn(err error) error {
	if err != nil {
		err = fmt.Errorf("%s: %w", s.key, err)
	}
	return err
}

func isNone(value string) bool { return strings.EqualFold(value, "none") }

// checkRekeyLimit writes the bytes and the seconds of RekeyLimit as numbers, of
// which 0 is no limit.
func (s *statement) checkRekeyLimit() (err error) {
	limits := []string{"0"}
	if size := s.args[0]; !strings.EqualFold(size, "default") {
		limits[0], err = parseSize(size)
	}
	if len(s.args) > 1 && err == nil {
		seconds := "0"
		if !isNone(s.args[1]) {
			seconds, err = parseSeconds(s.args[1])
		}
		limits = append(limits, seconds)
	}
	if len(s.args) > 2 {
		err = errors.New("want at most two values")
	}
	s.args = limits
	return err
}

// answers are the settings that know only some words. Capitals do not count.
var answers = map[string]map[string]string{
	"identitiesonly": yesOrNo, "passwordauthentication": yesOrNo, "kbdinteractiveauthentication": yesOrNo, "proxyusefdpass": yesOrNo,
	"pubkeyauthentication": {"yes": "yes", "true": "yes", "unbound": "yes", "host-bound": "yes", "no": "no", "false": "no"},
	"addressfamily":        {"any": "any", "inet": "inet", "inet6": "inet6"},
	"stricthostkeychecking": {"yes": "yes", "true": "yes", "ask": "ask", "accept-new": "accept-new",
		"no": "no", "false": "no", "off": "no"},
}

var yesOrNo = map[string]string{"yes": "yes", "true": "yes", "no": "no", "false": "no"}

// numbers are the settings that are a number, with the least and the greatest.
var numbers = map[string][2]int{
	"port": {1, 65535}, "serveralivecountmax": {1, 1000}, "requiredrsasize": {1024, 16384},
}

func normalValue(key, value string) (string, error) {
	if words := answers[key]; words != nil {
		answer, ok := words[strings.ToLower(value)]
		if !ok {
			return "", fmt.Errorf("%q is not one of its values", value)
		}
		return answer, nil
	}
	if limits, ok := numbers[key]; ok {
		n, err := strconv.Atoi(value)
		if err != nil || n < limits[0] || n > limits[1] {
			return "", fmt.Errorf("want %d to %d, got %q", limits[0], limits[1], value)
		}
		return strconv.Itoa(n), nil
	}
	switch {
	case key == "serveraliveinterval" && !isNone(value):
		return parseSeconds(value)
	case key == "hostkeyalias":
		return strings.ToLower(value), nil
	}
	return value, nil
}

// parseSeconds reads a time of OpenSSH, such as 90, 1m30s or 1h, and returns its
// seconds.
func parseSeconds(text string) (string, error) {
	units := map[byte]int{'s': 1, 'm': 60, 'h': 3600, 'd': 86400, 'w': 604800}
	total, rest := 0, strings.ToLower(text)
	for rest != "" {
		end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		unit := 1
		if end < 0 {
			end = len(rest)
		} else {
			unit = units[rest[end]]
		}
		n, err := strconv.Atoi(rest[:end])
		if err != nil || unit == 0 || n > math.MaxInt32/unit {
			return "", fmt.Errorf("%q is not a time", text)
		}
		total += n * unit
		rest = rest[min(end+1, len(rest)):]
	}
	if text == "" || total > math.MaxInt32 {
		return "", fmt.Errorf("%q is not a time", text)
	}
	return strconv.Itoa(total), nil
}

// parseSize reads a number of bytes, such as 500M or 1G, and returns it.
func parseSize(text string) (string, error) {
	units := map[byte]int{'k': 1 << 10, 'm': 1 << 20, 'g': 1 << 30}
	digits, unit := text, 1
	if last := len(text) - 1; last > 0 {
		if u, isUnit := units[text[last]|0x20]; isUnit {
			digits, unit = text[:last], u
		}
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 0 || n > math.MaxInt/unit {
		return "", fmt.Errorf("%q is not a number of bytes", text)
	}
	return strconv.Itoa(n * unit), nil
}
