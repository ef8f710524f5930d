// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Query says whom to look up.
type Query struct {
	Name string // the host, as the operator wrote it
	User string // the login name, "" if it is not known yet
	// LocalUser returns the name of the user who runs this program; it is asked
	// only when a file needs it. nil: not known.
	LocalUser func() (string, error)
}

func (q *Query) localUser() (string, error) {
	if q.LocalUser == nil {
		return "", errors.New("the name of the local user is not known here")
	}
	return q.LocalUser()
}

// lookup is one way through a configuration, or with "Match final" two.
type lookup struct {
	query     Query
	host      Host
	ignore    string // IgnoreUnknown
	final     bool   // the second way
	wantFinal bool
}

// Lookup returns what applies to a host. The error names the line that is not
// understood.
func (c *Config) Lookup(q Query) (Host, error) {
	l := &lookup{query: q}
	err := l.applyStatements(c.statements, true, false)
	if err == nil {
		l.host.HostName, err = l.resolveName()
	}
	if err == nil && l.wantFinal {
		l.final = true
		err = l.applyStatements(c.statements, true, false)
	}
	if err != nil {
		return Host{}, err
	}
	if strings.EqualFold(l.host.HostName, q.Name) { // nothing was said
		l.host.HostName = ""
	}
	return l.host, nil
}

// applyStatements takes the statements of a file in turn. A block ends with its
// file. In a file that is included where nothing holds, nothing can hold.
func (l *lookup) applyStatements(statements []statement, active, never bool) (err error) {
	for _, s := range statements {
		switch {
		case s.key == "host":
			active = !never && matchesAny(s.args, l.patternHost())
		case s.key == "match":
			active, err = l.holdsMatch(s.criteria)
			if never { // it may ask for the second way all the same
				active, err = false, nil
			}
		case s.key == "include":
			for _, included := range s.files {
				if err := l.applyStatements(included, active, never || !active); err != nil {
					return err
				}
			}
		case active:
			err = l.setValue(s)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.place, err)
		}
	}
	return nil
}

// patternHost is what Host lines are compared with, in which capitals count: what
// the operator wrote, and in the second way where it leads.
func (l *lookup) patternHost() string {
	if l.final {
		return l.host.HostName
	}
	return l.query.Name
}

// currentHost is what "Match host" is compared with: HostName as found so far.
func (l *lookup) currentHost() (string, error) {
	if l.final || l.host.HostName == "" {
		return l.patternHost(), nil
	}
	return l.expandHostName()
}

func (l *lookup) currentUser() (string, error) {
	user := cmp.Or(l.query.User, l.host.User)
	if user == "" {
		return "", errors.New("match user needs a user name; set username")
	}
	return user, nil
}

// resolveName returns where the name leads after the first way. Names are in lower case
// then, and addresses as they were written.
func (l *lookup) resolveName() (string, error) {
	name, err := l.query.Name, error(nil)
	if l.host.HostName != "" {
		name, err = l.expandHostName()
	}
	if _, notAddress := netip.ParseAddr(name); notAddress != nil {
		name = strings.ToLower(name)
	}
	return name, err
}

// expandHostName replaces the one token that HostName knows.
func (l *lookup) expandHostName() (string, error) {
	name, err := Expand(l.host.HostName, map[byte]string{'h': l.query.Name})
	if err != nil {
		return "", fmt.Errorf("HostName: %w", err)
	}
	return name, nil
}

// setValue puts a setting into the host, unless an earlier line did.
func (l *lookup) setValue(s statement) error {
	h := &l.host
	single, several, list := h.singleFor(s.key), h.severalFor(s.key), h.listFor(s.key)
	switch {
	case s.key == "ignoreunknown":
		l.ignore = cmp.Or(l.ignore, strings.ToLower(s.args[0]))
	case s.key == "proxycommand" || s.key == "proxyjump":
		setProxy(h, s)
	case list != nil && *list == nil:
		*list = s.args
	case s.key == "rekeylimit" && len(*list) < len(s.args): // its values count one by one
		*list = append(slices.Clone(*list), s.args[len(*list):]...)
	case several != nil && !slices.Contains(*several, s.args[0]):
		*several = append(*several, s.args[0])
	case single != nil && *single == "":
		*single = s.args[0]
		l.noteWeaker(s)
	case list == nil && several == nil && single == nil:
		return l.setOther(s)
	}
	return nil
}

// setProxy keeps the first of ProxyJump and ProxyCommand, whichever it is: "none"
// of one kind also keeps the other from counting.
func setProxy(h *Host, s statement) {
	switch {
	case h.ProxyJump != "" || h.ProxyCommand != "":
	case s.key == "proxycommand":
		h.ProxyCommand = s.rest
	default:
		h.ProxyJump = strings.Join(s.args, " ")
	}
}
