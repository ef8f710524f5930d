# SPDX-License-Identifier: GPL-3.0-or-later
"""What the programs of a release are made of, as a CycloneDX document: the modules that Go says are linked into each, and their licenses."""

import json

import notices
from linked import modules

NAMESPACE = "pkg:generic/vchassis.junos"


def write(programs, version, output):
    """Writes the document. Programs are paths by name; those of one platform are enough, others link the same modules."""
    linked = {name: modules(path) for name, path in programs.items()}
    everything = sorted(set().union(*linked.values()))
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {**application("vchassis.junos", version), "components": [application(name, version) for name in sorted(programs)]}},
        "components": [library(*module) for module in everything],
        "dependencies": [
            {"ref": reference("vchassis.junos", version), "dependsOn": [reference(name, version) for name in sorted(programs)]},
            *({"ref": reference(name, version), "dependsOn": [purl(*module) for module in sorted(linked[name])]} for name in sorted(linked))],
    }
    output.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def application(name, version):
    return {"type": "application", "bom-ref": reference(name, version), "name": name, "version": version, "purl": reference(name, version),
            "licenses": [{"license": {"id": "GPL-3.0-or-later"}}]}


def reference(name, version):
    return f"{NAMESPACE}@{version}" if name == "vchassis.junos" else f"{NAMESPACE}@{version}#{name}"


def library(name, version):
    notice = notices.of(name, version)
    return {"type": "library", "bom-ref": purl(name, version), "name": name, "version": version, "licenses": [{"license": {"id": notice.id}}],
            "copyright": "\n".join(notice.copyright), "purl": purl(name, version)}


def purl(name, version):
    return f"pkg:golang/{name}@{version}"


def valid(path, log):
    """Whether the document is what CycloneDX's own schema wants."""
    from cyclonedx.schema import SchemaVersion  # only in .venv
    from cyclonedx.validation.json import JsonStrictValidator

    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(path.read_text(encoding="utf-8"))
    if fault:
        print(f"{path.name}: {fault}", file=log)
    return not fault
