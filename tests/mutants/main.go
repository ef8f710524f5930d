// SPDX-License-Identifier: GPL-3.0-or-later

// Command mutants tests the tests: it makes small random changes to a package,
// one at a time, and counts how many of them the package's own short tests
// notice. A change that nobody notices is a promise that no test shows, or a
// line that does nothing.
//
//	go run ./tests/mutants -n 100 -seed 1 ./internal/netconf/...
//
// No source is touched: changed files are laid over the real ones ("go test
// -overlay"), with as many changes in one program as can be. Where the tests
// take long, a change is shown only to those that run its place. The same seed
// draws the same changes of the same sources. A change that does not compile is
// no change, and is not counted. One that cannot be noticed, because the
// program does the same with it, belongs into equivalent.txt, with the reason.
//
// Before anything is counted, the unchanged package must pass, and one that
// panics must not: otherwise nothing would be measured. The exit status is 0
// when at least 95 of 100 changes are noticed, 1 when fewer are, and 2 when
// nothing could be measured.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// enough is the part of the changes that has to be noticed, in percent.
const enough = 95

//go:embed equivalent.txt
var equivalents string

// options of one run.
type options struct {
	seed     uint64
	n        int
	skip     int
	only     string
	list     bool
	packages []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parseOptions(os.Args[1:])
	var s score
	if err == nil {
		s, err = run(ctx, o, os.Stdout)
	}
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(2)
	case !o.list && !s.isEnough():
		os.Exit(1)
	}
}

func parseOptions(args []string) (o options, err error) {
	flags := flag.NewFlagSet("mutants", flag.ContinueOnError)
	flags.Uint64Var(&o.seed, "seed", 1, "draws other changes")
	flags.IntVar(&o.n, "n", 100, "how many changes to try; 0 tries all")
	flags.IntVar(&o.skip, "skip", 0, "how many changes to leave out first: those of an earlier run")
	flags.StringVar(&o.only, "only", "", "only changes whose line in the output holds this text")
	flags.BoolVar(&o.list, "list", false, "list the changes and try none")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.packages = flags.Args(); len(o.packages) == 0 {
		return o, fmt.Errorf("want a package, such as ./internal/netconf")
	}
	return o, nil
}

// run draws the changes that the options ask for and tries or lists them.
func run(ctx context.Context, o options, out io.Writer) (score, error) {
	packages, err := loadPackages(ctx, o.packages)
	if err != nil {
		return score{}, err
	}
	all, err := findAll(packages)
	if err != nil {
		return score{}, err
	}
	known, err := parseEquivalents(equivalents)
	if err != nil {
		return score{}, err
	}
	if err := known.checkFiles(packages, all); err != nil {
		return score{}, err
	}
	drawn := draw(all, o.seed)
	drawn = slices.DeleteFunc(drawn, func(m mutant) bool { return !strings.Contains(m.String(), o.only) })
	drawn = drawn[min(max(o.skip, 0), len(drawn)):]
	if o.n <= 0 || o.n > len(drawn) {
		o.n = len(drawn)
	}
	if o.list {
		for _, m := range drawn[:o.n] {
			fmt.Fprintln(out, m)
		}
		return score{}, nil
	}
	return tryAll(ctx, packages, drawn, o.n, known, out)
}

// tryAll tries changes until n of them say something of the tests.
func tryAll(ctx context.Context, packages []goPackage, drawn []mutant, n int, known equivalentList, out io.Writer) (total score, err error) {
	// Some are not counted.
	w, err := newWorkshop(ctx, packages, drawn[:min(len(drawn), n+n/4)])
	if err != nil {
		return total, err
	}
	defer w.close()
	for _, m := range drawn {
		if total.tried() == n {
			break
		}
		v, err := w.try(ctx, m)
		if err != nil {
			return total, err
		}
		total.add(v, known.has(m))
		fmt.Fprintf(out, "%-10s %s%s\n", v.word(known.has(m)), m, v.remark())
	}
	fmt.Fprintln(out, total)
	return total, nil
}
