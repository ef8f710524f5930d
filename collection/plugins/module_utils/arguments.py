# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules, from their documentation; "make facts" writes this file."""

from __future__ import annotations

CONNECTION = {
    "host": {"type": "str"},
    "port": {"type": "int", "default": 830},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "private_key_file": {"type": "path"},
    "private_key_passphrase": {"type": "str", "no_log": True},
    "certificate_file": {"type": "path"},
    "use_agent": {"type": "bool", "default": True},
    "known_hosts": {"type": "list", "elements": "path"},
    "host_key": {"type": "str", "default": "strict", "choices": ["strict", "accept_new", "insecure"]},
    "host_key_fingerprint": {"type": "list", "elements": "str", "no_log": False},
    "ssh_config": {"type": "path"},
    "proxy_jump": {"type": "str"},
    "proxy_command": {"type": "str"},
    "algorithms": {"type": "str", "default": "default", "choices": ["modern", "default", "legacy"]},
    "connect_timeout": {"type": "int", "default": 30},
    "login_wait": {"type": "int", "default": 90},
    "rpc_timeout": {"type": "int", "default": 60},
    "commit_timeout": {"type": "int", "default": 600},
    "lock_timeout": {"type": "int", "default": 60},
    "fips": {"type": "bool", "default": False},
    "progress": {"type": "bool", "default": True},
    "trace": {"type": "path"},
    "trace_anonymize": {"type": "bool", "default": False},
    "trace_anonymize_key": {"type": "str", "no_log": True},
    "only_at": {"type": "list", "elements": "str"},
}

CONFIG = {
    "confirm_timeout": {"type": "int", "default": 5},
    "comment": {"type": "str"},
}

ROOT = {
    "become_root": {"type": "str", "default": "auto", "choices": ["auto", "login", "shell"]},
    "root_password": {"type": "str", "no_log": True},
    "root_private_key_file": {"type": "path"},
    "root_private_key_passphrase": {"type": "str", "no_log": True},
    "software": {"type": "list",
                 "elements": "dict",
                 "options": {"member_id": {"type": "int", "required": True},
                             "serial_number": {"type": "str", "required": True},
                             "version": {"type": "str", "required": True},
                             "fips": {"type": "bool", "required": True}}},
    "root_login": {"type": "str", "choices": ["allow", "deny", "deny-password", "unset"]},
    "root_keys": {"type": "str", "choices": ["configured", "none", "unknown"]},
    "shell_port": {"type": "int"},
}

VC_AUTHORIZED_KEYS_COMMAND = {
    **CONNECTION,
    **CONFIG,
    "command": {"type": "str"},
    "user": {"type": "str"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    "replace": {"type": "bool", "default": False},
    "on_member": {"type": "bool", "default": False},
    "chassis_fips": {"type": "str", "default": "auto", "choices": ["auto", "true", "false"]},
    "assume_steps": {"type": "list", "elements": "str", "choices": ["authorized_keys_command", "internal_ssh", "scp_sync"]},
}

VC_INFO = {
    **CONNECTION,
    "command": {"type": "str"},
    "user": {"type": "str"},
    "command_state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    "scp": {"type": "str", "choices": ["enabled", "disabled"]},
    "record_state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    "release_check": {"type": "bool", "default": True},
    "become_root": {"type": "str", "choices": ["auto", "login", "shell"]},
    "root_means": {"type": "list", "elements": "str", "choices": ["password", "key"]},
    "chassis_fips": {"type": "str", "default": "auto", "choices": ["auto", "true", "false"]},
}

VC_INTERNAL_SSH = {
    **CONNECTION,
    **ROOT,
    "rekey": {"type": "str", "default": "if_missing", "choices": ["if_missing", "always", "never"]},
    "record": {"type": "str", "default": "commit", "choices": ["commit", "defer", "none"]},
    "prepare_timeout": {"type": "int", "default": 300},
    "chassis_fips": {"type": "str", "default": "auto", "choices": ["auto", "true", "false"]},
    "assume_steps": {"type": "list", "elements": "str", "choices": ["authorized_keys_command", "internal_ssh", "scp_sync"]},
    "comment": {"type": "str"},
    "confirm_timeout": {"type": "int"},
}

VC_PROCEDURE = {
    **CONNECTION,
    **ROOT,
    **CONFIG,
    "command": {"type": "str"},
    "user": {"type": "str"},
    "replace": {"type": "bool", "default": False},
    "rekey": {"type": "str", "default": "if_missing", "choices": ["if_missing", "always"]},
    "scp": {"type": "bool", "default": True},
    "release_check": {"type": "bool", "default": True},
    "prepare_timeout": {"type": "int", "default": 300},
    "chassis_fips": {"type": "str", "default": "auto", "choices": ["auto", "true", "false"]},
}

VC_SCP_SYNC = {
    **CONNECTION,
    **CONFIG,
    "state": {"type": "str", "default": "enabled", "choices": ["enabled", "disabled"]},
    "prepared": {"type": "list",
                 "elements": "dict",
                 "options": {"member_id": {"type": "int", "required": True}, "serial_number": {"type": "str", "required": True}}},
    "release_check": {"type": "bool", "default": True},
    "remove_record": {"type": "bool", "default": False},
    "chassis_fips": {"type": "str", "default": "auto", "choices": ["auto", "true", "false"]},
    "assume_steps": {"type": "list", "elements": "str", "choices": ["authorized_keys_command", "internal_ssh", "scp_sync"]},
}

VC_SNAPSHOT = {
    **CONNECTION,
    "dest": {"type": "path", "required": True},
    "name": {"type": "str"},
    "groups": {"type": "list", "elements": "str"},
    "anonymize": {"type": "bool", "default": False},
    "anonymize_key": {"type": "str", "no_log": True},
}

VC_SYNC_CHECK = {
    **CONNECTION,
    "probe": {"type": "bool", "default": False},
    "expect": {"type": "str", "choices": ["scp", "rcp"]},
    "comment": {"type": "str"},
    "chassis_fips": {"type": "str", "default": "auto", "choices": ["auto", "true", "false"]},
}
