// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// Load puts into the candidate what leads from one settings to the other, both
// as they are at their own place, and touches nothing else. It then looks
// whether that is there: a device may pass over a statement and call it good.
// That a statement is gone only a candidate shows that shows something.
// On a *RejectedError or an *IgnoredLoadError part of it may be in the candidate:
// discard it.
func (d *Device) Load(ctx context.Context, from, to vc.Settings) error {
	warnings, err := d.sendEdit(ctx, from, to)
	if err != nil {
		return err
	}
	c, err := d.readCandidate(ctx)
	if err == nil && from.HasMoreThan(to) && !c.showsService {
		err = d.refuseHiddenCandidate(ctx)
	}
	if err == nil && !c.Equal(to) {
		return ignoredLoad(from, to, c, warnings)
	}
	return err
}

// sendEdit loads the difference and returns what the device warns of.
func (d *Device) sendEdit(ctx context.Context, from, to vc.Settings) ([]Message, error) {
	op := withAttributes(newElement("load-configuration", buildEdit(from, to)), "action", "merge", "format", "xml")
	reply, spoken, err := d.callWrite(ctx, op, d.opts.RPCTimeout)
	return append(warningsOf(reply), spoken...), rejectedBy("load the configuration", reply, err)
}

// Discard throws the uncommitted edits away. Only for the holder of the lock:
// the candidate is shared.
func (d *Device) Discard(ctx context.Context) error {
	reply, spoken, err := d.callWrite(ctx, newElement("discard-changes"), d.opts.RPCTimeout)
	if err == nil {
		return refuseSuccess("discard the candidate", reply.OK || hasLoaded(reply), spoken)
	}
	return rejectedBy("discard the candidate", reply, err)
}

// Compare returns the difference between the candidate and the committed
// configuration as the CLI shows it, empty if there is none.
func (d *Device) Compare(ctx context.Context) (string, error) {
	op := withAttributes(newElement("get-configuration"), "compare", "rollback", "rollback", "0", "format", "text")
	reply, err := d.callOne(ctx, op, d.opts.RPCTimeout)
	var v struct {
		Output []string `xml:"configuration-output"`
	}
	if err := rejectedBy("compare the candidate", reply, err); err != nil {
		return "", err
	}
	if _, err := d.lastSeen().decodeLocal("compare the candidate", reply, "configuration-information", &v); err != nil {
		return "", err
	}
	diff := trimSpace(paintPattern.ReplaceAllString(strings.Join(v.Output, "\n"), ""))
	if diff != "" || (v.Output != nil || reply.OK) && len(spokenIn(reply)) == 0 {
		return diff, nil
	}
	// A reply without a comparison does not say that there is no difference.
	return "", errors.New("compare the candidate: the device answered with something other than a comparison")
}

// buildEdit builds the statements that differ. An encoder writes them: no value
// can become a statement of its own.
func buildEdit(from, to vc.Settings) *etree.Element {
	commit, ssh := newElement("commit"), newElement("ssh")
	switch {
	case to.SCP && !from.SCP:
		commit.AddChild(newElement("config-sync-with-scp"))
	case !to.SCP && from.SCP:
		commit.AddChild(markDeleted(newElement("config-sync-with-scp")))
	}
	if !maps.Equal(from.Record, to.Record) {
		commit.AddChild(editRecord(from.Record, to.Record))
	}
	addLeafEdit(ssh, "authorized-keys-command", from.Keys.Command, to.Keys.Command)
	addLeafEdit(ssh, "authorized-keys-command-user", from.Keys.User, to.Keys.User)
	system := newElement("system")
	if len(commit.Child) > 0 {
		system.AddChild(commit)
	}
	if len(ssh.Child) > 0 {
		system.AddChild(newElement("services", ssh))
	}
	return newElement("configuration", system)
}

func addLeafEdit(parent *etree.Element, tag, from, to string) {
	switch {
	case from == to:
	case to == "":
		parent.AddChild(markDeleted(newElement(tag)))
	default:
		parent.AddChild(newTextElement(tag, to))
	}
}

func editRecord(from, to vc.Record) *etree.Element {
	macro := newElement("apply-macro", newTextElement("name", vc.RecordName))
	if len(to) == 0 {
		return markDeleted(macro)
	}
	for _, id := range slices.Sorted(maps.Keys(from)) {
		if _, keep := to[id]; !keep {
			macro.AddChild(markDeleted(newElement("data", newTextElement("name", strconv.Itoa(id)))))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(to)) {
		if from[id] != to[id] {
			macro.AddChild(newElement("data", newTextElement("name", strconv.Itoa(id)), newTextElement("value", to[id].String())))
		}
	}
	return macro
}

func markDeleted(e *etree.Element) *etree.Element { return withAttributes(e, "operation", "delete") }

// hasLoaded knows the word of success that other sessions than NETCONF's get.
func hasLoaded(r *netconf.Reply) bool {
	doc, err := r.Document()
	return err == nil && doc.FindElement("/rpc-reply/load-configuration-results/load-success") != nil
}
