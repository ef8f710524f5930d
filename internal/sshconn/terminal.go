// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"cmp"
	"context"
	"time"

	"golang.org/x/crypto/ssh"
)

// The terminal that is asked for: wide, so that nothing is folded, and one that
// every switch knows.
const (
	terminalName    = "vt100"
	terminalColumns = 511
	terminalRows    = 100
)

// Terminal opens a channel with a pseudo terminal and what the user gets at a
// login: a command line or a shell. The terminal itself echoes nothing. It waits no
// longer than ConnectTimeout says (0: 30 s). A refusal is a *ChannelError.
func (c *Client) Terminal(ctx context.Context, most time.Duration) (*Stream, error) {
	most = cmp.Or(most, defaultConnectTimeout)
	ctx, cancel := context.WithTimeoutCause(ctx, most, &lateError{"connect_timeout", most})
	defer cancel()
	pty := ssh.Marshal(struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}{terminalName, terminalColumns, terminalRows, 0, 0, string(terminalModes())})
	return c.openChannel(ctx, channelRequest{"pty-req", "a terminal", pty}, channelRequest{"shell", "a login on the terminal", nil})
}

// terminalModes are encoded as RFC 4254 8 says. Only echo is switched off: line ends
// are those of a usual terminal until its shell changes them.
func terminalModes() []byte {
	modes := []byte{ssh.ECHO, 0, 0, 0, 0}
	for _, speed := range []byte{ssh.TTY_OP_ISPEED, ssh.TTY_OP_OSPEED} {
		modes = append(modes, speed, 0, 0, 0x96, 0) // 38400
	}
	return append(modes, 0) // TTY_OP_END
}
