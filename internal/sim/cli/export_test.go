// SPDX-License-Identifier: GPL-3.0-or-later

package cli

// Requests lists what the commands that show something ask the switch for.
func Requests() []string {
	var all []string
	for _, v := range views() {
		all = append(all, requestXML(v.rpc, v.inside))
	}
	return all
}
