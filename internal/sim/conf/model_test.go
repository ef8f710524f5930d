// SPDX-License-Identifier: GPL-3.0-or-later

package conf

import (
	"crypto/sha256"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// notInModels are statements that the published models of 24.4R1 do not have; build-tools/yang_schema.py has the reasons.
var notInModels = []string{"/system/commit/config-sync-with-scp", "/system/commit/factory-settings", "/system/phone-home", "/system/name-server/source-address", "/vlans/vlan/no-arp-suppression", "/routing-instances/instance/vlans/vlan/no-arp-suppression", "/redundant-power-system", "/version", "/groups"}

// The structure of every statement is the models': what kind it is, what its keys are, how it is written.
func TestTheSchemaIsTheModels(t *testing.T) {
	facts := map[string][]string{}
	total := 0
	var walk func(d *def, path string)
	walk = func(d *def, path string) {
		for _, k := range d.kids {
			at := path + "/" + k.name
			if k.up != d || d.isKey(k.name) || k.is(isWild) || slices.Contains(notInModels, at) || strings.HasPrefix(at, "/apply-groups") {
				continue
			}
			words := strings.Split(at, "/")
			group := strings.Join(words[:min(len(words), 3)], "/")
			facts[group] = append(facts[group], fmt.Sprintf("%s %s %s %s\n", at, kindName(k), strings.Join(k.keys, ","), writingFlags(k)))
			total++
			walk(k, at)
		}
	}
	walk(rootOf("25.2R1", false), "")
	text, err := os.ReadFile("testdata/model.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		group, want, _ := strings.Cut(line, " ")
		slices.Sort(facts[group])
		got := fmt.Sprintf("%d %x", len(facts[group]), sha256.Sum256([]byte(strings.Join(facts[group], ""))))[:len(want)]
		if got != want {
			t.Errorf("%s: %s, but the models have %s: build-tools/yang_schema.py --compare tells what", group, got, want)
		}
		delete(facts, group)
	}
	for group := range facts {
		t.Errorf("%s is not in the models", group)
	}
	if total < 20000 {
		t.Errorf("only %d statements were compared", total)
	}
}

func kindName(d *def) string {
	return []string{container: "container", presence: "presence", list: "list", leaf: "leaf", leafList: "leaf-list"}[d.kind]
}

func writingFlags(d *def) string {
	var all []string
	for _, f := range []struct {
		name string
		flag flag
	}{{"bare", isBare}, {"block", isBlock}, {"oneline", isOneline}, {"prefix", isPrefix}, {"single", isSingle}} {
		if d.is(f.flag) {
			all = append(all, f.name)
		}
	}
	if len(d.named) > 0 {
		all = append(all, "worded:"+strings.Join(d.named, ","))
	}
	return strings.Join(all, ",")
}
