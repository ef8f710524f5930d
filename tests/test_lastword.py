# SPDX-License-Identifier: GPL-3.0-or-later
"""After the recap a play says what it came to for the whole fleet: with every strategy, on the oldest core and the newest, and without configuration."""

import json
import re

import matrix
import pytest
from conftest import ENVIRONMENT, STAGED

# Two that can be moved, one whose member is gone, one whose members no commit reaches, and one that nobody answers at.
LAB = "chassis: [{name: good, count: 2}, {name: missing}, {name: fips, fips: true}, {name: silent}]"
STRATEGY = """
- hosts: all
  gather_facts: false
  strategy: STRATEGY
  roles: [vchassis.junos.scp_config_sync]
"""


@pytest.fixture
def fleet(lab):
    chassis = lab(LAB)
    chassis.ctl("leave", "missing", "1")
    chassis.nobody = chassis.inventory({"silent": {"ansible_port": 1}})
    return chassis


def last_word(run):
    """What stands after the recap."""
    assert "PLAY RECAP" in run.output.split("FLEET ***")[0], run.output
    return run.output.split("FLEET ***")[1].split("\n", 1)[1]


def groups(word):
    return {cause: names.split(", ") for cause, names in re.findall(r"^(\w[^\n]*) \(\d+\): (.*)$", word, re.M)}


def core(version):
    if version is None:
        return {}
    try:
        return {"PATH": f"{matrix.programs(version)}:{ENVIRONMENT['PATH']}"}
    except matrix.Unavailable as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("version", [matrix.OLDEST, pytest.param(None, marks=pytest.mark.long)], ids=["oldest", "newest"])
def test_check_run_and_audit_of_a_fleet(fleet, version, tmp_path):
    """What nobody answers at is unreachable in Ansible's sense, and has a record and its place in the last word all the same."""
    def word(playbook, *flags):
        wishes = {"scp_config_sync_report_path": str(tmp_path), "scp_config_sync_report_stats": "true"}
        run = fleet.playbook(f"vchassis.junos.{playbook}", *flags, inventory=fleet.nobody, variables=wishes, ANSIBLE_SHOW_CUSTOM_STATS="true", **core(version))
        run.expect("silent", unreachable=1, failed=0).expect("good-1", unreachable=0, failed=0).expect("missing", unreachable=0)
        record = json.loads((tmp_path / "silent.json").read_text())
        assert (record["outcome"], record["failures"][0]["code"]) == ("failed", "unreachable")
        (tmp_path / "silent.json").unlink()
        assert "scp_config_sync_stats_" + "silent" in run.output
        return last_word(run)

    plan = word("scp_config_sync", "--check")
    assert plan.startswith("5 chassis: 3 would change, 2 failed\n"), plan
    assert groups(plan)["failed, member not present"] == ["missing"] and "guide: docs/failures.md#" in plan
    done = word("scp_config_sync")
    assert done.startswith("5 chassis: 2 changed, 3 failed\n"), done
    assert done.rstrip().endswith("--limit 'fips,missing,silent'")
    assert f"\nthe guide is {STAGED}/docs/failures.md\n" in done
    audit = word("audit")
    assert audit.startswith("5 chassis: 2 compliant, 2 not compliant, 1 failed\n") or "1 failed" in audit, audit
    assert "vchassis.junos.scp_config_sync --check --diff --limit" in audit


@pytest.mark.parametrize("strategy", ["linear", "free", "host_pinned"])
def test_a_playbook_of_ones_own_has_it_when_it_is_enabled(fleet, strategy):
    run = fleet.playbook(STRATEGY.replace("STRATEGY", strategy), "--check", inventory=fleet.nobody, ANSIBLE_CALLBACKS_ENABLED="vchassis.junos.lastword")
    word = last_word(run)
    assert word.startswith("5 chassis: 3 would change, 2 failed\n") and run.output.count("FLEET ***") == 1
    assert run.output.count("connection refused") == 3, "where it was met, where the chassis is given up, and in the last word"


def test_reconcile_and_disable_have_it_and_say_it_once(fleet):
    run = fleet.playbook("vchassis.junos.reconcile", "--limit", "good-1,good-2,silent", inventory=fleet.nobody, ANSIBLE_CALLBACKS_ENABLED="vchassis.junos.lastword")
    run.expect("silent", unreachable=1, failed=0)
    assert last_word(run).startswith("3 chassis: 2 changed, 1 failed\n") and run.output.count("FLEET ***") == 1
    assert run.output.index('"silent"') < run.output.index("TASK [Drop a chassis"), "the list has those that were not reached, too"
    assert last_word(fleet.playbook("vchassis.junos.disable", "--limit", "good-1")).startswith("1 chassis: 1 changed\n1 in plaintext (RCP)\n")


def test_thirty_chassis_without_a_change_fit_on_a_screen(lab):
    """With the two settings that the project for AWX has; every line but the recap's is the fleet's."""
    chassis = lab("chassis: [{name: vc, count: 30, size: 2}]")
    quiet = {"ANSIBLE_DISPLAY_OK_HOSTS": "false", "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
    run = chassis.playbook("vchassis.junos.audit", "--forks", "10", **quiet)
    assert len(run.output.splitlines()) < 50 + 30, run.output
