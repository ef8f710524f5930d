// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"context"
	"fmt"
	"net"
)

// dialTCP connects to the first hop, in the family and from the address that
// ssh_config says. Where another host or a program connects, they have no say.
func (h *hop) dialTCP(ctx context.Context) (net.Conn, error) {
	network := map[string]string{"inet": "tcp4", "inet6": "tcp6"}[h.family]
	if network == "" {
		network = "tcp"
	}
	if h.cfg.Dial != nil {
		return h.cfg.Dial(ctx, network, h.address())
	}
	dialer := new(net.Dialer)
	if h.bindAddress != "" {
		from, err := resolveFor(ctx, network, h.bindAddress)
		if err != nil {
			return nil, fmt.Errorf("BindAddress of ssh_config: %w", err)
		}
		dialer.LocalAddr = from
	}
	return dialer.DialContext(ctx, network, h.address())
}

// resolveFor returns an address of ours that fits the network.
func resolveFor(ctx context.Context, network, host string) (*net.TCPAddr, error) {
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip"+network[len("tcp"):], host)
	if err != nil {
		return nil, err
	}
	return &net.TCPAddr{IP: found[0].AsSlice(), Zone: found[0].Zone()}, nil
}
