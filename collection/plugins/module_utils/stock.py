# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module without the action plugin: Ansible copies the stub, and the stub finds the program in an installed collection of this machine."""

from __future__ import annotations

import json
import os
import platform
import sys

from ansible.module_utils import basic

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
BELOW = "ansible_collections/vchassis/junos/plugins/plugin_utils"
USUAL = "~/.ansible/collections:/usr/share/ansible/collections"


def main(name, specification):
    """Checks the options, as every linter asks for, and hands the task's own to the program: defaults are its matter."""
    module = basic.AnsibleModule(argument_spec=specification, supports_check_mode=True)
    path = find()
    if not path:
        module.fail_json(msg=f"{name} without its action plugin: no installed collection of this machine has a program for {machine()}", commit_state="none",
                         hint="let the action plugin run it: vchassis.junos." + name + " in the playbook; or set ANSIBLE_COLLECTIONS_PATH")
    status, out, err = module.run_command([path, "module", name, "-"], data=json.dumps(basic._load_params()))
    try:
        module.exit_json(**json.loads(out))
    except ValueError:
        module.fail_json(msg=f"{name} ended with {status} and no result", commit_state="unknown", module_stderr=err[-1000:])


def find():
    """The program, in the first collection that has it and lets it run."""
    said = os.environ.get("ANSIBLE_COLLECTIONS_PATH") or USUAL
    for folder in [*said.split(os.pathsep), *sys.path]:
        path = os.path.join(os.path.expanduser(folder), BELOW, machine().replace("/", "_"), "vchassis")
        if os.access(path, os.X_OK):
            return path
    return None


def machine():
    """What this machine is, as Go calls it."""
    return f"{platform.system().lower()}/{MACHINES.get(platform.machine(), platform.machine())}"
