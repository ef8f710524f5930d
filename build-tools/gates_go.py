# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates of the Go programs."""

import collections
import json
import os
import subprocess

import suites
from gate import LOGS, TOP, Counts, figure, one, run, skipped

FUZZTIME = os.environ.get("VCHASSIS_FUZZTIME", "60s")  # for each target
# How many mutants of each package.
MUTATED = {"./internal/vc": 100, "./internal/change": 40, "./internal/junos": 100, "./internal/netconf/...": 100, "./internal/sshconn/...": 100,
           "./internal/ansible": 100}
SEED = os.environ.get("VCHASSIS_SEED", "1")  # draws other mutants
# Tests wait for devices that are slow on purpose. More of them at a time than there are processors end sooner, and cost less: who waits costs a little too.
SIDE_BY_SIDE = ("-p=3", "-parallel=8")
STATICCHECK = "honnef.co/go/tools/cmd/staticcheck@v0.8.2"
GOVULNCHECK = "golang.org/x/vuln/cmd/govulncheck@v1.9.0"


def gofmt(log, _extent):
    found = subprocess.run(["gofmt", "-l", "cmd", "internal", "modules"], cwd=TOP, capture_output=True, text=True, check=False)
    log.write(found.stdout + found.stderr)
    return one(not found.stdout and not found.returncode)


def vet(log, _extent):
    return one(run(log, "go", "vet", "./..."))


def staticcheck(log, _extent):
    if not run(log, "go", "run", STATICCHECK, "-version"):
        return skipped(log, f"{STATICCHECK} could not be fetched or built")
    return one(run(log, "go", "run", STATICCHECK, "./..."))


def govulncheck(log, _extent):
    """Known vulnerabilities in code that the programs reach. The database is hundreds of megabytes and not fetched: it has to be given."""
    database = os.environ.get("VCHASSIS_VULNDB")
    if not database:
        return skipped(log, "VCHASSIS_VULNDB names no vulnerability database (file:///... or https://...)")
    return one(run(log, "go", "run", GOVULNCHECK, "-db", database, "./..."))


def go_tests(log, extent):
    flags = ["-race", "-tags=long", "-timeout=150m"] if extent.long else ["-timeout=15m"] + extent.short * ["-short"]
    # The race detector is written in C, and needs the memory that collecting garbage less often takes.
    settings = {"VCHASSIS_SWEEP": "all", "CGO_ENABLED": "1"} if extent.long else {"GOGC": "400"}
    output = LOGS / "go.json"
    with open(output, "w", encoding="utf-8") as events:
        # The gate vet has looked at all packages. Without symbols for debuggers, programs of tests are linked in two thirds of the time.
        run(log, "go", "test", "-json", "-vet=off", "-ldflags=-w", *SIDE_BY_SIDE, *flags, *(extent.parts or ["./..."]), output=events, **settings)
    return counted(output, log)


def fuzz(log, _extent):
    """Each fuzz target for FUZZTIME. Their seeds are tests like others."""
    counts = Counts()
    for package, target in fuzz_targets(log):
        good = run(log, "go", "test", package, "-run=^$", f"-fuzz=^{target}$", f"-fuzztime={FUZZTIME}", "-timeout=15m")
        print(f"{'pass' if good else 'fail'} {package} {target}", file=log, flush=True)
        counts += one(good)
    return counts if counts else one(False)


def mutants(log, _long):
    """Small random changes of each package that is kept so, which its own tests have to notice."""
    counts = Counts()
    for package, number in MUTATED.items():
        counts += one(run(log, "go", "run", "./tests/mutants", "-seed", SEED, "-n", str(number), package))
    return counts


def foreign_suites(log, extent):
    """Suites that others have written for Junos, against the simulator. What cannot be had is skipped by name."""
    counts = Counts()
    for suite in suites.listed():
        if extent.parts and suite.name not in extent.parts:
            continue
        try:
            passed, unexpected = suites.show(suite, log)
        except suites.Unavailable as error:
            counts += skipped(log, f"{suite.name}: {error}")
            continue
        counts += Counts(passed=passed, failed=unexpected)
    return counts


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


def counted(path, log):
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
            figure(log, event["Output"])
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
