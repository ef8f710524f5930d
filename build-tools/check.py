# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs everything that must hold, goes on after a failure, and ends with one line of counts.

    check.py [--long] [--release] [GATE ...]      "list" names the gates

What a gate prints is kept in build/check/GATE.log and shown when it fails; it fails too if that shows a password or a key that tests
log in with. --release adds what only a release needs, and runs all of Molecule's suite on the oldest core.
"""

import signal
import sys
import time

import gates_change as change
import gates_collection as collection
import gates_go as go
import gates_release as release
from gate import LOGS, Counts, figures, revealed

GATES = {
    "stage": collection.stage,
    "licenses": collection.licenses,
    "gofmt": go.gofmt,
    "vet": go.vet,
    "staticcheck": go.staticcheck,
    "govulncheck": go.govulncheck,
    "deadcode": change.deadcode,
    "fragment": change.fragment,
    "yamllint": collection.yamllint,
    "ansible-lint": collection.ansible_lint,
    "ansible-doc": collection.ansible_doc,
    "docs": collection.collection_docs,
    "sanity": collection.sanity,
    "importer": collection.importer,
    "go": go.go_tests,
    "demo": collection.demo,
    "molecule": collection.molecule,
    "molecule-old": collection.molecule_oldest,
    "pytest": collection.pytest,
}
LONG = {
    "fuzz": go.fuzz,
    "mutants": go.mutants,
}
RELEASE = {
    "version": release.version,
    "reproducible": release.reproducible,
    "sums": release.sums,
    "sbom": release.sbom,
    "galaxy": release.galaxy,
    "new-machine": release.new_machine,
}
# What --release does as thoroughly as --long.
THOROUGH = ("molecule-old",)


def main(arguments):
    long, releasing, everything = "--long" in arguments, "--release" in arguments, {**GATES, **LONG, **RELEASE}
    standard = [*GATES, *(LONG if long else ()), *(RELEASE if releasing else ())]
    wanted = [name for name in arguments if name not in ("--long", "--release")] or standard
    if wanted == ["list"]:
        print("\n".join(everything))
        return 0
    unknown = [name for name in wanted if name not in everything]
    if unknown:
        print(f"no such gate: {', '.join(unknown)}; there are {', '.join(everything)}", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    began, total = time.monotonic(), Counts()
    for name in wanted:
        total += gate(name, everything[name], long or releasing and name in THOROUGH)
    print(f"     all gates     {time.monotonic() - began:6.1f} s")
    print(Counts(total))
    return 1 if total["failed"] else 0


def gate(name, function, long):
    """Runs one gate and prints its line, and its output if it failed."""
    began = time.monotonic()
    with open(LOGS / f"{name}.log", "w+", encoding="utf-8", errors="replace") as log:
        counts = function(log, long)
        counts += revealed(name, log)
        verdict = "FAIL" if counts["failed"] else "skip" if not counts["passed"] else "ok"
        print(f"{verdict:5}{name:14}{time.monotonic() - began:6.1f} s   {Counts(counts)}", flush=True)
        for line in figures(log):
            print(f"{'':19}{line}", flush=True)
        if verdict != "ok":
            log.seek(0)
            print("    " + "    ".join(log.readlines()[-60:]), flush=True)
    return counts


if __name__ == "__main__":
    # A kill is an interruption like any other: what was started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
