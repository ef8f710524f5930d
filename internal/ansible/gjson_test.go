// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"encoding/json"
	"testing"

	"github.com/tidwall/gjson"
)

// What gjson does with keys and texts that are data, and why the arguments are
// decoded strictly before gjson sees them.
func TestDefectsOfGJSON(t *testing.T) {
	const interfaces = `{"ge-0/0/0": [{"name": "another"}], "ge-0/0/0.0": {"name": "asked for"}}`
	for path, want := range map[string]string{"ge-0/0/0.0.name": "another", gjson.Escape("ge-0/0/0.0") + ".name": "asked for"} {
		if got := gjson.Get(interfaces, path).String(); got != want {
			t.Errorf("%s: want %q, got %q", path, want, got)
		}
	}
	const twice = `{"_ansible_check_mode": true, "_ansible_check_mode": false}`
	var last map[string]bool
	if err := json.Unmarshal([]byte(twice), &last); err != nil || last["_ansible_check_mode"] {
		t.Errorf("encoding/json: %v, %v", last, err)
	}
	if !gjson.Get(twice, "_ansible_check_mode").Bool() {
		t.Error("gjson takes the last now")
	}
	const broken = `{"_ansible_check_mode": true, "host": `
	if !gjson.Get(broken, "_ansible_check_mode").Bool() {
		t.Error("gjson reads no broken text now")
	}
	for _, text := range []string{twice, broken} {
		if _, err := parseJSON([]byte(text)); err == nil {
			t.Errorf("%s: want it refused", text)
		}
	}
}
