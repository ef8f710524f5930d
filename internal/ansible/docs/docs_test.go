// SPDX-License-Identifier: GPL-3.0-or-later

package docs

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vchassis/vchassis.junos/internal/ansible"
	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/secret"
)

type params struct {
	State    string        `json:"state" default:"present" choices:"present,absent" aliases:"wanted"`
	Password secret.String `json:"password"`
	Members  []struct {
		ID int `json:"member_id" required:"true"`
	} `json:"members"`
	Files []string `json:"files" type:"path"`
	Count int      `json:"count" default:"5"`
}

type result struct {
	Changed bool `json:"changed"`
	Members []struct {
		ID   int    `json:"member_id"`
		Role string `json:"role,omitempty"`
	} `json:"members"`
	FIPS *bool `json:"fips,omitempty"`
	Any  any   `json:"any"`
}

var stub = `# GNU General Public License v3.0+
DOCUMENTATION = r"""
module: probe
options:
  state: {type: str, default: present, choices: [present, absent], aliases: [wanted]}
  members:
    type: list
    elements: dict
    suboptions:
      member_id: {type: int, required: true}
  files: {type: list, elements: path}
extends_documentation_fragment:
  - vchassis.junos.shared
  - vchassis.junos.shared.more
attributes:
  idempotent: {support: full}
"""
EXAMPLES = r"""
- vchassis.junos.probe:
"""
RETURN = r"""
members:
  returned: always
  type: list
  elements: dict
  contains:
    member_id: {returned: always, type: int}
    role: {returned: always, type: str}
fips: {returned: success, type: bool}
any: {returned: success, type: raw}
hint: {returned: failure, type: str}
unreachable: {type: bool, returned: failure}
events:
  returned: always
  type: list
  elements: dict
  contains:
    at: {returned: always, type: str}
    text: {returned: always, type: str}
    limit: {returned: always, type: float}
"""
`

const fragment = `
class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  password: {type: str}
  count: {type: int, default: 5}
"""
    MORE = r'''
options: {}
attributes:
  check_mode: {support: full}
  diff_mode: {support: full}
'''
`

// compare writes the stub with one change and compares it.
func compare(t *testing.T, old, new string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "probe.py")
	if old != "" && strings.Count(stub, old) != 1 {
		t.Fatalf("%q stands %d times in the stub", old, strings.Count(stub, old))
	}
	for name, text := range map[string]string{file: strings.Replace(stub, old, new, 1), filepath.Join(dir, "shared.py"): fragment} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m := ansible.New("probe", func(context.Context, ansible.Task, params) (result, error) { return result{}, nil })
	return strings.Join(Compare(m, file, dir), "\n")
}

func TestCompare(t *testing.T) {
	if got := compare(t, "", ""); got != "" {
		t.Fatalf("want no difference, got %s", got)
	}
	for _, row := range []struct{ old, new, want string }{
		{"default: present", "default: absent", "option state: default is present, documented as absent"},
		{"default: present, ", "", "option state: default is present, documented as <nil>"},
		{"[present, absent]", "[present]", "option state: choices is [present absent], documented as [present]"},
		{"[present, absent]", "[present, true]", "option state: choice true is no text in YAML: quote it"},
		{"aliases: [wanted]", "aliases: []", "option state: aliases is [wanted], documented as []"},
		{"required: true", "required: false", "option members.member_id: required is true, documented as false"},
		{"elements: path", "elements: str", `option files: elements is "path", documented as "str"`},
		{"  files: {", "  flies: {", "option files: not documented"},
		{"  files: {", "  flies: {", "option flies: documented, but the module has none"},
		{"      member_id: {type: int, required: true}", "      id: {}", "option members.member_id: not documented"},
		{"fips: {returned: success, type: bool}", "", "result fips: not documented"},
		{"{returned: success, type: bool}", "{returned: success, type: str}", "result fips: type is bool, documented as str"},
		{"any: {returned: success", "any: {", "result any: when it is returned is not stated"},
		{"    role: {", "    rule: {", "result members.role: not documented"},
		{"    role: {", "    rule: {", "result members.rule: documented, but the module has none"},
		{"  contains:\n    member_id: {returned: always, type: int}\n    role: {returned: always, type: str}\n", "", "result members: what it contains is not stated"},
		{"module: probe", "module: prob", "module: name is probe, documented as prob"},
		{"- vchassis.junos.probe:", "- probe:", "EXAMPLES: none calls vchassis.junos.probe"},
		{"  idempotent: {support: full}", "  other: {}", "attributes: idempotent is not stated"},
		{"# GNU General Public License v3.0+", "", "licence: not named"},
		{"vchassis.junos.shared.more", "vchassis.junos.shared.none", "fragment vchassis.junos.shared.none: no NONE"},
		{"  - vchassis.junos.shared\n", "", "option password: not documented"},
		{"module: probe", "module: [", "DOCUMENTATION: "},
	} {
		t.Run(row.want, func(t *testing.T) {
			if got := compare(t, row.old, row.new); !strings.Contains(got, row.want) {
				t.Errorf("got %s", got)
			}
		})
	}
}

func TestSecretsMustBeMasked(t *testing.T) {
	type loose struct {
		Passphrase string `json:"key_passphrase"`
	}
	var d differences
	d.compareOptions("", ansible.Spec(loose{}), map[string]option{"key_passphrase": {Type: "str"}})
	if diff := cmp.Diff(differences{"option key_passphrase: sounds like a secret, but is not masked"}, d); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

func TestNamesOfAnsibleAreRefused(t *testing.T) {
	type own struct {
		Invocation map[string]any `json:"invocation"`
	}
	m := ansible.New("probe", func(context.Context, ansible.Task, struct{}) (own, error) { return own{}, nil })
	var d differences
	d.compareReturns("", m.Returns(), nil)
	if diff := cmp.Diff(differences{"result invocation: the name is Ansible's own", "result hint: not documented", "result unreachable: not documented", "result events: not documented"}, d); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}

// The options that modules share are the fragment's, one for one.
func TestConnectionOptionsAreTheFragments(t *testing.T) {
	type shared struct {
		device.Connection
		device.Commit
		device.Root
	}
	p := &page{}
	for _, name := range []string{"vchassis.junos.connection", "vchassis.junos.connection.config", "vchassis.junos.connection.root"} {
		if err := p.addFragment(name, "../../../collection/plugins/doc_fragments"); err != nil {
			t.Fatal(err)
		}
	}
	var d differences
	d.compareOptions("", ansible.Spec(shared{}), p.Options)
	if diff := cmp.Diff(differences(nil), d); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}
