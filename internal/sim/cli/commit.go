// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/beevik/etree"
)

func commitCommand() command {
	return command{word: "commit", help: "Commit current set of changes", rest: true, run: runCommit, sub: commitWords()}
}

func commitWords() []command {
	return append([]command{
		{word: "and-quit", help: "Quit configuration mode if commit succeeds"},
		{word: "check", help: "Check correctness of syntax; do not apply changes"},
		{word: "comment", help: "Message to write to commit log"},
		{word: "confirmed", help: "Automatically rollback if not confirmed"},
		{word: "full", help: "Activate all configuration"},
		{word: "synchronize", help: "Synchronize commit on both Routing Engines"},
	}, allAbsent("activate at no-synchronize peers-synchronize prepare scripts")...)
}

// order is what "commit" was asked for.
type order struct {
	check, quit, synchronize, force, confirmed, full bool
	minutes                                          int
	log                                              string
}

func (s *session) readOrder(c call) (order, error) {
	o := order{minutes: 10}
	for i := 0; i < len(c.rest); i++ {
		w := c.rest[i]
		found, err := chooseCommand(commitWords(), w, false)
		if err != nil && w.text == "force" && o.synchronize {
			o.force = true
			continue
		}
		if err == nil && found.help == notSimulated {
			err = absentError("commit " + found.word)
		}
		if err != nil {
			return o, err
		}
		switch found.word {
		case "check":
			o.check = true
		case "full":
			o.full = true
		case "and-quit":
			o.quit = true
		case "synchronize":
			o.synchronize = true
		case "comment":
			if i++; i >= len(c.rest) {
				return o, &Error{Message: "missing argument", Column: c.end}
			}
			o.log = c.rest[i].text
		case "confirmed":
			o.confirmed = true
			i += o.readMinutes(c.rest[i+1:], &err)
		}
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

// readMinutes takes the number behind "confirmed", if there is one.
func (o *order) readMinutes(rest []word, err *error) int {
	if len(rest) == 0 {
		return 0
	}
	n, bad := strconv.Atoi(rest[0].text)
	if bad != nil {
		return 0
	}
	if n < 1 || n > 65535 {
		*err = &Error{Message: fmt.Sprintf("Value %d is not within range (1..65535)", n), Column: rest[0].col}
	}
	o.minutes = n
	return 1
}

func (o order) commitRPC() string {
	var b strings.Builder
	b.WriteString("<commit-configuration>")
	if o.check {
		b.WriteString("<check/>")
	}
	if o.confirmed {
		fmt.Fprintf(&b, "<confirmed/><confirm-timeout>%d</confirm-timeout>", o.minutes)
	}
	if o.synchronize {
		b.WriteString("<synchronize/>")
	}
	if o.force {
		b.WriteString("<force-synchronize/>")
	}
	if o.full {
		b.WriteString("<full/>")
	}
	if o.log != "" {
		b.WriteString(elementXML("log", o.log))
	}
	b.WriteString("</commit-configuration>")
	return b.String()
}

func runCommit(s *session, c call) (result, error) {
	o, err := s.readOrder(c)
	if err != nil {
		return result{}, err
	}
	a := s.callRPC(o.commitRPC())
	if err := a.firstError(); err != nil {
		return result{text: commitRefusal(a)}, finalError(a)
	}
	text := warningLines(a) + commitProgress(a.root, o)
	if o.quit && !o.check {
		s.closeDatabase()
		text += "Exiting configuration mode\n"
	}
	return result{text: text, xml: a.xml, rpc: o.commitRPC()}, nil
}

// commitProgress is what a chassis prints member by member: the local check, the
// others, the local commit at last. One switch alone names nobody.
func commitProgress(root *etree.Element, o order) string {
	done := "commit complete"
	if o.check {
		done = "configuration check succeeds"
	}
	var b strings.Builder
	if o.confirmed && !o.check {
		fmt.Fprintf(&b, "commit confirmed will be automatically rolled back in %d minutes unless confirmed\n", o.minutes)
	}
	var names []string
	for _, e := range root.FindElements(".//routing-engine") {
		names = append(names, childText(e, "name"))
	}
	if len(names) < 2 {
		return b.String() + done + "\n"
	}
	fmt.Fprintf(&b, "%s: \nconfiguration check succeeds\n", names[0])
	for _, name := range names[1:] {
		fmt.Fprintf(&b, "%s: \n%s\n", name, done)
	}
	if !o.check {
		fmt.Fprintf(&b, "%s: \n%s\n", names[0], done)
	}
	return b.String()
}

// commitRefusal lists the statements at fault, below the hierarchy they stand in. The
// last error is the verdict and not among them.
func commitRefusal(a answer) string {
	var b strings.Builder
	var errs []rpcError
	for _, e := range a.errors {
		if e.warning {
			b.WriteString(e.statementLines("warning: "))
		} else {
			errs = append(errs, e)
		}
	}
	for i, e := range errs {
		switch {
		case i == len(errs)-1:
			b.WriteString(e.memberLine())
		case e.path == "":
			b.WriteString(e.memberLine() + "error: " + e.message + "\n")
		default:
			b.WriteString(e.statementLines(""))
		}
	}
	return b.String()
}

// finalError is the verdict on a commit.
func finalError(a answer) error {
	var last rpcError
	for _, e := range a.errors {
		if !e.warning {
			last = e
		}
	}
	return refusedError("%s", last.message)
}

func warningLines(a answer) string {
	var b strings.Builder
	for _, e := range a.errors {
		b.WriteString(e.memberLine() + e.statementLines("warning: "))
	}
	return b.String()
}

// memberLine names the member that an error comes from, but for statements and the
// verdict on them.
func (e rpcError) memberLine() string {
	if e.member == "" || e.path != "" || strings.Contains(e.message, "failed: (") {
		return ""
	}
	return e.member + ": \n"
}

// statementLines prints an error as the CLI does: hierarchy, statement, words.
func (e rpcError) statementLines(kind string) string {
	message := strings.TrimPrefix(e.message, "mgd: ")
	if e.path == "" {
		return kind + message + "\n"
	}
	path := e.path
	if e.bad != "" {
		path = strings.TrimSuffix(strings.TrimSuffix(path, "]"), " "+e.bad) + "]"
	}
	path = strings.ReplaceAll(path, "]]", "]")
	text := path + "\n"
	if e.bad != "" {
		text += "  '" + e.bad + "'\n"
	}
	return text + "    " + kind + message + "\n"
}
