# SPDX-License-Identifier: GPL-3.0-or-later
"""The oldest ansible-core that we claim, beside the newest that all other tests run on; with --long those between, on other Pythons too.

The Molecule suite runs on the newest (gate molecule), on the oldest a sample of three scenarios, and all of it with --long and for a release (gate
molecule-old). A release on a new machine (test_tarball) runs on both.
"""

import json
import re
import subprocess

import forms
import pytest
from conftest import ENVIRONMENT

import matrix

# (core, whether on the newest Python that it runs on instead of the oldest)
OTHERS = [(matrix.OLDEST, True), *((core, newest) for core in list(matrix.PYTHONS)[1:] for newest in (False, True))]


@pytest.fixture(params=[(matrix.OLDEST, False), *(pytest.param(other, marks=pytest.mark.long) for other in OTHERS)],
                ids=lambda pair: f"{pair[0]}-on-{'newest' if pair[1] else 'oldest'}-python")
def programs(request):
    """The folder of programs of a venv with nothing but that ansible-core."""
    core, newest = request.param
    try:
        folder = matrix.programs(core, newest)
    except matrix.Unavailable as error:
        pytest.skip(str(error))
    version = subprocess.run([folder / "ansible", "--version"], capture_output=True, text=True, check=True).stdout
    assert f"core {core}." in version, version
    return folder


def test_the_role(lab, programs):
    chassis = lab()
    environment = {"PATH": f"{programs}:/usr/bin:/bin"}
    chassis.playbook("vchassis.junos.scp_config_sync", "--check", "--diff", **environment).expect("vc", changed=1, failed=0)
    assert chassis.counters("vc")["writes"] == 0
    run = chassis.playbook(**environment).expect("vc", changed=1, failed=0)
    assert "the last commit reached members 0, 1 and 2" in run.text
    assert chassis.state("vc")["transport"] == "scp"
    chassis.playbook(**environment).expect("vc", changed=0, failed=0)
    chassis.playbook("vchassis.junos.audit", variables={"scp_config_sync_audit_fail": True}, **environment).expect("vc", failed=0)
    chassis.playbook("vchassis.junos.disable", "--limit", "vc", variables={"scp_config_sync_remove_command": True}, **environment).expect("vc", changed=2, failed=0)
    assert chassis.state("vc")["transport"] == "rcp"


def test_the_summary(lab, programs):
    """What text is, and what a list, is not the same before core 2.19; nor may it be where a reason looks like either."""
    reasons = ["[member 2] is not there", "it's \"gone\", 100 %", "True", "\N{SNOWMAN}\N{FACE WITH TEARS OF JOY}"]
    handed_on = {f"scp_config_sync_stats_{name}": {"host": name, "outcome": outcome, "transport": "rcp", "reasons": reasons}
                 for name, outcome in (("one", "changed"), ("two", "failed"))}
    run = lab().playbook("vchassis.junos.summary", variables=handed_on, ANSIBLE_SHOW_CUSTOM_STATS="1", PATH=f"{programs}:/usr/bin:/bin")
    assert run.code == 0 and "1 of 2 chassis are as requested; not yet: two" in run.text, run.output
    stats = json.loads(re.search(r"RUN: (\{.*\})", run.output)[1])["virtual_chassis_summary"]
    assert stats["table"] == [f"{name}  {outcome}  rcp      {'; '.join(reasons)}" for name, outcome in (("two", "failed "), ("one", "changed"))]
    assert (stats["chassis"], stats["outcomes"], stats["left"]) == (2, {"changed": 1, "failed": 1}, ["two"])


def test_failures(lab, programs):
    chassis = lab()
    chassis.ctl("leave", "vc", "1")
    chassis.ctl("leave", "vc", "2")
    run = chassis.playbook(PATH=f"{programs}:/usr/bin:/bin").expect("vc", changed=0, failed=1)
    assert "member 1" in run.text and "member 2" in run.text


def test_passwords_that_are_vaulted_one_by_one(lab, programs):
    chassis = lab()
    key, vaulted = chassis.folder / "key", chassis.folder / "vaulted.yml"
    key.write_text("the key of the vault")
    with_key = ["--vault-password-file", key]
    for name, password in (("ansible_password", "Admin-lab-1"), ("scp_config_sync_root_password", "Root-lab-1")):
        command = [programs / "ansible-vault", "encrypt_string", *with_key, "--stdin-name", name]
        done = subprocess.run(command, input=password, capture_output=True, check=True, text=True)
        with open(vaulted, "a", encoding="utf-8") as file:
            file.write(done.stdout + "\n")
    run = chassis.playbook("vchassis.junos.scp_config_sync", "-e", f"@{vaulted}", *with_key, "-vvvv", PATH=f"{programs}:/usr/bin:/bin")
    run.expect("vc", changed=1, failed=0)
    assert "Admin-lab-1" not in run.output and "Root-lab-1" not in run.output


def test_members_one_by_one(lab, programs):
    chassis = lab("chassis: [{name: vc, member_ports: true, members: [{id: 0, role: primary}, {id: 1, status: standalone}]}]")
    member = chassis.simulator.chassis[0]["members"][1]
    members = {"scp_config_sync_members": [{"host": member["host"], "port": member["port"], "role": "linecard"}]}
    chassis.playbook(variables=members, PATH=f"{programs}:/usr/bin:/bin").expect("vc", failed=0)
    assert all(m["authorized_keys_command"] for m in chassis.state("vc")["members"])


def test_hosts_are_listed_in_order(lab, programs):
    """Some cores hand out the hosts of a play in the order of a set."""
    chassis = lab("chassis: [{name: vc, count: 4, members: [{id: 0, role: primary}, {id: 1, role: backup}]}]")
    run = chassis.playbook("vchassis.junos.audit", PATH=f"{programs}:/usr/bin:/bin")
    listed = re.search(r'"in plaintext \(RCP\)": (\[.*?\])', run.text)
    assert listed, run.output
    assert re.findall(r"vc-\d", listed[1]) == ["vc-1", "vc-2", "vc-3", "vc-4"]


@pytest.mark.long
def test_everyday_forms(lab, programs):
    assert len(forms.TASKS) + len(forms.PLAYS) + len(forms.COMMANDS) == 39
    chassis = lab()
    path = f"{programs}:/usr/bin:/bin"
    at = chassis.simulator.chassis[0]
    run = chassis.playbook(forms.playbook(), variables={"chassis_host": at["host"], "chassis_port": at["port"]}, PATH=path).expect("vc", failed=0, unreachable=0)
    assert all(form in run.output for form in (*forms.TASKS, *forms.PLAYS))
    assert "handled" in run.output
    assert chassis.counters("vc")["writes"] == 0
    environment = {**ENVIRONMENT, "PATH": path, "VCHASSIS_KNOWN_HOSTS": str(chassis.simulator.folder / "known_hosts")}
    for form, (program, words, wanted) in forms.COMMANDS.items():
        command = [programs / program, *(word.format(inventory=chassis.simulator.inventory) for word in words)]
        done = subprocess.run(command, env=environment, cwd=chassis.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        assert done.returncode == 0 and wanted in done.stdout, f"{form}: {done.stdout}{done.stderr}"


TIMEOUT = """
- hosts: all
  gather_facts: false
  tasks:
    - {task}
      timeout: {seconds}
      ignore_errors: true
      register: found
    - ansible.builtin.assert:
        that: found is failed and found.timedout.period == {seconds} and 'stopped by the timeout of the task' in found.msg and {holds}
        fail_msg: "{{{{ found | to_json }}}}."
"""
COMMAND = "vchassis.junos.vc_authorized_keys_command: {command: '{{ scp_config_sync_authorized_keys_command }}', user: '{{ scp_config_sync_authorized_keys_command_user }}'}"


@pytest.mark.long
def test_a_timeout_leaves_the_modules_own_word(lab, programs):
    """Its exception has moved between cores."""
    task = TIMEOUT.format(task="vchassis.junos.vc_info:", seconds=2, holds="found.commit_state == 'none'")
    lab("chassis: [{name: vc, rpc_delay: 30s}]").playbook(task, PATH=f"{programs}:/usr/bin:/bin").expect("vc", ignored=1, failed=0)


@pytest.mark.long
def test_a_timeout_in_the_middle_of_a_trial_says_what_to_do(lab, programs):
    chassis = lab()
    chassis.ctl("fault", json.dumps({"rpc": "commit-configuration", "when": "after", "action": "stall", "nth": 1}))
    task = TIMEOUT.format(task=COMMAND, seconds=6, holds="found.commit_state == 'unknown' and found.reverts_at is defined and 'commit nothing meanwhile' in found.hint")
    chassis.playbook(task, PATH=f"{programs}:/usr/bin:/bin").expect("vc", ignored=1, failed=0)
    assert chassis.state("vc")["trial"], "the time that the task names is that of a trial"
