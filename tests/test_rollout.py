# SPDX-License-Identifier: GPL-3.0-or-later
"""One chassis goes first, and a rollout in which too many fail stops: on the oldest core and the newest."""

import json
import os
import stat

import matrix
import pytest
from conftest import ENVIRONMENT

LAB = "chassis: [{name: vc, count: 4}]"


@pytest.fixture(params=[matrix.OLDEST, None], ids=["oldest", "newest"])
def core(request):
    if request.param is None:
        return {}
    try:
        return {"PATH": f"{matrix.programs(request.param)}:{ENVIRONMENT['PATH']}"}
    except matrix.Unavailable as error:
        pytest.skip(str(error))


def transports(chassis):
    return [chassis.state(one["name"])["transport"] for one in chassis.simulator.chassis]


def test_one_goes_first_and_the_others_are_left_alone_where_it_fails(lab, core):
    chassis = lab(LAB.replace("4", "3"))
    silent = chassis.inventory({"vc-1": {"ansible_port": 1}})
    run = chassis.playbook("vchassis.junos.scp_config_sync", go_first=True, inventory=silent, **core).expect("vc-1", unreachable=1)
    assert run.code and transports(chassis) == ["rcp"] * 3
    assert "not run (2): vc-2, vc-3" in run.output
    chassis.ctl("leave", "vc-1", "1")
    plan = chassis.playbook("vchassis.junos.scp_config_sync", "--check", go_first=True, **core)
    assert "3 chassis: 2 would change, 1 failed" in plan.output, "a plan is of all"
    chassis.ctl("join", "vc-1", "1")
    chassis.playbook("vchassis.junos.scp_config_sync", go_first=True, **core).expect("vc-2", changed=1, failed=0).expect("vc-3", changed=1, failed=0)


def test_a_rollout_stops_where_too_many_fail(lab, core):
    chassis = lab(LAB)
    silent = chassis.inventory({"vc-2": {"ansible_port": 1}})
    stopped = {"scp_config_sync_serial": 2, "scp_config_sync_max_fail_percentage": 40}
    run = chassis.playbook("vchassis.junos.scp_config_sync", variables=stopped, inventory=silent, **core)
    assert run.code and transports(chassis) == ["scp", "rcp", "rcp", "rcp"], run.output
    chassis.ctl("leave", "vc-2", "1")
    run = chassis.playbook("vchassis.junos.scp_config_sync", variables={**stopped, "scp_config_sync_max_fail_percentage": 50}, **core)
    assert transports(chassis) == ["scp", "rcp", "scp", "scp"], run.output


@pytest.mark.parametrize("playbook, limit", [("scp_config_sync", "20%"), ("scp_config_sync", "a few"), ("scp_config_sync", 101), ("disable", "-1"), ("disable", "")])
def test_a_limit_that_is_no_number_stops_nothing_half_way(lab, playbook, limit):
    chassis = lab("chassis: [{name: vc-1}, {name: vc-2}]")
    run = chassis.playbook(f"vchassis.junos.{playbook}", variables={"scp_config_sync_hosts": "all", "scp_config_sync_max_fail_percentage": limit})
    assert run.code and f"scp_config_sync_max_fail_percentage: want a number from 0 to 100, without %, got {limit}" in run.output, run.output
    assert chassis.counters("vc-1")["logins"] == 0, "nothing was begun"


def test_a_comment_is_in_the_log_of_every_commit_and_a_proof_outlives_an_audit(lab, tmp_path):
    chassis = lab("chassis: [{name: vc}]")
    wishes = {"scp_config_sync_comment": "CHG-4711", "scp_config_sync_report_path": str(tmp_path)}
    usual = os.umask(0o027)
    chassis.playbook("vchassis.junos.scp_config_sync", variables=wishes).expect("vc", changed=1, failed=0)
    os.umask(usual)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("vc.json", "vc~proved.json")} == {0o640}, "records are files like any other"
    logs = [commit["log"] for commit in chassis.state("vc")["commits"] if "vchassis.junos" in commit["log"]]
    assert len(logs) >= 3 and all(log.endswith(": CHG-4711") for log in logs), logs
    chassis.playbook("vchassis.junos.audit", variables=wishes).expect("vc", failed=0)
    proof, reading = (json.loads((tmp_path / name).read_text()) for name in ("vc~proved.json", "vc.json"))
    assert (proof["sync"]["transport"], proof["sync"]["in_sync"], proof["outcome"]) == ("scp", True, "changed")
    assert (reading["outcome"], reading["sync"]["in_sync"]) == ("compliant", None)
