// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// maxHops bounds a list of jump hosts.
const maxHops = 8

// route is the way to the switch, decided before the first connection.
type route struct {
	hops    []*hop // bastions, then the switch
	command string // ProxyCommand, with its tokens replaced
}

// planRoute decides on the route and refuses options that make no sense.
func planRoute(c Config) (*route, error) {
	if err := c.checkOptions(); err != nil {
		return nil, err
	}
	file, err := c.readSSHConfig()
	if err != nil {
		return nil, err
	}
	target, err := newHop(c, c.Host, c.Port, c.User)
	if err != nil {
		return nil, err
	}
	target.knownPort = c.KnownPort
	say, err := target.applySSHConfig(file)
	if err != nil {
		return nil, err
	}
	if err := target.fillDefaults(); err != nil {
		return nil, err
	}
	jump, command, err := target.chooseProxy(say)
	if err != nil {
		return nil, err
	}
	r := &route{}
	if command != "" {
		if r.command, err = target.proxyCommand(command); err != nil {
			return nil, &ConfigError{Option: "proxy_command", Err: err}
		}
	}
	if r.hops, err = planJumps(c, target, jump, file); err != nil {
		return nil, &ConfigError{Option: "proxy_jump", Err: err}
	}
	r.hops = append(r.hops, target)
	return r, nil
}

func (c Config) checkOptions() error {
	if _, ok := algorithmsOf(c.Algorithms); !ok {
		return badOption("algorithms", "want modern, default or legacy, got %q", c.Algorithms)
	}
	switch c.HostKey {
	case Strict, AcceptNew, Insecure:
	default:
		return badOption("host_key", "want strict, accept_new or insecure, got %q", c.HostKey)
	}
	for _, p := range splitPins(c.HostKeyFingerprints) {
		if hash, ok := strings.CutPrefix(p, "SHA256:"); !ok || len(hash) != 43 {
			return badOption("host_key_fingerprint", "want SHA256: and 43 letters as ssh-keygen -l prints, got %q", p)
		}
	}
	return nil
}

// chooseProxy decides between the options and ssh_config; an option of either kind
// overrules both settings there.
func (h *hop) chooseProxy(say sshconfig.Host) (jump, command string, err error) {
	jump, command = h.cfg.ProxyJump, h.cfg.ProxyCommand
	if jump == "" && command == "" {
		command = say.ProxyCommand
		if jump, err = sshconfig.Expand(say.ProxyJump, h.hostTokens()); err != nil {
			return "", "", &ConfigError{Option: "ssh_config", Err: fmt.Errorf("ProxyJump: %w", err)}
		}
		if command != "" && !isNone(command) && say.ProxyUseFdpass == "yes" {
			return "", "", badOption("ssh_config", "ProxyUseFdpass is not understood here: ProxyCommand has to carry the bytes itself")
		}
	}
	if isNone(jump) {
		jump = ""
	}
	if isNone(command) {
		command = ""
	}
	if jump != "" && command != "" {
		return "", "", badOption("proxy_command", "want proxy_jump or proxy_command, got both")
	}
	return jump, command, nil
}

// planJumps reads [user@]host[:port],... or ssh:// URIs. A user that is not named is
// looked up in ssh_config, and else is the switch's.
func planJumps(c Config, target *hop, list string, file *sshconfig.Config) (hops []*hop, err error) {
	if list == "" {
		return nil, nil
	}
	specs := strings.Split(list, ",")
	if len(specs) > maxHops {
		return nil, fmt.Errorf("want at most %d hosts, got %d", maxHops, len(specs))
	}
	for i, spec := range specs {
		h, err := parseJump(c, strings.TrimSpace(spec))
		if err != nil {
			return nil, err
		}
		say, err := h.applySSHConfig(file)
		if err != nil {
			return nil, err
		}
		if hasProxy(say) && i == 0 {
			return nil, fmt.Errorf("%s has its own proxy in ssh_config; list all hosts here, in order", h.name)
		}
		if h.user == "" {
			h.user = target.user
		}
		if err := h.fillDefaults(); err != nil {
			return nil, err
		}
		hops = append(hops, h)
	}
	return hops, nil
}

func hasProxy(say sshconfig.Host) bool {
	return say.ProxyJump != "" && !isNone(say.ProxyJump) || say.ProxyCommand != "" && !isNone(say.ProxyCommand)
}

// parseJump reads [user@]host[:port], in which a user may hold an @. Nothing is
// quoted of what may hold a password.
func parseJump(c Config, spec string) (*hop, error) {
	spec, uri := strings.CutPrefix(spec, "ssh://")
	user, rest := "", spec
	if at := strings.LastIndexByte(spec, '@'); at >= 0 {
		user, rest = spec[:at], spec[at+1:]
		switch {
		case strings.Contains(user, ":"):
			return nil, errors.New("want no password in it")
		case user == "":
			return nil, fmt.Errorf("want [user@]host[:port], got %q", spec)
		}
	}
	if uri {
		rest = strings.TrimSuffix(rest, "/")
	}
	host, port := rest, 0
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		host = rest[:i]
		var err error
		if port, err = strconv.Atoi(rest[i+1:]); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("%q: want a port from 1 to 65535", rest)
		}
	}
	// What is pinned and named for the switch is not the bastion's.
	c.HostKeyFingerprints, c.ProxyJump = nil, ""
	h, err := newHop(c, host, port, user)
	if err != nil {
		return nil, err
	}
	h.bastion = true
	return h, nil
}

// readFiles reads keys and known_hosts of all hops, and so finds out about what
// cannot be used before anything is sent.
func (r *route) readFiles(ctx context.Context) (err error) {
	for _, h := range r.hops {
		if h.keys, err = h.readHostKeys(); err != nil {
			return err
		}
		if h.creds, err = h.gatherCredentials(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *route) closeAgents() {
	for _, h := range r.hops {
		h.creds.closeAgent()
	}
}

func (r *route) keepAlive() keepAlive {
	c := r.hops[len(r.hops)-1].cfg
	return keepAlive{c.KeepAliveInterval, c.KeepAliveCount}
}
