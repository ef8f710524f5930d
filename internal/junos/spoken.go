// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// callWrite performs one operation whose reply holds no data: whatever text stands in
// it, in which element ever, is the device's word on the operation.
func (d *Device) callWrite(ctx context.Context, op *etree.Element, timeout time.Duration) (*netconf.Reply, []Message, error) {
	reply, err := d.callOne(ctx, op, timeout)
	spoken := spokenIn(reply)
	d.noteWarnings(spoken...)
	return reply, spoken, err
}

// spokenIn returns, as warnings, the lines of text of a reply outside of its errors.
// Nobody has published where a release prints more than an <ok/>, so every place counts.
func spokenIn(reply *netconf.Reply) []Message {
	if reply == nil {
		return nil
	}
	doc, err := reply.Document()
	if err != nil {
		return nil
	}
	var s speech
	s.hear(doc.Root(), nil)
	return s.list.List()
}

// speech collects lines, each with the member that it is of.
type speech struct{ list Messages }

// hear takes in the text of an element and of those below it. member is the one in whose
// part of the reply they stand.
func (s *speech) hear(e *etree.Element, member *int) {
	if e.Tag == "routing-engine" || e.Tag == "multi-routing-engine-item" {
		if id, ok := memberID(engineOf(e)); ok {
			member = &id
		}
	}
	var text strings.Builder
	for _, token := range e.Child {
		if t, ok := token.(*etree.CharData); ok {
			text.WriteString(t.Data)
		}
	}
	s.hearLines(text.String(), member)
	for _, child := range e.ChildElements() {
		if !isHeardElsewhere(child) {
			s.hear(child, member)
		}
	}
}

// hearLines takes in what is not harmless. A line that only names an engine is the
// heading of those below it, as in the CLI.
func (s *speech) hearLines(text string, member *int) {
	for _, line := range linesOf(text) {
		line = oneLine(line)
		if headingPattern.MatchString(line) {
			member = nil
			if id, ok := memberID(line); ok {
				member = &id
			}
			continue
		}
		if meaning, _ := meaningOfLine(line); meaning != vc.Harmless {
			s.list.Add(Message{Severity: "warning", Message: cutText(line, maxText), Member: member})
		}
	}
}

var headingPattern = regexp.MustCompile(`(?i)^(?:(?:fpc|member|re|node) ?\d{1,2}(?:-re\d)?|localre):$`)

// isHeardElsewhere leaves out errors and warnings, which are heard anyway, names, and counts.
func isHeardElsewhere(e *etree.Element) bool {
	isOlder := (e.Tag == "error" || e.Tag == "warning") && (e.Space == "xnm" || strings.Contains(e.NamespaceURI(), "xml.juniper.net/xnm/"))
	return isOlder || slices.Contains([]string{"rpc-error", "name", "re-name", "banner", "load-error-count"}, e.Tag)
}

// engineOf is the name of the engine that a part of a reply is of. Below the item of a
// member "localre" is that member.
func engineOf(e *etree.Element) string {
	name := contentAt(e, "name") // an item has none
	if item := itemAround(e); isLocalEngine(name) && item != nil {
		return contentAt(item, "re-name")
	}
	return name
}

func itemAround(e *etree.Element) *etree.Element {
	for ; e != nil; e = e.Parent() {
		if e.Tag == "multi-routing-engine-item" {
			return e
		}
	}
	return nil
}

// refuseSuccess is the error of a reply that reports no success, or denies it in the
// same breath.
func refuseSuccess(operation string, isDone bool, said []Message) error {
	if !isDone {
		return fmt.Errorf("%s: the device did not confirm success%s", operation, quoteFirst(": ", said))
	}
	for _, m := range said {
		if meaning, cause := MeaningOf(m.Message); meaning == vc.Failure && (cause == CauseLock || cause == CausePermission) {
			return fmt.Errorf("%s: the device reports success, and also: %s", operation, m)
		}
	}
	return nil
}

func quoteFirst(before string, said []Message) string {
	if len(said) == 0 {
		return ""
	}
	return before + said[0].String()
}
