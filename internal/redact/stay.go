// SPDX-License-Identifier: GPL-3.0-or-later

package redact

import (
	"regexp"
	"strings"
)

// rule says which values of a statement may stay.
type rule int

const (
	aName    rule = iota // of a host, a user, a class: unless the run is anonymous
	aSerial              // a serial number: unless the run is anonymous
	aSetting             // a word, a number, a path: what the procedure works with
	aPattern             // a regular expression over statements, if it is made of their words
)

// mayStay are the statements whose value is not of a type that is harmless by itself, and
// stays. The procedure, the role and the simulator need them.
var mayStay = map[string]rule{
	"version":                                          aSetting,
	"system host-name":                                 aName,
	"system time-zone":                                 aSetting,
	"system login user name":                           aName,
	"system login user class":                          aName,
	"system login class name":                          aName,
	"system login class permissions":                   aSetting,
	"system login class allow-configuration":           aPattern,
	"system login class deny-configuration":            aPattern,
	"system login class allow-commands":                aPattern,
	"system login class deny-commands":                 aPattern,
	"system services ssh authorized-keys-command":      aSetting,
	"system services ssh authorized-keys-command-user": aSetting,
	"system services ssh ciphers":                      aSetting,
	"system services ssh macs":                         aSetting,
	"system services ssh key-exchange":                 aSetting,
	"system services ssh hostkey-algorithm":            aSetting,
	"system services ssh protocol-version":             aSetting,
	"virtual-chassis member name":                      aSetting,
	"virtual-chassis member serial-number":             aSerial,
	"virtual-chassis aliases serial-number name":       aSerial,
}

var (
	plainName    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)
	plainSetting = regexp.MustCompile(`^[A-Za-z0-9/][A-Za-z0-9_./@+:-]{0,127}$`)
	shortNumber  = regexp.MustCompile(`^[0-9]{1,5}$`)

	// The names that Junos itself gives to ports, and patterns of them in groups.
	portName = regexp.MustCompile(`^(?:(?:ge|xe|et|mge|fte|vcp)-[0-9]{1,2}/[0-9]{1,2}/[0-9]{1,3}(?::[0-9]{1,2})?|` +
		`(?:ae|lo|irb|me|vme|em|fxp|vlan|vtep|dsc|gre|lsi|tap|pime|pimd|mtun|ipip|esi|bme|jsrv)[0-9]{0,4})(?:\.(?:[0-9]{1,5}|\*))?$`)
	portPattern = regexp.MustCompile(`^<(?:\*|(?:ge|xe|et|mge|ae|lo|irb|vlan)[-0-9/*.\[\]]*)>$`)
	// Groups whose name says to which part of a chassis they belong.
	partName = regexp.MustCompile(`^(?:re|member|node)[0-9]{1,2}(?:-re[0-9])?$`)
	// Numbers of VLANs, ports and units, and ranges of them.
	smallNumbers = regexp.MustCompile(`^[0-9]{1,5}(?:-[0-9]{1,5})?$`)
	// Times, ranges and numbers, where the schema says that there is one.
	onlyDigits      = regexp.MustCompile(`^[0-9][0-9:.,_-]{0,23}$`)
	hardwareAddress = regexp.MustCompile(`^[0-9A-Fa-f]{1,4}(?:[:.-][0-9A-Fa-f]{1,4}){2,9}$`)
	// Words of a pattern over statements.
	patternWord = regexp.MustCompile(`[A-Za-z][A-Za-z0-9-]*`)
	patternText = regexp.MustCompile(`^[A-Za-z0-9 .*+?|()\[\]^$\\-]*$`)
	// Statements whose value opens something, whatever the schema says of it.
	secretName = regexp.MustCompile(`secret|passw|passphrase|community|token|credential|psk|(?:^|-)(?:key|keys|cak|pin|auth)(?:$|-)`)
)

// ownNames are names that Junos itself gives or expects.
var ownNames = map[string]bool{"default": true, "all": true, "any": true, "mgmt_junos": true, "junos-defaults": true,
	"super-user": true, "superuser": true, "operator": true, "read-only": true, "unauthorized": true}

// notSecret are statements whose name only sounds like that.
var notSecret = map[string]bool{
	"system services ssh authorized-keys-command": true, "system services ssh authorized-keys-command-user": true,
	"system services ssh key-exchange": true, "system services ssh hostkey-algorithm": true,
}

// stays decides over a value that the schema types as a text.
func (r *Redactor) stays(k known, typ, path, value string) bool {
	if rule, ok := mayStay[path]; ok && stayByRule(k, rule, value) {
		return rule == aSetting || rule == aPattern || !r.options.Anonymize
	}
	if typ != "string" && onlyDigits.MatchString(value) {
		return true
	}
	return k.isWord(value) || ownNames[value] || smallNumbers.MatchString(value) || portName.MatchString(value) || portPattern.MatchString(value) || partName.MatchString(value)
}

// isHardwareAddress says that a value is an address of its type, and no IP address.
func isHardwareAddress(typ, value string) bool {
	switch typ {
	case "jt:mac-addr", "jt:mac-unicast", "jt:mac-multicast", "jt:esi", "jt:isosysid", "jt:sysid":
		return hardwareAddress.MatchString(value)
	}
	return false
}

func stayByRule(k known, rule rule, value string) bool {
	switch rule {
	case aName, aSerial:
		return plainName.MatchString(value)
	case aSetting:
		return plainSetting.MatchString(value)
	}
	if !patternText.MatchString(value) {
		return false
	}
	for _, word := range patternWord.FindAllString(value, -1) {
		if !k.isWord(word) {
			return false
		}
	}
	return true
}

// recordName is the macro in which this collection keeps its record: the serial number
// of each member that has keys, and whether they are proved.
const recordName = "vc-internal-ssh"

// recordValue replaces the serial number of an entry of the record, and nothing else.
func (r *Redactor) recordValue(path, value string) string {
	serial, rest, _ := strings.Cut(value, " ")
	switch {
	case value == recordName, shortNumber.MatchString(value):
		return value
	case strings.HasSuffix(path, " value") && (rest == "" || rest == "unproved"):
		return strings.TrimSpace(r.Serial(serial) + " " + rest)
	}
	return r.FreeText(path, value)
}
