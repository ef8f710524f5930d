// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// workshop builds and tests changed packages.
type workshop struct {
	dir     string
	benches map[string]bench  // of a package
	rounds  map[string]rounds // in which its tests are run
}

// newWorkshop tests each package as it is, to know that its tests pass and how
// long they take, and with a panic in it, to know that changes arrive in them.
// Of the changes that are going to be tried, most are built here, at once.
func newWorkshop(ctx context.Context, packages []goPackage, likely []mutant) (*workshop, error) {
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir, benches: map[string]bench{}, rounds: map[string]rounds{}}
	for i := range packages {
		p := &packages[i]
		if w.benches[p.path], err = w.buildBench(ctx, p, likely); err == nil {
			err = w.checkControls(ctx, p)
		}
		if err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

// longest bounds the tests of an unchanged package.
const longest = 10 * time.Minute

func (w *workshop) checkControls(ctx context.Context, p *goPackage) error {
	w.rounds[p.path] = rounds{{limit: longest}}
	began := time.Now()
	v, err := w.tryOnBench(ctx, p, noMutant)
	if err == nil && v.state != survived {
		err = fmt.Errorf("%s: its tests fail without a change: %s%s", p.path, v.word(false), v.remark())
	}
	if err != nil {
		return err
	}
	w.rounds[p.path] = planRounds(v.said, time.Since(began))
	v, err = w.tryOnBench(ctx, p, panicMutant)
	if err == nil && v.state != killed {
		err = fmt.Errorf("%s: its tests do not notice a panic: %s", p.path, v.word(false))
	}
	return err
}

func (w *workshop) close() { _ = os.RemoveAll(w.dir) }

// try tests one change. Its error says that it could not be tried.
func (w *workshop) try(ctx context.Context, m mutant) (verdict, error) {
	switch b := w.benches[m.of.path]; {
	case b.refused[m.number]:
		return verdict{state: uncompiled}, nil
	case b.held[m.number]:
		return w.tryOnBench(ctx, m.of, m.number)
	}
	binary := filepath.Join(w.dir, "alone.test")
	out, err := w.build(ctx, m.of, map[string][]byte{filepath.Base(m.file): m.apply()}, binary)
	var refused *refusedError
	switch {
	case errors.As(err, &refused):
		return verdict{state: uncompiled}, nil
	case err != nil:
		return verdict{}, fmt.Errorf("%w\n%s", err, out)
	}
	return w.test(ctx, m.of, binary)
}

func (w *workshop) tryOnBench(ctx context.Context, p *goPackage, number int) (verdict, error) {
	b := w.benches[p.path]
	if err := os.WriteFile(b.choice, fmt.Append(nil, number), 0o600); err != nil {
		return verdict{}, err
	}
	return w.test(ctx, p, b.binary)
}

// test runs a package's tests in a program that was built.
func (w *workshop) test(ctx context.Context, p *goPackage, binary string) (verdict, error) {
	out, late, err := w.rounds[p.path].run(ctx, p.dir, binary)
	if ctx.Err() != nil {
		return verdict{}, ctx.Err()
	}
	switch {
	case late:
		return verdict{state: timedOut}, nil
	case err != nil:
		return verdict{state: killed, test: firstFailure(out)}, nil
	}
	return verdict{state: survived, said: out}, nil
}
