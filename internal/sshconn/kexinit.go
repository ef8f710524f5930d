// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"encoding/binary"
	"slices"

	"golang.org/x/crypto/ssh"
)

// Offer is what a server has offered in its first message, in its order.
type Offer struct {
	KeyExchanges []string `json:"key_exchanges"`
	HostKeys     []string `json:"host_keys"`
	Ciphers      []string `json:"ciphers"` // towards the server
	MACs         []string `json:"macs"`
}

// Offer returns what the switch has offered; the zero value if that was not
// understood.
func (c *Client) Offer() Offer { return c.offer }

// maxPacket is the size of packet that every implementation takes (RFC 4253 6.1).
const maxPacket = 35000

// keepOffer collects the server's first packet: it is not encrypted yet, and x/crypto/ssh
// shows only what came of it.
func (c *watchedConn) keepOffer(b []byte) {
	if c.offered || len(b) == 0 {
		return
	}
	c.first = append(c.first, b...)
	c.offered = len(c.first) >= maxPacket || len(c.first) >= 4 && uint64(len(c.first)) >= 4+uint64(binary.BigEndian.Uint32(c.first))
}

// kexInit is SSH_MSG_KEXINIT (RFC 4253 7.1) up to where it is of interest.
type kexInit struct {
	Cookie                     [16]byte `sshtype:"20"`
	KeyExchanges, HostKeys     []string
	CiphersTo, CiphersFrom     []string
	MACsTo, MACsFrom           []string
	CompressionTo, Compression []string
	LanguagesTo, Languages     []string
	Follows                    bool
	Reserved                   uint32
}

// offer reads the packet that keepOffer has collected.
func (c *watchedConn) offer() Offer {
	if len(c.first) < 5 {
		return Offer{}
	}
	end, padding := 4+uint64(binary.BigEndian.Uint32(c.first)), uint64(c.first[4])
	if end > uint64(len(c.first)) || end < 5+padding {
		return Offer{}
	}
	var m kexInit
	if ssh.Unmarshal(slices.Clone(c.first[5:end-padding]), &m) != nil {
		return Offer{}
	}
	return Offer{KeyExchanges: m.KeyExchanges, HostKeys: m.HostKeys, Ciphers: m.CiphersTo, MACs: m.MACsTo}
}
