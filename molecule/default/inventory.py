# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the inventory of every scenario beside what its simulator says of itself: one host a chassis, with the laboratory's logins.

    inventory.py SIMULATOR FOLDER

A template in a loop would take a second of processor time for each.
"""

import json
import os
import pathlib
import sys


def inventory(simulator, lab):
    chassis = lab["chassis"]
    passwords = {user["name"]: user["password"] for user in chassis[0]["users"]}
    keys = {user["name"]: user["private_key_file"] for user in chassis[0]["users"] if "private_key_file" in user}
    return {"virtual_chassis": {
        "hosts": {one["name"]: {
            "ansible_host": one["host"],
            "ansible_port": one["port"],
            # Those that have an address of their own.
            "member_addresses": [member for member in one["members"] if "port" in member],
        } for one in chassis},
        "vars": {
            "ansible_user": "admin",
            **({"ansible_private_key_file": keys["admin"]} if "admin" in keys else {"ansible_password": passwords["admin"]}),
            "scp_config_sync_root_password": passwords["root"],
            "scp_config_sync_authorized_keys_command": chassis[0]["authorized_keys_command"],
            "scp_config_sync_authorized_keys_command_user": chassis[0]["authorized_keys_command_user"],
            "simulator": [simulator, "ctl", lab["control"]],
        },
    }}


def main(simulator, folder):
    for file in sorted(pathlib.Path(folder).glob("*/lab.json")):
        with open(file.with_name("inventory.json"), "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
            json.dump(inventory(simulator, json.loads(file.read_text(encoding="utf-8"))), output, indent=2)


if __name__ == "__main__":
    main(*sys.argv[1:])
