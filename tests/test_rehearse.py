# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook rehearse: twins are played on, and the chassis are only read."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from conftest import ENVIRONMENT, TOP
from simulator import SIMULATOR, Simulator

SCENARIO = """
chassis:
  - name: campus-core
    size: 3
    config_add: |
      set snmp community Kanarie-1 authorization read-only
      set system services ssh root-login allow
"""


@pytest.mark.long
def test_a_rehearsal_reads_and_no_more(lab, tmp_path):
    """Six stages on the twin; one login and reads on the chassis, whose secrets stay there."""
    chassis = lab(SCENARIO)
    simulator = chassis.simulator
    simulator.ctl("reset")
    before = simulator.ctl("config", "campus-core")
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        ["ansible-playbook", "-i", simulator.inventory, "vchassis.junos.rehearse", "-e", f"rehearse_simulator={SIMULATOR}"],
        cwd=work, env={**ENVIRONMENT, "VCHASSIS_KNOWN_HOSTS": str(simulator.folder / "known_hosts")}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    shown = re.findall(r"^[1-6] .*?reads(?=, about)", (TOP / "collection/docs/rehearsing.md").read_text(), re.M)
    assert len(shown) == 6 and not [line for line in shown if line not in done.stdout], done.stdout
    for stage in ("1 plan (check mode): would change, 0 commits", "2 run: changed, 4 commits", "3 again: compliant, 0 commits",
                  "4 after a switchover: compliant", "5 after a member was replaced: changed, 3 commits", ": member 2 (serial "):
        assert stage in done.stdout
    assert "6 with a member away (check mode): incomplete, 0 commits" in done.stdout
    assert "1 chassis: 1 login, 7 reads, 0 writes" in done.stdout
    counters = simulator.counters("campus-core")
    assert counters["logins"] == 1 and not counters["writes"] and not counters["locks"] and not counters["prepares"]
    assert simulator.ctl("config", "campus-core")["members"] == before["members"]
    written = b"".join(path.read_bytes() for path in work.rglob("*") if path.is_file())
    assert b"campus-core" in written and b"Kanarie" not in written
    assert subprocess.run(["pgrep", "-f", str(work)], capture_output=True, check=False).returncode, "a twin is left running"


SITE = """
- hosts: virtual_chassis
  gather_facts: false
  roles: [chassis]
"""
ROLE_OF_THEIRS = """
- vchassis.junos.vc_info:
    scp: enabled
  register: chassis
- ansible.builtin.assert:
    that: chassis.transport == 'scp' and site_name == 'campus'
"""
SURVEY = {"scp_config_sync_hosts": "campus-core", "scp_config_sync_serial": 0, "scp_config_sync_rekey": "if_missing", "scp_config_sync_confirm_timeout": 7}


def project_of_a_user(folder, real):
    """A project as AWX checks it out, with everything that leads to the original: host_vars, a jump host, logins, member addresses."""
    shutil.copytree(TOP / "awx/project", folder)
    leads = {"ansible_host": real["host"], "ansible_port": real["port"], "ansible_user": "admin", "ansible_password": "Admin-lab-1",
             "vchassis_port": real["port"], "vchassis_proxy_jump": "bastion.example.com", "vchassis_host_key": "insecure", "vchassis_host": real["host"],
             "ansible_netconf_ssh_config": "~/.ssh/config", "ansible_ssh_common_args": "-J bastion.example.com", "scp_config_sync_shell_port": 22}
    for name, text in {"host_vars/campus-core.yml": yaml.safe_dump(leads), "group_vars/virtual_chassis.yml": "site_name: campus\nvchassis_proxy_jump: bastion.example.com\n",
                       "site.yml": SITE, "roles/chassis/tasks/main.yml": ROLE_OF_THEIRS}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def play(private, playbook, twins, flags=""):
    """The runner, as AWX lays its folder out: the survey's answers are extra variables."""
    (private / "env/cmdline").write_text(flags)
    return subprocess.run(
        ["ansible-runner", "run", str(private), "-p", playbook, "--inventory", str(twins / "inventory.json"), "-i", playbook.split(".")[0]],
        env={**ENVIRONMENT, "VCHASSIS_KNOWN_HOSTS": ""}, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.long
def test_a_project_runs_unchanged_on_twins_and_nowhere_else(lab, tmp_path):
    """The user's own project of AWX, with its survey, and his own site.yml: on twins they do what they do, and nothing of them reaches the original."""
    pytest.importorskip("ansible_runner")
    chassis = lab(SCENARIO)
    real = chassis.simulator.chassis[0]
    taken = chassis.playbook("- hosts: all\n  gather_facts: false\n  tasks:\n    - vchassis.junos.vc_snapshot: {dest: snapshots, name: campus-core, groups: [virtual_chassis]}\n")
    assert taken.code == 0, taken.output
    chassis.simulator.ctl("reset")
    private = tmp_path / "private"
    project_of_a_user(private / "project", real)
    (private / "env").mkdir()
    (private / "env/extravars").write_text(json.dumps(SURVEY))
    with Simulator("-twin", str(chassis.folder / "snapshots"), "-twin-keys-command", real["authorized_keys_command"], "-twin-keys-user", real["authorized_keys_command_user"]) as twins:
        only = f"-e @{twins.folder / 'only_twins.json'}"
        done = play(private, "scp_config_sync.yml", twins.folder, only)
        assert done.returncode == 0, done.stdout + done.stderr
        assert twins.counters("campus-core")["commits"] == 4
        done = play(private, "site.yml", twins.folder, only)
        assert done.returncode == 0, done.stdout + done.stderr
        # Without what goes first, host_vars beside the playbook lead to the original: refused, and said.
        done = play(private, "site.yml", twins.folder)
        assert done.returncode and "this host is a twin at 127.0.0.1:" in " ".join(done.stdout.split()), done.stdout + done.stderr
        # Addresses of members are those of the original, whatever goes first.
        (private / "env/extravars").write_text(json.dumps({**SURVEY, "scp_config_sync_members": [{"host": real["host"], "port": real["port"], "role": "primary"}]}))
        done = play(private, "scp_config_sync.yml", twins.folder, only)
        assert done.returncode and f"the task would connect to {real['host']}:{real['port']}" in " ".join(done.stdout.split()), done.stdout + done.stderr
    seen = chassis.counters("campus-core")
    assert not seen["logins"] and not seen["logins_failed"] and not seen["rpcs"], seen
