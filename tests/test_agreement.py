# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in two places says the same in both. Options of modules are compared by a Go test."""

import re

import pytest
import yaml
from conftest import ROLE, STAGED, TOP

MODULES = sorted(path.stem for path in (TOP / "modules").glob("*/*.py"))
DEFAULTS = yaml.safe_load((ROLE / "defaults/main.yml").read_text())
OPTIONS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
RUNTIME = yaml.safe_load((TOP / "collection/meta/runtime.yml").read_text())
SECRETS = {name for name in OPTIONS if re.search("password|passphrase", name)}
pytestmark = pytest.mark.facts


def test_defaults_of_the_role_are_those_of_its_argument_specs():
    told = {name: default for name, default in DEFAULTS.items() if name not in SECRETS}
    assert told == {name: option["default"] for name, option in OPTIONS.items() if "default" in option}


def test_what_is_secret_has_neither_default_nor_no_log_in_the_argument_specs():
    """Ansible shows all defaults, rendered, where an input is refused: also those that read a password from the environment.

    With no_log, cores before 2.19 refuse a value that is vaulted by itself.
    """
    assert len(SECRETS) == 2
    assert not [name for name in SECRETS if OPTIONS[name].keys() & {"default", "no_log"}]


def test_the_readme_of_the_role_names_every_input_and_its_default():
    rows = re.findall(r"^\| `(\w+)` \|(.*?)\|", (ROLE / "README.md").read_text(), re.M)
    assert [name for name, _ in rows] == list(OPTIONS)
    for name, default in rows:
        value, default = DEFAULTS.get(name), default.strip()
        if "lookup" in str(value):
            assert f"`{re.search(r'VCHASSIS_\w+', value).group()}`" in default
        else:
            assert yaml.safe_load(default.strip("`")) == value


def test_every_input_is_used_and_explained():
    tasks = "".join(path.read_text() for folder in ("tasks", "vars") for path in (ROLE / folder).glob("*.yml"))
    preflight = (TOP / "collection" / "plugins/plugin_utils/preflight.py").read_text()  # the first task, which has no templates
    defaults = (ROLE / "defaults/main.yml").read_text()
    for name in OPTIONS:
        assert name in tasks or f'"{name.removeprefix("scp_config_sync_")}"' in preflight, f"{name} is not used"
        assert re.search(rf"^(# )?{name}:", defaults, re.M), f"{name} is not in defaults/main.yml"


def test_the_readme_of_the_role_names_every_tag_and_no_tag_leaves_out_a_guard():
    tasks = {path: yaml.safe_load(path.read_text()) for path in (ROLE / "tasks").glob("*.yml")}
    top, = tasks[ROLE / "tasks/main.yml"]
    assert top["tags"] == re.findall(r"^\| `--tags (\w+)` \|", (ROLE / "README.md").read_text(), re.M)
    inside = [task for path, list_ in tasks.items() for task in walk(list_) if task is not top]
    includes = [task["ansible.builtin.include_tasks"] for task in inside if "ansible.builtin.include_tasks" in task]
    assert len(includes) == 4 and all(include["apply"] == {"tags": ["always"]} for include in includes)
    assert not [task["name"] for task in inside if "tags" in task], "a task that can be chosen apart can be left out apart"
    for name in ("audit", "disable", "reconcile", "scp_config_sync"):
        for play in yaml.safe_load((TOP / f"collection/playbooks/{name}.yml").read_text()):
            guards = play.get("post_tasks", []) + ([play] if play["hosts"] == "localhost" else [])
            assert all(guard["tags"] == ["always"] for guard in guards), f"{name}: {play['name']}"


def walk(tasks):
    for task in tasks:
        yield task
        yield from walk(task.get("block", []) + task.get("always", []) + task.get("rescue", []))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_routed_and_grouped(module):
    assert module in RUNTIME["action_groups"]["all"]
    assert RUNTIME["plugin_routing"]["modules"][module]["action_plugin"] == "vchassis.junos.vchassis"


def test_readme_names_every_module():
    assert set(re.findall(r"^\| (?:\d(?: to \d)?|–) \| `(\w+)`", (TOP / "README.md").read_text(), re.M)) == set(MODULES)


def test_environment_of_the_awx_credential_is_known_to_the_modules():
    kind = yaml.load((TOP / "collection/awx/credential_type.yml").read_text().replace("!unsafe", ""), yaml.SafeLoader)
    injectors = kind["virtual_chassis_credential_type"]["injectors"]["env"]
    known = (TOP / "internal/device/connection.go").read_text() + (ROLE / "defaults/main.yml").read_text()
    for name in injectors:
        assert re.search(rf"\b{name}\b", known), f"nobody reads {name}"


def test_links_in_documents_lead_somewhere():
    here = [*TOP.glob("*.md"), *(TOP / "collection").rglob("*.md"), ROLE / "README.md", *(TOP / "docs").glob("*.md")]
    for document in [*here, *STAGED.rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text()):
            assert (document.parent / link).exists(), f"{document.relative_to(TOP)}: {link}"


def test_galaxy_shows_no_dead_link():
    """It shows README alone: each link leads to a page of the repository that is there, or elsewhere."""
    page, repository = (STAGED / "README.md").read_text(), "https://github.com/vchassis/vchassis.junos/blob/"
    links = re.findall(r"\]\(([^)#]+)", page)
    assert len(links) > 10 and all(link.startswith("https://") for link in links), links
    assert all((TOP / link.removeprefix(repository).split("/", 1)[1]).exists() for link in links if link.startswith(repository))


def test_what_is_for_developers_is_not_in_the_collection():
    """Neither the project that AWX' users copy from the repository, nor settings of our own linters."""
    assert sorted(path.name for path in STAGED.iterdir()) == sorted([
        "CHANGELOG.md", "LICENSE", "README.md", "THIRD-PARTY-NOTICES.txt", "awx", "changelogs", "docs", "extensions", "galaxy.yml", "meta", "playbooks", "plugins", "roles", "tests"])
    assert not (STAGED / "awx/project").exists() and not [path for path in STAGED.rglob(".*") if path.name != ".keep"]


def test_examples_in_documents_are_yaml():
    for document in [TOP / "README.md", *(TOP / "collection/docs").glob("*.md"), ROLE / "README.md"]:
        for example in re.findall(r"```yaml\n(.*?)```", document.read_text(), re.S):
            yaml.safe_load(example)
