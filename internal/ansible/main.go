// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

// Main runs the module that args name and returns the exit status, 0 or 1.
// The name is that of the program, as Ansible copies or links it, or stands in
// "vchassis module NAME FILE"; the file "-" is stdin. Whatever happens, one
// JSON object goes to stdout, except for usage.
func Main(ctx context.Context, table []Module, args []string, stdin io.Reader, stdout io.Writer, environ []string) int {
	noCore()
	name, source, ok := moduleAndSource(table, args)
	if !ok {
		printUsage(table, stdout)
		return 1
	}
	result, ok := runNamed(ctx, table, name, source, stdin, environ)
	if _, err := stdout.Write(append(result, '\n')); err != nil || !ok {
		return 1
	}
	return 0
}

// moduleAndSource returns the module's name and the file of its arguments.
func moduleAndSource(table []Module, args []string) (name, source string, ok bool) {
	if len(args) == 0 {
		return "", "", false
	}
	name = strings.TrimPrefix(filepath.Base(args[0]), "AnsiballZ_")
	if _, err := findModule(table, name); err == nil {
		return name, argAt(args, 1), true
	}
	return argAt(args, 2), argAt(args, 3), argAt(args, 1) == "module"
}

func argAt(args []string, i int) string {
	if i < len(args) {
		return args[i]
	}
	return ""
}

func findModule(table []Module, name string) (Module, error) {
	var names []string
	for _, m := range table {
		if m.Name == name {
			m.elsewhere = optionNames(table)
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Module{}, fmt.Errorf("module %q: want %s", name, joinChoices(names))
}

// optionNames lists the options of all modules of a table.
func optionNames(table []Module) (names []string) {
	for _, m := range table {
		for _, o := range m.Options() {
			names = append(names, o.Name)
		}
	}
	return names
}

func runNamed(ctx context.Context, table []Module, name, source string, stdin io.Reader, environ []string) ([]byte, bool) {
	m, err := findModule(table, name)
	if err != nil {
		return m.renderResult(Task{}, nil, err, nil)
	}
	arguments, err := readArguments(source, stdin)
	if err != nil {
		return m.renderResult(Task{}, nil, fmt.Errorf("arguments of %s: %w", name, err), nil)
	}
	// Only now: while we read, a signal may simply end us.
	ctx, stop := withSignals(ctx)
	defer stop()
	if environOf(environ)[orphanVariable] != "" {
		ctx = untilOrphaned(ctx, os.Getppid)
	}
	if m.wantsFIPS(arguments, environ) {
		return runWithFIPS(ctx, m, arguments, environ)
	}
	return m.Run(ctx, arguments, environ)
}

// withSignals returns a context that ends with the first signal. A second
// one ends the process.
func withSignals(ctx context.Context) (context.Context, context.CancelFunc) {
	signals := []os.Signal{syscall.SIGTERM, syscall.SIGINT}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(ctx, signals...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// readArguments returns the arguments in a file, or in stdin. A file that Ansible made
// for us is removed at once: it would stay behind, in clear, if the job were killed.
func readArguments(source string, stdin io.Reader) ([]byte, error) {
	if source == "" {
		return nil, errors.New("want the name of a JSON file, or - for stdin, got nothing")
	}
	if source == "-" {
		return readBounded(stdin)
	}
	// Not blocking: a pipe that nobody writes to is empty, not a reason to wait.
	file, err := os.OpenFile(source, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if strings.HasPrefix(filepath.Base(filepath.Dir(source)), "ansible-tmp-") {
		defer os.Remove(source)
	}
	return readBounded(file)
}

// readBounded reads one byte more than arguments may have, so that Parse can tell.
func readBounded(r io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(r, int64(argumentLimits.Bytes)+1))
}

// noCore keeps secrets out of core dumps.
func noCore() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
}

func printUsage(table []Module, w io.Writer) {
	fmt.Fprintln(w, "usage: vchassis module NAME FILE")
	fmt.Fprintln(w, "FILE holds the options as a JSON object, - is stdin. NAME is one of:")
	for _, m := range table {
		fmt.Fprintln(w, "  "+m.Name)
	}
}
