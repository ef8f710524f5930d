# SPDX-License-Identifier: GPL-3.0-or-later
"""Test suites that others have written for real Junos, run against the simulator. tests/suites/suites.yml lists them; nothing of theirs is here.

    suites.py [NAME ...]      runs those, and prints what is not as expected

A suite is fetched at its commit from VCHASSIS_SUITES_FROM/OWNER/NAME: https://github.com, or a folder with repositories. Its Python packages come
from PyPI into an environment under build/, its Go modules from GOPROXY.
"""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import xml.etree.ElementTree

import foreign_collections
import suites_ansible
import yaml
from simulator import TOP, Simulator

FILE = TOP / "tests/suites/suites.yml"
BUILD = TOP / "build/suites"
FROM = "VCHASSIS_SUITES_FROM"
SECONDS = 1800  # for a suite as a whole
PROGRAM_SECONDS = 60


class Unavailable(Exception):
    """The suite, or what it needs, could not be had."""


@dataclasses.dataclass(frozen=True)
class Suite:
    """A row of the table, whose head explains the fields."""

    name: str
    repository: str
    commit: str
    folder: str = "."
    lab: dict = dataclasses.field(default_factory=dict)
    edit: dict = dataclasses.field(default_factory=dict)
    write: dict = dataclasses.field(default_factory=dict)
    environment: dict = dataclasses.field(default_factory=dict)
    needs: tuple = ()
    packages: tuple = ()
    pytest: tuple = ()
    go: tuple = ()
    roles: tuple = ()
    programs: tuple = ()
    playbooks: tuple = ()
    expected: dict = dataclasses.field(default_factory=dict)


def listed():
    return [Suite(**row) for row in yaml.safe_load(FILE.read_text(encoding="utf-8"))]


def run(suite, log):
    """Runs a suite; what of it has passed and failed, by name. Raises Unavailable."""
    if missing := [tool for tool in suite.needs if not shutil.which(tool)]:
        raise Unavailable(f"{', '.join(missing)} is not installed")
    source = fetched(suite, log)
    python = environment_of(suite, log)
    with tempfile.TemporaryDirectory(prefix="suite-") as folder, simulator(suite) as lab:
        work = pathlib.Path(folder) / "work"
        shutil.copytree(source, work, ignore=shutil.ignore_patterns(".git"))
        words = {**words_of(lab), "work": work, "python": python}
        for name, changes in suite.edit.items():
            replace(sorted(work.glob(name)), changes, words)
        for name, text in suite.write.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(filled(text, words), encoding="utf-8")
        given = {**os.environ, **{name: filled(value, words) for name, value in suite.environment.items()}}
        given["PATH"] = f"{python.parent}:{given['PATH']}"
        if suite.roles:
            return tests_of_roles(suite, work, lab, given, log)
        if suite.go:
            return tests_of_go(suite, work, given, log)
        if suite.playbooks:
            return suites_ansible.tests_of_playbooks(suite, work, given, log, execute)
        return tests_of_programs(suite, work, python, given, log) if suite.programs else tests_of_pytest(suite, work, python, given, log)


def simulator(suite):
    BUILD.mkdir(parents=True, exist_ok=True)
    scenario = BUILD / f"{slug(suite)}.yml"
    scenario.write_text(yaml.safe_dump(suite.lab or {"chassis": [{}]}), encoding="utf-8")
    return Simulator("-f", str(scenario))


def words_of(lab):
    """What may stand between braces in the table."""
    one = lab.chassis[0]
    keys = [user["private_key_file"] for user in one["users"] if user.get("private_key_file")]
    return {"host": one["host"], "port": one["port"], "name": one["name"], "known_hosts": lab.folder / "known_hosts", "key": keys[0] if keys else ""}


def filled(text, words):
    return re.sub(r"\{(\w+)\}", lambda found: str(words[found[1]]) if found[1] in words else found[0], text)


def replace(files, changes, words):
    """Writes where the laboratory is into files of theirs. A text that is in none of them means that the table is out of date."""
    texts = {file: file.read_text(encoding="utf-8") for file in files}
    for old, new in changes.items():
        if not any(old in text for text in texts.values()):
            raise LookupError(f"{', '.join(file.name for file in files)}: {old!r} is not in it any more")
        texts = {file: text.replace(old, filled(new, words)) for file, text in texts.items()}
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")


def fetched(suite, log):
    """The folder with the repository at its commit, kept between runs. Raises Unavailable."""
    folder, base = BUILD / f"{suite.repository.replace('/', '+')}-{suite.commit[:12]}", os.environ.get(FROM)
    if (folder / ".fetched").exists():
        return folder
    if not base:
        raise Unavailable(f"{suite.repository} is not here, and {FROM} does not say where repositories are (https://github.com)")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for command in (["init", "-q"], ["fetch", "-q", "--depth", "1", f"{base}/{suite.repository}", suite.commit], ["checkout", "-q", "FETCH_HEAD"]):
        done = subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "GIT_TERMINAL_PROMPT": "0"})
        if done.returncode:
            raise Unavailable(f"{suite.repository} could not be fetched: {done.stderr.strip()[-300:]}")
    print(f"fetched {suite.repository} {suite.commit}", file=log)
    (folder / ".fetched").touch()
    return folder


def environment_of(suite, log):
    """The Python of an environment with the packages of a suite, kept between runs. Raises Unavailable."""
    folder, wanted = BUILD / f"venv-{slug(suite)}", "\n".join(suite.packages)
    made = folder / ".made"
    if suite.packages and not (made.exists() and made.read_text(encoding="utf-8") == wanted):
        venv.create(folder, clear=True, with_pip=True)
        done = subprocess.run([folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *suite.packages],
                              stdout=log, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"{', '.join(suite.packages)} could not be installed: {done.stderr.strip()[-300:]}")
        made.write_text(wanted, encoding="utf-8")
    return folder / "bin/python"


def tests_of_pytest(suite, work, python, given, log):
    report = work / "report.xml"
    command = [python, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", f"--junit-xml={report}", *suite.pytest]
    log.write(execute(command, work / suite.folder, given))
    if not report.exists():
        return {"the suite": "failed"}
    results = {}
    for case in xml.etree.ElementTree.parse(report).getroot().iter("testcase"):
        name = "::".join(filter(None, (case.get("classname", "").rpartition(".")[2], case.get("name"))))
        if case.find("skipped") is None:
            bad = case.find("failure") is not None or case.find("error") is not None
            results[name] = "failed" if bad or results.get(name) == "failed" else "passed"
    return results


def tests_of_go(suite, work, given, log):
    out = execute(["go", "test", "-json", "-count=1", *suite.go], work / suite.folder, {**given, "GOFLAGS": "-mod=mod"})
    results, words = {}, {"pass": "passed", "fail": "failed"}
    for line in out.splitlines():
        event = json.loads(line) if line.startswith("{") else {"Output": f"{line}\n"}
        log.write(event.get("Output", ""))
        if event.get("Test") and event["Action"] in words:
            results[event["Test"]] = words[event["Action"]]
    return results or {"the suite": "failed"}


def tests_of_programs(suite, work, python, given, log):
    """A program of Python has passed if it ends without an error. They run in the order of the table."""
    results = {}
    for path in dict.fromkeys(found for pattern in suite.programs for found in sorted((work / suite.folder).glob(pattern))):
        text, code = finish([python, path.name], path.parent, given, PROGRAM_SECONDS)
        results[path.name] = "failed" if code else "passed"
        log.write(f"{path.name} {results[path.name]}\n" + (text[-1500:] if code else ""))
    return results


def tests_of_roles(suite, work, lab, given, log):
    try:
        return suites_ansible.run(suite, work, lab, given, log, SECONDS)
    except foreign_collections.Unavailable as error:
        raise Unavailable(str(error)) from error


def execute(command, folder, given):
    """Runs it to its end, or for SECONDS; what it printed."""
    return finish(command, folder, given, SECONDS)[0]


def finish(command, folder, given, seconds):
    """Runs it to its end, or for so long; what it printed, and how it ended."""
    try:
        done = subprocess.run(command, cwd=folder, env=given, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=seconds, start_new_session=True, check=False)
        return done.stdout.decode(errors="replace"), done.returncode
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode(errors="replace") + f"\nstopped after {seconds} s\n", -1


def judged(suite, results):
    """What is not as the table says: a failure that is not in it, a test in it that passes, one that there is not."""
    unexpected = [f"{name}: a new failure" for name, result in results.items() if result == "failed" and not any(map(names(name), suite.expected))]
    for row in suite.expected:
        meant = [name for name in results if names(name)(row)]
        unexpected += [f"{name}: passes now; take it out of {FILE.relative_to(TOP)}" for name in meant if results[name] == "passed"]
        unexpected += [] if meant else [f"{row}: was not run; take it out of {FILE.relative_to(TOP)}, or see why"]
    return unexpected


def names(test):
    """A function that says whether a row is of that test."""
    return lambda row: test.startswith(row[:-1]) if row.endswith("*") else test == row


def slug(suite):
    return re.sub(r"\W+", "-", suite.name)


def show(suite, log):
    """Runs a suite and prints a line for it, and one for everything that is not as expected. Returns how many pass, and how many are not as expected."""
    results = run(suite, log)
    unexpected = judged(suite, results)
    passed = sum(result == "passed" for result in results.values())
    print(f"{suite.name}: {passed} of {len(results)} pass, {len(suite.expected)} rows name what is expected to fail", file=log, flush=True)
    log.writelines(f"FAILED {suite.name}: {line}\n" for line in unexpected)
    return passed, len(unexpected)


if __name__ == "__main__":
    for each in listed():
        if not sys.argv[1:] or each.name in sys.argv[1:]:
            try:
                show(each, sys.stdout)
            except Unavailable as error:
                print(f"{each.name}: skipped: {error}")
