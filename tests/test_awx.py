# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs as AWX makes them: through ansible-runner, with credentials in the environment, in slices, and cancelled."""

import json
import time

import ansible_runner
import pytest
from conftest import ENVIRONMENT

PASSWORDS = {"ANSIBLE_NET_PASSWORD": "Admin-lab-1", "VCHASSIS_ROOT_PASSWORD": "Root-lab-1"}


@pytest.fixture
def private_data(tmp_path):
    """private_data(chassis) makes the folder that AWX would: a project, an inventory without secrets, an environment with them."""

    def make(chassis, **variables):
        folder = tmp_path / "private"
        for name in ("project", "inventory", "env"):
            (folder / name).mkdir(parents=True)
        (folder / "project/site.yml").write_text(
            "- hosts: virtual_chassis\n  gather_facts: false\n  roles: [vchassis.junos.scp_config_sync]\n")
        inventory = json.loads(chassis.simulator.inventory.read_text())
        for host in inventory["virtual_chassis"]["hosts"].values():
            for secret in ("ansible_user", "ansible_password", "scp_config_sync_root_password"):
                del host[secret]
            host.update(variables)
        (folder / "inventory/hosts.json").write_text(json.dumps(inventory))
        (folder / "env/envvars").write_text(json.dumps({
            "ANSIBLE_NET_USERNAME": "admin", "ANSIBLE_NET_SSH_KEYFILE": "", **PASSWORDS, "ANSIBLE_HOST_KEY_CHECKING": "False",
            "VCHASSIS_KNOWN_HOSTS": str(chassis.simulator.folder / "known_hosts"),
            **{name: value for name, value in ENVIRONMENT.items() if name != "HOME"}}))
        (folder / "env/settings").write_text(json.dumps({"suppress_env_files": True, "pexpect_timeout": 1}))
        return folder

    return make


def run(folder, **more):
    return ansible_runner.run(private_data_dir=str(folder), playbook="site.yml", quiet=True, **more)


def changed(job, host):
    return (job.stats or {}).get("changed", {}).get(host, 0)


def test_a_job_and_what_it_leaves(lab, private_data):
    chassis = lab()
    folder = private_data(chassis)
    first, second = run(folder, verbosity=3), run(folder)
    assert (first.status, changed(first, "vc")) == ("successful", 3), first.stdout.read()
    assert (second.status, changed(second, "vc")) == ("successful", 0)
    assert chassis.state("vc")["transport"] == "scp"
    events = 0
    for path in (folder / "artifacts").rglob("*"):
        if path.is_file() and path.name != "command":  # what the runner itself was given; AWX masks it
            events += path.parent.name == "job_events"
            for secret in PASSWORDS.values():
                assert secret not in path.read_text(errors="replace"), f"{path} holds a password"
    assert events > 10


def test_a_cancelled_job_leaves_no_lock_and_the_next_one_finishes(lab, private_data):
    """ansible-runner kills; nothing gets a chance to clean up."""
    chassis = lab("chassis: [{name: vc, size: 3, profile: {commit_delay: 2s}}]")
    folder = private_data(chassis)
    job = run(folder, cancel_callback=lambda: chassis.counters("vc")["commits"] >= 2)
    assert job.status == "canceled"
    settled(chassis)
    state = chassis.state("vc")
    assert state["lock"] == 0 and state["candidate"] == "" and state["sessions"] == []
    assert state["key_mesh"] or state["transport"] == "rcp"
    chassis.ctl("clock", "11m")  # what was on trial is taken back by the chassis, or was confirmed
    job = run(folder)
    assert job.status == "successful", job.stdout.read()
    state = chassis.state("vc")
    assert state["transport"] == "scp" and state["key_mesh"] and all(member["in_sync"] for member in state["members"])


def settled(chassis):
    """Waits until no session of the cancelled job is left: a module that outlived the kill ends what it does."""
    deadline = time.monotonic() + 60
    while chassis.state("vc")["sessions"]:
        assert time.monotonic() < deadline, chassis.state("vc")["sessions"]
        time.sleep(0.2)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1, 0]], ids=["in order", "out of order, one twice"])
def test_slices_end_in_the_same_state_as_one_run(lab, order):
    """AWX deals hosts out in turns, and a slice knows nothing of the others."""
    chassis = lab("chassis: [{name: vc, count: 6}]")
    names = [one["name"] for one in chassis.simulator.chassis]
    for number in order:
        slice_ = names[number::3]
        run_ = chassis.playbook("vchassis.junos.scp_config_sync", "--limit", ",".join(slice_))
        assert run_.code == 0, run_.output
    for name in names:
        assert chassis.state(name)["transport"] == "scp"
        assert chassis.counters(name)["prepares"] == 1
