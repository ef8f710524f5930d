// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"maps"
	"strings"
	"sync"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/sim/engine"
)

// operation is one RPC: how it is counted and permitted, and what it does.
type operation struct {
	kind string
	run  func(*netconf, *etree.Element) reply
}

// lookup finds the operation of an element. Some are a read or a write
// depending on what is in them.
func lookup(op *etree.Element) (operation, string) {
	spec, ok := operations()[op.Tag]
	if !ok {
		return operation{}, engine.KindRead
	}
	switch {
	case spec.kind == engine.KindCommit && op.FindElement("check") != nil:
		return spec, engine.KindCheck
	case op.Tag == "command":
		return spec, commandKind(strings.Fields(op.Text()))
	}
	return spec, spec.kind
}

// operations lists every RPC of the simulator. The list is made once: nobody
// changes it.
var operations = sync.OnceValue(func() map[string]operation {
	all := stateOperations()
	maps.Copy(all, configOperations())
	return all
})

// stateOperations are those of the chassis, its files and its sessions.
func stateOperations() map[string]operation {
	return map[string]operation{
		"get-virtual-chassis-information": {engine.KindRead, (*netconf).getVirtualChassis},
		"get-software-information":        {engine.KindRead, (*netconf).getSoftware},
		"get-system-information":          {engine.KindRead, (*netconf).getSystem},
		"get-system-uptime-information":   {engine.KindRead, (*netconf).getUptime},
		"get-route-engine-information":    {engine.KindRead, (*netconf).getRouteEngine},
		"get-chassis-inventory":           {engine.KindRead, (*netconf).getInventory},
		"get-system-users-information":    {engine.KindRead, (*netconf).getUsers},
		"get-interface-information":       {engine.KindRead, (*netconf).getInterfaces},

		"get-ethernet-switching-table-information": {engine.KindRead, (*netconf).getMACTable},
		"get-vlan-information":                     {engine.KindRead, (*netconf).getVLANs},
		"get-arp-table-information":                {engine.KindRead, (*netconf).getARP},
		"get-lldp-neighbors-information":           {engine.KindRead, (*netconf).getLLDP},
		"get-alarm-information":                    {engine.KindRead, (*netconf).getAlarms},
		"get-system-alarm-information":             {engine.KindRead, (*netconf).getAlarms},

		"get-checksum-information": {engine.KindRead, (*netconf).checksum},
		"file-list":                {engine.KindRead, (*netconf).fileList},
		"file-show":                {engine.KindRead, (*netconf).fileShow},
		"command":                  {engine.KindRead, (*netconf).command},
		"request-shell-execute":    {engine.KindWrite, (*netconf).shell},
		"kill-session":             {engine.KindWrite, (*netconf).killSession},
		"close-session":            {engine.KindRead, (*netconf).closeSession},
		"request-end-session":      {engine.KindRead, (*netconf).closeSession},
	}
}

// configOperations are those of the configuration and its history.
func configOperations() map[string]operation {
	return map[string]operation{
		"get-configuration":                 {engine.KindRead, (*netconf).getConfiguration},
		"get-config":                        {engine.KindRead, (*netconf).getConfig},
		"get":                               {engine.KindRead, (*netconf).getState},
		"get-rollback-information":          {engine.KindRead, (*netconf).getRollback},
		"get-commit-information":            {engine.KindRead, (*netconf).getCommits},
		"get-commit-revision-information":   {engine.KindRead, (*netconf).getRevision},
		"get-configuration-database-status": {engine.KindRead, (*netconf).getDatabaseStatus},
		"lock":                              {engine.KindLock, (*netconf).lock},
		"unlock":                            {engine.KindLock, (*netconf).unlock},
		"lock-configuration":                {engine.KindLock, (*netconf).lock},
		"unlock-configuration":              {engine.KindLock, (*netconf).unlock},
		"open-configuration":                {engine.KindLock, (*netconf).openConfiguration},
		"close-configuration":               {engine.KindLock, (*netconf).closeConfiguration},
		"load-configuration":                {engine.KindWrite, (*netconf).loadConfiguration},
		"edit-config":                       {engine.KindWrite, (*netconf).editConfig},
		"delete-config":                     {engine.KindWrite, (*netconf).deleteConfig},
		"discard-changes":                   {engine.KindWrite, (*netconf).discard},
		"rollback-config":                   {engine.KindWrite, (*netconf).loadConfiguration},
		"commit":                            {engine.KindCommit, (*netconf).commit},
		"commit-configuration":              {engine.KindCommit, (*netconf).commit},
		"validate":                          {engine.KindCheck, (*netconf).validate},

		"get-rescue-information":              {engine.KindRead, (*netconf).getRescue},
		"request-save-rescue-configuration":   {engine.KindWrite, (*netconf).saveRescue},
		"request-delete-rescue-configuration": {engine.KindWrite, (*netconf).deleteRescue},
	}
}

func (n *netconf) closeSession(*etree.Element) reply { return reply{ok: true, close: true} }

// killSession ends another session of the same chassis by its process id.
func (n *netconf) killSession(op *etree.Element) reply {
	id := childText(op, "session-id")
	if !n.s.KillOther(id) {
		return failure(rpcError{Message: "invalid session id", Bad: id})
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

func has(e *etree.Element, path string) bool { return e.FindElement(path) != nil }
