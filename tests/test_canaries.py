# SPDX-License-Identifier: GPL-3.0-or-later
"""A gate fails when its output shows a password or a key that tests log in with."""

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
