# SPDX-License-Identifier: GPL-3.0-or-later
"""Renders the fragments of collection/changelogs into the changelog of the version in galaxy.yml.

    changelog.py            writes collection/CHANGELOG.md and changelog.yaml, and removes the fragments. Between releases it refuses
    changelog.py --check    does it in a copy, shows the page, and changes nothing
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

from gate import STAGED, TOP

COLLECTION = TOP / "collection"
KEPT = ("CHANGELOG.md", "changelogs/changelog.yaml")
BETWEEN = "-dev"  # ends the version of what comes after a release: before the next one by the rules of semantic versions, which Galaxy follows


def version():
    return re.search(r"^version: *(\S+)", (TOP / "galaxy.yml").read_text(encoding="utf-8"), re.M).group(1)


def published():
    """The version that a reader can install, and that pages therefore name: that of galaxy.yml, between releases the newest of the changelog."""
    if not version().endswith(BETWEEN):
        return version()
    return max(releases(), key=lambda name: [int(number) for number in name.split(".")])


def releases():
    return yaml.safe_load((COLLECTION / "changelogs/changelog.yaml").read_text(encoding="utf-8"))["releases"]


def fragments():
    return sorted((COLLECTION / "changelogs/fragments").glob("*.yml"))


def rendered(folder, log):
    """Renders in a copy of the staged tree below the folder, and returns that copy. Raises CalledProcessError."""
    copy = pathlib.Path(folder) / "ansible_collections/vchassis/junos"
    shutil.copytree(STAGED, copy, symlinks=True)
    shutil.copytree(COLLECTION / "changelogs", copy / "changelogs", dirs_exist_ok=True)
    # A version that is in the changelog already and still has fragments was not published: they are added to it.
    update = ["--update-existing"] if version() in releases() else []
    environment = {"PATH": f"{TOP}/.venv/bin:/usr/bin:/bin", "ANSIBLE_COLLECTIONS_PATH": str(folder), "HOME": str(TOP / "build"), "LC_ALL": "C.UTF-8"}
    command = ["antsibull-changelog", "release", "--version", version(), *update] if fragments() else ["antsibull-changelog", "generate"]
    subprocess.run(command, cwd=copy, env=environment, check=True, stdout=log, stderr=log)
    tidy(copy / "changelogs/changelog.yaml")
    return copy


class Indented(yaml.SafeDumper):
    """Lists stand deeper than their key, as yamllint wants it."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)


def tidy(path):
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text("---\n" + yaml.dump(content, Dumper=Indented, width=110, allow_unicode=True), encoding="utf-8")


def rehearsed(log):
    """Whether all fragments can be rendered: every text of theirs is on the page, and without fragments the page is the committed one."""
    with tempfile.TemporaryDirectory(prefix="changelog-") as folder:
        try:
            copy = rendered(folder, log)
        except subprocess.CalledProcessError as error:
            print(error, file=log, flush=True)
            return False
        page, kept = ((base / "CHANGELOG.md").read_text(encoding="utf-8") for base in (copy, COLLECTION))
    missing = [text for text in texts() if words(text) not in words(page)]
    for text in missing:
        print(f"not on the page: {text}", file=log)
    if not fragments() and page != kept:
        print("CHANGELOG.md is not what changelog.yaml gives: make changelog", file=log)
    return not missing and (bool(fragments()) or page == kept)


def texts():
    """All that readers of the page are told; "trivial" is for those who read fragments."""
    for path in fragments():
        for section, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if section != "trivial":
                yield from [entries] if isinstance(entries, str) else entries


def words(text):
    """The letters and digits alone: the page escapes, marks code and breaks lines as Markdown wants it."""
    return re.sub(r"[^a-zA-Z0-9]+", "", re.sub("</?code>", "", text))


def main(arguments):
    if arguments == ["--check"]:
        return 0 if rehearsed(sys.stdout) else 1
    if version().endswith(BETWEEN):
        print(f"galaxy.yml says {version()}: write the version of the release there first", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="changelog-") as folder:
        copy = rendered(folder, sys.stdout)
        for name in KEPT:
            shutil.copy(copy / name, COLLECTION / name)
        for path in fragments():
            if not (copy / path.relative_to(COLLECTION)).exists():
                path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
