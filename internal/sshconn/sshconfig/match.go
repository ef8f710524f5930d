// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// condition is a Host or Match line.
type condition struct {
	match bool
	args  []string
	place string
}

// holdsFor tells whether a setting's blocks hold. Match looks at the HostName and
// User that were found so far, as OpenSSH does.
func (s *setting) holdsFor(name, user string, h *Host) (bool, error) {
	for _, c := range s.conditions {
		ok := false
		if c.match {
			var err error
			if ok, err = c.matchCriteria(name, cmp.Or(user, h.User), h); err != nil {
				return false, fmt.Errorf("%s: %w", c.place, err)
			}
		} else {
			ok = matchList(c.args, name)
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}

// matchCriteria knows the criteria that depend on nothing but names. The others run
// programs or look at the network, and guessing them would apply wrong settings.
func (c *condition) matchCriteria(name, user string, h *Host) (bool, error) {
	for i := 0; i < len(c.args); i++ {
		criterion, negated := strings.CutPrefix(strings.ToLower(c.args[i]), "!")
		if criterion == "all" {
			if negated {
				return false, nil
			}
			continue
		}
		subject, known := map[string]string{"host": cmp.Or(h.HostName, name), "originalhost": name, "user": user}[criterion]
		switch {
		case !known:
			return false, fmt.Errorf("match %s is not understood here", criterion)
		case i+1 == len(c.args):
			return false, fmt.Errorf("match %s without a pattern", criterion)
		case criterion == "user" && user == "":
			return false, fmt.Errorf("match user needs a user name; set username")
		}
		i++
		if matchList(strings.Split(c.args[i], ","), subject) == negated {
			return false, nil
		}
	}
	return true, nil
}

// matchList tells whether one pattern matches and no negated one does.
func matchList(patterns []string, name string) bool {
	found := false
	for _, p := range patterns {
		p, negated := strings.CutPrefix(p, "!")
		if matchPattern(p, name) {
			if negated {
				return false
			}
			found = true
		}
	}
	return found
}

func matchPattern(pattern, name string) bool {
	return knownhosts.Match(strings.ToLower(pattern), strings.ToLower(name))
}
