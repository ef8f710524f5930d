// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// setCommands is "set cli" and what may follow.
func setCommands() []command {
	number := func(run func(*session, call) (result, error)) []command {
		return []command{{word: "<number>", help: "Number", run: run}}
	}
	toggle := func(run func(*session, call) (result, error)) []command {
		return []command{{word: "off", help: "Turn off", run: run}, {word: "on", help: "Turn on", run: run}}
	}
	return append([]command{{word: "cli", help: "Set command-line interface settings", sub: append([]command{
		{word: "complete-on-space", help: "Set whether typing space completes current word", sub: toggle(setComplete)},
		{word: "idle-timeout", help: "Set maximum idle time before login session ends", sub: number(setIdle)},
		{word: "screen-length", help: "Set number of lines on screen", sub: number(setLength)},
		{word: "screen-width", help: "Set number of characters on a line", sub: number(setWidth)},
		{word: "timestamp", help: "Timestamp CLI output", sub: append([]command{{word: "disable", help: "Turn timestamps off", run: setTimestamp}}, allAbsent("format")...)},
	}, allAbsent("directory logical-system prompt restart-on-upgrade terminal")...)}}, allAbsent("chassis date")...)
}

func (s *session) numberOf(c call, low, high int) (int, error) {
	n, err := strconv.Atoi(c.args[0])
	if err != nil || n < low || n > high {
		return 0, &Error{Message: fmt.Sprintf("Value %s is not within range (%d..%d)", c.args[0], low, high), Column: strings.LastIndex(c.line, c.args[0])}
	}
	return n, nil
}

func setLength(s *session, c call) (result, error) {
	n, err := s.numberOf(c, 0, 100000)
	if err != nil {
		return result{}, err
	}
	s.settings.length = n
	return say("Screen length set to %d\n", n), nil
}

func setWidth(s *session, c call) (result, error) {
	n, err := s.numberOf(c, 0, 1024)
	if err != nil {
		return result{}, err
	}
	s.settings.width = n
	return say("Screen width set to %d\n", n), nil
}

func setIdle(s *session, c call) (result, error) {
	n, err := s.numberOf(c, 0, 100000)
	if err != nil {
		return result{}, err
	}
	s.settings.idle = n
	if n == 0 {
		return say("Idle timeout disabled\n"), nil
	}
	return say("Idle timeout set to %d minutes\n", n), nil
}

func setComplete(s *session, c call) (result, error) {
	s.settings.completeOnSpace = strings.HasSuffix(c.path, " on")
	if s.settings.completeOnSpace {
		return say("Enabling complete-on-space\n"), nil
	}
	return say("Disabling complete-on-space\n"), nil
}

func setTimestamp(*session, call) (result, error) { return say("CLI timestamp disabled\n"), nil }

func showCLI(s *session, _ call) (result, error) {
	length := s.settings.length
	if length < 0 {
		length = s.term.Rows()
	}
	idle := "disabled"
	if s.settings.idle > 0 {
		idle = fmt.Sprintf("set to %d minutes", s.settings.idle)
	}
	complete := "off"
	if s.settings.completeOnSpace {
		complete = "on"
	}
	return say("CLI complete-on-space set to %s\nCLI idle-timeout %s\nCLI restart-on-upgrade set to on\n"+
		"CLI screen-length set to %d\nCLI screen-width set to %d\nCLI terminal is 'vt100'\nCLI is operating in enhanced mode\n"+
		"CLI timestamp disabled\nCLI working directory is '/var/home/%s'\n", complete, idle, length, s.settings.width, s.dev.Status().User), nil
}
