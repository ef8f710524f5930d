// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/sshconn/sshconfig"
	"github.com/vchassis/vchassis.junos/internal/sshconn/sshtest"
)

// What we read in a file is what OpenSSH reads in it: files made with a seed are
// given to "ssh -G" and to us. A file that OpenSSH refuses is refused; one whose
// "Match exec" it would run is refused by us, and nothing else is.
func TestLookupAgreesWithOpenSSH(t *testing.T) {
	sshtest.Need(t, "ssh")
	files := 600
	if testing.Short() {
		files = 150
	}
	counts := map[string]int{}
	for seed := range files {
		counts[compareFile(t, uint64(seed))]++
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	t.Logf("%d files with %s: %v", files, strings.TrimSpace(sshtest.Run(t, "ssh", "-V")), counts)
	if counts["same"] < files/2 || counts["both refuse"] == 0 || counts["exec"] == 0 {
		t.Error("the files do not show enough")
	}
}

// compareFile makes a file, compares what is read in it, and returns what came
// of it.
func compareFile(t *testing.T, seed uint64) string {
	t.Helper()
	g := &generator{rand: rand.New(rand.NewPCG(seed, 14)), dir: t.TempDir()}
	content := g.file(2 + g.rand.IntN(5))
	path := filepath.Join(g.dir, "config")
	sshtest.Write(t, path, content)
	for name, text := range g.included {
		sshtest.Write(t, filepath.Join(g.dir, name), text)
	}
	name := g.pick("sw1", "sw2", "SW1", "sw1.example.com", "192.0.2.1", "2001:DB8::1")
	theirs, refusal := askOpenSSH(path, name)
	ours, err := readLikeUser(path, name)
	_, missing := os.Stat(filepath.Join(g.dir, "executed"))
	switch {
	case refusal != nil && err != nil:
		return "both refuse"
	case refusal != nil && strings.Contains(refusal.Error(), "Bad configuration option: nosuchsetting"):
		return "only OpenSSH refuses" // it knows all settings, of all hosts
	case refusal != nil || missing != nil && err != nil:
		t.Errorf("OpenSSH %v, we: %v\n%s\n%v", refusal, err, content, g.included)
	case missing == nil:
		if err == nil || !strings.Contains(err.Error(), "match exec") {
			t.Errorf("want Match exec refused, got %v\n%s\n%v", err, content, g.included)
		}
		return "exec"
	default:
		if strings.EqualFold(ours["proxyjump"], "none") {
			// The manual says that ProxyCommand does not count then; OpenSSH 9.2 takes
			// it when "Match final" has it read the files again.
			delete(ours, "proxyjump")
			delete(theirs, "proxycommand")
		}
		for _, said := range []map[string]string{theirs, ours} { // names have no capitals
			said["hostname"] = strings.ToLower(said["hostname"])
		}
		if diff := cmp.Diff(theirs, ours); diff != "" {
			t.Errorf("host %s: %s\n%s\n%v", name, diff, content, g.included)
		}
	}
	return "same"
}

// readLikeUser reads a file as the user admin would, and returns it in the words
// of "ssh -G".
func readLikeUser(path, name string) (map[string]string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	config, err := sshconfig.Parse(sshconfig.File{Name: path, Content: content}, includeFiles)
	if err != nil {
		return nil, err
	}
	h, err := config.Lookup(sshconfig.Query{Name: name, User: "admin", LocalUser: func() (string, error) {
		me, err := user.Current()
		return me.Username, err
	}})
	if err != nil {
		return nil, err
	}
	return inTheirWords(h, name), nil
}

func includeFiles(pattern string) (files []sshconfig.File, err error) {
	names, err := filepath.Glob(pattern)
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, sshconfig.File{Name: name, Content: content})
	}
	return files, err
}

// compared are the settings with what OpenSSH says if nothing is set.
var compared = map[string]string{
	"addressfamily": "any", "bindaddress": "", "certificatefile": "", "ciphers": "", "globalknownhostsfile": "", "hostkeyalias": "",
	"hostname": "", "identitiesonly": "no", "identityagent": "", "identityfile": "", "kbdinteractiveauthentication": "yes",
	"passwordauthentication": "yes", "port": "22", "preferredauthentications": "", "proxycommand": "", "proxyjump": "",
	"pubkeyauthentication": "true", "rekeylimit": "0 0", "requiredrsasize": "1024", "serveralivecountmax": "3",
	"serveraliveinterval": "0", "stricthostkeychecking": "ask", "userknownhostsfile": "",
}

func askOpenSSH(path, name string) (map[string]string, error) {
	out, err := exec.Command("ssh", "-G", "-l", "admin", "-F", path, name).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		return nil, err
	}
	said := map[string]string{}
	for line := range strings.Lines(string(out)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		if _, ok := compared[key]; !ok || isDefault(key, value) {
			continue
		}
		if key == "identityfile" || key == "certificatefile" {
			value = said[key] + value + "|"
		}
		said[key] = value
	}
	return said, nil
}

func isDefault(key, value string) bool {
	switch key {
	case "ciphers":
		return !strings.HasPrefix(value, "aes256-ctr")
	case "identityfile":
		return strings.HasPrefix(value, "~/.ssh/id_")
	case "userknownhostsfile", "globalknownhostsfile":
		return strings.Contains(value, "/ssh_known_hosts2") || strings.Contains(value, "/.ssh/known_hosts2")
	}
	return value == compared[key]
}

// inTheirWords writes a Host as "ssh -G" does, without what is a default.
func inTheirWords(h sshconfig.Host, name string) map[string]string {
	said := map[string]string{
		"addressfamily": h.AddressFamily, "bindaddress": h.BindAddress, "ciphers": h.Ciphers, "hostkeyalias": h.HostKeyAlias,
		"hostname": h.HostName, "identitiesonly": h.IdentitiesOnly, "identityagent": h.IdentityAgent,
		"kbdinteractiveauthentication": h.KbdInteractiveAuthentication, "passwordauthentication": h.PasswordAuthentication, "port": h.Port,
		"preferredauthentications": h.PreferredAuthentications, "pubkeyauthentication": map[string]string{"no": "false"}[h.PubkeyAuthentication],
		"rekeylimit":      strings.Join(h.RekeyLimit, " "),
		"requiredrsasize": h.RequiredRSASize, "serveralivecountmax": h.ServerAliveCountMax, "serveraliveinterval": h.ServerAliveInterval,
		"stricthostkeychecking": map[string]string{"no": "false", "yes": "true", "accept-new": "accept-new"}[h.StrictHostKeyChecking],
		"userknownhostsfile":    strings.Join(h.UserKnownHostsFile, " "), "globalknownhostsfile": strings.Join(h.GlobalKnownHostsFile, " "),
		"proxyjump": h.ProxyJump, "proxycommand": h.ProxyCommand,
	}
	if h.HostName == "" {
		said["hostname"] = name
	}
	if len(h.RekeyLimit) == 1 {
		said["rekeylimit"] += " 0"
	}
	for key, list := range map[string][]string{"identityfile": h.IdentityFile, "certificatefile": h.CertificateFile} {
		for _, path := range list {
			said[key] += path + "|"
		}
	}
	for key, value := range said {
		if value == "" || value == compared[key] || value == "none" && key == "proxycommand" {
			delete(said, key)
		}
	}
	return said
}
