# SPDX-License-Identifier: GPL-3.0-or-later
"""What a change to a file reaches: gates, and the parts of them that can tell. Knows files, no git and no processes but "go list"."""

import fnmatch
import json
import pathlib
import re
import subprocess

from gate import TOP
from gates_collection import SAMPLE

ALL = ()  # a gate as a whole
TESTS = TOP / "tests"
SCENARIOS = sorted(file.parent.name for file in (TOP / "molecule").glob("*/converge.yml"))
ROLE_TESTS = ("test_role*.py", "test_paths.py", "test_matrix.py")
# Files (* stands for folders too), what they reach, and why. All rules that fit a file hold. The facts and the static checks are always run, and
# Go packages, Molecule's scenarios and files of tests are found without a rule.
RULES = (
    (tuple(f"roles/*/{part}/*" for part in ("defaults", "meta", "tasks", "vars")), {"molecule": ALL, "ansible-lint": ALL, "pytest": ROLE_TESTS}, "the role"),
    (("roles/*/meta/*",), {"ansible-doc": ALL}, "how the role describes itself"),
    (("collection/playbooks/*",), {"ansible-lint": ALL, "pytest": ("test_role*.py", "test_awx*.py")}, "a playbook of the collection"),
    (("collection/plugins/action/*", "collection/plugins/plugin_utils/*", "collection/plugins/module_utils/*"),
     {"sanity": ALL, "molecule": SAMPLE, "pytest": ("test_action_plugin.py", "test_preflight.py", "test_program.py", "test_paths.py", "test_lint.py")},
     "the way from a task to the program"),
    (("collection/plugins/callback/*",), {"sanity": ALL, "pytest": ("test_lastword.py",)}, "the last word for the fleet"),
    (("collection/plugins/doc_fragments/*", "modules/*.py"), {"ansible-doc": ALL, "sanity": ALL, "go": ("./modules/...", "./internal/ansible/docs"),
                                                              "pytest": ("test_docs_examples.py", "test_lint.py")}, "documentation of modules"),
    (("collection/awx/*", "awx/*"), {"ansible-lint": ALL, "pytest": ("test_awx*.py",)}, "what AWX is given"),
    (("collection/extensions/*",), {"sanity": ALL, "pytest": ("test_eda*.py",)}, "what EDA is given"),
    (("collection/docs/*", "README.md", "CONTRIBUTING.md", "roles/*/README.md", "docs/architecture.md"), {"pytest": ("test_docs_examples.py",)},
     "blocks that are executed"),
    (("docs/simulator.md",), {"pytest": ("test_simulator_tour.py",)}, "the tour"),
    (("docs/architecture.md",), {"go": ("./internal/layers",)}, "who may import whom"),
    (("collection/changelogs/*", "collection/CHANGELOG.md"), {"docs": ALL}, "the changelog"),
    (("collection/meta/*", "galaxy.yml"), {"importer": ALL, "sanity": ALL, "docs": ALL, "pytest": ("test_tarball.py",)}, "what Galaxy is told"),
    (("collection/extensions/eda/*",), {"sanity": ALL, "pytest": ("test_eda*.py",)}, "what listens to events, and rulebooks"),
    (("collection/tests/*",), {"sanity": ALL}, "exceptions of ansible-test"),
    (("molecule/default/*", "molecule/tasks/*", ".config/molecule/*"), {"molecule": ALL, "pytest": ("test_molecule.py",)}, "all scenarios share it"),
    (("molecule/README.md",), {"pytest": ("test_molecule.py",)}, "steps that are followed"),
    (("internal/outcome/*", "cmd/vchassis/outcome.go", "collection/plugins/action/vc_outcome.py"),
     {"molecule": ("audit", "check_mode", "rcp_to_scp"), "pytest": ("test_role.py", "test_awx.py", "report_browser_test.py")}, "the judge of a run"),
    (("internal/report/*",), {"pytest": ("report_browser_test.py",)}, "the page of the report"),
    (("build-tools/demo*",), {"demo": ALL}, "the demonstration"),
    (("build-tools/modfile", "build-tools/x-crypto.patch"), {"pytest": ("test_tarball.py", "test_gates_setup.py", "peers/test_cli_clients.py")},
     "how the simulator is compiled"),
    (("build-tools/stage", "build-tools/simulators", "build-tools/release.py", "LICENSE"), {"pytest": ("test_tarball.py",)}, "what a release is made of"),
    (("build-tools/*.py", "Makefile", "build-tools/system-tools"), {"pytest": ("test_gates*.py",)}, "how gates are run"),
    (("modules/*/testdata/*.txtar",), {"go": ("./modules",)}, "contract scripts, which are one program"),
    (("tests/peers/scrapligo/*",), {"pytest": ("peers/test_cli_clients.py",)}, "a client"),
    (("tests/suites/*", "build-tools/suites*.py"), {"pytest": ("test_suites.py",)}, "other people's suites, which make test-long runs"),
    (("tests/warm*.py",), {"pytest": ("test_warm*.py", "test_awx*.py", "test_action_plugin.py", "test_docs_examples.py"), "molecule": SAMPLE},
     "what runs modules, playbooks and jobs in tests"),
    ((".github/*",), {"pytest": ("test_github.py",)}, "what runs where the repository is hosted"),
    (("build-tools/bench*.py", ".gitignore", "CODE_OF_CONDUCT.md", "SECURITY.md", "RELEASE-KEYS"), {}, "no gate runs it"),
    ((".yamllint", ".ansible-lint"), {"ansible-lint": ALL}, "a linter's rules"),
    (("go.mod", "go.sum"), {"go": ALL, "molecule": SAMPLE}, "modules that are linked"),
)


class Reach:
    """Gates with their parts, and the reasons, for files as they are added."""

    def __init__(self, packages):
        self.packages, self.gates, self.reasons, self.unknown = packages, {}, [], []

    def add(self, file):
        """Takes a changed file, named from the top of the repository, into account."""
        known = self._fits_rules(file)
        known |= self._is_of_a_scenario(file)
        known |= self._is_of_a_test(file)
        known |= self._is_of_a_package(file)
        if not known:
            self.unknown.append(file)

    def _choose(self, gate, parts, file, why):
        if gate == "pytest":
            parts = sorted({str(path.relative_to(TOP)) for part in parts for path in TESTS.glob(part)})
        before = self.gates.setdefault(gate, set(parts) or ALL)
        if before != ALL:
            self.gates[gate] = before | set(parts) if parts else ALL
        self.reasons.append((gate, tuple(parts), file, why))

    def _fits_rules(self, file):
        fitting = [(reached, why) for patterns, reached, why in RULES if any(fnmatch.fnmatch(file, pattern) for pattern in patterns)]
        for reached, why in fitting:
            for gate, parts in reached.items():
                self._choose(gate, parts, file, why)
        named = [name for name in SCENARIOS if file.startswith("collection/playbooks/") and names(name, pathlib.Path(file).stem)]
        if named:
            self._choose("molecule", named, file, "scenarios that name this playbook")
        return bool(fitting)

    def _is_of_a_scenario(self, file):
        folder, _, rest = file.removeprefix("molecule/").partition("/")
        if not file.startswith("molecule/") or folder not in SCENARIOS or not rest:
            return False
        self._choose("molecule", [folder], file, "a file of that scenario")
        return True

    def _is_of_a_test(self, file):
        """A file of tests, or a Python file that some of them import."""
        path = pathlib.PurePath(file)
        if path.suffix != ".py" or path.parts[0] not in ("tests", "build-tools"):
            return False
        tests = [file.removeprefix("tests/")] if is_test(path) else importers(path.stem)
        if tests:
            self._choose("pytest", tests, file, "a file of tests" if is_test(path) else "tests that import it")
        return bool(tests)

    def _is_of_a_package(self, file):
        package = self.packages.of(file)
        if not package:
            return False
        if file.startswith("tests/"):  # a program of the facts
            return True
        reached = self.packages.reached(package, file.endswith("_test.go") or "/testdata/" in file)
        self._choose("go", [self.packages.folder(each) for each in sorted(reached)], file, "the package, and those that import it")
        self._choose("go", ["./internal/layers"], file, "it looks at all packages")
        programs = {self.packages.folder(each) for each in reached & self.packages.importing(package) if self.packages.folder(each).startswith("./cmd/")}
        if programs and not file.endswith("_test.go"):
            self._choose("molecule", ALL if file.startswith("modules/") else SAMPLE, file, f"it is linked into {', '.join(sorted(programs))}")
        if programs - {"./cmd/vchassis"}:
            self._choose("pytest", ("peers/test_*.py", "test_simulator_tour.py"), file, "the simulator")
        return True


def names(scenario, playbook):
    return any(f"vchassis.junos.{playbook}\n" in file.read_text(encoding="utf-8") + "\n" for file in (TOP / "molecule" / scenario).glob("*.yml"))


def is_test(path):
    return path.parts[0] == "tests" and (path.stem.startswith("test_") or path.stem.endswith("_test"))


def importers(name):
    """Files of tests that import a Python file of tests/ or build-tools/, through others or not. What conftest imports, all do."""
    files = [*TESTS.rglob("*.py"), *(TOP / "build-tools").glob("*.py")]
    wanted, size = {name}, 0
    while size < len(wanted):
        size, pattern = len(wanted), re.compile(rf"^(?:from|import) (?:{'|'.join(wanted)})\b", re.M)
        wanted |= {file.stem for file in files if pattern.search(file.read_text(encoding="utf-8"))}
    tests = [str(file.relative_to(TESTS)) for file in TESTS.rglob("*.py") if is_test(file.relative_to(TOP))]
    return [test for test in tests if "conftest" in wanted or pathlib.Path(test).stem in wanted]


class Packages:
    """The Go packages of this module: who imports whom."""

    def __init__(self, listed):
        self.listed = {one["ImportPath"]: one for one in listed}
        self.module = listed[0]["Module"]["Path"]

    def folder(self, package):
        return "." + package.removeprefix(self.module)

    def of(self, file):
        """The package in whose folder, or below which, a file is."""
        for folder in pathlib.PurePath(file).parents:
            if f"{self.module}/{folder}" in self.listed:
                return f"{self.module}/{folder}"
        return None

    def reached(self, package, tests_only):
        """A package, all that import it, and all whose tests do."""
        if tests_only:
            return {package}
        reached = self.importing(package)
        return reached | {name for name, one in self.listed.items() if reached & {*one.get("TestImports", ()), *one.get("XTestImports", ())}}

    def importing(self, package):
        """A package, and all that import it but for their tests: where it is linked into."""
        found, size = {package}, 0
        while size < len(found):
            size = len(found)
            found |= {name for name, one in self.listed.items() if found & set(one.get("Imports", ()))}
        return found


def packages():
    """What "go list" says, as it is."""
    listed = subprocess.run(["go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,Module", "./..."], cwd=TOP, check=True, capture_output=True,
                            text=True).stdout
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(listed.rstrip()):
        one, at = decoder.raw_decode(listed, at)
        found.append(one)
        at += 1
    return Packages(found)
