// SPDX-License-Identifier: GPL-3.0-or-later

package sshconn

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
)

// proxyCommand replaces the tokens of a ProxyCommand. Host names are of a small
// set of letters; what else a shell could misread is refused.
func (h *hop) proxyCommand(command string) (string, error) {
	tokens := h.hostTokens()
	for _, t := range []struct {
		token byte
		what  string
	}{{'r', "user"}, {'k', "HostKeyAlias"}} {
		value := tokens[t.token]
		if strings.Contains(command, "%"+string(t.token)) && strings.ContainsFunc(value, isForShell) {
			return "", fmt.Errorf("%%%c: %s %q holds letters that a shell could misread", t.token, t.what, value)
		}
	}
	return sshconfig.Expand(command, tokens)
}

// isForShell tells letters that a shell could take for more than themselves.
func isForShell(r rune) bool { return notHostName(r) && !strings.ContainsRune("@+:%", r) }

// commandConn is the stream of a ProxyCommand. It is one end of a socket pair,
// whose other end is the program's stdin and stdout: so it can be closed under a
// reader, like any connection.
type commandConn struct {
	net.Conn
	cmd    *exec.Cmd
	stderr *tail
	ended  chan struct{}
	once   sync.Once
}

// startCommand starts a shell with the command in a process group of its own,
// which is ended as a whole.
func startCommand(command string) (net.Conn, error) {
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, fmt.Errorf("proxy_command: %w", err)
	}
	defer theirs.Close()
	c := &commandConn{Conn: ours, cmd: exec.Command("/bin/sh", "-c", "exec "+command), stderr: new(tail), ended: make(chan struct{})}
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = theirs, theirs, c.stderr
	c.cmd.Env = slices.DeleteFunc(os.Environ(), isOurSecret)
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.cmd.WaitDelay = time.Second // for whoever inherited stderr
	if err := c.cmd.Start(); err != nil {
		_ = ours.Close()
		return nil, fmt.Errorf("proxy_command: %w", err)
	}
	go func() { // ends with the program, which Close kills
		defer close(c.ended)
		_ = c.cmd.Wait()
	}()
	return c, nil
}

// isOurSecret tells the variables that hold a password or passphrase for us, and
// not for the program.
func isOurSecret(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	ours := strings.HasPrefix(name, "VCHASSIS_") || strings.HasPrefix(name, "ANSIBLE_NET_")
	return ours && strings.Contains(name, "PASS")
}

func socketPair() (ours net.Conn, theirs *os.File, err error) {
	syscall.ForkLock.RLock() // no other program may inherit them
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(fds[0])
		syscall.CloseOnExec(fds[1])
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, nil, err
	}
	f := os.NewFile(uintptr(fds[0]), "proxy")
	defer f.Close() // FileConn has a copy
	if ours, err = net.FileConn(f); err != nil {
		_ = syscall.Close(fds[1])
		return nil, nil, err
	}
	return ours, os.NewFile(uintptr(fds[1]), "proxy"), nil
}

// Read explains an end of the stream by the end of the program.
func (c *commandConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		return n, err
	}
	return n, c.explainEnd(err)
}

// Write explains it too: whoever speaks first finds out.
func (c *commandConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	return n, c.explainEnd(err)
}

func (c *commandConn) explainEnd(err error) error {
	if err == nil || errors.Is(err, net.ErrClosed) { // by us
		return err
	}
	select {
	case <-c.ended:
		return &commandError{c.cmd.ProcessState.String(), c.stderr.String(), c.cmd.ProcessState.Success(), err}
	case <-time.After(100 * time.Millisecond): // stdout was closed, the program lives on
	}
	return err
}

// commandError is a program that has ended while it was needed.
type commandError struct {
	status, said string
	isSuccess    bool // it ended as it does when the other side hangs up
	err          error
}

func (e *commandError) Error() string {
	if e.said == "" {
		return "proxy_command ended: " + e.status
	}
	return fmt.Sprintf("proxy_command ended: %s: %.200q", e.status, e.said)
}

func (e *commandError) Unwrap() error { return e.err }

// Close ends the program and waits for it, so that no process is left behind.
func (c *commandConn) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		err = c.Conn.Close()
		select {
		case <-c.ended: // its number may be another's by now
			return
		default:
		}
		if e := syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL); e != nil && !errors.Is(e, syscall.ESRCH) {
			err = e
		}
		<-c.ended
	})
	return err
}

// tail keeps the end of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - tailSize; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return clean(string(t.buf))
}
