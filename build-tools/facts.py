# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts that stand in several files have one home, where they are edited; this writes the copies.

    facts.py            writes them ("make facts")
    facts.py --check    names the files that differ, and changes nothing

What cannot be written, because a person has to find the words, is compared by tests/test_facts.py.
"""

import re
import sys

import arguments
import changelog
import matrix
from gate import TOP

RETURNS = TOP / "modules/returns.yml"


class Unplaced(Exception):
    """A file that should hold a copy has no place for it."""


def copies():
    """(file, what it should be) for every file with a copy, as often as it has one."""
    for stub in sorted((TOP / "modules").glob("*/*.py")):
        yield stub, with_returns
    yield arguments.HOME, arguments.written
    yield TOP / "collection/docs/getting_started.md", says(r"ansible-core ([\d.]+) or later", matrix.OLDEST)
    for role in sorted((TOP / "roles").glob("*/meta/main.yml")):
        yield role, says(r'min_ansible_version: "([\d.]+)"', matrix.OLDEST)
    for page in ("README.md", "CONTRIBUTING.md"):
        yield TOP / page, says(r"any Python from 3\.(\d+)", oldest_python())
    yield TOP / ".github/workflows/ci.yml", says(r'python: \["3\.(\d+)", ', oldest_python())
    for page in ("README.md", "collection/docs/getting_started.md", "awx/project/collections/requirements.yml"):
        yield TOP / page, says(r"vchassis-junos-(\d[\w.-]*)\.tar\.gz", changelog.published())


def with_returns(text):
    """A stub whose RETURN ends with what every module returns."""
    common = re.sub(r"\A(#.*\n|---\n)*", "", RETURNS.read_text(encoding="utf-8"))
    first = re.escape(common.split("\n", 1)[0])
    found = re.search(rf'^RETURN = r"""\n((?:(?!{first}$).*\n)*?)({first}\n(?:.*\n)*?)?"""$', text, re.M)
    if not found:
        raise Unplaced('no RETURN = r"""')
    return text[:found.end(1)] + common + '"""' + text[found.end():]


def says(pattern, value):
    """A text in which the group of the pattern is the value, wherever the pattern is."""

    def write(text):
        if not re.search(pattern, text):
            raise Unplaced(f"nothing like {pattern}")
        return re.sub(pattern, lambda found: text[found.start():found.start(1)] + value + text[found.end(1):found.end()], text)

    return write


def oldest_python():
    """The minor version of the oldest Python on which the tools are installed."""
    return re.search(r"^oldest=(\d+)$", (TOP / "build-tools/venv").read_text(encoding="utf-8"), re.M).group(1)


def wanted():
    """What every file with a copy should be, by path."""
    files = {}
    for path, write in copies():
        try:
            files[path] = write(files.get(path) or path.read_text(encoding="utf-8"))
        except (OSError, Unplaced) as error:
            raise SystemExit(f"{path.relative_to(TOP)}: {error}") from None
    return files


def stale():
    """The files that are not as they should be, with what they should be."""
    return {path: text for path, text in wanted().items() if path.read_text(encoding="utf-8") != text}


def main(words):
    different = stale()
    for path, text in different.items():
        if words == ["--check"]:
            print(f"{path.relative_to(TOP)} differs from the home of a fact: make facts")
        else:
            path.write_text(text, encoding="utf-8")
    return int(bool(different) and words == ["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
