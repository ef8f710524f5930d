// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Place is where a configuration is in force. Groups that are for another part of
// the chassis, or for another time, say nothing there.
type Place struct {
	Member         int // a Virtual Chassis has one routing engine a member
	Model, Release string
	Now            time.Time
}

// Expand returns the tree as a switch works with it: groups applied, inactive statements gone. It shares what it can.
func (t *Tree) Expand(at Place) *Tree {
	e := &expander{groups: map[string]*node{}}
	for _, k := range t.root.kids {
		if k.def.name == "groups" && k.mark&inactive == 0 && at.isNamed(k.value) && at.meets(k) {
			e.groups[k.value] = withoutWhen(k)
		}
	}
	return &Tree{schema: t.schema, root: e.expandNode(t.root, nil, nil)}
}

// partGroup matches the names of groups that are for one part of a chassis.
var partGroup = regexp.MustCompile(`^(?:re|member|node)(\d+)(?:-re\d+)?$`)

// isNamed reports whether a group of that name can apply here.
func (at Place) isNamed(group string) bool {
	part := partGroup.FindStringSubmatch(group)
	return part == nil || part[1] == strconv.Itoa(at.Member)
}

// meets reports whether the conditions of a group hold here: all of them.
func (at Place) meets(group *node) bool {
	for _, k := range group.kids {
		if k.def.name != "when" || k.mark&inactive != 0 {
			continue
		}
		for _, condition := range k.kids {
			if condition.mark&inactive == 0 && !at.holds(condition) {
				return false
			}
		}
	}
	return true
}

func (at Place) holds(condition *node) bool {
	number := strconv.Itoa(at.Member)
	switch condition.def.name {
	case "member", "node", "routing-engine":
		return strings.TrimLeft(condition.value, "abcdefghijklmnopqrstuvwxyz-") == number
	case "model":
		return condition.value == at.Model
	case "version":
		return strings.HasPrefix(at.Release, condition.value)
	case "time":
		return at.isBetween(condition)
	}
	return true // chassis and peers: there is only this one
}

// isBetween compares the time of the day, or the day and the time.
func (at Place) isBetween(condition *node) bool {
	now := func(like string) string {
		if strings.Contains(like, "-") {
			return at.Now.UTC().Format("2006-01-02.15:04")
		}
		return at.Now.UTC().Format("15:04")
	}
	if condition.value > now(condition.value) {
		return false
	}
	for _, k := range condition.kids {
		if k.def.name == "to" && k.value <= now(k.value) {
			return false
		}
	}
	return true
}

// withoutWhen is a group without its conditions, which are inherited by nobody.
func withoutWhen(group *node) *node {
	out := *group
	out.kids = slices.DeleteFunc(slices.Clone(group.kids), func(k *node) bool { return k.def.name == "when" })
	return &out
}

type expander struct {
	groups map[string]*node
}

// source is a statement of a group that applies somewhere.
type source struct {
	*node
	group string
}

// expandNode expands n; from holds the statements of groups that apply to it, nearest first; path the steps to n.
func (e *expander) expandNode(n *node, from []source, path []*node) *node {
	from = append(e.appliedGroups(n, path), from...)
	kids := make([]*node, 0, len(n.kids))
	changed := false
	for _, k := range n.kids {
		if k.mark&inactive != 0 {
			changed = true
			continue
		}
		x := k
		if k.def.name != "groups" || len(path) > 0 {
			x = e.expandNode(k, matchingSources(from, k), append(slices.Clip(path), k))
		}
		changed = changed || x != k
		kids = append(kids, x)
	}
	if !changed && len(from) == 0 {
		return n
	}
	out := *n
	out.kids = kids
	return e.inheritFrom(&out, from, path)
}

// inheritFrom adds to n what only its groups say.
func (e *expander) inheritFrom(n *node, from []source, path []*node) *node {
	for _, f := range from {
		for _, k := range f.kids {
			if k.mark&inactive != 0 || k.def.kind == list && isWildcard(k.value) || n.find(k.def, k.value) >= 0 || slices.ContainsFunc(n.kids, k.def.excludes) {
				continue
			}
			empty := &node{def: k.def, value: k.value, group: f.group}
			n = n.withChild(e.expandNode(empty, matchingSources(from, empty), append(slices.Clip(path), empty)))
		}
	}
	return n
}

// appliedGroups returns the statements that the apply-groups of n itself bring to it.
func (e *expander) appliedGroups(n *node, path []*node) []source {
	var out []source
	for _, k := range n.kids {
		if k.def.name != "apply-groups" || k.mark&inactive != 0 {
			continue
		}
		at := e.sourcesOf(k.value, nil)
		for _, step := range path {
			at = matchingSources(at, step)
		}
		out = append(out, at...)
	}
	return out
}

// sourcesOf is a group and, behind it, those that it applies in turn.
func (e *expander) sourcesOf(group string, around []string) []source {
	g := e.groups[group]
	if g == nil || slices.Contains(around, group) {
		return nil
	}
	all := []source{{g, group}}
	for _, k := range g.kids {
		if k.def.name == "apply-groups" && k.mark&inactive == 0 {
			all = append(all, e.sourcesOf(k.value, append(slices.Clip(around), group))...)
		}
	}
	return all
}

// matchingSources returns the children of the given statements that speak about k, by name or by wildcard.
func matchingSources(from []source, k *node) []source {
	var exact, wild []source
	for _, f := range from {
		for _, c := range f.kids {
			switch {
			case c.def != k.def || c.mark&inactive != 0:
			case c.value == k.value || c.def.kind != list:
				exact = append(exact, source{c, f.group})
			case isWildcard(c.value) && matchGlob(c.value[1:len(c.value)-1], k.value):
				wild = append(wild, source{c, f.group})
			}
		}
	}
	return append(exact, wild...)
}

func isWildcard(v string) bool {
	return len(v) > 2 && strings.HasPrefix(v, "<") && strings.HasSuffix(v, ">")
}

// matchGlob matches *, ? and [a-z0-9] in a group's key; * also matches a slash. It goes back to the last * only, so that
// no pattern takes more than a few steps a letter.
func matchGlob(pattern, s string) bool {
	star, mark, p := -1, 0, 0
	for i := 0; i < len(s); {
		if p < len(pattern) && pattern[p] == '*' {
			star, mark = p, i
			p++
		} else if n := globOne(pattern[p:], s[i]); n > 0 {
			p, i = p+n, i+1
		} else if star < 0 {
			return false
		} else {
			mark++
			p, i = star+1, mark
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// globOne returns how much of a pattern matches one letter; 0 if it does not.
func globOne(pattern string, c byte) int {
	if pattern == "" {
		return 0
	}
	if end := strings.IndexByte(pattern, ']'); pattern[0] == '[' && end > 0 {
		if inClass(pattern[1:end], c) {
			return end + 1
		}
		return 0
	}
	if pattern[0] == '?' || pattern[0] == c {
		return 1
	}
	return 0
}

func inClass(class string, c byte) bool {
	for i := 0; i < len(class); i++ {
		if i+2 < len(class) && class[i+1] == '-' {
			if class[i] <= c && c <= class[i+2] {
				return true
			}
			i += 2
		} else if class[i] == c {
			return true
		}
	}
	return false
}
