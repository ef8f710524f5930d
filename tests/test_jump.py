# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's own settings of jump hosts: used where they name a host and nothing else, otherwise named."""

import importlib.util

import pytest
from conftest import TOP

spec = importlib.util.spec_from_file_location("jump", TOP / "collection/plugins/plugin_utils/jump.py")
jump = importlib.util.module_from_spec(spec)
spec.loader.exec_module(jump)

COMMON = "ansible_ssh_common_args"


@pytest.mark.parametrize("variables, found, unused", [
    ({}, {}, ""),
    ({COMMON: "-o ControlMaster=auto -C"}, {}, ""),
    ({COMMON: "-J ops@bastion.example"}, {"proxy_jump": "ops@bastion.example"}, ""),
    ({COMMON: "-Jops@bastion.example:2222,second"}, {"proxy_jump": "ops@bastion.example:2222,second"}, ""),
    ({COMMON: "-C -o ProxyJump=bastion"}, {"proxy_jump": "bastion"}, ""),
    ({COMMON: "-oProxyJump=bastion"}, {"proxy_jump": "bastion"}, ""),
    ({COMMON: "-o 'ProxyJump bastion'"}, {"proxy_jump": "bastion"}, ""),
    ({COMMON: "-o ProxyJump=none"}, {}, ""),
    ({COMMON: "-o ProxyCommand=none"}, {}, ""),
    ({COMMON: '-o ProxyCommand="ssh -W %h:%p -q ops@bastion.example"'}, {"proxy_jump": "ops@bastion.example"}, ""),
    ({COMMON: '-o ProxyCommand="ssh -l ops -p 2222 -W [%h]:%p bastion"'}, {"proxy_jump": "ops@bastion:2222"}, ""),
    ({COMMON: '-o ProxyCommand="ssh -i other -W %h:%p bastion"'}, {}, COMMON),
    ({COMMON: '-o ProxyCommand="ssh -o StrictHostKeyChecking=no -W %h:%p bastion"'}, {}, COMMON),
    ({COMMON: '-o ProxyCommand="ssh bastion nc %h %p"'}, {}, COMMON),
    ({COMMON: '-o ProxyCommand="ssh -W other:22 bastion"'}, {}, COMMON),
    ({COMMON: '-o ProxyCommand="nc -X connect -x proxy:8080 %h %p"'}, {}, COMMON),
    ({COMMON: '-o ProxyCommand="ssh -W %h:%p bastion; touch /tmp/x"'}, {}, COMMON),
    ({COMMON: '-o ProxyCommand="broken'}, {}, COMMON),
    ({COMMON: "-J $(touch)"}, {}, COMMON),
    ({COMMON: "-J"}, {}, COMMON),
    ({COMMON: ["-J", "bastion"]}, {}, ""),
    ({COMMON: "-J first", "ansible_ssh_extra_args": "-J second"}, {"proxy_jump": "second"}, ""),
    ({"ansible_netconf_proxy_command": "ssh -W %h:%p bastion"}, {"proxy_jump": "bastion"}, ""),
    ({"ansible_paramiko_proxy_command": "connect %h"}, {}, "ansible_paramiko_proxy_command"),
    ({"ansible_paramiko_proxy_command": '-o ProxyCommand="ssh -W %h:%p -q ops@bastion"'}, {"proxy_jump": "ops@bastion"}, ""),
    ({"ansible_paramiko_proxy_command": "-o ProxyCommand=none"}, {}, ""),
    ({"ansible_libssh_proxy_command": "ssh -W %h:%p bastion"}, {"proxy_jump": "bastion"}, ""),
    ({"ansible_libssh_proxy_command": "docker exec -i client nc %h %p"}, {}, "ansible_libssh_proxy_command"),
    ({"ansible_netconf_ssh_config": "/home/ops/config"}, {"ssh_config": "/home/ops/config"}, ""),
    ({"ansible_netconf_ssh_config": True}, {"ssh_config": "~/.ssh/config"}, ""),
    ({"ansible_netconf_ssh_config": "no"}, {}, ""),
    ({"ansible_libssh_config_file": "/home/ops/config"}, {"ssh_config": "/home/ops/config"}, ""),
    ({"ansible_libssh_config_file": ""}, {}, ""),
    ({COMMON: "-F /home/ops/config"}, {}, COMMON),
    ({COMMON: "-C -F/home/ops/config"}, {}, COMMON),
    ({COMMON: "-F /home/ops/config -J bastion"}, {"proxy_jump": "bastion"}, ""),
    ({COMMON: "-F /home/ops/config", "ansible_netconf_ssh_config": "own"}, {"ssh_config": "own"}, ""),
    ({COMMON: "-F /dev/null"}, {}, ""),
    ({COMMON: "-F none"}, {}, ""),
    ({COMMON: "-F"}, {}, ""),
    ({"ansible_private_key": "-----BEGIN"}, {}, "ansible_private_key"),
])
def test_settings_of_ansible(variables, found, unused):
    used, said = jump.settings(variables)
    assert used == found
    assert len(said) == bool(unused) and all(line.startswith(f"{unused} is not used here: set ") for line in said)
    assert "BEGIN" not in str(said)


@pytest.mark.parametrize("page", ["collection/docs/inventory.md", "cmd/vchassis-sim/inventory.go"], ids=["documented", "empty on twins"])
def test_every_setting_that_is_read_is(page):
    text = (TOP / page).read_text()
    assert [name for name in (*jump.ARGUMENTS, *jump.COMMANDS, *jump.CONFIGS, jump.KEY) if name not in text] == []
