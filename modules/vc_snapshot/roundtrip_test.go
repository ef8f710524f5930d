// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/vchassis/vchassis.junos/internal/secret/canary"
	"github.com/vchassis/vchassis.junos/internal/sim"
)

// planted begins every secret that is planted.
const planted = "Kanarie"

// leaves are the statements in which secrets are planted, a kind each.
func leaves(t *testing.T) (all []string) {
	t.Helper()
	text, err := os.ReadFile("testdata/leaves.set")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, "set "+line)
		}
	}
	return append(all, `annotate system "SECRET"`)
}

// plantSecrets adds statements to a chassis, each with a secret of its own, in one of the
// forms that people give to secrets. It returns which kinds they are.
func plantSecrets(r *rand.Rand, kinds []string, chassis *sim.ChassisSpec) (used []string) {
	var add strings.Builder
	for _, kind := range kinds {
		if r.IntN(3) > 0 {
			continue
		}
		word := fmt.Sprintf("%s%06dQz", planted, r.IntN(1000000))
		secret := []string{word, "$9$" + word, base64.StdEncoding.EncodeToString([]byte("x" + word + "x")), "see " + word + " here"}[r.IntN(4)]
		fmt.Fprintln(&add, strings.Replace(kind, "SECRET", secret, 1))
		used = append(used, kind)
	}
	chassis.KeepUnknown = true
	chassis.ConfigAdd = strings.TrimRight(chassis.ConfigAdd, "\n") + "\n" + add.String()
	return used
}

// counted is how many chassis made the round trip, and what was planted in them.
type counted struct {
	sync.Mutex
	chassis, secrets int
	kinds            map[string]bool
}

// Of 200 generated configurations, and of all that are recorded in scripts and scenarios,
// each with secrets planted in it: no byte that is written shows one, and the twin has
// the same configuration, but for what the snapshot lists.
func TestRoundTrip(t *testing.T) {
	scenarios := recorded(t)
	for seed := range uint64(200) {
		scenarios = append(scenarios, randomChassis(rand.New(rand.NewPCG(seed, 17))))
	}
	step := 1
	switch {
	case os.Getenv("VCHASSIS_SWEEP") == "all":
	case testing.Short():
		step = 20
	default:
		step = 4
	}
	kinds, sum := leaves(t), counted{kinds: map[string]bool{}}
	for i := 0; i < len(scenarios); i += step {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			sum.add(makeRoundTrip(t, rand.New(rand.NewPCG(uint64(i), 60)), scenarios[i], kinds))
		})
	}
	t.Cleanup(func() {
		t.Logf("%d of %d chassis, %d secrets at %d kinds of leaves", sum.chassis, len(scenarios), sum.secrets, len(sum.kinds))
		if len(sum.kinds) < 60 || len(scenarios) < 240 {
			t.Error("want 60 kinds of leaves, 200 generated chassis and 40 recorded ones")
		}
	})
}

func (c *counted) add(kinds []string) {
	c.Lock()
	defer c.Unlock()
	c.chassis++
	c.secrets += len(kinds)
	for _, kind := range kinds {
		c.kinds[kind] = true
	}
}

func makeRoundTrip(t *testing.T, r *rand.Rand, scenario string, kinds []string) (used []string) {
	traces := t.TempDir()
	p := newPairOf(t, scenario, func(s *sim.Scenario) {
		s.Chassis = s.Chassis[:1]
		used = plantSecrets(r, kinds, &s.Chassis[0])
	}, nil, map[string]any{"trace": traces})
	snapshot := checkNothingShows(t, hashesOf(p.original), filepath.Dir(p.file), traces)
	description, _ := json.Marshal(p.twin.Addresses())
	for what, text := range map[string]string{"the answer of the module": fmt.Sprint(p.answer), "the twin's configuration": p.twin.All()[0].Primary().Config(),
		"the twin's description": string(description)} {
		if c := canary.Around(text, planted); c != "" {
			t.Errorf("%s shows a secret: %s", what, c)
		}
	}
	if len(used) > 0 && canary.Around(p.original.All()[0].Primary().Config(), planted) == "" {
		t.Error("nothing was planted")
	}
	checkDifferences(t, configOf(p.original), configOf(p.twin), snapshot.listed())
	return used
}

// snapshotList is what a snapshot says of itself.
type snapshotList struct {
	Configuration []string
	Replaced      []struct{ Path, Kind string }
}

// listed are the statements at which something was replaced, as words; what the schema
// does not know has no names there.
func (s snapshotList) listed() (all [][]string) {
	for _, r := range s.Replaced {
		words := slices.DeleteFunc(strings.Fields(r.Path), func(w string) bool { return w == "unknown-statement" })
		if last := len(words) - 1; last >= 0 && slices.Contains([]string{"name", "value"}, words[last]) {
			words = words[:last]
		}
		all = append(all, words)
	}
	return all
}

var hash = regexp.MustCompile(`\$[0-9]\$[^"\s]{8,}`)

// hashesOf are what the switch has made of passwords. Those that begin with $9$ can be
// turned back.
func hashesOf(lab *sim.Lab) []string { return hash.FindAllString(lab.All()[0].Primary().Config(), -1) }

// checkNothingShows looks into every byte that was written.
func checkNothingShows(t *testing.T, hashes []string, folders ...string) (s snapshotList) {
	t.Helper()
	for _, folder := range folders {
		files, _ := filepath.Glob(filepath.Join(folder, "*"))
		if len(files) != 1 {
			t.Fatalf("want one file in %s, got %q", folder, files)
		}
		text, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(files[0], ".json") {
			if err := json.Unmarshal(text, &s); err != nil {
				t.Fatal(err)
			}
		}
		if c := canary.Around(string(text)+strings.Join(s.Configuration, "\n"), planted); c != "" {
			t.Errorf("%s shows a secret: %s", filepath.Base(files[0]), c)
		}
		if i := slices.IndexFunc(hashes, func(h string) bool { return strings.Contains(string(text), h) }); i >= 0 {
			t.Errorf("%s shows %s", filepath.Base(files[0]), hashes[i])
		}
	}
	return s
}

// stand-ins of the words of a configuration: a word has one, and one word has it.
type standIns struct{ of, for_ map[string]string }

// checkDifferences wants the same statements word for word, but for words at statements
// that are listed. Where a switch sorts, stand-ins may have another place.
func checkDifferences(t *testing.T, before, after []string, listed [][]string) {
	t.Helper()
	if len(before) != len(after) {
		t.Fatalf("%d statements became %d\n%s\n%s", len(before), len(after), before, after)
	}
	known := standIns{map[string]string{}, map[string]string{}}
	left := slices.Clone(after)
	for _, line := range before {
		best, fewest := -1, 0
		for i, other := range left {
			if n, ok := known.compare(line, other, listed); ok && (best < 0 || n < fewest) {
				best, fewest = i, n
			}
		}
		if best < 0 {
			t.Errorf("the twin has nothing for %s: of what is left,\n%slisted is %s", line, left, listed)
			continue
		}
		known.learn(line, left[best])
		left = slices.Delete(left, best, best+1)
	}
}

// compare counts the words that differ; ok: they all may.
func (s standIns) compare(line, other string, listed [][]string) (n int, ok bool) {
	a, b := word.FindAllString(line, -1), word.FindAllString(other, -1)
	if len(a) != len(b) {
		return 0, false
	}
	for i := range a {
		if a[i] == b[i] {
			continue
		}
		n++
		was, isKnown := s.of[a[i]]
		from, isGiven := s.for_[b[i]]
		if isKnown && was != b[i] || isGiven && from != a[i] || !slices.ContainsFunc(listed, func(path []string) bool { return isWithin(path, a[:i]) }) {
			return 0, false
		}
	}
	return n, true
}

func (s standIns) learn(line, other string) {
	a, b := word.FindAllString(line, -1), word.FindAllString(other, -1)
	for i := range a {
		if a[i] != b[i] {
			s.of[a[i]], s.for_[b[i]] = b[i], a[i]
		}
	}
}

// isWithin says that the words of a path are among those of a statement, in their order.
// Two of Junos' elements have another word in "set", or none: that of a list which is
// called like what is around it (vlans vlan), and that of snmp's system-name.
func isWithin(path, statement []string) bool {
	at := 0
	skipListElement := func() {
		if at > 0 && at < len(path) && strings.HasSuffix(path[at-1], path[at]+"s") {
			at++
		}
	}
	for _, w := range statement {
		skipListElement()
		if at < len(path) && (path[at] == w || path[at] == "system-"+w) {
			at++
		}
	}
	skipListElement()
	return at == len(path)
}

// letsIn reports whether admin may log in, with a password alone: what a script shows of
// other logins cannot be read with this one.
func letsIn(c sim.ChassisSpec) bool {
	isAdmin := func(u sim.User) bool { return u.Name == "admin" }
	usual := func(is, standard string) bool { return is == "" || is == standard }
	p := c.Profile
	return (len(c.Users) == 0 || slices.ContainsFunc(c.Users, isAdmin)) && usual(p.LoginQuestion, "Password:") && usual(p.LoginThen, "none") && usual(p.AfterLogin, "served")
}

// recorded are the chassis of Molecule's scenarios and of the modules' contract scripts.
func recorded(t *testing.T) (all []string) {
	t.Helper()
	seen := map[string]bool{}
	add := func(text string) {
		if s, err := sim.ParseScenario([]byte(text)); err == nil && !seen[text] && letsIn(s.Chassis[0]) {
			seen[text] = true
			all = append(all, text)
		}
	}
	files, _ := filepath.Glob("../../molecule/*/simulator.yml")
	scripts, _ := filepath.Glob("../*/testdata/*.txtar")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		add(string(text))
	}
	for _, script := range scripts {
		archive, err := txtar.ParseFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			var has struct{ Chassis []any }
			if yaml.Unmarshal(file.Data, &has) == nil && len(has.Chassis) > 0 {
				add(string(file.Data))
			}
		}
	}
	if len(files) < 15 || len(scripts) < 50 {
		t.Fatalf("only %d scenarios and %d scripts", len(files), len(scripts))
	}
	return all
}
