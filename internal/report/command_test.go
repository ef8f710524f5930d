// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/outcome"
	"github.com/vchassis/vchassis.junos/internal/outcome/recordtest"
)

func put(t *testing.T, dir, name, data string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Every file that does not count is listed with its reason; the others count.
func TestLoadBadFiles(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "a.json", recordtest.Good)
	put(t, dir, "older.json", recordtest.With(t, "2026-03-01", "2026-02-01", `"scp_active": true`, `"scp_active": false`))
	put(t, dir, "b<img>.json", recordtest.Good[:100])
	put(t, dir, "huge.json", recordtest.Good+strings.Repeat(" ", outcome.MaxRecord))
	put(t, dir, ".ansible_tmpx1b.json", recordtest.Good)
	put(t, dir, "\xff\u202e.json", "")
	put(t, dir, "README", "not a record, and not called one")
	for _, err := range []error{
		os.Mkdir(filepath.Join(dir, "folder.json"), 0o755), syscall.Mkfifo(filepath.Join(dir, "pipe.json"), 0o644),
		os.Symlink("nowhere", filepath.Join(dir, "dangling.json")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Records) != 1 || f.Records[0].File != "a.json" {
		t.Errorf("want the record of a.json alone, got %+v", f.Records)
	}
	want := map[string]string{
		"b<img>.json": "truncated",
		"huge.json":   "larger than 1024 KiB", ".ansible_tmpx1b.json": "killed while it wrote", "\ufffd\\u{202e}.json": "want a JSON object, got nothing",
		"folder.json": "not a file", "pipe.json": "not a file", "dangling.json": "no such file",
	}
	for _, bad := range f.Bad {
		if reason, ok := want[bad.File]; !ok || !strings.Contains(bad.Reason, reason) {
			t.Errorf("%s: %s, want %q", bad.File, bad.Reason, reason)
		}
		delete(want, bad.File)
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
	_, words := tree(t, f)
	for _, bad := range f.Bad {
		if !strings.Contains(words, bad.File) {
			t.Errorf("the page does not name %s", bad.File)
		}
	}
}

func TestReportMain(t *testing.T) {
	dir, empty := t.TempDir(), t.TempDir()
	put(t, dir, "a.json", recordtest.Good)
	out := filepath.Join(t.TempDir(), "page.html")
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		stdout string
		err    string
	}{
		{"to stdout", []string{dir}, 0, "<!DOCTYPE html>", "1 chassis, 1 scp"},
		{"to a file", []string{dir, "-o", out}, 0, "", "1 chassis, 1 scp"},
		{"flag first", []string{"-o", out, dir}, 0, "", "1 chassis, 1 scp"},
		{"help", []string{"-h"}, 0, "usage: vchassis report DIR", ""},
		{"no folder", nil, 2, "", "want one DIR or more, got 0"},
		{"two folders", []string{dir, dir}, 0, "<!DOCTYPE html>", "1 chassis, 1 scp"},
		{"a format", []string{dir, "--format", "csv"}, 0, "host,groups,transport", "1 chassis, 1 scp"},
		{"a format unknown", []string{dir, "--format", "pdf"}, 2, "", "--format pdf: want html, csv, json or md"},
		{"no such inventory", []string{dir, "--inventory", "nowhere.json"}, 1, "", "--inventory nowhere.json: no such file"},
		{"flag unknown", []string{dir, "--color"}, 2, "", "-color"},
		{"no such folder", []string{filepath.Join(dir, "x")}, 1, "", "no such file"},
		{"nothing in it", []string{empty}, 1, "", "no record, want files named *.json"},
		{"a folder to write to", []string{dir, "-o", empty}, 1, "", "want a file, got a folder"},
		{"a file to read from", []string{filepath.Join(dir, "a.json")}, 0, "<!DOCTYPE html>", "1 chassis, 1 scp"},
		{"no place to write", []string{dir, "-o", filepath.Join(dir, "x", "page.html")}, 1, "", "no such file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if status := Main(tt.args, &stdout, &stderr); status != tt.status {
				t.Errorf("status: want %d, got %d", tt.status, status)
			}
			if !strings.HasPrefix(stdout.String(), tt.stdout) || tt.stdout == "" && stdout.Len() > 0 {
				t.Errorf("stdout: want %q, got %q", tt.stdout, stdout.String())
			}
			if !strings.Contains(stderr.String(), tt.err) || tt.err == "" && stderr.Len() > 0 {
				t.Errorf("stderr: want %q, got %q", tt.err, stderr.String())
			}
		})
	}
	if page, err := os.ReadFile(out); err != nil || !strings.HasSuffix(string(page), "</html>\n") {
		t.Errorf("the page was not written: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(out), ".vchassis-report-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
