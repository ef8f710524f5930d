// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"sync"

	"github.com/beevik/etree"
)

// view is an operational RPC and how a person reads its reply. The grammar is the
// list of them: no command can show an RPC that nobody can read.
type view struct {
	rpc, inside string // inside is what the request asks for
	render      func(*etree.Element) string
}

// get makes the view of an RPC.
func get(rpc string, render func(*etree.Element) string) *view {
	return &view{rpc: rpc, render: render}
}

// asking is the view of the same RPC with something in the request.
func (v *view) asking(inside string) *view { return &view{v.rpc, inside, v.render} }

func (v *view) run(s *session, c call) (result, error) {
	return s.renderRPC(c, requestXML(v.rpc, v.inside+c.asks), v.render)
}

func requestXML(rpc, inside string) string {
	if inside == "" {
		return "<" + rpc + "/>"
	}
	return "<" + rpc + ">" + inside + "</" + rpc + ">"
}

// views are those of the grammar by their RPC. Nobody changes the map.
var views = sync.OnceValue(func() map[string]*view {
	all := map[string]*view{}
	collectViews(operationalCommands(), all)
	return all
})

func collectViews(grammar []command, into map[string]*view) {
	for _, c := range grammar {
		if c.show != nil && into[c.show.rpc] == nil {
			into[c.show.rpc] = c.show
		}
		if c.asks == "" {
			collectViews(c.sub, into)
		}
	}
}

// Format writes what an operational RPC answered, its XML, as text or as JSON.
// It returns false for another form, and for an RPC that no command shows.
func Format(rpc, xml, format string) (string, bool) {
	shown := views()[rpc]
	if shown == nil || format != "json" && format != "text" && format != "ascii" {
		return "", false
	}
	if format == "json" {
		return toJSON(xml), true
	}
	root := parseReply(xml)
	if root == nil {
		return "", false
	}
	return shown.render(root), true
}

// Reads reports whether a command changes nothing on the switch. One that is not
// understood does not count as such.
func Reads(line string) bool {
	grammar := operationalCommands()
	for i, w := range splitWords(line) {
		at, err := chooseCommand(grammar, w, i == 0)
		if err != nil || at.reads {
			return err == nil
		}
		grammar = at.sub
	}
	return false
}
