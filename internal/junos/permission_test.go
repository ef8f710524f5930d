// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The page on credentials tells which permissions a login class needs, RPC by RPC.
func TestThePageNamesThePermissions(t *testing.T) {
	const page = "collection/docs/credentials.md"
	text, err := os.ReadFile(filepath.Join("../..", page))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## What a login class needs\n")
	section, _, _ = strings.Cut(section, "\n## ")
	told := map[string][]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (.*) \| (.*) \| (.*) \|$`).FindAllStringSubmatch(section, -1) {
		for _, name := range inBackticks(row[1]) {
			told[name] = inBackticks(row[2])
		}
	}
	for _, o := range operations {
		if !slices.Equal(told[o.name], o.needs.permissions) {
			t.Errorf("%s: %s needs %v, and the page says %v", page, o.name, o.needs.permissions, told[o.name])
		}
		delete(told, o.name)
	}
	for name := range told {
		t.Errorf("%s: nobody sends %s", page, name)
	}
}

func inBackticks(cell string) (names []string) {
	for _, found := range regexp.MustCompile("`(.*?)`").FindAllStringSubmatch(cell, -1) {
		names = append(names, found[1])
	}
	return names
}
