// SPDX-License-Identifier: GPL-3.0-or-later

package trace

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

const usage = "usage: vchassis trace show FILE\n       vchassis trace report FILE [-o FILE]\n"

// Main runs the verb and returns the exit status: 2 for wrong arguments.
func Main(args []string, stdout, stderr io.Writer) int {
	render, file, out, ok := parseArguments(args)
	if !ok {
		fmt.Fprint(stderr, usage)
		return 2
	}
	events, err := ReadFile(file)
	if err == nil {
		err = writeText(out, stdout, render(events))
	}
	if err != nil {
		fmt.Fprintf(stderr, "vchassis trace: %v\n", err)
		return 1
	}
	return 0
}

func parseArguments(args []string) (render func([]Event) string, file, out string, ok bool) {
	switch {
	case len(args) == 2 && args[0] == "show":
		return Show, args[1], "", true
	case len(args) == 2 && args[0] == "report":
		return Report, args[1], "", true
	case len(args) == 4 && args[0] == "report" && args[2] == "-o":
		return Report, args[1], args[3], true
	}
	return nil, "", "", false
}

func writeText(path string, stdout io.Writer, text string) error {
	if path == "" {
		_, err := io.WriteString(stdout, text)
		return err
	}
	return os.WriteFile(path, []byte(text), 0o600)
}

var operationName = regexp.MustCompile(`<(?:[\w-]+:)?rpc\b[^>]*>\s*<(?:[\w-]+:)?([\w.-]+)`)

// Show is a trace for people, a line an event.
func Show(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "%9.3f  %s\n", e.Seconds, describe(e))
	}
	if last := events[len(events)-1]; last.Kind != Result {
		b.WriteString("           the trace ends here, without a result\n")
	}
	return b.String()
}

func describe(e Event) string {
	switch e.Kind {
	case Begin:
		mode := ""
		if e.Header.Check {
			mode = " in check mode"
		}
		return fmt.Sprintf("%s%s, %s, %s", e.Header.Module, mode, e.Header.MadeBy, e.Header.MadeAt)
	case Sent:
		name := "hello"
		if m := operationName.FindStringSubmatch(e.Text); m != nil {
			name = m[1]
		}
		return fmt.Sprintf("[%d] > %s", e.Session, name)
	case Got:
		return fmt.Sprintf("[%d] < %d bytes%s%s", e.Session, len(e.Text), firstError(e.Text), markOf(e))
	case Result:
		return "result: " + summarize(e.Result)
	}
	return strings.TrimSuffix(fmt.Sprintf("[%d] %s: %s", e.Session, e.Kind, e.Text), ": ")
}

func markOf(e Event) string {
	if e.Marked {
		return "  *** text that is published nowhere"
	}
	return ""
}

var errorMessage = regexp.MustCompile(`(?s)<(?:[\w-]+:)?error-message>\s*(.*?)\s*</`)

func firstError(text string) string {
	if m := errorMessage.FindStringSubmatch(text); m != nil {
		return ", " + strings.Join(strings.Fields(m[1]), " ")
	}
	return ""
}

func summarize(result json.RawMessage) string {
	var r struct {
		Failed, Changed bool
		Msg             string
	}
	_ = json.Unmarshal(result, &r) // an empty one says as much
	return fmt.Sprintf("failed=%v changed=%v %s", r.Failed, r.Changed, r.Msg)
}

// Report is what an issue needs: versions, options, the dialogue, what nobody has
// published, and the result.
func Report(events []Event) string {
	var b strings.Builder
	header, _ := json.MarshalIndent(events[0].Header, "", "  ") // a struct of texts
	fmt.Fprintf(&b, "# What ran\n\n```json\n%s\n```\n\n# Dialogue\n\n```text\n%s```\n", header, Show(events))
	b.WriteString("\n# Text that is published nowhere\n")
	for _, e := range events {
		if e.Marked {
			fmt.Fprintf(&b, "\nSession %d, after %.3f s:\n\n```xml\n%s\n```\n", e.Session, e.Seconds, e.Text)
		}
	}
	b.WriteString("\n# Messages\n\n```text\n")
	for _, e := range events {
		if e.Kind == Sent || e.Kind == Got {
			fmt.Fprintf(&b, "[%d] %s %.3f\n%s\n", e.Session, e.Kind, e.Seconds, e.Text)
		}
	}
	b.WriteString("```\n")
	if last := events[len(events)-1]; last.Kind == Result {
		fmt.Fprintf(&b, "\n# Result\n\n```json\n%s\n```\n", last.Result)
	}
	return b.String()
}
