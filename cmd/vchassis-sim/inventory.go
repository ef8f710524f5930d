// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"encoding/json"

	"github.com/vchassis/vchassis.junos/internal/sim"
)

// inventory leads Ansible, and the role scp_config_sync, to the chassis of a lab.
func inventory(d sim.Description) ([]byte, error) {
	hosts := map[string]any{}
	for _, ch := range d.Chassis {
		passwords := map[string]string{}
		for _, u := range ch.Users {
			passwords[u.Name] = u.Password
		}
		hosts[ch.Name] = map[string]any{
			"ansible_host":                                 ch.Host,
			"ansible_port":                                 ch.Port,
			"ansible_user":                                 "admin",
			"ansible_password":                             passwords["admin"],
			"scp_config_sync_root_password":                passwords["root"],
			"scp_config_sync_authorized_keys_command":      ch.Command,
			"scp_config_sync_authorized_keys_command_user": ch.User,
		}
	}
	return json.MarshalIndent(map[string]any{"virtual_chassis": map[string]any{"hosts": hosts}}, "", "  ")
}
