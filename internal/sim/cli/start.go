// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import "strings"

// Login runs what a user gets without a command: root a shell, everybody else
// the CLI. It returns the exit status when the user leaves or the input ends.
func Login(dev Device, term *Terminal) int {
	st := dev.Status()
	term.Print(softwareBanner(st) + st.Texts.Announcement)
	if st.Root() || st.Shell {
		h := &shell{dev: dev, term: term}
		h.converse()
		return h.code
	}
	newSession(dev, term).converse()
	return 0
}

// Exec runs the command of an exec request: root's in the shell, everybody
// else's in the CLI.
func Exec(dev Device, term *Terminal, command string) int {
	if dev.Status().Root() {
		h := &shell{dev: dev, term: term}
		h.runLine(command)
		return h.code
	}
	return newSession(dev, term).runBatch(command)
}

// RunShell runs a line in a shell without a terminal, and returns what it prints. The shell is
// root's, whoever asks.
func RunShell(dev Device, line string) string {
	var out strings.Builder
	(&shell{dev: asRoot{dev}, term: NewTerminal(strings.NewReader(""), &out, false)}).runLine(line)
	return out.String()
}

type asRoot struct{ Device }

func (d asRoot) Status() Status {
	st := d.Device.Status()
	st.User = "root"
	return st
}

// Answer is what an operational command says without a terminal.
type Answer struct {
	Text string // as the CLI prints it
	XML  string // inside of the rpc-reply; "" where there is none
	JSON string
	// Config: the text is a configuration, or what differs between two.
	Config bool
}

// Run runs one operational command without a terminal. A mistake in it is an
// [*Error].
func Run(dev Device, line string) (Answer, error) {
	var none strings.Builder
	s := newSession(dev, NewTerminal(strings.NewReader(""), &none, false))
	s.batch = true
	words := splitWords(line)
	first, stages := splitPipes(words)
	if err := checkPipes(stages, len(line)); err != nil {
		return Answer{}, err
	}
	found, c, err := findCommand(batchCommands(), line, first)
	if err != nil {
		return Answer{}, err
	}
	r, err := found.runWith(s, c)
	if err != nil {
		return Answer{}, err
	}
	text, err := s.passPipes(r, stages)
	if err != nil {
		return Answer{}, err
	}
	return s.answerLine(r, text, stages), nil
}

// batchCommands leaves out what needs somebody at the other end.
func batchCommands() []command {
	var all []command
	for _, c := range operationalCommands() {
		switch c.word {
		case "configure", "edit", "start", "exit", "quit", "junoscript", "xml-mode":
		default:
			all = append(all, c)
		}
	}
	return all
}

// answerLine collects the forms of a result. Pipes that work on text leave nothing
// but text.
func (s *session) answerLine(r result, text string, stages [][]word) Answer {
	a := Answer{Text: text, XML: r.xml, Config: r.config != nil}
	if r.config != nil {
		a.XML, a.JSON = r.config.xmlAt(r.path), r.config.partAt(r.path).JSON(shownAttrs(r.config)...)
	} else if r.xml != "" {
		a.JSON = toJSON(r.xml)
	}
	for _, stage := range stages {
		p, _ := choosePipe(stage[0])
		switch args := wordTexts(stage[1:]); {
		case p.word == "display" && len(args) == 2 && args[1] == "rpc":
			a.XML, a.JSON = equivalentRPC(r), ""
		case p.word == "no-more", p.word == "display" && chooseDisplay(args[0]) != "set":
		default:
			a.XML, a.JSON = "", ""
		}
	}
	return a
}

// equivalentRPC is the RPC of a command.
func equivalentRPC(r result) string {
	if r.rpc == "" {
		return elementXML("output", "\nxml rpc equivalent of this command is not available.\n")
	}
	return "<rpc>\n" + r.rpc + "\n</rpc>\n"
}
