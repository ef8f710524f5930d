// SPDX-License-Identifier: GPL-3.0-or-later

package report

import "testing"

func TestNatural(t *testing.T) {
	for _, tt := range []struct{ less, more string }{
		{"sw2", "sw10"}, {"sw", "sw1"}, {"a9b10", "a9b11"}, {"a", "b"}, {"1", "a"}, {"sw002", "sw3"}, {"", "x"},
	} {
		if compareNaturally(tt.less, tt.more) >= 0 || compareNaturally(tt.more, tt.less) <= 0 || compareNaturally(tt.less, tt.less) != 0 {
			t.Errorf("%q does not come before %q", tt.less, tt.more)
		}
	}
}
