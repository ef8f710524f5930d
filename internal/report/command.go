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
	"slices"
	"strings"

	"github.com/vchassis/vchassis.junos/internal/phrase"
)

const usage = "usage: vchassis report DIR... [-o FILE] [--format html|csv|json|md] [--inventory FILE]\n" +
	"Shows the records in DIR (scp_config_sync_report_path), or in files of records and of AWX' artifacts, on stdout or in FILE.\n" +
	"--inventory is the output of ansible-inventory --list: it names the chassis that have no record, and the groups.\n"

// request is what the arguments ask for.
type request struct {
	from                   []string
	out, format, inventory string
}

// Main runs the verb and returns the exit status: 0 for a written page,
// whatever the page says; 1 if there is none; 2 for wrong arguments.
func Main(args []string, stdout, stderr io.Writer) int {
	asked, err := parseArguments(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "vchassis report: %v\n%s", err, usage)
		return 2
	}
	if err := asked.render(stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "vchassis report: %v\n", err)
		return 1
	}
	return 0
}

// parseArguments takes flags before and after the folders.
func parseArguments(args []string) (asked request, err error) {
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&asked.out, "o", "-", "")
	flags.StringVar(&asked.format, "format", "html", "")
	flags.StringVar(&asked.inventory, "inventory", "", "")
	for err = flags.Parse(args); err == nil && flags.NArg() > 0; err = flags.Parse(flags.Args()[1:]) {
		asked.from = append(asked.from, flags.Arg(0))
	}
	switch {
	case err != nil:
	case len(asked.from) == 0 || slices.Contains(asked.from, "") || asked.out == "":
		err = fmt.Errorf("want one DIR or more, got %d", len(asked.from))
	case !slices.Contains([]string{"html", "csv", "json", "md"}, asked.format):
		err = fmt.Errorf("--format %s: want html, csv, json or md", asked.format)
	}
	return asked, err
}

func (asked request) render(stdout, stderr io.Writer) error {
	fleet, err := Load(asked.from...)
	if err != nil {
		return err
	}
	if asked.inventory != "" {
		data, err := os.ReadFile(asked.inventory)
		if err == nil {
			err = fleet.addInventory(data)
		}
		if err != nil {
			return fmt.Errorf("--inventory %s: %w", asked.inventory, causeOf(err))
		}
	}
	var page bytes.Buffer
	if err := fleet.Write(&page, asked.format); err != nil {
		return err
	}
	if asked.out == "-" {
		_, err = stdout.Write(page.Bytes())
	} else {
		err = replaceFile(asked.out, page.Bytes())
	}
	if err == nil {
		fmt.Fprintln(stderr, fleet.summaryLine())
	}
	return err
}

func (f Fleet) summaryLine() string {
	text := fmt.Sprintf("%d chassis", len(f.Records))
	for _, transport := range Transports() {
		if n := f.CountTransport(transport); n > 0 {
			text += fmt.Sprintf(", %d %s", n, transport)
		}
	}
	for _, run := range Runs() {
		if n := f.CountRun(run); n > 0 {
			text += fmt.Sprintf("; last run of %d: %s", n, strings.ToLower(runWord(run)))
		}
	}
	if len(f.Missing) > 0 {
		text += fmt.Sprintf("; %d never read", len(f.Missing))
	}
	if len(f.Bad) > 0 {
		text += fmt.Sprintf("; %s not counted, the first: %s: %s", phrase.Count(len(f.Bad), "file"), f.Bad[0].File, f.Bad[0].Reason)
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
