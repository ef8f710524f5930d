// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

const usage = "usage: vchassis report DIR [-o FILE]\n" +
	"Renders the records in DIR (scp_config_sync_report_path) as one HTML page, on stdout or in FILE.\n"

// Main runs the verb and returns the exit status: 0 for a written page,
// whatever the page says; 1 if there is none; 2 for wrong arguments.
func Main(args []string, stdout, stderr io.Writer) int {
	dir, out, err := parseArguments(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "vchassis report: %v\n%s", err, usage)
		return 2
	}
	if err := renderFolder(dir, out, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "vchassis report: %v\n", err)
		return 1
	}
	return 0
}

// parseArguments takes the flag before and after the folder.
func parseArguments(args []string) (dir, out string, err error) {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&out, "o", "-", "")
	var names []string
	for err = flags.Parse(args); err == nil && flags.NArg() > 0; err = flags.Parse(flags.Args()[1:]) {
		names = append(names, flags.Arg(0))
	}
	if err == nil && (len(names) != 1 || names[0] == "" || out == "") {
		err = fmt.Errorf("want one DIR, got %d", len(names))
	}
	if err != nil {
		return "", "", err
	}
	return names[0], out, nil
}

func renderFolder(dir, out string, stdout, stderr io.Writer) error {
	fleet, err := Load(dir)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := fleet.HTML(&page); err != nil {
		return err
	}
	if out == "-" {
		_, err = stdout.Write(page.Bytes())
	} else {
		err = replaceFile(out, page.Bytes())
	}
	if err == nil {
		fmt.Fprintln(stderr, fleet.summaryLine())
	}
	return err
}

func (f Fleet) summaryLine() string {
	text := fmt.Sprintf("%d chassis", len(f.Records))
	for _, s := range outcome.States() {
		if n := f.Count(s); n > 0 {
			text += fmt.Sprintf(", %d %s", n, s)
		}
	}
	if len(f.Bad) > 0 {
		text += fmt.Sprintf("; %d files do not count, the first: %s: %s", len(f.Bad), f.Bad[0].File, f.Bad[0].Reason)
	}
	return text
}

// replaceFile leaves the old page or the new one, never half of one.
func replaceFile(name string, data []byte) error {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return fmt.Errorf("-o %s: want a file, got a folder", name)
	}
	file, err := os.CreateTemp(filepath.Dir(name), ".vchassis-report-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if err = errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
