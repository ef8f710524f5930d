// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

// Dial connects and logs in, through the jump hosts if there are any. It ends
// within ConnectTimeout. The error is a *ConfigError when an option cannot be
// used, before anything was sent, and a *PhaseError else.
func Dial(ctx context.Context, c Config) (*Client, error) {
	c = c.withDefaults()
	route, err := planRoute(c)
	if err != nil {
		return nil, err
	}
	defer route.closeAgents()
	if err := route.readFiles(ctx); err != nil { // a passphrase takes its time, which is not the switch's
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.ConnectTimeout, &lateError{"connect_timeout", c.ConnectTimeout})
	defer cancel()
	client, err := route.dialHops(ctx)
	if err != nil {
		return nil, err
	}
	if k := route.keepAlive(); k.interval > 0 { // ssh_config may have switched it off
		client.startKeepAlive(k)
	}
	return client, nil
}

// lateError is the cause of a context that one of our options has ended.
type lateError struct {
	option string
	after  time.Duration
}

func (t *lateError) Error() string { return "no answer within " + phrase.Seconds(t.after) }

// Option names the option that would give more time.
func (t *lateError) Option() string { return t.option }

func (t *lateError) Is(target error) bool { return target == context.DeadlineExceeded }

// dialHops passes each hop in turn, and leaves nothing open when one refuses.
func (r *route) dialHops(ctx context.Context) (_ *Client, err error) {
	client := newClient()
	defer func() {
		if err != nil {
			_ = client.Close()
		}
	}()
	for _, h := range r.hops {
		if err := r.enterHop(ctx, client, h); err != nil {
			return nil, err
		}
	}
	return client, nil
}

// enterHop logs in to a hop, and again while it refuses and keys are left.
func (r *route) enterHop(ctx context.Context, client *Client, h *hop) error {
	for {
		conn, err := r.connectHop(ctx, client, h)
		if err != nil {
			return phaseError(ctx, PhaseConnect, h, err)
		}
		h.creds.beginTurn()
		err = client.logIn(ctx, h, conn)
		var refused *AuthError
		if !errors.As(err, &refused) || !h.creds.hasMore() {
			return err
		}
	}
}

// connectHop opens the byte stream to a hop: through the one before it, through
// ProxyCommand, or directly.
func (r *route) connectHop(ctx context.Context, client *Client, h *hop) (net.Conn, error) {
	if client.ssh != nil {
		return client.openForward(ctx, h)
	}
	if r.command != "" {
		return startCommand(r.command)
	}
	return h.dialTCP(ctx)
}

// phaseError names the phase, and says whether it was the deadline, the caller
// or the other side that ended it.
func phaseError(ctx context.Context, p Phase, h *hop, err error) error {
	var done *PhaseError
	if errors.As(err, &done) {
		return err
	}
	e := &PhaseError{Phase: p, Host: h.label(), Err: withoutDial(err, h)}
	if end, ok := ctx.Deadline(); ok && !time.Now().Before(end) {
		<-ctx.Done() // a dialer looks at the clock, and may be first to know
	}
	if ctx.Err() != nil {
		e.Err = context.Cause(ctx)
	}
	e.Remedy = remedyFor(p, h, e.Err)
	return e
}

// withoutDial takes off what a PhaseError says anyway: "dial tcp ADDRESS", if that is
// the host's.
func withoutDial(err error, h *hop) error {
	op, ok := err.(*net.OpError) //nolint:errorlint // what is around one says more
	if !ok {
		return err
	}
	inner := op.Err
	var call *os.SyscallError
	if errors.As(inner, &call) {
		inner = call.Err
	}
	if op.Addr == nil || op.Op != "dial" || op.Addr.String() == h.address() {
		return inner
	}
	return fmt.Errorf("%s: %w", op.Addr, inner)
}

// remedyFor tells an operator what to do about an error.
func remedyFor(p Phase, h *hop, err error) string {
	var (
		auth  *AuthError
		key   *HostKeyError
		algos *ssh.AlgorithmNegotiationError
		dns   *net.DNSError
		late  interface{ Option() string }

		command *commandError
		refused *ChannelError
	)
	switch {
	case errors.As(err, &auth) && h.bastion:
		return "this is a jump host, which is never shown the switch's password: set private_key_file or use_agent, and its user as user@host in proxy_jump"
	case errors.As(err, &auth):
		return auth.hint()
	case errors.As(err, &key):
		return key.hint()
	case errors.As(err, &algos):
		return h.algorithmHint(algos)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens on port %d: on the switch, set system services netconf ssh (port 830) or set system services ssh (port 22)", h.port)
	case errors.As(err, &command):
		return "run proxy_command by hand: it has to connect its standard input and output to the switch"
	case errors.As(err, &dns):
		return "check the name in the inventory, or set host to an address"
	case p == PhaseConnect:
		return "check the address, the route and the firewalls between here and there"
	case p == PhaseBanner:
		return fmt.Sprintf("check that an SSH server listens on port %d, and that its connection-limit and rate-limit are not reached", h.port)
	case errors.As(err, &refused) && refused.NoChannel():
		return "its limit of sessions may be reached: show system connections; or the user may not open any"
	case errors.Is(err, io.ErrUnexpectedEOF) && p == PhaseChannel:
		return "check the log of " + h.name + " (show log messages): the user may not open sessions there (login class, authorization by RADIUS or TACACS+), its connection-limit or rate-limit may be reached, or it was restarted; then run again"
	case errors.As(err, &late):
		return "raise " + late.Option() + " if the switch is slow"
	}
	return ""
}
