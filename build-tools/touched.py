# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs what the changes since main reach, and says why.

    touched.py [COMMIT]     compares with that commit instead of main; what is neither committed nor ignored counts too
"""

import subprocess
import sys

import check
import reach
from gate import TOP, Extent

ALWAYS = ("licenses", "gofmt", "vet", "staticcheck", "fragment", "yamllint", "facts")


def main(base="main"):
    since = git("merge-base", "HEAD", base)
    if not since:
        print(f"touched: there is no {base} to compare with: BASE=COMMIT names another", file=sys.stderr)
        return 2
    files = changed(since)
    if not files:
        print(f"nothing differs from {base}")
        return 0
    print(f"{len(files)} files differ from {base} at {since[:10]}")
    reached = reach.Reach(reach.packages())
    for file in files:
        reached.add(file)
    explain(reached)
    return check.run(extents(reached))


def git(*words):
    return subprocess.run(["git", *words], cwd=TOP, capture_output=True, text=True, check=False).stdout.strip()


def changed(since):
    return sorted({*git("diff", "--name-only", since).splitlines(), *git("ls-files", "--others", "--exclude-standard").splitlines()})


def explain(reached):
    """A line a gate and reason, with one of the files that are the reason."""
    for unknown in reached.unknown:
        print(f"  {unknown}: nobody knows what it reaches, so all of make quick is run")
    grouped = {}
    for gate, parts, file, why in reached.reasons:
        grouped.setdefault((gate, parts, why), []).append(file)
    for (gate, parts, why), files in sorted(grouped.items()):
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        print(f"  {'='.join([gate, ','.join(parts)]) if parts else gate}\n      {files[0]}{more}: {why}")
    print(flush=True)


def extents(reached):
    """The gates with their parts. Where something is unknown, those of make quick are added, and none of them is cut."""
    quick = check.QUICK if reached.unknown else ALWAYS
    parts = {name: tuple(sorted(some)) for name, some in reached.gates.items()}
    if reached.unknown:
        parts |= {name: () for name in quick if name in parts}
    return {"stage": Extent()} | {name: Extent(short=True) for name in quick} | {name: Extent(parts=some) for name, some in parts.items()}


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
