// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import "github.com/beevik/etree"

// renderers write the replies of operational RPCs as a person reads them.
func renderers() map[string]func(*etree.Element) string {
	return map[string]func(*etree.Element) string{
		"get-alarm-information":             renderAlarms,
		"get-arp-table-information":         renderARP,
		"get-chassis-inventory":             renderHardware,
		"get-commit-information":            renderCommits,
		"get-commit-revision-information":   renderRevision,
		"get-configuration-database-status": renderEditors,
		"get-interface-information":         renderInterfaces,
		"get-lldp-neighbors-information":    renderLLDP,
		"get-route-engine-information":      renderRoutingEngine,
		"get-software-information":          renderVersion,
		"get-system-alarm-information":      renderAlarms,
		"get-system-information":            renderSystem,
		"get-system-uptime-information":     renderUptime,
		"get-system-users-information":      renderUsers,
		"get-virtual-chassis-information":   renderVirtualChassis,
		"get-vlan-information":              renderVLANs,
	}
}

// Format writes what an operational RPC answered, its XML, as text or as JSON.
// It returns false for an RPC that no command shows.
func Format(rpc, xml, format string) (string, bool) {
	render, ok := renderers()[rpc]
	if !ok {
		return "", false
	}
	if format == "json" {
		return toJSON(xml), true
	}
	root := parseReply(xml)
	if root == nil {
		return "", false
	}
	return render(root), true
}
