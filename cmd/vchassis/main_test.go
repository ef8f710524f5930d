// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/modules"
)

func TestVerbs(t *testing.T) {
	for _, row := range []struct {
		args        string
		status      int
		out, errOut string
	}{
		{"--help", 0, "vchassis report DIR [-o FILE]", ""},
		{"-h", 0, "vchassis --version", ""},
		{"--version", 0, "vchassis dev, go1.", ""},
		{"", 2, "", "usage: vchassis module NAME FILE"},
		{"frobnicate x", 2, "", `vchassis: "frobnicate": want module, report, trace, --version or --help`},
		{"report --help", 0, "usage: vchassis report DIR", ""},
	} {
		var out, errOut bytes.Buffer
		status, done := runOwnVerb(strings.Fields(row.args), &out, &errOut)
		if !done || status != row.status || !strings.Contains(out.String(), row.out) || !strings.Contains(errOut.String(), row.errOut) {
			t.Errorf("%s: %d, %q, %q", row.args, status, out.String(), errOut.String())
		}
	}
	if _, done := runOwnVerb([]string{"module", "vc_info", "-"}, nil, nil); done {
		t.Error("a module is no verb")
	}
}

func TestHelpNamesEveryModule(t *testing.T) {
	var out bytes.Buffer
	printHelp(&out)
	for _, m := range modules.Table() {
		if !strings.Contains(out.String(), "  "+m.Name+"\n") {
			t.Errorf("%s is missing in\n%s", m.Name, out.String())
		}
	}
}

// A module that is a link to the program gets its file, whatever that is called.
func TestModulesHaveNoVerbs(t *testing.T) {
	for name, want := range map[string]bool{"/usr/bin/vchassis": true, "vchassis_linux_amd64": true, "/tmp/x/AnsiballZ_vc_info": false, "vc_scp_sync": false} {
		if isProgram(name) != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}
