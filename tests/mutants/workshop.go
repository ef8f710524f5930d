// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// workshop builds and tests changed packages.
type workshop struct {
	dir    string
	limits map[string]time.Duration // of the tests of a package
}

// newWorkshop tests each package as it is, to know that its tests pass and how
// long they take, and with a panic in it, to know that changes arrive in them.
func newWorkshop(ctx context.Context, packages []goPackage) (*workshop, error) {
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir, limits: map[string]time.Duration{}}
	for i := range packages {
		if err := w.checkControls(ctx, &packages[i]); err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

// longest bounds the tests of an unchanged package.
const longest = 10 * time.Minute

func (w *workshop) checkControls(ctx context.Context, p *goPackage) error {
	name := p.files[0]
	source, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		return err
	}
	w.limits[p.path] = longest
	control := mutant{of: p, file: p.folder + "/" + name, source: source}
	began := time.Now()
	v, err := w.try(ctx, control)
	if err == nil && v.state != survived {
		err = fmt.Errorf("%s: its tests fail without a change: %s%s", p.path, v.word(false), v.remark())
	}
	if err != nil {
		return err
	}
	// Much more than usual: the machine may be busy later on.
	w.limits[p.path] = 20*time.Second + 5*time.Since(began)
	control.start, control.end = len(source), len(source)
	control.text = "\nvar _ = func() int { panic(\"control\") }()\n"
	v, err = w.try(ctx, control)
	if err == nil && v.state != killed {
		err = fmt.Errorf("%s: its tests do not notice a panic: %s", p.path, v.word(false))
	}
	return err
}

func (w *workshop) close() { _ = os.RemoveAll(w.dir) }

// try tests one change. Its error says that it could not be tried.
func (w *workshop) try(ctx context.Context, m mutant) (verdict, error) {
	binary := filepath.Join(w.dir, "package.test")
	if compiled, err := w.build(ctx, m, binary); err != nil || !compiled {
		return verdict{state: uncompiled}, err
	}
	inTime, cancel := context.WithTimeout(ctx, w.limits[m.of.path])
	defer cancel()
	out, err := runTests(inTime, m.of.dir, binary)
	if ctx.Err() != nil {
		return verdict{}, ctx.Err()
	}
	switch {
	case inTime.Err() != nil:
		return verdict{state: timedOut}, nil
	case err != nil:
		return verdict{state: killed, test: firstFailure(out)}, nil
	}
	return verdict{state: survived}, nil
}

func (w *workshop) build(ctx context.Context, m mutant, binary string) (compiled bool, err error) {
	overlay := filepath.Join(w.dir, "overlay.json")
	if err := w.writeOverlay(m, overlay); err != nil {
		return false, err
	}
	out, err := exec.CommandContext(ctx, "go", "test", "-c", "-ldflags=-s -w", "-overlay", overlay, "-o", binary, m.of.path).CombinedOutput()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case err == nil:
		return true, nil
	case errors.As(err, &exit) && bytes.Contains(out, []byte(changedFile+":")): // the compiler names what it reads
		return false, nil
	}
	return false, fmt.Errorf("go test -c %s: %w\n%s", m.of.path, err, out)
}

const changedFile = "changed.go"

// writeOverlay lays the changed file over the real one.
func (w *workshop) writeOverlay(m mutant, name string) error {
	changed := filepath.Join(w.dir, changedFile)
	if err := os.WriteFile(changed, m.apply(), 0o600); err != nil {
		return err
	}
	original := filepath.Join(m.of.dir, filepath.Base(m.file))
	data, err := json.Marshal(map[string]map[string]string{"Replace": {original: changed}})
	if err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o600)
}

// memory bounds a test program, in KiB: a change may make a loop endless that
// collects something.
const memory = 6 << 20

// runTests runs a test program until the first failure, and ends whatever it
// has started. What it prints goes to a file: a pipe would be waited for as
// long as any process has it open.
func runTests(ctx context.Context, dir, binary string) ([]byte, error) {
	out, err := os.Create(binary + ".out")
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.CommandContext(ctx, "sh", "-c", fmt.Sprintf(`ulimit -v %d && exec "$0" -test.short -test.failfast`, memory), binary)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	failure := cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what the tests left behind
	}
	text, err := os.ReadFile(out.Name())
	return text, errors.Join(failure, err)
}

var failures = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)|^(panic: .{1,60})`)

// firstFailure names the test that noticed a change, or what else ended the tests.
func firstFailure(out []byte) string {
	m := failures.FindSubmatch(out)
	if m == nil {
		return "ended without a word"
	}
	return string(bytes.Join(m[1:], nil))
}
