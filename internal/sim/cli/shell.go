// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
)

// shell is the csh that root lands in, with hardly more than the way to the CLI.
type shell struct {
	dev    Device
	term   *Terminal
	bourne bool // sh, not csh
	closed bool
	code   int
}

func (h *shell) converse() {
	for !h.closed {
		line, err := h.term.readLine(reading{prompt: h.prompt(), history: true})
		switch {
		case errors.Is(err, errInterrupt):
			continue
		case err != nil:
			return
		}
		h.runLine(line)
	}
}

// prompt tells the role of the member: RE, BK or LC.
func (h *shell) prompt() string {
	st := h.dev.Status()
	switch {
	case h.bourne && st.Root():
		return "# "
	case h.bourne:
		return "$ "
	case !st.Root():
		return "% "
	}
	if !strings.Contains(st.Texts.RootShell, "%s") {
		return st.Texts.RootShell
	}
	role, slot, _ := strings.Cut(strings.Trim(st.Banner, "{}"), ":")
	short := map[string]string{"backup": "BK", "linecard": "LC"}[role]
	if short == "" {
		short = "RE"
	}
	return fmt.Sprintf(st.Texts.RootShell, st.Host, short, slot)
}

func (h *shell) runLine(line string) {
	for _, part := range splitSequence(line) {
		if words := splitBy(strings.ReplaceAll(part, "2> /dev/null", ""), "\"'"); len(words) > 0 {
			h.code = h.runProgram(h.substituteCode(wordTexts(words)))
		}
	}
}

// substituteCode knows one variable: how the last command ended.
func (h *shell) substituteCode(words []string) []string {
	code := strconv.Itoa(h.code)
	for i := range words {
		words[i] = strings.NewReplacer("$?", code, "$status", code).Replace(words[i])
	}
	return words
}

func (h *shell) runProgram(words []string) int {
	name := words[0]
	if strings.HasPrefix(name, "/bin/") || strings.HasPrefix(name, "/usr/bin/") {
		name = path.Base(name)
	}
	switch name {
	case "exit", "logout":
		h.closed = true
	case "cli":
		return h.startCLI(words[1:])
	case "ls":
		return h.listFolder(words[1:])
	case "df":
		h.term.Print(freeSpace(newSession(h.dev, h.term).callRPC("<get-system-storage><local/></get-system-storage>").root))
	case "cat":
		return h.eachFile(name, "file-show", "filename", words[1:])
	case "rm":
		return h.eachFile(name, "file-delete", "path", words[1:])
	case "stty":
		h.term.setModes(words[1:])
	case "xml-mode", "junoscript":
		h.dev.NETCONF(h.term.openTTY())
	case "true", "clear", "unset", "setenv", "set":
	default:
		return h.printFact(name, words)
	}
	return 0
}

// printFact runs the programs that only print what is so.
func (h *shell) printFact(name string, words []string) int {
	switch name {
	case "id":
		h.term.Print(h.identity(words[1:]))
	case "whoami":
		h.term.Print(h.dev.Status().User + "\n")
	case "hostname":
		h.term.Print(h.dev.Status().Host + "\n")
	case "pwd":
		h.term.Print(h.home() + "\n")
	case "uname":
		h.term.Print("JUNOS\n")
	case "date":
		h.term.Print(h.dev.Status().Now.UTC().Format("Mon Jan _2 15:04:05 UTC 2006") + "\n")
	case "echo":
		h.term.Print(strings.Join(words[1:], " ") + "\n")
	default:
		h.term.Print(words[0] + ": Command not found.\n")
		return 1
	}
	return 0
}

func (h *shell) identity(options []string) string {
	st := h.dev.Status()
	switch {
	case len(options) > 0 && options[0] == "-u" && st.Root():
		return "0\n"
	case len(options) > 0 && options[0] == "-u":
		return st.UID + "\n"
	case st.Root():
		return "uid=0(root) gid=0(wheel) groups=0(wheel), 5(operator), 10(field)\n"
	}
	return fmt.Sprintf("uid=%s(%s) gid=20(staff) groups=20(staff)\n", st.UID, st.User)
}

func (h *shell) home() string {
	if st := h.dev.Status(); !st.Root() {
		return "/var/home/" + st.User
	}
	return "/root"
}

// listFolder lists files as ls does, with -l one a line and with what is known of them.
func (h *shell) listFolder(words []string) int {
	where, long := h.home(), false
	for _, w := range words {
		if strings.HasPrefix(w, "-") {
			long = long || strings.Contains(w, "l")
		} else {
			where = w
		}
	}
	a := newSession(h.dev, h.term).callRPC(requestXML("file-list", elementXML("path", where)+"<detail/>"))
	files, dir := a.root.FindElements(".//file-information"), a.root.FindElement(".//directory")
	if long {
		h.term.Print(fmt.Sprintf("total %d\n", len(files)))
	}
	for _, f := range files {
		if long {
			h.term.Print(fmt.Sprintf("-rw-------  1 root  wheel  %8s %s ", childText(f, "file-size"), h.dev.Status().Now.UTC().Format("Jan _2 15:04")))
		}
		name := childText(f, "file-name")
		if dir.SelectAttrValue("name", "") == path.Clean(where) && path.Base(where) == name {
			name = where // a file, not a folder
		}
		h.term.Print(name + "\n")
	}
	return 0
}

// eachFile hands files to the RPC that prints or deletes them.
func (h *shell) eachFile(program, rpc, argument string, names []string) int {
	s := newSession(h.dev, h.term)
	for _, name := range names {
		a := s.callRPC("<" + rpc + ">" + elementXML(argument, name) + "</" + rpc + ">")
		if a.firstError() != nil {
			h.term.Print(program + ": " + name + ": No such file or directory\n")
			return 1
		}
		h.term.Print(renderOutput(a.root))
	}
	return 0
}

// startCLI starts the command line, or runs the commands of -c.
func (h *shell) startCLI(args []string) int {
	s := newSession(h.dev, h.term)
	if len(args) == 0 {
		s.converse()
		return 0
	}
	if args[0] != "-c" || len(args) < 2 {
		h.term.Print("usage: cli [-c command]\n")
		return 1
	}
	return s.runBatch(strings.Join(args[1:], " "))
}

// runBatch runs commands that are separated by semicolons.
func (s *session) runBatch(line string) int {
	s.batch = true
	for _, part := range splitSequence(line) {
		if s.closed {
			break
		}
		s.runLine(strings.TrimSpace(part))
	}
	failed := s.failed
	s.leaveSession()
	if failed {
		return 1
	}
	return 0
}

// splitSequence splits a line at semicolons outside of quotes.
func splitSequence(line string) []string {
	var parts []string
	var quote byte
	start := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote == 0 && (c == '"' || c == '\''), c == quote:
			quote ^= c
		case c == ';' && quote == 0:
			parts = append(parts, line[start:i])
			start = i + 1
		}
	}
	return append(parts, line[start:])
}
