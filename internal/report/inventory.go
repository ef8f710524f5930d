// SPDX-License-Identifier: GPL-3.0-or-later

package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/vchassis/vchassis.junos/internal/outcome"
)

// addInventory adds what "ansible-inventory --list" says: hosts that have no record are
// missing, and the groups of every host.
func (f *Fleet) addInventory(data []byte) error {
	var groups map[string]struct {
		Hosts []string `json:"hosts"`
	}
	var meta struct {
		Meta struct {
			HostVars map[string]json.RawMessage `json:"hostvars"`
		} `json:"_meta"`
	}
	if err := json.Unmarshal(data, &groups); err != nil {
		return fmt.Errorf("want the output of ansible-inventory --list: %w", err)
	}
	if err := json.Unmarshal(data, &meta); err != nil {
		return fmt.Errorf("want the output of ansible-inventory --list: %w", err)
	}
	all := meta.Meta.HostVars
	if all == nil {
		all = map[string]json.RawMessage{}
	}
	f.Groups = map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		for _, host := range groups[name].Hosts {
			all[host] = nil
			if name != "all" && name != "ungrouped" && name != "_meta" {
				f.Groups[host] = append(f.Groups[host], outcome.CleanText(name, outcome.ShortText))
			}
		}
	}
	for _, r := range f.Records {
		delete(all, r.Host)
	}
	for host := range all {
		f.Missing = append(f.Missing, outcome.CleanText(host, outcome.ShortText))
	}
	slices.SortFunc(f.Missing, compareNaturally)
	return nil
}
