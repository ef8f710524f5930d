# SPDX-License-Identifier: GPL-3.0-or-later
"""The role, broken at the messages of a clean run. The chassis keeps nothing that it must not, the next run finishes, the one after it only reads.

Many chassis are broken at once, each at another message, so that one play tries many of them.
"""

import json
import signal
import subprocess
import threading
import time

import pytest
import warm_playbook
import yaml
from conftest import ENVIRONMENT

from processes import descendants, strike

COMMAND = "/usr/libexec/example/internal-ssh-keys"
PLAYS = {"present": {}, "absent": {"scp_config_sync_state": "absent", "scp_config_sync_remove_command": True}}
# What meets a message: the link ends in three ways and an answer is spoilt in two, by turns; or a signal meets whatever runs the role.
BREAKS = {"fault": [["drop", "reset", "truncate"], ["error", "warning"], ["stall"]], "kill": [[signal.SIGKILL]], "terminate": [[signal.SIGTERM]]}
PLAYBOOK = """
- hosts: all
  gather_facts: false
  strategy: free
  module_defaults:
    group/vchassis.junos.all: {connect_timeout: "{{ patience }}", rpc_timeout: "{{ patience }}", commit_timeout: "{{ patience }}", lock_timeout: 30}
  roles: [vchassis.junos.scp_config_sync]
"""
AT_ONCE = 16
SAMPLE = 2


class Fleet:
    """Equal chassis, and one play after the other on all of them."""

    def __init__(self, lab, size, play):
        self.lab = lab(f"chassis: [{{name: vc, size: 3, count: {size}}}]")
        self.names = [chassis["name"] for chassis in self.lab.simulator.chassis]
        self.playbook = self.lab.folder / "role.yml"
        self.playbook.write_text(PLAYBOOK)
        self.variables, self.output = self.lab.folder / "variables.yml", self.lab.folder / "output"
        if play != "present":
            self.use("present").run()
            self.pass_time("6m")
        self.use(play)
        self.lab.ctl("reset")

    def use(self, play, patience=10):
        """What the next plays are to do, and how long their modules wait for an answer."""
        self.variables.write_text(yaml.safe_dump({**PLAYS[play], "patience": patience}))
        return self

    def command(self):
        return ["ansible-playbook", "-i", str(self.lab.simulator.inventory), str(self.playbook), "-e", f"@{self.variables}", "-f", str(len(self.names))]

    def environment(self):
        return {**ENVIRONMENT, "VCHASSIS_KNOWN_HOSTS": str(self.lab.simulator.folder / "known_hosts")}

    def start(self):
        """A play that is going to be killed: no fork of a server, but a process with children of its own."""
        with open(self.output, "w", encoding="utf-8") as output:
            return subprocess.Popen(self.command(), env=self.environment(), cwd=self.lab.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def run(self):
        """A whole play, while the clock of the chassis runs fast enough for a rollback to be seen."""
        over = threading.Event()
        clock = threading.Thread(target=self._hurry, args=[over])
        clock.start()
        try:
            done = warm_playbook.run(self.command(), self.environment(), self.lab.folder, 900)  # two cores may be shared by many
        finally:
            over.set()
            clock.join()
        self.output.write_text(done.stdout + done.stderr)
        return self.recap()

    def _hurry(self, over):
        while not over.wait(1):
            self.pass_time("15s")

    def pass_time(self, duration):
        self.lab.ctl("clock", duration)

    def recap(self):
        """changed and failed by chassis; one that was never reached is not counted as failed by Ansible."""
        counts = {}
        for line in self.output.read_text().splitlines():
            host, _, rest = line.partition(" ")
            if host in self.names and "ok=" in rest:
                found = dict(word.split("=") for word in rest.split() if "=" in word)
                counts[host] = (int(found["changed"]), int(found["failed"]) + int(found["unreachable"]))
        return counts

    def heard(self):
        """How many hellos and requests each chassis has seen."""
        return {name: seen["logins"] + seen["rpcs"] for name, seen in self.lab.ctl("counters").items()}


def slay(process, how):
    """The signal for all that runs the role, modules first asked and then made to end."""
    doomed = [process.pid, *descendants(process.pid)]
    for pid in doomed:
        strike(pid, how)
    if how == signal.SIGTERM:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            pass
    for pid in {*doomed, *descendants(process.pid)}:
        strike(pid, signal.SIGKILL)
    process.wait()


def moments_in(log):
    """Before and after each message of a run: its position among all, and among those that have this moment; a hello has no after.

    Of reads that follow each other only the first and the last are taken: to the role the others are the same.
    """
    kinds, sessions = [], set()
    for entry in log:
        kinds += ["hello"] * (entry["session"] not in sessions) + [entry["kind"]]
        sessions.add(entry["session"])
    for position, kind in enumerate(kinds, 1):
        around = kinds[max(position - 2, 0):position + 1]
        if kind == "hello":
            yield position, "before", position
        elif kind != "read" or around != ["read"] * 3:
            yield position, "before", position
            yield position, "after", position - kinds[:position].count("hello")


@pytest.fixture(scope="module")
def moments():
    """The moments of each play at which it is broken, found in a clean run on the first call."""
    return {}


def moments_of(found, play, lab):
    if play not in found:
        fleet = Fleet(lab, 1, play)
        assert fleet.run() and not wrong(settled(fleet, fleet.names[0]), play), fleet.output.read_text()
        log = [entry for entry in fleet.lab.ctl("log", fleet.names[0]) if entry["kind"] != "event"]
        found[play] = list(moments_in(log))
    return found[play]


def left(state):
    """What a run must not leave behind, however it ended."""
    found = {"sessions": state["sessions"], "lock": state["lock"], "candidate": state["candidate"]}
    found["SCP without keys"] = not state["key_mesh"] and any(m["config_sync_with_scp"] for m in state["members"])
    found["out of sync"] = [m["id"] for m in state["members"] if not m["in_sync"]]
    return {what: value for what, value in found.items() if value}


def settled(fleet, name):
    """The chassis when the sessions of the run are over."""
    for _ in range(100):
        state = fleet.lab.state(name)
        if not state["sessions"]:
            break
        time.sleep(0.1)
    return state


def wrong(state, play):
    """What is not as the role was asked for."""
    on = play == "present"
    found = {"trial": state["trial"], "keys": not state["key_mesh"]}
    found["members"] = [m["id"] for m in state["members"] if m["config_sync_with_scp"] != on or m["authorized_keys_command"] != (COMMAND if on else "")]
    return {what: value for what, value in found.items() if value}


def broken(fleet, points, play):
    """A play of which every chassis breaks its own part; returns what the runs say of those that came to an end."""
    signals = {action for *_, action in points if isinstance(action, signal.Signals)}
    for name, (_, when, nth, action) in zip(fleet.names, points):
        rule = {"chassis": name, "when": when, "action": "stall" if signals else action, "nth": nth, "text": "a fault of the test"}
        fleet.lab.ctl("fault", json.dumps(rule))
    if not signals:
        recap = fleet.run()
    else:
        process, recap = fleet.use(play, patience=300).start(), {}
        try:
            reached(fleet, points, process)
        finally:
            slay(process, signals.pop())
        fleet.use(play)
    fleet.lab.ctl("clear")
    return recap


def reached(fleet, points, process):
    """Waits until every chassis keeps its run waiting at its message."""
    waiting = dict(zip(fleet.names, points))
    end = time.monotonic() + 300
    while waiting:
        assert process.poll() is None and time.monotonic() < end, f"never reached: {waiting}\n{fleet.output.read_text()[-4000:]}"
        heard = fleet.heard()
        waiting = {name: point for name, point in waiting.items() if heard[name] < point[0]}
        time.sleep(0.3)


def judge(fleet, play, recap):
    """Violations by chassis: after the broken run, after the one that has to finish, and after the one that has nothing to do."""
    bad = {name: [] for name in fleet.names}
    for name in fleet.names:
        state = settled(fleet, name)
        bad[name] += [("left", left(state))] if left(state) else []
        if recap.get(name, (0, 1))[1] == 0 and wrong(state, play):
            bad[name].append(("told as done", wrong(state, play)))
    counts = fleet.use(play, patience=120).run()  # nothing is broken any more, and nobody has to wait in vain
    for name in fleet.names:
        state = settled(fleet, name)
        if counts.get(name, (0, 1))[1] or left(state) or wrong(state, play):
            bad[name].append(("not finished by the next run", counts.get(name), left(state), wrong(state, play)))
    fleet.pass_time("6m")
    fleet.lab.ctl("reset")
    counts = fleet.run()
    for name in fleet.names:
        seen = fleet.lab.counters(name)
        if counts.get(name) != (0, 0) or any(seen[what] for what in ("writes", "locks", "checks")):
            bad[name].append(("does not rest", counts.get(name), seen))
    return bad


def points_of(moments, how):
    """Each moment with what meets it."""
    return [(*moment, actions[turn % len(actions)]) for actions in BREAKS[how] for turn, moment in enumerate(moments)]


@pytest.mark.parametrize("play, how", [
    pytest.param(play, how, marks=[pytest.mark.long] if play != "present" and how != "kill" else []) for play in PLAYS for how in BREAKS])
def test_the_role_is_broken(lab, moments, request, play, how):
    """A sample of the messages; with --long all of them."""
    every = points_of(moments_of(moments, play, lab), how)
    points = every if request.config.getoption("--long") else every[len(how)::len(every) // SAMPLE]
    survived, violations = 0, []
    for first in range(0, len(points), AT_ONCE):
        batch = points[first:first + AT_ONCE]
        fleet = Fleet(lab, len(batch), play)
        bad = judge(fleet, play, broken(fleet, batch, play))
        survived += sum(not found for found in bad.values())
        violations += [(batch[n], found) for n, found in enumerate(bad.values()) if found]
        fleet.lab.simulator.__exit__()
    # Not of the suite: those of several workers are not collected.
    request.node.user_properties.append((f"role broken, {play}, {how}, survived / tried", f"{survived} / {len(points)} of {len(every)}"))
    assert not violations, "\n".join(map(str, violations))
