// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import "testing"

// What switches ordinarily have in their configuration, the schema knows. These were refused once.
func TestOrdinaryStatementsAreKnown(t *testing.T) {
	const ordinary = `set system processes dhcp-service traceoptions file dhcp_logfile size 10m
set system processes dhcp-service traceoptions level all
set system processes web-management disable
set system phone-home server https://redirect.example.com
set system phone-home rfc-compliant
set system services dhcp-local-server group lan interface irb.0
set system name-server 192.0.2.53 source-address 192.0.2.1
set system ddos-protection protocols arp aggregate bandwidth 500
set system ddos-protection global disable-logging
set protocols evpn encapsulation vxlan
set protocols evpn extended-vni-list all
set protocols bgp group fabric neighbor 192.0.2.9 family evpn signaling
set policy-options policy-statement p term t then metric 5
set policy-options policy-statement p term t from route-filter 192.0.2.0/24 orlonger
set routing-options static route 0.0.0.0/0 next-hop 192.0.2.254
set routing-options static route 198.51.100.0/24 metric 7
set firewall family inet filter f term t then reject
set forwarding-options dhcp-relay server-group s 192.0.2.5
set interfaces ge-0/0/0 ether-options auto-negotiation
set interfaces ge-0/0/0 ether-options no-auto-negotiation
set interfaces ge-0/0/1 unit 0 routing-service enable
set system processes watchdog enable
set protocols rstp interface ge-0/0/0 edge
set routing-instances v instance-type virtual-router
set routing-instances v protocols bgp group g type external
set class-of-service interfaces ge-0/0/0 shaping-rate 1g
set vlans red vxlan vni 100
set protocols msdp peer 192.0.2.4 local-address 192.0.2.1
set multicast-snooping-options flood-groups 224.0.0.5
set routing-instances m vlans red vlan-id 200
set vlans red no-arp-suppression
set protocols ospf area 0.0.0.1 virtual-link neighbor-id 192.0.2.9 transit-area 0.0.0.2
set switch-options static-rvtep-mac mac 00:00:5e:00:53:01 remote-vtep 192.0.2.8
`
	tree := New(DefaultSchema("24.4R1"))
	for _, p := range tree.Load(ActionSet, FormatSet, ordinary) {
		t.Errorf("line %d: %v", p.Line, p)
	}
	checkRoundTrip(t, "ordinary", tree)
}
