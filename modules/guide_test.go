// SPDX-License-Identifier: GPL-3.0-or-later

package modules

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Scripts in which the remedies are followed to the letter, each in a paragraph that
// begins with words of the guide. They are run with the contracts of the modules.
var following = []string{"testdata/remedies.txtar", "testdata/remedies_options.txtar", "testdata/remedies_chassis.txtar"}

// leastFollowed is how many remedies have to be followed until they end well.
const leastFollowed = 30

// A remedy that is followed is a paragraph: a failure, and behind it a run that
// succeeds. That they do, the scripts themselves show.
func TestRemediesEndWell(t *testing.T) {
	followed := 0
	for _, file := range fromHere(following) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		script, _, _ := strings.Cut(string(text), "\n-- ")
		for paragraph := range strings.SplitSeq(script, "\n\n# \"") {
			_, after, hasFailed := strings.Cut("\n"+paragraph, "\n! apply ")
			if hasFailed && strings.Contains(after, "\napply ") {
				followed++
			} else if hasFailed {
				t.Errorf("%s: no run behind the failure succeeds:\n%s", file, paragraph)
			}
		}
	}
	if followed < leastFollowed {
		t.Errorf("want %d remedies that are followed, got %d", leastFollowed, followed)
	}
}

func fromHere(paths []string) []string {
	out := slices.Clone(paths)
	for i := range out {
		out[i] = filepath.FromSlash(out[i])
	}
	return out
}
