// SPDX-License-Identifier: GPL-3.0-or-later

package vcsnapshot

import (
	"strings"
	"testing"

	"github.com/vchassis/vchassis.junos/internal/device"
	"github.com/vchassis/vchassis.junos/internal/junos"
	"github.com/vchassis/vchassis.junos/internal/redact"
)

// What could not be seen is told without the names that an anonymous snapshot replaces.
func TestUnseenIsAnonymousToo(t *testing.T) {
	shot := device.Snapshot{Class: "kanarie-ops", User: "kanarie",
		Snapshot: junos.Snapshot{Unseen: []string{"statements that the login class kanarie-ops may hide", "the commit history: kanarie at 192.0.2.7: permission denied"}}}
	s, err := describe(shot, "vc1", nil, redact.New(redact.Options{Anonymize: true}))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(s.Unseen, "\n")
	if strings.Contains(got, "kanarie") || strings.Contains(got, "192.0.2.7") || !strings.Contains(got, s.Login.Class+" may hide") || !strings.Contains(got, "permission denied") {
		t.Errorf("got %s, with class %s", got, s.Login.Class)
	}
	if s, err = describe(shot, "vc1", nil, redact.New(redact.Options{})); err != nil || s.Unseen[0] != shot.Unseen[0] {
		t.Errorf("got %v, %v", s.Unseen, err)
	}
}
