# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules of other collections, unmodified, on the simulator. A collection that is not installed is skipped by its name.

VCSIM_ANSIBLE names an ansible-playbook that has them, with ncclient or PyEZ beside it; else the one on the path is asked.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

from simulator import Simulator

PLAYBOOK = os.environ.get("VCSIM_ANSIBLE") or shutil.which("ansible-playbook") or "ansible-playbook"


def installed(collection):
    """Whether that Ansible has the collection; its own libraries are the playbook's matter."""
    galaxy = pathlib.Path(PLAYBOOK).with_name("ansible-galaxy")
    try:
        done = subprocess.run([galaxy, "collection", "list", collection, "--format", "json"], capture_output=True, text=True, timeout=60, check=False)
    except OSError:
        return False
    return done.returncode == 0 and any(collection in found for found in json.loads(done.stdout or "{}").values())


def play(tmp_path, collection, text):
    if not installed(collection):
        pytest.skip(f"the collection {collection} is not installed")
    with Simulator("-chassis", "1", "-members", "2") as simulator:
        chassis = simulator.chassis[0]
        playbook = tmp_path / "playbook.yml"
        playbook.write_text(text)
        host = f"vc1 ansible_host={chassis['host']} ansible_port={chassis['port']} ansible_user=admin ansible_password=Admin-lab-1"
        (tmp_path / "inventory").write_text(host + " ansible_network_os=junipernetworks.junos.junos\n")
        environment = {name: os.environ[name] for name in ("PATH", "LC_ALL", "HOME") if name in os.environ}
        environment |= {"ANSIBLE_HOME": str(tmp_path / "home"), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOST_KEY_CHECKING": "false",
                        "ANSIBLE_LOCAL_TEMP": str(tmp_path / "tmp"), "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(simulator.folder / "pc")}
        done = subprocess.run([PLAYBOOK, "-i", str(tmp_path / "inventory"), str(playbook)], env=environment, cwd=tmp_path,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=180, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return simulator.state(chassis["name"])


def test_junipernetworks_junos(tmp_path):
    state = play(tmp_path, "junipernetworks.junos", """
- hosts: all
  gather_facts: false
  vars: {ansible_connection: ansible.netcommon.netconf}
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
  - junipernetworks.junos.junos_config: {confirm_commit: true}
  - junipernetworks.junos.junos_config: {rollback: 1}
  - junipernetworks.junos.junos_config: {lines: [set system nonsense 1]}
    register: refused
    failed_when: "'syntax error' not in refused.msg"
  - junipernetworks.junos.junos_rpc: {rpc: get-virtual-chassis-information}
    register: rpc
  - assert: {that: ["'Master*' in rpc.xml"]}
  - junipernetworks.junos.junos_command: {commands: [show virtual-chassis], wait_for: ["result[0] contains Master*"]}
""")
    assert [c["log"] for c in state["commits"]].count("kept") == 1
    assert not state["trial"] and not state["lock"]


def test_juniper_device(tmp_path):
    """Written from its documentation, and not seen to run yet: only Galaxy has this collection. Its library, PyEZ, is judged elsewhere."""
    play(tmp_path, "juniper.device", """
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
""")
