// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// judgeRun is the verb outcome, which the action plugin vc_outcome calls: it reads a run
// of the role on stdin, and writes what is to be done ("plan") or what it came to
// ("judge"). It returns the exit status.
func judgeRun(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	answer, err := answerFor(args, stdin)
	if err == nil {
		out := json.NewEncoder(stdout)
		out.SetEscapeHTML(false)
		err = out.Encode(answer)
	}
	if err != nil {
		fmt.Fprintf(stderr, "vchassis outcome: %v\n", err)
		return 1
	}
	return 0
}

func answerFor(args []string, stdin io.Reader) (any, error) {
	if len(args) != 1 || args[0] != "plan" && args[0] != "judge" {
		return nil, fmt.Errorf("want plan or judge, got %q", args)
	}
	var run outcome.Run
	if err := json.NewDecoder(stdin).Decode(&run); err != nil {
		return nil, fmt.Errorf("read the run: %w", err)
	}
	if args[0] == "plan" {
		return run.Plan(), nil
	}
	return run.Judge(), nil
}
