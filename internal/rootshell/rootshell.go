// SPDX-License-Identifier: GPL-3.0-or-later

// Package rootshell becomes root on a Junos switch behind an ordinary login: it
// holds the dialogue with a terminal, from the first prompt over "start shell user
// root" to NETCONF in root's shell, and hands the bytes of that session on.
//
// It knows the prompts and bytes of a terminal. It knows no SSH, no XML and no
// Ansible.
//
// Root's password is sent once, and to one prompt only: that which answers our own
// command on a command line that has proved to be one.
package rootshell

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

// Options say how root's shell is opened. Zero values work.
type Options struct {
	Host     string        // for messages
	Password secret.String // root's; "": there is none to give
	Timeout  time.Duration // for the whole dialogue, what connect_timeout says; 0: 30 s
	Quiet    time.Duration // how long nothing may follow a prompt; 0: 300 ms
}

func (o Options) withDefaults() Options {
	o.Host = cmp.Or(o.Host, "the switch")
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Quiet = cmp.Or(o.Quiet, 300*time.Millisecond)
	return o
}

// What is typed. A line ends in a line feed, which is the end of a line in every
// mode of a terminal.
const (
	probeCommand = "set cli screen-width 511" // the width of this login, and nothing else
	rootCommand  = "start shell user root"
	cliCommand   = "cli"
	exitCommand  = "exit"
	interrupt    = "\x03"
	// The terminal is raw before the first byte of NETCONF, and the shell ends with it.
	netconfCommand = "stty raw -echo; xml-mode netconf need-trailer; exit"
)

// Become holds the dialogue on a terminal, which it takes over, and closes when it
// fails. It returns the byte stream of a NETCONF session as root, at the first byte
// that the device sends there. The error is an *Error.
func Become(ctx context.Context, terminal io.ReadWriteCloser, o Options) (*Stream, error) {
	d := &dialogue{options: o.withDefaults(), screen: newScreen(terminal)}
	ctx, cancel := context.WithTimeoutCause(ctx, d.options.Timeout, errLate)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { d.screen.abortTerminal(context.Cause(ctx)) })
	defer stop()
	rest, err := d.becomeRoot(ctx)
	if err == nil && !stop() {
		err = d.failPhase(phaseNETCONF, d.timeoutCause(ctx))
	}
	if err != nil {
		d.leaveShells(ctx)
		return nil, err
	}
	return &Stream{screen: d.screen, rest: rest, prompt: d.prompt}, nil
}

// dialogue is one conversation with a terminal.
type dialogue struct {
	options Options
	screen  *screen
	at      place  // where the last answer has led
	prompt  string // of the command line, once it has proved to be one
	typed   string // last
	echoes  bool   // the command line prints what is typed
}

func (d *dialogue) becomeRoot(ctx context.Context) ([]byte, error) {
	if strings.ContainsFunc(d.options.Password.Reveal(), isControl) {
		return nil, d.failPhase(phasePassword, ErrUnusablePassword)
	}
	root, err := d.reachPrompt(ctx)
	if err == nil && !root {
		err = d.openRootShell(ctx)
	}
	if err != nil {
		return nil, err
	}
	return d.startNETCONF(ctx)
}

// reachPrompt waits for the first prompt. It returns true in a shell that is root's
// already, and false on a command line that has proved to be one.
func (d *dialogue) reachPrompt(ctx context.Context) (root bool, err error) {
	if err := d.awaitPlace(ctx, phaseLogin, firstPrompt, nil); err != nil {
		return false, err
	}
	if d.at.is == atShell { // a user without a class of the CLI's, or root
		uid, err := d.askOwner(ctx)
		if err != nil || uid == rootID {
			return err == nil, err
		}
		if err := d.askLine(ctx, phaseLogin, cliCommand, firstPrompt); err != nil {
			return false, err
		}
		if d.at.is == atShell {
			return false, d.failPhase(phaseLogin, ErrNoCLI)
		}
	}
	return false, d.provePrompt(ctx)
}

// provePrompt types a command that does no harm. What only looked like a prompt, in a
// banner or in a message of the day, does not come back after it.
func (d *dialogue) provePrompt(ctx context.Context) error {
	prompt := d.at.line
	if err := d.askLine(ctx, phaseLogin, probeCommand, promptReturns(prompt)); err != nil {
		return err
	}
	first, _, _ := strings.Cut(d.screen.visibleText(), "\n")
	d.prompt, d.echoes = prompt, strings.HasSuffix(strings.TrimSpace(first), probeCommand)
	return nil
}

// openRootShell opens root's shell, and answers the prompt for its password.
func (d *dialogue) openRootShell(ctx context.Context) error {
	err := d.askLine(ctx, phaseStart, rootCommand, d.afterCommand)
	if err == nil && d.at.is == atPassword {
		err = d.answerPassword(ctx)
	}
	switch {
	case err != nil:
		return err
	case d.at.is == atCLI:
		return d.failPhase(phaseStart, ErrNoPermission)
	}
	uid, err := d.askOwner(ctx)
	if err == nil && uid != rootID {
		return d.failPhase(phaseShell, ErrNotRoot)
	}
	return err
}

// answerPassword sends root's password: here, once, and nowhere else.
func (d *dialogue) answerPassword(ctx context.Context) error {
	if d.options.Password == "" {
		return d.failPhase(phasePassword, ErrNoPassword)
	}
	err := d.askLine(ctx, phasePassword, d.options.Password.Reveal(), d.afterPassword)
	switch {
	case err != nil:
		return err
	case d.at.is == atEcho:
		return d.failPhase(phasePassword, ErrEchoed)
	case d.at.is != atShell:
		return d.failPhase(phasePassword, ErrWrongPassword)
	}
	return nil
}

const rootID = "0"

// askOwner asks a shell whose it is. The mark is typed in two parts, so that its
// echo is not taken for it.
func (d *dialogue) askOwner(ctx context.Context) (uid string, err error) {
	mark := "vchassis-" + newNonce()
	err = d.askLine(ctx, phaseShell, `id -u; echo "`+mark[:8]+`""`+mark[8:]+`"`, findMark(mark))
	return d.at.line, err
}

// startNETCONF makes the terminal raw and starts the session. It returns what came
// from the session's first byte on.
func (d *dialogue) startNETCONF(ctx context.Context) ([]byte, error) {
	back := promptReturns(d.prompt)
	err := d.askLine(ctx, phaseNETCONF, netconfCommand, func(text string) place {
		if i := d.screen.findMarkup(); i >= 0 {
			return place{is: atNETCONF, offset: i}
		}
		return back(text)
	})
	switch {
	case err != nil:
		return nil, err
	case d.at.is != atNETCONF:
		return nil, d.failPhase(phaseNETCONF, ErrNoNETCONF)
	}
	return d.screen.seen[d.at.offset:], nil
}

// askLine types a line and waits for what follows.
func (d *dialogue) askLine(ctx context.Context, phase, line string, judge func(string) place) error {
	d.at, d.typed = place{}, line
	return d.awaitPlace(ctx, phase, judge, d.screen.typeLine(line))
}

// awaitPlace reads until the judge knows the place, and nothing follows a prompt that
// something could follow. What was typed meanwhile may fail.
func (d *dialogue) awaitPlace(ctx context.Context, phase string, judge func(string) place, typed <-chan error) error {
	for {
		d.at = judge(d.screen.visibleText())
		if d.at.is != nowhere && !d.at.unsure {
			return d.refusePlace(phase)
		}
		var quiet <-chan time.Time
		if d.at.is != nowhere {
			quiet = time.After(d.options.Quiet)
		}
		select {
		case <-quiet:
			return d.refusePlace(phase)
		case <-ctx.Done():
			return d.failPhase(phase, d.timeoutCause(ctx))
		case err := <-typed:
			if typed = nil; err != nil {
				return d.failPhase(phase, d.explainEnd(ctx, err))
			}
		case chunk, ok := <-d.screen.chunks:
			if !ok {
				return d.failPhase(phase, d.explainEnd(ctx, d.screen.err))
			}
			if !d.screen.addChunk(chunk) {
				return d.failPhase(phase, ErrTooMuch)
			}
		}
	}
}

// refusePlace refuses places where nothing of ours is typed, whatever the phase.
func (d *dialogue) refusePlace(phase string) error {
	switch {
	case d.at.is == atPassword && phase == phaseLogin:
		return d.failPhase(phase, ErrStrayPrompt)
	case d.at.is == atChange:
		return d.failPhase(phase, ErrMustChange)
	}
	return nil
}

// leaveShells ends what runs on the switch as far as it is known where we are. The end of
// the terminal ends the rest.
func (d *dialogue) leaveShells(ctx context.Context) {
	farewell := ""
	switch d.at.is {
	case atCLI, atRefusal:
		farewell = exitCommand
	case atShell, atMark:
		farewell = exitCommand + "\n" + exitCommand // the shell, then the command line
	case atPassword, atChange, atEcho:
		farewell = interrupt
	}
	if farewell != "" && ctx.Err() == nil {
		d.screen.typeLine(farewell)
		if farewell != interrupt {
			d.screen.drainUntil(politeness, nil)
		}
	}
	_ = d.screen.closeTerminal()
}
