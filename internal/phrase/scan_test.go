// SPDX-License-Identifier: GPL-3.0-or-later

package phrase_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// Nothing but this package makes a text of a moment. Programs read RFC 3339.
func TestMomentsAreWrittenHere(t *testing.T) {
	others := regexp.MustCompile(`\.Format\((.*?)\)|time\.(Kitchen|Stamp|DateTime|TimeOnly|RFC1123|RFC850|UnixDate|ANSIC)\b`)
	for path, text := range files(t, []string{"cmd", "internal", "modules"}, ".go") {
		if strings.HasSuffix(path, "_test.go") || strings.Contains(path, "internal/sim/") || strings.Contains(path, "internal/phrase/") || strings.Contains(path, "vchassis-sim") {
			continue // the simulator speaks as Junos does
		}
		for _, m := range others.FindAllStringSubmatch(text, -1) {
			if m[1] != "time.RFC3339" {
				t.Errorf("%s: %s: want phrase.Clock.Moment or phrase.Stamp", path, m[0])
			}
		}
	}
}

// Every moment in the wanted results of all contract scripts is of one form, and so is
// every one in the pages. In the results a moment is TIME, and DATE is of another form.
func TestMomentsHaveOneForm(t *testing.T) {
	clock := regexp.MustCompile(`\b\d{1,2}:\d\d\b|\bDATE\b|\bTIME\b`)
	allowed := regexp.MustCompile(strings.Join([]string{
		`(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC`,                     // with its clock, or where the text has no clock of a device: Stamp
		`TIME on the (switch|controller)'s clock(, idle 00:00:00)?`, // in a wanted result
		`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`, `: "DATE"`,               // for programs
		`([0-9a-f]{1,4}::?){2}\S*`, `\d\d:\d\d:\d\d\]`, // addresses, and a prompt
	}, "|"))
	found := files(t, []string{"modules", "collection/docs", "roles", "README.md"}, ".txtar")
	for path, text := range files(t, []string{"collection/docs", "roles", "README.md"}, ".md") {
		found[path] = text
	}
	moments := 0
	for path, text := range found {
		for n, line := range slices.Collect(strings.Lines(text)) {
			moments += len(clock.FindAllString(line, -1))
			if rest := clock.FindString(allowed.ReplaceAllString(line, "")); rest != "" && !strings.HasPrefix(line, "stdout ") {
				t.Errorf("%s:%d: %s is not the form of a moment: %s", path, n+1, rest, line)
			}
		}
	}
	if moments < 30 {
		t.Errorf("only %d moments were found", moments)
	}
}

// files reads the files with a suffix below some folders of the repository.
func files(t *testing.T, folders []string, suffix string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, suffix) {
				return err
			}
			data, err := os.ReadFile(path)
			found[filepath.ToSlash(path)] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}
