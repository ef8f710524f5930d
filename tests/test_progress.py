# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that takes time shows what it is doing, with ansible-playbook and in a job, on the oldest core and the newest."""

import importlib.util
import json
import os
import re
import subprocess

import matrix
import pytest
from conftest import ENVIRONMENT, TOP

SLOW = "chassis: [{name: vc, profile: {commit_delay: 1s}}]"  # and there are four commits: nothing is shown of what is over within two seconds
SLOWER = SLOW.replace("1s", "3s")  # for a single step
# Of step 3, as its module reports it; the others may come between when they are late.
PHASES = ["configuration locked", "commit confirmed", "trial committed: the chassis reverts at", "new login succeeded", "confirm by a commit",
          "commit, to record the proof", "change committed for good"]


def shown(output):
    """What was shown of the chassis, in its order."""
    return re.findall(r"^vc: (.*?)\r?$", output, re.M)


def check_phases(output):
    lines = iter(shown(output))
    missing = [phase for phase in PHASES if not any(line.startswith(phase) for line in lines)]
    assert missing == [], output


@pytest.mark.parametrize("core", [matrix.OLDEST, None], ids=["oldest", "newest"])
def test_a_slow_change_says_what_it_is_doing(lab, core):
    chassis = lab(SLOW)
    path = {}
    if core:
        try:
            path = {"PATH": f"{matrix.programs(core)}:{ENVIRONMENT['PATH']}"}
        except matrix.Unavailable as error:
            pytest.skip(str(error))
    run = chassis.playbook("vchassis.junos.scp_config_sync", **path).expect("vc", changed=1, failed=0)
    check_phases(run.output)


def test_a_job_says_it_too_and_its_events_have_no_secret(lab, tmp_path):
    chassis = lab(SLOW)
    private = tmp_path / "private"
    private.mkdir()
    environment = {**ENVIRONMENT, "VCHASSIS_KNOWN_HOSTS": str(chassis.simulator.folder / "known_hosts")}
    done = subprocess.run(["ansible-runner", "run", str(private), "-p", "vchassis.junos.scp_config_sync", "--inventory", str(chassis.simulator.inventory), "-i", "1"],
                          env=environment, capture_output=True, text=True, timeout=300, check=False)
    check_phases(re.sub(r"\x1b\[[0-9;]*m", "", done.stdout))
    told = ""
    for file in (private / "artifacts/1/job_events").glob("*.json"):
        event = json.loads(file.read_text())
        told += event["stdout"] + "\n" if event["event"] == "verbose" else ""
        assert "Admin-lab-1" not in file.read_text()
    assert "vc: commit confirmed" in told, "no event of the job has what was shown"


def test_it_can_be_switched_off_and_the_result_has_it_all_the_same(lab, tmp_path):
    chassis = lab(SLOWER)
    (tmp_path / "play.yml").write_text("""
- hosts: all
  gather_facts: false
  tasks:
    - vchassis.junos.vc_authorized_keys_command: {command: /usr/libexec/example/internal-ssh-keys, user: example}
      register: result
    - ansible.builtin.copy: {content: "{{ result.events | to_json }}", dest: "{{ playbook_dir }}/events.json"}
      vars: {ansible_connection: local, ansible_python_interpreter: "{{ ansible_playbook_python }}"}
""")
    run = chassis.playbook(str(tmp_path / "play.yml"), VCHASSIS_PROGRESS="false").expect("vc", failed=0)
    assert shown(run.output) == []
    events = json.loads((tmp_path / "events.json").read_text())
    assert [event["text"] for event in events][:2] == ["configuration locked", "commit confirmed"]
    assert events == sorted(events, key=lambda event: event["at"])


def test_a_line_that_cannot_be_shown_leaves_nothing_open():
    """Such as on a terminal that is gone."""
    spec = importlib.util.spec_from_file_location("progress", TOP / "collection/plugins/plugin_utils/progress.py")
    progress = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(progress)
    progress.PATIENCE_SECONDS = 0
    assert progress.lasting({"text": "waiting, because of this", "again": "waiting", "limit": 60}, 15) == "waiting, 15 s of at most 60 s"

    def show(text):
        raise OSError(text)

    before = os.listdir("/proc/self/fd")
    watch = progress.Watch("vc", show)
    os.write(watch.writer, b'{"text": "commit confirmed"}\n')
    with pytest.raises(OSError, match="vc: commit confirmed"):
        watch.close()
    watch.close()
    assert len(os.listdir("/proc/self/fd")) == len(before)
