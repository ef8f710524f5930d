# SPDX-License-Identifier: GPL-3.0-or-later
"""What is linked into a program."""

import re
import subprocess


def modules(program):
    """(name, version) of what is linked into it, Go's own library among them."""
    said = subprocess.run(["go", "version", "-m", program], check=True, capture_output=True, text=True).stdout
    toolchain = re.search(r": go(\S+)", said).group(1)
    return {("std", toolchain), *re.findall(r"^\tdep\t(\S+)\t(\S+)", said, re.M)}
