// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"regexp"
	"slices"
	"strings"
)

// kind is what the last answer of a terminal has led to.
type kind int

const (
	nowhere    kind = iota
	atCLI           // the prompt of a command line
	atShell         // that of a shell
	atPassword      // a question for a password
	atChange        // a question for a new one
	atRefusal       // a password was refused, and no prompt has followed
	atEcho          // a password was printed
	atMark          // what was typed has been done
	atNETCONF       // the first markup
)

// place is where a terminal is.
type place struct {
	is     kind
	line   string // the prompt; the answer before a mark
	unsure bool   // true for what could still go on
	offset int    // of the markup
}

// Prompts. Their forms are those of Junos' documentation and of the scripts that
// people use every day; who has changed them gets an error that shows them.
var (
	cliPrompt   = regexp.MustCompile(`^[^<>#%$]*[^\s<>#%$]> ?$`)
	shellPrompt = regexp.MustCompile(`^(?:[^#%$]*[^#%$\s-] ?)?[#%$] ?$`)
	// passwordPrompts are whole lines.
	passwordPrompts = []string{"Password:", "password:", "root's Password:", "root's password:", "Password for root:"}
	changePrompt    = regexp.MustCompile(`(?i)^(?:\(current\) |enter )?(?:old|new|current)(?: unix)? password: ?$`)
	sorry           = regexp.MustCompile(`(?im)^(?:su: )?sorry\.?$|authentication (?:failure|failed|error)|incorrect password|login incorrect`)
)

func isControl(r rune) bool { return r < ' ' || r == 0x7f }

// lastLine is what a cursor stands behind.
func lastLine(text string) string { return text[strings.LastIndexByte(text, '\n')+1:] }

func asksPassword(line string) bool {
	return slices.Contains(passwordPrompts, strings.TrimSuffix(line, " "))
}

// firstPrompt judges a login: a banner, a message of the day, then a prompt.
func firstPrompt(text string) place {
	line := lastLine(text)
	switch {
	case changePrompt.MatchString(line):
		return place{is: atChange, line: line, unsure: true}
	case asksPassword(line):
		return place{is: atPassword, line: line, unsure: true}
	case cliPrompt.MatchString(line):
		return place{is: atCLI, line: line, unsure: true}
	case shellPrompt.MatchString(line):
		return place{is: atShell, line: line, unsure: true}
	}
	return place{}
}

// promptReturns waits for the very prompt that was there before.
func promptReturns(prompt string) func(string) place {
	return func(text string) place {
		if prompt != "" && strings.Contains(text, "\n") && lastLine(text) == prompt {
			return place{is: atCLI, line: prompt}
		}
		return place{}
	}
}

// afterCommand judges what follows "start shell user root". A question for the
// password is one only if nothing but our command is before it.
func (d *dialogue) afterCommand(text string) place {
	answer := text
	if d.echoes {
		echo, after, ended := strings.Cut(text, "\n")
		if !ended || !strings.HasSuffix(strings.TrimSpace(echo), rootCommand) {
			return place{}
		}
		answer = after
	}
	line := lastLine(answer)
	before := strings.TrimSpace(strings.TrimSuffix(answer, line))
	switch {
	case line == d.prompt:
		return place{is: atCLI, line: line}
	case asksPassword(line) && before == "":
		return place{is: atPassword, line: line, unsure: true}
	case shellPrompt.MatchString(line): // root has no password
		return place{is: atShell, line: line, unsure: true}
	}
	return place{}
}

// afterPassword judges what follows the password.
func (d *dialogue) afterPassword(text string) place {
	line := lastLine(text)
	switch {
	case strings.HasPrefix(text, d.options.Password.Reveal()):
		return place{is: atEcho}
	case line == d.prompt:
		return place{is: atCLI, line: line}
	case changePrompt.MatchString(line):
		return place{is: atChange, line: line, unsure: true}
	case asksPassword(line):
		return place{is: atPassword, line: line, unsure: true}
	case strings.Contains(text, "\n") && shellPrompt.MatchString(line): // a greeting may have the words of a refusal
		return place{is: atShell, line: line, unsure: true}
	case sorry.MatchString(text):
		return place{is: atRefusal, line: line, unsure: true}
	}
	return place{}
}

// findMark waits for a mark on a line by itself; the line before it is the answer.
func findMark(mark string) func(string) place {
	return func(text string) place {
		answer := ""
		for line := range strings.Lines(text) {
			word, ended := strings.CutSuffix(line, "\n")
			if word = strings.TrimSpace(word); word == mark && ended {
				return place{is: atMark, line: answer}
			} else if word != "" {
				answer = word
			}
		}
		return place{}
	}
}
