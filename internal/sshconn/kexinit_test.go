// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"net"
	"slices"
	"testing"

	"golang.org/x/crypto/ssh"
)

// What a server offers is read from its first packet, however the bytes arrive.
func TestOfferIsRead(t *testing.T) {
	payload := ssh.Marshal(&kexInit{KeyExchanges: []string{"curve25519-sha256"}, HostKeys: []string{"ssh-ed25519", "rsa-sha2-512"},
		CiphersTo: []string{"aes256-ctr"}, CiphersFrom: []string{"none"}, MACsTo: []string{"hmac-sha2-256"}})
	packet := append([]byte{0, 0, 0, byte(1 + len(payload) + 6), 6}, payload...)
	packet = append(packet, 1, 2, 3, 4, 5, 6)
	stream := append([]byte("a banner\r\nSSH-2.0-x\r\n"), append(packet, "and more"...)...)
	for _, size := range []int{1, 7, len(stream)} {
		w := watchConn(&chunkedConn{rest: slices.Clone(stream)})
		for range len(stream)/size + 1 {
			_, _ = w.Read(make([]byte, size))
		}
		o := w.offer()
		if !slices.Equal(o.KeyExchanges, []string{"curve25519-sha256"}) || !slices.Equal(o.HostKeys, []string{"ssh-ed25519", "rsa-sha2-512"}) ||
			!slices.Equal(o.Ciphers, []string{"aes256-ctr"}) || !slices.Equal(o.MACs, []string{"hmac-sha2-256"}) {
			t.Errorf("in pieces of %d: %+v", size, o)
		}
	}
}

// What is no such packet is no offer, and no panic.
func TestOddFirstPackets(t *testing.T) {
	for _, first := range [][]byte{nil, {0}, {0, 0, 0, 2, 9, 20}, {0xff, 0xff, 0xff, 0xff, 1, 20}, {0, 0, 0, 3, 1, 21, 0}, {0, 0, 0, 0, 0}} {
		w := &watchedConn{}
		w.keepOffer(first)
		if o := w.offer(); o.HostKeys != nil || o.Ciphers != nil {
			t.Errorf("%v: %+v", first, o)
		}
	}
}

// chunkedConn gives what it has.
type chunkedConn struct {
	net.Conn
	rest []byte
}

func (c *chunkedConn) Read(b []byte) (int, error) {
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}
