# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulators of Molecule's scenarios end with it, however it ends."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

import pytest
import yaml
from conftest import TOP

SCENARIOS = sorted(file.parent for file in (TOP / "molecule").glob("*/converge.yml"))


@pytest.fixture
def folder():
    """A short path: sockets."""
    with tempfile.TemporaryDirectory(prefix="vcsim-") as path:
        yield pathlib.Path(path)


def started(folder, *name):
    """A process of that name, as ps shows it, that has started the simulator of one scenario and waits."""
    (folder / "scenarios/one").mkdir(parents=True)
    (folder / "scenarios/one/simulator.yml").write_text("chassis: [{size: 2}]")
    (folder / "lab").mkdir()
    command = f"{TOP}/molecule/default/start.sh {TOP}/build/bin/vcsim {folder}/scenarios {folder}/lab && echo up && read end"
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
    simulator = int(re.search(r'"pid": (\d+)', (folder / "lab/one/vcsim.json").read_text()).group(1))
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
    done = subprocess.run([TOP / "molecule/default/start.sh", TOP / "build/bin/vcsim", folder / "scenarios", folder / "lab"],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "sise" in done.stderr
    wait_until(lambda: not (folder / "lab").exists())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda folder: folder.name)
def test_scenario_is_complete(scenario):
    """What is in the folder is run, and the other way round; README.md tells what it proves."""
    sequence = yaml.safe_load((scenario / "molecule.yml").read_text()).get("scenario", {}).get("test_sequence")
    playbooks = {file.stem for file in scenario.glob("*.yml")} - {"molecule", "simulator"}
    assert (scenario / "simulator.yml").exists()
    assert playbooks == set(sequence) - {"idempotence"}
    assert f"`{scenario.name}`" in (TOP / "molecule/README.md").read_text()
