# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which Ansible can come to run the modules: the action plugin, connection: local, and neither."""

import shutil

import pytest
from conftest import STAGED

PLAYBOOK = """
- hosts: vc
  gather_facts: false
{connection}
  # Also what users without the action plugin need.
  module_defaults:
    group/vchassis.junos.all:
      host: "{{{{ ansible_host }}}}"
      port: "{{{{ ansible_port }}}}"
      username: "{{{{ ansible_user }}}}"
      password: "{{{{ ansible_password }}}}"
  roles: [vchassis.junos.scp_config_sync]
"""


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """A copy of the staged collection that routes no module to the action plugin. What judges a run is an action alone, and stays."""
    folder = tmp_path_factory.mktemp("stock")
    copy = folder / "ansible_collections/vchassis/junos"
    shutil.copytree(STAGED, copy, symlinks=True)
    runtime = copy / "meta/runtime.yml"
    runtime.write_text(runtime.read_text().split("plugin_routing:")[0])
    return folder


@pytest.mark.parametrize("plugin, connection", [
    pytest.param(True, "", id="plugin-no connection"), pytest.param(True, "  connection: local", id="plugin-connection local"),
    pytest.param(False, "  connection: local", id="stock-connection local"),
    # The same again, but for where "local" is written.
    pytest.param(False, "", id="stock-no connection")])
def test_the_same_playbook(lab, stock, plugin, connection):
    chassis = lab()
    environment = {} if plugin else {"ANSIBLE_COLLECTIONS_PATH": str(stock), "ANSIBLE_REMOTE_TMP": str(stock / "tmp")}
    flags = []
    if not plugin and not connection:
        # Without plugin and connection, Ansible itself would log in to the switch and copy a program there.
        flags = ["--connection", "local"]
    playbook = PLAYBOOK.format(connection=connection)
    run = chassis.playbook(playbook, "--check", *flags, **environment).expect("vc", changed=1, failed=0)
    assert chassis.counters("vc")["writes"] == 0, run.output
    chassis.playbook(playbook, *flags, **environment).expect("vc", changed=1, failed=0)
    assert chassis.state("vc")["transport"] == "scp"
    chassis.playbook(playbook, *flags, **environment).expect("vc", changed=0, failed=0)
    if not plugin:
        assert not list((stock / "tmp").glob("ansible-tmp-*")), "the stock path left files with arguments behind"


def test_without_plugin_and_program(lab, stock, tmp_path):
    """The stub finds no program, and says what it has looked for."""
    chassis = lab()
    shutil.copytree(stock, tmp_path / "stock", symlinks=True)
    shutil.rmtree(next(tmp_path.rglob("plugin_utils/*/vchassis")).parent)
    run = chassis.playbook(PLAYBOOK.format(connection="  connection: local"), ANSIBLE_COLLECTIONS_PATH=str(tmp_path / "stock")).expect("vc", failed=3)  # the reading, the plan and the judgement
    assert "vc_info without its action plugin: no installed collection of this machine has a program for" in run.text


def test_credentials_by_environment_beat_the_play(lab):
    """As AWX' Network credential gives them; empty means unset."""
    chassis = lab()
    environment = {"ANSIBLE_NET_USERNAME": "admin", "ANSIBLE_NET_PASSWORD": "Admin-lab-1", "ANSIBLE_NET_SSH_KEYFILE": ""}
    wrong = "- hosts: vc\n  gather_facts: false\n  vars: {ansible_user: admin, ansible_password: wrong}\n  tasks: [vchassis.junos.vc_info: ]\n"
    chassis.playbook(wrong).expect("vc", unreachable=1, failed=0)
    chassis.playbook(wrong, **environment).expect("vc", ok=1, failed=0)
    chassis.playbook(wrong, **{**environment, "VCHASSIS_PASSWORD": "wrong"}).expect("vc", unreachable=1, failed=0)
    run = chassis.playbook(wrong, **{**environment, "ANSIBLE_NET_USERNAME": "operator"}).expect("vc", failed=1)
    assert "ANSIBLE_NET_USERNAME says" in run.text and "the play's variables" in run.text


def test_one_playbook_many_chassis(lab):
    chassis = lab("chassis: [{name: vc, count: 5}]")
    run = chassis.playbook("vchassis.junos.scp_config_sync", "--forks", "5")
    for number in range(1, 6):
        run.expect(f"vc-{number}", changed=1, failed=0)
        assert chassis.state(f"vc-{number}")["transport"] == "scp"
