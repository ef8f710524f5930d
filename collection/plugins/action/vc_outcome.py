# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For the role and the playbooks of this collection: what a run has to do, and what it came to. Who judges is the Go program.

stage is plan, judge or say. For the first two, run holds the inputs on which that depends; results names the variables in which the tasks have
registered what they returned. They are read as they are, because a template of each result would cost a controller more than the judgement.
say ends a chassis that could not be reached as Ansible ends one, with what the judge left in the variable outcome, or the text said: last of
all, because nothing is run for it any more.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import subprocess
import tempfile

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.vchassis.junos.plugins.action.vchassis import failure, parsed
from ansible_collections.vchassis.junos.plugins.plugin_utils import program


# Behind the name of a host, in which there is no such character.
PROOF = "~proved.json"


class ActionModule(ActionBase):
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp=None, task_vars=None):
        super().run(None, task_vars)
        stage, inputs = self._task.args["stage"], self._task.args.get("run") or {}
        if stage == "say":
            return say(task_vars[self._task.args["outcome"]], self._task.args.get("said"))
        folder = folder_of(inputs.get("report_path"))
        answer = ask(stage, self._facts(inputs, folder, task_vars))
        if answer.get("failed"):
            return answer
        if stage == "judge":
            answer = self._hand_on(answer, inputs, folder, task_vars)
        if answer["refusal"]:
            answer.update(failed=True, msg=answer["refusal"])
        return {"changed": False, **answer}

    def _facts(self, inputs, folder, task_vars):
        """The run as the judge reads it."""
        results = {name: task_vars.get(variable) or None for name, variable in (self._task.args.get("results") or {}).items()}
        return {
            "host": str(task_vars["inventory_hostname"]), "wanted": inputs.get("wanted") or "present", "check_mode": bool(self._task.check_mode),
            "only_read": bool(inputs.get("only_read")), "now": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "inputs": {
                "rekey": inputs.get("rekey") or "if_missing", "verify": inputs.get("verify") or "read",
                "task_per_step": boolean(inputs.get("task_per_step", False)),
                "untried": str(inputs.get("confirm_timeout", "")) == "0", "members": inputs.get("members") or [],
                "tags": list(task_vars.get("ansible_run_tags") or []),
            },
            "no_folder": folder if folder and not os.path.isdir(folder) else "",
            "has_awx_form": "awx_job_id" in task_vars and bool(os.environ.get("VCHASSIS_USERNAME")),
            **results,
        }

    def _hand_on(self, answer, inputs, folder, task_vars):
        """Leaves the record, and what the next job gets. Neither may spoil what the run has done."""
        host, stats = str(task_vars["inventory_hostname"]), answer.pop("stats")
        wish = str(inputs.get("report_stats", "auto")).lower()
        if wish in ("true", "yes", "on", "1") or wish == "auto" and "awx_job_id" in task_vars:
            answer["ansible_stats"] = {"data": {stats_name(host): stats}, "aggregate": True, "per_host": False}
        if os.path.isdir(folder):
            try:
                if answer["proof"]:  # a later audit writes the other file
                    write_record(os.path.join(folder, record_name(host).removesuffix(".json") + PROOF), answer["record"])
                answer["record_file"] = write_record(os.path.join(folder, record_name(host)), answer["record"])
            except OSError as error:
                answer["notes"].append(f"scp_config_sync_report_path: the record was not written: {error}")
        if answer["notes"]:
            answer["warnings"] = list(answer["notes"])
        return answer


def say(outcome, said):
    """Ends a chassis that could not be reached with what the run came to."""
    return {"changed": False, "unreachable": not outcome["reached"], "msg": said or "; ".join(outcome["summary"])}


def ask(stage, facts):
    """The judge's answer, or a failure."""
    try:
        done = subprocess.run([program.find(), "outcome", stage], input=json.dumps(facts, default=str).encode(), capture_output=True, check=False)
    except program.ProgramError as error:
        return failure(str(error), hint=error.hint)
    return parsed(done.stdout) or failure(f"the run could not be judged: {done.stderr.decode(errors='replace').strip()[-1000:]}")


def folder_of(path):
    """A folder that is not absolute is below the one in which Ansible was started."""
    return os.path.realpath(os.path.expanduser(str(path))) if path else ""


def write_record(path, record):
    """The old record or the new one, never half of one. Whoever may read what this user writes may read it: it holds no secret, and the page is
    often made by another user. So the mode is that of any file that is made here, 0666 less the umask."""
    descriptor, temporary = tempfile.mkstemp(prefix=".ansible_tmp", dir=os.path.dirname(path))
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(record, file, indent=4)
            file.write("\n")
        os.umask(mask := os.umask(0o077))
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path


def record_name(host):
    """A file a host, also where two names differ only in what a file system may not like."""
    return unlike(host, r"[^A-Za-z0-9._-]", "-") + ".json"


def stats_name(host):
    """AWX lays what slices and nodes have set side by side, and of one name it keeps only one: so each chassis has its own."""
    return "scp_config_sync_stats_" + unlike(host, r"[^A-Za-z0-9_]", "_")


def unlike(host, unfit, before):
    """The name without what does not fit, and then some digits of a hash."""
    name = re.sub(unfit, "_", host)
    return name if name == host else name + before + hashlib.sha1(host.encode(), usedforsecurity=False).hexdigest()[:8]
