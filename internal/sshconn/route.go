// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"context"
	"errors"
	"net"
	"strings"
)

// route is the way to the switch, decided before the first connection.
type route struct {
	hops    []*hop // bastions, then the switch
	command string // ProxyCommand, with its tokens replaced
}

// plan decides on the route and refuses options that make no sense.
func plan(c Config) (*route, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	target, err := newHop(c, c.Host, c.Port, c.User)
	if err != nil {
		return nil, &ConfigError{Option: "host", Err: err}
	}
	if err := target.finish(); err != nil {
		return nil, err
	}
	return &route{hops: []*hop{target}}, nil
}

func (c Config) check() error {
	if _, ok := algorithms(c.Algorithms); !ok {
		return badOption("algorithms", "want modern, default or legacy, got %q", c.Algorithms)
	}
	switch c.HostKey {
	case Strict, AcceptNew, Insecure:
	default:
		return badOption("host_key", "want strict, accept_new or insecure, got %q", c.HostKey)
	}
	for _, p := range pins(c.HostKeyFingerprint) {
		if hash, ok := strings.CutPrefix(p, "SHA256:"); !ok || len(hash) != 43 {
			return badOption("host_key_fingerprint", "want SHA256: and 43 letters as ssh-keygen -l prints, got %q", p)
		}
	}
	if c.ProxyJump+c.ProxyCommand+c.SSHConfig != "" {
		return badOption("proxy_jump", "this and proxy_command and ssh_config are not built yet")
	}
	if c.ProxyJump != "" && c.ProxyCommand != "" {
		return badOption("proxy_command", "want proxy_jump or proxy_command, got both")
	}
	return nil
}

// prepare reads keys and known_hosts of all hops, and so finds out about what
// cannot be used before anything is sent.
func (r *route) prepare(ctx context.Context) (err error) {
	for _, h := range r.hops {
		if h.keys, err = h.hostKeys(); err != nil {
			return err
		}
		if h.creds, err = h.credentials(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *route) close() {
	for _, h := range r.hops {
		h.creds.close()
	}
}

func (r *route) keepAlive() keepAlive {
	c := r.hops[len(r.hops)-1].cfg
	return keepAlive{c.KeepAliveInterval, c.KeepAliveCount}
}

var errUnused = errors.New("unused")

func startCommand(string) (net.Conn, error) { return nil, errUnused }
