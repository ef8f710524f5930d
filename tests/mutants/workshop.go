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
	"time"
)

// workshop builds and tests changed packages.
type workshop struct {
	dir    string
	limits map[string]time.Duration // of the tests of a package
	rounds map[string]rounds        // in which they are run
}

// newWorkshop tests each package as it is, to know that its tests pass and how
// long they take, and with a panic in it, to know that changes arrive in them.
func newWorkshop(ctx context.Context, packages []goPackage) (*workshop, error) {
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir, limits: map[string]time.Duration{}, rounds: map[string]rounds{}}
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
	w.limits[p.path], w.rounds[p.path] = longest, wholeRound
	control := mutant{of: p, file: p.folder + "/" + name, source: source}
	began := time.Now()
	v, err := w.try(ctx, control)
	if err == nil && v.state != survived {
		err = fmt.Errorf("%s: its tests fail without a change: %s%s", p.path, v.word(false), v.remark())
	}
	if err != nil {
		return err
	}
	w.rounds[p.path] = planRounds(v.said)
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
	out, err := w.rounds[m.of.path].run(inTime, m.of.dir, binary)
	if ctx.Err() != nil {
		return verdict{}, ctx.Err()
	}
	switch {
	case inTime.Err() != nil:
		return verdict{state: timedOut}, nil
	case err != nil:
		return verdict{state: killed, test: firstFailure(out)}, nil
	}
	return verdict{state: survived, said: out}, nil
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
