// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/beevik/etree"
)

// operational is the grammar of the operational mode. It is made once: nobody changes it.
var operational struct {
	once    sync.Once
	grammar []command
}

func operationalCommands() []command {
	operational.once.Do(func() { operational.grammar = addPublished(simulatedCommands()) })
	return operational.grammar
}

func simulatedCommands() []command {
	return []command{
		{word: "configure", help: "Manipulate software configuration information", run: enterShared, sub: editModes()},
		{word: "edit", help: "Manipulate software configuration information", run: enterShared, sub: editModes()},
		{word: "exit", help: "Exit the management session", run: quitSession},
		{word: "file", help: "Perform file operations", sub: fileCommands()},
		{word: "junoscript", hidden: true, run: startNETCONF, rest: true},
		{word: "quit", help: "Exit the management session", run: quitSession},
		{word: "request", help: "Make system-level requests", sub: requestCommands()},
		{word: "set", help: "Set CLI properties, date/time, craft interface message", sub: setCommands()},
		{word: "show", help: "Show system information", reads: true, sub: showCommands()},
		{word: "start", help: "Start shell", sub: []command{{word: "shell", help: "Start shell", run: startShell, sub: []command{
			{word: "csh", help: "Start csh", run: startShell},
			{word: "sh", help: "Start sh", run: startShell},
			{word: "user", help: "Start shell as this user", sub: []command{{word: "root", help: "Username", run: startRootShell}}},
		}}}},
		{word: "xml-mode", hidden: true, run: startNETCONF, rest: true},
	}
}

func editModes() []command {
	return append([]command{
		{word: "exclusive", help: "Obtain exclusive lock", run: enterExclusive},
		{word: "private", help: "Work in private database", run: enterPrivate},
	}, allAbsent("batch dynamic ephemeral")...)
}

func quitSession(s *session, _ call) (result, error) {
	s.closed = true
	return result{}, nil
}

// renderRPC runs an operational RPC. Errors beside data are printed before it.
func (s *session) renderRPC(c call, rpc string, render func(*etree.Element) string) (result, error) {
	a := s.callRPC(rpc)
	err := a.firstError()
	if strings.TrimSpace(a.xml) == "" && err != nil {
		return result{}, placeError(err, c)
	}
	return result{text: a.remarkLines() + render(a.root), xml: a.xml, rpc: rpc}, nil
}

// placeError finds the word of the line that an RPC did not like.
func placeError(err error, c call) error {
	e, ok := err.(*Error)
	if ok && e.Message == "permission denied" && (e.Bad == "command" || e.Bad == "get-configuration") {
		path := strings.TrimSuffix(c.path, " no-confirm")
		return &Error{Message: e.Message, Bad: path[strings.LastIndexByte(path, ' ')+1:], Column: -1}
	}
	if !ok || !strings.HasPrefix(e.Message, "syntax error") {
		return err
	}
	for _, w := range splitWords(c.line) {
		if w.text == e.Bad {
			return &Error{Message: msgSyntax, Bad: e.Bad, Column: w.col}
		}
	}
	return err
}

func showCommands() []command {
	return []command{
		{word: "arp", help: "Show system Address Resolution Protocol table entries", show: get("get-arp-table-information", renderARP)},
		{word: "chassis", help: "Show chassis information", sub: []command{
			{word: "alarms", help: "Show chassis alarm status", show: get("get-alarm-information", renderAlarms)},
			{word: "hardware", help: "Show installed hardware components", show: get("get-chassis-inventory", renderHardware)},
			{word: "routing-engine", help: "Show Routing Engine status", show: get("get-route-engine-information", renderRoutingEngine)},
		}},
		{word: "cli", help: "Show command-line interface settings", run: showCLI, sub: []command{{word: "authorization", help: "Show authorization information", show: get("get-authorization-information", renderAuthorization)}}},
		{word: "configuration", help: "Show current configuration", run: showConfiguration, rest: true},
		{word: "interfaces", help: "Show interface information", show: get("get-interface-information", renderInterfaces)},
		{word: "log", help: "Show contents of log file", show: get("get-log", renderOutput)},
		{word: "lldp", help: "Show Link Layer Discovery Protocol information", sub: []command{
			{word: "neighbors", help: "Show Link Layer Discovery Protocol neighbors", show: get("get-lldp-neighbors-information", renderLLDP)},
		}},
		{word: "system", help: "Show system information", sub: systemCommands()},
		{word: "version", help: "Show software process revision levels", show: get("get-software-information", renderVersion)},
		{word: "virtual-chassis", help: "Show virtual chassis information", show: get("get-virtual-chassis-information", renderVirtualChassis), sub: []command{
			{word: "status", help: "Show virtual chassis information", show: get("get-virtual-chassis-information", renderVirtualChassis)},
			{word: "vc-port", help: "Show virtual chassis ports", show: get("get-virtual-chassis-port-information", renderPorts)},
		}},
		{word: "vlans", help: "Show VLAN information", show: get("get-vlan-information", renderVLANs)},
	}
}

func systemCommands() []command {
	return []command{
		{word: "alarms", help: "Show system alarm status", show: get("get-system-alarm-information", renderAlarms)},
		{word: "commit", help: "Show pending commit requests and commit history", show: get("get-commit-information", renderCommits), sub: []command{
			{word: "revision", help: "Show commit revision information", show: get("get-commit-revision-information", renderRevision)},
		}},
		{word: "configuration", help: "Show configuration information", sub: []command{{word: "database", help: "Show configuration database information", sub: []command{
			{word: "status", help: "Show configuration database status", show: get("get-configuration-database-status", renderEditors)},
		}}, {word: "rescue", help: "Show rescue configuration", show: get("get-rescue-information", renderOutput).asking("<format>text</format>")}}},
		{word: "connections", help: "Show system connection activity", run: showConnections},
		{word: "information", help: "Show system information", show: get("get-system-information", renderSystem)},
		{word: "processes", help: "Show system process table", show: get("get-system-process-information", renderOutput)},
		{word: "storage", help: "Show local storage data", show: get("get-system-storage", renderStorage)},
		{word: "rollback", help: "Show rolled back configuration", sub: []command{
			{word: "<number>", help: "Number of rollback configuration", run: showRollback, sub: []command{
				{word: "compare", help: "Difference between the two rollback configurations", sub: []command{{word: "<number>", help: "Number of rollback configuration", run: showRollback}}},
			}},
			{word: "compare", help: "Difference between the two rollback configurations", sub: []command{
				{word: "<number>", help: "Number of rollback configuration", sub: []command{{word: "<number>", help: "Number of rollback configuration", run: compareRollbacks}}},
			}},
		}},
		{word: "uptime", help: "Show time since system and processes started", show: get("get-system-uptime-information", renderUptime)},
		{word: "users", help: "Show users who are currently logged in", show: get("get-system-users-information", renderUsers)},
	}
}

// elementXML writes one element with text, whatever is in it.
func elementXML(name, text string) string {
	var b strings.Builder
	b.WriteString("<" + name + ">")
	_ = xml.EscapeText(&b, []byte(text))
	b.WriteString("</" + name + ">")
	return b.String()
}

// showConfiguration prints what is active; the words behind it are a path.
func showConfiguration(s *session, c call) (result, error) {
	r, err := s.showStatements(Committed, nil, c)
	r.rpc = `<get-configuration database="committed"/>`
	return r, err
}

// showStatements is the part of a configuration that the words select.
func (s *session) showStatements(source string, base []string, c call) (result, error) {
	config, err := s.dev.Configuration(source)
	if err != nil {
		return result{}, placeError(err, c)
	}
	path := append(append([]string(nil), base...), wordTexts(c.rest)...)
	if len(path) == 0 {
		return result{config: &config}, nil
	}
	if full, ok := config.Tree.Expanded(wordTexts(c.rest), base...); ok {
		path = full
	}
	if _, ok := config.Tree.TextAt(path...); !ok {
		return result{}, s.unknownStatement(config, base, c.rest)
	}
	return result{config: &config, path: path}, nil
}

// unknownStatement points at the first word that leads nowhere.
func (s *session) unknownStatement(config Config, base []string, words []word) error {
	path := append([]string(nil), base...)
	for _, w := range words {
		path = append(path, w.text)
		if _, ok := config.Tree.TextAt(path...); !ok && !keyMissing(config, path) {
			return &Error{Message: "syntax error", Bad: w.text, Column: w.col}
		}
	}
	last := words[len(words)-1]
	return &Error{Message: "syntax error, expecting <command>", Column: last.col + len(last.text)}
}

// keyMissing: the path ends with the name of a list.
func keyMissing(config Config, path []string) bool {
	_, ok := config.Tree.TextAt(append(append([]string(nil), path...), "0")...)
	return ok
}

func showRollback(s *session, c call) (result, error) {
	if len(c.args) == 2 {
		c.args[0], c.args[1] = c.args[1], c.args[0]
		return compareRollbacks(s, c)
	}
	if err := rollbackNumber(c.args[0], c); err != nil {
		return result{}, err
	}
	rpc := "<get-rollback-information>" + elementXML("rollback", c.args[0]) + "<format>text</format></get-rollback-information>"
	return s.renderRPC(c, rpc, renderOutput)
}

// compareRollbacks leads from the first configuration to the second.
func compareRollbacks(s *session, c call) (result, error) {
	for _, arg := range c.args {
		if err := rollbackNumber(arg, c); err != nil {
			return result{}, err
		}
	}
	rpc := "<get-rollback-information>" + elementXML("rollback", c.args[1]) + elementXML("compare", c.args[0]) + "<format>text</format></get-rollback-information>"
	return s.renderRPC(c, rpc, renderOutput)
}

func rollbackNumber(text string, c call) error {
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 49 {
		return nil
	}
	return &Error{Message: fmt.Sprintf("invalid value '%s': want 0 to 49", text), Column: max(0, strings.LastIndex(c.line, text))}
}
