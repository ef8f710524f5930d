# SPDX-License-Identifier: GPL-3.0-or-later
"""What the role costs a chassis: time and processor seconds of ansible-playbook and all it starts, without the simulator.

    bench.py [CHASSIS [FORKS]]
"""

import os
import subprocess
import sys
import time

from simulator import TOP, Simulator

EMPTY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
"""


def main(chassis=50, forks=10):
    with Simulator("-chassis", str(chassis), "-members", "3") as lab:
        print(f"{chassis} chassis of 3 members, forks {forks}, {os.cpu_count()} processors\n")
        print(f"{'':24}{'seconds':>10}{'cpu s':>10}{'ms/chassis':>12}{'cpu ms/chassis':>16}")
        (lab.folder / "empty.yml").write_text(EMPTY)
        for name, playbook, flags in (
            ("ansible alone, 1 task", str(lab.folder / "empty.yml"), ()),
            ("check mode", "vchassis.junos.scp_config_sync", ("--check",)),
            ("first run", "vchassis.junos.scp_config_sync", ()),
            ("second run", "vchassis.junos.scp_config_sync", ()),
        ):
            seconds, cpu = measure(lab, "ansible-playbook", "-i", str(lab.inventory), "--forks", str(forks), playbook, *flags)
            print(f"{name:24}{seconds:10.1f}{cpu:10.1f}{1000 * seconds / chassis:12.0f}{1000 * cpu / chassis:16.0f}", flush=True)


def measure(lab, *command):
    began, before = time.monotonic(), os.times()
    done = subprocess.run(command, cwd=TOP, env=lab.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"bench: {command[0]} failed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    after = os.times()
    return time.monotonic() - began, after.children_user - before.children_user + after.children_system - before.children_system


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
