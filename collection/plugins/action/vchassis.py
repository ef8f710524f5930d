# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the modules of vchassis.junos in place, on the controller. Everything a module knows is in its Go program."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time

from ansible import context
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible_collections.vchassis.junos.plugins.module_utils import arguments as options
from ansible_collections.vchassis.junos.plugins.plugin_utils import former, jump, preflight, program
from ansible_collections.vchassis.junos.plugins.plugin_utils.progress import POLL_SECONDS, Watch

# What a module may take from the play: its option, and the variables that say it, the first one set wins.
PLAY_VARIABLES = {
    "host": ("ansible_host", "inventory_hostname"),
    "port": ("ansible_port",),
    "username": ("ansible_user", "ansible_ssh_user"),
    "password": ("ansible_password", "ansible_ssh_password", "ansible_ssh_pass"),
    "private_key_file": ("ansible_private_key_file", "ansible_ssh_private_key_file"),
}
# An option may also be given as a variable of the host or group: vchassis_ and its name. It goes before Ansible's own variable.
PREFIX = "vchassis_"
# The users of AWX' credentials, ours and its own for networks.
CREDENTIALS = ("VCHASSIS_USERNAME", "ANSIBLE_NET_USERNAME")
# Options as the form of this collection's credential type names them, which is all that somebody sees who has only AWX' web page.
FORM = {"username": "Username", "password": "Password", "private_key_file": "Private key", "private_key_passphrase": "Private key passphrase",
        "known_hosts": "Known hosts"}
# Modules whose own login is root's.
AS_ROOT = ("vc_internal_ssh", "vc_procedure")
# What the role sets once it has read a chassis: from then on something may have been changed, and a lost chassis is a failed one.
REACHED = "__vchassis_reached"
MASK = "********"
# A module that is told to stop answers at once, unless it has to take back what nobody else does: two minutes and one slow commit at most.
TERMINATE_SECONDS = 750


class ActionModule(ActionBase):
    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False
    _unused = ()  # settings of Ansible's that mean nothing here, and what to set instead
    _had_options = True  # the task itself, or by module_defaults

    def run(self, tmp=None, task_vars=None):
        if self._task.async_val:
            return failure("async is not supported: the module runs on the controller and has deadlines of its own; use timeout")
        super().run(None, task_vars)
        self._had_options = bool(self._task.args)
        if preflight.MARK in (task_vars or {}):
            return self._preflight(task_vars)
        return self._module(task_vars)

    def _preflight(self, task_vars):
        """The first task of the role, whose options are its inputs."""
        inputs = preflight.Inputs(task_vars, self._templar.template)
        try:
            self._task.args = {**self._task.args, **preflight.options(inputs)}
        except ValueError as error:
            return failure(str(error))
        result = self._module(task_vars)
        if said := preflight.former(inputs):
            result["warnings"] = [*result.get("warnings", []), *said]
        return {**result, preflight.NEXT: preflight.next_tasks(result, inputs)}

    def _module(self, task_vars):
        name = self._task.action.split(".")[-1]  # not resolved_action: up to 2.18 that is the name of this plugin
        environment = dict(os.environ, VCHASSIS_END_WITH_PARENT="1")
        for block in self._task.environment or []:
            environment.update({key: str(value) for key, value in block.items()} if isinstance(block, dict) else {})
        arguments = self._arguments(name, task_vars or {}, environment)
        try:
            result = call([program.find(), "module", name, "-"], arguments, environment, self._watch(task_vars or {}))
        except program.ProgramError as error:
            result = failure(str(error), hint=error.hint)
        if "timedout" in result:
            result["timedout"]["period"] = self._task.timeout  # not of the exception: up to 2.18 that does not have it
        name_host(result, (task_vars or {}).get("inventory_hostname"))
        if self._unused:
            result["warnings"] = [*result.get("warnings", []), *self._unused]
        if said := () if preflight.MARK in (task_vars or {}) else former.deprecations(name, self._task):
            result["deprecations"] = [*result.get("deprecations", []), *said]
        result["invocation"] = {"module_args": masked(self._task.args, getattr(options, name.upper()))}
        if "awx_job_id" in (task_vars or {}) and environment.get("VCHASSIS_USERNAME"):
            name_fields(result, "Root " if name in AS_ROOT else "")
        settle_reach(result, boolean(self._templar.template((task_vars or {}).get(REACHED, False))))
        return result

    def _watch(self, task_vars):
        """Shows what the module reports. On stderr, like warnings: the output of some callbacks is JSON."""
        def show(text):
            if not self._task.no_log:
                Display().display(text, stderr=True)

        return Watch(task_vars.get("inventory_hostname", "localhost"), show)

    def _arguments(self, name, task_vars, environment):
        """What the module reads: the task's options, what the play says of the host, and Ansible's own keys."""
        arguments = dict(self._task.args)
        variables = {}
        for option, names in PLAY_VARIABLES.items():
            values = (self._templar.template(task_vars.get(variable)) for variable in names)
            value = next((value for value in values if value not in (None, "")), None)
            if value is not None:
                variables[option] = value
        self._command_line(variables, environment)
        for name in task_vars:
            if name.startswith(PREFIX) and (value := self._templar.template(task_vars[name])) not in (None, ""):
                variables[name.removeprefix(PREFIX)] = value
        self._jump(variables, arguments, environment, task_vars)
        arguments["_vchassis_vars"] = variables
        arguments["_vchassis_group"] = self._grouped()
        self._update_module_args(name, arguments, task_vars)
        return arguments

    def _grouped(self):
        """Options that came from module_defaults for the whole action group, of which a module need not have every one."""
        if not self._had_options:
            return []
        groups = [values for defaults in self._task.module_defaults or () for name, values in defaults.items() if name.startswith("group/")]
        templated = [self._templar.template(values) for values in groups]
        return sorted({str(option) for values in templated if isinstance(values, dict) for option in values})

    def _jump(self, variables, arguments, environment, task_vars):
        """Adds the jump hosts that Ansible has for other connections, unless the task or the environment says how to get there."""
        if any(arguments.get(name) or environment.get(f"VCHASSIS_{name.upper()}") for name in jump.OWN):
            return
        named = {name: self._templar.template(task_vars[name]) for name in (*jump.ARGUMENTS, *jump.COMMANDS, *jump.CONFIGS, jump.KEY) if name in task_vars}
        found, self._unused = jump.settings(named)
        variables.update(found)

    def _command_line(self, variables, environment):
        """Adds what was given with -k, and takes away what was given with -u, which Ansible shows as ansible_user.

        Both are AWX' Machine credential, and without one AWX gives -u root: they give way to a credential in the environment.
        """
        if any(environment.get(name) for name in CREDENTIALS):
            if variables.get("username") == context.CLIARGS.get("remote_user"):
                variables.pop("username", None)
        elif self._play_context.password:
            variables.setdefault("password", self._play_context.password)


def masked(given, known, secrets=()):
    """The task's options for -vvv and for the log of a controller: no secret, in whatever option it is, and no value of an option that does not exist."""
    secrets = [*secrets, *(str(value) for name, value in given.items() if name not in known or known[name].get("no_log"))]

    def shown(value):
        if isinstance(value, dict):
            return {str(key): shown(each) for key, each in value.items()}
        if isinstance(value, list):
            return [shown(each) for each in value]
        if value is None or isinstance(value, (bool, int, float)):
            return value
        for secret in sorted(filter(None, secrets), key=len, reverse=True):  # one that contains another goes as a whole
            value = str(value).replace(secret, MASK)
        return str(value)

    return {name: MASK if value is not None and (name not in known or known[name].get("no_log")) else shown(value) for name, value in given.items()}


def name_host(result, host):
    """Puts the chassis' name into the header of a diff and before each warning: Ansible shows both without saying whose they are."""
    if not host:
        return
    diff = result.get("diff")
    for header in ("before_header", "after_header") if isinstance(diff, dict) else ():
        diff[header] = f"{host}: {diff.get(header, '')}"
    if result.get("warnings"):
        result["warnings"] = [f"{host}: {warning}" for warning in result["warnings"]]


def name_fields(result, of):
    """Adds to a hint what the credential's form calls the options that it names; of is empty, or whose login it is."""
    hint = str(result.get("hint") or "")
    labels = [label for option, label in FORM.items() if re.search(rf"\b{option}\b", hint) and not (of and option == "username")]
    fields = [label if label == "Known hosts" or not of else of + label[0].lower() + label[1:] for label in labels]
    if fields and result.get("failed"):
        result["hint"] = f"{hint} (in the credential: {', '.join(fields)})"


def settle_reach(result, has_reached):
    """Ansible counts a host either as failed or as unreachable. For one that is unreachable it runs nothing more, neither rescue nor always."""
    if result.get("unreachable"):
        result.pop("unreachable" if has_reached or "timedout" in result else "failed", None)


def call(command, arguments, environment, watch):
    """The module's result. Arguments go over a pipe: a file would stay behind, in clear, when a job is killed."""
    try:
        process = program.start(
            command, env={**environment, "VCHASSIS_PROGRESS_FD": str(watch.writer)}, start_new_session=True, pass_fds=[watch.writer],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        try:
            watch.close_writer()
            # str: values that Ansible 2.18 and before keep encrypted until they are read.
            out, err = communicate(process, json.dumps(arguments, default=str).encode(), watch)
        except BaseException as error:
            out, err = end(process, watch)
            if not is_task_timeout(error):
                raise
            return timed_out(parsed(out) or no_result(command[2], process, err))
        return parsed(out) or no_result(command[2], process, err)
    finally:
        watch.close()


def communicate(process, data, watch, seconds=None):
    """All that a process has to say within that time; meanwhile what it reports is shown."""
    deadline = time.monotonic() + seconds if seconds else None
    while True:
        try:
            return process.communicate(data, timeout=POLL_SECONDS)
        except subprocess.TimeoutExpired:
            data = None  # it is on its way
            watch.look()
            if deadline and time.monotonic() > deadline:
                raise


def parsed(out):
    """The result that a module printed, or None."""
    try:
        result = json.loads(out)
    except ValueError:
        return None
    return result if isinstance(result, dict) else None


def no_result(module, process, err):
    tail = err.decode(errors="replace").strip()[-1000:]
    how, hint = program.ended(process.returncode)
    return failure(f"{module} ended with {how} and no result", hint=hint, commit_state="unknown", module_stderr=tail)


def is_task_timeout(error):
    """Whether the task's keyword timeout has ended the wait. Its exception has moved between versions of Ansible, and kept its name."""
    return type(error).__name__ == "TaskTimeoutError"


def timed_out(result):
    """The module's own word of what it left behind, for which Ansible has no place of its own."""
    message = f"{result.get('msg', 'the module had ended')} (stopped by the timeout of the task)"
    return {**result, "failed": True, "msg": message, "timedout": {}}


def end(process, watch):
    """Ends a process that could hold a lock, whatever ended the wait: the task's timeout, an interrupt. Returns what it still had to say."""
    for signum, seconds in ((signal.SIGTERM, TERMINATE_SECONDS), (signal.SIGKILL, None)):
        try:
            os.killpg(process.pid, signum)
        except ProcessLookupError:
            pass  # it has ended by itself
        try:
            return communicate(process, None, watch, seconds)
        except subprocess.TimeoutExpired:
            continue
    return b"", b""


def failure(message, **more):
    return {"commit_state": "none", **more, "failed": True, "changed": False, "msg": message}
