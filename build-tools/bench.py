# SPDX-License-Identifier: GPL-3.0-or-later
"""What the procedure costs a chassis: our role beside the playbooks of collection/docs/coming_from_other_collections.md.

    bench.py [CHASSIS [FORKS]]               everything
    bench.py controller [CHASSIS [FORKS]]    what a controller pays for the role, alone

All run on the same simulator, with the same forks, with and without a delay of every reply. Time is that of the whole run; processor
time is that of ansible-playbook and of all that it started, daemons included, and not that of the simulator. RPCs, commits, checks and
logins are what a chassis has seen; "switch s" is what those RPCs would take on a switch, whose processor is slow (the simulator's knob costs).
Theirs get a task more than the page shows: it reads back what was set, as our role does.

What a controller pays for the role stands beside the floor: the processor time of as many tasks that only print a word.
"""

import ctypes
import os
import re
import subprocess
import sys
import time

import foreign_collections
import yaml
from simulator import TOP, Simulator

PAGE = TOP / "collection/docs/coming_from_other_collections.md"
DELAYS = ("0ms", "20ms")
SUBREAPER = 36  # prctl: orphans become our children, so that their time is counted
EMPTY = "- hosts: all\n  gather_facts: false\n  tasks:\n"
DEBUG = "    - ansible.builtin.debug:\n"
READ_BACK = {
    "junipernetworks.junos": {"junipernetworks.junos.junos_command": {"commands": ["show configuration system"]}},
    "juniper.device": {"juniper.device.command": {"commands": ["show configuration system"]}},
}


def main(chassis=50, forks=10):
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    for delay in DELAYS:
        print(f"\n{chassis} chassis of 3 members, forks {forks}, {os.cpu_count()} processors, every reply delayed by {delay}")
        print(f"{'':34}{'s/chassis':>10}{'x ours':>8}{'cpu s/chassis':>15}{'x ours':>8}{'RPCs':>7}{'commits':>9}{'checks':>8}{'logins':>8}{'switch s':>10}")
        base = ours(chassis, forks, delay)
        for collection in READ_BACK:
            theirs(collection, base, chassis, forks, delay)
    show_controller(chassis, forks)


def ours(chassis, forks, delay):
    """Prints our rows; returns the costs of the first and of the second run."""
    with laboratory(chassis, delay) as lab:
        (lab.folder / "empty.yml").write_text(EMPTY + DEBUG)
        command = ("ansible-playbook", "-i", str(lab.inventory), "--forks", str(forks))
        row("ansible alone, one task", measure(lab, lab.environment, *command, str(lab.folder / "empty.yml")))
        role = (*command, "vchassis.junos.scp_config_sync")
        row("vchassis.junos, check mode", measure(lab, lab.environment, *role, "--check"))
        costs = [measure(lab, lab.environment, *role) for _ in range(2)]
        for which, cost in zip(("first", "second"), costs):
            row(f"vchassis.junos, {which} run", cost, cost)
        proven(lab)
        return costs


def show_controller(chassis=50, forks=10):
    """Prints processor seconds of whole runs, and of as many tasks that do nothing."""
    print(f"\n{chassis} chassis of 3 members, forks {forks}: what a controller pays")
    print(f"{'':34}{'tasks':>10}{'cpu s':>8}{'floor':>8}{'x floor':>9}")
    with laboratory(chassis, "0ms") as lab:
        command = ("ansible-playbook", "-i", str(lab.inventory), "--forks", str(forks))
        role = (*command, "vchassis.junos.scp_config_sync")
        record = ("-e", f"scp_config_sync_report_path={lab.folder}")
        for title, run in (("first run", role), ("compliant", role), ("compliant, with a record", (*role, *record)),
                           ("audit, with a record", (*command, "vchassis.junos.audit", *record))):
            output = []
            _, cpu, *_ = measure(lab, lab.environment, *run, output=output)
            tasks = max(sum(map(int, re.findall(r"\b(?:ok|skipped)=(\d+)", line))) for line in output[0].splitlines() if " ok=" in line)
            (lab.folder / "floor.yml").write_text(EMPTY + tasks * DEBUG)
            _, floor, *_ = measure(lab, lab.environment, *command, str(lab.folder / "floor.yml"))
            print(f"{title:34}{tasks:10}{cpu:8.1f}{floor:8.1f}{cpu / floor:8.1f}x", flush=True)


def theirs(collection, base, chassis, forks, delay):
    with laboratory(chassis, delay) as lab:
        try:
            environment = foreign_collections.environment(lab.folder)
            environment["ANSIBLE_COLLECTIONS_PATH"] += ":~/.ansible/collections:/usr/share/ansible/collections"
        except foreign_collections.Unavailable as error:
            return print(f"{collection:34} not here: {error}")
        if not installed(collection, environment):
            return print(f"{collection:34} not installable here: it is on Galaxy only, and not installed")
        (lab.folder / "playbook.yml").write_text(playbook(collection))
        (lab.folder / "theirs.json").write_text(yaml.safe_dump(inventory(lab)))
        command = ("ansible-playbook", "-i", str(lab.folder / "theirs.json"), "--forks", str(forks), str(lab.folder / "playbook.yml"))
        for which, cost in zip(("first", "second"), base):
            row(f"{collection}, {which} run", measure(lab, environment, *command), cost)
        return proven(lab)


def laboratory(chassis, delay):
    return Simulator("-f", scenario(chassis, delay))


def scenario(chassis, delay):
    file = TOP / "build/bench/scenario.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"chassis": [{"name": "vc", "count": chassis, "size": 3, "rpc_delay": delay, "config_add": "set system services ssh root-login allow"}]}))
    return str(file)


def inventory(lab):
    passwords = {user["name"]: user["password"] for user in lab.chassis[0]["users"]}
    values = {"command": lab.chassis[0]["authorized_keys_command"], "user": lab.chassis[0]["authorized_keys_command_user"]}
    return {"virtual_chassis": {"hosts": {one["name"]: foreign_collections.variables(one) for one in lab.chassis},
                                "vars": {"from_juniper": values, "root_password": passwords["root"]}}}


def playbook(collection):
    """The page's, with the task that reads back."""
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    play = yaml.safe_load(next(block for block in blocks if block.startswith(f"- name: With {collection}\n")))
    play[0]["tasks"].append({"name": "Read back", **READ_BACK[collection]})
    return yaml.safe_dump(play, sort_keys=False)


def installed(collection, environment):
    done = subprocess.run(["ansible-galaxy", "collection", "list", collection], env=environment, capture_output=True, text=True, check=False)
    return done.returncode == 0 and collection in done.stdout


def measure(lab, environment, *command, output=None):
    """Runs it to a good end: seconds, processor seconds, and the counters of all chassis added up. What it printed goes to output, a list."""
    lab.ctl("reset")
    began, before = time.monotonic(), os.times()
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(f"bench: {command[0]} failed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    if output is not None:
        output.append(done.stdout)
    reap(lab)
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    seen = lab.ctl("counters").values()
    return seconds, cpu, {name: sum(one[name] for one in seen) / len(seen) for name in ("rpcs", "commits", "checks", "logins", "switch_seconds")}, len(seen)


def reap(lab):
    """Waits for the daemons that a run has left; the simulator is a child too, and stays."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended:
            if ended.si_pid == lab.process.pid:
                sys.exit("bench: the simulator has ended")
            os.waitpid(ended.si_pid, 0)
        elif others(lab.process.pid):
            time.sleep(0.1)
        else:
            return


def others(simulator):
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as children:
        return {int(pid) for pid in children.read().split()} - {simulator}


def proven(lab):
    """Both ways end in the same state, or the comparison means nothing."""
    for one in lab.chassis:
        state = lab.state(one["name"])
        if state["transport"] != "scp" or not state["key_mesh"] or state["trial"]:
            sys.exit(f"bench: {one['name']} is not on SCP: {state}")


def row(title, cost, base=None):
    seconds, cpu, seen, chassis = cost
    times = [f"{mine / reference:7.1f}x" if base else " " * 8 for mine, reference in zip(cost[:2], (base or cost)[:2])]
    print(f"{title:34}{seconds / chassis:10.2f}{times[0]}{cpu / chassis:15.2f}{times[1]}{seen['rpcs']:7.1f}{seen['commits']:9.1f}"
          f"{seen['checks']:8.1f}{seen['logins']:8.1f}{seen['switch_seconds']:10.1f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["controller"]:
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
        show_controller(*map(int, sys.argv[2:]))
    else:
        main(*map(int, sys.argv[1:]))
