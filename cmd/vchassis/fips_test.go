// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// TestFIPSOnTheController builds the program as it is shipped and reads a
// FIPS chassis with it, with FIPS switched on in each way.
func TestFIPSOnTheController(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the program with another module for cryptography")
	}
	program := filepath.Join(t.TempDir(), "vchassis")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "GOFIPS140=v1.0.0", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	modern := onlyX25519(t)
	lab, err := sim.Start(t.Context(), sim.Scenario{Chassis: []sim.ChassisSpec{{Name: "vc1", FIPS: true, Profile: sim.Profile{RootLogin: "allow"}}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(lab.Close)
	for _, c := range []struct {
		name, option, variable string
		on                     bool
	}{
		{"off by default", "false", "", false},
		{"by the option", "true", "", true},
		{"by the option beside another setting", "true", "GODEBUG=netdns=go", true},
		{"by the environment", "null", "VCHASSIS_FIPS=true", true},
		{"by GODEBUG", "false", "GODEBUG=fips140=on", true},
		{"enforced by GODEBUG", "false", "GODEBUG=fips140=only", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			known := lab.Chassis("vc1").KnownHosts()
			if r := read(t, program, c.variable, arguments(t, lab.Chassis("vc1").Address(), known, c.option)); !r.FIPS {
				t.Errorf("a chassis in FIPS mode was not read: %s", r.Msg)
			}
			r := read(t, program, c.variable, arguments(t, modern, known, c.option))
			if refused := strings.Contains(r.Msg, "key exchange"); refused != c.on {
				t.Errorf("a server with nothing but X25519, which FIPS 140-3 does not approve: refused is %v, want %v: %s", refused, c.on, r.Msg)
			}
		})
	}
}

type result struct {
	FIPS bool   `json:"fips"`
	Msg  string `json:"msg"`
}

func read(t *testing.T, program, variable string, arguments []byte) (r result) {
	cmd := exec.Command(program, "module", "vc_info", "-")
	cmd.Env = os.Environ()
	if variable != "" {
		cmd.Env = append(cmd.Env, variable)
	}
	cmd.Stdin = bytes.NewReader(arguments)
	out, _ := cmd.Output() // the exit status says no more than the result
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r
}

// onlyX25519 is the address of an SSH server with one key exchange.
func onlyX25519(t *testing.T) string {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(key)
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{NoClientAuth: true, Config: ssh.Config{KeyExchanges: []string{ssh.KeyExchangeCurve25519}}}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() { // ends with the listener
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _, _, _ = ssh.NewServerConn(conn, config)
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}

func arguments(t *testing.T, address string, knownHosts []string, fips string) []byte {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	known := filepath.Join(t.TempDir(), "known_hosts")
	if err := os.WriteFile(known, []byte(strings.Join(knownHosts, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args, err := json.Marshal(map[string]any{"host": host, "port": port, "username": "admin", "password": "Admin-lab-1",
		"known_hosts": known, "use_agent": false, "fips": json.RawMessage(fips)})
	if err != nil {
		t.Fatal(err)
	}
	return args
}
