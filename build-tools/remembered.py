# SPDX-License-Identifier: GPL-3.0-or-later
"""With what a gate was content, as go test keeps its results: where nothing that it reads has changed since, make quick does not ask it again."""

import hashlib
import sys

from gate import LOGS, TOP

TOOLS = TOP / "build-tools/requirements.txt"  # other releases of the tools find other things


def digest(*paths):
    """A sum over files and folders: names, and what is in them. Programs are not read by whoever reads YAML and Python."""
    total = hashlib.sha256(sys.version.encode())
    for path in (*paths, TOOLS):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and file.name != "vchassis":
                content = file.read_bytes()
                total.update(f"{file.relative_to(path.parent)}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def has_passed(gate, found):
    file = LOGS / f"{gate}.passed"
    return file.exists() and file.read_text(encoding="utf-8") == found


def keep(gate, found, good):
    """Remembers that the gate was content with it; forgets what was before."""
    (LOGS / f"{gate}.passed").write_text(found if good else "", encoding="utf-8")
