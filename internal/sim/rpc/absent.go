// SPDX-License-Identifier: GPL-3.0-or-later

package rpc

import (
	"slices"
	"strings"
)

// notSimulated is the error-tag of what a switch does and the simulator does not:
// nobody may take it for an answer of Junos, which knows no such tag.
const notSimulated = "not-simulated"

// absentOperations are RPCs of Junos that clients of switches ask for, and that are not
// here. A name that is neither here nor among the operations is a syntax error.
const absentOperations = `
clear-arp-table clear-dot1x-interface-session clear-ethernet-switching-table clear-interfaces-statistics clear-lldp-neighbors clear-log
clear-virtual-chassis-port-statistics clear-virtual-chassis-statistics delete-virtual-chassis-member-id file-archive file-compare
file-put file-rename get-bfd-session-information get-bgp-neighbor-information get-bgp-summary-information get-chassis-pic-mode-information
get-dot1x-interface-information get-environment-information get-ethernet-switching-interface-information get-firewall-filter-information
get-forwarding-table-information get-fpc-information get-instance-information get-interface-ethernet-switching-table
get-interface-optics-diagnostics-information get-ipv6-nd-information get-isis-adjacency-information get-lacp-interface-information get-led-information
get-license-summary-information get-lldp-information get-lldp-interface-neighbors get-lldp-interface-neighbors-information get-lldp-local-info
get-lldp-statistics-information get-mstp-bridge-configuration-information get-ospf-neighbor-information get-pic-information
get-poe-controller-information get-poe-interface-information get-route-information get-route-summary-information get-rtg-information get-sflow-information
get-snmp-information get-stp-bridge-information get-stp-bridge-interface-information get-support-information get-system-core-dumps
get-system-memory-information get-virtual-chassis-active-topology get-virtual-chassis-adjacency-information
get-virtual-chassis-database-information get-virtual-chassis-device-topology get-virtual-chassis-fast-failover get-virtual-chassis-interface-information
get-virtual-chassis-mode-information get-virtual-chassis-optics-diagnostics get-virtual-chassis-packet-path
get-virtual-chassis-port-statistics get-virtual-chassis-route-information get-virtual-chassis-statistics-information
get-vlan-ethernet-switching-table monitor-traffic ping request-halt request-line-card-login request-package-add request-package-delete
request-package-rollback request-package-validate request-power-off request-snapshot request-virtual-chassis-mode-mixed
request-virtual-chassis-renumber request-virtual-chassis-vc-port-delete-fpc-slot
request-virtual-chassis-vc-port-delete-pic-slot request-virtual-chassis-vc-port-set-fpc-slot request-virtual-chassis-vc-port-set-interface
request-virtual-chassis-vc-port-set-pic-slot set-virtual-chassis-member-id traceroute
`

// unknownOperation answers what is no operation of the simulator.
func unknownOperation(name string) reply {
	if slices.Contains(strings.Fields(absentOperations), name) {
		return failedAs(notSimulated, "not simulated: "+name)
	}
	return syntaxError(name)
}

func failedAs(tag, message string) reply { return errorReply(rpcError{Tag: tag, Message: message}) }
