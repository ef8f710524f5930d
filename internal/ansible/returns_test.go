// SPDX-License-Identifier: GPL-3.0-or-later

package ansible

import (
	"context"
	"encoding/json"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vchassis/vchassis.junos/internal/secret"
)

type wide struct{ A string }

func (wide) MarshalJSON() ([]byte, error) { return []byte("{}"), nil }

type below struct {
	ID  int   `json:"id"`
	Own *bool `json:"own,omitempty"`
}

type Embedded struct {
	Changed bool `json:"changed"`
}

type Named struct {
	Inner string `json:"inner"`
}

// Every kind of field, as encoding/json shows it.
func TestReturns(t *testing.T) {
	type result struct {
		Embedded
		*below
		Named   `json:"named"`
		NoTag   string
		Empty   string            `json:",omitempty"`
		Hidden  string            `json:"-"`
		private string            //lint:ignore U1000 a field that is not exported is left out
		Dict    below             `json:"dict"`
		Pointer *below            `json:"pointer"`
		List    []below           `json:"list"`
		Texts   []string          `json:"texts"`
		Each    []*below          `json:"each"`
		Numbers *[]uint16         `json:"numbers"`
		Map     map[string]int    `json:"map"`
		Maps    []map[string]bool `json:"maps"`
		Any     any               `json:"any"`
		First   uint              `json:"first"`
		Last    uint64            `json:"last"`
		Float   float64           `json:"float"`
		Masked  secret.String     `json:"masked"`
		Address netip.Addr        `json:"address"` // a struct that is text in JSON
		Wide    wide              `json:"wide"`
		Raw     json.RawMessage   `json:"raw"`
	}
	sub := []Return{{Name: "id", Type: "int"}, {Name: "own", Type: "bool"}}
	want := []Return{
		{Name: "changed", Type: "bool"}, {Name: "id", Type: "int"}, {Name: "own", Type: "bool"},
		{Name: "named", Type: "dict", Sub: []Return{{Name: "inner", Type: "str"}}},
		{Name: "NoTag", Type: "str"}, {Name: "Empty", Type: "str"},
		{Name: "dict", Type: "dict", Sub: sub}, {Name: "pointer", Type: "dict", Sub: sub},
		{Name: "list", Type: "list", Elements: "dict", Sub: sub}, {Name: "texts", Type: "list", Elements: "str"},
		{Name: "each", Type: "list", Elements: "dict", Sub: sub}, {Name: "numbers", Type: "list", Elements: "int"},
		{Name: "map", Type: "dict"}, {Name: "maps", Type: "list", Elements: "dict"},
		{Name: "any"}, {Name: "first", Type: "int"}, {Name: "last", Type: "int"}, {Name: "float", Type: "float"},
		{Name: "masked", Type: "str"}, {Name: "address", Type: "str"}, {Name: "wide"}, {Name: "raw"},
		{Name: "hint", Type: "str"}, {Name: "unreachable", Type: "bool"}, {Name: "events", Type: "list", Elements: "dict", Sub: []Return{
			{Name: "at", Type: "str"}, {Name: "text", Type: "str"}, {Name: "limit", Type: "float"},
		}},
	}
	got := New("probe", func(context.Context, Task, struct{}) (result, error) { return result{}, nil }).Returns()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want - got +\n%s", diff)
	}
}
