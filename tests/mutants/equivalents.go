// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// equivalentList holds the changes that do nothing, and why, by their keys.
type equivalentList map[string]string

// parseEquivalents reads lines of two kinds: a change, as it is printed but
// without its line and column, and below it the reason, indented. A # begins a
// comment.
func parseEquivalents(text string) (equivalentList, error) {
	list := equivalentList{}
	key := ""
	for i, line := range strings.Split(text, "\n") {
		words := strings.TrimSpace(line)
		switch {
		case words == "" || strings.HasPrefix(words, "#"):
		case line == words && key != "" && list[key] == "", line != words && key == "":
			return nil, fmt.Errorf("equivalent.txt:%d: want a change and its reason in turn", i+1)
		case line == words:
			key, list[words] = words, ""
		default:
			list[key] = strings.TrimSpace(list[key] + " " + words)
		}
	}
	if key != "" && list[key] == "" {
		return nil, fmt.Errorf("equivalent.txt: no reason for %s", key)
	}
	return list, nil
}

func (l equivalentList) has(m mutant) bool { return l[m.key()] != "" }

// checkFiles refuses an entry for one of the packages that is no change of it:
// the line has been edited since, and the reason has to be looked at again.
func (l equivalentList) checkFiles(packages []goPackage, all []mutant) error {
	for key := range l {
		file, _, _ := strings.Cut(key, " ")
		meant := slices.ContainsFunc(packages, func(p goPackage) bool { return p.folder == filepath.Dir(file) })
		if meant && !slices.ContainsFunc(all, func(m mutant) bool { return m.key() == key }) {
			return fmt.Errorf("equivalent.txt: no such change: %s", key)
		}
	}
	return nil
}
