# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/simulator.md: its quick tour, walked as it is written there (each command, each line typed behind a prompt, each line of an answer), its
scenario and its fault."""

import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile

import pytest
import yaml

from conftest import TOP, Lab
from simulator import Simulator

PAGE = (TOP / "docs/simulator.md").read_text()
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
PROMPT = re.compile(r"admin@vc1([>#]) (.*)")
MARK = "=== step"


def tour():
    """(command, what is typed into it, what it has to say) in order."""
    section = PAGE[PAGE.index("## A quick tour"):PAGE.index("## The command line")]
    steps = []
    for line in "\n".join(text for _, text in FENCE.findall(section)).splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], [], []))
        elif PROMPT.match(line):
            steps[-1][1].append(PROMPT.match(line).group(2))
        if not line.startswith("$ "):
            steps[-1][2].append(line)
    return steps


@pytest.mark.facts
def test_the_tour_has_what_it_promises():
    commands = [command for command, _, _ in tour()]
    for part in ("ssh -p 2830 ", "netconf", "replace vc1 2", "ansible-playbook", "kill "):
        assert any(part in command for command in commands), part
    assert len(commands) > 12


@pytest.fixture
def folder():
    """Instead of /tmp/lab; a lab that still runs at the end is stopped."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="tour-"))
    yield place
    description = place / "lab/lab.json"
    pid = re.search(r'"pid": (\d+)', description.read_text()) if description.exists() else None
    if pid and is_simulator(int(pid.group(1))):
        os.kill(int(pid.group(1)), signal.SIGTERM)
    shutil.rmtree(place, ignore_errors=True)


def is_simulator(pid):
    try:
        return b"vchassis-sim" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def script(steps, lab, port):
    """What a shell has to do for it. Passwords come from a helper, a terminal is asked for where somebody types."""
    lines = ["exec 2>&1"]
    for number, (command, typed, _) in enumerate(steps):
        command = command.replace("/tmp/lab", lab).replace("2830", str(port))
        if typed:
            keys = "".join(f"{line}\\r" for line in typed).replace("'", "'\\''")
            command = f"printf '{keys}' | {command.replace('ssh ', 'ssh -tt ', 1)}"
        lines += [f"echo '{MARK} {number}'", command if command.endswith("&") else f"{command} || exit 90"]
    return "\n".join([*lines, f"echo '{MARK} end'"])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.skipif(not shutil.which("ssh"), reason="ssh is not installed")
def test_the_tour(folder):
    helper = folder / "askpass"
    helper.write_text("#!/bin/sh\necho Admin-lab-1\n")
    helper.chmod(0o700)
    # What make has built is not built again under the other tests.
    steps = [step for step in tour() if step[0] != "make stage"]
    environment = {**os.environ, "SSH_ASKPASS": str(helper), "SSH_ASKPASS_REQUIRE": "force", "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(folder / "home")}
    done = subprocess.run(["bash", "-c", script(steps, str(folder / "lab"), free_port())], cwd=TOP, env=environment, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=200, check=False)
    said = re.split(rf"^{MARK} \w+\n", done.stdout.replace("\r", ""), flags=re.M)[1:]
    assert done.returncode == 0 and len(said) == len(steps) + 1, done.stdout
    for (command, _, wanted), answer in zip(steps, said):
        at = 0
        for line in wanted:
            assert line in answer[at:], f"$ {command}\nwants {line!r} in\n{answer[at:]}"
            at = answer.index(line, at) + len(line)


def block(kind):
    """The only block of that kind. All others are the tour's."""
    found, = (text for name, text in FENCE.findall(PAGE) if name == kind)
    return found


@pytest.mark.facts
def test_every_block_is_the_tours_or_is_used_here():
    after = PAGE[PAGE.index("## The command line"):]
    assert [kind for kind, _ in FENCE.findall(after)] == ["yaml", "json"] and PAGE.count("\n```") == 2 * len(FENCE.findall(PAGE))


def test_the_scenario_starts_and_its_script_runs(tmp_path):
    """As it stands: every word of it is known, and everything that happens by itself succeeds."""
    (tmp_path / "scenario.yml").write_text(block("yaml"))
    written = yaml.safe_load(block("yaml"))
    with Simulator("-f", str(tmp_path / "scenario.yml")) as simulator:
        name = written["chassis"][0]["name"]
        before = simulator.state(name)
        assert [(member["id"], member["status"], member["role"]) for member in before["members"]] == [
            (0, "Prsnt", "primary"), (1, "Prsnt", "backup"), (2, "Prsnt", "linecard")]
        simulator.ctl("clock", "10m")
        events = [entry for entry in simulator.ctl("log") if entry["kind"] == "event"]
        assert {entry["outcome"] for entry in events} == {"ok"}, events
        assert [line["do"] for line in written["script"]] == [entry["request"] for entry in events if " is back" not in entry["request"]]
        after = simulator.state(name)
        assert (before["primary"], after["primary"]) == (0, 1) and after["members"][2]["serial"] == "XR0218440009"


def test_the_fault_strikes(tmp_path):
    """As it stands: the first commit is applied, and its answer is lost."""
    fault = json.loads(block("json"))
    with Simulator("-members", "3") as simulator:
        lab = Lab(simulator, tmp_path)
        lab.ctl("fault", block("json"))
        run = lab.playbook().expect(fault["chassis"], failed=0)
        assert "the link was lost after the trial commit; it was confirmed over a new login" in run.text, run.output
        assert [entry["outcome"] for entry in lab.ctl("log") if entry["rpc"] == fault["rpc"]].count("ok") >= 3
