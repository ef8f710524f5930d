// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// AbsentTag is the error-tag of what a switch does and the simulator does not: nobody may take it
// for an answer of Junos, which knows no such tag.
const AbsentTag = "not-simulated"

const (
	ofMembers = "all-members local member"
	anyOption = "*" // the operation itself refuses what it does not know
)

// honoured are the options that the simulator reads of each RPC, as elements of the request and as
// words of the command. What else Juniper's models have says that it is not simulated. Replies
// have all that the simulator knows of an interface, its media and details among it.
var honoured = map[string]string{
	"commit":                               "check confirmed confirm-timeout log synchronize",
	"commit-configuration":                 "check confirmed confirm-timeout log synchronize force-synchronize full",
	"delete-config":                        "target",
	"edit-config":                          "target default-operation error-option test-option config config-text config-set",
	"file-copy":                            "source destination",
	"file-delete":                          "path",
	"file-list":                            "path detail",
	"file-show":                            "filename",
	"get":                                  "filter",
	"get-checksum-information":             "path sha256",
	"get-commit-revision-information":      "brief detail",
	"get-config":                           "source filter",
	"get-configuration":                    "configuration",
	"get-interface-information":            "interface-name terse media detail routing-instance",
	"get-log":                              "filename",
	"get-rescue-information":               "format",
	"get-rollback-information":             "rollback compare format",
	"get-software-information":             "brief " + ofMembers,
	"get-system-storage":                   ofMembers,
	"get-system-uptime-information":        ofMembers,
	"get-system-users-information":         "no-resolve",
	"get-virtual-chassis-port-information": ofMembers,
	"get-vlan-information":                 "vlan-name brief",
	"kill-session":                         "session-id",
	"load-configuration":                   anyOption,
	"lock":                                 "target",
	"open-configuration":                   "exclusive private",
	"request-reboot":                       "all-members local member at in message",
	"request-shell-execute":                "command",
	"request-virtual-chassis-recycle":      "member-id",
	"request-virtual-chassis-renumber":     "member-id new-member-id",
	"unlock":                               "target",
	"validate":                             "source",

	// Nothing is in these tables, however it is asked.
	"get-arp-table-information":                "expiration-time hostname interface no-resolve reference-count state vpn",
	"get-ethernet-switching-table-information": "address brief detail extensive instance summary vlan-id vlan-name",
}

// notHonoured are attributes, and values of attributes and of elements, of RPCs that read others.
// Commit scripts are never run, so that a configuration to which they are applied is the same.
var notHonoured = strings.Fields(`
	edit-config/error-option=ignore-error edit-config/error-option=rollback-on-error
	get-configuration@changed get-configuration@commit-scripts=view get-configuration@compare=configuration-revision get-configuration@database-path
	get-configuration@inherit=defaults get-configuration@interface-ranges get-configuration@key
	get-rollback-information/format=xml get-rollback-information/format=json
	load-configuration@configuration-revision load-configuration@url
`)

// CheckRequest returns an error for a request with an option that the simulator does not honour:
// it is not simulated, or unknown to Juniper's models too. nil: there is none.
func CheckRequest(op *etree.Element) *Error {
	for _, a := range op.Attr {
		if at := op.Tag + "@" + a.Key; slices.Contains(notHonoured, at) || slices.Contains(notHonoured, at+"="+a.Value) {
			return absentError(op.Tag + " " + a.Key + "=" + a.Value)
		}
	}
	for _, e := range op.ChildElements() {
		option, value := e.Tag, strings.TrimSpace(e.Text())
		if option == "level" {
			option = value
		}
		switch {
		case slices.Contains(notHonoured, op.Tag+"/"+option+"="+value):
			return absentError(op.Tag + " " + option + "=" + value)
		case honours(op.Tag, option):
		case isOption(op.Tag, option):
			return absentError(op.Tag + " " + option)
		default:
			return &Error{Message: "syntax error", Bad: option, Column: -1}
		}
	}
	return nil
}

func absentError(what string) *Error {
	return &Error{Message: "not simulated: " + what, Column: -1, Absent: true}
}

func honours(rpc, option string) bool {
	return honoured[rpc] == anyOption || slices.Contains(strings.Fields(honoured[rpc]), option)
}

// isOption reports whether an RPC has an option, as far as the models say: of those without a
// command, and of the standard's, they have none.
func isOption(rpc, option string) bool {
	_, line, published := strings.Cut(operationsText, "\n"+rpc+"\t")
	line, _, _ = strings.Cut(line, "\n")
	words := strings.Split(line, "\t")
	return !published || words[0] == "" || slices.ContainsFunc(words[1:], func(w string) bool { return strings.Trim(w, "<>=") == option })
}
