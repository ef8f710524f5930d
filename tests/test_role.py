# SPDX-License-Identifier: GPL-3.0-or-later
"""The role against a simulated chassis, judged by the chassis' own state."""

import json
import os
import re
import subprocess

import pytest
from conftest import STAGED, TOP, platform_folder

COMMAND = "/usr/libexec/example/internal-ssh-keys"
STATEMENTS = "set system services ssh authorized-keys-command {}\\nset system services ssh authorized-keys-command-user {}"
STEP_1 = f"""
    config_add: |
      set system services ssh authorized-keys-command {COMMAND}
      set system services ssh authorized-keys-command-user example
"""


def test_seven_lines(lab):
    """The playbook in README.md, as it stands there."""
    chassis = lab()
    readme = (TOP / "README.md").read_text()
    playbook = re.search(r"```yaml\n(.*?)```", readme, re.S).group(1)
    assert len(playbook.strip().splitlines()) == 7
    values = {"from_juniper": {"command": COMMAND, "user": "example"}}
    chassis.playbook(playbook, variables=values).expect("vc", changed=1, failed=0)
    state = chassis.state("vc")
    assert state["transport"] == "scp" and state["key_mesh"]
    assert all(m["config_sync_with_scp"] and m["in_sync"] and m["authorized_keys_command"] == COMMAND for m in state["members"])
    again = chassis.playbook(playbook, variables={**values, "scp_config_sync_root_username": "root"}).expect("vc", changed=0, failed=0)
    assert "scp_config_sync_root_username has no effect" in again.text, "an input of 0.3.0 is ignored without a word"


def test_check_mode_plans_everything_and_writes_nothing(lab):
    chassis = lab()
    before = chassis.state("vc")
    run = chassis.playbook("vchassis.junos.scp_config_sync", "--check", "--diff").expect("vc", changed=1, failed=0)
    for line in (f"+set system services ssh authorized-keys-command {COMMAND}", "+set system commit config-sync-with-scp",
                 "request chassis internal-ssh prepare-setup", "apply-macro vc-internal-ssh 2"):
        assert line in run.output
    assert "step 2 would log in as the usual user and become root there" in run.text
    seen = chassis.counters("vc")
    assert [seen[what] for what in ("writes", "locks", "checks", "commits", "prepares")] == [0] * 5
    assert chassis.state("vc")["members"] == before["members"]


def test_a_step_that_is_chosen_alone_is_refused_where_it_needs_others(lab):
    """Also in check mode, where the modules assume that the steps before were made. Another tag of a play does not even log in."""
    chassis = lab()
    run = chassis.playbook("vchassis.junos.scp_config_sync", "--tags", "scp_config_sync_step3", "--check").expect("vc", changed=0, failed=1)
    assert "needs step 1 (authorized-keys-command), which the tags leave out" in run.text and chassis.counters("vc")["writes"] == 0
    chassis.ctl("reset")
    chassis.playbook("vchassis.junos.scp_config_sync", "--tags", "ntp")
    assert chassis.counters("vc")["logins"] == 0


@pytest.mark.long
def test_steps_are_chosen_by_tags_one_after_the_other(lab):
    """For the minutes of its trial step 1 counts as still to do, so it is chosen again."""
    chassis = lab()
    for last in (1, 2, 3):
        tags = ",".join(f"scp_config_sync_step{number}" for number in range(1, last + 1))
        run = chassis.playbook("vchassis.junos.scp_config_sync", "--tags", tags).expect("vc", failed=0)
        assert run.text.count("not done: step") == 3 - last and f"changed: step {last}" in run.text, run.output
    assert chassis.state("vc")["transport"] == "scp" and chassis.state("vc")["key_mesh"]


def test_check_mode_of_a_play_is_that_of_the_command_line(lab, tmp_path):
    chassis = lab()
    play = "- hosts: all\n  gather_facts: false\n  check_mode: true\n  roles: [vchassis.junos.scp_config_sync]\n"
    run = chassis.playbook(play, variables={"scp_config_sync_report_path": str(tmp_path)}).expect("vc", changed=1, failed=0)
    assert "would change" in run.text
    record = json.loads((tmp_path / "vc.json").read_text())
    assert record["check_mode"] is True and record["outcome"] == "would change"
    assert chassis.counters("vc")["writes"] == 0


def test_a_first_run_costs_four_logins_and_forty_operations_and_a_second_one_and_five(lab):
    """With what a chassis of three members needs for them, and root behind the usual login."""
    chassis = lab()
    chassis.playbook().expect("vc", changed=1, failed=0)
    seen = chassis.counters("vc")
    assert (seen["commits"], seen["checks"], seen["prepares"]) == (4, 1, 1)
    assert (seen["logins"], seen["logins_failed"], seen["rpcs"], round(seen["switch_seconds"])) == (4, 0, 40, 20)
    chassis.ctl("reset")
    run = chassis.playbook().expect("vc", changed=0, failed=0)
    assert [task for task in run.tasks if task.startswith("Preflight | Read")] and not [t for t in run.tasks if " | " in t and "Preflight" not in t]
    seen = chassis.counters("vc")
    assert (seen["logins"], seen["writes"], seen["locks"], seen["checks"], seen["rpcs"]) == (1, 0, 0, 0, 5)


@pytest.mark.long
def test_few_logins_a_minute_or_at_once_are_enough(lab):
    """The run waits until the minute is over that a rate-limit counts, says so meanwhile, and ends as without one."""
    knobs = {"three": "rate_limit: 3", "four": "rate_limit: 4", "two": "connection_limit: 2", "one": "rate_limit: 1"}
    chassis = lab("chassis: [" + ", ".join(f"{{name: {name}, profile: {{{knob}}}}}" for name, knob in knobs.items()) + "]")
    run = chassis.playbook()
    for name in knobs:
        run.expect(name, failed=0)
        state = chassis.state(name)
        assert state["transport"] == "scp" and state["key_mesh"] and chassis.counters(name)["commits"] == 4, run.output
    assert "for the next login: it refused a login" in run.text and ": waiting 61 s for the next login: it refused" in run.text


def test_one_session_is_too_few_for_a_proof(lab):
    chassis = lab("chassis: [{name: vc, config_add: set system services ssh connection-limit 1}]")
    run = chassis.playbook().expect("vc", changed=0, failed=1)
    assert "connection-limit 1 leaves no room for the login that proves" in run.text
    assert chassis.counters("vc")["writes"] == 0


def test_somebody_elses_command_is_refused_with_both_values(lab):
    chassis = lab(f"chassis: [{{name: vc, config_add: \"{STATEMENTS.format('/usr/libexec/other/keys', 'nobody')}\"}}]")
    run = chassis.playbook().expect("vc", changed=0, failed=1)
    assert "/usr/libexec/other/keys" in run.text and COMMAND in run.text and "replace" in run.text
    assert chassis.counters("vc")["writes"] == 0
    chassis.playbook(variables={"scp_config_sync_replace": True}).expect("vc", changed=1, failed=0)
    assert chassis.state("vc")["members"][0]["authorized_keys_command"] == COMMAND


def test_the_preflight_names_every_problem_at_once(lab):
    chassis = lab()
    chassis.ctl("leave", "vc", "1")
    chassis.ctl("leave", "vc", "2")
    run = chassis.playbook().expect("vc", changed=0, failed=1)
    assert "is left unchanged" in run.text and "member 1" in run.text and "member 2" in run.text
    seen = chassis.counters("vc")
    assert (seen["logins"], seen["writes"], seen["locks"]) == (1, 0, 0)


TWICE = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: vchassis.junos.scp_config_sync}
      vars: FIRST
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.include_role: {name: vchassis.junos.scp_config_sync}
      vars: SECOND
"""
BACK = {"scp_config_sync_state": "absent"}


# By chassis: the wishes of two runs, and the record of the second. A play that fails everywhere is the last of a playbook.
TWO_RUNS = {
    "again": ({}, {}, "compliant", 0, "unknown"),
    "and-back": ({}, BACK, "changed", 1, "rcp"),
    "back-first": (BACK, {"scp_config_sync_verify": "never"}, "changed", 3, "scp"),
    "and-fails": ({}, {"scp_config_sync_root_password": "wrong", "scp_config_sync_rekey": "always"}, "failed", 0, "unknown"),
}


def test_a_run_does_not_tell_what_an_earlier_one_in_the_same_playbook_did(lab, tmp_path):
    chassis = lab("chassis: " + json.dumps([{"name": name} for name in TWO_RUNS]))
    plays = [TWICE.replace("all", name).replace("FIRST", json.dumps(first)).replace("SECOND", json.dumps(second)) for name, (first, second, *_) in TWO_RUNS.items()]
    run = chassis.playbook("\n".join(plays), variables={"scp_config_sync_report_path": str(tmp_path)})
    for name, (*_, outcome, changed, transport) in TWO_RUNS.items():
        record = json.loads((tmp_path / f"{name}.json").read_text())
        assert (record["outcome"], len(record["changed"]), record["sync"]["transport"]) == (outcome, changed, transport), run.output
        assert (outcome == "changed") == any("commit" in member for member in record["members"])


def test_an_audit_after_a_run_tells_what_it_has_read(lab, tmp_path):
    chassis = lab()
    play = "- import_playbook: vchassis.junos.scp_config_sync\n- import_playbook: vchassis.junos.audit\n"
    chassis.playbook(play, variables={"scp_config_sync_report_path": str(tmp_path)}).expect("vc", changed=1, failed=0)
    record = json.loads((tmp_path / "vc.json").read_text())
    assert (record["outcome"], record["changed"], record["sync"]["transport"]) == ("compliant", [], "unknown")
    assert not any("commit" in member for member in record["members"])


def test_the_audit_is_not_content_with_a_member_that_has_no_keys(lab):
    chassis = lab()
    chassis.playbook().expect("vc", changed=1, failed=0)
    chassis.ctl("replace", "vc", "1", '{"serial": "XR0218447777"}')
    run = chassis.playbook("vchassis.junos.audit").expect("vc", failed=0)
    assert "vc synchronizes over SCP, but problems remain: " in run.text and "XR0218447777" in run.text
    chassis.playbook("vchassis.junos.audit", variables={"scp_config_sync_audit_fail": "certainly"}).expect("vc", failed=1)


def test_what_would_stop_a_run_is_a_problem_in_check_mode(lab, tmp_path):
    """Another user's lock and edits, and a FIPS chassis that no commit reaches: in the summary, the record, what a job hands on, and the page."""
    chassis = lab("chassis: [{name: locked}, {name: edited}, {name: fips, fips: true}]")
    for name, doing in (("locked", {"do": "lock"}), ("edited", {"do": "edit", "set": "set system location building A"})):
        chassis.ctl("session", json.dumps({"chassis": name, "user": "admin", "client": "cli", **doing}))
    variables = {"scp_config_sync_report_path": str(tmp_path), "scp_config_sync_report_stats": "true"}
    run = chassis.playbook("vchassis.junos.scp_config_sync", "--check", variables=variables, ANSIBLE_SHOW_CUSTOM_STATS="true")
    page = subprocess.run([STAGED / "plugins/plugin_utils" / platform_folder() / "vchassis", "report", tmp_path], check=True, capture_output=True, text=True).stdout
    for name, code in (("locked", "lock_held"), ("edited", "foreign_edits"), ("fips", "fips_unreached")):
        run.expect(name, changed=2 if name == "fips" else 1, failed=0)
        record = json.loads((tmp_path / f"{name}.json").read_text())
        problem, = record["problems"]
        assert (record["outcome"], record["did"], problem["code"], problem["blocks"]) == ("would change", [], code, True)
        assert problem["guide"].startswith("docs/failures.md#") and problem["message"] in page.replace("&#39;", "'")
        assert f"{name}: would change" in run.of(name) and problem["message"] in run.of(name)
        assert f"[WARNING]: {name}: {problem['message']}" in run.text, "a warning says of which chassis"
    assert run.text.count('"blocks": true') >= 3
    assert "the members may not apply this commit: in FIPS mode members synchronize over SCP only" in run.text


def test_step_1_can_be_done_again_right_after_the_way_back(lab):
    """No commit check leaves it open whether the removal is settled. Nothing of the procedure is left in between."""
    chassis = lab()
    before = [member["config"] for member in chassis.ctl("config", "vc")["members"]]
    chassis.playbook().expect("vc", changed=1, failed=0)
    back = {"scp_config_sync_remove_command": True, "scp_config_sync_remove_record": True}
    run = chassis.playbook("vchassis.junos.disable", "--limit", "vc", variables=back).expect("vc", changed=2, failed=0)
    assert "changed: record of who has keys removed" in run.text
    assert [member["config"] for member in chassis.ctl("config", "vc")["members"]] == before
    chassis.playbook().expect("vc", failed=0)
    assert chassis.state("vc")["transport"] == "scp"


def test_an_audit_wants_scp_whatever_the_role_is_to_do_and_a_missing_place_of_records_does_not_hide_it(lab, tmp_path):
    chassis = lab("chassis: [{name: kept}, {name: lost}]")
    each = {"kept": {"scp_config_sync_report_path": str(tmp_path), **BACK}, "lost": {"scp_config_sync_report_path": "missing"}}
    run = chassis.playbook("vchassis.junos.audit", inventory=chassis.inventory(each)).expect("kept", failed=0).expect("lost", failed=0)
    record = json.loads((tmp_path / "kept.json").read_text())
    assert (record["wanted"], record["outcome"]) == ("present", "not compliant")
    assert "missing is not a folder" in run.of("lost") and "missing is not a folder" not in run.of("kept") and "lost synchronizes in plaintext" in run.of("lost")


def test_the_way_back_to_plaintext_is_for_chassis_that_are_named(lab):
    chassis = lab()
    chassis.playbook().expect("vc", changed=1, failed=0)
    run = chassis.playbook("vchassis.junos.disable")
    assert run.code and "scp_config_sync_hosts: name the chassis" in run.text and chassis.state("vc")["transport"] == "scp"


def test_a_switch_that_refuses_step_1_keeps_it_from_the_next(lab):
    scenario = "{name: vc, member_ports: true, members: [{id: 0, role: primary}, {id: 1, status: standalone}, {id: 2, status: standalone}, {id: 3, status: standalone}]}"
    chassis = lab(f"chassis: [{scenario}]")
    switches = chassis.simulator.chassis[0]["members"]
    members = [{"host": s["host"], "port": s["port"], "role": "linecard"} for s in switches[1:]] + [{"host": "vc.invalid", "role": "linecard"}]
    members = [members[0], members[3], members[1], members[2]]
    chassis.playbook(variables={"scp_config_sync_members": members}).expect("vc", changed=0, failed=1)
    assert [bool(m["authorized_keys_command"]) for m in chassis.state("vc")["members"]] == [False, True, False, False]
    chassis.playbook(variables={"scp_config_sync_members": members[:1] + members[2:]}).expect("vc", failed=0)
    assert all(m["authorized_keys_command"] for m in chassis.state("vc")["members"])


PLACES = {"vc-1": "missing", "vc-2": "~/missing", "vc-3": "/missing/folder", "vc-4": "reports", "vc-5": "~/reports"}


def test_a_record_that_has_no_place_is_a_problem_before_the_change_and_a_place_need_not_be_absolute(lab, tmp_path):
    chassis = lab("chassis: [{name: vc, count: 5}]")
    (tmp_path / "reports").mkdir()
    inventory = chassis.inventory({name: {"scp_config_sync_report_path": path} for name, path in PLACES.items()})
    run = chassis.playbook(inventory=inventory, HOME=str(tmp_path))
    for name, path in PLACES.items():
        if "missing" in path:
            run.expect(name, changed=0, failed=1)
            assert f"scp_config_sync_report_path: {tmp_path / path.removeprefix('~/')} is not a folder" in run.of(name)
            assert chassis.counters(name)["writes"] == 0
        else:
            run.expect(name, changed=1, failed=0)
            assert (tmp_path / f"reports/{name}.json").exists()


def test_five_problems_are_one_message(lab):
    chassis = lab("""
chassis:
  - name: vc
    release: 24.4R1.9
    members:
      - {id: 0, role: primary, fips: true}
      - {id: 1, role: backup, release: 25.2R1.9}
      - {id: 2, role: linecard, status: NotPrsnt}
      - {id: 3, role: linecard, status: Inactive}
""")
    run = chassis.playbook(variables={"scp_config_sync_confirm_timeout": 0}).expect("vc", changed=0, failed=1)
    message = run.text[run.text.index("is left unchanged"):run.text.index("TASK [", run.text.index("is left unchanged"))]
    for problem in ("in FIPS mode", "member 2", "member 3", "different Junos releases", "has no system commit config-sync-with-scp",
                    "scp_config_sync_confirm_timeout"):
        assert problem in message, run.output
    assert "\\\\n- " not in run.output, "each problem has a line of its own"
    seen = chassis.counters("vc")
    assert (seen["checks"], seen["locks"], seen["prepares"]) == (0, 0, 0)


def test_the_report_says_what_to_do(lab):
    chassis = lab()
    chassis.ctl("fault", json.dumps({"action": "error", "rpc": "lock", "text": "permission denied", "times": -1}))
    run = chassis.playbook().expect("vc", changed=0, failed=1)
    assert "what to do: the login class of this user does not permit it" in report(run)


def test_the_report_names_the_members_that_refuse(lab):
    chassis = lab("chassis: [{name: vc, member_ports: true}]")
    members = [{"host": "127.0.0.1", "port": int(m["address"].rpartition(":")[2]), "role": m["role"]} for m in chassis.state("vc")["members"]]
    run = chassis.playbook(variables={"scp_config_sync_members": members}).expect("vc", failed=1)
    backup = report(run)
    assert "One or more items failed" not in backup and "127.0.0.1: " in backup
    assert "member 1 takes its configuration from the primary, member 0" in backup


def test_a_fips_chassis_without_step_1_is_told_why_before_anything_else(lab):
    run = lab("chassis: [{name: vc, fips: true}]").playbook().expect("vc", failed=1)
    assert "step 3 is skipped" not in report(run) and "in FIPS mode members synchronize over SCP only" in report(run)


def report(run):
    """What the role says at the end."""
    return run.text[run.text.index("Show what was done"):]


def test_a_broken_run_is_finished_by_the_next(lab):
    chassis = lab()
    chassis.ctl("fault", json.dumps({"action": "error", "rpc": "command", "text": "no space left", "times": 1}))
    chassis.playbook().expect("vc", changed=0, failed=1)
    state = chassis.state("vc")
    assert state["members"][0]["authorized_keys_command"] == COMMAND and not state["members"][0]["config_sync_with_scp"]
    chassis.playbook().expect("vc", changed=1, failed=0)
    assert chassis.state("vc")["transport"] == "scp"


def test_step_1_is_not_done_if_root_cannot_log_in(lab):
    """With a wrong password, with none, and with a key that is missing."""
    key = 'set system root-authentication ssh-ed25519 "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDN6o7mXWAuOTaFmmBMEfHv2jhX5pcPPpr0fMzYOqmZ0 root"'
    chassis = lab(f"chassis: [{{name: vc-1}}, {{name: vc-2}}, {{name: vc-3, config_add: {json.dumps(key)}}}]")
    run = chassis.playbook(inventory=chassis.inventory({
        "vc-1": {"scp_config_sync_root_password": "wrong"}, "vc-2": {"scp_config_sync_root_password": ""},
        "vc-3": {"scp_config_sync_root_password": "", "scp_config_sync_root_private_key_file": "/missing/key"}}))
    for name in ("vc-1", "vc-2", "vc-3"):
        run.expect(name, changed=0, failed=1)
        assert "scp_config_sync_root_password" in run.of(name)
        assert chassis.counters(name)["writes"] == 0
    assert "wrong" not in run.output


def test_the_password_of_one_user_is_not_sent_as_roots(lab):
    """Both have the same here, so it would get in."""
    users = "users: [{name: root, class: super-user, password: Admin-lab-1}, {name: admin, class: super-user, password: Admin-lab-1}]"
    chassis = lab(f"chassis: [{{name: admins, {users}}}, {{name: roots, {users}, profile: {{root_login: allow}}}}]")
    login = {"ansible_password": "Admin-lab-1", "scp_config_sync_root_password": ""}
    each = {"admins": {"ansible_user": "admin", **login}, "roots": {"ansible_user": "root", **login}}
    chassis.playbook(inventory=chassis.inventory(each)).expect("admins", changed=0, failed=1).expect("roots", changed=1, failed=0)


def test_root_is_reached_behind_the_usual_login(lab):
    """The password of root is of no use over SSH, and nobody tries, whatever refuses it; a chassis that says nothing of it is that of the tests above."""
    chassis = lab("""chassis:
  - {name: deny, config_add: set system services ssh root-login deny}
  - {name: deny-password, config_add: set system services ssh root-login deny-password}
""")
    planned = chassis.playbook("vchassis.junos.scp_config_sync", "--check")
    first, second = chassis.playbook(), chassis.playbook()
    for name in ("deny", "deny-password"):
        assert "step 2 would log in as the usual user and become root there" in planned.of(name)
        first.expect(name, changed=1, failed=0)
        second.expect(name, changed=0, failed=0)
        assert chassis.state(name)["transport"] == "scp"
        assert chassis.counters(name)["logins_failed"] == 0


def test_step_2_by_hand(lab):
    """Nothing logs in as root, and the report says what to type. Typed on the console, it is what the next run needs."""
    chassis = lab("chassis: [{name: vc, size: 2, config_add: 'set system services ssh root-login deny'}]")
    never = {"scp_config_sync_rekey": "never", "scp_config_sync_root_password": ""}
    run = chassis.playbook(variables=never).expect("vc", changed=1, failed=1)
    serials = [member["serial"] for member in chassis.state("vc")["members"]]
    typed = ["request chassis internal-ssh prepare-setup", "configure",
             *(f'set system commit apply-macro vc-internal-ssh {number} "{serial} unproved"' for number, serial in enumerate(serials)), "commit and-quit"]
    assert all(json.dumps(line) in run.text for line in typed), run.text
    from peers.lab import ADMIN, ROOT, OpenSSH
    typed = ["start shell user root", ROOT[1], "cli", *typed, "exit", "exit", "exit"]
    ssh = OpenSSH(chassis.simulator.chassis[0] | {"folder": chassis.simulator.folder})
    assert ssh(ADMIN, "-tt", typed="\r".join(typed) + "\r")[0] == 0
    chassis.playbook(variables=never).expect("vc", changed=1, failed=0)
    assert chassis.state("vc")["transport"] == "scp" and chassis.counters("vc")["logins_failed"] == 0


def test_what_is_missing_to_become_root_is_said_before_step_1(lab):
    chassis = lab("chassis: [{name: vc, config_add: 'set system services ssh root-login deny'}]")
    run = chassis.playbook(variables={"scp_config_sync_root_password": ""}).expect("vc", changed=0, failed=1)
    assert "system services ssh root-login deny (set root_password (scp_config_sync_root_password in the role)" in run.text
    assert chassis.counters("vc")["logins"] == 1


def test_in_fips_mode_the_report_says_why_step_3_is_left_out_and_scp_cannot_be_switched_off(lab):
    chassis = lab("chassis:\n  - name: vc\n    fips: true\n" + STEP_1)
    run = chassis.playbook().expect("vc", changed=1, failed=0)
    assert "step 3 is skipped: the chassis is in FIPS mode" in run.text
    assert not chassis.state("vc")["members"][0]["config_sync_with_scp"]
    run = chassis.playbook("vchassis.junos.disable", variables={"scp_config_sync_hosts": "vc"}).expect("vc", changed=0, failed=1)
    assert "FIPS" in run.text
    assert chassis.state("vc")["transport"] == "scp"


def test_there_and_back(lab):
    chassis = lab()
    chassis.playbook().expect("vc", changed=1, failed=0)
    chassis.playbook("vchassis.junos.disable", "--check", variables={"scp_config_sync_hosts": "all", "scp_config_sync_remove_command": True}).expect("vc", changed=2, failed=0)
    chassis.playbook("vchassis.junos.disable", variables={"scp_config_sync_hosts": "vc"}).expect("vc", changed=1, failed=0)
    state = chassis.state("vc")
    assert state["transport"] == "rcp" and state["members"][1]["authorized_keys_command"] == COMMAND
    chassis.playbook("vchassis.junos.disable", variables={"scp_config_sync_hosts": "vc"}).expect("vc", changed=0, failed=0)
    chassis.playbook("vchassis.junos.disable", "--limit", "vc", variables={"scp_config_sync_remove_command": True}).expect("vc", changed=1, failed=0)
    assert {m["authorized_keys_command"] for m in chassis.state("vc")["members"]} == {""}
    run = chassis.playbook("vchassis.junos.disable", "--limit", "vc", variables={"scp_config_sync_remove_command": True}).expect("vc", changed=0, failed=0)
    assert "not compliant" not in run.text


def test_the_audit_only_reads_and_fails_on_plaintext_if_asked(lab):
    chassis = lab("chassis: [{name: plain}, {name: safe}]")
    chassis.playbook("vchassis.junos.scp_config_sync", "--limit", "safe").expect("safe", changed=1, failed=0)
    chassis.ctl("reset")
    run = chassis.playbook("vchassis.junos.audit").expect("plain", changed=0, failed=0).expect("safe", changed=0, failed=0)
    assert "plain synchronizes in plaintext" in run.text and "safe synchronizes over SCP" in run.text
    run = chassis.playbook("vchassis.junos.audit", variables={"scp_config_sync_audit_fail": True})
    run.expect("plain", failed=1).expect("safe", failed=0)
    assert chassis.counters("plain")["writes"] == chassis.counters("safe")["writes"] == 0


@pytest.mark.parametrize("outcome", ["compliant", "changed", "failed", "not compliant"])
def test_the_record_of_a_chassis(lab, outcome):
    chassis = lab()
    reports = chassis.folder / "reports"
    reports.mkdir()
    where = {"scp_config_sync_report_path": str(reports)}
    if outcome == "compliant":
        chassis.playbook()
    if outcome == "failed":
        chassis.ctl("leave", "vc", "2")
    playbook = "vchassis.junos.audit" if outcome == "not compliant" else "vchassis.junos.scp_config_sync"
    chassis.playbook(playbook, variables=where).expect("vc", changed=1 if outcome == "changed" else 0)
    record = json.loads((reports / "vc.json").read_text())
    assert (record["schema"], record["host"], record["outcome"]) == (2, "vc", outcome)
    assert [m["member_id"] for m in record["members"]] == [0, 1, 2]
    page = subprocess.run([STAGED / "plugins/plugin_utils" / platform_folder() / "vchassis", "report", reports], check=True, capture_output=True, text=True).stdout
    assert ">vc<" in page
    # What was read before a change is no proof of what is after it.
    assert record["sync"]["transport"] == ("scp" if outcome == "changed" else "unknown")
    assert ("seen by the check after the change" in page) == (outcome == "changed")
    if outcome == "changed":
        assert {m["commit"] for m in record["members"]} == {"ok"} and record["sync"]["in_sync"] is True
    if outcome == "failed":
        assert [(problem["code"], problem["member_id"], problem["blocks"]) for problem in record["problems"]] == [("member_not_present", 2, True)]


def test_a_record_of_a_failure_claims_no_sync(lab, tmp_path):
    """The members took the trial of step 3, which then could not be confirmed. It lasts too long to be awaited."""
    chassis = lab()
    chassis.ctl("fault", json.dumps({"action": "error", "rpc": "load-configuration", "nth": 3, "text": "no space left"}))
    variables = {"scp_config_sync_report_path": str(tmp_path), "scp_config_sync_confirm_timeout": 60}
    chassis.playbook(variables=variables).expect("vc", changed=0, failed=1)
    assert json.loads((tmp_path / "vc.json").read_text())["sync"]["in_sync"] is None


def test_no_secret_is_shown(lab):
    """Whatever the verbosity, and when a task fails."""
    chassis = lab()
    variables = {"ansible_password": "Admin-lab-1", "scp_config_sync_root_password": "Root-lab-1"}
    output = chassis.playbook("vchassis.junos.scp_config_sync", "-vvvv").output
    chassis.ctl("leave", "vc", "2")
    output += chassis.playbook("vchassis.junos.scp_config_sync", "-vvvv", variables={"scp_config_sync_rekey": "always"}).output
    assert "PLAY RECAP" in output
    for secret in variables.values():
        assert secret not in output
    assert not re.search(r"\$6\$[A-Za-z0-9./]+\$", output)


def test_no_secret_of_the_environment_is_shown_when_an_input_is_refused(lab):
    """Where AWX has put it. Ansible shows the whole of the argument specs then."""
    secrets = {"VCHASSIS_ROOT_PASSWORD": "Root-lab-1", "VCHASSIS_ROOT_PRIVATE_KEY_PASSPHRASE": "Admin-lab-1"}
    chassis = lab("chassis: [{name: vc, count: 4}]")
    inventory = chassis.inventory({"vc-1": {"scp_config_sync_rekey": "sometimes"}, "vc-2": {"scp_config_sync_members": ["192.0.2.12"]},
                                   "vc-3": {"scp_config_sync_confirm_timeout": "soon"}, "vc-4": {"scp_config_sync_state": "enabled"}})
    run = chassis.playbook("vchassis.junos.scp_config_sync", "-vvvv", inventory=inventory, **secrets)
    for name in ("vc-1", "vc-2", "vc-3", "vc-4"):
        run.expect(name, failed=1)
    assert "present, absent" in run.of("vc-4")
    for secret in secrets.values():
        assert secret not in run.output


def test_an_unknown_host_key_is_refused_whatever_ansible_says(lab):
    chassis = lab()
    stranger = chassis.folder / "known_hosts"
    stranger.write_text("")
    run = chassis.playbook(VCHASSIS_KNOWN_HOSTS=str(stranger), ANSIBLE_HOST_KEY_CHECKING="False").expect("vc", unreachable=1, failed=0)
    assert "host key" in run.text
    assert chassis.counters("vc")["logins"] == 0


def test_missing_values_of_step_1_are_named(lab):
    chassis = lab("chassis: [{name: vc, count: 2}]")
    missing = [("vc-1", "scp_config_sync_authorized_keys_command"), ("vc-2", "scp_config_sync_authorized_keys_command_user")]
    run = chassis.playbook(inventory=chassis.inventory({}, without=missing))
    for host, name in missing:
        run.expect(host, failed=1)
        assert f"{name}: required, but not given; it comes from Juniper's documentation" in run.of(host)
        assert chassis.counters(host)["logins"] == 0


def test_an_empty_path_and_a_home_that_cannot_be_written_do_no_harm(lab, tmp_path):
    """Found out after the change, either would make a chassis red that has done all that was wanted."""
    chassis = lab()
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    elsewhere = {"HOME": "/proc/self" if os.geteuid() == 0 else str(home), "ANSIBLE_HOME": str(tmp_path / "ansible")}
    run = chassis.playbook(variables={"scp_config_sync_report_path": None}, **elsewhere)
    run.expect("vc", failed=0)
    assert chassis.state("vc")["transport"] == "scp"
    (tmp_path / "reports").mkdir()
    chassis.playbook(variables={"scp_config_sync_report_path": str(tmp_path / "reports")}, **elsewhere).expect("vc", failed=0)
    assert json.loads((tmp_path / "reports/vc.json").read_text())["outcome"] == "compliant"
    for playbook in ("vchassis.junos.audit", "vchassis.junos.reconcile"):
        chassis.playbook(playbook, variables={"scp_config_sync_report_path": None}, **elsewhere).expect("vc", failed=0)
