// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func table() []Module {
	return []Module{New("probe", func(_ context.Context, _ Task, p sample) (outcome, error) {
		return outcome{Text: "host is " + p.Host}, nil
	})}
}

func run1(t *testing.T, stdin string, args ...string) (status int, out string) {
	t.Helper()
	var stdout bytes.Buffer
	status = Main(t.Context(), table(), args, strings.NewReader(stdin), &stdout, nil)
	return status, stdout.String()
}

func write1(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), dir, "args")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(`{"host": "192.0.2.1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMainFindsModuleAndArguments(t *testing.T) {
	file, dir := write1(t, "mine"), t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	const hello = `{"changed":false,"text":"host is 192.0.2.1"}` + "\n"
	stdin := `{"host": "192.0.2.1"}`
	for _, row := range []struct {
		name   string
		args   []string
		status int
		out    string
	}{
		{"symlink and file", []string{"/x/plugins/modules/probe", file}, 0, hello},
		{"Ansible's copy", []string{"/tmp/ansible-tmp-1/AnsiballZ_probe", file}, 0, hello},
		{"symlink and stdin", []string{"probe", "-"}, 0, hello},
		{"by hand", []string{"vchassis", "module", "probe", file}, 0, hello},
		{"by hand, stdin", []string{"vchassis", "module", "probe", "-"}, 0, hello},
		{"no arguments", []string{"probe"}, 1, `want the name of a JSON file, or - for stdin`},
		{"missing file", []string{"probe", filepath.Join(dir, "none")}, 1, "no such file"},
		{"directory", []string{"probe", dir}, 1, "is a directory"},
		{"pipe that nobody writes", []string{"probe", fifo}, 1, "want a JSON object, got nothing"},
		{"unknown module", []string{"vchassis", "module", "prob", "-"}, 1, `"msg":"module \"prob\": want probe"`},
		{"no module", []string{"vchassis", "module"}, 1, `want probe`},
		{"no command", []string{"vchassis"}, 1, "usage: vchassis module NAME FILE"},
		{"no program", nil, 1, "usage:"},
	} {
		t.Run(row.name, func(t *testing.T) {
			status, out := run1(t, stdin, row.args...)
			if status != row.status || !strings.Contains(out, row.out) {
				t.Errorf("want %d %s, got %d %s", row.status, row.out, status, out)
			}
			if strings.Count(out, "\n") != 1 && !strings.HasPrefix(out, "usage") {
				t.Errorf("want one line, got %q", out)
			}
		})
	}
}

func TestOnlyAnsiblesFileIsRemoved(t *testing.T) {
	for dir, removed := range map[string]bool{"ansible-tmp-1700000000.1-2-3": true, "mine": false, "my-ansible-tmp-1": false} {
		path := write1(t, dir)
		if status, out := run1(t, "", "probe", path); status != 0 {
			t.Errorf("got %s", out)
		}
		if _, err := os.Stat(path); os.IsNotExist(err) != removed {
			t.Errorf("%s: removed %v", dir, !removed)
		}
	}
}

func TestSignalEndsTheTask(t *testing.T) {
	started := make(chan struct{})
	slow := New("slow", func(ctx context.Context, _ Task, _ struct{}) (outcome, error) {
		close(started)
		<-ctx.Done()
		return outcome{Changed: true}, ctx.Err()
	})
	go func() {
		<-started
		_ = syscall.Kill(syscall.Getpid(), syscall.SIGTERM)
	}()
	var stdout bytes.Buffer
	status := Main(t.Context(), []Module{slow}, []string{"slow", "-"}, strings.NewReader("{}"), &stdout, nil)
	if out := stdout.String(); status != 1 || !strings.Contains(out, `"changed":true`) || !strings.Contains(out, "terminated signal received") {
		t.Errorf("got %d %s", status, out)
	}
}
