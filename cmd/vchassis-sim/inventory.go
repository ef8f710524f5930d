// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"cmp"
	"encoding/json"
	"net"
	"path/filepath"
	"strconv"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// inventory is an Ansible inventory with the chassis and what the role needs to know
// of each: where it is, the laboratory's passwords, the values of step 1. Twins have the
// names and the groups of their originals, so that a playbook of theirs runs unchanged.
func inventory(d sim.Description, knownHosts string) ([]byte, error) {
	groups := map[string]map[string]any{}
	for _, ch := range d.Chassis {
		in := []string{"virtual_chassis"}
		if ch.Twin != nil && len(ch.Twin.Groups) > 0 {
			in = ch.Twin.Groups
		}
		for _, group := range in {
			if groups[group] == nil {
				groups[group] = map[string]any{}
			}
			groups[group][ch.Name] = hostVariables(ch, knownHosts)
		}
	}
	all := map[string]any{}
	for group, hosts := range groups {
		all[group] = map[string]any{"hosts": hosts}
	}
	return json.MarshalIndent(all, "", "  ")
}

func hostVariables(ch sim.ChassisDescription, knownHosts string) map[string]any {
	passwords, keys := map[string]string{}, map[string]string{}
	for _, u := range ch.Users {
		passwords[u.Name], keys[u.Name] = u.Password, u.KeyFile
	}
	user := loginOf(ch)
	variables := map[string]any{
		"ansible_host":                                 ch.Host,
		"ansible_port":                                 ch.Port,
		"ansible_user":                                 user,
		"ansible_password":                             passwords[user],
		"scp_config_sync_root_password":                passwords["root"],
		"scp_config_sync_authorized_keys_command":      ch.Command,
		"scp_config_sync_authorized_keys_command_user": ch.User,
	}
	if path, err := filepath.Abs(keys[user]); err == nil && keys[user] != "" {
		variables["ansible_private_key_file"] = path
	}
	if path, err := filepath.Abs(knownHosts); err == nil && knownHosts != "" && ch.Twin != nil {
		variables["scp_config_sync_module_defaults"] = map[string]any{"known_hosts": []string{path}}
		variables["vchassis_known_hosts"] = []string{path}
		variables["scp_config_sync_shell_port"] = ch.Port
		variables["vchassis_only_at"] = addressesOf(ch)
		for _, name := range leadElsewhere {
			variables[name] = ""
		}
	}
	return variables
}

// loginOf is who logs in: on a twin whoever took the snapshot, otherwise admin, or where a
// scenario has other users, the first super-user of them but root, or else the first.
func loginOf(ch sim.ChassisDescription) string {
	const usual, mayAll = "admin", "super-user"
	if ch.Twin != nil && ch.Twin.Login != "" {
		return ch.Twin.Login
	}
	var all, first string
	for _, u := range ch.Users {
		switch {
		case u.Name == usual:
			return usual
		case u.Name == "root":
		case u.Class == mayAll:
			all = cmp.Or(all, u.Name)
		default:
			first = cmp.Or(first, u.Name)
		}
	}
	return cmp.Or(all, first, usual)
}

// leadElsewhere is what a project may have for the original: its address, its logins, its
// jump host. On a twin it is empty, which means not set.
var leadElsewhere = []string{
	"ansible_private_key_file", "ansible_ssh_private_key_file", "scp_config_sync_root_private_key_file",
	"ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_ssh_args", "ansible_netconf_proxy_command", "ansible_libssh_proxy_command",
	"ansible_paramiko_proxy_command", "ansible_netconf_ssh_config", "ansible_libssh_config_file", "ansible_private_key",
	"vchassis_host", "vchassis_port", "vchassis_username", "vchassis_password", "vchassis_private_key_file", "vchassis_private_key_passphrase",
	"vchassis_certificate_file", "vchassis_host_key", "vchassis_host_key_fingerprint", "vchassis_ssh_config", "vchassis_proxy_jump", "vchassis_proxy_command",
	"vchassis_shell_port", "vchassis_root_password", "vchassis_root_private_key_file",
}

// addressesOf is where a twin and its members are, and nothing else.
func addressesOf(ch sim.ChassisDescription) []string {
	all := []string{net.JoinHostPort(ch.Host, strconv.Itoa(ch.Port))}
	for _, m := range ch.Members {
		if m.Port != 0 {
			all = append(all, net.JoinHostPort(m.Host, strconv.Itoa(m.Port)))
		}
	}
	return all
}

// onlyTwins is variables for ansible-playbook -e: they go before whatever else says where a
// host is, such as host_vars beside a playbook, so that a playbook that is meant for
// twins cannot reach an original. A host that is no twin has no address. A name that begins
// with vchassis_ is an option of the modules: they refuse others.
func onlyTwins(d sim.Description, knownHosts string) ([]byte, error) {
	hosts, all := map[string]any{}, map[string]any{}
	for _, ch := range d.Chassis {
		variables := hostVariables(ch, knownHosts)
		hosts[ch.Name] = variables
		for name := range variables {
			all[name] = "{{ rehearse_twins[inventory_hostname]." + name + " }}"
		}
	}
	all["rehearse_twins"] = hosts
	return json.MarshalIndent(all, "", "  ")
}
