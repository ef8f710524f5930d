# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's suites: what the table may say, what of a run is news, and that what cannot be had is skipped by name."""

import io
import pathlib
import re
import shutil
import subprocess

import pytest

import gates_go
import suites
import suites_ansible
from gate import Extent

ROW = suites.Suite(name="theirs", repository="owner/name", commit="0" * 40, pytest=("tests",), expected={"A::one": "a reason", "B::many[*": "a reason"})


@pytest.mark.parametrize("results, news", [
    ({"A::one": "failed", "B::many[1]": "failed", "B::many[2]": "failed", "C::good": "passed"}, []),
    ({"A::one": "failed", "B::many[1]": "failed", "C::bad": "failed"}, ["C::bad: a new failure"]),
    ({"A::one": "passed", "B::many[1]": "failed"}, ["A::one: passes now; take it out of tests/suites/suites.yml"]),
    ({"A::one": "failed", "B::many[1]": "failed", "B::many[2]": "passed"}, ["B::many[2]: passes now; take it out of tests/suites/suites.yml"]),
    ({"A::one": "failed"}, ["B::many[*: was not run; take it out of tests/suites/suites.yml, or see why"]),
    ({"A::one": "failed", "A::one_more": "failed", "B::many[1]": "failed"}, ["A::one_more: a new failure"]),
])
def test_what_is_news(results, news):
    assert suites.judged(ROW, results) == news


@pytest.mark.facts
def test_the_table():
    rows = suites.listed()
    assert len({row.name for row in rows}) == len(rows) >= 4
    for row in rows:
        assert re.fullmatch(r"[0-9a-f]{40}", row.commit) and re.fullmatch(r"[\w.-]+/[\w.-]+", row.repository), row.name
        assert len([how for how in (row.go, row.pytest, row.roles, row.programs, row.playbooks) if how]) == 1, f"{row.name}: how is it run?"
        assert all(len(str(reason)) > 10 for reason in row.expected.values()), f"{row.name}: a failure without a reason"
        assert all("==" in package for package in row.packages), row.name


def test_without_an_address_it_is_skipped_by_name(monkeypatch, tmp_path):
    monkeypatch.setattr(suites, "BUILD", tmp_path)
    monkeypatch.delenv(suites.FROM, raising=False)
    log = io.StringIO()
    counts = gates_go.foreign_suites(log, Extent(long=True))
    assert counts == {"skipped": len(suites.listed())}
    for row in suites.listed():
        assert f"skipped: {row.name}: {row.repository} is not here, and VCHASSIS_SUITES_FROM does not say" in log.getvalue()


def test_without_a_program_that_it_needs_it_is_skipped_too():
    with pytest.raises(suites.Unavailable, match="no-such-program is not installed"):
        suites.run(suites.dataclasses.replace(ROW, needs=("no-such-program",)), io.StringIO())


def test_without_a_network_it_is_skipped_too(monkeypatch, tmp_path):
    monkeypatch.setattr(suites, "BUILD", tmp_path / "build")
    monkeypatch.setenv(suites.FROM, str(tmp_path / "nowhere"))
    with pytest.raises(suites.Unavailable, match="owner/name could not be fetched"):
        suites.fetched(ROW, io.StringIO())


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """A repository with a suite of two tests, and its row."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    folder = tmp_path / "from/owner/name"
    (folder / "tests").mkdir(parents=True)
    (folder / "tests/test_it.py").write_text("import os\nADDRESS = 'their-lab:830'\n\n\n"
                                             "def test_address():\n    assert ADDRESS == os.environ['WANTED']\n\n\ndef test_bad():\n    assert False\n")
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "theirs"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
    monkeypatch.setattr(suites, "BUILD", tmp_path / "build")
    monkeypatch.setenv(suites.FROM, str(tmp_path / "from"))
    monkeypatch.setattr(suites, "environment_of", lambda *_: pathlib.Path(shutil.which("python")))
    return suites.Suite(name="theirs", repository="owner/name", commit=commit, pytest=("tests",), environment={"WANTED": "{host}:{port}"},
                        edit={"tests/test_it.py": {"their-lab:830": "{host}:{port}"}}, expected={"test_it::test_bad": "it always fails"})


def test_a_suite_is_fetched_told_of_our_laboratory_and_run(theirs):
    log = io.StringIO()
    assert suites.run(theirs, log) == {"test_it::test_address": "passed", "test_it::test_bad": "failed"}
    assert suites.show(theirs, log) == (1, 0)
    assert log.getvalue().count("fetched owner/name") == 1, "it is kept"


def test_programs_pass_that_end_well(theirs):
    row = suites.dataclasses.replace(theirs, pytest=(), programs=("*.py",), folder="tests", edit={}, expected={})
    assert suites.run(row, io.StringIO()) == {"test_it.py": "passed"}
    changed = suites.dataclasses.replace(row, edit={"tests/*.py": {"import os": "import nothing_of_the_kind"}})
    assert suites.run(changed, io.StringIO()) == {"test_it.py": "failed"}


def test_every_task_of_a_playbook_counts():
    text = ("TASK [read it] ****\nok: [local]\nfatal: [pyez]: FAILED! => {}\n...ignoring\n\n"
            "TASK [read it] ****\nchanged: [local]\n\nTASK [never] ****\nskipping: [local]\n")
    assert suites_ansible.outcomes("facts", text) == {"facts::read it[local]": "passed", "facts::read it[pyez]": "failed", "facts::read it #2[local]": "passed"}


def test_a_text_that_is_not_there_any_more_is_named(theirs):
    with pytest.raises(LookupError, match="test_it.py: 'their-lab:22' is not in it any more"):
        suites.run(suites.dataclasses.replace(theirs, edit={"tests/test_it.py": {"their-lab:22": "x"}}), io.StringIO())
