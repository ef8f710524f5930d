# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate fails when its output shows a password or a key that tests log in with, and a test that fails does not show it."""

import subprocess
import sys

import gate
import pytest
from conftest import TOP

pytestmark = pytest.mark.facts


@pytest.mark.parametrize("text, failed", [
    ("all is well\n", 0),
    ("one\nlogin as root with Root-lab-1\n", 1),
    ('{"Output":"b3BlbnNzaC1rZXktdjEAAAAABG5vbmU"}\n', 1),
], ids=["nothing", "password", "key"])
def test_output_is_searched(tmp_path, monkeypatch, text, failed):
    monkeypatch.setattr(gate, "LOGS", tmp_path)
    (tmp_path / "go.json").write_text(text)
    (tmp_path / "other.log").write_text("Root-lab-1")
    with open(tmp_path / "go.log", "w+", encoding="utf-8") as log:
        log.write("nothing here\n")
        monkeypatch.setattr(gate, "TOP", tmp_path)
        monkeypatch.setattr(gate, "CANARIES", tmp_path / "canaries.txt")
        (tmp_path / "canaries.txt").write_text((TOP / "internal/secret/canary/canaries.txt").read_text())
        assert gate.revealed("go", log)["failed"] == failed
        log.seek(0)
        said = log.read()
    assert ("go.json:" in said) == bool(failed)
    assert "Root-lab-1" not in said


FAILING = """
import pytest

@pytest.fixture
def laboratory():
    print("Root-lab-1")
    assert "Admin-lab-1" not in "login: Admin-lab-1"

def test_in_its_setup(laboratory):
    pass

def test_in_its_body(request):
    request.node.user_properties.append(("name", "value"))
    print("b3BlbnNzaC1rZXktdjEAAAAA")
    assert {"password": "Root-lab-1"} == {}, "as of Operator-lab-1"

def test_without_a_secret():
    assert "alice" == "bob"
"""


def test_a_test_that_fails_shows_no_secret(tmp_path):
    (tmp_path / "test_failing.py").write_text(FAILING)
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-ra", f"--junit-xml={report}", "--rootdir", tmp_path, tmp_path]
    done = subprocess.run(command, cwd=TOP / "tests", capture_output=True, text=True, timeout=60, check=False)
    shown = done.stdout + done.stderr + report.read_text()
    assert "2 failed, 1 error" in done.stdout, shown
    assert not [secret[:3] for secret in gate.canaries() if secret in shown]
    assert done.stdout.count("one of canaries.txt") > 3 and "assert 'alice' == 'bob'" in done.stdout
