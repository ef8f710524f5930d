# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation names is there: links and their anchors, inputs, options, values, results, variables, files."""

import re
import subprocess

import pytest
import yaml
from conftest import ROLE, STAGED, TOP

import changelog

DOCS = TOP / "collection/docs"
PAGES = [*TOP.glob("*.md"), *(TOP / "docs").glob("*.md"), *ROLE.parent.glob("*/README.md"), *DOCS.glob("*.md")]
MODULES = {path.stem: path.read_text() for path in (TOP / "modules").glob("*/*.py")}
FRAGMENTS = (TOP / "collection/plugins/doc_fragments/connection.py").read_text()
INPUTS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
pytestmark = pytest.mark.facts



def section(name, text):
    return yaml.safe_load(re.search(rf'\b{name} = r"""(.*?)"""', text, re.S).group(1))


def options():
    """Options of all modules by name; the same name means the same, or has choices of its own."""
    found = {}
    for text, name in [(FRAGMENTS, "DOCUMENTATION"), (FRAGMENTS, "CONFIG"), (FRAGMENTS, "ROOT"), *((text, "DOCUMENTATION") for text in MODULES.values())]:
        for option, about in section(name, text)["options"].items():
            found.setdefault(option, []).append(about)
    return found


OPTIONS = options()
RETURNS = {name for text in MODULES.values() for name in section("RETURN", text)}
PLAYS = [*(TOP / "collection/playbooks").glob("*.yml"), *(TOP / "awx/project").glob("*.yml"), ROLE / "vars/main.yml", *ROLE.glob("tasks/*.yml"), TOP / "collection/plugins/action/vc_outcome.py",
         TOP / "collection/plugins/plugin_utils/preflight.py"]
PLAYBOOKS = "".join(path.read_text() for path in PLAYS)
READERS = [*(path for folder in ("ansible", "device", "sim") for path in (TOP / "internal" / folder).glob("*.go")),
           *(TOP / "build-tools").glob("*.py"), TOP / "build-tools/system-tools", TOP / "build-tools/venv", ROLE / "defaults/main.yml"]
SOURCES = FRAGMENTS + "".join(path.read_text() for path in READERS)


def anchors(page):
    """What GitHub makes of the headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, *STAGED.rglob("*.md")], ids=lambda page: str(page.relative_to(TOP)))
def test_links_and_anchors_resolve(page):
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: {sorted(anchors(target))}"


def test_links_to_the_repository_name_files_that_are_there():
    for page in PAGES:
        for path, anchor in re.findall(r"github\.com/vchassis/vchassis\.junos/(?:blob|tree)/main/([^)#\s]+)#?([^)\s]*)", page.read_text()):
            assert (TOP / path).exists(), f"{page.name}: {path}"
            assert not anchor or anchor in anchors(TOP / path), f"{page.name}: {path}#{anchor}"


@pytest.mark.parametrize("tag", ["main", "1.2.3"])
def test_the_readme_of_a_release_leads_to_the_repository_at_its_tag(tag):
    """Galaxy shows it without the other files: a link to one would lead nowhere."""
    command = re.search(r"^(sed .* README\.md) >", (TOP / "build-tools/stage").read_text(), re.M)[1]
    shown = subprocess.run(["sh", "-c", f"tag={tag}; {command}"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    links = re.findall(r"\]\(([^)#][^)]*)\)", shown)
    assert len(links) > 13
    assert not [link for link in links if not link.startswith(f"https://github.com/vchassis/vchassis.junos/blob/{tag}/") and not link.startswith("http")]
    assert not [link for link in links if "/vchassis.junos/blob/" in link and f"/blob/{tag}/" not in link]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TOP)))
def test_names_are_known(page):
    text = page.read_text()
    for name in set(re.findall(r"\bscp_config_sync_\w+", text)):
        assert name in INPUTS or name in PLAYBOOKS, f"no input {name}"
    for name in set(re.findall(r"(?<![\w/-])vc_[a-z_]+", text)):
        assert name in MODULES, f"no module {name}"
    for name in set(re.findall(r"\bVCHASSIS_[A-Z_]*[A-Z]\b", text)):
        assert name in SOURCES, f"nobody reads {name}"
    for option, value in re.findall(r"`([a-z_]+): ([a-z_]+)`", text):
        choices = [about["choices"] for about in OPTIONS.get(option, []) if "choices" in about]
        assert not choices or any(value in map(str, some) for some in choices), f"{option}: {value} is no choice"
    for name, value in re.findall(r"`(scp_config_sync_\w+): ([a-z_]+)`", text):
        assert value in map(str, INPUTS[name].get("choices", [value])), f"{name}: {value} is no choice"


def test_options_and_results_in_tables_are_those_of_ansible_doc():
    credentials, failures = (DOCS / "credentials.md").read_text(), (DOCS / "failures.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \|", credentials, re.M)
    assert len(listed) > 5 and set(listed) <= set(OPTIONS)
    told = re.search(r"\| in the result \|.*?\n\n", failures, re.S).group()
    names = {re.split(r"[\[.]", name)[0] for name in re.findall(r"`([\w\[\].]+)`", re.sub(r"\|[^|]*\|$", "|", told, flags=re.M))}
    assert names - {"msg", "hint"} <= RETURNS
    states = re.findall(r"^\| `(\w+)` \|", failures.split("| `commit_state` | the chassis |")[1].split("\n\n")[0], re.M)
    returned = section("RETURN", MODULES["vc_scp_sync"])["commit_state"]["description"][0]
    assert states == re.findall(r"(?<!R)V\((\w+)\)", returned)


def test_the_version_of_the_tarball_is_one_that_can_be_installed():
    for page in PAGES:
        for named in re.findall(r"vchassis-junos-(\d[\w.-]*)\.tar", page.read_text()):
            assert named == changelog.published(), page.name


def test_every_page_is_reached_from_the_readme():
    readme = (TOP / "README.md").read_text()
    for page in DOCS.glob("*.md"):
        assert f"](collection/docs/{page.name})" in readme, page.name
