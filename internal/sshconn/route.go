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

// plan decides on the route and refuses options that make no sense.
func plan(c Config) (*route, error) {
	if err := c.check(); err != nil {
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
	say, err := target.apply(file)
	if err != nil {
		return nil, err
	}
	if err := target.finish(); err != nil {
		return nil, err
	}
	jump, command, err := c.proxy(say)
	if err != nil {
		return nil, err
	}
	r := &route{}
	if command != "" {
		if r.command, err = target.proxyCommand(command); err != nil {
			return nil, &ConfigError{Option: "proxy_command", Err: err}
		}
	}
	if r.hops, err = jumps(c, target, jump, file); err != nil {
		return nil, &ConfigError{Option: "proxy_jump", Err: err}
	}
	r.hops = append(r.hops, target)
	return r, nil
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
	return nil
}

// proxy decides between the options and ssh_config; an option of either kind
// overrules both settings there.
func (c Config) proxy(say sshconfig.Host) (jump, command string, err error) {
	jump, command = c.ProxyJump, c.ProxyCommand
	if jump == "" && command == "" {
		jump, command = say.ProxyJump, say.ProxyCommand
	}
	if none(jump) {
		jump = ""
	}
	if none(command) {
		command = ""
	}
	if jump != "" && command != "" {
		return "", "", badOption("proxy_command", "want proxy_jump or proxy_command, got both")
	}
	return jump, command, nil
}

// jumps reads [user@]host[:port],... or ssh:// URIs. A user that is not named is
// looked up in ssh_config, and else is the switch's.
func jumps(c Config, target *hop, list string, file *sshconfig.Config) (hops []*hop, err error) {
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
		say, err := h.apply(file)
		if err != nil {
			return nil, err
		}
		if proxied(say) && i == 0 {
			return nil, fmt.Errorf("%s has a proxy of its own in ssh_config; list all hosts here, in order", h.name)
		}
		if h.user == "" {
			h.user = target.user
		}
		if err := h.finish(); err != nil {
			return nil, err
		}
		hops = append(hops, h)
	}
	return hops, nil
}

func proxied(say sshconfig.Host) bool {
	return say.ProxyJump != "" && !none(say.ProxyJump) || say.ProxyCommand != "" && !none(say.ProxyCommand)
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
	host, digits, port := rest, "", 0
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		host, digits = rest[:i], rest[i+1:]
		var err error
		if port, err = strconv.Atoi(digits); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("%q: want a port from 1 to 65535", rest)
		}
	}
	// What is pinned and named for the switch is not the bastion's.
	c.HostKeyFingerprint = ""
	h, err := newHop(c, host, port, user)
	if err != nil {
		return nil, err
	}
	h.bastion = true
	return h, nil
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
