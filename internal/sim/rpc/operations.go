// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"maps"
	"strings"
	"sync"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/cli"
	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// operation is one RPC: how it is counted and permitted, and what it does.
type operation struct {
	kind string
	run  func(*netconfSession, *etree.Element) reply
}

// operationOf finds the operation of an element. Some are a read or a write
// depending on what is in them.
func operationOf(op *etree.Element) (operation, string) {
	spec, ok := operations()[op.Tag]
	if !ok {
		return operation{}, engine.KindRead
	}
	switch {
	case spec.kind == engine.KindCommit && op.FindElement("check") != nil:
		return spec, engine.KindCheck
	case op.Tag == "command":
		return spec, commandKind(op.Text())
	}
	return spec, spec.kind
}

// operations lists every RPC of the simulator. The list is made once: nobody
// changes it.
var operations = sync.OnceValue(func() map[string]operation {
	all := stateOperations()
	maps.Copy(all, configOperations())
	maps.Copy(all, upkeepOperations())
	return all
})

// stateOperations are those of the chassis, its files and its sessions.
func stateOperations() map[string]operation {
	return map[string]operation{
		"get-virtual-chassis-information": {engine.KindRead, (*netconfSession).getVirtualChassis},
		"get-software-information":        {engine.KindRead, (*netconfSession).getSoftware},
		"get-system-information":          {engine.KindRead, (*netconfSession).getSystem},
		"get-system-uptime-information":   {engine.KindRead, (*netconfSession).getUptime},
		"get-route-engine-information":    {engine.KindRead, (*netconfSession).getRouteEngine},
		"get-chassis-inventory":           {engine.KindRead, (*netconfSession).getInventory},
		"get-authorization-information":   {engine.KindRead, (*netconfSession).getAuthorization},
		"get-system-users-information":    {engine.KindRead, (*netconfSession).getUsers},
		"get-interface-information":       {engine.KindRead, (*netconfSession).getInterfaces},

		"get-ethernet-switching-table-information": always(noMACs),
		"get-vlan-information":                     {engine.KindRead, (*netconfSession).getVLANs},
		"get-arp-table-information":                always(noARP),
		"get-lldp-neighbors-information":           always(noNeighbors),
		"get-alarm-information":                    always(noAlarms),
		"get-system-alarm-information":             always(noAlarms),

		"get-checksum-information": {engine.KindRead, (*netconfSession).getChecksum},
		"file-list":                {engine.KindRead, (*netconfSession).fileList},
		"file-show":                {engine.KindRead, (*netconfSession).fileShow},
		"command":                  {engine.KindRead, (*netconfSession).runCommand},
		"request-shell-execute":    {engine.KindWrite, (*netconfSession).runShell},
		"kill-session":             {engine.KindWrite, (*netconfSession).killSession},
		"close-session":            {engine.KindRead, (*netconfSession).closeSession},
		"request-end-session":      {engine.KindRead, (*netconfSession).closeSession},
	}
}

// configOperations are those of the configuration and its history.
func configOperations() map[string]operation {
	return map[string]operation{
		"get-configuration":                 {engine.KindRead, (*netconfSession).getConfiguration},
		"get-config":                        {engine.KindRead, (*netconfSession).getConfig},
		"get":                               {engine.KindRead, (*netconfSession).getState},
		"get-rollback-information":          {engine.KindRead, (*netconfSession).getRollback},
		"get-commit-information":            {engine.KindRead, (*netconfSession).getCommits},
		"get-commit-revision-information":   {engine.KindRead, (*netconfSession).getRevision},
		"get-configuration-database-status": {engine.KindRead, (*netconfSession).getDatabaseStatus},
		"lock":                              {engine.KindLock, (*netconfSession).lockCandidate},
		"unlock":                            {engine.KindLock, (*netconfSession).unlockCandidate},
		"lock-configuration":                {engine.KindLock, (*netconfSession).lockCandidate},
		"unlock-configuration":              {engine.KindLock, (*netconfSession).unlockCandidate},
		"open-configuration":                {engine.KindLock, (*netconfSession).openConfiguration},
		"close-configuration":               {engine.KindLock, (*netconfSession).closeConfiguration},
		"load-configuration":                {engine.KindWrite, (*netconfSession).loadConfiguration},
		"edit-config":                       {engine.KindWrite, (*netconfSession).editConfig},
		"delete-config":                     {engine.KindWrite, (*netconfSession).deleteConfig},
		"discard-changes":                   {engine.KindWrite, (*netconfSession).discardChanges},
		"rollback-config":                   {engine.KindWrite, (*netconfSession).loadConfiguration},
		"commit":                            {engine.KindCommit, (*netconfSession).commitCandidate},
		"commit-configuration":              {engine.KindCommit, (*netconfSession).commitCandidate},
		"validate":                          {engine.KindCheck, (*netconfSession).validateConfig},

		"get-rescue-information":              {engine.KindRead, (*netconfSession).getRescue},
		"request-save-rescue-configuration":   {engine.KindWrite, (*netconfSession).saveRescue},
		"request-delete-rescue-configuration": {engine.KindWrite, (*netconfSession).deleteRescue},
	}
}

// unknownOperation answers what is no operation of the simulator. A name that Juniper's
// models have not either is a syntax error.
func unknownOperation(name string) reply {
	if cli.IsPublished(name) {
		return absentReply(name)
	}
	return syntaxError(name)
}

func absentReply(what string) reply {
	return errorReply(rpcError{Tag: cli.AbsentTag, Message: "not simulated: " + what})
}

func (n *netconfSession) closeSession(*etree.Element) reply { return reply{ok: true, close: true} }

// killSession ends another session of the same chassis by its process id.
func (n *netconfSession) killSession(op *etree.Element) reply {
	id := childText(op, "session-id")
	if !n.s.KillOther(id) {
		return errorReply(rpcError{Message: "invalid session id", Bad: id})
	}
	return okReply()
}

// childText is the trimmed text of a child, whatever its prefix.
func childText(e *etree.Element, name string) string {
	if c := e.FindElement(name); c != nil {
		return strings.TrimSpace(c.Text())
	}
	return ""
}

func hasElement(e *etree.Element, path string) bool { return e.FindElement(path) != nil }
