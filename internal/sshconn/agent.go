// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// openAgent returns the agent's keys. The connection stays open until the login
// is done, because the agent signs.
func (c *credentials) openAgent(ctx context.Context) ([]identity, error) {
	cfg := c.hop.cfg
	if !cfg.UseAgent {
		return nil, nil
	}
	if cfg.AgentSocket == "" {
		return nil, fmt.Errorf("none, %s is not set", cmp.Or(c.hop.agentVariable, "SSH_AUTH_SOCK"))
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", cfg.expandHome(cfg.AgentSocket))
	if err != nil {
		return nil, err
	}
	c.agent = conn
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := conn.SetDeadline(time.Now().Add(cfg.ConnectTimeout)); err != nil {
		return nil, err
	}
	signers, err := agent.NewClient(conn).Signers()
	if err != nil {
		return nil, fmt.Errorf("list keys of %s: %w", cfg.AgentSocket, err)
	}
	if err := conn.SetDeadline(time.Time{}); err != nil { // from here it ends with the login
		return nil, err
	}
	ids := make([]identity, len(signers))
	for i, s := range signers {
		ids[i] = identity{"agent", s}
	}
	return ids, nil
}

// addAgent adds the agent's keys after those of files. With IdentitiesOnly a
// file must have named them.
func (c *credentials) addAgent(keys []identity) {
	if c.hop.cfg.IdentitiesOnly {
		return
	}
	for _, id := range keys {
		if !slices.ContainsFunc(c.keys, func(k identity) bool { return sameKey(k.signer, id.signer) }) {
			c.keys = append(c.keys, id)
		}
	}
}

func sameKey(a, b ssh.Signer) bool {
	return bytes.Equal(a.PublicKey().Marshal(), b.PublicKey().Marshal())
}
