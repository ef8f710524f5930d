# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the recap, what the plays came to for the whole fleet. The words are those of the collection's program."""

from __future__ import annotations

DOCUMENTATION = r"""
name: lastword
type: aggregate
short_description: Sum up a play for all its Virtual Chassis
version_added: "0.4.0"
author: The vchassis authors (@vchassis)
description:
  - After the recap it counts the chassis by outcome, groups those that need attention by the cause, and shows what to run next, with a limit to paste.
  - The playbooks of this collection use it without any configuration. For a playbook of your own it has to be enabled.
requirements:
  - C(callbacks_enabled = vchassis.junos.lastword) in the section C([defaults]) of ansible.cfg, for playbooks that are not from this collection.
"""

import json
import pathlib
import shlex
import subprocess

from ansible import context
from ansible.plugins.callback import CallbackBase
# Not used here, but by every task: what is imported before Ansible forks its workers is not compiled again in each of them.
from ansible_collections.vchassis.junos.plugins.action import vc_outcome, vchassis  # noqa: F401  pylint: disable=unused-import
from ansible_collections.vchassis.junos.plugins.plugin_utils import program

PREFIX = "vchassis.junos."
# What nobody judges by, and what may be large.
LEFT_OUT = ("diff", "record", "stats", "ansible_stats", "events", "steps", "invocation", "device_warnings", "errors", "output", "ansible_facts")
# One speaks, also when it is both enabled and beside the playbook.
SPEAKING = []


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "vchassis.junos.lastword"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._hosts, self._of_plays, self._play = {}, set(), None
        SPEAKING.append(self)

    def v2_playbook_on_play_start(self, play):
        self._play = play

    def v2_runner_on_ok(self, result):
        self._keep(result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._keep(result, failed=True)

    def v2_runner_on_unreachable(self, result):
        self._keep(result, failed=True, unreachable=True)

    def v2_playbook_on_stats(self, stats):
        if SPEAKING[0] is not self:
            return
        gathered = (stats.custom.get("_run") or {}).get("virtual_chassis_summary")
        if isinstance(gathered, dict):  # of the playbook summary, whose tasks may be hidden
            self._display.banner("FLEET")
            self._display.display("\n".join([*map(str, gathered.get("table", ())), "", str(gathered.get("said", ""))]))
        if not self._hosts:
            return
        play = {**command(), "unseen": sorted(self._of_plays - set(self._hosts)),
                "hosts": [{"host": host, "results": results} for host, results in sorted(self._hosts.items())]}
        try:
            done = subprocess.run([program.find(), "lastword"], input=json.dumps(play, default=str), capture_output=True, encoding="utf-8", errors="replace",
                                  timeout=60, check=False)
        except (program.ProgramError, OSError, subprocess.TimeoutExpired) as error:
            self._display.warning(f"vchassis.junos.lastword: {error}")
            return
        if done.returncode:
            self._display.warning(f"vchassis.junos.lastword: {done.stderr.strip()[-300:]}")
        elif done.stdout:
            self._display.banner("FLEET")
            self._display.display(done.stdout)

    def _keep(self, result, **how):
        """Keeps what a module of this collection returned. How it ended is not in the result on every version of Ansible."""
        task = result._task
        action = getattr(task, "resolved_action", None) or task.action
        module = next((name.removeprefix(PREFIX) for name in (task.action, action) if str(name).startswith(PREFIX + "vc_")), None)
        if module is None:
            return
        arguments = result._task_fields.get("args") or {}
        returned = {key: value for key, value in result._result.items() if key not in LEFT_OUT and not key.startswith("_ansible")}
        kept = {"judged": returned} if module == "vc_outcome" else {"result": {**returned, **how}}
        self._hosts.setdefault(result._host.get_name(), []).append(
            {"module": module, "register": registered(task), "scp": str(arguments.get("scp") or ""), **kept})
        self._note_play()

    def _note_play(self):
        """Notes the hosts of a play in which a module of this collection was run: those that never had their turn are missing in all results."""
        if self._play is not None:
            inventory = self._play.get_variable_manager()._inventory
            self._of_plays |= {host.get_name() for host in inventory.get_hosts(self._play.hosts, ignore_restrictions=True)}  # of all batches
            self._play = None


def guide():
    """The guide as this machine has it."""
    page = pathlib.Path(__file__).resolve().parents[2] / "docs" / "failures.md"
    return str(page) if page.is_file() else ""


def registered(task):
    """The name under which a task keeps its result; a list of them since ansible-core 2.21."""
    name = task.register
    return str(name if isinstance(name, str) else next(iter(name or []), ""))


def command():
    """How ansible-playbook was started, without a limit and without variables, which may be secret, and where the guide is. In a job of AWX nobody
    types it, and the files are gone with the job."""
    given = context.CLIARGS
    playbooks = given.get("args") or ()
    inventory = [source for source in given.get("inventory") or () if not source.startswith("/runner/")]
    if not playbooks or len(inventory) < len(given.get("inventory") or ()):
        return {}
    words = ["ansible-playbook", *(word for source in inventory for word in ("-i", source))]
    return {"program": shlex.join(words), "playbooks": shlex.join(playbooks), "guide": guide()}
