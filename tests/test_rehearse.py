# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook rehearse: twins are played on, and the chassis are only read."""

import subprocess

import pytest

from conftest import ENVIRONMENT
from simulator import SIMULATOR

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
    for stage in ("1 plan (check mode): would change, 0 commits", "2 run: changed, 4 commits", "3 again: compliant, 0 commits",
                  "4 after a switchover: compliant", "5 after a member was replaced: changed, 3 commits", ": member 2 (serial "):
        assert stage in done.stdout
    assert "6 with a member away (check mode): incomplete, 0 commits" in done.stdout
    assert "1 chassis: 1 logins, 7 reads, 0 writes" in done.stdout
    counters = simulator.counters("campus-core")
    assert counters["logins"] == 1 and not counters["writes"] and not counters["locks"] and not counters["prepares"]
    assert simulator.ctl("config", "campus-core")["members"] == before["members"]
    written = b"".join(path.read_bytes() for path in work.rglob("*") if path.is_file())
    assert b"campus-core" in written and b"Kanarie" not in written
    assert subprocess.run(["pgrep", "-f", str(work)], capture_output=True, check=False).returncode, "a twin is left running"
