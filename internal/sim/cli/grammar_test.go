// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The page names what can be shown.
func TestThePageNamesEveryShowCommand(t *testing.T) {
	page, err := os.ReadFile("../../../docs/simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| operational \\| `show` (.*?); `request`").FindSubmatch(page)
	if row == nil {
		t.Fatal("docs/simulator.md has no row of operational commands that begins with show")
	}
	named := strings.FieldsFunc(string(row[1]), func(r rune) bool { return strings.ContainsRune(" ,[]", r) })
	for _, word := range simulatedWords(showCommands()) {
		if !strings.Contains(" "+strings.Join(named, " ")+" ", " "+word+" ") {
			t.Errorf("docs/simulator.md does not name show ... %s", word)
		}
	}
}

// simulatedWords are the words of the first two levels; what is below them
// are forms of the same.
func simulatedWords(commands []command) []string {
	var words []string
	for _, c := range commands {
		if strings.HasPrefix(c.word, "<") || c.help == "Not simulated" {
			continue
		}
		words = append(words, c.word)
		if c.run == nil && c.show == nil {
			words = append(words, simulatedWords(c.sub)...)
		}
	}
	return words
}
