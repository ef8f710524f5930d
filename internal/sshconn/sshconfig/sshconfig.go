// SPDX-License-Identifier: GPL-3.0-or-later

// Package sshconfig reads the part of OpenSSH's ssh_config that this project
// documents. What it does not understand and cannot call harmless is an error,
// for the hosts that it applies to: a setting that was meant to make a connection
// safer must not be dropped in silence.
//
// Understood are: Host; Match with all, host, originalhost and user; Include;
// HostName, Port, User, IdentityFile, IdentitiesOnly, CertificateFile, ProxyJump,
// ProxyCommand, UserKnownHostsFile, GlobalKnownHostsFile, HostKeyAlias,
// StrictHostKeyChecking (yes is kept, weaker values are left to the option
// host_key), ServerAliveInterval, ServerAliveCountMax, IgnoreUnknown.
//
// It runs no commands and resolves no names.
package sshconfig

import (
	"fmt"
	"slices"
	"strings"
)

// Host is what a configuration says about a host. Of single values the first
// counts, as in OpenSSH; "" is unset.
type Host struct {
	HostName, Port, User  string
	IdentityFile          []string
	CertificateFile       []string
	IdentitiesOnly        string
	ProxyJump             string
	ProxyCommand          string
	UserKnownHostsFile    []string
	GlobalKnownHostsFile  []string
	HostKeyAlias          string
	StrictHostKeyChecking string
	ServerAliveInterval   string
	ServerAliveCountMax   string
}

// Config is a parsed file with the files that it includes.
type Config struct {
	settings []setting
}

// setting is one line, with the blocks that it stands in.
type setting struct {
	conditions []condition
	place      string // file:line
	key        string // lower case
	args       []string
}

// Lookup returns what applies to a host that is called name, for a login as
// user ("" if not known yet). The error names the line that is not understood.
func (c *Config) Lookup(name, user string) (Host, error) {
	h := Host{}
	var ignore []string
	for _, s := range c.settings {
		ok, err := s.holdsFor(name, user, &h)
		if err != nil {
			return Host{}, err
		}
		if !ok {
			continue
		}
		if s.key == "ignoreunknown" {
			ignore = append(ignore, strings.Split(strings.ToLower(s.args[0]), ",")...)
			continue
		}
		if err := s.applyTo(&h, ignore); err != nil {
			return Host{}, fmt.Errorf("%s: %w", s.place, err)
		}
	}
	return h, nil
}

// applyTo puts a setting into h, unless an earlier one did.
func (s *setting) applyTo(h *Host, ignore []string) error {
	single := map[string]*string{
		"hostname": &h.HostName, "port": &h.Port, "user": &h.User, "identitiesonly": &h.IdentitiesOnly,
		"proxyjump": &h.ProxyJump, "proxycommand": &h.ProxyCommand, "hostkeyalias": &h.HostKeyAlias,
		"stricthostkeychecking": &h.StrictHostKeyChecking,
		"serveraliveinterval":   &h.ServerAliveInterval, "serveralivecountmax": &h.ServerAliveCountMax,
	}
	several := map[string]*[]string{"identityfile": &h.IdentityFile, "certificatefile": &h.CertificateFile}
	lists := map[string]*[]string{"userknownhostsfile": &h.UserKnownHostsFile, "globalknownhostsfile": &h.GlobalKnownHostsFile}
	switch {
	case single[s.key] != nil:
		if *single[s.key] == "" {
			*single[s.key] = strings.Join(s.args, " ")
		}
	case several[s.key] != nil:
		*several[s.key] = append(*several[s.key], s.args[0])
	case lists[s.key] != nil:
		if *lists[s.key] == nil {
			*lists[s.key] = s.args
		}
	default:
		return s.passUnused(ignore)
	}
	return nil
}

// passUnused passes what cannot change whom we trust, or where we connect.
func (s *setting) passUnused(ignore []string) error {
	value := strings.ToLower(strings.Join(s.args, " "))
	if slices.Contains(harmless, s.key) || harmlessValues[s.key] != "" && slices.Contains(strings.Fields(harmlessValues[s.key]), value) {
		return nil
	}
	if slices.ContainsFunc(ignore, func(p string) bool { return matchPattern(p, s.key) }) {
		return nil
	}
	return fmt.Errorf("%s is not understood here, and leaving it out could change what is trusted or reached; remove it for this host, or use the option of that purpose", s.key)
}

// harmless settings change comfort, or features that are not used here.
var harmless = []string{
	"addkeystoagent", "batchmode", "checkhostip", "clearallforwardings", "compression", "compressionlevel",
	"connectionattempts", "connecttimeout", "controlmaster", "controlpath", "controlpersist", "dynamicforward",
	"enableescapecommandline", "escapechar", "exitonforwardfailure", "fingerprinthash", "forkafterauthentication", "forwardagent",
	"forwardx11", "forwardx11timeout", "forwardx11trusted", "gatewayports", "gssapiauthentication",
	"gssapidelegatecredentials", "hashknownhosts", "hostbasedauthentication", "ipqos", "localcommand",
	"localforward", "loglevel", "logverbose", "nohostauthenticationforlocalhost", "numberofpasswordprompts",
	"obscurekeystroketiming", "permitlocalcommand", "permitremoteopen", "proxyusefdpass", "remotecommand",
	"remoteforward", "requesttty", "sendenv", "sessiontype", "setenv", "stdinnull", "streamlocalbindmask",
	"streamlocalbindunlink", "syslogfacility", "tcpkeepalive", "updatehostkeys", "usekeychain", "visualhostkey", "xauthlocation",
}

// harmlessValues are settings that say in some of their values what is done anyway.
var harmlessValues = map[string]string{
	"canonicalizehostname":         "no",
	"addressfamily":                "any",
	"kbdinteractiveauthentication": "yes",
	"passwordauthentication":       "yes",
	"pubkeyauthentication":         "yes",
	"verifyhostkeydns":             "no ask",
	// Old files hold these; OpenSSH itself ignores them, or has another name for them.
	"protocol":                        "2",
	"useroaming":                      "no",
	"challengeresponseauthentication": "yes",
}
