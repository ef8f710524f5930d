// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/vchassis/vchassis.junos/internal/sim/conf/schema"
)

type kind uint8

const (
	container kind = iota // vanishes with its last statement
	presence              // means something even when empty
	list
	leaf
	leafList
)

// def is one statement of the schema. Its order among its siblings is the order in which Junos prints.
type def struct {
	name  string // XML and JSON
	word  string // text and set commands; differs from name only rarely ("802.3ad")
	kind  kind
	keys  []string
	named []string // the keys whose names are written: upload filename X destination Y
	typ   valueType
	pos   int // place among the siblings
	flags flag

	choice, number string // of siblings with the same choice, those of one number are there

	up     *def
	kids   []*def
	byWord map[string]*def
	byName map[string]*def
	bare   []*def // children whose keyword is not written in text
	common *def   // apply-groups and friends; nil where they are not allowed
}

type flag uint16

const (
	isBare      flag = 1 << iota // keyword is not written: interfaces { ge-0/0/0 {
	isBlock                      // a list in braces of its own: name-server { 192.0.2.1; }
	isOneline                    // everything below stands on one line
	isSingle                     // one line when it holds exactly one leaf: route X next-hop Y;
	isPrefix                     // repeated before each child: family inet { } family inet6 { }
	isSorted                     // kept sorted by key, not in the order of insertion
	isSecret                     // marked ## SECRET-DATA in text
	isEncrypt                    // clear text that is stored as a hash
	isWild                       // keys may hold wildcards (groups)
	isLone                       // no apply-groups or apply-macro below
	isHidden                     // taken, but neither completed nor abbreviated
	isVanishing                  // an entry that goes with its last statement
)

func (d *def) is(f flag) bool { return d.flags&f != 0 }

// Schema says which statements a release knows. It never changes and may be shared by any number of trees.
type Schema struct {
	release string
	root    *def
	kept    kept // of a schema that keeps unknown statements: which
}

// Release returns the Junos release the schema was made for.
func (s *Schema) Release() string { return s.release }

// The schemas that differ are read once, when they are first needed.
var roots = func() (all [2][2]func() *def) {
	for i, release := range []string{"24.4R1", "25.2R1"} {
		for j, keeps := range []bool{false, true} {
			all[i][j] = sync.OnceValue(func() *def { return readSchema(release, keeps, schema.Files).root })
		}
	}
	return all
}()

func rootOf(release string, keeps bool) *def {
	pair := roots[1]
	if Earlier(release, "25.2R1") {
		pair = roots[0]
	}
	if keeps {
		return pair[1]()
	}
	return pair[0]()
}

// DefaultSchema returns the schema of an EX or QFX switch of the given release. Releases before 25.2R1 do not know
// "system commit config-sync-with-scp".
func DefaultSchema(release string) *Schema {
	return &Schema{release: release, root: rootOf(release, false)}
}

// Earlier reports whether Junos release a precedes b. A release that cannot be read precedes none.
func Earlier(a, b string) bool {
	x, y := releaseNumbers(a), releaseNumbers(b)
	return x != nil && slices.Compare(x, y) < 0
}

var releasePattern = regexp.MustCompile(`^(\d+)\.(\d+)(?:R(\d+))?`)

// releaseNumbers reads the year, the quarter and the R number of 24.4R2-S1.3.
func releaseNumbers(release string) []int {
	found := releasePattern.FindStringSubmatch(release)
	if found == nil {
		return nil
	}
	numbers := make([]int, 3)
	for i := range numbers {
		numbers[i], _ = strconv.Atoi(found[i+1])
	}
	return numbers
}

// child finds the statement that a word of text or of a set command names.
func (d *def) child(word string) *def {
	if c := d.byWord[word]; c != nil {
		return c
	}
	if d.common != nil {
		return d.common.byWord[word]
	}
	return nil
}

// abbreviated finds the only child whose keyword begins with a word.
func (d *def) abbreviated(word string) *def {
	var found *def
	for _, c := range d.kids {
		if d.byWord[c.word] != c || c.is(isHidden) || !strings.HasPrefix(c.word, word) {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// element finds the statement that an XML tag or a JSON name names.
func (d *def) element(name string) *def {
	if c := d.byName[name]; c != nil {
		return c
	}
	if d.common != nil {
		return d.common.byName[name]
	}
	return nil
}

// bareChild returns the child of the given kind whose keyword is left out.
func (d *def) bareChild(k kind) *def {
	for _, c := range d.bare {
		if c.kind == k {
			return c
		}
	}
	return nil
}

// isKey reports whether a leaf of list d is one of its keys.
func (d *def) isKey(name string) bool {
	return slices.Contains(d.keys, name)
}

// keyName returns what is written before key number i of list d: its name, or nothing.
func (d *def) keyName(i int) string {
	if slices.Contains(d.named, d.keys[i]) {
		return d.keys[i]
	}
	return ""
}

// keyType returns the type of key number i of list d.
func (d *def) keyType(i int) valueType {
	if c := d.byName[d.keys[i]]; c != nil {
		return c.typ
	}
	return valueType{}
}
