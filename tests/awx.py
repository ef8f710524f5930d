# SPDX-License-Identifier: GPL-3.0-or-later
"""A job as AWX runs it: the private data folder, "transmit" on the controller, a worker in the place of the execution
environment, and "process" on the controller, which makes the events and artifacts. Credentials become what AWX makes of them."""

import contextlib
import json
import pathlib
import signal
import shutil
import subprocess
import sys
import threading
import time
import uuid

import jinja2.sandbox
import yaml
from conftest import ENVIRONMENT, TOP

from processes import content, descendants, family, strike

PROJECT = TOP / "awx/project"

# What AWX sets for every job, whatever its credentials are.
AWX = {"ANSIBLE_FORCE_COLOR": "True", "ANSIBLE_HOST_KEY_CHECKING": "False", "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
       "ANSIBLE_PARAMIKO_RECORD_HOST_KEYS": "False", "ANSIBLE_RETRY_FILES_ENABLED": "False", "MAX_EVENT_RES": "700000",
       "AWX_HOST": "https://awx.example.com", "JOB_ID": "42", "INVENTORY_ID": "1"}
# The same as variables, which a playbook can see.
ABOUT = {f"{prefix}_{name}": value for prefix in ("awx", "tower") for name, value in {
    "job_id": 42, "job_launch_type": "manual", "job_template_id": 7, "job_template_name": "Virtual Chassis", "user_name": "operator"}.items()}
# Without a Machine credential AWX logs in as root.
NO_MACHINE = ["-u", "root"]


class Credentials:
    """What a set of credentials adds to a job."""

    def __init__(self):
        self.environment, self.flags, self.passwords, self.ssh_key, self.files, self.variables = {}, list(NO_MACHINE), {}, None, {}, {}

    def machine(self, username, password="", ssh_key=None):
        self.flags = ["-u", username, *(["--ask-pass"] if password else [])]
        self.passwords = {r"SSH password:\s*?$": password} if password else {}
        self.ssh_key = ssh_key
        return self

    def network(self, username, password=""):
        """The password is always there, and may be empty."""
        self.environment |= {"ANSIBLE_NET_USERNAME": username, "ANSIBLE_NET_PASSWORD": password, "ANSIBLE_NET_AUTHORIZE": "0"}
        return self

    def custom(self, folder, kind=None, **inputs):
        """A custom type, that of the collection: its templates, rendered as AWX does, files where the worker will have them."""
        kind = kind or credential_type()
        values = {field["id"]: inputs.get(field["id"], "") for field in kind["inputs"]["fields"]}
        assert not set(inputs) - set(values) and not [name for name in kind["inputs"]["required"] if not values[name]]
        if kind["kind"] == "net":  # whatever type of that kind
            self.network(values["username"], values["password"])
        values, names, injectors = {name: value for name, value in values.items() if value}, {}, kind["injectors"]
        for field in kind["inputs"]["fields"]:
            if field.get("format") == "ssh_private_key" and not values.get(field["id"], "\n").endswith("\n"):
                values[field["id"]] += "\n"
        sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment()  # which drops the line end of a template

        def render(text):
            return sandbox.from_string(text).render(values)

        for name, template in injectors.get("file", {}).items():
            file = f"tmp{uuid.uuid4().hex[:8]}"
            self.files[folder / "control/env" / file] = render(template)
            names[name.removeprefix("template.")] = str(folder / "runner/env" / file)
        values["tower"] = {"filename": names}
        self.environment |= {name: render(text) for name, text in injectors.get("env", {}).items()}
        self.variables |= {name: render(text) for name, text in injectors.get("extra_vars", {}).items()}
        return self


def credential_type():
    return yaml.load((TOP / "collection/awx/credential_type.yml").read_text(), Unsafe)["virtual_chassis_credential_type"]


class Unsafe(yaml.SafeLoader):
    """Reads Ansible's !unsafe."""


Unsafe.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


class AsData(yaml.SafeDumper):
    """Writes every text as !unsafe, as AWX does with all variables that come with a launch: names and values."""

    def represent_data(self, data):
        return self.represent_scalar("!unsafe", data) if isinstance(data, str) else super().represent_data(data)


class Job:
    """One launch of a job template. Its folder is seen by both sides at the same path, as files of credentials have to be.

    One that is watched keeps what any user of the machine could see of its processes meanwhile. One that is started anew is no fork (warm_job.py), which
    shows the environment and the arguments of what it was forked from, not its own; programs of ours are never forks.
    """

    def __init__(self, folder, playbook, hosts, credentials, *flags, forks=5, verbosity=0, extra_vars=None, programs=None, watched=False, anew=False):
        self.worker_folder, self.control, self.ident, self.programs = folder / "runner", folder / "control", "42", programs
        self.credentials, self.watched, self.anew = credentials, watched, anew or programs
        self.secret_files = {file.name for file in credentials.files}
        shutil.copytree(PROJECT, self.control / "project")
        variables = {**ABOUT, **credentials.variables, **(extra_vars or {})}
        files = {self.control / "inventory/hosts": json.dumps(hosts), self.control / "env/extravars": yaml.dump(variables, Dumper=AsData)}
        for file, text in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        for file, text in credentials.files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(0o600)
            file.write_text(text)
        (self.control / "env/settings").write_text(json.dumps({"suppress_ansible_output": True, "pexpect_timeout": 1}))
        self.stream = self.control.parent / "stream"
        with open(self.stream, "wb") as out:
            run_here(
                streamer="transmit", _output=out, private_data_dir=str(self.control), ident=self.ident, playbook=playbook,
                inventory="hosts", passwords=credentials.passwords, ssh_key=credentials.ssh_key, forks=forks,
                verbosity=verbosity or None, envvars={**AWX, **credentials.environment}, suppress_env_files=True,
                cmdline=" ".join([*credentials.flags, *flags]))
        self.answer, self.seen, self.events, self.status = self.control.parent / "answer", set(), [], "starting"

    def start(self):
        """Starts the worker, which is all that an execution environment runs."""
        with open(self.stream, "rb") as source, open(self.answer, "wb") as target:
            self.process = self._worker(source, target)
        self.watcher = threading.Thread(target=self._watch)
        self.watcher.start()
        return self

    def _worker(self, source, target):
        """A fork, or one that is started anew, as one with another Ansible is always."""
        folder = ["--private-data-dir", str(self.worker_folder)]
        if not self.anew:
            import warm_job  # here, so that a test can be skipped without a runner
            return warm_job.Worker(warm_job.server(PROJECT / "ansible.cfg", (*ENVIRONMENT.items(), *AWX.items())), source, target, ENVIRONMENT, *folder)
        path = f"{self.programs}:{ENVIRONMENT['PATH']}" if self.programs else ENVIRONMENT["PATH"]
        return subprocess.Popen([sys.executable, "-m", "ansible_runner", "worker", *folder], stdin=source, stdout=target, stderr=subprocess.DEVNULL,
                                start_new_session=True, env={**ENVIRONMENT, "PATH": path})

    def _watch(self):
        """Looks at the command lines and environments of all processes of the job, as any user of the machine could."""
        while self.watched and alive(self.process.pid):
            for pid in family(self.process.pid):
                with contextlib.suppress(OSError):
                    self.seen.add(tuple(content(f"/proc/{pid}/{name}") for name in ("cmdline", "environ")))
            time.sleep(0.01)

    def kill(self):
        """What becomes of a job whose container is removed: nothing in it gets a chance to do anything."""
        doomed = [self.process.pid] if alive(self.process.pid) else []
        while more := [pid for pid in descendants(self.process.pid) if pid not in doomed]:
            doomed += more
            for pid in doomed:
                strike(pid, signal.SIGSTOP)  # or a child that is being started would be missed
        for pid in doomed:
            strike(pid, signal.SIGKILL)
        self.process.wait()
        self.watcher.join()

    def cancel(self):
        """What the controller does first: the runner in the worker is told, and kills the process group of ansible-playbook."""
        self.process.terminate()
        return self.end()

    def end(self):
        """Waits for the worker, lets the controller process what it answered, and returns the job."""
        try:
            self.process.wait(300)
        finally:
            self.kill()
        with open(self.answer, "rb") as answer:
            self.status = run_here(streamer="process", _input=answer, private_data_dir=str(self.control), ident=self.ident, quiet=True,
                                   event_handler=self._event).status
        self.text = " ".join(self.output().split())
        return self

    def _event(self, event):
        self.events.append(event)
        return True  # or it would not be kept

    def output(self):
        file = self.control / "artifacts" / self.ident / "stdout"
        return file.read_text() if file.exists() else ""

    def changed(self, host):
        return next((event["event_data"]["changed"].get(host, 0) for event in self.events if event["event"] == "playbook_on_stats"), None)

    def failed(self):
        return {host for event in self.events if event["event"] == "playbook_on_stats" for host in event["event_data"]["failures"]}

    def hosts(self):
        """The hosts that AWX shows something of."""
        ends = [event["event_data"] for event in self.events if event["event"] == "playbook_on_stats"]
        return {host for end in ends for part in ("ok", "failures", "dark", "changed", "skipped") for host in end.get(part, {})}

    def said(self, task):
        """What a task has told, by host."""
        ends = [event["event_data"] for event in self.events if event["event"] in ("runner_on_ok", "runner_on_failed", "runner_on_unreachable")]
        return {end["host"]: end["res"]["msg"] for end in ends if end["task"] == task}

    def stats(self):
        """What set_stats has left: AWX keeps it as the job's artifacts."""
        return next((event["event_data"]["artifact_data"] for event in self.events if event["event"] == "playbook_on_stats"), {})

    def artifacts(self):
        """Every file that is left on either side but the files of credentials, which AWX removes with the folder."""
        for folder in (self.control, self.worker_folder):
            for file in folder.rglob("*"):
                if file.is_file() and file.name not in self.secret_files:
                    yield file


def run_here(**arguments):
    """The runner, in this process. Without a callback it would take SIGINT and SIGTERM for itself, and an interrupted test would go on."""
    import ansible_runner  # here, so that a test can be skipped without it
    return ansible_runner.run(cancel_callback=lambda: False, **arguments)


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
