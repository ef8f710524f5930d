// SPDX-License-Identifier: GPL-3.0-or-later

package change

import (
	"testing"

	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// A group may still give what a commit has taken away at its own place, so then
// everything is read: also where as much was put in its place.
func TestReadingAfterACommitGoesOnFromTheLast(t *testing.T) {
	entry := func(serial string) vc.Entry { return vc.Entry{Serial: serial, Proved: true} }
	was := vc.Settings{Keys: vc.KeysCommand{Command: "/c", User: "u"}, SCP: true, Record: vc.Record{0: entry("A"), 1: entry("B")}}
	for name, row := range map[string]struct {
		own  vc.Settings
		goes bool
	}{
		"the same":               {was, true},
		"more":                   {vc.Settings{Keys: was.Keys, SCP: true, Record: vc.Record{0: entry("A"), 1: entry("B"), 2: entry("C")}}, true},
		"another value":          {vc.Settings{Keys: was.Keys, SCP: true, Record: vc.Record{0: entry("A"), 1: entry("C")}}, true},
		"without SCP":            {vc.Settings{Keys: was.Keys, Record: was.Record}, false},
		"without the user":       {vc.Settings{Keys: vc.KeysCommand{Command: "/c"}, SCP: true, Record: was.Record}, false},
		"without an entry":       {vc.Settings{Keys: was.Keys, SCP: true, Record: vc.Record{0: entry("A")}}, false},
		"one entry for another":  {vc.Settings{Keys: was.Keys, SCP: true, Record: vc.Record{0: entry("A"), 2: entry("B")}}, false},
		"nothing of it any more": {vc.Settings{}, false},
	} {
		r := &changeRun{planned: vc.Chassis{Own: was}, own: row.own}
		r.out.Read = junos.State{Chassis: vc.Chassis{ID: "seen"}}
		if goes := r.lastReading().ID == "seen"; goes != row.goes {
			t.Errorf("%s: want to go on from the last reading: %t", name, row.goes)
		}
	}
}
