// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sshconn/knownhosts"
)

// criterion is a part of a Match line.
type criterion struct {
	name    string // lower case
	negated bool
	pattern string
}

// bare are the criteria without a pattern.
var bare = map[string]bool{"all": true, "final": true, "canonical": true}

// parseCriteria reads the words of a Match line.
func parseCriteria(words []string) (criteria []criterion, err error) {
	for i := 0; i < len(words); i++ {
		word, pattern, given := strings.Cut(words[i], "=")
		name, negated := strings.CutPrefix(word, "!")
		c := criterion{name: strings.ToLower(name), negated: negated}
		switch {
		case bare[c.name]:
		case given:
			c.pattern = pattern
		case i+1 < len(words):
			i++
			c.pattern = words[i]
		}
		if c.pattern == "" && !bare[c.name] {
			return nil, fmt.Errorf("match %s without a pattern", c.name)
		}
		if c.name == "all" && (i+1 < len(words) || len(criteria) > 1) {
			return nil, errors.New("match all together with other criteria")
		}
		criteria = append(criteria, c)
	}
	return criteria, nil
}

// holdsMatch decides on a Match line. Like OpenSSH it looks at what was found so
// far. What cannot be known here, as what a program would say, is an error where
// the line depends on it.
func (l *lookup) holdsMatch(criteria []criterion) (bool, error) {
	holds := true
	var unclear error
	for _, c := range criteria {
		l.wantFinal = l.wantFinal || c.name == "final"
		switch ok, err := l.isSatisfied(c); {
		case err != nil:
			unclear = cmp.Or(unclear, err)
		case ok == c.negated:
			holds = false
		}
	}
	if holds && unclear != nil {
		return false, unclear
	}
	return holds, nil
}

// isSatisfied tells whether a criterion holds, before its negation.
func (l *lookup) isSatisfied(c criterion) (bool, error) {
	switch c.name {
	case "all":
		return true, nil
	case "final", "canonical":
		return l.final, nil
	case "host":
		host, err := l.currentHost()
		return matchesAnyCase(c.pattern, host), err
	case "originalhost":
		return matchesAnyCase(c.pattern, l.query.Name), nil
	case "user":
		user, err := l.currentUser()
		return matchesList(c.pattern, user), err
	case "localuser":
		user, err := l.query.localUser()
		return matchesList(c.pattern, user), err
	case "tagged":
		return matchesList(c.pattern, l.host.Tag), nil
	}
	if c.name == "exec" {
		return false, errors.New("match exec is not understood here, where no program is run to read a configuration; put what this host needs into a Host block, or into a separate file for the option ssh_config")
	}
	return false, fmt.Errorf("match %s is not understood here", c.name)
}

func matchesAnyCase(list, name string) bool {
	return matchesList(strings.ToLower(list), strings.ToLower(name))
}

func matchesList(list, name string) bool { return matchesAny(strings.Split(list, ","), name) }

// matchesAny tells whether one of the patterns matches and no negated one does.
func matchesAny(patterns []string, name string) (matches bool) {
	for _, p := range patterns {
		p, negated := strings.CutPrefix(p, "!")
		if knownhosts.Match(p, name) {
			if negated {
				return false
			}
			matches = true
		}
	}
	return matches
}
