// SPDX-License-Identifier: GPL-3.0-or-later

package vc

import (
	"regexp"
	"strconv"
)

var releasePattern = regexp.MustCompile(`^(\d{1,3})\.(\d{1,2})[A-Z]`)

// HasSCPStatement says whether a Junos release, such as "25.2R1.9", has the
// statement config-sync-with-scp. Juniper's YANG has it from 25.2R1 on, not
// in 24.4R2. known is false where the text is not a release that can be
// ordered; backports to older service releases are not published.
func HasSCPStatement(version string) (has, known bool) {
	m := releasePattern.FindStringSubmatch(version)
	if m == nil {
		return false, false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	return major > 25 || major == 25 && minor >= 2, true
}
