// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"errors"
	"fmt"
	"strings"
)

// session is one running command line.
type session struct {
	dev      Device
	term     *Terminal
	settings settings
	edit     *editing // nil in operational mode
	batch    bool     // commands of "cli -c": no prompts, errors on one line
	closed   bool
	failed   bool // the last command did
	whole    bool // its output is not cut into pages
	promptAt int  // width of the prompt, for the caret below a mistake
}

// settings are what "set cli" changes.
type settings struct {
	length, width   int // 0: no pages; -1: as high as the window
	completeOnSpace bool
	idle            int // minutes; 0 is never
}

func newSession(dev Device, term *Terminal) *session {
	s := &session{dev: dev, term: term, settings: settings{completeOnSpace: true, width: 80}}
	if term.TTY {
		s.settings.length = -1
	}
	return s
}

// result is what a command has to say. Pipes choose among its forms.
type result struct {
	text   string
	xml    string  // inside of the rpc-reply
	rpc    string  // what asked for it
	config *Config // of "show configuration" and "show"
	path   []string
}

func say(format string, args ...any) result { return result{text: fmt.Sprintf(format, args...)} }

// converse reads and runs commands until the user leaves.
func (s *session) converse() {
	for blank := ""; !s.closed; blank = "\n" {
		prompt := blank + s.prompt()
		s.promptAt = len(prompt) - strings.LastIndexByte(prompt, '\n') - 1
		s.term.raw = false // the line editor sets the terminal as it needs it
		line, err := s.term.readLine(reading{prompt: prompt, history: true, complete: s.completeLine})
		switch {
		case errors.Is(err, errInterrupt):
			continue
		case err != nil:
			s.leaveSession()
			return
		}
		s.runLine(line)
	}
}

// leaveSession is the end of input: what only this session had is given back.
func (s *session) leaveSession() {
	if s.edit != nil {
		s.closeDatabase()
	}
	s.closed = true
}

func (s *session) prompt() string {
	st := s.dev.Status()
	if s.edit == nil {
		return fmt.Sprintf("%s\n%s@%s> ", st.Banner, st.User, st.Host)
	}
	return fmt.Sprintf("%s%s%s\n%s@%s# ", s.trialReminder(st), st.Banner, s.edit.editBanner(), st.User, st.Host)
}

// trialReminder reminds of a commit that waits for its confirmation.
func (s *session) trialReminder(st Status) string {
	if st.RollbackIn <= 0 {
		return ""
	}
	minutes := int((st.RollbackIn.Seconds() + 59) / 60)
	unit := "minutes"
	if minutes == 1 {
		unit = "minute"
	}
	return fmt.Sprintf("# commit confirmed will be rolled back in %d %s\n", minutes, unit)
}

// runLine executes one line and prints what comes of it.
func (s *session) runLine(line string) {
	words := splitWords(line)
	if len(words) == 0 || strings.HasPrefix(words[0].text, "#") {
		return
	}
	s.whole = false
	text, err := s.executeLine(line, words)
	s.showText(text)
	s.failed = err != nil
	if err != nil {
		s.printError(err)
	}
}

// executeLine runs a command and its pipes.
func (s *session) executeLine(line string, words []word) (string, error) {
	first, pipes := splitPipes(words)
	if err := checkPipes(pipes, len(line)); err != nil {
		return "", err
	}
	end := line
	if len(pipes) > 0 {
		end = cutAt(line, first, pipes)
	}
	found, c, err := findCommand(s.grammar(), end, first)
	if err != nil {
		return "", err
	}
	r, err := found.runWith(s, c)
	if err != nil {
		return r.text, err
	}
	return s.passPipes(r, pipes)
}

// cutAt is the line without its pipes.
func cutAt(line string, command []word, pipes [][]word) string {
	end := len(line)
	if len(pipes[0]) > 0 {
		end = pipes[0][0].col
	}
	if len(command) == 0 {
		return ""
	}
	return strings.TrimRight(strings.TrimRight(line[:end], " "), "| ")
}

func (s *session) grammar() []command {
	if s.edit != nil {
		return configCommands()
	}
	return operationalCommands()
}

// printError prints an error as the mode wants it: with a caret below the mistake,
// or on one line.
func (s *session) printError(err error) {
	var e *Error
	if !errors.As(err, &e) {
		s.showText("error: " + err.Error() + "\n")
		return
	}
	if s.batch || e.Column < 0 {
		s.showText("error: " + e.Error() + "\n")
		return
	}
	message := e.Message
	if !strings.Contains(message, "\n") {
		message = strings.TrimSuffix(message, ".") + "."
	}
	s.showText(strings.Repeat(" ", s.promptAt+e.Column) + "^\n" + message + "\n")
}

// askYesNo puts a question whose default is in parentheses.
func (s *session) askYesNo(question, preset string) bool {
	if s.batch {
		return preset == "yes"
	}
	line, err := s.term.readLine(reading{prompt: fmt.Sprintf("%s [yes,no] (%s) ", question, preset)})
	answer := strings.ToLower(strings.TrimSpace(line))
	if answer == "" && err == nil {
		answer = preset
	}
	if !s.term.TTY {
		s.term.Print("\n")
	}
	return err == nil && strings.HasPrefix("yes", answer) && answer != ""
}
