# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates of the collection: what Ansible's own tools say of the staged tree, and playbooks that run."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import changelog
import matrix
import remembered
from gate import LOGS, STAGED, TOP, Counts, figure, one, processors, run, skipped, tracked

MODULES = sorted(path.stem for path in (TOP / "modules").glob("*/*.py"))
SAMPLE = ("rcp_to_scp", "members", "member_fails")
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"


def stage(log, _extent):
    return one(run(log, "make", "--no-print-directory", "stage"))


def licenses(log, _extent):
    """Programs, styles and scripts name their license in one of the first three lines."""
    wanted = [path for path in tracked() if path.suffix in (".go", ".py", ".sh", ".js", ".css") or path.name == "Makefile" or path.read_bytes()[:2] == b"#!"]
    without = [path for path in wanted if not any(SPDX in line for line in path.read_text(encoding="utf-8").splitlines()[:3])]
    log.writelines(f"{path.relative_to(TOP)}: want {SPDX} in one of the first three lines\n" for path in without)
    return one(wanted and not without)


def yamllint(log, _extent):
    return one(run(log, "yamllint", "--strict", "."))


def ansible_lint(log, extent):
    """The collection as it is staged, and the project that AWX' users copy. Only make quick is content with its having passed before."""
    read = remembered.digest(STAGED, TOP / "awx/project", TOP / ".ansible-lint", TOP / ".yamllint")
    if extent.short and remembered.has_passed("ansible-lint", read):
        log.write("nothing that it reads has changed since it has passed\n")
        return Counts(passed=2)
    counts = linted(log)
    remembered.keep("ansible-lint", read, not counts["failed"])
    return counts


def linted(log):
    command = ["ansible-lint", "--offline", "--nocolor", "--profile", "production", "--strict", "--config-file", str(TOP / ".ansible-lint")]
    return one(run(log, *command, folder=STAGED)) + one(run(log, *command, "awx/project"))


def ansible_doc(log, _extent):
    """Each module has examples and return values, the role its entry point. ansible-doc itself is content with a name that does not exist."""
    pages = shown(log, *(f"vchassis.junos.{module}" for module in MODULES))
    counts = Counts()
    for module in MODULES:
        counts += has_headings(log, f"vchassis.junos.{module}", pages.get(f"vchassis.junos.{module}", ""), ["EXAMPLES:", "RETURN VALUES:"])
    role = "vchassis.junos.scp_config_sync"
    return counts + has_headings(log, role, shown(log, "--type", "role", role).get(role, ""), ["ENTRY POINT: *main*"])


def shown(log, *arguments):
    """What ansible-doc shows, by name; nothing if it has failed."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        good = run(log, "ansible-doc", *arguments, output=output)
        output.seek(0)
        text = output.read()
    log.write(text)
    return dict(re.findall(r"^> \w+:? \W?([\w.]+)(.*?)(?=^> |\Z)", text, re.M | re.S)) if good else {}


def has_headings(log, name, text, headings):
    lost = [heading for heading in headings if not re.search(f"^{re.escape(heading)}", text, re.M)]
    log.writelines(f"ansible-doc {name} shows no {heading}\n" for heading in lost)
    return one(not lost)


def collection_docs(log, _extent):
    return one(run(log, "antsibull-docs", "lint-collection-docs", "--plugin-docs", str(STAGED))) \
        + one(run(log, "antsibull-changelog", "lint", folder=STAGED)) + one(changelog.rehearsed(log))


def sanity(log, extent):
    """All tests of ansible-test sanity; with --long on every Python that is found, and with every supported core on its oldest one."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    counts = sanity_of(log, TOP / ".venv/bin", *([] if extent.long else ["--python", python]))
    for core in matrix.PYTHONS if extent.long else ():
        try:
            programs = matrix.programs(core)
        except matrix.Unavailable as error:
            counts += skipped(log, error)
            continue
        counts += sanity_of(log, programs, "--python", re.search(r"python-([\d.]+)", str(programs)).group(1))
    return counts


def sanity_of(log, programs, *flags):
    """The tests of one core. It wants a folder that git does not ignore."""
    with tempfile.TemporaryDirectory(prefix="sanity-") as folder:
        collection = f"{folder}/ansible_collections/vchassis/junos"
        shutil.copytree(STAGED, collection, symlinks=True)
        environment = {"PATH": f"{programs}:{matrix.links(folder)}:/usr/bin:/bin", "HOME": str(TOP / "build/sanity"), "ANSIBLE_COLLECTIONS_PATH": folder}
        command = ["ansible-test", "sanity", "--local", "--color", "no", *flags]
        good = run(log, *command, folder=collection, **environment)
        wanted = missing_bootstrap(log)
        if not good and wanted:
            wanted.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(TOP / "build-tools/bootstrap_pip.py", wanted)
            good = run(log, *command, folder=collection, **environment)
    return one(good)


def missing_bootstrap(log):
    """The file that ansible-test could not download, as it names it itself."""
    log.flush()
    said = re.findall(r"manually downloaded and saved to: (\S+)", (LOGS / "sanity.log").read_text(encoding="utf-8", errors="replace"))
    return TOP / said[-1] if said else None


def importer(log, _extent, tarball=None):
    """What Galaxy does with a tarball that is uploaded. A warning is a finding. One that is not to be uploaded is linted by the gate ansible-lint."""
    with tempfile.TemporaryDirectory(prefix="importer-") as folder:
        lint = bool(tarball)
        if not tarball:
            run(log, "ansible-galaxy", "collection", "build", "--output-path", folder, str(STAGED))
            tarball = next(iter(sorted(path for path in os.scandir(folder))), None)
        config = f"{folder}/importer.cfg"
        with open(config, "w", encoding="utf-8") as file:
            # ansible-test is a gate of its own; here it would want a container.
            file.write(f"[galaxy-importer]\nRUN_ANSIBLE_TEST = False\nRUN_ANSIBLE_LINT = {lint}\nRUN_FLAKE8 = True\nCHECK_CHANGELOG = True\n")
        said = f"{folder}/said"
        with open(said, "w+", encoding="utf-8") as output:
            good = tarball and run(log, "python", "-m", "galaxy_importer.main", os.path.abspath(tarball), folder=folder, output=output,
                                   GALAXY_IMPORTER_CONFIG=config, HOME=f"{folder}/home")
            output.seek(0)
            lines = output.read()
    log.write(lines)
    findings = [line for line in re.findall("^(?:WARNING|ERROR).*", lines, re.M) if not known(line)]
    return one(good and "Importer processing completed successfully" in lines and not findings)


def known(line):
    """What the importer cannot know better.

    It warns of every ignore file, which the gate sanity judges. And it calls ansible-lint with a path that ends with ansible_collections, below
    which that looks for ansible_collections again: our own playbooks, which the gate ansible-lint finds, are not found.
    """
    playbook = re.search(r"Failed to find vchassis\.junos\.(\w+) playbook", line)
    return "Ignore files skip ansible-test sanity tests" in line or bool(playbook and (STAGED / f"playbooks/{playbook.group(1)}.yml").exists())


def demo(log, _extent):
    """What make demo shows. It stages nothing: others are reading what is staged."""
    return one(run(log, "python", "build-tools/demo.py"))


def molecule(log, extent):
    """The whole suite on the newest core, which is .venv's, and whose second run of a kind is a fork of one that has imported itself."""
    return scenarios(log, extent.parts, before=["python", "tests/warm_path.py"])


def molecule_oldest(log, extent):
    """A sample of the suite on the oldest core that is claimed and the oldest Python found for it; with --long, and for a release, all of it."""
    try:
        programs = matrix.programs(matrix.OLDEST)
    except matrix.Unavailable as error:
        return skipped(log, error)
    return scenarios(log, extent.parts or (() if extent.long else SAMPLE), PATH=f"{programs}:{os.environ['PATH']}")


def scenarios(log, names=(), before=(), **environment):
    forget_interrupted()
    run(log, "ansible-playbook", "--version", **environment)
    which = [word for name in names for word in ("--scenario-name", name)] or ["--all", "--workers", "2"]
    number = len(names) or len(list((TOP / "molecule").glob("*/converge.yml")))
    return Counts(passed=number) if run(log, *before, "molecule", "test", *which, **environment) else Counts(failed=1)


def forget_interrupted():
    """Molecule keeps here that its simulators run, and those of a run that was interrupted do not."""
    for folder in (TOP / "build/ansible/tmp").glob("molecule.*"):
        shutil.rmtree(folder)


def facts(log, _extent):
    """The tests that compare places, and start nothing that takes time."""
    return pytest_told(log, "facts", "-m", "facts", "tests")


def pytest(log, extent):
    """All other tests of tests/, file by file; the parts are files, or tests in them. One more at a time than there are processors: some wait for a switch."""
    some = extent.parts or ("-m", "not facts", "tests")
    return pytest_told(log, "pytest", "-n", str(processors() + 1), "--dist", "loadfile", "--no-loadscope-reorder", *["--long"] * extent.long, *some)


def pytest_told(log, name, *arguments):
    """The counts and figures of a run of pytest."""
    report = LOGS / f"{name}.xml"
    report.unlink(missing_ok=True)
    good = run(log, "pytest", "-ra", "--durations=15", f"--junit-xml={report}", *arguments)
    if not report.exists():
        return one(good)
    results = xml.etree.ElementTree.parse(report).getroot()
    for said in results.iter("property"):
        figure(log, f"{said.get('name')}: {said.get('value')}")
    suite = results.find("testsuite").attrib
    failed, passed_over = int(suite["failures"]) + int(suite["errors"]), int(suite["skipped"])
    return Counts(passed=int(suite["tests"]) - failed - passed_over, failed=max(failed, int(not good)), skipped=passed_over)
