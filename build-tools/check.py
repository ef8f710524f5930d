# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs everything that must hold, goes on after a failure, and ends with one line of counts.

    check.py [--long] [GATE ...]      "list" names the gates

What a gate prints is kept in build/check/GATE.log and shown when it fails.
"""

import collections
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

TOP = pathlib.Path(__file__).resolve().parent.parent
LOGS = TOP / "build/check"
STAGED = TOP / "build/ansible_collections/vchassis/junos"
MODULES = sorted(path.stem for path in (TOP / "modules").glob("*/*.py"))
PLAIN = {"NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1", "COLUMNS": "160"}
FUZZTIME = os.environ.get("VCHASSIS_FUZZTIME", "60s")  # for each target
STATICCHECK = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"


class Counts(collections.Counter):
    def __str__(self):
        skipped = f", {self['skipped']} skipped" if self["skipped"] else ""
        return f"{self['passed']} passed, {self['failed']} failed{skipped}"


def main(arguments):
    long = "--long" in arguments
    wanted = [name for name in arguments if name != "--long"] or list(GATES)
    if wanted == ["list"]:
        print("\n".join(GATES))
        return 0
    unknown = [name for name in wanted if name not in GATES]
    if unknown:
        print(f"no such gate: {', '.join(unknown)}; there are {', '.join(GATES)}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    began, total = time.monotonic(), Counts()
    for name in wanted:
        total += gate(name, long)
    print(f"     all gates     {time.monotonic() - began:6.1f} s")
    print(Counts(total))
    return 1 if total["failed"] else 0


def gate(name, long):
    """Runs one gate and prints its line, and its output if it failed."""
    began = time.monotonic()
    with open(LOGS / f"{name}.log", "w+", encoding="utf-8", errors="replace") as log:
        counts = GATES[name](log, long)
        verdict = "FAIL" if counts["failed"] else "skip" if not counts["passed"] else "ok"
        print(f"{verdict:5}{name:14}{time.monotonic() - began:6.1f} s   {Counts(counts)}", flush=True)
        if verdict != "ok":
            log.seek(0)
            print("    " + "    ".join(log.readlines()[-60:]), flush=True)
    return counts


def run(log, *command, folder=TOP, output=None, **environment):
    """Runs a command to its end, and ends all that it started when it is interrupted."""
    print("$", *command, file=log, flush=True)
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **PLAIN, **environment}, stdin=subprocess.DEVNULL,
                               stdout=output or log, stderr=log, start_new_session=True)
    try:
        return process.wait() == 0
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def one(good):
    return Counts(passed=int(good), failed=int(not good))


def stage(log, _long):
    return one(run(log, "make", "--no-print-directory", "stage"))


def gofmt(log, _long):
    found = subprocess.run(["gofmt", "-l", "cmd", "internal", "modules"], cwd=TOP, capture_output=True, text=True, check=False)
    log.write(found.stdout + found.stderr)
    return one(not found.stdout and not found.returncode)


def vet(log, _long):
    return one(run(log, "go", "vet", "./..."))


def staticcheck(log, _long):
    if not run(log, "go", "run", STATICCHECK, "-version"):
        log.write(f"{STATICCHECK} could not be fetched or built\n")
        return Counts(skipped=1)
    return one(run(log, "go", "run", STATICCHECK, "./..."))


def go_tests(log, long):
    flags = ["-race", "-tags=long", "-timeout=60m"] if long else ["-timeout=15m"]
    sweep = {"VCHASSIS_SWEEP": "all"} if long else {}
    output = LOGS / "go.json"
    with open(output, "w", encoding="utf-8") as events:
        run(log, "go", "test", "-json", *flags, "./...", output=events, **sweep)
    return counted_go(output, log)


def fuzz(log, long):
    """Each fuzz target for FUZZTIME; without --long none, their seeds are tests like others."""
    if not long:
        log.write("only with --long\n")
        return Counts(skipped=1)
    counts = Counts()
    for package, target in fuzz_targets(log):
        began = time.monotonic()
        good = run(log, "go", "test", package, "-run=^$", f"-fuzz=^{target}$", f"-fuzztime={FUZZTIME}", "-timeout=15m")
        print(f"{'pass' if good else 'fail'} {package} {target} {time.monotonic() - began:.0f} s", file=log, flush=True)
        counts += one(good)
    return counts if counts else one(False)


def fuzz_targets(log):
    """What "go test -list" names: the targets of a package stand before the line of the package."""
    listed = subprocess.run(["go", "test", "-list", "^Fuzz", "./..."], cwd=TOP, stdout=subprocess.PIPE, stderr=log, text=True, check=False)
    names = []
    for line in listed.stdout.splitlines():
        if line.startswith("Fuzz"):
            names.append(line)
        elif line.startswith("ok"):
            yield from ((line.split()[1], name) for name in names)
            names = []


def counted_go(path, log):
    """Counts top-level tests, and packages that failed otherwise; logs what failing and skipped ones printed."""
    counts, printed, failed_packages = Counts(), collections.defaultdict(list), set()
    verdicts = {"pass": "passed", "fail": "failed", "skip": "skipped"}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            log.write(line + "\n")
            continue
        package = event.get("Package") or event.get("ImportPath", "")
        test, action = event.get("Test", "").split("/")[0], event["Action"]
        if action in ("output", "build-output"):
            printed[package, test].append(event["Output"])
        elif action in verdicts and event.get("Test", "") == test:
            if test:
                counts[verdicts[action]] += 1
                failed_packages |= {package} if action == "fail" else set()
            elif action == "fail" and package not in failed_packages:
                counts["failed"] += 1
            if action == "fail" or (test and action == "skip"):
                log.writelines([f"{action} {package} {test}\n", *printed[package, test]])
        elif action == "build-fail":
            log.writelines(printed[package, test])
    return counts


def yamllint(log, _long):
    return one(run(log, "yamllint", "--strict", "."))


def ansible_lint(log, _long):
    return one(run(log, "ansible-lint", "--offline", "--nocolor", "--profile", "production", "--strict", "--config-file", str(TOP / ".ansible-lint"), folder=STAGED))


def ansible_doc(log, _long):
    counts = Counts()
    for module in MODULES:
        counts += one(run(log, "ansible-doc", f"vchassis.junos.{module}"))
    return counts + one(run(log, "ansible-doc", "--type", "role", "vchassis.junos.scp_config_sync"))


def collection_docs(log, _long):
    return one(run(log, "antsibull-docs", "lint-collection-docs", "--plugin-docs", str(STAGED))) \
        + one(run(log, "antsibull-changelog", "lint", folder=STAGED))


def demo(log, _long):
    return one(run(log, "make", "--no-print-directory", "demo"))


def molecule(log, _long):
    scenarios = len(list((TOP / "molecule").glob("*/converge.yml")))
    good = run(log, "molecule", "test", "--all")
    return Counts(passed=scenarios) if good else Counts(failed=1)


def pytest(log, long):
    report = LOGS / "pytest.xml"
    report.unlink(missing_ok=True)
    good = run(log, "pytest", "-ra", f"--junit-xml={report}", *(["--long"] if long else []), "tests")
    if not report.exists():
        return one(good)
    suite = xml.etree.ElementTree.parse(report).getroot().find("testsuite").attrib
    failed, skipped = int(suite["failures"]) + int(suite["errors"]), int(suite["skipped"])
    return Counts(passed=int(suite["tests"]) - failed - skipped, failed=max(failed, int(not good)), skipped=skipped)


GATES = {
    "stage": stage,
    "gofmt": gofmt,
    "vet": vet,
    "staticcheck": staticcheck,
    "yamllint": yamllint,
    "ansible-lint": ansible_lint,
    "ansible-doc": ansible_doc,
    "docs": collection_docs,
    "go": go_tests,
    "fuzz": fuzz,
    "demo": demo,
    "molecule": molecule,
    "pytest": pytest,
}

if __name__ == "__main__":
    # A kill is an interruption like any other: what was started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
