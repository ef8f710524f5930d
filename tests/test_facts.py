# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts with several homes: "make facts" writes what a program can write; what a person has to write is compared here.

Others are compared where they are at home: options of modules in modules/documentation_test.go, the role's inputs in test_agreement.py, names on pages
in test_docs_names.py, messages in test_docs_failures.py, knobs in internal/sim.
"""

import re

import pytest
import yaml
from conftest import ROLE, TOP

import conftest
import facts
import fleet_of_records
import matrix
from gate import tracked

pytestmark = pytest.mark.facts
INPUTS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
# What playbooks of the collection ask for beside the role's inputs.
OF_PLAYS = {f"scp_config_sync_{name}" for name in ("audit_fail", "canary", "hosts", "max_fail_percentage", "module_defaults", "serial")}
FORMER = "scp_config_sync_root_username"  # of 0.3.0; it is accepted with a warning
OUTCOME = "scp_config_sync_outcome"  # what later tasks read
TAGS = yaml.safe_load((ROLE / "tasks/main.yml").read_text())[0]["tags"]
STATS = "scp_config_sync_stats_"  # and the name of the host: what a job hands on
MODULES = sorted(path.parent for path in (TOP / "modules").glob("*/*.py"))


def test_copies_are_written():
    different = [str(path.relative_to(TOP)) for path in facts.stale()]
    assert not different, f"run make facts: {', '.join(different)}"


@pytest.mark.parametrize("path", ["modules/vc_info/vc_info.py", "roles/scp_config_sync/meta/main.yml", "collection/docs/getting_started.md", "README.md"])
def test_a_copy_that_differs_is_written_again(path):
    """The writers change what is stale and nothing else."""
    text = (TOP / path).read_text()
    stale = re.sub(r"transaction|ansible-core 2.\d+|min_ansible_version: \"2.\d+|tar-\d+|junos-\d+\.\d+\.\d+|Id of the primary", lambda found: found[0][:-1] + "7", text)
    assert stale != text
    for file, write in facts.copies():
        if file == TOP / path:
            stale = write(stale)
    assert stale == text


def test_a_new_stub_gets_the_results_of_every_module():
    stub = 'RETURN = r"""\nmine:\n  description: Mine.\n"""\n'
    assert facts.with_returns(stub).startswith('RETURN = r"""\nmine:\n  description: Mine.\nmembers:\n')
    assert facts.with_returns(facts.with_returns(stub)) == facts.with_returns(stub)


def test_the_oldest_core_is_the_first_that_is_tested():
    assert next(iter(matrix.PYTHONS)) == matrix.OLDEST, "build-tools/matrix.py lists cores that meta/runtime.yml does not admit, or lacks one"


def test_files_that_begin_first_are_there():
    assert not [name for name in conftest.LONGEST if not list((TOP / "tests").rglob(name))]


def test_an_input_that_is_named_is_there():
    """In hints of Go programs, plays, surveys, scenarios and tests: Ansible ignores a variable that nobody knows. Changelogs name what was."""
    unknown = {}
    for path in tracked():
        if "changelog" not in str(path.relative_to(TOP)).lower():
            for name in set(re.findall(r"(?<![_\w])scp_config_sync_\w+", path.read_text(errors="replace"))) - {*INPUTS, *OF_PLAYS, FORMER, OUTCOME, STATS, *TAGS, "scp_config_sync_step"}:
                unknown.setdefault(name, []).append(str(path.relative_to(TOP)))
    assert not unknown


def test_inputs_of_plays_are_used_by_plays():
    plays = "".join(path.read_text() for folder in ("collection/playbooks", "awx/project") for path in (TOP / folder).glob("*.yml"))
    assert OF_PLAYS == {name for name in OF_PLAYS if name in plays}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_a_module_is_complete(module):
    """It is in the table, has contract scripts for each of its options, and its pages name it."""
    assert f"/modules/{module.name}\"" in (TOP / "modules/modules.go").read_text(), "not in modules/modules.go"
    assert "for _, m := range Table() {\n\t\tmoduletest.Run(" in (TOP / "modules/contract_test.go").read_text(), "its scripts are not run with those of the table"
    assert f'stock.main("{module.name}", arguments.{module.name.upper()})' in (module / f"{module.name}.py").read_text(), "linters find no options"
    scripts = "".join(path.read_text() for path in module.glob("testdata/*.txtar"))
    options = yaml.safe_load(re.search(r'DOCUMENTATION = r"""(.*?)"""', (module / f"{module.name}.py").read_text(), re.S).group(1))["options"]
    unused = [option for option in options if not re.search(rf'\b{option}=|"{option}":', scripts)]
    assert not unused, f"no script in modules/{module.name}/testdata sets {', '.join(unused)}"
    source = "".join(path.read_text() for path in module.glob("*.go") if not path.stem.endswith("_test"))
    fields = re.findall(r'^\t(\w+) .*`json:"\w+', re.search(r"^type params struct \{\n(.*?)^\}", source, re.S | re.M).group(1), re.M)
    assert not [field for field in fields if not re.search(rf"\bp\.{field}\b", source)], "an option that nobody reads"
    assert f"`{module.name}`" in (TOP / "collection/docs/procedure.md").read_text(), "not in collection/docs/procedure.md"
    others = [path.read_text() for path in (TOP / "modules").glob("*/*.py") if path.parent != module]
    assert any(f"module: vchassis.junos.{module.name}\n" in text for text in others), "no other module's seealso names it"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_result_is_described_to_its_end(module):
    """The Go tests compare names and types with what a module returns; this sees that people are told when, and what it looks like."""
    results = yaml.safe_load(re.search(r'RETURN = r"""(.*?)"""', (module / f"{module.name}.py").read_text(), re.S).group(1))
    assert {"hint", "code", "commit_state", "members", "sequence", "reverts_at"} <= set(results)
    assert not [name for name, result in results.items() if "sample" not in result]
    assert not list(untold(results))


def untold(results, at=""):
    """What lacks a part of its description, however deep it is."""
    for name, result in results.items():
        below = result.get("contains")
        is_dict = "dict" in (result["type"], result.get("elements"))
        yield from [f"{at}{name}: {key}" for key in ("description", "returned", *["contains"] * is_dict) if key not in result]
        yield from untold(below or {}, f"{at}{name}.")


def test_every_option_of_the_connection_comes_from_the_environment_too():
    """As the fragment says: all but the addresses, which would send a whole inventory to one device, or keep it from all others."""
    fragment = (TOP / "collection/plugins/doc_fragments/connection.py").read_text()
    options = yaml.safe_load(re.search(r'DOCUMENTATION = r"""(.*?)"""', fragment, re.S).group(1))["options"]
    source = (TOP / "internal/device/connection.go").read_text()
    assert {option for option in options if not re.search(rf'env:"VCHASSIS_{option.upper()}[,"]', source)} == {"host", "only_at"}


def json_keys(text, struct):
    """The keys of a struct of Go as JSON has them."""
    fields = re.search(rf"^type {struct} struct {{\n(.*?)^}}", text, re.S | re.M).group(1)
    return set(re.findall(r'json:"(\w+)', fields))


def test_the_record_has_the_same_keys_everywhere():
    """As the judge writes and reads it, as reports.md describes it, and as tests draw pages of it."""
    source = (TOP / "internal/outcome/record.go").read_text()
    record, found = json_keys(source, "Record"), json_keys(source, "Found")
    page = (TOP / "collection/docs/reports.md").read_text()
    rows = re.search(r"^\| key \| holds \|\n\|---\|---\|\n((?:\|.*\n)+)", page, re.M).group(1)
    described = {key for row in rows.splitlines() for key in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert record == described, "collection/docs/reports.md"
    sample = fleet_of_records.record("sw1")
    assert record == set(sample), "tests/fleet_of_records.py"
    assert found == set(sample["found"]), "tests/fleet_of_records.py: found"
    reader = (TOP / "internal/outcome/parse.go").read_text()
    assert not [key for key in record | found if f'At("{key}"' not in reader], "internal/outcome/parse.go"


def test_what_a_job_hands_on_is_described():
    stats = json_keys((TOP / "internal/outcome/stats.go").read_text(), "Stats")
    page = (TOP / "collection/docs/awx.md").read_text()
    section = re.search(r"^## What a job hands on\n(.*?)^## ", page, re.S | re.M).group(1)
    assert not [key for key in stats if f"`{key}`" not in section], "collection/docs/awx.md"


def test_every_read_that_check_mode_allows_is_on_the_page():
    """What a run sends, and in which order, test_docs_examples compares on the wire."""
    allowed = re.findall(r"^\t\{\"([\w-]+)\", true, ", (TOP / "internal/junos/permission.go").read_text(), re.M)
    page = (TOP / "collection/docs/procedure.md").read_text()
    assert len(allowed) > 5
    assert not [name for name in allowed if f"`{name}`" not in page], "collection/docs/procedure.md"


def test_a_place_where_a_change_goes_is_there():
    """CONTRIBUTING.md is the home of that; architecture.md leads there."""
    table = re.search(r"^\| change \| place \|\n(?:\|.*\n)+", (TOP / "CONTRIBUTING.md").read_text(), re.M).group(0)
    places = [place for row in table.splitlines()[2:] for place in re.findall(r"`([^` ]+)`", row.split("|")[2])]
    assert len(places) > 20
    for place in places:
        pattern = re.sub(r"\bM\b", "vc_info", place)
        assert any(TOP.glob(pattern)), place
    assert "CONTRIBUTING.md#where-a-change-goes" in (TOP / "docs/architecture.md").read_text()
