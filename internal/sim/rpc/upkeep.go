// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"fmt"
	"path"
	"strconv"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// upkeepOperations are what people do to members and files around the procedure.
func upkeepOperations() map[string]operation {
	return map[string]operation{
		"get-virtual-chassis-port-information": {engine.KindRead, (*netconfSession).getPorts},
		"get-system-storage":                   {engine.KindRead, (*netconfSession).getStorage},
		"get-system-process-information":       {engine.KindRead, (*netconfSession).getProcesses},
		"get-log":                              {engine.KindRead, (*netconfSession).getLog},
		"file-copy":                            {engine.KindWrite, (*netconfSession).copyFile},
		"file-delete":                          {engine.KindWrite, (*netconfSession).deleteFile},
		"request-reboot":                       {engine.KindWrite, (*netconfSession).reboot},
		"request-virtual-chassis-recycle":      {engine.KindWrite, (*netconfSession).recycle},
		"request-virtual-chassis-reactivate":   {engine.KindWrite, (*netconfSession).reactivate},
		"request-virtual-chassis-renumber":     {engine.KindWrite, (*netconfSession).renumber},
	}
}

// getPorts lists the Virtual Chassis ports. Only the name of the reply is published; what is in it is ours.
func (n *netconfSession) getPorts(op *etree.Element) reply {
	return n.askMembers(op, false, func(p *page, m *engine.Member) {
		p.open("virtual-chassis-port-information")
		for port, other := range n.s.Chassis.Ring(m) {
			if other == nil {
				continue
			}
			p.record("port-information", "port-name", fmt.Sprintf("1/%d", port), "port-status", "Up", "port-speed", "40000",
				"neighbor-id", itoa(other.Slot()), "neighbor-interface", fmt.Sprintf("vcp-255/1/%d", 1-port))
		}
		p.close("virtual-chassis-port-information")
	})
}

func (n *netconfSession) getStorage(op *etree.Element) reply {
	const total = 2796512
	return n.askMembers(op, false, func(p *page, m *engine.Member) {
		used := total / 3
		if m.DiskFull() {
			used = total
		}
		p.open("system-storage-information", "junos:style", "brief")
		p.open("filesystem")
		p.leaf("filesystem-name", "/dev/gpt/junos")
		p.leaf("total-blocks", itoa(total), "junos:format", "1.3G")
		p.leaf("used-blocks", itoa(used), "junos:format", itoa(used/2048)+"M")
		p.leaf("available-blocks", itoa(total-used), "junos:format", itoa((total-used)/2048)+"M")
		p.leaf("used-percent", itoa(used*100/total))
		p.leaf("mounted-on", "/.mount")
		p.close("filesystem")
		p.close("system-storage-information")
	})
}

// getProcesses lists the processes that the simulator stands for.
func (n *netconfSession) getProcesses(*etree.Element) reply {
	text := "  PID  TT  STAT     TIME COMMAND\n    1  ??  ILs   0:00.10 /sbin/init\n"
	if len(n.s.Member.Listens()) > 0 {
		text += " 3907  ??  Is    0:00.02 /usr/sbin/sshd -D\n"
	}
	for _, s := range n.s.Chassis.LoggedIn() {
		if s.Member == n.s.Member {
			text += fmt.Sprintf("%5d  ??  I     0:00.20 mgd: (mgd) (%s)\n", s.ID, s.User.Name)
		}
	}
	return textReply(text)
}

func (n *netconfSession) getLog(op *etree.Element) reply {
	name := childText(op, "filename")
	if name == "" {
		return absentReply("get-log without filename")
	}
	show := etree.NewElement("file-show")
	show.CreateElement("filename").SetText("/var/log/" + path.Base(name))
	return n.fileShow(show)
}

func (n *netconfSession) copyFile(op *etree.Element) reply {
	return fileOutcome(n.s.CopyFile(childText(op, "source"), childText(op, "destination")))
}

func (n *netconfSession) deleteFile(op *etree.Element) reply {
	return fileOutcome(n.s.DeleteFile(childText(op, "path")))
}

func fileOutcome(refused string) reply {
	if refused != "" {
		return errorReply(rpcError{Message: "\n" + refused + "\n"})
	}
	return okReply()
}

// reboot takes the member of the session down, another, or all.
func (n *netconfSession) reboot(op *etree.Element) reply {
	for _, e := range op.ChildElements() {
		if e.Tag == "in" && e.Text() != "0" || e.Tag == "at" && e.Text() != "now" {
			return absentReply("request-reboot " + e.Tag)
		}
	}
	ids := []int{n.s.Member.ID}
	if hasElement(op, "all-members") {
		ids = nil
		for _, m := range n.s.Chassis.Present() {
			ids = append(ids, m.ID)
		}
	} else if want := childText(op, "member"); want != "" {
		id, err := strconv.Atoi(want)
		if err != nil || n.s.Chassis.Member(id) == nil {
			return invalidMember(op)
		}
		ids = []int{id}
	}
	for _, id := range ids {
		n.s.Chassis.RebootSoon(id)
	}
	p := n.newPage()
	p.open("request-reboot-results")
	p.leaf("request-reboot-status", fmt.Sprintf("\nShutdown NOW!\n[pid %d]\n", n.s.ID), "reboot-time", strconv.FormatInt(n.s.Chassis.Now().Unix(), 10))
	p.close("request-reboot-results")
	return reply{body: p.String()}
}

func (n *netconfSession) recycle(op *etree.Element) reply {
	id, err := strconv.Atoi(childText(op, "member-id"))
	if err != nil {
		return invalidMember(op)
	}
	return requestOutcome(n.s.Chassis.Recycle(id))
}

// renumber refuses the primary: which of its sessions a switch would keep, nobody has published.
func (n *netconfSession) renumber(op *etree.Element) reply {
	from, err := strconv.Atoi(childText(op, "member-id"))
	to, err2 := strconv.Atoi(childText(op, "new-member-id"))
	switch {
	case err != nil || err2 != nil:
		return invalidMember(op)
	case n.s.Chassis.Primary().ID == from:
		return absentReply("renumbering of the primary")
	}
	if err := n.s.Chassis.Renumber(from, to); err != nil {
		return requestOutcome(err)
	}
	return textReply(fmt.Sprintf("To move configuration specific to member ID %d to member ID %d, please\nuse the replace command. e.g. replace pattern ge-%[1]d/ with ge-%[2]d/", from, to))
}

func (n *netconfSession) reactivate(*etree.Element) reply {
	return requestOutcome(n.s.Member.Reactivate())
}

func requestOutcome(err error) reply {
	if err != nil {
		return errorReply(rpcError{Message: err.Error()})
	}
	return okReply()
}

func invalidMember(op *etree.Element) reply {
	return errorReply(rpcError{Message: "invalid member", Bad: op.Tag})
}
