# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates side by side: in which order they begin, what they leave, and what is told of them."""

import io
import json
import subprocess
import sys

import pytest
from conftest import TOP

import check
import gate

PROGRAM = """
import json, os, pathlib, subprocess, sys, time
sys.path.insert(0, {tools!r})
import gate, lanes
from gate import Counts, Extent
from lanes import Gate

lanes.LOGS = gate.LOGS = pathlib.Path({folder!r})
lanes.width = lambda: 2
events = open({folder!r} + "/events", "a", buffering=1)


def good(seconds=0.3, what=""):
    def run(log, extent):
        began = time.monotonic()
        events.write(f"begins {{what}}\\n")
        while time.monotonic() - began < seconds:
            pass
        events.write(f"ends {{what}}\\n")
        return Counts(passed=1 + len(extent.parts))
    return run


def breaks(log, extent):
    raise ValueError("this gate breaks")


def leaves(log, extent):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    return Counts(passed=1)


def tells(log, extent):
    log.write("login as root with Root-lab-1\\n")
    return Counts(passed=1)


def dies(log, extent):
    os.kill(os.getpid(), 9)


{gates}
with lanes.interruptible():
    for ended in lanes.Lanes(gates, {{"short": Extent(parts=("a", "b"))}}).run():
        print(json.dumps([ended.name, ended.counts, ended.wall, ended.processor]), flush=True)
    assert not lanes.processes.descendants()
"""


@pytest.fixture
def ran(tmp_path):
    """ran(gates) runs gates, given as Python, two at a time, and returns what is told of each by name, and what they have noted themselves."""

    def run(gates):
        program = PROGRAM.format(tools=str(TOP / "build-tools"), folder=str(tmp_path), gates=f"gates = {gates}")
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        told = {name: (counts, wall, processor) for name, counts, wall, processor in map(json.loads, done.stdout.splitlines())}
        return told, (tmp_path / "events").read_text().splitlines()

    return run


def test_long_ones_begin_first_and_each_waits_for_those_before_it(ran):
    told, events = ran("""{
        "short": Gate(good(what="short"), seconds=1, after=()), "long": Gate(good(what="long"), seconds=9, after=()),
        "first": Gate(good(what="first"), seconds=5, after=()), "last": Gate(good(what="last"), seconds=99, after=("first", "elsewhere"))}""")
    begun = [event.split()[1] for event in events if event.startswith("begins")]
    assert set(begun[:2]) == {"long", "first"} and set(begun[2:]) == {"last", "short"}
    assert events.index("begins last") > events.index("ends first")
    assert told["short"][0] == {"passed": 3} and told["long"][0] == {"passed": 1}


def test_what_only_one_can_hold_is_not_shared(ran):
    _, events = ran("""{name: Gate(good(what=name), holds="it", after=()) for name in ("a", "b")}""")
    assert [event.split()[0] for event in events] == ["begins", "ends"] * 2


def test_the_time_of_a_gate_is_told(ran):
    told, _ = ran("""{"a": Gate(good(0.5), after=())}""")
    assert told["a"][1] >= 0.5 and told["a"][2] > 0.05


def test_a_gate_that_breaks_dies_or_tells_a_secret_has_failed_and_the_others_go_on(ran, tmp_path):
    told, _ = ran("""{"breaks": Gate(breaks, after=()), "dies": Gate(dies, after=()), "tells": Gate(tells, after=()), "good": Gate(good(), after=())}""")
    assert {name: counts.get("failed", 0) for name, (counts, *_) in told.items()} == {"breaks": 1, "dies": 1, "tells": 1, "good": 0}
    assert "this gate breaks" in (tmp_path / "breaks.log").read_text()


def test_what_a_gate_leaves_running_is_ended(ran):
    told, _ = ran("""{"leaves": Gate(leaves, after=())}""")
    assert told["leaves"][0] == {"passed": 1} and told["leaves"][1] < 10


@pytest.mark.facts
def test_what_has_failed_is_named_with_what_go_said_of_it():
    log = io.StringIO("""=== RUN   TestOne
    one_test.go:1: not of a failure
fail example.com/x TestTwo
    two_test.go:2: want 1, got 2
    --- FAIL: TestTwo/part (0.00s)
        two_test.go:3: first
        two_test.go:4: second
        two_test.go:5: third
        two_test.go:6: fourth
FAILED tests/test_x.py::test_y - AssertionError
ERROR: plugins/x.py:6:161: E501: line too long
""")
    told = [line.split(":", 1)[-1].strip() if "_test.go" in line else line.strip() for line in gate.failures(log)]
    assert told == ["fail example.com/x TestTwo", "2: want 1, got 2", "--- FAIL: TestTwo/part (0.00s)", "3: first", "4: second", "5: third",
                    "FAILED tests/test_x.py::test_y - AssertionError", "ERROR: plugins/x.py:6:161: E501: line too long"]


@pytest.mark.facts
@pytest.mark.parametrize("words, parts", [
    (["go=./internal/vc,./modules", "molecule"], {"stage": (), "go": ("./internal/vc", "./modules"), "molecule": ()}),
    (["gofmt"], {"gofmt": ()}),
])
def test_gates_and_parts_are_named_on_the_command_line(monkeypatch, words, parts):
    ran = {}
    monkeypatch.setattr(check, "run", lambda extents: ran.update(extents) or 0)
    assert check.main(words) == 0
    assert {name: extent.parts for name, extent in ran.items()} == parts


@pytest.mark.facts
def test_each_set_of_gates(monkeypatch):
    ran = {}
    monkeypatch.setattr(check, "run", lambda extents: ran.update(extents) or 0)
    for words, wanted in (([], check.GATES), (["--long"], check.GATES | check.LONG), (["--quick"], check.QUICK), (["--release"], check.GATES | check.RELEASE)):
        ran.clear()
        assert check.main(words) == 0
        assert set(ran) == set(wanted)
    assert check.main(["nonsense"]) == 2


@pytest.mark.facts
def test_gates_wait_for_gates_that_are_there():
    for name, gate in check.EVERYTHING.items():
        assert set(gate.after) <= set(check.EVERYTHING) - {name}
