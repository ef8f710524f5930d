# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the program is made of, as a CycloneDX document: the modules that Go says are linked into it.

    sbom.py PROGRAM GALAXY.YML OUTPUT
"""

import json
import pathlib
import re
import subprocess
import sys


def main(program, galaxy, output):
    version = re.search(r"^version: *(\S+)", pathlib.Path(galaxy).read_text(), re.M).group(1)
    said = subprocess.run(["go", "version", "-m", program], check=True, capture_output=True, text=True).stdout
    toolchain = re.search(r": (go\S+)", said).group(1)
    modules = sorted(re.findall(r"^\tdep\t(\S+)\t(\S+)", said, re.M))
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"component": {
            "type": "application", "name": "vchassis.junos", "version": version, "purl": f"pkg:generic/vchassis.junos@{version}",
            "licenses": [{"license": {"id": "GPL-3.0-or-later"}}]}},
        "components": [component("golang.org/std", toolchain.removeprefix("go")), *(component(*module) for module in modules)],
    }
    pathlib.Path(output).write_text(json.dumps(document, indent=2) + "\n")


def component(name, version):
    return {"type": "library", "name": name, "version": version, "purl": f"pkg:golang/{name}@{version}"}


if __name__ == "__main__":
    main(*sys.argv[1:])
