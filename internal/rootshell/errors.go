// SPDX-License-Identifier: GPL-3.0-or-later

package rootshell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/phrase"
	"github.com/vchassis/vchassis.junos/internal/secret"
)

// The phases of the dialogue, as errors name them.
const (
	phaseLogin    = "login at a terminal"
	phaseStart    = rootCommand
	phasePassword = "password of root"
	phaseShell    = "shell of root"
	phaseNETCONF  = "NETCONF in the shell of root"
)

// What can be wrong. An *Error wraps one of these, or how the terminal ended.
var (
	ErrUnusablePassword = errors.New("the password has a line end or another control character, which cannot be typed at a prompt; nothing was sent")
	ErrStrayPrompt      = errors.New("the terminal asked for a password before any command was sent; nothing was typed at that prompt")
	ErrMustChange       = errors.New("the switch requires a new password for this account before it lets it in")
	ErrNoCLI            = errors.New("the login got a shell, and the command cli did not start the CLI there")
	ErrNoPermission     = errors.New("the CLI did not open a shell")
	ErrNoPassword       = errors.New("the switch asks for the password of root, and none was given")
	ErrWrongPassword    = errors.New("the password of root was refused; it was sent once")
	ErrEchoed           = errors.New("the terminal printed the password of root; the session was ended")
	ErrNotRoot          = errors.New("the shell is not root's")
	ErrNoNETCONF        = errors.New("no NETCONF session started")
	ErrUnknownPrompt    = errors.New("unknown prompt; nothing was typed there")
	ErrSilent           = errors.New("no answer")
	ErrTooMuch          = fmt.Errorf("more than %d bytes without a prompt", mostSeen)
)

// Error is what went wrong in one phase of the dialogue. It wraps the cause.
type Error struct {
	Host  string
	Phase string
	Seen  string // the end of what the terminal printed; no secret is in it
	Err   error
}

func (e *Error) Error() string {
	text := e.Host + ": " + e.Phase + ": " + e.Err.Error()
	if e.Seen != "" {
		text += fmt.Sprintf("; the terminal shows %q", e.Seen)
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Code names the kind of the error for programs.
func (e *Error) Code() string { return "root_refused" }

// Hint returns what the operator can do; it may be empty.
func (e *Error) Hint() string {
	if remedy := remedyFor(e.Err); remedy != "" {
		return remedy
	}
	var late interface{ Option() string }
	switch {
	case errors.As(e.Err, &late):
		return "raise " + late.Option() + " if the switch is slow"
	case errors.Is(e.Err, io.ErrUnexpectedEOF):
		return "check whether the switch closes idle sessions, and whether its connection-limit is reached; then run again"
	}
	return ""
}

// remedyFor says what to do about one of these; "" about others.
func remedyFor(err error) string {
	switch {
	case errors.Is(err, ErrUnusablePassword):
		return "set root_password without control characters; check for a line end at its end"
	case errors.Is(err, ErrStrayPrompt):
		return "log in by hand at port shell_port and see what it asks"
	case errors.Is(err, ErrMustChange):
		return "log in by hand once and change the password"
	case errors.Is(err, ErrNoCLI):
		return "use a login whose class may use the CLI"
	case errors.Is(err, ErrNoPermission):
		return "give the class of this login the permissions shell and maintenance, or use become_root: login with an SSH key of root, where root-login is not deny"
	case errors.Is(err, ErrNoPassword):
		return "set root_password (scp_config_sync_root_password in the role)"
	case errors.Is(err, ErrWrongPassword):
		return "check root_password (scp_config_sync_root_password in the role): it is the password of system root-authentication"
	case errors.Is(err, ErrEchoed):
		return "change the password of root, and check the terminal by hand"
	case errors.Is(err, ErrNotRoot):
		return "run start shell user root and id -u by hand: it has to print 0"
	case errors.Is(err, ErrNoNETCONF):
		return "run xml-mode netconf need-trailer in the shell of root by hand: it has to print a hello"
	case errors.Is(err, ErrUnknownPrompt):
		return "do the same by hand at port shell_port and report the prompt to the authors, or use become_root: login"
	case errors.Is(err, ErrSilent):
		return "raise connect_timeout if the switch is slow"
	case errors.Is(err, ErrTooMuch):
		return "log in by hand at port shell_port and see what it prints"
	}
	return ""
}

const mostQuoted = 160

// failPhase is an error of this dialogue. What it shows is the end of the answer.
func (d *dialogue) failPhase(phase string, err error) error {
	seen := strings.TrimSpace(d.screen.visibleText())
	if p := d.options.Password.Reveal(); p != "" {
		seen = strings.ReplaceAll(seen, p, secret.Mask)
	}
	if over := len(seen) - mostQuoted; over > 0 {
		seen = strings.ToValidUTF8(seen[over:], "")
	}
	if errors.Is(err, ErrEchoed) {
		seen = ""
	}
	return &Error{Host: d.options.Host, Phase: phase, Seen: seen, Err: err}
}

// errLate ends a dialogue that takes too long.
var errLate = errors.New("the time for the dialogue has passed")

// timeoutCause says why the context has ended: where the dialogue did not go on, or
// because the caller has ended it.
func (d *dialogue) timeoutCause(ctx context.Context) error {
	switch cause := context.Cause(ctx); {
	case !errors.Is(cause, errLate):
		return cause
	case strings.TrimSpace(d.answerText()) != "":
		return ErrUnknownPrompt
	}
	return fmt.Errorf("%w within %s", ErrSilent, phrase.Seconds(d.options.Timeout))
}

// answerText is what has come behind the echo of what was typed.
func (d *dialogue) answerText() string {
	text := d.screen.visibleText()
	if _, after, found := strings.Cut(text, d.typed); found {
		return after
	}
	return text
}

// explainEnd names a terminal that has ended.
func (d *dialogue) explainEnd(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return d.timeoutCause(ctx)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the switch closed the terminal session: %w", io.ErrUnexpectedEOF)
	}
	return err
}
