# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs everything that must hold, goes on after a failure, and ends with one line of counts.

    check.py [--long | --quick] [--release] [GATE[=PART,...] ...]      "list" names the gates

Parts are packages of Go, scenarios of Molecule, or files and tests of pytest. What a gate prints is kept in build/check/GATE.log and shown when
it fails; it fails too if that shows a password or a key that tests log in with. --quick takes seconds of what is quick, --release adds what only a
release needs, and runs all of Molecule's suite on the oldest core.
"""

import sys
import time

import gates_change as change
import gates_collection as collection
import gates_go as go
import gates_release as release
from gate import LOGS, Counts, Extent, failures, figures
from lanes import Gate, Interrupted, Lanes, interruptible

GATES = {
    "stage": Gate(collection.stage, seconds=100, after=()),
    "licenses": Gate(collection.licenses, after=()),
    "gofmt": Gate(go.gofmt, after=()),
    "vet": Gate(go.vet, seconds=8, after=()),
    "staticcheck": Gate(go.staticcheck, seconds=60, after=()),
    "govulncheck": Gate(go.govulncheck, after=()),
    "deadcode": Gate(change.deadcode, seconds=15, after=()),
    "fragment": Gate(change.fragment, after=()),
    "yamllint": Gate(collection.yamllint, after=()),
    "ansible-lint": Gate(collection.ansible_lint, seconds=30),
    "ansible-doc": Gate(collection.ansible_doc, seconds=5),
    "docs": Gate(collection.collection_docs, seconds=18),
    "sanity": Gate(collection.sanity, seconds=90),
    "importer": Gate(collection.importer, seconds=15),
    "go": Gate(go.go_tests, seconds=200),
    "demo": Gate(collection.demo, seconds=13),
    "molecule": Gate(collection.molecule, seconds=30, holds="molecule"),
    "molecule-old": Gate(collection.molecule_oldest, seconds=30, holds="molecule"),
    "facts": Gate(collection.facts, seconds=6),
    "pytest": Gate(collection.pytest, seconds=700),
}
QUICK = ("stage", "licenses", "gofmt", "vet", "staticcheck", "fragment", "yamllint", "ansible-lint", "go", "facts")
LONG = {
    "fuzz": Gate(go.fuzz, after=("go", "pytest", "molecule", "molecule-old")),  # it takes every processor that there is
    "suites": Gate(go.foreign_suites, seconds=200, after=("stage",)),
    "mutants": Gate(go.mutants, seconds=7200, after=("go", "pytest", "molecule", "molecule-old")),
}
RELEASE = {
    "version": Gate(release.version, after=()),
    "reproducible": Gate(release.reproducible),
    "sums": Gate(release.sums, after=("reproducible",)),
    "sbom": Gate(release.sbom, after=("reproducible",)),
    "galaxy": Gate(release.galaxy, after=("reproducible",)),
    "new-machine": Gate(release.new_machine, after=("reproducible",)),
}
EVERYTHING = {**GATES, **LONG, **RELEASE}
# What --release does as thoroughly as --long.
THOROUGH = ("molecule-old",)
FLAGS = ("--long", "--quick", "--release")


def main(arguments):
    flags, parts = {word for word in arguments if word in FLAGS}, dict(chosen(word) for word in arguments if word not in FLAGS)
    if "list" in parts:
        print("\n".join(EVERYTHING))
        return 0
    unknown = [name for name in parts if name not in EVERYTHING]
    if unknown:
        print(f"no such gate: {', '.join(unknown)}; there are {', '.join(EVERYTHING)}", file=sys.stderr)
        return 2
    wanted = parts or dict.fromkeys(standard(flags), ())
    if any("stage" in EVERYTHING[name].after for name in wanted):
        wanted = {"stage": (), **wanted}
    return run({name: Extent(long="--long" in flags or "--release" in flags and name in THOROUGH, short="--quick" in flags, parts=tuple(some))
                for name, some in wanted.items()})


def chosen(word):
    """A gate's name, and the parts of it that are wanted."""
    name, _, parts = word.partition("=")
    return name, [part for part in parts.split(",") if part]


def standard(flags):
    """The gates that are run if none is named."""
    if "--quick" in flags:
        return QUICK
    return [*GATES, *(LONG if "--long" in flags else ()), *(RELEASE if "--release" in flags else ())]


def run(extents):
    """Runs the gates, prints a line for each when it has ended, and the sums."""
    LOGS.mkdir(parents=True, exist_ok=True)
    began, total, processor, failed = time.monotonic(), Counts(), 0.0, []
    try:
        with interruptible():
            for ended in Lanes({name: EVERYTHING[name] for name in extents}, extents).run():
                failed += show(ended)
                total += ended.counts
                processor += ended.processor
    except Interrupted as signal:
        print(f"interrupted by signal {signal}; all that was started is ended", flush=True)
        return 128 + signal.args[0]
    for line in failed:
        print(line)
    print(f"     {'all gates':14}{time.monotonic() - began:6.1f} s {processor:7.1f} s of processor time")
    print(Counts(total))
    return 1 if total["failed"] else 0


def show(ended):
    """Prints the line of a gate, and its output if it failed; returns what in it has failed, to be told again at the end."""
    verdict = "FAIL" if ended.counts["failed"] else "skip" if not ended.counts["passed"] else "ok"
    print(f"{verdict:5}{ended.name:14}{ended.wall:6.1f} s {ended.processor:7.1f} s   {ended.counts}", flush=True)
    with open(LOGS / f"{ended.name}.log", encoding="utf-8", errors="replace") as log:
        for line in figures(log):
            print(f"{'':29}{line}", flush=True)
        if verdict != "ok":
            log.seek(0)
            print("    " + "    ".join(log.readlines()[-60:]), flush=True)
        return [f"{ended.name}: {line}" for line in failures(log)] if verdict == "FAIL" else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
