// SPDX-License-Identifier: GPL-3.0-or-later

package lastword

import (
	"fmt"
	"io"
)

const usage = "usage: vchassis lastword < RESULTS\nFor the callback vchassis.junos.lastword: sums up a play.\n"

// Main runs the verb and returns the exit status: 0, 1 for results that cannot be
// read, 2 for wrong arguments.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	p, err := readPlay(stdin)
	if err != nil {
		fmt.Fprintf(stderr, "vchassis lastword: read the results: %v\n", err)
		return 1
	}
	_, err = io.WriteString(stdout, p.Text())
	if err != nil {
		return 1
	}
	return 0
}
