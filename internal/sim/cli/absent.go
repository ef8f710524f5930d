// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"cmp"
	"slices"
)

// addAbsent adds words that Junos has and the simulator does not, in their places. They
// say so: a syntax error would be a lie.
func addAbsent(grammar []command, absent ...string) []command {
	for _, word := range absent {
		grammar = append(grammar, command{word: word, help: "Not simulated", rest: true, run: refuseAbsent})
	}
	slices.SortFunc(grammar, func(a, b command) int { return cmp.Compare(a.word, b.word) })
	return grammar
}

func refuseAbsent(_ *session, c call) (result, error) {
	return result{}, &Error{Message: "not simulated: " + c.path, Column: -1, Absent: true}
}
