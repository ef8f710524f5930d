# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a change that users can see says so: a file in collection/changelogs/fragments.

A message that is new, gone or another may come from any package: the guide lists them all (tests/test_docs_failures.py sees to that), and what differs
in the column of its messages is a change that users can see.

Looked at is what differs from the place where this branch left main; on main itself what is not committed, or, where all is, what differs from the last
release. What nobody can see but had to touch those files (names, comments) has a fragment too, of the section "trivial", which appears on no page.
"""

import pathlib
import re
import subprocess

FRAGMENTS = "collection/changelogs/fragments/"
CHANGELOG = "collection/changelogs/changelog.yaml"
SEEN = re.compile(r"^(modules|roles|collection)/|^internal/outcome/record\.go$")  # the last one is the form of the records
# Tests and pages are not what a user runs; a stub is the page of its module.
GUIDE = "collection/docs/failures.md"
MESSAGES = re.compile(r"^\| (`.*?`) \|", re.M)
UNSEEN = re.compile(r"_test\.go$|/testdata/|/tests/|\.md$|^modules/\w+/\w+\.py$|^modules/returns\.yml$|^collection/(docs|changelogs)/|/\.gitkeep$")


class Unknown(Exception):
    """There is nothing to compare with."""


def missing(top):
    """The files that want a fragment, or none. Raises Unknown."""
    since = base(top)
    changed = differing(top, since)
    told = any(name.startswith(FRAGMENTS) and name.endswith((".yml", ".yaml")) and (pathlib.Path(top) / name).exists() for name in changed)
    if told or CHANGELOG in changed:
        return []
    said = [f"{GUIDE}: {message}" for message in messages(top, since)] if GUIDE in changed else []
    return [name for name in changed if SEEN.search(name) and not UNSEEN.search(name)] + said


def messages(top, since):
    """The messages of the guide that it has not had, and those that it has no more."""
    before, now = git(top, "show", f"{since}:{GUIDE}"), pathlib.Path(top) / GUIDE
    here = now.read_text(encoding="utf-8") if now.exists() else ""
    return sorted(set(MESSAGES.findall(before)) ^ set(MESSAGES.findall(here)))


def base(top):
    """The commit to compare with."""
    head, edited = git(top, "rev-parse", "HEAD"), any(SEEN.search(name) for name in differing(top, "HEAD"))
    for main in ("origin/main", "main"):
        left = git(top, "merge-base", "HEAD", main)
        if left and (left != head or edited):
            return left
    tag = git(top, "describe", "--tags", "--abbrev=0", "--match", "[0-9]*")
    # Where tags were not fetched: a release renders the changelog.
    found = tag or git(top, "log", "-1", "--format=%H", "--", CHANGELOG)
    if not found:
        raise Unknown("no history that shows the last release")
    return found


def differing(top, commit):
    """Names of files that are not as in the commit, also those that are new and not committed."""
    tracked = git(top, "diff", "--name-only", "-z", "--no-renames", commit)
    new = git(top, "ls-files", "-z", "--others", "--exclude-standard")
    return sorted(filter(None, f"{tracked}\0{new}".split("\0")))


def git(top, *words):
    """What git prints, or nothing where it fails."""
    done = subprocess.run(["git", *words], cwd=top, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
