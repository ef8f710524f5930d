// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

// bench is one test program that holds many changes of a package.
type bench struct {
	binary  string
	choice  string // the file that says which change it makes
	held    map[int]bool
	refused map[int]bool // by the compiler
}

// buildBench builds the changes of one package, without those that do not compile.
func (w *workshop) buildBench(ctx context.Context, p *goPackage, mutants []mutant) (bench, error) {
	base := filepath.Join(w.dir, strconv.Itoa(len(w.benches)))
	b := bench{binary: base + ".test", choice: base + ".choice", held: map[int]bool{}, refused: map[int]bool{}}
	for {
		files, err := b.copyFiles(p, mutants)
		if err != nil {
			return b, err
		}
		out, err := w.build(ctx, p, files, b.binary)
		if err == nil {
			return b, nil
		}
		more := refusedCopies(out)
		if len(more) == 0 {
			return b, fmt.Errorf("%w\n%s", err, out)
		}
		maps.Copy(b.refused, more)
	}
}

// copyFiles returns the files of the package with their changes, and one that chooses.
func (b *bench) copyFiles(p *goPackage, mutants []mutant) (map[string][]byte, error) {
	clear(b.held)
	changed := map[string][]byte{}
	for _, name := range p.files {
		of := slices.DeleteFunc(slices.Clone(mutants), func(m mutant) bool { return m.file != p.folder+"/"+name || b.refused[m.number] })
		if len(of) == 0 {
			continue
		}
		text, held, err := copyMutants(of[0].source, of)
		if err != nil {
			return nil, err
		}
		changed[name] = text
		for _, n := range held {
			b.held[n] = true
		}
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.dir, p.files[0]), nil, parser.PackageClauseOnly)
	if err != nil {
		return nil, err
	}
	changed["mutant_chosen.go"] = fmt.Appendf(nil, chooser, file.Name.Name, b.choice, panicMutant)
	return changed, nil
}

// refusedError is a package that does not compile.
type refusedError struct{ error }

func (e *refusedError) Unwrap() error { return e.error }

// complaint is a line of the compiler, not of the go command.
var complaint = regexp.MustCompile(`\.go:\d+:\d+: `)

// build builds a package's tests with changed files, and returns what the compiler said.
func (w *workshop) build(ctx context.Context, p *goPackage, files map[string][]byte, binary string) ([]byte, error) {
	overlay, err := w.writeOverlay(p, files)
	if err != nil {
		return nil, err
	}
	// All that is refused is said at once.
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-gcflags=-e", "-ldflags=-s -w", "-overlay", overlay, "-o", binary, p.path)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.As(err, &exit) && complaint.Match(out):
		err = &refusedError{fmt.Errorf("go test -c %s: %w", p.path, err)}
	case err != nil:
		err = fmt.Errorf("go test -c %s: %w", p.path, err)
	}
	return out, err
}

// writeOverlay lays changed files over the real ones.
func (w *workshop) writeOverlay(p *goPackage, files map[string][]byte) (string, error) {
	replaced := map[string]string{}
	for name, text := range files {
		changed := filepath.Join(w.dir, "changed_"+name)
		if err := os.WriteFile(changed, text, 0o600); err != nil {
			return "", err
		}
		replaced[filepath.Join(p.dir, name)] = changed
	}
	data, err := json.Marshal(map[string]map[string]string{"Replace": replaced})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(w.dir, "overlay.json")
	return overlay, os.WriteFile(overlay, data, 0o600)
}
