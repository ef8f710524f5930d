# SPDX-License-Identifier: GPL-3.0-or-later
"""What has passed is not linted again by make quick, as long as nothing differs that the linter reads; make test always lints."""

import io

import pytest

import gates_collection
import remembered
from gate import Counts, Extent

SHORT, WHOLE = Extent(short=True), Extent()


@pytest.fixture
def tree(tmp_path, monkeypatch):
    (tmp_path / "tree/tasks").mkdir(parents=True)
    (tmp_path / "tree/tasks/main.yml").write_text("- name: One\n")
    (tmp_path / "tree/vchassis").write_bytes(b"a program")
    monkeypatch.setattr(remembered, "LOGS", tmp_path)
    return tmp_path / "tree"


@pytest.mark.parametrize("edit, other", [
    (lambda tree: (tree / "tasks/main.yml").write_text("- name: Two\n"), True),
    (lambda tree: (tree / "tasks/more.yml").write_text(""), True),
    (lambda tree: (tree / "tasks/main.yml").rename(tree / "tasks/other.yml"), True),
    (lambda tree: (tree / "tasks/main.yml").unlink(), True),
    (lambda tree: (tree / "vchassis").write_bytes(b"another program"), False),
    (lambda tree: (tree / "tasks/main.yml").touch(), False),
])
def test_a_tree_that_differs_has_another_sum(tree, edit, other):
    before = remembered.digest(tree)
    assert remembered.digest(tree) == before
    edit(tree)
    assert (remembered.digest(tree) != before) == other


def test_another_release_of_the_tools_is_another_sum(tree, monkeypatch):
    before = remembered.digest(tree)
    monkeypatch.setattr(remembered, "TOOLS", tree / "tasks/main.yml")
    assert remembered.digest(tree) != before


@pytest.mark.parametrize("failed, extents, runs", [
    (0, (SHORT, SHORT), 1), (0, (WHOLE, SHORT), 1), (0, (SHORT, WHOLE), 2), (0, (WHOLE, WHOLE), 2), (1, (SHORT, SHORT), 2), (1, (WHOLE, SHORT), 2),
])
def test_only_make_quick_remembers_and_only_what_has_passed(tree, monkeypatch, failed, extents, runs):
    linted = []
    monkeypatch.setattr(gates_collection, "STAGED", tree)
    monkeypatch.setattr(gates_collection, "linted", lambda _log: linted.append(1) or Counts(passed=2 - failed, failed=failed))
    for extent in extents:
        assert gates_collection.ansible_lint(io.StringIO(), extent) == Counts(passed=2 - failed, failed=failed)
    assert len(linted) == runs
