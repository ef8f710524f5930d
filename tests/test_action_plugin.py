# SPDX-License-Identifier: GPL-3.0-or-later
"""The action plugin with a program of our own in the place of the real one."""

import base64
import json
import os
import re
import shutil
import sys
import time

import pytest
import warm_playbook
from conftest import ENVIRONMENT, STAGED, Run, platform_folder

PROGRAM = """#!{python}
import json, os, sys, time
arguments = json.load(sys.stdin)
case = arguments.get("comment")
if case == "sleep":
    child = os.fork()
    if child:
        open({folder!r} + "/pids", "w").write(f"{{os.getpid()}} {{child}}")
    time.sleep(600)
if case == "slow":  # takes back what nobody else does, and says what became of it
    import signal
    def answer(*_):
        time.sleep(5)
        print(json.dumps({{"changed": True, "failed": True, "commit_state": "reverted", "msg": "it was taken back", "reverts_at": "soon"}}))
        sys.exit(1)
    signal.signal(signal.SIGTERM, answer)
    time.sleep(600)
if case in ("reports", "reports quickly"):  # what it is doing, on the descriptor that it was given
    quick = case == "reports quickly"
    report = os.fdopen(int(os.environ["VCHASSIS_PROGRESS_FD"]), "w")
    for event in [{{"text": "configuration locked"}}, {{"text": "read", "quiet": True}}, {{"text": "commit confirmed", "limit": 600}}, {{"text": "confirm"}}]:
        print(json.dumps(event), file=report, flush=True)
        time.sleep(0 if quick else 2.6 if event["text"] == "commit confirmed" else 0.1)
    report.write("junk\\n[]\\nhalf of a li")
    report.flush()
if case == "lost":
    print(json.dumps({{"changed": False, "failed": True, "unreachable": True, "commit_state": "none", "msg": "connection refused", "hint": "look there"}}))
    sys.exit(1)
if case == "junk":
    print("no JSON")
    sys.exit(3)
print(json.dumps({{"changed": False, "saw": arguments, "argv": sys.argv[1:], "variable": os.environ.get("SHOWN")}}))
"""


INVENTORY = """
all:
  hosts:
    switch:
      ansible_host: 192.0.2.10
      ansible_port: 8300
      ansible_user: "{{ login }}"
      login: netops
      ansible_password: secret
      ansible_ssh_private_key_file: /keys/netops
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the collection without its program, and with little patience, for all tests of this file."""
    folder = tmp_path_factory.mktemp("collection")
    copy = folder / "ansible_collections/vchassis/junos"
    shutil.copytree(STAGED, copy, symlinks=True, ignore=lambda path, names: ["vchassis"] if "plugin_utils" in path else [])
    watch = copy / "plugins/plugin_utils/progress.py"
    text = watch.read_text()
    assert text.count("AGAIN_SECONDS = 15") == 1
    watch.write_text(text.replace("AGAIN_SECONDS = 15", "AGAIN_SECONDS = 1"))
    return folder


def put_our_program(folder):
    """PROGRAM in the place of the real one, as it is installed; its path."""
    program = folder / "ansible_collections/vchassis/junos/plugins/plugin_utils" / platform_folder() / "vchassis"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(PROGRAM.format(python=sys.executable, folder=str(folder)))
    program.chmod(0o755)
    return program


def playbook_of(task):
    """A play of one task, given as YAML lines, that shows its result whatever becomes of it."""
    lines = "\n".join("        " + line for line in task.strip("\n").splitlines())
    return f"""
- hosts: switch
  gather_facts: false
  tasks:
    - block:
{lines}
          register: result
      always:
        - ansible.builtin.debug:
            msg: "result: {{{{ result | to_json | b64encode }}}}."
"""


@pytest.fixture
def play(folder, tmp_path):
    """play(task) runs one task, given as YAML lines, on a host with the usual variables."""
    inventory = tmp_path / "hosts.yml"
    inventory.write_text(INVENTORY)

    def run(task, *flags):
        file = tmp_path / "play.yml"
        file.write_text(playbook_of(task))
        command = ["ansible-playbook", "-i", str(inventory), str(file), *flags]
        done = Run(warm_playbook.run(command, {**ENVIRONMENT, "ANSIBLE_COLLECTIONS_PATH": str(folder)}, tmp_path, 120))
        result = re.search(r'"result: (\S+)\."', done.output)
        return done, json.loads(base64.b64decode(result[1])) if result else {}

    run.program, run.folder, run.inventory = put_our_program(folder), folder, inventory
    return run


def test_arguments(play):
    _, result = play("- vchassis.junos.vc_scp_sync: {comment: hello, port: 22}")
    saw = result["saw"]
    assert result["argv"] == ["module", "vc_scp_sync", "-"]
    assert (saw["comment"], saw["port"], saw["_ansible_check_mode"], saw["_ansible_diff"]) == ("hello", 22, False, False)
    assert saw["_vchassis_vars"] == {"host": "192.0.2.10", "port": 8300, "username": "netops", "password": "secret",
                                     "private_key_file": "/keys/netops"}
    assert "host" not in saw, "an option that nobody set must not look as if somebody had"


def test_a_host_is_unreachable_until_the_role_has_read_it_and_then_failed(play):
    lost = "- vchassis.junos.vc_info: {comment: lost}\n  ignore_unreachable: true"
    run, result = play(lost)
    assert "UNREACHABLE" in run.text and (result.get("failed", False), result["unreachable"], result["hint"]) == (False, True, "look there")
    run, result = play(lost + "\n  vars: {__vchassis_reached: \"{{ 1 == 1 }}\"}")
    assert "UNREACHABLE" not in run.text and (result["failed"], result.get("unreachable", False)) == (True, False)


@pytest.mark.parametrize("arguments, option, jump, warning", [
    ("-J ops@bastion", "", "ops@bastion", ""),
    ("-J ops@bastion", "proxy_jump: mine", None, ""),
    ("-J ops@bastion", "ssh_config: /etc/mine", None, ""),
    ("-o ProxyCommand='ssh bastion nc %h %p'", "", None, "ansible_ssh_common_args is not used here: set proxy_jump to the jump host"),
])
def test_jump_hosts_of_ansible(play, arguments, option, jump, warning):
    run, result = play(f"- vchassis.junos.vc_info: {{{option}}}", "-e", json.dumps({"ansible_ssh_common_args": arguments}))
    assert result["saw"]["_vchassis_vars"].get("proxy_jump") == jump
    assert warning in run.text and ("is not used here" in run.text) == bool(warning)


def test_check_and_diff(play):
    _, result = play("- vchassis.junos.vc_info:", "--check", "--diff")
    assert (result["saw"]["_ansible_check_mode"], result["saw"]["_ansible_diff"]) == (True, True)


def test_environment_of_the_task(play):
    _, result = play("- vchassis.junos.vc_info:\n  environment: {SHOWN: yes it is}")
    assert result["variable"] == "yes it is"


@pytest.mark.parametrize("environment, want", [
    ("", {"username": "netops", "password": "typed in"}),
    ("VCHASSIS_USERNAME: ours", {"username": "netops"}),
], ids=["no credential", "a credential in the environment"])
def test_the_command_line_gives_way(play, environment, want):
    """A password for the connection goes with the user of the play, and with nobody else's."""
    play.inventory.write_text(play.inventory.read_text().replace("      ansible_password: secret\n", ""))
    (play.folder / "typed").write_text("typed in\n")
    task = f"- vchassis.junos.vc_info:\n  environment: {{{environment}}}"
    saw = play(task, "--user", "root", "--connection-password-file", str(play.folder / "typed"))[1]["saw"]["_vchassis_vars"]
    assert {name: saw[name] for name in ("username", "password") if name in saw} == want
    play.inventory.write_text(play.inventory.read_text().replace("      ansible_user: \"{{ login }}\"\n", ""))
    saw = play(task, "--user", "root")[1]["saw"]["_vchassis_vars"]
    assert saw.get("username") == (None if environment else "root")


def test_timeout_ends_the_program_and_its_children(play):
    run, _ = play("- vchassis.junos.vc_scp_sync: {comment: sleep}\n  timeout: 2")
    run.expect("switch", failed=1)
    for pid in map(int, (play.folder / "pids").read_text().split()):
        assert ended(pid), f"process {pid} is left"


def test_a_timeout_shows_what_the_module_says_of_itself(play):
    """It may take longer than a moment: a change that nobody else takes back is taken back first."""
    run, result = play("- vchassis.junos.vc_scp_sync: {comment: slow}\n  timeout: 2")
    run.expect("switch", failed=1)
    assert (result["commit_state"], result["reverts_at"], result["changed"], result["failed"]) == ("reverted", "soon", True, True)
    assert result["msg"] == "it was taken back (stopped by the timeout of the task)" and "period" in result["timedout"]


def test_a_timeout_without_a_word_is_unknown(play):
    _, result = play("- vchassis.junos.vc_scp_sync: {comment: sleep}\n  timeout: 2")
    assert result["commit_state"] == "unknown" and "stopped by the timeout of the task" in result["msg"]


def ended(pid):
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if "State:\tZ" in (open(f"/proc/{pid}/status").read() if os.path.exists("/proc") else ""):
            return True
        time.sleep(0.05)
    return False


def test_async_is_refused(play):
    run, result = play("- vchassis.junos.vc_info:\n  async: 10\n  poll: 1")
    run.expect("switch", failed=1)
    assert "async is not supported" in result["msg"]


def test_output_that_is_no_result(play):
    run, result = play("- vchassis.junos.vc_scp_sync: {comment: junk}")
    run.expect("switch", failed=1)
    assert "vc_scp_sync ended with 3" in result["msg"]


def test_a_missing_binary_is_explained(play):
    play.program.unlink()
    run, result = play("- vchassis.junos.vc_info:")
    run.expect("switch", failed=1)
    assert "the module program is missing" in result["msg"] and "release tarball" in result["hint"] and result["commit_state"] == "none"


def test_a_lost_run_bit_is_restored(play):
    play.program.chmod(0o644)
    _, result = play("- vchassis.junos.vc_info:")
    assert result["argv"] == ["module", "vc_info", "-"]


def test_a_refusal_of_the_system_is_explained(play):
    play.program.write_bytes(b"\x7fELF" + bytes(20))
    run, result = play("- vchassis.junos.vc_info:")
    run.expect("switch", failed=1)
    assert "could not be started" in result["msg"] and "release tarball" in result["hint"]


def test_the_invocation_shows_options_and_no_secret(play):
    """Neither what is secret by its option, nor the same text in another option, nor the value of an option that does not exist."""
    run, result = play("""
- vchassis.junos.vc_internal_ssh:
    host: 192.0.2.10
    port: 22
    root_password: Admin-lab-1
    comment: with Admin-lab-1 inside, and Admin-lab-1-other
    known_hosts: [/keys/Admin-lab-1]
    passwort: Admin-lab-1-other
""", "-vvv")
    assert result["invocation"]["module_args"] == {
        "host": "192.0.2.10", "port": 22, "root_password": "********", "comment": "with ******** inside, and ********", "known_hosts": ["/keys/********"],
        "passwort": "********"}
    assert '"invocation"' in run.output


def progress(run):
    return re.findall(r"^switch: (.*)$", run.output, re.M)


def test_a_long_task_shows_what_it_is_doing(play):
    run, result = play("- vchassis.junos.vc_scp_sync: {comment: reports}")
    run.expect("switch", failed=0)
    assert progress(run) == ["configuration locked", "commit confirmed", "commit confirmed, 2 s of at most 600 s", "confirm"]
    assert result["saw"]["comment"] == "reports"


@pytest.mark.parametrize("task", ["vchassis.junos.vc_scp_sync: {comment: reports quickly}", "vchassis.junos.vc_scp_sync: {comment: reports}\n  no_log: true"],
                         ids=["short", "no_log"])
def test_a_short_task_and_a_secret_one_show_nothing(play, task):
    run, _ = play("- " + task)
    run.expect("switch", failed=0)
    assert progress(run) == [] and "half of a li" not in run.output


def test_every_option_can_be_a_variable_of_the_host(play):
    play.inventory.write_text(play.inventory.read_text() + "      vchassis_proxy_jump: \"{{ login }}@bastion\"\n      vchassis_port: 22\n      vchassis_algorithms: ''\n")
    saw = play("- vchassis.junos.vc_info:")[1]["saw"]
    assert saw["_vchassis_vars"]["proxy_jump"] == "netops@bastion" and saw["_vchassis_vars"]["port"] == 22
    assert "algorithms" not in saw["_vchassis_vars"], "empty is not given"


def test_defaults_of_the_group_are_told_from_options_of_the_task(play):
    task = "- vchassis.junos.vc_info: {port: 22}\n  module_defaults: {group/vchassis.junos.all: {comment: x, port: 23}, vchassis.junos.vc_info: {scp: enabled}}"
    saw = play(task)[1]["saw"]
    assert (saw["comment"], saw["port"], saw["scp"], saw["_vchassis_group"]) == ("x", 22, "enabled", ["comment", "port"])


FORMER = """
- vchassis.junos.vc_sync_check:
  register: sync
- vchassis.junos.vc_info:
  register: found
- name: all in sync
  ansible.builtin.debug: {msg: "in sync"}
  when: sync.in_sync | default('unknown') == 'unknown' or sync.in_sync == 'true'
- block:
    - name: list problems
      ansible.builtin.debug: {msg: "{{ found.problems | default([]) | join('; ') }}"}
    - name: one problem
      ansible.builtin.debug: {msg: "{{ 'no member is the primary' in found.problems | default([]) }}"}
- name: as now
  ansible.builtin.debug: {msg: "{{ found.problems | default([]) | map(attribute='message') | join('; ') }}"}
  when: sync.in_sync is not defined or sync.in_sync is true or sync.members | selectattr('sync') | list
"""


def test_a_play_for_results_of_0_3_0_still_runs_and_is_told_what_to_write(play):
    run, _ = play(FORMER + "- vchassis.junos.vc_scp_sync:")
    run.expect("switch", failed=0)
    said = re.sub(r"\s+", " ", run.output)
    for task, remedy in (("all in sync", "write 'in_sync is true'"), ("list problems", "map(attribute='message')"), ("one problem", "map(attribute='message')")):
        assert re.search(rf"DEPRECATION WARNING[^.]*task '{task}': [^']*since 0\.4\.0[^\[]*{re.escape(remedy)}", said), (task, run.output)
    assert "as now'" not in said
