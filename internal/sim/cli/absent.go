// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"cmp"
	_ "embed"
	"slices"
	"strings"
)

// operationsText has the RPCs of an EX or QFX in Juniper's published models, the commands that
// they stand for, and of those that are simulated what may follow. build-tools/yang_schema.py has written it.
//
//go:embed operations.txt
var operationsText string

// IsPublished reports whether Juniper's models have an RPC, here or not.
func IsPublished(rpc string) bool { return strings.Contains(operationsText, "\n"+rpc+"\t") }

// addPublished adds the commands that Junos has and the simulator does not, and options of
// those that it has. They say so: a syntax error would be a lie.
func addPublished(grammar []command) []command {
	for line := range strings.Lines(operationsText) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		words, options := strings.Fields(columns[1]), columns[2:]
		grammar = addAbsent(grammar, words)
		for _, option := range options {
			grammar = addAbsent(grammar, append(slices.Clip(words), option))
			for _, behind := range options {
				if isArgument(option) && !isArgument(behind) {
					grammar = addAbsent(grammar, append(slices.Clip(words), option, behind))
				}
			}
		}
	}
	return grammar
}

func isArgument(word string) bool { return strings.HasPrefix(word, "<") }

// addAbsent adds the first word of a command that the grammar has not, in its place.
func addAbsent(grammar []command, words []string) []command {
	if len(words) == 0 {
		return grammar
	}
	grammar = slices.Clone(grammar)
	at := slices.IndexFunc(grammar, func(c command) bool { return c.word == words[0] || isArgument(c.word) && isArgument(words[0]) })
	switch {
	case at < 0:
		grammar = append(grammar, absent(words[0]))
		slices.SortFunc(grammar, func(a, b command) int { return cmp.Compare(a.word, b.word) })
	case !grammar[at].rest:
		grammar[at].sub = addAbsent(grammar[at].sub, words[1:])
	}
	return grammar
}

func absent(word string) command {
	return command{word: word, help: "Not simulated", rest: true, run: refuseAbsent}
}

func refuseAbsent(_ *session, c call) (result, error) {
	return result{}, &Error{Message: "not simulated: " + c.path, Column: -1, Absent: true}
}
