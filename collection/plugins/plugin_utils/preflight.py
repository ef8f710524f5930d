# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first task of the role: what it asks vc_info, and which of the role's files goes on from there.

Most chassis are as wanted most of the time, so this is what a fleet costs its controller. Every worker of Ansible compiles every template again,
and these templates were more than half of a compliant run; so the inputs are read here as they are.
"""

from __future__ import annotations

from ansible.module_utils.parsing.convert_bool import boolean

# The variable with which the role marks that task, and what its result has more than that of vc_info.
MARK = "__vchassis_preflight"
NEXT = "next_tasks"
ROLE = "scp_config_sync_"
# Inputs of 0.3.0 that mean nothing any more, and what is said of them.
FORMER = {
    "root_username": "scp_config_sync_root_username has no effect, because only root can do step 2, and is removed with 1.0.0: leave it out",
}


class Inputs:
    """The inputs of the role, by their names without its prefix; template renders a value."""

    def __init__(self, task_vars, template):
        self._task_vars, self._template = task_vars, template

    def read(self, name):
        """Its value, None if it is not given."""
        return self._template(self._task_vars.get(ROLE + name))

    def required(self, name):
        """Its value. Raises ValueError if it is not given."""
        if ROLE + name not in self._task_vars:
            raise ValueError(f"{ROLE}{name}: required, but not given; it comes from Juniper's documentation for your release, or from Juniper support")
        return self.read(name)

    def is_on(self, name):
        return boolean(self.read(name), strict=False)

    def is_in_awx(self):
        return "awx_job_id" in self._task_vars

    def was_judged(self):
        """Whether an earlier run in the same playbook has left an outcome, which somebody may read."""
        return ROLE + "outcome" in self._task_vars


def options(inputs):
    """The options of vc_info. Raises ValueError."""
    if inputs.read("state") == "present":
        asked = {"scp": "enabled", "command": inputs.required("authorized_keys_command"), "user": inputs.required("authorized_keys_command_user")}
        if inputs.read("rekey") != "never":
            asked["become_root"] = inputs.read("become_root")
    else:
        asked = {"scp": "disabled", **{option: "absent" for option, name in (("command_state", "remove_command"), ("record_state", "remove_record"))
                                       if inputs.is_on(name)}}
    means = {"password": "root_password", "key": "root_private_key_file"}
    return {**asked, "root_means": [mean for mean, name in means.items() if inputs.read(name)],
            "release_check": inputs.read("release_check"), "chassis_fips": str(inputs.read("fips")).lower()}


def former(inputs):
    """What is to be said of inputs that only an earlier release had."""
    return [message for name, message in FORMER.items() if inputs.read(name)]


def next_tasks(info, inputs):
    """The file of the role that goes on; "" for a chassis that is as wanted, and whose outcome nobody waits for."""
    wants_steps = inputs.read("state") == "present" and (inputs.read("members") or inputs.read("rekey") == "always")
    if not info.get("compliant") or wants_steps:
        return "change.yml"
    stats = str(inputs.read("report_stats")).lower()
    is_awaited = inputs.read("report_path") or inputs.was_judged() or (inputs.is_in_awx() if stats == "auto" else boolean(stats, strict=False))
    return "record.yml" if is_awaited else ""
