// SPDX-License-Identifier: GPL-3.0-or-later

package junos

import (
	"context"
	"fmt"
	"slices"

	"github.com/beevik/etree"

	"github.com/vchassis/vchassis.junos/internal/netconf"
	"github.com/vchassis/vchassis.junos/internal/vc"
)

// rootKeyLists are the lists of public keys at system root-authentication (Juniper's
// published YANG). They lie beside the hash of root's password, which is never asked for.
var rootKeyLists = []string{"ssh-rsa", "ssh-ecdsa", "ssh-ed25519", "ssh-dsa"}

const (
	rootAuthentication = "root-authentication"
	noPublicKeys       = "no-public-keys"
)

// keySources are the statements of sshd that may let root in with a key that is not in
// those lists.
var keySources = []string{
	"authorized-keys-command", "cert-based-auth", "trusted-user-ca-key-file",
	"authorized-principals", "authorized-principals-file", "authorized-principals-command",
}

// rootKeyFilter selects the keys of root, and whether they count.
func rootKeyFilter() *etree.Element {
	filter := newElement(rootAuthentication, newElement(noPublicKeys))
	for _, list := range rootKeyLists {
		filter.AddChild(newElement(list))
	}
	return filter
}

// effectiveRequest asks for the settings as they are in force, and for root's keys with
// them, unless this device has refused that.
func (d *Device) effectiveRequest() *etree.Element {
	request := settingsRequest()
	if !d.refusesRootKeys {
		request.FindElement("configuration/system").AddChild(rootKeyFilter())
	}
	return withAttributes(request, "inherit", "inherit", "groups", "groups")
}

// withoutRootKeys returns a reading of the settings in force. A device that refuses
// the question for root's keys is asked once more without it, and they stay unknown:
// a release may not know one of their kinds, a login class may deny them.
func (d *Device) withoutRootKeys(ctx context.Context, effective *netconf.Reply) (*netconf.Reply, error) {
	if d.refusesRootKeys || !slices.ContainsFunc(errorsOf(effective), refusesRootKeys) {
		return effective, nil
	}
	d.refusesRootKeys = true
	reply, err := d.callOne(ctx, d.effectiveRequest(), d.opts.RPCTimeout)
	if reply == nil || IsLinkLost(err) {
		return nil, fmt.Errorf("read the chassis: %w", err)
	}
	return reply, nil
}

func refusesRootKeys(m Message) bool {
	return m.BadElement == rootAuthentication || m.BadElement == noPublicKeys || slices.Contains(rootKeyLists, m.BadElement)
}

// judgeRootKeys says what a reading shows of root's keys to this login.
func (d *Device) judgeRootKeys(shown vc.RootKeys) vc.RootKeys {
	if shown == vc.RootKeysNone && (d.refusesRootKeys || !d.seesAll()) {
		return vc.RootKeysUnknown
	}
	return shown
}

// rootKeysIn looks for keys with which root could log in. Keys of a group that may not
// apply to every member, and other sources of keys, leave it unknown.
func rootKeysIn(system *etree.Element) vc.RootKeys {
	if isInForce(system, "services/ssh/"+noPublicKeys) || isInForce(system, rootAuthentication+"/"+noPublicKeys) {
		return vc.RootKeysNone
	}
	isPartial := false
	for _, list := range rootKeyLists {
		for _, key := range system.FindElements(rootAuthentication + "/" + list) {
			switch {
			case !isActive(system, key):
			case enginePattern.MatchString(groupAt(key)):
				isPartial = true
			default:
				return vc.RootKeysConfigured
			}
		}
	}
	for _, source := range keySources {
		isPartial = isPartial || isInForce(system, "services/ssh/"+source)
	}
	if isPartial {
		return vc.RootKeysUnknown
	}
	return vc.RootKeysNone
}

// isInForce says that a statement is there, and neither it nor what is around it is
// deactivated.
func isInForce(system *etree.Element, path string) bool {
	e := system.FindElement(path)
	return e != nil && isActive(system, e)
}

func isActive(system, e *etree.Element) bool {
	return !isDeactivated(system) && !slices.ContainsFunc(chainBelow(system, e), isDeactivated)
}
