// SPDX-License-Identifier: GPL-3.0-or-later

package docs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const documented = `
DOCUMENTATION = r"""
module: probe
"""
RETURN = r"""
count: {returned: always, type: int}
seconds: {returned: success, type: float}
word: {description: A word., returned: when the chassis was read, type: str}
known: {description: "True, false or null.", returned: when the chassis was read, type: bool}
list:
  returned: success
  type: list
  elements: dict
  contains:
    id: {returned: always, type: int}
    name: {returned: when there is one, type: str}
"""
`

// Each way in which a result can differ from its documentation, and what is as it says.
func TestCompareResult(t *testing.T) {
	stub := filepath.Join(t.TempDir(), "probe.py")
	if err := os.WriteFile(stub, []byte(documented), 0o600); err != nil {
		t.Fatal(err)
	}
	schema, err := SchemaOf(stub, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, result string
		want         []string
	}{
		{"as documented", `{"changed": false, "count": 1, "seconds": 2, "word": "a", "known": null, "list": [{"id": 1}, {"id": 2, "name": "b"}]}`, nil},
		{"a failure", `{"changed": false, "count": 0, "failed": true, "msg": "x"}`, nil},
		{
			"a success", `{"changed": false, "count": 0}`,
			[]string{"list: documented as returned on success, but is missing", "seconds: documented as returned on success, but is missing"},
		},
		{"no object", `[]`, []string{"the result is no JSON object: json: cannot unmarshal array into Go value of type map[string]interface {}"}},
		{"missing", `{"failed": true}`, []string{"changed: documented as returned always, but is missing", "count: documented as returned always, but is missing"}},
		{"unknown", `{"changed": false, "count": 1, "extra": 1, "failed": true}`, []string{"extra: returned, but not documented"}},
		{"another type", `{"changed": "no", "count": 1.5, "failed": true}`, []string{"changed: documented as bool, got str", "count: documented as int, got float"}},
		{"null", `{"changed": false, "count": null, "failed": true}`, []string{"count: null, which is not documented"}},
		{"half read", `{"changed": false, "count": 1, "word": "a", "failed": true}`, []string{"known: missing, but also documented as returned when the chassis was read, as is word"}},
		{
			"in a list", `{"changed": false, "count": 1, "list": [1, {"name": {}, "more": true}], "failed": true}`,
			[]string{
				"list[0]: documented as dict, got int", "list[1].more: returned, but not documented", "list[1].name: documented as str, got dict",
				"list[1].id: documented as returned always, but is missing",
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, []string(schema.Compare([]byte(row.result)))); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func TestASchemaNeedsAStub(t *testing.T) {
	if _, err := SchemaOf("missing.py", ""); err == nil {
		t.Error("no stub, and no error")
	}
}
