# SPDX-License-Identifier: GPL-3.0-or-later
"""make touched: what a changed file reaches. Every file of the repository is known, and no rule names what is not there."""

import fnmatch
import pathlib

import pytest
from conftest import TOP

import check
import reach
import touched
from gate import tracked

pytestmark = pytest.mark.facts


@pytest.fixture(scope="module")
def packages():
    return reach.packages()


def reached(packages, *files):
    found = reach.Reach(packages)
    for file in files:
        found.add(file)
    return found


def test_every_file_is_known(packages):
    files = [str(file.relative_to(TOP)) for file in tracked()]
    assert len(files) > 300
    unknown = reached(packages, *files).unknown
    assert set(unknown) <= {"build-tools/requirements.txt", "build-tools/requirements-peers.txt", "build-tools/venv", ".ci/run"}


def test_every_rule_fits_a_file_and_names_what_is_there():
    files = [str(file.relative_to(TOP)) for file in tracked()]
    for patterns, gates, why in reach.RULES:
        for pattern in patterns:
            assert any(fnmatch.fnmatch(file, pattern) for file in files), f"{pattern}: no such file"
        assert set(gates) <= set(check.EVERYTHING), why
        for name in gates.get("pytest", ()):
            assert list(reach.TESTS.glob(name)), f"{name}: no such test"
        for folder in gates.get("go", ()):
            assert (TOP / folder.removesuffix("/...")).is_dir(), folder
        assert set(gates.get("molecule", ())) <= set(reach.SCENARIOS)


def test_a_package_reaches_those_that_import_it_and_the_programs(packages):
    found = reached(packages, "internal/vc/plan.go")
    assert {"./internal/vc", "./internal/change", "./modules", "./cmd/vchassis"} <= found.gates["go"]
    assert "./internal/sshconn" not in found.gates["go"]
    assert found.gates["molecule"] == set(reach.SAMPLE) and "pytest" not in found.gates


def test_a_page_of_the_role_reaches_no_chassis_and_a_task_no_page(packages):
    assert set(reached(packages, "roles/scp_config_sync/README.md").gates) == {"pytest"}
    assert set(reached(packages, "roles/scp_config_sync/tasks/verify.yml").gates) == {"molecule", "ansible-lint", "pytest"}


def test_a_test_of_a_package_reaches_that_package_alone(packages):
    assert reached(packages, "internal/vc/plan_test.go").gates == {"go": {"./internal/vc", "./internal/layers"}}
    module, = {path.parent.name for path in TOP.glob("modules/vc_info/vc_info.go")}
    assert reached(packages, f"modules/{module}/testdata/some.txtar").gates == {"go": {"./modules", f"./modules/{module}", "./internal/layers"}}


def test_the_simulator_reaches_other_peoples_clients(packages):
    chosen = {file for file in reached(packages, "cmd/vchassis-sim/main.go").gates["pytest"]}
    assert {"tests/peers/test_netconf_clients.py", "tests/test_simulator_tour.py"} <= chosen and "tests/test_role.py" not in chosen


@pytest.mark.parametrize("file, gate, parts", [
    ("molecule/members/verify.yml", "molecule", {"members"}),
    ("molecule/tasks/state.yml", "molecule", reach.ALL),
    ("roles/scp_config_sync/tasks/main.yml", "molecule", reach.ALL),
    ("roles/scp_config_sync/tasks/main.yml", "ansible-lint", reach.ALL),
    ("roles/scp_config_sync/meta/argument_specs.yml", "ansible-doc", reach.ALL),
    ("collection/playbooks/audit.yml", "molecule", {"audit"}),
    ("modules/vc_info/vc_info.go", "molecule", reach.ALL),
    ("collection/awx/surveys.yml", "pytest", {str(file.relative_to(TOP)) for file in (TOP / "tests").glob("test_awx*.py")}),
    ("tests/test_paths.py", "pytest", {"tests/test_paths.py"}),
    ("tests/awx.py", "pytest", {str(file.relative_to(TOP)) for file in (TOP / "tests").glob("test_awx*.py")} | {"tests/test_warm_job.py"}),
    ("docs/simulator.md", "pytest", {"tests/test_simulator_tour.py"}),
    ("collection/changelogs/fragments/new.yml", "docs", reach.ALL),
])
def test_what_a_file_reaches(packages, file, gate, parts):
    found = reached(packages, file)
    assert found.gates[gate] == parts and not found.unknown


def test_of_several_files_all_is_run_that_one_of_them_reaches(packages):
    assert reached(packages, "molecule/members/verify.yml", "molecule/audit/verify.yml").gates["molecule"] == {"members", "audit"}
    for files in (["molecule/members/verify.yml", "molecule/tasks/state.yml"], ["molecule/tasks/state.yml", "molecule/members/verify.yml"]):
        assert reached(packages, *files).gates["molecule"] == reach.ALL


def test_what_nobody_knows_is_said_and_runs_all_of_quick(packages, capsys):
    found = reached(packages, "new_thing/file.xyz", "internal/vc/plan.go")
    touched.explain(found)
    assert "new_thing/file.xyz: nobody knows" in capsys.readouterr().out
    extents = touched.extents(found)
    assert set(check.QUICK) <= set(extents) and extents["go"].parts == () and not extents["go"].short


def test_reasons_are_said(packages, capsys):
    touched.explain(reached(packages, "molecule/members/verify.yml"))
    assert capsys.readouterr().out.splitlines()[:2] == ["  molecule=members", "      molecule/members/verify.yml: a file of that scenario"]


def test_files_that_were_renamed_or_are_new_count(tmp_path, monkeypatch):
    monkeypatch.setattr(touched, "TOP", tmp_path)
    for name in ("kept", "old", "gone"):
        (tmp_path / name).write_text(f"{name}\n" * 9)
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qm", "first"]):
        touched.git(*words)
    since = touched.git("merge-base", "HEAD", "main")
    (tmp_path / "old").rename(tmp_path / "new")
    pathlib.Path(tmp_path / "gone").unlink()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/fresh").write_text("")
    assert touched.changed(since) == ["folder/fresh", "gone", "new", "old"]
