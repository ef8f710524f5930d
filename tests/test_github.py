# SPDX-License-Identifier: GPL-3.0-or-later
"""What GitHub is told to do: workflows with few rights and pinned actions, forms that ask for what is needed."""

import re

import pytest
import yaml
from conftest import TOP

import matrix

pytestmark = pytest.mark.facts
WORKFLOWS = sorted((TOP / ".github/workflows").glob("*.yml"))
FORMS = [path for path in sorted((TOP / ".github/ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]
TARGETS = re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.M)


def load(path):
    return yaml.safe_load(path.read_text())


def steps(path):
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_the_rights_that_it_needs_and_pinned_actions(path):
    workflow = load(path)
    assert workflow["permissions"] in ({}, {"contents": "read"})
    rights = {f"{name}: {right}: {level}" for name, job in workflow["jobs"].items() for right, level in job.get("permissions", {}).items() if level == "write"}
    assert rights == {"ci.yml": set(), "release.yml": {"build: id-token: write", "build: attestations: write", "draft: contents: write"}}[path.name]
    for step in steps(path):
        assert "uses" not in step or re.fullmatch(r"actions/[a-z-]+@(v\d+|[0-9a-f]{40})", step["uses"]), step
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        # What others may write (titles, names of branches) is no part of a command.
        assert "${{" not in step.get("run", ""), step


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_what_is_there(path):
    for step in steps(path):
        for target in re.findall(r"\bmake ([a-z-]+)", step.get("run", "")):
            assert target in TARGETS, target
        for program in re.findall(r"\bbuild-tools/[\w-]+", step.get("run", "")):
            assert (TOP / program).exists(), program


def test_the_release_is_what_was_checked_and_is_all_that_is_published():
    build, draft = load(TOP / ".github/workflows/release.yml")["jobs"].values()
    assert "make release-check" in [step.get("run") for step in build["steps"]]
    assert [step["with"]["path"] for step in build["steps"] if "upload-artifact" in step.get("uses", "")] == ["dist/*"]
    assert draft["needs"] == "build" and not [step for step in draft["steps"] if "checkout" in step.get("uses", "")]


def test_the_tests_run_on_the_oldest_and_the_newest_python():
    """The oldest is written there by make facts."""
    newest = max((python for some in matrix.PYTHONS.values() for python in some), key=lambda name: int(name.split(".")[1]))
    assert load(TOP / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"][-1] == newest
    assert f'python-version: "{newest}"' in (TOP / ".github/workflows/release.yml").read_text()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_asks_for_something_and_has_all_that_github_wants(path):
    form = load(path)
    assert form["name"] and form["description"] and form["labels"]
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(set(ids)) == len(ids) and any(part.get("validations", {}).get("required") for part in form["body"])
    for part in form["body"]:
        assert part["type"] in ("markdown", "textarea", "input", "dropdown", "checkboxes")
        assert part["attributes"].get("label") or part["attributes"].get("value")


def test_the_form_for_a_bug_asks_for_what_is_asked_back_for_otherwise():
    text = " ".join((TOP / ".github/ISSUE_TEMPLATE/bug.yml").read_text().split())
    for word in ("ansible --version", "vchassis --version", "Junos release", "Models", "-vvv", "prepare-setup printed", "replace"):
        assert word in text, word


def test_every_folder_with_dependencies_is_looked_after():
    kinds = {(entry["package-ecosystem"], entry["directory"]) for entry in load(TOP / ".github/dependabot.yml")["updates"]}
    assert kinds == {("gomod", "/"), ("pip", "/build-tools"), ("github-actions", "/")}
    assert (TOP / "go.mod").exists() and (TOP / "build-tools/requirements.txt").exists()
