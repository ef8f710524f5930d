// SPDX-License-Identifier: GPL-3.0-or-later

package device

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

const serverHello = `<!-- user root, class super-user -->
<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities>` +
	`<session-id>1</session-id></hello>]]>]]>`

// Each phase of a module's way to its first reading, and what a server may do
// in it: the module ends in time, says where, leaves nothing behind, and memory
// does not grow with what the server sends.
func TestModuleAgainstBrokenServers(t *testing.T) {
	const pad, late = "<x>0123456789abcdef</x>\n", "no answer within 1s"
	read := func(ch ssh.Channel) { _, _ = io.Copy(io.Discard, ch) }
	for _, row := range []struct {
		name   string
		raw    func(net.Conn)
		handle func(ssh.Channel)
		want   string
	}{
		{name: "silent before the banner", raw: func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, want: "banner: no answer within 1s"},
		{name: "endless before the banner", raw: func(c net.Conn) { endless(c, pad) }, want: "banner: "},
		{name: "silent key exchange", raw: func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-x\r\n"); _, _ = io.Copy(io.Discard, c) }, want: "key exchange: no answer within 1s"},
		{name: "silent instead of a hello", handle: read, want: "hello: no answer within"},
		{name: "endless hello", handle: func(ch ssh.Channel) { endless(ch, "<!-- a comment of some length -->\n") }, want: "larger than the limit"},
		{name: "a slow hello", handle: func(ch ssh.Channel) { slow(ch, serverHello) }, want: "hello: no answer within"},
		{name: "broken hello", handle: func(ch ssh.Channel) { _, _ = io.WriteString(ch, "<hello><a></hello>]]>]]>"); read(ch) }, want: "hello: malformed XML"},
		{name: "silent after the hello", handle: func(ch ssh.Channel) { _, _ = io.WriteString(ch, serverHello); read(ch) }, want: late},
		{name: "a slow reply", handle: func(ch ssh.Channel) { _, _ = io.WriteString(ch, serverHello); slow(ch, strings.Repeat(" ", 1000)) }, want: late},
		{name: "endless reply", handle: func(ch ssh.Channel) {
			_, _ = io.WriteString(ch, serverHello+"<rpc-reply message-id=\"1\">")
			endless(ch, pad)
		},
			want: "larger than the limit"},
		{name: "broken reply", handle: func(ch ssh.Channel) {
			_, _ = io.WriteString(ch, serverHello+"<rpc-reply><a></rpc-reply>]]>]]>")
			read(ch)
		}, want: "malformed XML"},
	} {
		t.Run(row.name, func(t *testing.T) {
			nothingLeft(t)
			srv := brokenServer(t, row.raw, row.handle)
			began := time.Now()
			result := enterOnce(t, srv)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("took %s", took)
			}
			if !strings.Contains(result, row.want) || !strings.Contains(result, `"failed":true`) || strings.Contains(result, goodPassword) {
				t.Errorf("want %q, got %s", row.want, result)
			}
		})
	}
}

func brokenServer(t *testing.T, raw func(net.Conn), handle func(ssh.Channel)) *sshtest.Server {
	if raw == nil {
		g := &sshtest.Go{Config: ssh.ServerConfig{PasswordCallback: sshtest.Password(goodPassword)}, Accept: func(string) bool { return true }, Handle: handle}
		return g.Start(t)
	}
	srv := sshtest.Raw(t, raw)
	srv.KnownHosts = filepath.Join(t.TempDir(), "known_hosts")
	sshtest.Write(t, srv.KnownHosts, "")
	return srv
}

// enterOnce runs a module that does nothing but begin, with limits of a second.
func enterOnce(t *testing.T, srv *sshtest.Server) string {
	arguments, err := json.Marshal(map[string]any{"host": srv.Host, "port": srv.Port, "username": "admin", "password": goodPassword,
		"known_hosts": srv.KnownHosts, "connect_timeout": 1, "rpc_timeout": 1, "use_agent": false})
	if err != nil {
		t.Fatal(err)
	}
	m := ansible.New("probe", func(ctx context.Context, task ansible.Task, p login) (struct{}, error) {
		s, err := Begin(ctx, task, p.Connection, p.ChassisFIPS)
		if err == nil {
			s.Close()
		}
		return struct{}{}, err
	})
	out, _ := m.Run(t.Context(), arguments, nil)
	return string(out)
}

func endless(w io.Writer, text string) {
	block := strings.Repeat(text, 1000)
	for {
		if _, err := io.WriteString(w, block); err != nil {
			return
		}
	}
}

// slow sends a byte every 20 ms, so that no read ever waits for long.
func slow(w io.Writer, text string) {
	for i := range len(text) {
		time.Sleep(20 * time.Millisecond)
		if _, err := io.WriteString(w, text[i:i+1]); err != nil {
			return
		}
	}
}

// nothingLeft compares goroutines, descriptors and the heap that the system
// gave with those of now, when the test and its server have ended.
func nothingLeft(t *testing.T) {
	goroutines, files, heap := usage()
	t.Cleanup(func() {
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
			g, f, h := usage()
			if h > heap+128<<20 {
				t.Errorf("the heap grew from %d to %d bytes", heap, h)
			}
			if g <= goroutines && f <= files {
				return
			}
			if time.Now().After(deadline) {
				t.Errorf("goroutines %d, then %d; descriptors %d, then %d", goroutines, g, files, f)
				return
			}
		}
	})
}

func usage() (goroutines, files int, heap uint64) {
	entries, _ := os.ReadDir("/proc/self/fd") // none on other systems
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return runtime.NumGoroutine(), len(entries), m.HeapSys
}
