// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// goPackage is a package and the files of it that are built here.
type goPackage struct {
	path   string // of the import
	dir    string
	folder string // the same, from the top of the module
	files  []string
}

// loadPackages asks the go command what the patterns mean. A package without
// tests of its own has none that could notice anything, and is left out.
func loadPackages(ctx context.Context, patterns []string) ([]goPackage, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list", "-json=ImportPath,Dir,GoFiles,TestGoFiles,XTestGoFiles,Module", "--"}, patterns...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var all []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Dir                    string
			GoFiles, TestGoFiles, XTestGoFiles []string
			Module                             struct{ Dir string }
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		folder, err := filepath.Rel(p.Module.Dir, p.Dir)
		if err != nil {
			return nil, err
		}
		if len(p.GoFiles) > 0 && len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 {
			all = append(all, goPackage{p.ImportPath, p.Dir, filepath.ToSlash(folder), p.GoFiles})
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no package with tests", strings.Join(patterns, " "))
	}
	return all, nil
}

// findAll returns every change of the packages, in the order of their lines.
func findAll(packages []goPackage) ([]mutant, error) {
	var all []mutant
	for i := range packages {
		p := &packages[i]
		for _, name := range p.files {
			source, err := os.ReadFile(filepath.Join(p.dir, name))
			if err != nil {
				return nil, err
			}
			found, err := findMutants(p.folder+"/"+name, source)
			if err != nil {
				return nil, err
			}
			for _, m := range found {
				m.of, m.number = p, len(all)
				all = append(all, m)
			}
		}
	}
	return all, nil
}

// draw puts the changes into an order that depends on nothing but the seed.
func draw(all []mutant, seed uint64) []mutant {
	drawn := slices.Clone(all)
	r := rand.New(rand.NewPCG(seed, 0))
	r.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	return drawn
}
