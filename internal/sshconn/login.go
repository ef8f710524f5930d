// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/crypto/ssh"
)

// maxBanners bounds what a server can make us read before it decides on a login.
const maxBanners = 100

// logIn does the SSH handshake with a hop over conn, which it takes over.
func (c *Client) logIn(ctx context.Context, h *hop, conn net.Conn) error {
	w := watchConn(conn)
	c.keepConn(w)
	if h.creds.agent != nil {
		c.keepConn(h.creds.agent) // or a stuck agent would outlast the deadline
	}
	stop := context.AfterFunc(ctx, c.closeConns)
	defer stop()
	sc, chans, reqs, err := ssh.NewClientConn(w, h.address(), clientConfig(ctx, h, w))
	if err != nil {
		return phaseError(ctx, w.currentPhase(), h, loginError(w, h.creds, withoutHandshake(err)))
	}
	if !stop() { // the deadline came just now and has closed the connection
		_ = sc.Close()
		return phaseError(ctx, PhaseAuthentication, h, context.Cause(ctx))
	}
	c.warnings = slices.Concat(c.warnings, h.keys.warnings, h.creds.warnings, h.weakAlgorithms(), h.notFollowed())
	c.ssh, c.hop, c.offer = ssh.NewClient(sc, chans, reqs), h, w.offer()
	c.clients = append(c.clients, c.ssh)
	return nil
}

// withoutHandshake takes x/crypto's "ssh: handshake failed" off: the phase says more.
func withoutHandshake(err error) error {
	if inner := errors.Unwrap(err); inner != nil && strings.Contains(err.Error(), "ssh: handshake failed: ") {
		return inner
	}
	return err
}

func clientConfig(ctx context.Context, h *hop, w *watchedConn) *ssh.ClientConfig {
	algos := h.suite
	banners := 0
	return &ssh.ClientConfig{
		Config:            ssh.Config{KeyExchanges: algos.KeyExchanges, Ciphers: algos.Ciphers, MACs: algos.MACs, RekeyThreshold: h.rekeyAfter},
		User:              h.user,
		Auth:              h.creds.authMethods(),
		AuthCallback:      h.creds.noteMethods,
		HostKeyAlgorithms: h.keys.preferAlgorithms(algos.HostKeys),
		ClientVersion:     "SSH-2.0-vchassis",
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			w.enterPhase(PhaseHostKey)
			if err := h.keys.checkKey(ctx, key); err != nil {
				return err
			}
			w.enterPhase(PhaseAuthentication)
			return nil
		},
		BannerCallback: func(text string) error {
			h.creds.noteRemark(text)
			if banners++; banners > maxBanners {
				// Not by an error: x/crypto would leave two goroutines behind that
				// wait for somebody to read the rest.
				w.closeWith(fmt.Errorf("more than %d banners", maxBanners))
			}
			return nil
		},
	}
}

// loginError tells a refusal of the credentials from a lost connection.
func loginError(w *watchedConn, creds *credentials, err error) error {
	var ne net.Error
	var ended *commandError
	switch {
	case w.closedBecause() != nil:
		return w.closedBecause()
	case errors.As(err, &ended): // and says why
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return creds.loginCutOff(w.currentPhase(), err)
	case errors.Is(err, syscall.ECONNRESET): // the same, in haste
		return creds.loginCutOff(w.currentPhase(), syscall.ECONNRESET)
	case w.currentPhase() != PhaseAuthentication, errors.As(err, &ne), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe):
		return err
	}
	return creds.loginRefused(err)
}
