# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates of a change: what it says of itself, and what it leaves behind."""

import json
import subprocess

import fragment as fragments
from gate import TOP, one, run, skipped

DEADCODE = "golang.org/x/tools/cmd/deadcode@v0.51.0"  # the golang.org/x/tools of staticcheck, so that most of it is compiled once
PROGRAMS = ("./cmd/vchassis", "./cmd/vchassis-sim")
PREFIX = "github.com/vchassis/vchassis.junos/"
# Functions that no program reaches, and why they stay.
UNREACHED = {
    "internal/ansible.Module.Returns": "modules/documentation_test.go compares them with the stubs",
    "internal/ansible.Spec": "the same, of what modules share",
    "internal/ansible.returnsOf": "of Returns",
    "internal/ansible.newReturn": "of Returns",
    "internal/ansible.jsonType": "of Returns",
    "internal/ansible.vanishedError.isHalfway": "a mark: that it has it is asked, and it is never called",
    "internal/ansible.panicError.isHalfway": "the same",
}


def fragment(log, _extent):
    """A change that users can see has a changelog fragment."""
    try:
        without = fragments.missing(TOP)
    except fragments.Unknown as error:
        return skipped(log, error)
    if without:
        log.write("no file is new in collection/changelogs/fragments (section trivial, if no user can see the change), and changed are:\n")
    log.writelines(f"    {name}\n" for name in without)
    return one(not without)


def deadcode(log, _extent):
    """No program has a function that it cannot reach, but for those that tests need. Packages of tests are in no program."""
    folder = TOP / "build/bin"
    if not run(log, "go", "install", DEADCODE, GOBIN=str(folder)):
        return skipped(log, f"{DEADCODE} could not be fetched or built")
    done = subprocess.run([folder / "deadcode", "-json", *PROGRAMS], cwd=TOP, capture_output=True, text=True, check=False)
    log.write(done.stderr)
    return one(done.returncode == 0 and judged(json.loads(done.stdout or "[]") or [], log))


def judged(packages, log):
    """Whether exactly those functions are unreached that may be; logs the others."""
    found = {f"{package['Path'].removeprefix(PREFIX)}.{function['Name']}": function["Position"] for package in packages for function in package["Funcs"]}
    for name in sorted(found.keys() - UNREACHED.keys()):
        log.write(f"{found[name]['File']}:{found[name]['Line']}: no program reaches {name}: delete it, or say in build-tools/gates_change.py why it stays\n")
    for name in sorted(UNREACHED.keys() - found.keys()):
        log.write(f"build-tools/gates_change.py: {name} is reached, or gone: take it off the list\n")
    return found.keys() == UNREACHED.keys()
