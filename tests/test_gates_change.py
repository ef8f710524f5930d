# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates of a change can fail: the fragment's on repositories that are thrown away, the other's on what deadcode would say."""

import io
import subprocess

import pytest

import changelog
import fragment
import gates_change

FILES = ("modules/vc_x/vc_x.go", "modules/vc_x/vc_x.py", "roles/r/tasks/main.yml", "collection/docs/a.md", "collection/changelogs/changelog.yaml",
         "collection/changelogs/fragments/.keep", "internal/x/x.go")


class Repository:
    def __init__(self, folder):
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        for name in FILES:
            self.write(name)
        self.commit()

    def git(self, *words):
        who = ("-c", "user.name=x", "-c", "user.email=x@example.com")
        subprocess.run(["git", *who, *words], cwd=self.folder, check=True, capture_output=True)

    def write(self, name, text="x"):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.read_text() + text if path.exists() else text)

    def commit(self):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def missing(self):
        return fragment.missing(self.folder)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    return Repository(tmp_path)


@pytest.mark.parametrize("name, wanted", [
    ("modules/vc_x/vc_x.go", True), ("roles/r/tasks/main.yml", True), ("roles/r/defaults/main.yml", True), ("collection/playbooks/p.yml", True),
    ("collection/plugins/action/a.py", True), ("collection/meta/runtime.yml", True), ("modules/modules.go", True),
    ("internal/outcome/record.go", True), ("internal/outcome/judge.go", False),
    ("modules/vc_x/vc_x_test.go", False), ("modules/vc_x/testdata/a.txtar", False), ("modules/vc_x/vc_x.py", False), ("roles/r/README.md", False),
    ("collection/docs/a.md", False), ("collection/tests/sanity/ignore-2.16.txt", False), ("internal/x/x.go", False), ("README.md", False),
])
@pytest.mark.parametrize("committed", [True, False])
def test_which_changes_want_one(repository, name, wanted, committed):
    repository.git("switch", "-q", "-c", "branch")
    repository.write(name, "more")
    if committed:
        repository.commit()
    repository.write("internal/x/x.go", "more")  # a branch that has something else too
    repository.commit()
    assert repository.missing() == ([name] if wanted else [])
    repository.write("collection/changelogs/fragments/new.yml", "trivial: []\n")
    assert repository.missing() == []


@pytest.mark.parametrize("guide, wanted", [
    ("| `no such member` | why | what to do |\n", []),
    ("| `no such member` | another why | what else to do |\n\nProse.\n", []),
    ("| `no such switch` | why | what to do |\n", ["`no such member`", "`no such switch`"]),
    ("| `no such member` | why | what to do |\n| `member 3 is away` | why | what to do |\n", ["`member 3 is away`"]),
    ("", ["`no such member`"]),
])
def test_another_message_wants_one_wherever_it_is_said(repository, guide, wanted):
    repository.write(fragment.GUIDE, "| `no such member` | why | what to do |\n")
    repository.commit()
    repository.git("switch", "-q", "-c", "branch")
    (repository.folder / fragment.GUIDE).write_text(guide)
    repository.write("internal/x/x.go", "more")
    repository.commit()
    assert repository.missing() == [f"{fragment.GUIDE}: {message}" for message in wanted]
    repository.write("collection/changelogs/fragments/new.yml", "trivial: []\n")
    assert repository.missing() == []


def test_a_fragment_that_goes_says_nothing(repository):
    repository.write("collection/changelogs/fragments/old.yml")
    repository.commit()
    repository.git("switch", "-q", "-c", "branch")
    (repository.folder / "collection/changelogs/fragments/old.yml").unlink()
    repository.write("modules/vc_x/vc_x.go", "more")
    repository.commit()
    assert repository.missing() == ["modules/vc_x/vc_x.go"]


def test_a_file_that_is_moved_or_removed_is_a_change(repository):
    repository.git("switch", "-q", "-c", "branch")
    repository.git("mv", "roles/r/tasks/main.yml", "internal/main.yml")
    repository.commit()
    assert repository.missing() == ["roles/r/tasks/main.yml"]


def test_what_main_got_meanwhile_is_not_this_branch(repository):
    repository.git("switch", "-q", "-c", "branch")
    repository.write("internal/x/x.go", "more")
    repository.commit()
    repository.git("switch", "-q", "main")
    repository.write("modules/vc_x/vc_x.go", "more")
    repository.commit()
    repository.git("switch", "-q", "branch")
    assert repository.missing() == []


@pytest.mark.parametrize("tagged", [True, False])
def test_on_main_it_is_what_came_after_the_last_release(repository, tagged):
    repository.write("collection/changelogs/changelog.yaml", "released")
    repository.write("modules/vc_x/vc_x.go", "released")
    repository.commit()
    if tagged:
        repository.git("tag", "0.1.0")
    assert repository.missing() == []
    repository.write("modules/vc_x/vc_x.go", "more")
    assert repository.missing() == ["modules/vc_x/vc_x.go"]
    repository.commit()
    assert repository.missing() == ["modules/vc_x/vc_x.go"]
    repository.write("collection/changelogs/fragments/new.yml")
    assert repository.missing() == []


def test_what_is_edited_on_main_wants_a_fragment_of_its_own(repository):
    repository.write("collection/changelogs/fragments/old.yml")
    repository.commit()
    repository.write("modules/vc_x/vc_x.go", "more")
    assert repository.missing() == ["modules/vc_x/vc_x.go"]
    repository.write("collection/changelogs/fragments/new.yml")
    assert repository.missing() == []


def test_a_release_renders_its_fragments(repository):
    repository.git("switch", "-q", "-c", "release")
    repository.write("modules/vc_x/vc_x.go", "more")
    repository.write("collection/changelogs/changelog.yaml", "rendered")
    repository.commit()
    assert repository.missing() == []


def test_without_a_history_it_says_so(tmp_path):
    with pytest.raises(fragment.Unknown):
        fragment.missing(tmp_path)


def unreached(*names):
    """What deadcode says of functions that no program reaches."""
    where = {"File": "x.go", "Line": 7}
    return [{"Path": f"{gates_change.PREFIX}{path}", "Funcs": [{"Name": function, "Position": where}]}
            for path, _, function in (name.partition(".") for name in names)]


def test_a_function_that_no_program_reaches_is_named():
    log = io.StringIO()
    assert gates_change.judged(unreached(*gates_change.UNREACHED), log) and not log.getvalue()
    assert not gates_change.judged(unreached(*gates_change.UNREACHED, "internal/vc.Chassis.unused"), log)
    assert log.getvalue().startswith("x.go:7: no program reaches internal/vc.Chassis.unused")


def test_a_reason_for_a_function_that_is_used_is_named():
    log = io.StringIO()
    assert not gates_change.judged(unreached(*list(gates_change.UNREACHED)[1:]), log)
    assert "take it off the list" in log.getvalue()


def test_a_trivial_fragment_is_not_for_the_page(monkeypatch, tmp_path):
    (tmp_path / "one.yml").write_text("trivial: [tidied]\nbugfixes: [vc_info - mended]\nrelease_summary: A release.\n")
    monkeypatch.setattr(changelog, "fragments", lambda: [tmp_path / "one.yml"])
    assert list(changelog.texts()) == ["vc_info - mended", "A release."]
