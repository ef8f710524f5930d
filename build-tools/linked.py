# SPDX-License-Identifier: GPL-3.0-or-later
"""What is linked into a program."""

import re
import subprocess


def modules(program):
    """(name, version) of what is linked into it, Go's own library among them."""
    text = said(program)
    return {("std", re.search(r": go(\S+)", text).group(1)), *re.findall(r"^\tdep\t(\S+)\t(\S+)", text, re.M)}


def changed(program):
    """The names of those that are linked with a change of ours (build-tools/modfile)."""
    return set(re.findall(r"^\tdep\t(\S+)\t\S+\n\t=>\t\./", said(program), re.M))


def said(program):
    return subprocess.run(["go", "version", "-m", program], check=True, capture_output=True, text=True).stdout
