// SPDX-License-Identifier: GPL-3.0-or-later

package sshconfig

import (
	"fmt"
	"slices"
	"strings"
)

// setOther decides on a setting that is used nowhere: passed, noted, or refused.
func (l *lookup) setOther(s statement) error {
	value := strings.ToLower(strings.Join(s.args, " "))
	harmless, matters := mattersUnless[s.key]
	switch {
	case slices.Contains(unused, s.key), matters && slices.Contains(harmless, value):
		return nil
	case slices.Contains(missed, s.key):
		if !slices.Contains([]string{"none", "no", "internal"}, value) {
			l.noteLeftOut(s)
		}
		return nil
	case !matters && matchesList(l.ignore, s.key):
		return nil
	}
	return fmt.Errorf("%s is not understood here, and leaving it out could change what is trusted or reached; remove it for this host, or use the option of that purpose", s.key)
}

// noteLeftOut says that a setting was left out, once.
func (l *lookup) noteLeftOut(s statement) {
	text := fmt.Sprintf("%s %s (%s)", s.key, strings.Join(s.args, " "), s.place)
	if !slices.Contains(l.host.Notes, text) {
		l.host.Notes = append(l.host.Notes, text)
	}
}

// noteWeaker notes what would check less than the option host_key does, which
// alone decides on that.
func (l *lookup) noteWeaker(s statement) {
	if s.key == "stricthostkeychecking" && (s.args[0] == "no" || s.args[0] == "accept-new") {
		l.noteLeftOut(s)
	}
}

// missed settings cannot make a connection less safe when they are left out, but
// their owner could miss what they do: it is noted, unless they do nothing.
var missed = []string{
	"bindinterface", "pkcs11provider", "securitykeyprovider", "smartcarddevice", "verifyhostkeydns",
}

// mattersUnless are settings that OpenSSH knows and that could change what is
// trusted or reached, with the values that do not. IgnoreUnknown is not for them.
var mattersUnless = map[string][]string{
	"canonicalizehostname": {"no", "false", "none"},
	"knownhostscommand":    {"none"},
	"revokedhostkeys":      {"none"},
	"refuseconnection":     nil,
}

// unused settings change comfort, or features that are not used here, or nothing
// any more in OpenSSH itself.
var unused = []string{
	"addkeystoagent", "afstokenpassing", "batchmode", "canonicaldomains", "canonicalizefallbacklocal", "canonicalizemaxdots",
	"canonicalizepermittedcnames", "channeltimeout", "checkhostip", "cipher", "clearallforwardings", "compression", "compressionlevel",
	"connectionattempts", "connecttimeout", "controlmaster", "controlpath", "controlpersist", "dynamicforward",
	"enableescapecommandline", "enablesshkeysign", "escapechar", "exitonforwardfailure", "fallbacktorsh", "fingerprinthash",
	"forkafterauthentication", "forwardagent", "forwardx11", "forwardx11timeout", "forwardx11trusted", "gatewayports",
	"globalknownhostsfile2", "gssapiauthentication", "gssapiclientidentity", "gssapidelegatecredentials", "gssapikexalgorithms",
	"gssapikeyexchange", "gssapirenewalforcesrekey", "gssapiserveridentity", "gssapitrustdns", "hashknownhosts",
	"hostbasedacceptedalgorithms", "hostbasedauthentication", "hostbasedkeytypes", "ipqos", "keepalive", "kerberosauthentication",
	"kerberostgtpassing", "localcommand", "localforward", "loglevel", "logverbose", "nohostauthenticationforlocalhost",
	"numberofpasswordprompts", "obscurekeystroketiming", "permitlocalcommand", "permitremoteopen", "protocol", "remotecommand",
	"remoteforward", "requesttty", "rhostsauthentication", "rhostsrsaauthentication", "rsaauthentication", "sendenv", "sessiontype",
	"setenv", "stdinnull", "streamlocalbindmask", "streamlocalbindunlink", "syslogfacility", "tcpkeepalive", "tunnel",
	"tunneldevice", "updatehostkeys", "usekeychain", "useprivilegedport", "userknownhostsfile2", "useroaming", "usersh",
	"versionaddendum", "visualhostkey", "warnweakcrypto", "xauthlocation",
}
