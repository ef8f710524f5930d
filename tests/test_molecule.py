# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulators of Molecule's scenarios end with it, however it ends; and a scenario serves as a template elsewhere."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import pytest
import warm_path
import yaml
from conftest import ENVIRONMENT, STAGED, TOP

SCENARIOS = sorted(file.parent for file in (TOP / "molecule").glob("*/converge.yml"))


@pytest.fixture
def folder():
    """A short path: sockets."""
    with tempfile.TemporaryDirectory(prefix="sim-") as path:
        yield pathlib.Path(path)


def started(folder, *name):
    """A process of that name, as ps shows it, that has started the simulator of one scenario and waits."""
    (folder / "scenarios/one").mkdir(parents=True)
    (folder / "scenarios/one/simulator.yml").write_text("chassis: [{size: 2}]")
    (folder / "lab").mkdir()
    command = f"{TOP}/molecule/default/start.sh {TOP}/build/bin/vchassis-sim {folder}/scenarios {folder}/lab && echo up && read end"
    process = subprocess.Popen(["/bin/sh", "-c", command, *name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "COLUMNS": "80", "MOLECULE_STATE_FILE": str(folder / "state.yml")})
    (folder / "state.yml").write_text("created: true")
    assert process.stdout.readline() == "up\n"
    return process


def wait_until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("name", [("molecule", "test", "--all"), ("molecule", "--debug", "test")])
def test_killed_molecule_leaves_nothing(folder, name):
    process = started(folder, *name)
    simulator = int(re.search(r'"pid": (\d+)', (folder / "lab/one/lab.json").read_text()).group(1))
    assert alive(simulator)
    process.kill()
    process.communicate()
    wait_until(lambda: not (folder / "lab").exists())
    assert not alive(simulator)
    assert not (folder / "state.yml").exists(), "Molecule would believe that its simulators still run"


def test_simulators_outlive_molecule_create_until_destroy(folder):
    process = started(folder, "molecule", "create")
    keeper = int((folder / "lab/keeper").read_text())
    process.communicate("\n")
    assert process.returncode == 0
    time.sleep(1.5)  # the keeper looks every second
    assert (folder / "lab/one/control.sock").exists()
    os.kill(keeper, signal.SIGTERM)
    wait_until(lambda: not (folder / "lab").exists())


def test_a_scenario_that_cannot_be_started_says_why(folder):
    (folder / "scenarios/one").mkdir(parents=True)
    (folder / "scenarios/one/simulator.yml").write_text("chassis: [{sise: 2}]")
    (folder / "lab").mkdir()
    done = subprocess.run([TOP / "molecule/default/start.sh", TOP / "build/bin/vchassis-sim", folder / "scenarios", folder / "lab"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "sise" in done.stderr
    wait_until(lambda: not (folder / "lab").exists())


@pytest.mark.facts
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda folder: folder.name)
def test_scenario_is_complete(scenario):
    """What is in the folder is run, and the other way round; README.md tells what it proves."""
    sequence = yaml.safe_load((scenario / "molecule.yml").read_text()).get("scenario", {}).get("test_sequence")
    playbooks = {file.stem for file in scenario.glob("*.yml")} - {"molecule", "simulator"}
    assert (scenario / "simulator.yml").exists()
    assert playbooks == set(sequence) - {"idempotence"}
    assert f"`{scenario.name}`" in (TOP / "molecule/README.md").read_text()


def steps():
    """What molecule/README.md tells whoever wants a scenario of their own: the numbered steps, and what follows them."""
    text = (TOP / "molecule/README.md").read_text().split("## A scenario of your own")[1]
    numbered, after = text.strip().split("\n\n")
    return [" ".join(step.split()) for step in re.split(r"^\d\. ", numbered, flags=re.M)[1:]], " ".join(after.split())


def code(step):
    return re.findall(r"`(.+?)`", step)


OWN = """
- hosts: virtual_chassis
  gather_facts: false
  roles:
    - {role: vchassis.junos.scp_config_sync, scp_config_sync_rekey: always}
"""
VERIFY = """
- hosts: virtual_chassis
  gather_facts: false
  tasks:
    - ansible.builtin.include_tasks: ../tasks/finished.yml
    - ansible.builtin.assert:
        that: inventory_hostname == 'mine' and 'building A' in lookup('ansible.builtin.pipe', 'vchassis-sim ctl ' ~ simulator[-1] ~ ' config mine')
"""


def copied(folder, copy, settings):
    """The first two steps, in an empty folder."""
    folders = code(copy)[:3]
    assert folders == ["molecule/default", "molecule/tasks", ".config/molecule/config.yml"]
    for path in [*folders, "molecule/rcp_to_scp"]:
        target = folder / path.replace("rcp_to_scp", "mine")
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (TOP / path).is_dir() else shutil.copy)(TOP / path, target)
    config, unwanted = folder / folders[2], tuple(f"{word}:" for word in code(settings) if word.isupper())
    lines = config.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.strip().startswith(unwanted)]
    assert len(kept) == len(lines) - 2
    config.write_text("".join(kept))


def at_home(folder, programs):
    """The environment of somebody who has the collection where Ansible looks for it, and vchassis-sim on the PATH behind some programs."""
    collections = folder / "home/.ansible/collections/ansible_collections/vchassis"
    collections.mkdir(parents=True)
    (collections / "junos").symlink_to(STAGED)
    rest = {name: value for name, value in ENVIRONMENT.items() if name not in ("ANSIBLE_HOME", "ANSIBLE_COLLECTIONS_PATH")}
    return {**rest, "HOME": str(folder / "home"), "PATH": f"{programs}:{TOP}/build/bin:{rest['PATH']}"}


def test_a_scenario_serves_as_a_template_in_an_empty_project(folder):
    """By the steps of molecule/README.md; in a folder, which then becomes a git repository."""
    (copy, settings, program, *_), after = steps()
    copied(folder, copy, settings)
    files = {"molecule": "scenario: {test_sequence: [converge, verify]}", "converge": OWN, "verify": VERIFY,
             "simulator": "chassis: [{name: mine, size: 2, config_add: set system location building A}]"}
    for name, text in files.items():
        (folder / f"molecule/mine/{name}.yml").write_text(text)
    whole, = (words for words in code(copy) if words.startswith("molecule -"))
    single = code(after)[:3]
    assert [words.split()[1] for words in single] == ["converge", "verify", "destroy"]
    script = "\n".join(["set -e", code(program)[-1], whole, "git init -q", *single]).replace("-s NAME", "-s mine")
    with warm_path.WarmPath() as programs:
        done = subprocess.run(["bash", "-c", script], cwd=folder, env=at_home(folder, programs), capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall("mine .* changed=1 ", done.stdout)) == 2, done.stdout
