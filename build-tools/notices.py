# SPDX-License-Identifier: GPL-3.0-or-later
"""What the licenses of linked modules want to go with a program: their copyright lines and their texts.

    notices.py OUTPUT PROGRAM ...      for the modules that Go says are linked into the programs, its own library among them

A module without a license, or with one that is not known here, is an error: somebody has to read it, and say that it goes with GPL-3.0.
"""

import json
import pathlib
import re
import subprocess
import sys

import linked

HEAD = """\
The programs of this archive contain what follows, besides the work of the vchassis authors, which is under the GNU General Public License v3.0
or later (LICENSE). Each part stays under its own license.
"""
FILES = re.compile(r"^(LICEN[CS]E|COPYING|NOTICE)([.-].*)?$", re.I)
LICENSE = re.compile(r"^(LICEN[CS]E|COPYING)", re.I)
COPYRIGHT = re.compile(r"^\s*(Copyright\s+(?:\(c\)|©|\d).*?)\s*$", re.M | re.I)
# By words that stand in no other license, the longest first. All go with GPL-3.0.
KNOWN = {
    "Apache-2.0": "Apache License Version 2.0, January 2004",
    "BSD-3-Clause": "Neither the name of",
    "BSD-2-Clause": "Redistributions in binary form must reproduce the above copyright notice",
    "MIT": "Permission is hereby granted, free of charge, to any person obtaining a copy of this software",
}


class Unlicensed(Exception):
    """A module whose license is missing or unknown."""


class Notice:
    """What a module wants: the id of its license in SPDX' list, its copyright lines, and the texts to hand on."""

    def __init__(self, folder, module):
        self.texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.is_file() and FILES.match(path.name)]
        found = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.is_file() and LICENSE.match(path.name)]
        if not found:
            raise Unlicensed(f"{module}: no license in {folder.name}")
        self.id, self.copyright = identified(found[0], module), list(dict.fromkeys(COPYRIGHT.findall("\n".join(self.texts))))


def identified(text, module):
    plain = " ".join(text.split())
    for name, words in KNOWN.items():
        if words in plain:
            return name
    raise Unlicensed(f"{module}: its license is none of {', '.join(KNOWN)}")


def of(module, version):
    """The notice of a module as it is in Go's cache, or of Go itself. Raises Unlicensed."""
    if module == "std":
        return Notice(pathlib.Path(go("env", "GOROOT").strip()), "std")
    said = json.loads(go("mod", "download", "-json", f"{module}@{version}"))
    return Notice(pathlib.Path(said["Dir"]), module)


def go(*words):
    return subprocess.run(["go", *words], check=True, capture_output=True, text=True, cwd=pathlib.Path(__file__).parent).stdout


def written(programs):
    """The page for all modules in the programs, by name. Raises Unlicensed."""
    parts, changed = [HEAD], set().union(*(linked.changed(program) for program in programs))
    for module, version in sorted(set().union(*(linked.modules(program) for program in programs))):
        notice = of(module, version)
        name = "The Go standard library and runtime" if module == "std" else module
        change = ", with the change of build-tools/x-crypto.patch" if module in changed else ""
        parts.append(f"{'=' * 80}\n{name} {version} ({notice.id}{change})\n{'=' * 80}\n\n" + "\n\n".join(text.strip() for text in notice.texts) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    try:
        pathlib.Path(sys.argv[1]).write_text(written(sys.argv[2:]), encoding="utf-8")
    except Unlicensed as error:
        sys.exit(f"notices: {error}")
