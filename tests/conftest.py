# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the collection share: simulated chassis, and ansible-playbook on the staged collection."""

import json
import os
import pathlib
import platform
import re
import sys

import pytest
import warm_playbook
import yaml

TOP = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "build-tools"))

from gate import canaries  # noqa: E402  (the path comes first)
from simulator import Simulator  # noqa: E402

STAGED = TOP / "build/ansible_collections/vchassis/junos"
ROLE = TOP / "roles/scp_config_sync"
# It has to work for a user who has nothing but Ansible.
ENVIRONMENT = {
    **{name: os.environ[name] for name in ("PATH", "LC_ALL", "TMPDIR", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY", "CGO_ENABLED")
       if name in os.environ},
    "HOME": os.environ.get("HOME", "/"), "ANSIBLE_HOME": str(TOP / "build/ansible"), "ANSIBLE_COLLECTIONS_PATH": str(TOP / "build"),
    "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "false", "PYTHONDONTWRITEBYTECODE": "1",
}


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="also what takes minutes")


# Files that take longest begin first, so that no worker is left alone with one of them.
LONGEST = ("test_awx.py", "test_docs_examples.py", "test_awx_apply.py", "test_role.py", "test_awx_definitions.py", "test_awx_playbooks.py", "test_role_breaks.py",
           "test_tarball.py", "test_gates_interrupted.py", "report_browser_test.py", "test_lastword.py", "test_rollout.py", "test_matrix.py",
           "test_molecule.py", "test_ansible_collections.py", "test_paths.py", "test_action_plugin.py", "test_warm_path.py", "test_warm_job.py")


def pytest_collection_modifyitems(config, items):
    """Without --long, what takes minutes is no skipped test but none: pytest says how many were deselected."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


def pytest_configure(config):
    config.addinivalue_line("markers", "long: takes minutes")
    config.addinivalue_line("markers", "facts: compares places, and starts nothing that takes time; make quick runs these")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport():
    """A test that fails shows its source and what it compares, and some of that are passwords."""
    report = (yield).get_result()
    if report.longrepr and (told := str(report.longrepr)) != (clean := without_secrets(told)):
        report.longrepr = clean
    report.sections = [(name, without_secrets(text)) for name, text in report.sections]


def without_secrets(text):
    return re.sub("|".join(map(re.escape, canaries())), "(one of canaries.txt)", text)


def platform_folder():
    """The folder below plugins/plugin_utils for this machine."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return f"{platform.system().lower()}_{machine}"


class Run:
    """What a run of ansible-playbook left: its output, and the recap by host."""

    def __init__(self, done):
        self.code, self.output = done.returncode, done.stdout + done.stderr
        recap = re.findall(r"^(\S+)\s+: (ok=.*)$", self.output, re.M)
        self.recap = {host: {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", counts)} for host, counts in recap}
        self.tasks = re.findall(r"^TASK \[(?:\S+ : )?(.*)\]", self.output, re.M)
        # Ansible breaks long messages into lines.
        self.text = re.sub(r"\s+", " ", self.output)

    def of(self, host):
        """What was told of one of several hosts."""
        told = re.split(r"^(?=\w+: \[|TASK |PLAY )", self.output, flags=re.M)
        return re.sub(r"\s+", " ", "".join(part for part in told if re.match(rf"\w+: \[{re.escape(host)}\b", part)))

    def expect(self, host, **counts):
        found = {name: self.recap.get(host, {}).get(name) for name in counts}
        assert found == counts, self.output
        return self


class Lab:
    """A simulator, and playbooks that run against it."""

    def __init__(self, simulator, folder):
        self.simulator, self.folder = simulator, folder
        self.state, self.counters, self.ctl = simulator.state, simulator.counters, simulator.ctl

    def inventory(self, each, without=()):
        """An inventory in which hosts have variables of their own, and do not have those that are named beside them."""
        inventory = json.loads(self.simulator.inventory.read_text())
        hosts = inventory["virtual_chassis"]["hosts"]
        for host, variables in each.items():
            hosts[host] |= variables
        for host, name in without:
            del hosts[host][name]
        file = self.folder / "each.json"
        file.write_text(json.dumps(inventory))
        return file

    def playbook(self, playbook="vchassis.junos.scp_config_sync", *flags, variables=None, inventory=None, go_first=False, **environment):
        """Runs a playbook, given by its name or as YAML text."""
        if "\n" in playbook:
            file = self.folder / "playbook.yml"
            file.write_text(playbook)
            playbook = str(file)
        # Most tests look at each chassis by itself: none goes first.
        extra = [] if go_first else ["-e", "scp_config_sync_serial=100%"]
        if variables:
            (self.folder / "variables.yml").write_text(yaml.safe_dump(variables))
            extra += ["-e", f"@{self.folder}/variables.yml"]
        environment = {**ENVIRONMENT, "VCHASSIS_KNOWN_HOSTS": str(self.simulator.folder / "known_hosts"), **environment}
        command = ["ansible-playbook", "-i", str(inventory or self.simulator.inventory), playbook, *extra, *flags]
        return Run(warm_playbook.run(command, environment, self.folder, 300))


@pytest.fixture
def lab(tmp_path):
    """lab(scenario) starts a simulator for the scenario, as YAML text; it is stopped when the test ends."""
    running = []

    def start(scenario="chassis: [{name: vc, members: [{id: 0, role: primary}, {id: 1, role: backup}, {id: 2, role: linecard}]}]"):
        file = tmp_path / "scenario.yml"
        file.write_text(scenario)
        simulator = Simulator("-f", str(file))
        running.append(simulator)
        return Lab(simulator.__enter__(), tmp_path)

    yield start
    for simulator in running:
        simulator.__exit__()
