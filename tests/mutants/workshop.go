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
	covered map[string]coverage
}

// newWorkshop tests each package as it is, to know that its tests pass and how
// long they take, and with a panic in it, to know that changes arrive in them.
// Of the changes that are going to be tried, most are built here, at once.
func newWorkshop(ctx context.Context, packages []goPackage, likely []mutant) (*workshop, error) {
	dir, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return nil, err
	}
	w := &workshop{dir: dir, benches: map[string]bench{}, rounds: map[string]rounds{}, covered: map[string]coverage{}}
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
	w.rounds[p.path] = rounds{{others: true, limit: longest}}
	began := time.Now()
	v, err := w.tryOnBench(ctx, p, noMutant, w.rounds[p.path])
	if err == nil && v.state != survived {
		err = fmt.Errorf("%s: its tests fail without a change: %s%s", p.path, v.word(false), v.remark())
	}
	if err != nil {
		return err
	}
	took := time.Since(began)
	w.rounds[p.path] = planRounds(v.said, took)
	v, err = w.tryOnBench(ctx, p, panicMutant, w.rounds[p.path])
	if err == nil && v.state != killed {
		err = fmt.Errorf("%s: its tests do not notice a panic: %s", p.path, v.word(false))
	}
	if err == nil && took > slow {
		w.covered[p.path], err = w.measureCoverage(ctx, p)
	}
	return err
}

// roundsOf returns the rounds of the tests that may notice a change.
func (w *workshop) roundsOf(m mutant) rounds {
	all := w.rounds[m.of.path]
	if tests, known := w.covered[m.of.path].testsOf(m); known {
		return all.only(tests)
	}
	return all
}

func (w *workshop) close() { _ = os.RemoveAll(w.dir) }

// try tests one change. Its error says that it could not be tried.
func (w *workshop) try(ctx context.Context, m mutant) (verdict, error) {
	switch b := w.benches[m.of.path]; {
	case b.refused[m.number]:
		return verdict{state: uncompiled}, nil
	case b.held[m.number]:
		return w.tryOnBench(ctx, m.of, m.number, w.roundsOf(m))
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
	return runRounds(ctx, m.of.dir, binary, w.roundsOf(m))
}

func (w *workshop) tryOnBench(ctx context.Context, p *goPackage, number int, in rounds) (verdict, error) {
	b := w.benches[p.path]
	if err := os.WriteFile(b.choice, fmt.Append(nil, number), 0o600); err != nil {
		return verdict{}, err
	}
	return runRounds(ctx, p.dir, b.binary, in)
}

// runRounds tests a program that was built.
func runRounds(ctx context.Context, dir, binary string, in rounds) (verdict, error) {
	out, late, err := in.run(ctx, dir, binary)
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
