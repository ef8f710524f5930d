# SPDX-License-Identifier: GPL-3.0-or-later
"""The rulebooks: that they name what is there, and what ansible-rulebook makes of them on simulated chassis."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
import time

import pytest
import yaml
from conftest import ENVIRONMENT, TOP
from test_eda import ADD, EDA, free_port, plain, source

import matrix


@pytest.mark.parametrize("name", ["virtual_chassis", "virtual_chassis_controller"])
@pytest.mark.facts
def test_rulebooks_name_what_is_there(name):
    rulebook = yaml.safe_load((EDA / f"rulebooks/{name}.yml").read_text())[0]
    assert rulebook["execution_strategy"] == "sequential", "two runs on one chassis"
    documented = yaml.safe_load(source.DOCUMENTATION)["options"]
    assert set(rulebook["sources"][0]["vchassis.junos.virtual_chassis"]) <= set(documented)
    templates = yaml.safe_load((TOP / "collection/awx/templates.yml").read_text())["templates"]
    questions = yaml.safe_load((TOP / "collection/awx/surveys.yml").read_text())["virtual_chassis_question"]
    for rule in rulebook["rules"]:
        kind, action = next(iter(rule["action"].items()))
        if kind == "run_playbook":
            assert (TOP / f"collection/playbooks/{action['name'].rpartition('.')[2]}.yml").exists()
            continue
        template = next(template for template in templates if template["name"] == action["name"].split("}} ")[1])
        asked = {questions[re.search(r"ask\.(\w+)", question)[1]]["variable"] for question in template["questions"]}
        assert set(action["job_args"]["extra_vars"]) == asked, "AWX wants every question answered"


SCENARIO = """
chassis:
  - name: vc
    count: 5
    members: [{{id: 0, role: primary}}, {{id: 1, role: backup}}, {{id: 2, role: linecard}}]
    config_add: |
      set system syslog host 127.0.0.1 any notice
      set system syslog host 127.0.0.1 port {port}
"""
# What happens to five chassis, and how many playbooks it is worth.
ROUNDS = [
    ("all have a member replaced", [("replace", f"vc-{number}", "2", "{}") for number in range(1, 6)], 5),
    ("two lose a member, two have another primary", [("leave", "vc-1", "2"), ("leave", "vc-2", "2"), ("switchover", "vc-3"), ("switchover", "vc-4")], 4),
    ("the two are whole again, and one member reboots", [("join", "vc-1", "2"), ("join", "vc-2", "2"), ("leave", "vc-5", "2"), ("join", "vc-5", "2")], 3),
    ("a member flaps", [(verb, "vc-3", "2") for verb in ("leave", "join") * 3], 1),
]


@pytest.mark.long
def test_the_real_rulebook(lab, tmp_path):
    """ansible-rulebook with Drools: replaced members get their keys without a hand, and no playbook is run too often."""
    try:
        rulebook = matrix.rulebook()
    except matrix.Unavailable as error:
        pytest.skip(str(error))
    if not shutil.which("java"):
        pytest.skip("no Java (Debian: default-jre-headless)")
    port = free_port()
    chassis = lab(SCENARIO.format(port=port))
    run = chassis.playbook()
    assert all(run.recap[f"vc-{number}"]["failed"] == 0 for number in range(1, 6)), run.output
    with running(rulebook, chassis, tmp_path, port) as runs:
        expected = 0
        for what, events, worth in ROUNDS:
            for event in events:
                chassis.ctl(*event)
            flood(port)
            expected += worth
            await_true(lambda: runs() >= expected, 300, what)  # noqa: B023  (it is called at once)
            time.sleep(10)
            assert runs() == expected, f"{what}: {runs() - expected} runs too many"
    states = [chassis.state(f"vc-{number}") for number in range(1, 6)]
    assert all(state["key_mesh"] and state["transport"] == "scp" for state in states)


def flood(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for number in range(500):
            udp.sendto(plain(f"stranger-{number}", ADD), ("127.0.0.1", port))
            udp.sendto(plain("vc-1", "UI_COMMIT: User 'a' requested 'commit' operation"), ("127.0.0.1", port))
            udp.sendto(b"\xff" * 100, ("127.0.0.1", port))


@contextlib.contextmanager
def running(rulebook, chassis, folder, port):
    """ansible-rulebook with our rulebook; runs() is how many playbooks have ended."""
    hosts = {f"vc-{number}": f"vc-{number}" for number in range(1, 6)}
    (folder / "variables.yml").write_text(yaml.safe_dump({"virtual_chassis_port": port, "virtual_chassis_quiet": 3, "virtual_chassis_pause": 1, "virtual_chassis_hosts": hosts}))
    (folder / "inventory.yml").write_text(yaml.safe_dump(json.loads(chassis.simulator.inventory.read_text())))
    log = folder / "rulebook.log"
    command = [rulebook / "ansible-rulebook", "--rulebook", "vchassis.junos.virtual_chassis", "-i", folder / "inventory.yml", "--vars", folder / "variables.yml", "-v"]
    environment = {**ENVIRONMENT, "VCHASSIS_KNOWN_HOSTS": str(chassis.simulator.folder / "known_hosts"), "PATH": f"{ENVIRONMENT['PATH']}:{rulebook}"}
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            await_true(lambda: "Waiting for events" in log.read_text(), 120, "ansible-rulebook starts")
            yield lambda: log.read_text().count("PLAY RECAP")
        except BaseException:
            print(log.read_text()[-5000:])
            raise
        finally:
            process.terminate()
            process.wait(30)


def await_true(holds, seconds, what):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.5)
