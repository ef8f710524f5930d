// SPDX-License-Identifier: GPL-3.0-or-later

package sim

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

func TestNothingIsLeftBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	lab, err := Start(context.Background(), Scenario{Chassis: []ChassisSpec{{Size: 3, Profile: Profile{PrepareSetup: "hang", RootLogin: "allow"}}}})
	if err != nil {
		t.Fatal(err)
	}
	ch := lab.Chassis("vc1")
	idle := login(t, ch.Address(), "root", rootPassword)
	idle.want(lockOp, "<ok/>")
	idle.want(`<commit-configuration><confirmed/></commit-configuration>`, "<ok/>")
	hanging := login(t, ch.Address(), "root", rootPassword)
	if _, err := hanging.out.Write([]byte(`<rpc>` + prepared + `</rpc>`)); err != nil {
		t.Fatal(err)
	}
	gone := login(t, ch.Address(), "root", rootPassword)
	gone.close()
	lab.Close()
	lab.Close()
	idle.close()
	hanging.close()
	waitFor(t, "all goroutines end", func() bool { return runtime.NumGoroutine() <= before })
}

func TestScenarioErrors(t *testing.T) {
	for _, test := range []struct{ name, yaml, err string }{
		{"nothing", "", ""},
		{"two members", "chassis: [{}]", ""},
		{"unknown field", "chassis: [{nmae: x}]", "unknown field"},
		{"no YAML", "chassis: [", "scenario"},
		{"twice", "chassis: [{name: a}, {name: a}]", `"a" is there twice`},
		{"knob", "chassis: [{profile: {commit_results: none}}]", "profile.commit_results: want per_member, primary_only, one_missing, empty, plain_ok"},
		{"delay", "chassis: [{profile: {commit_delay: soon}}]", "profile.commit_delay"},
		{"restart", "chassis: [{profile: {sshd_restart: -1s}}]", "profile.sshd_restart"},
		{"rpc delay", "chassis: [{rpc_delay: soon}]", "rpc_delay"},
		{"member id", "chassis: [{members: [{id: 20}]}]", "members[0].id: want 0 to 19"},
		{"member twice", "chassis: [{members: [{id: 1}, {id: 1}]}]", "members[1].id"},
		{"status", "chassis: [{members: [{id: 1, status: lost}]}]", `members[0].status: unknown status "lost"`},
		{"role", "chassis: [{members: [{id: 1, role: master}]}]", "members[0].role: want primary"},
		{"size", "chassis: [{size: 21}]", "size: want 0 to 20"},
		{"configuration", "chassis: [{config_add: set system bogus 1}]", "config: "},
		{"member configuration", "chassis: [{members: [{id: 0, config: set system bogus 1}]}]", "members[0].config"},
		{"port", "chassis: [{port: 70000}]", "invalid port"},
	} {
		t.Run(test.name, func(t *testing.T) {
			scenario, err := ParseScenario([]byte(test.yaml))
			var lab *Lab
			if err == nil {
				lab, err = Start(context.Background(), scenario)
			}
			if lab != nil {
				lab.Close()
			}
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Fatalf("want %q, got %v", test.err, err)
			}
		})
	}
}

func TestHostKeysOutliveTheLab(t *testing.T) {
	scenario := Scenario{StateDir: t.TempDir(), Chassis: []ChassisSpec{{Size: 2}}}
	var keys [2]string
	for i := range keys {
		lab, err := Start(context.Background(), scenario)
		if err != nil {
			t.Fatal(err)
		}
		_, keys[i], _ = strings.Cut(lab.Chassis("vc1").KnownHosts()[1], " ")
		lab.Close()
	}
	if keys[0] != keys[1] || keys[0] == "" {
		t.Fatalf("want the same key twice, got %q", keys)
	}
}

func TestForeignFilesTravelWithTheConfiguration(t *testing.T) {
	lab, ch := oneChassis(t, "  foreign_files: {/var/db/scripts/op/x.slax: secret sauce}\n")
	lab.Capture(true)
	c := login(t, ch.Address(), "root", rootPassword)
	c.want(commitOp, "<ok/>")
	if found, _ := readable(lab, "secret sauce"); !found {
		t.Fatal("the file was not on the wire")
	}
	c.want(`<file-show><filename>fpc2:/var/db/scripts/op/x.slax</filename></file-show>`, "secret sauce")
}

// The reference of the simulator names every knob with its default and, in the
// order of the source, its other choices; and no other knob.
func TestKnobsAreDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "simulator.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("\n## Profile\n"))
	rows := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `[a-z_]+` \\| `[^|]+` \\|[^|]*\\|").FindAllString(string(text), -1) {
		rows[row] = true
	}
	for _, k := range Knobs() {
		row := "| `" + k.Name + "` | `" + k.Default + "` | " + choicesColumn(k) + " |"
		if !rows[row] {
			t.Errorf("docs/simulator.md lacks the row %s", row)
		}
		delete(rows, row)
	}
	for row := range rows {
		t.Errorf("docs/simulator.md has the row %s, and no knob is so", row)
	}
}

func choicesColumn(k Knob) string {
	var others []string
	for _, c := range k.Choices {
		if c != k.Default {
			others = append(others, "`"+c+"`")
		}
	}
	return strings.Join(others, ", ")
}

// Nothing is a knob that nothing turns.
func TestEveryKnobIsRead(t *testing.T) {
	var source strings.Builder
	for _, folder := range []string{"engine", "rpc", "front"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source.Write(text)
		}
	}
	fields := reflect.TypeFor[Profile]()
	for i := range fields.NumField() {
		if name := fields.Field(i).Name; !strings.Contains(source.String(), "."+name) {
			t.Errorf("no code of the simulator reads Profile.%s", name)
		}
	}
}
