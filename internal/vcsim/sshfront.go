// SPDX-License-Identifier: GPL-3.0-or-later

package vcsim

import (
	"crypto/subtle"
	"errors"
	"net"
	"strconv"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

const (
	sshVersion = "SSH-2.0-OpenSSH_9.7"
	loginTime  = 30 * time.Second
)

// front is one address where clients log in: the chassis address, which leads to
// the primary, or the address of one member.
type front struct {
	listener net.Listener
	owner    func() *Member
	ch       *Chassis

	mu     sync.Mutex
	closed bool
	conns  map[net.Conn]bool
}

// openFront listens until the lab ends.
func (ch *Chassis) openFront(port int, owner func() *Member) (*front, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(ch.lab.listen, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	f := &front{listener: l, owner: owner, ch: ch, conns: map[net.Conn]bool{}}
	ch.lab.work.Go(f.accept)
	ch.lab.onClose(f.close)
	return f, nil
}

func (ch *Chassis) openFronts() (err error) {
	if ch.front, err = ch.openFront(ch.spec.Port, ch.primaryMember); err != nil {
		return err
	}
	for _, m := range ch.members {
		if ch.spec.MemberPorts || m.standalone() {
			if _, err := m.Address(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Address is where the chassis is reached: host and port.
func (ch *Chassis) Address() string { return ch.front.listener.Addr().String() }

// Address is where this member alone is reached; it is opened when first asked for.
func (m *Member) Address() (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.front == nil {
		f, err := m.ch.openFront(0, func() *Member { return m })
		if err != nil {
			return "", err
		}
		m.front = f
	}
	return m.front.listener.Addr().String(), nil
}

// ownAddress is the address of the member if it is open, or "".
func (m *Member) ownAddress() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.front == nil {
		return ""
	}
	return m.front.listener.Addr().String()
}

func (f *front) close() {
	f.listener.Close()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for conn := range f.conns {
		conn.Close()
	}
}

// track lets close end the connection; the returned function forgets it.
func (f *front) track(conn net.Conn) (forget func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		conn.Close()
	}
	f.conns[conn] = true
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.conns, conn)
	}
}

func (f *front) accept() {
	for {
		conn, err := f.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // out of descriptors
			continue
		}
		f.ch.lab.work.Go(func() { f.serve(conn) })
	}
}

// serve answers one connection, unless the limits or a broken sshd say no.
func (f *front) serve(conn net.Conn) {
	m := f.owner()
	defer conn.Close()
	if m.sshdBroken() || m.state() != statusPresent && !m.standalone() || !m.admit() {
		reset(conn)
		return
	}
	defer f.ch.leave()
	defer f.track(conn)()
	m.serveSSH(conn)
}

// reset ends a connection without the courtesy of a FIN.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	conn.Close()
}

// admit counts a connection against the limits: those of system services ssh,
// else the profile's.
func (m *Member) admit() bool {
	ch := m.ch
	most, rate := m.limit("connection-limit", ch.profile.ConnectionLimit), m.limit("rate-limit", ch.profile.RateLimit)
	now := ch.lab.clock.Now()
	ch.mu.Lock()
	defer ch.mu.Unlock()
	for len(ch.logins) > 0 && now.Sub(ch.logins[0]) > time.Minute {
		ch.logins = ch.logins[1:]
	}
	if rate > 0 && len(ch.logins) >= rate || most > 0 && ch.open >= most {
		return false
	}
	if rate > 0 {
		ch.logins = append(ch.logins, now)
	}
	ch.open++
	return true
}

func (m *Member) limit(name string, otherwise int) int {
	if text, ok := m.config().Get("system", "services", "ssh", name); ok {
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	}
	return otherwise
}

func (ch *Chassis) leave() {
	ch.mu.Lock()
	defer ch.mu.Unlock()
	ch.open--
}

// serveSSH is the member's sshd for operators.
func (m *Member) serveSSH(conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(loginTime))
	var user User
	c, channels, requests, err := ssh.NewServerConn(conn, m.sshConfig(&user))
	m.ch.lab.journal.change(m.ch.Name, func(c *Counters) {
		if err != nil {
			c.LoginsFailed++
		} else {
			c.Logins++
		}
	})
	if err != nil {
		return
	}
	_ = conn.SetDeadline(time.Time{})
	defer c.Close()
	go ssh.DiscardRequests(requests) // ends with the connection
	var work sync.WaitGroup
	for channel := range channels {
		if channel.ChannelType() != "session" {
			_ = channel.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		work.Go(func() { m.serveChannel(conn, user, channel) })
	}
	work.Wait()
}

// sshConfig accepts the users of the scenario by password, keyboard-interactive
// and public key. x/crypto calls one callback last before the login succeeds; it
// leaves the user behind.
func (m *Member) sshConfig(user *User) *ssh.ServerConfig {
	config := &ssh.ServerConfig{
		ServerVersion: sshVersion,
		MaxAuthTries:  6,
		PasswordCallback: func(c ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			return nil, m.byPassword(user, c.User(), string(password))
		},
		KeyboardInteractiveCallback: func(c ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge) (*ssh.Permissions, error) {
			answers, err := ask("", "", []string{"Password:"}, []bool{false})
			if err != nil || len(answers) != 1 {
				return nil, errDenied
			}
			return nil, m.byPassword(user, c.User(), answers[0])
		},
		PublicKeyCallback: func(c ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			return nil, m.byKey(user, c.User(), key)
		},
	}
	config.AddHostKey(m.frontKey())
	return config
}

// frontKey is the host key that operators see.
func (m *Member) frontKey() ssh.Signer {
	if m.ch.profile.HostKeys == "chassis" {
		return m.ch.members[0].hostKey()
	}
	return m.hostKey()
}

var errDenied = errors.New("permission denied")

func (m *Member) account(name string) (User, bool) {
	for _, u := range m.ch.spec.Users {
		if u.Name == name && (u.Class != "unauthorized") {
			return u, name != "root" || m.rootLogin() != "deny"
		}
	}
	return User{}, false
}

func (m *Member) byPassword(user *User, name, password string) error {
	u, ok := m.account(name)
	if !ok || u.Password == "" || subtle.ConstantTimeCompare([]byte(u.Password), []byte(password)) == 0 {
		return errDenied
	}
	if name == "root" && m.rootLogin() == "deny-password" {
		return errDenied
	}
	*user = u
	return nil
}

func (m *Member) byKey(user *User, name string, key ssh.PublicKey) error {
	u, ok := m.account(name)
	if !ok {
		return errDenied
	}
	for _, line := range u.SSHKeys {
		known, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line))
		if err == nil && string(known.Marshal()) == string(key.Marshal()) {
			*user = u
			return nil
		}
	}
	return errDenied
}
