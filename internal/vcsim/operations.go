// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"maps"
	"strings"
	"sync"

	"github.com/beevik/etree"
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
		return operation{}, kindRead
	}
	switch {
	case spec.kind == kindCommit && op.FindElement("check") != nil:
		return spec, kindCheck
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
		"get-virtual-chassis-information": {kindRead, (*netconf).getVirtualChassis},
		"get-software-information":        {kindRead, (*netconf).getSoftware},
		"get-system-information":          {kindRead, (*netconf).getSystem},
		"get-system-uptime-information":   {kindRead, (*netconf).getUptime},
		"get-route-engine-information":    {kindRead, (*netconf).getRouteEngine},
		"get-chassis-inventory":           {kindRead, (*netconf).getInventory},
		"get-system-users-information":    {kindRead, (*netconf).getUsers},
		"get-interface-information":       {kindRead, (*netconf).getInterfaces},

		"get-ethernet-switching-table-information": {kindRead, (*netconf).getMACTable},
		"get-vlan-information":                     {kindRead, (*netconf).getVLANs},
		"get-arp-table-information":                {kindRead, (*netconf).getARP},
		"get-lldp-neighbors-information":           {kindRead, (*netconf).getLLDP},
		"get-alarm-information":                    {kindRead, (*netconf).getAlarms},
		"get-system-alarm-information":             {kindRead, (*netconf).getAlarms},

		"get-checksum-information": {kindRead, (*netconf).checksum},
		"file-list":                {kindRead, (*netconf).fileList},
		"file-show":                {kindRead, (*netconf).fileShow},
		"command":                  {kindRead, (*netconf).command},
		"request-shell-execute":    {kindWrite, (*netconf).shell},
		"kill-session":             {kindWrite, (*netconf).killSession},
		"close-session":            {kindRead, (*netconf).closeSession},
		"request-end-session":      {kindRead, (*netconf).closeSession},
	}
}

// configOperations are those of the configuration and its history.
func configOperations() map[string]operation {
	return map[string]operation{
		"get-configuration":                 {kindRead, (*netconf).getConfiguration},
		"get-config":                        {kindRead, (*netconf).getConfig},
		"get":                               {kindRead, (*netconf).getState},
		"get-rollback-information":          {kindRead, (*netconf).getRollback},
		"get-commit-information":            {kindRead, (*netconf).getCommits},
		"get-commit-revision-information":   {kindRead, (*netconf).getRevision},
		"get-configuration-database-status": {kindRead, (*netconf).getDatabaseStatus},
		"lock":                              {kindLock, (*netconf).lock},
		"unlock":                            {kindLock, (*netconf).unlock},
		"lock-configuration":                {kindLock, (*netconf).lock},
		"unlock-configuration":              {kindLock, (*netconf).unlock},
		"open-configuration":                {kindLock, (*netconf).openConfiguration},
		"close-configuration":               {kindLock, (*netconf).closeConfiguration},
		"load-configuration":                {kindWrite, (*netconf).loadConfiguration},
		"edit-config":                       {kindWrite, (*netconf).editConfig},
		"delete-config":                     {kindWrite, (*netconf).deleteConfig},
		"discard-changes":                   {kindWrite, (*netconf).discard},
		"rollback-config":                   {kindWrite, (*netconf).loadConfiguration},
		"commit":                            {kindCommit, (*netconf).commit},
		"commit-configuration":              {kindCommit, (*netconf).commit},
		"validate":                          {kindCheck, (*netconf).validate},

		"get-rescue-information":              {kindRead, (*netconf).getRescue},
		"request-save-rescue-configuration":   {kindWrite, (*netconf).saveRescue},
		"request-delete-rescue-configuration": {kindWrite, (*netconf).deleteRescue},
	}
}

func (n *netconf) closeSession(*etree.Element) reply { return reply{ok: true, close: true} }

// killSession ends another session of the same chassis by its process id.
func (n *netconf) killSession(op *etree.Element) reply {
	id := childText(op, "session-id")
	n.s.ch.mu.Lock()
	var victim *session
	for _, s := range n.s.ch.sessions {
		if itoa(s.id) == id && s != n.s {
			victim = s
		}
	}
	n.s.ch.mu.Unlock()
	if victim == nil {
		return failure(rpcError{Message: "invalid session id", Bad: id})
	}
	victim.kill()
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
