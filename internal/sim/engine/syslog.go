// SPDX-License-Identifier: GPL-3.0-or-later

package engine

import (
	"fmt"
	"net"
	"strings"
	"time"
)

// severities of syslog (RFC 5424 6.2.1), as Junos names them.
var severities = []string{"emergency", "alert", "critical", "error", "warning", "notice", "info"}

const (
	severityNotice = 5
	severityInfo   = 6
	facilityDaemon = 3
)

// logMessage is what a process of the switch writes to the system log.
type logMessage struct {
	severity           int
	process, tag, text string
}

// memberMessages are what the chassis says of a member that came or went.
func (ch *Chassis) memberMessages(id int, came bool, before *Member) []logMessage {
	adjacency, verb := logMessage{severityNotice, "vccpd", "VCCPD_PROTOCOL_ADJDOWN", "Lost adjacency to %s on vcp-255/1/0, "}, "delete"
	if came {
		adjacency, verb = logMessage{severityInfo, "vccpd", "VCCPD_PROTOCOL_ADJUP", "New adjacency to %s on vcp-255/1/0"}, "add"
	}
	adjacency.text = fmt.Sprintf(adjacency.text, fmt.Sprintf("0000.5e00.53%02x", id))
	change := logMessage{severityNotice, "chassisd", "CHASSISD_VCHASSIS_MEMBER_OP_NOTICE", fmt.Sprintf("Member change: vc %s of member %d", verb, id)}
	return []logMessage{adjacency, change, ch.updateMessage(before, "Changed")}
}

// updateMessage is what the primary says of the roles, as it has them now.
func (ch *Chassis) updateMessage(before *Member, members string) logMessage {
	primary, mode, mastership := ch.Primary(), "Master->Master", "Unchanged"
	if before != primary {
		mode, mastership = "Backup->Master", "Changed"
	}
	roles := fmt.Sprintf("%dM", primary.ID)
	if backup := ch.backupMember(); backup != nil {
		roles += fmt.Sprintf(" %dB", backup.ID)
	}
	text := fmt.Sprintf("Membership update: Member %d->%d, Mode %s, %s, Master %s, Members %s", primary.ID, primary.ID, mode, roles, mastership, members)
	return logMessage{severityNotice, "chassisd", "CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE", text}
}

// tellHosts sends the messages to the hosts that the configuration names in
// system syslog, and keeps them for the log. A host that does not answer is passed
// over, as by a switch.
func (ch *Chassis) tellHosts(messages ...logMessage) {
	tree, now := ch.Primary().ActiveTree(), ch.lab.clock.Now()
	for _, m := range messages {
		ch.lab.journal.addEntry(Entry{Time: now, Chassis: ch.Name, Member: ch.Primary().ID, Kind: kindMessage,
			Request: fmt.Sprintf("%s: %s: %s", m.process, m.tag, m.text)})
	}
	for _, host := range tree.List("system", "syslog", "host") {
		at := []string{"system", "syslog", "host", host}
		port, _ := tree.Get(append(at, "port")...)
		setDefault(&port, "514")
		transport, _ := tree.Get(append(at, "transport")...)
		setDefault(&transport, "udp")
		_, structured := tree.Get(append(at, "structured-data")...)
		var lines []string
		for _, m := range messages {
			if ch.isWanted(host, m.severity) {
				lines = append(lines, m.format(now, ch.Primary().HostName(), structured))
			}
		}
		sendLines(transport, net.JoinHostPort(host, port), lines)
	}
}

// isWanted: a host is sent what its configured severity, or a worse one, has.
func (ch *Chassis) isWanted(host string, severity int) bool {
	tree := ch.Primary().ActiveTree()
	for _, facility := range []string{"any", "daemon"} {
		at := []string{"system", "syslog", "host", host, facility}
		if _, all := tree.Get(append(at, "any")...); all {
			return true
		}
		for level := severity; level < len(severities); level++ {
			if _, ok := tree.Get(append(at, severities[level])...); ok {
				return true
			}
		}
	}
	return false
}

// format renders the message as Junos does, or as RFC 5424 has it.
func (m logMessage) format(now time.Time, host string, structured bool) string {
	priority := facilityDaemon<<3 | m.severity
	if structured {
		return fmt.Sprintf("<%d>1 %s %s %s 2010 %s [junos@2636.1.1.1.2.0] %s", priority, now.UTC().Format("2006-01-02T15:04:05.000Z"), host, m.process, m.tag, m.text)
	}
	return fmt.Sprintf("<%d>%s %s %s[2010]: %s: %s", priority, now.UTC().Format(time.Stamp), host, m.process, m.tag, m.text)
}

func sendLines(transport, address string, lines []string) {
	if len(lines) == 0 || transport == "tls" {
		return
	}
	conn, err := net.DialTimeout(transport, address, time.Second)
	if err != nil {
		return
	}
	defer conn.Close()
	_ = conn.SetWriteDeadline(time.Now().Add(time.Second))
	if transport == "tcp" {
		_, _ = conn.Write([]byte(strings.Join(lines, "\n") + "\n"))
		return
	}
	for _, line := range lines {
		_, _ = conn.Write([]byte(line))
	}
}
