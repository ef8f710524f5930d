# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules of other collections, unmodified, on the simulator."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

import foreign_collections
from conftest import ENVIRONMENT
from simulator import Simulator

# An ansible-playbook that has juniper.device, with PyEZ beside it.
PLAYBOOK = os.environ.get("VCHASSIS_SIM_ANSIBLE") or shutil.which("ansible-playbook") or "ansible-playbook"


@pytest.fixture
def simulator():
    with Simulator("-chassis", "1", "-members", "2") as running:
        yield running


def play(simulator, text, playbook="ansible-playbook"):
    """Runs it to a good end, and returns what the chassis has then."""
    try:
        done = foreign_collections.run(text, simulator.chassis, simulator.folder, playbook=playbook)
    except foreign_collections.Unavailable as error:
        pytest.skip(str(error))
    assert done.returncode == 0, done.stdout + done.stderr
    return simulator.state(simulator.chassis[0]["name"])


def installed(collection):
    """Whether that Ansible has the collection; its own libraries are the playbook's matter."""
    galaxy = pathlib.Path(PLAYBOOK).with_name("ansible-galaxy")
    try:
        done = subprocess.run([galaxy, "collection", "list", collection, "--format", "json"], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return False
    return done.returncode == 0 and any(collection in found for found in json.loads(done.stdout or "{}").values())


def test_junipernetworks_junos(simulator):
    state = play(simulator, """
- hosts: all
  gather_facts: false
  tasks:
  - junipernetworks.junos.junos_facts: {gather_subset: [default, config]}
    register: facts
  - assert: {that: ["ansible_net_hostname == 'vc1'", "ansible_net_version == '25.2R1.9'"]}
  - junipernetworks.junos.junos_config: {lines: [set system location building A], comment: kept}
    register: first
    diff: true
  - assert: {that: ["first.changed", "'building A' in first.diff.prepared"]}
  - junipernetworks.junos.junos_config: {lines: [set system location building A]}
    register: again
  - assert: {that: ["not again.changed"]}
  - junipernetworks.junos.junos_config: {lines: [set system location floor 2], confirm: 5}
  - junipernetworks.junos.junos_command: {commands: [show system commit], wait_for: ["result[0] contains 'rollback in 5mins'"], retries: 1}
  - junipernetworks.junos.junos_config: {confirm_commit: true}
  - junipernetworks.junos.junos_config: {rollback: 2}
    register: back
    diff: true
  - assert: {that: ["back.changed", "'floor 2' in back.diff.prepared"]}
  - junipernetworks.junos.junos_config: {lines: [set system nonsense 1]}
    register: refused
    failed_when: "'syntax error' not in refused.msg"
  - junipernetworks.junos.junos_rpc: {rpc: get-virtual-chassis-information}
    register: rpc
  - assert: {that: ["'Master*' in rpc.xml"]}
  - junipernetworks.junos.junos_command: {commands: [show virtual-chassis], wait_for: ["result[0] contains Master*"]}
""")
    assert [c["log"] for c in state["commits"]].count("kept") == 1
    assert len(state["commits"]) == 5 and not state["trial"] and not state["lock"]


def test_ansible_netcommon_on_the_command_line(simulator):
    """Over libssh, which no other client here uses."""
    state = play(simulator, """
- hosts: all
  gather_facts: false
  vars: {ansible_connection: ansible.netcommon.network_cli, ansible_network_cli_ssh_type: libssh}
  tasks:
  - ansible.netcommon.cli_command: {command: show version}
    register: version
  - assert: {that: ["'Junos: 25.2R1.9' in version.stdout"]}
  - ansible.netcommon.cli_config: {config: set system location building A, commit_comment: kept}
    register: first
    diff: true
  - assert: {that: ["first.changed", "'building A' in first.diff.prepared"]}
  - ansible.netcommon.cli_command: {command: "{{ item }}"}
    loop: [configure, set system location floor 2, commit confirmed 5, commit, exit]
  - ansible.netcommon.cli_config: {rollback: 2}
    register: back
  - assert: {that: ["back.changed"]}
  - ansible.netcommon.cli_config: {config: set system nonsense 1}
    register: refused
    failed_when: "'syntax error' not in refused.msg"
""")
    assert [c["log"] for c in state["commits"]].count("kept") == 1
    assert not state["trial"] and not state["lock"]


def test_juniper_device(simulator):
    """Written from its documentation, and not seen to run yet: only Galaxy has this collection. Its library, PyEZ, is judged elsewhere."""
    if not installed("juniper.device"):
        pytest.skip("the collection juniper.device is not installed")
    play(simulator, """
- hosts: all
  connection: local
  gather_facts: false
  vars:
    provider: {host: "{{ ansible_host }}", port: "{{ ansible_port }}", user: admin, passwd: Admin-lab-1}
  tasks:
  - juniper.device.facts: {provider: "{{ provider }}"}
    register: facts
  - assert: {that: ["facts.facts.hostname == 'vc1'", "facts.facts.version == '25.2R1.9'"]}
  - juniper.device.config: {provider: "{{ provider }}", config_mode: exclusive, load: set, lines: [set system location building A], comment: kept}
    register: first
  - assert: {that: ["first.changed", "'building A' in (first.diff_lines | join)"]}
  - juniper.device.config: {provider: "{{ provider }}", load: set, lines: [set system location floor 2], confirmed: 5}
  - juniper.device.config: {provider: "{{ provider }}", check: true, diff: false, commit: false}
  - juniper.device.config: {provider: "{{ provider }}", rollback: 1}
  - juniper.device.config: {provider: "{{ provider }}", load: set, lines: [set system nonsense 1]}
    register: refused
    failed_when: "'syntax error' not in refused.msg"
  - juniper.device.command: {provider: "{{ provider }}", commands: [show virtual-chassis]}
    register: command
  - assert: {that: ["'Master*' in (command.stdout)"]}
  - juniper.device.rpc: {provider: "{{ provider }}", rpcs: [get-virtual-chassis-information]}
""", PLAYBOOK)


OFFICE = """
chassis:
  - name: vc1
    release: 25.4R1.11
    members: [{id: 0, role: backup}, {id: 1, role: primary}, {id: 2, role: linecard}]
    config_add: |
      set system services ssh root-login allow
      set interfaces ge-0/0/3 unit 0 family ethernet-switching
      set interfaces irb unit 7 family inet address 192.0.2.1/24
"""
FACTS = """
- hosts: all
  gather_facts: false
  tasks:
  - junipernetworks.junos.junos_facts:
      gather_subset: ["!hardware"]  # of which the simulator has no memory
      gather_network_resources: [interfaces, l2_interfaces, l3_interfaces, vlans, lldp_global, snmp_server, hostname]
    register: facts
  - ansible.builtin.copy: {content: "{{ facts.ansible_facts | to_nice_json }}", dest: "{{ playbook_dir }}/facts.json", mode: "0600"}
    delegate_to: localhost
    vars: {ansible_connection: local}
"""
# Times, ports and what becomes of passwords; everything else is the same.
CHANGING = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC|\b\d\d:\d\d:\d\d\b|\$[0-9]\$[^\"\s<;]+|\d+ (?:days?|hours?|minutes?|seconds?)")


@pytest.mark.long
def test_junipernetworks_junos_sees_no_difference(tmp_path):
    """Its facts, and the resources that it reads, of a chassis and of the twin of its snapshot."""
    (tmp_path / "office.yml").write_text(OFFICE)
    with Simulator("-f", str(tmp_path / "office.yml")) as original:
        subprocess.run(["ansible", "vc1", "-i", original.inventory, "-m", "vchassis.junos.vc_snapshot", "-a", f"dest={tmp_path}/snapshots"],
                       env={**ENVIRONMENT, "VCHASSIS_KNOWN_HOSTS": original.environment["VCHASSIS_KNOWN_HOSTS"]}, capture_output=True, check=True)
        with Simulator("-twin", str(tmp_path / "snapshots")) as twin:
            seen = []
            for lab in (original, twin):
                play(lab, FACTS)
                text = CHANGING.sub("*", (lab.folder / "facts.json").read_text())
                seen.append(sorted(line.rstrip(",") for line in text.splitlines()))  # some of its lists have another order each time
    assert len(seen[0]) > 200 and '"ansible_net_hostname": "vc1"' in "".join(seen[0])
    assert seen[0] == seen[1]
