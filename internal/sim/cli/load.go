// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sim/conf"
)

func loadCommand() command {
	sources := func(run func(*session, call) (result, error)) []command {
		return []command{
			{word: "relative", help: "Load relative to current level", sub: []command{{word: "terminal", help: "Use login terminal", run: run}}},
			{word: "terminal", help: "Use login terminal", run: run, sub: []command{{word: "relative", help: "Load relative to current level", run: run}}},
			{word: "<filename>", help: "Filename (URL, local, remote, or floppy)", run: loadFile},
		}
	}
	load := command{word: "load", help: "Load configuration from ASCII file", sub: allAbsent("factory-default json patch")}
	for _, action := range []string{conf.ActionMerge, conf.ActionOverride, conf.ActionReplace, conf.ActionSet, conf.ActionUpdate} {
		load.sub = append(load.sub, command{word: action, help: "Load configuration: " + action, sub: sources(loadTerminal)})
	}
	return load
}

// loadTerminal reads statements until ^D.
func loadTerminal(s *session, c call) (result, error) {
	if s.term.TTY || !s.batch {
		s.term.Print("[Type ^D at a new line to end input]\n")
	}
	var payload strings.Builder
	for {
		line, err := s.term.readLine(reading{block: true})
		if errors.Is(err, errInterrupt) {
			return say("load aborted\n"), nil
		}
		if line != "" || err == nil {
			payload.WriteString(line + "\n")
		}
		if err != nil {
			break
		}
	}
	words := strings.Fields(c.path)
	return s.loadPayload(words[1], payload.String(), slices.Contains(words, "relative"), "terminal")
}

// loadFile reads a file of the switch.
func loadFile(s *session, c call) (result, error) {
	name := c.args[0]
	a := s.callRPC("<file-show>" + elementXML("filename", name) + "</file-show>")
	if a.firstError() != nil {
		return result{}, refusedError("Could not open %q: No such file or directory", name)
	}
	return s.loadPayload(strings.Fields(c.path)[1], renderOutput(a.root), false, name)
}

func (s *session) loadPayload(action, payload string, relative bool, source string) (result, error) {
	format := conf.FormatText
	if action == conf.ActionSet {
		format = conf.FormatSet
	}
	if relative && len(s.edit.path) > 0 {
		payload = payloadBelow(s.edit.path, payload, format)
	}
	problems, err := s.dev.Load(action, format, payload)
	if err != nil {
		return result{}, err
	}
	text, failures := "", 0
	for _, p := range problems {
		if p.Severity == conf.SeverityError {
			failures++
			text += problemText(p, source)
		} else {
			text += "warning: " + p.Message + "\n"
		}
	}
	if failures > 0 {
		return say("%sload complete (%d errors)\n", text, failures), nil
	}
	return say("%sload complete\n", text), nil
}

// problemText is a problem of a load with its place.
func problemText(p conf.Problem, source string) string {
	text := fmt.Sprintf("%s:%d:(%d) %s", source, p.Line, p.Column, p.Message)
	if p.BadElement != "" {
		text += ": " + p.BadElement
	}
	if p.Path != "" {
		text += "\n  " + p.Path
	}
	if p.Source != "" {
		text += "\n    '" + strings.TrimSpace(p.Source) + "'\n      " + p.Message
	}
	return text + "\n"
}

// payloadBelow puts a payload under the current level.
func payloadBelow(path []string, payload, format string) string {
	words := make([]string, len(path))
	for i, w := range path {
		words[i] = quoteWord(w)
	}
	if format == conf.FormatSet {
		return "edit " + strings.Join(words, " ") + "\n" + payload
	}
	return strings.Join(words, " ") + " {\n" + payload + "\n}\n"
}
