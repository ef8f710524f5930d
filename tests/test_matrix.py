# SPDX-License-Identifier: GPL-3.0-or-later
"""The oldest ansible-core that we claim, beside the newest that all other tests run on."""

import re
import subprocess

import pytest
import yaml
from conftest import TOP

OLDEST = re.search(r"[\d.]+", yaml.safe_load((TOP / "collection/meta/runtime.yml").read_text())["requires_ansible"]).group().rsplit(".", 1)[0]
# What ansible-core 2.16 to 2.18 run on.
PYTHONS = ["python3.12", "python3.11", "python3.10"]


def interpreters():
    """Pythons that can make a venv and that the oldest core runs on, on the PATH or kept by pyenv."""
    found = subprocess.run([TOP / "build-tools/venv", "--list"], capture_output=True, text=True, check=True).stdout
    return [line.split(" ", 1)[1] for line in found.splitlines() if f"python{line.split(' ', 1)[0]}" in PYTHONS]


@pytest.fixture(scope="module")
def oldest():
    """The folder of programs of a venv with the oldest ansible-core; kept between runs."""
    venv = TOP / f"build/venv-ansible-{OLDEST}"
    programs = venv / "bin"
    if not (programs / "ansible-playbook").exists():
        if not interpreters():
            pytest.skip(f"no Python for ansible-core {OLDEST}: wants one of {', '.join(PYTHONS)}")
        subprocess.run([interpreters()[0], "-m", "venv", venv], check=True)
        installed = subprocess.run([programs / "pip", "install", "-q", f"ansible-core=={OLDEST}.*"], capture_output=True, text=True, check=False)
        if installed.returncode:
            pytest.skip(f"ansible-core {OLDEST} could not be installed: {installed.stderr[-300:]}")
    version = subprocess.run([programs / "ansible", "--version"], capture_output=True, text=True, check=True).stdout
    assert f"core {OLDEST}." in version, version
    return programs


def test_the_role_on_the_oldest_core(lab, oldest):
    chassis = lab()
    environment = {"PATH": f"{oldest}:/usr/bin:/bin"}
    chassis.playbook("vchassis.junos.scp_config_sync", "--check", "--diff", **environment).expect("vc", changed=3, failed=0)
    assert chassis.counters("vc")["writes"] == 0
    run = chassis.playbook(**environment).expect("vc", changed=3, failed=0)
    assert "the last commit reached member 0, 1, 2" in run.text
    assert chassis.state("vc")["transport"] == "scp"
    chassis.playbook(**environment).expect("vc", changed=0, failed=0)
    chassis.playbook("vchassis.junos.audit", variables={"scp_config_sync_audit_fail": True}, **environment).expect("vc", failed=0)
    chassis.playbook("vchassis.junos.disable", variables={"scp_config_sync_remove_command": True}, **environment).expect("vc", changed=2, failed=0)
    assert chassis.state("vc")["transport"] == "rcp"


def test_failures_on_the_oldest_core(lab, oldest):
    chassis = lab()
    chassis.ctl("leave", "vc", "1")
    chassis.ctl("leave", "vc", "2")
    run = chassis.playbook(PATH=f"{oldest}:/usr/bin:/bin").expect("vc", changed=0, failed=1)
    assert "member 1" in run.text and "member 2" in run.text


def test_members_one_by_one_on_the_oldest_core(lab, oldest):
    chassis = lab("chassis: [{name: vc, member_ports: true, members: [{id: 0, role: primary}, {id: 1, status: standalone}]}]")
    member = chassis.simulator.chassis[0]["members"][1]
    members = {"scp_config_sync_members": [{"host": member["host"], "port": member["port"], "role": "linecard"}]}
    chassis.playbook(variables=members, PATH=f"{oldest}:/usr/bin:/bin").expect("vc", failed=0)
    assert all(m["authorized_keys_command"] for m in chassis.state("vc")["members"])
