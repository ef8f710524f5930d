// SPDX-License-Identifier: GPL-3.0-or-later

// Package sshconfig reads OpenSSH's ssh_config. What could make a connection less
// safe if it were dropped, and is not understood, is an error for the hosts that
// it applies to. What cannot is left out, and noted where somebody could miss it.
//
// Understood are Host, Include, IgnoreUnknown, the settings that are fields of
// Host, and Match with all, final, canonical, host, originalhost, user, localuser
// and tagged. They mean what "ssh -G" says, ssh_config(5).
//
// It runs no commands and resolves no names.
package sshconfig

import "cmp"

// Host is what a configuration says about a host, with tokens as they are, but
// for HostName. Of single values the first counts, as in OpenSSH; "" is unset.
// Numbers and answers (yes, no) are valid.
type Host struct {
	HostName, Port, User string
	IdentityFile         []string
	CertificateFile      []string
	IdentitiesOnly       string
	IdentityAgent        string

	ProxyJump      string
	ProxyCommand   string
	ProxyUseFdpass string
	AddressFamily  string
	BindAddress    string

	UserKnownHostsFile    []string
	GlobalKnownHostsFile  []string
	HostKeyAlias          string
	StrictHostKeyChecking string
	RequiredRSASize       string

	PreferredAuthentications     string
	PubkeyAuthentication         string
	PasswordAuthentication       string
	KbdInteractiveAuthentication string

	KexAlgorithms            string
	Ciphers                  string
	MACs                     string
	HostKeyAlgorithms        string
	PubkeyAcceptedAlgorithms string
	CASignatureAlgorithms    string

	RekeyLimit          []string // bytes and, if given, seconds; 0 is no limit
	ServerAliveInterval string   // seconds, or none
	ServerAliveCountMax string
	Tag                 string

	Notes []string // what was left out, with file and line
}

// Config is a parsed file with the files that it includes.
type Config struct{ statements []statement }

// singleFor returns the setting of one word that has a key, or nil.
func (h *Host) singleFor(key string) *string {
	return map[string]*string{
		"hostname": &h.HostName, "port": &h.Port, "user": &h.User,
		"identitiesonly": &h.IdentitiesOnly, "identityagent": &h.IdentityAgent,
		"proxyusefdpass": &h.ProxyUseFdpass, "addressfamily": &h.AddressFamily, "bindaddress": &h.BindAddress,
		"hostkeyalias": &h.HostKeyAlias, "stricthostkeychecking": &h.StrictHostKeyChecking, "requiredrsasize": &h.RequiredRSASize,
		"preferredauthentications": &h.PreferredAuthentications, "pubkeyauthentication": &h.PubkeyAuthentication,
		"passwordauthentication": &h.PasswordAuthentication, "kbdinteractiveauthentication": &h.KbdInteractiveAuthentication,
		"kexalgorithms": &h.KexAlgorithms, "ciphers": &h.Ciphers, "macs": &h.MACs,
		"hostkeyalgorithms": &h.HostKeyAlgorithms, "pubkeyacceptedalgorithms": &h.PubkeyAcceptedAlgorithms,
		"casignaturealgorithms": &h.CASignatureAlgorithms,
		"serveraliveinterval":   &h.ServerAliveInterval, "serveralivecountmax": &h.ServerAliveCountMax, "tag": &h.Tag,
	}[key]
}

// severalFor returns the setting that adds up from line to line, or nil.
func (h *Host) severalFor(key string) *[]string {
	return map[string]*[]string{"identityfile": &h.IdentityFile, "certificatefile": &h.CertificateFile}[key]
}

// listFor returns the setting of several words of which the first line counts, or nil.
func (h *Host) listFor(key string) *[]string {
	return map[string]*[]string{"userknownhostsfile": &h.UserKnownHostsFile, "globalknownhostsfile": &h.GlobalKnownHostsFile,
		"rekeylimit": &h.RekeyLimit}[key]
}

// currentName returns the name of a setting that had another one.
func currentName(key string) string { return cmp.Or(formerName[key], key) }

var formerName = map[string]string{
	"pubkeyacceptedkeytypes":          "pubkeyacceptedalgorithms",
	"challengeresponseauthentication": "kbdinteractiveauthentication",
	"skeyauthentication":              "kbdinteractiveauthentication",
	"tisauthentication":               "kbdinteractiveauthentication",
	"dsaauthentication":               "pubkeyauthentication",
	"identityfile2":                   "identityfile",
}
