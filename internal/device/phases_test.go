// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/leaktest"
	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

const (
	pad      = "<x>0123456789abcdef</x>\n"
	late     = "no answer within 1 s"
	reading  = "get-virtual-chassis-information" // the phase of a reply is what it answers
	nonsense = "\xff\xfe\xfd\xfc nonsense \x00\x01\x02\x03"
)

// Each phase of a module's way to its first reading, and what a server may do
// in it: be silent, be slow, send no end, or send what is none of it. The module
// ends in time, says where, leaves nothing behind, and memory does not grow with
// what the server sends. Until there is a session, the host is unreachable.
func TestModuleAgainstBrokenServers(t *testing.T) {
	for phase, faults := range map[string]map[string]fault{
		"connect":        {"silent": {start: backlogFull, want: late}, "broken": {start: nobody, want: "connection refused"}},
		"banner":         bannerFaults(),
		"key exchange":   keyExchangeFaults(),
		"authentication": authenticationFaults(),
		"channel":        channelFaults(),
		"hello":          helloFaults(),
		reading:          readingFaults(),
	} {
		for name, f := range faults {
			t.Run(phase+" "+name, func(t *testing.T) {
				leaktest.Check(t)
				srv := f.start(t)
				began := time.Now()
				result := enterOnce(t, srv)
				if took := time.Since(began); took > 20*time.Second {
					t.Errorf("took %s", took)
				}
				where := fmt.Sprintf(`%s:%d: %s: `, srv.Host, srv.Port, phase)
				if !strings.Contains(result, where+f.want) || !strings.Contains(result, `"failed":true`) || !strings.Contains(result, `"hint":`) && f.hint {
					t.Errorf("want %q, got %s", where+f.want, result)
				}
				if got := strings.Contains(result, `"unreachable":true`); got != (phase != reading) {
					t.Errorf("unreachable is %v: %s", got, result)
				}
				canary.Check(t, result)
			})
		}
	}
}

// fault is a server and what the module says of it.
type fault struct {
	start func(*testing.T) *sshtest.Server
	want  string
	hint  bool
}

// backlogFull is a server that has no place for another connection: what is
// sent to it is dropped, as by a firewall.
func backlogFull(t *testing.T) *sshtest.Server {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	port := name.(*syscall.SockaddrInet4).Port
	for range 3 { // until one waits
		conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", port), 200*time.Millisecond)
		if err != nil {
			return unknownTo(t, port)
		}
		t.Cleanup(func() { _ = conn.Close() })
	}
	t.Fatal("the backlog does not fill")
	return nil
}

func nobody(t *testing.T) *sshtest.Server {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return unknownTo(t, l.Addr().(*net.TCPAddr).Port)
}

func unknownTo(t *testing.T, port int) *sshtest.Server {
	s := &sshtest.Server{Host: "127.0.0.1", Port: port, KnownHosts: filepath.Join(t.TempDir(), "known_hosts")}
	sshtest.Write(t, s.KnownHosts, "")
	return s
}

// raw serves the bytes of a connection.
func raw(handle func(net.Conn)) func(*testing.T) *sshtest.Server {
	return func(t *testing.T) *sshtest.Server {
		srv := sshtest.Raw(t, handle)
		srv.KnownHosts = filepath.Join(t.TempDir(), "known_hosts")
		sshtest.Write(t, srv.KnownHosts, "")
		return srv
	}
}

// reset ends a connection in haste, once the client has spoken.
func reset(c net.Conn) {
	_, _ = c.Read(make([]byte, 1))
	_ = c.(*net.TCPConn).SetLinger(0)
}

func silent(rw io.Reader) { _, _ = io.Copy(io.Discard, rw) }

func say(w io.Writer, text string) { _, _ = io.WriteString(w, text) }

func bannerFaults() map[string]fault {
	return map[string]fault{
		"silent":  {raw(func(c net.Conn) { silent(c) }), late, true},
		"slow":    {raw(func(c net.Conn) { go silent(c); slow(c, strings.Repeat("welcome\r\n", 100)) }), late, true},
		"endless": {raw(func(c net.Conn) { endless(c, pad) }), "", true},
		"broken":  {raw(func(c net.Conn) { say(c, "HTTP/1.1 400 Bad Request\r\n\r\n") }), "the server closed the connection", true},
		"reset":   {raw(reset), "the server closed the connection: connection reset by peer", true},
	}
}

func keyExchangeFaults() map[string]fault {
	const version = "SSH-2.0-x\r\n"
	return map[string]fault{
		"silent": {raw(func(c net.Conn) { say(c, version); silent(c) }), late, true},
		"slow":   {raw(func(c net.Conn) { go silent(c); say(c, version); slow(c, string(packet(offer()))) }), late, true},
		"endless": {raw(func(c net.Conn) {
			go silent(c)
			say(c, version+string(packet(offer())))
			endless(c, string(packet(ssh.Marshal(ignore{strings.Repeat("x", 1000)}))))
		}), "", false},
		"broken": {raw(func(c net.Conn) { say(c, version+nonsense); silent(c) }), "", false},
	}
}

// offer is a KEXINIT (RFC 4253 7.1) with algorithms that the client knows.
func offer() []byte {
	m := struct {
		Cookie                                           [16]byte `sshtype:"20"`
		KEX, HostKey, CipherOut, CipherIn, MACOut, MACIn []string
		CompressOut, CompressIn, LanguageOut, LanguageIn []string
		Follows                                          bool
		Reserved                                         uint32
	}{KEX: []string{ssh.KeyExchangeECDHP256}, HostKey: []string{ssh.KeyAlgoED25519}}
	m.CipherOut, m.CipherIn = []string{ssh.CipherAES128CTR}, []string{ssh.CipherAES128CTR}
	m.MACOut, m.MACIn = []string{ssh.HMACSHA256}, []string{ssh.HMACSHA256}
	m.CompressOut, m.CompressIn = []string{"none"}, []string{"none"}
	_, _ = rand.Read(m.Cookie[:])
	return ssh.Marshal(m)
}

type ignore struct {
	Data string `sshtype:"2"`
}

// packet frames a payload before there are keys (RFC 4253 6).
func packet(payload []byte) []byte {
	padding := 8 - (5+len(payload))%8 + 8
	length := 1 + len(payload) + padding
	head := []byte{byte(length >> 24), byte(length >> 16), byte(length >> 8), byte(length), byte(padding)}
	return append(append(head, payload...), make([]byte, padding)...)
}

// tapped is a server whose wire can be written to beside SSH.
type tapped struct {
	sshtest.Go
	mu   sync.Mutex
	wire net.Conn
}

func tap() *tapped {
	g := &tapped{}
	g.Config.PasswordCallback = sshtest.Password(canary.Password)
	g.Wire = func(c net.Conn) { g.mu.Lock(); g.wire = c; g.mu.Unlock() }
	return g
}

func (g *tapped) say(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	say(g.wire, text)
}

// authenticates is a server that does this with a password.
func authenticates(answer func(g *tapped, m ssh.ServerPreAuthConn)) func(*testing.T) *sshtest.Server {
	return func(t *testing.T) *sshtest.Server {
		g := tap()
		g.Config.PasswordCallback = func(m ssh.ConnMetadata, _ []byte) (*ssh.Permissions, error) {
			answer(g, m.(ssh.ServerPreAuthConn))
			return nil, io.EOF
		}
		return g.Start(t)
	}
}

func authenticationFaults() map[string]fault {
	banners := func(m ssh.ServerPreAuthConn, pause time.Duration) {
		for m.SendAuthBanner("wait\n") == nil {
			time.Sleep(pause)
		}
	}
	return map[string]fault{
		"silent":  {authenticates(func(g *tapped, _ ssh.ServerPreAuthConn) { silent(g.wire) }), late, true},
		"slow":    {authenticates(func(_ *tapped, m ssh.ServerPreAuthConn) { banners(m, 50*time.Millisecond) }), late, true},
		"endless": {authenticates(func(_ *tapped, m ssh.ServerPreAuthConn) { banners(m, 0) }), "more than 100 banners", false},
		"broken":  {authenticates(func(g *tapped, _ ssh.ServerPreAuthConn) { g.say(strings.Repeat(nonsense, 100)); silent(g.wire) }), "", false},
	}
}

// channels is a server that does this instead of opening one.
func channels(answer func(g *tapped, c *ssh.ServerConn)) func(*testing.T) *sshtest.Server {
	return func(t *testing.T) *sshtest.Server {
		g := tap()
		g.Conn = func(c *ssh.ServerConn, chans <-chan ssh.NewChannel, reqs <-chan *ssh.Request) {
			go ssh.DiscardRequests(reqs)
			<-chans
			answer(g, c)
		}
		return g.Start(t)
	}
}

func channelFaults() map[string]fault {
	requests := func(c *ssh.ServerConn, pause time.Duration) {
		for {
			if _, _, err := c.SendRequest("hostkeys-00@openssh.com", false, []byte(pad)); err != nil {
				return
			}
			time.Sleep(pause)
		}
	}
	return map[string]fault{
		"silent":  {channels(func(_ *tapped, c *ssh.ServerConn) { _ = c.Wait() }), late, true},
		"slow":    {channels(func(_ *tapped, c *ssh.ServerConn) { requests(c, 50*time.Millisecond) }), late, true},
		"endless": {channels(func(_ *tapped, c *ssh.ServerConn) { requests(c, 0) }), late, true},
		"broken":  {channels(func(g *tapped, c *ssh.ServerConn) { g.say(strings.Repeat(nonsense, 100)); _ = c.Wait() }), "", false},
	}
}

// netconfs is a server whose subsystem is this.
func netconfs(handle func(ssh.Channel)) func(*testing.T) *sshtest.Server {
	return func(t *testing.T) *sshtest.Server {
		g := tap()
		g.Accept, g.Handle = func(string) bool { return true }, handle
		return g.Start(t)
	}
}

func helloFaults() map[string]fault {
	return map[string]fault{
		"silent":  {netconfs(func(ch ssh.Channel) { silent(ch) }), "no answer within ", true},
		"slow":    {netconfs(func(ch ssh.Channel) { slow(ch, serverHello) }), "no answer within ", true},
		"endless": {netconfs(func(ch ssh.Channel) { endless(ch, "<!-- a comment of some length -->\n") }), "message larger than the limit", true},
		"broken":  {netconfs(func(ch ssh.Channel) { say(ch, "<hello><a></hello>]]>]]>"); silent(ch) }), "malformed XML", true},
	}
}

func readingFaults() map[string]fault {
	after := func(do func(ssh.Channel)) func(*testing.T) *sshtest.Server {
		return netconfs(func(ch ssh.Channel) { say(ch, serverHello); do(ch) })
	}
	return map[string]fault{
		"silent":  {after(func(ch ssh.Channel) { silent(ch) }), late, true},
		"slow":    {after(func(ch ssh.Channel) { slow(ch, strings.Repeat(" ", 1000)) }), late, true},
		"endless": {after(func(ch ssh.Channel) { say(ch, `<rpc-reply message-id="1">`); endless(ch, pad) }), "message larger than the limit", true},
		"broken":  {after(func(ch ssh.Channel) { say(ch, "<rpc-reply><a></rpc-reply>]]>]]>"); silent(ch) }), "malformed XML", true},
	}
}
