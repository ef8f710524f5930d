# SPDX-License-Identifier: GPL-3.0-or-later
"""What gates share: counts, places, and how a command is run."""

import collections
import dataclasses
import os
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent
LOGS = TOP / "build/check"
STAGED = TOP / "build/ansible_collections/vchassis/junos"
RELEASED = TOP / "build/release/ansible_collections/vchassis/junos"
DIST = TOP / "dist"
CANARIES = TOP / "internal/secret/canary/canaries.txt"
FIGURE = re.compile(r"^(?:\w+\.go:\d+: )?(\w.*: \d+ / \d+ of \d+)$")
SAID = 3  # lines of a test that failed, beside its name
PLAIN = {"NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1", "COLUMNS": "160"}


class Counts(collections.Counter):
    def __str__(self):
        skipped = f", {self['skipped']} skipped" if self["skipped"] else ""
        return f"{self['passed']} passed, {self['failed']} failed{skipped}"


@dataclasses.dataclass(frozen=True)
class Extent:
    """How much of a gate is to be run."""

    long: bool = False  # all samples are taken whole
    short: bool = False  # Go tests with -short
    parts: tuple = ()  # Go packages, Molecule's scenarios, files of tests; without any, all of them


def one(good):
    return Counts(passed=int(good), failed=int(not good))


def skipped(log, why):
    log.write(f"skipped: {why}\n")
    return Counts(skipped=1)


def run(log, *command, folder=TOP, output=None, **environment):
    """Runs a command to its end; whether that was a good one."""
    print("$", *command, file=log, flush=True)
    try:
        done = subprocess.run(command, cwd=folder, env={**os.environ, **PLAIN, **environment}, stdin=subprocess.DEVNULL,
                              stdout=output or log, stderr=log, start_new_session=True, check=False)
    except OSError as error:
        print(error, file=log, flush=True)
        return False
    return done.returncode == 0


def revealed(name, log):
    """Fails for each file of a gate's output that shows one of the secrets that tests log in with."""
    log.flush()
    secrets, failed = canaries(), 0
    for file in sorted(LOGS.glob(f"{name}.*")):
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            shown = [secret[:3] for secret in secrets if secret in line]
            if shown:
                print(f"{file.relative_to(TOP)}:{number} shows a secret of {CANARIES.relative_to(TOP)}: {shown[0]}...", file=log, flush=True)
                failed += 1
                break
    return Counts(failed=failed)


def canaries():
    """The secrets that tests log in with."""
    lines = [line.strip() for line in CANARIES.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def figure(log, text):
    """Keeps what a test says of itself, as "kills survived / tried: 12 / 12 of 90", for whoever runs the gate."""
    found = FIGURE.match(text.strip())
    if found:
        print(f"figure: {found[1]}", file=log, flush=True)


def figures(log):
    log.seek(0)
    return [line.removeprefix("figure: ").rstrip() for line in log if line.startswith("figure: ")]


def failures(log):
    """What has failed, by the names that go test and pytest print, and what a Go test said of it first."""
    log.seek(0)
    named, said = [], 0
    for line in map(str.rstrip, log):
        if line.lstrip().startswith(("fail ", "--- FAIL", "FAILED ", "ERROR", "not on the page: ")):
            named, said = [*named, line], 0
        elif named and said < SAID and re.match(r"\s*\w+_test\.go:\d+: ", line):
            named, said = [*named, line], said + 1
    return named


def processors():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def tracked(*patterns):
    """The files of the repository that match, whether committed or new; what git ignores is not among them."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
                            cwd=TOP, check=True, capture_output=True, text=True).stdout
    return [TOP / name for name in listed.split("\0") if name and (TOP / name).is_file()]
