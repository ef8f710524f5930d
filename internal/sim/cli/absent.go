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

// addPublished adds the commands that Junos has and the simulator does not, and the options of
// those that it has. What is not simulated says so: a syntax error would be a lie.
func addPublished(grammar []command) []command {
	for line := range strings.Lines(operationsText) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		grammar = addCommand(grammar, columns[0], strings.Fields(columns[1]), columns[2:])
	}
	return grammar
}

func isArgument(word string) bool { return strings.HasPrefix(word, "<") }

// addCommand adds the words of a command that the grammar has not, in their places, and its options.
func addCommand(grammar []command, rpc string, words, options []string) []command {
	if len(words) == 0 {
		return grammar
	}
	grammar = slices.Clone(grammar)
	at := slices.IndexFunc(grammar, func(c command) bool { return c.word == words[0] })
	switch {
	case at < 0:
		return sortCommands(append(grammar, absent(words[0])))
	case grammar[at].rest:
	case len(words) > 1:
		grammar[at].sub = addCommand(grammar[at].sub, rpc, words[1:], options)
	default:
		if _, simulated := honoured[rpc]; !simulated && !grammar[at].isWhole() {
			grammar[at].run = refuseAbsent
		}
		grammar[at].sub = addOptions(grammar[at], rpc, options)
	}
	return grammar
}

func sortCommands(grammar []command) []command {
	slices.SortFunc(grammar, func(a, b command) int { return cmp.Compare(a.word, b.word) })
	return grammar
}

// addOptions returns what may follow a command. Options of what it shows follow each other in any
// order, as long as the simulator honours them.
func addOptions(c command, rpc string, options []string) []command {
	all := slices.Clone(c.sub)
	for _, option := range options {
		known := slices.ContainsFunc(all, func(o command) bool {
			return o.word == strings.Trim(option, "=") || isArgument(o.word) && isArgument(option)
		})
		if !known {
			all = append(all, optionOf(c, rpc, option))
		}
	}
	for i := range sortCommands(all) {
		switch o := &all[i]; {
		case o.asks != "":
			o.sub = all
		case len(o.sub) == 1 && o.sub[0].asks != "":
			o.sub[0].sub = all
		case isArgument(o.word):
			o.sub = addAbsent(o.sub, all)
		}
	}
	return all
}

// addAbsent adds what is not simulated to what follows an argument.
func addAbsent(grammar, options []command) []command {
	all := slices.Clone(grammar)
	for _, o := range options {
		if o.help == notSimulated && !isArgument(o.word) && !slices.ContainsFunc(all, func(c command) bool { return c.word == o.word }) {
			all = append(all, o)
		}
	}
	return sortCommands(all)
}

// optionOf is a word, or a word and an argument, or an argument alone.
func optionOf(c command, rpc, option string) command {
	word, hasValue := strings.CutSuffix(option, "=")
	name := strings.Trim(word, "<>")
	switch {
	case c.show == nil || !honours(rpc, name):
		return absent(word)
	case hasValue:
		return command{word: word, help: optionHelp[word], sub: []command{{word: "<" + name + ">", show: c.show, asks: name}}}
	}
	return command{word: word, help: optionHelp[word], show: c.show, asks: name}
}

// optionHelp says in a few words what options do. Those of arguments are their names.
var optionHelp = map[string]string{
	"all-members": "Show all virtual chassis members",
	"brief":       "Display brief output",
	"detail":      "Display detailed output",
	"local":       "Show local virtual chassis member",
	"media":       "Display media information",
	"member":      "Show specific virtual chassis member",
	"no-resolve":  "Don't attempt to print addresses symbolically",
	"terse":       "Display terse output",
}

// notSimulated is the help of what is here for its name only.
const notSimulated = "Not simulated"

func absent(word string) command {
	return command{word: word, help: notSimulated, rest: true, run: refuseAbsent}
}

func allAbsent(words string) []command {
	var all []command
	for _, word := range strings.Fields(words) {
		all = append(all, absent(word))
	}
	return all
}

func refuseAbsent(_ *session, c call) (result, error) {
	return result{}, absentError(c.path)
}
