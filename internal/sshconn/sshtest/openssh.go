// SPDX-License-Identifier: GPL-3.0-or-later

// Package sshtest runs SSH servers for tests, on loopback and on a port from the
// system: the real OpenSSH, and one in this process that can be made to fail.
// Nothing outlives the test.
package sshtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Server is a running server.
type Server struct {
	Host       string
	Port       int
	User       string
	KnownHosts string // a file with the host keys of this server only
	Dir        string // for more files of the test

	mu    sync.Mutex
	log   bytes.Buffer
	conns int
}

// Log returns what the server has written to its log.
func (s *Server) Log() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

// Connections returns how many connections have come in.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

func (s *Server) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

// Need skips the test when a program is missing, and names it.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if Path(p) == "" {
			t.Skipf("%s is not installed (Debian: openssh-server, openssh-client, netconfd)", p)
		}
	}
}

// Path returns where a program is, "" if it is not. Servers are not in the PATH of users.
func Path(program string) string {
	for _, name := range []string{program, "/usr/sbin/" + program, "/usr/local/sbin/" + program} {
		if p, err := exec.LookPath(name); err == nil {
			return p
		}
	}
	return ""
}

// OpenSSH starts Debian's sshd with these lines in its configuration, or skips
// the test; with -short too: each login costs it a quarter of a second of processor
// time. The keys in the file authorized_keys of Dir may log in. Lines may hold %DIR%
// and %PORT%.
func OpenSSH(t testing.TB, lines ...string) *Server {
	t.Helper()
	if testing.Short() {
		t.Skip("starts OpenSSH's server")
	}
	Need(t, "sshd", "ssh-keygen")
	if os.Geteuid() == 0 {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil { // sshd insists, as root
			t.Skipf("sshd needs /run/sshd: %v", err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, User: me.Username, Dir: t.TempDir()}
	s.hostKeys(t, lines)
	config := s.writeConfig(t, lines)
	running := make(chan struct{})
	go func() { defer close(running); s.serveInetd(l, Path("sshd"), "-i", "-e", "-f", config) }()
	t.Cleanup(func() { _ = l.Close(); <-running })
	return s
}

// hostKeys makes keys of the types that the configuration needs.
func (s *Server) hostKeys(t testing.TB, lines []string) {
	var known strings.Builder
	kinds := map[string]string{"ed25519": "256", "ecdsa": "256"}
	if strings.Contains(strings.Join(lines, ""), "host_rsa") { // they take long to make
		kinds["rsa"] = "2048"
	}
	for kind, bits := range kinds {
		path := Keygen(t, filepath.Join(s.Dir, "host_"+kind), "-t", kind, "-b", bits)
		fmt.Fprintf(&known, "[%s]:%d %s", s.Host, s.Port, Read(t, path+".pub"))
	}
	s.KnownHosts = filepath.Join(s.Dir, "known_hosts")
	Write(t, s.KnownHosts, known.String())
}

func (s *Server) writeConfig(t testing.TB, lines []string) string {
	base := []string{
		"StrictModes no", "UsePAM no", "LogLevel DEBUG1", "PidFile none", "PasswordAuthentication no",
		"KbdInteractiveAuthentication no", "PermitRootLogin yes", "AuthorizedKeysFile %DIR%/authorized_keys",
	}
	text := strings.Join(append(lines, base...), "\n") + "\n" // sshd takes the first of two
	if !strings.Contains(text, "HostKey ") {
		text += "HostKey %DIR%/host_ed25519\nHostKey %DIR%/host_ecdsa\n"
	}
	text = strings.NewReplacer("%DIR%", s.Dir, "%PORT%", fmt.Sprint(s.Port)).Replace(text)
	path := filepath.Join(s.Dir, "sshd_config")
	Write(t, path, text)
	return path
}

// serveInetd runs one sshd for each connection, as inetd does. It ends when the
// listener is closed and all of them have ended.
func (s *Server) serveInetd(l net.Listener, program string, args ...string) {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns++
		s.mu.Unlock()
		f, err := conn.(*net.TCPConn).File()
		_ = conn.Close()
		if err != nil {
			continue
		}
		cmd := exec.Command(program, args...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = f, f, s
		all.Go(func() {
			defer f.Close()
			if err := cmd.Run(); err != nil {
				fmt.Fprintf(s, "sshd: %v\n", err)
			}
		})
	}
}

// Authorize lets a public key log in; prefix holds options such as cert-authority.
func (s *Server) Authorize(t testing.TB, publicKeyFile, prefix string) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(s.Dir, "authorized_keys"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "%s%s", prefix, Read(t, publicKeyFile)); err != nil {
		t.Fatal(err)
	}
}

// Keygen runs ssh-keygen to make a key file and returns its path. Without -N
// there is no passphrase.
func Keygen(t testing.TB, path string, args ...string) string {
	t.Helper()
	Need(t, "ssh-keygen")
	if !strings.Contains(strings.Join(args, " "), "-N") {
		args = append(args, "-N", "")
	}
	Run(t, "ssh-keygen", append([]string{"-q", "-f", path}, args...)...)
	return path
}

// Run runs a program that must succeed, and returns its output.
func Run(t testing.TB, program string, args ...string) string {
	t.Helper()
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// Write writes a file that only its owner can read.
func Write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Read returns the content of a file.
func Read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
