# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the files of a release, the same bytes from any folder and at any time: the collection, the simulators, the SBOM, SHA256SUMS.
Where VCHASSIS_SIGNING_KEY names a key, the sums are signed too.

    release.py STAGED SIMULATORS DIST      SIMULATORS has a folder for each archive, named like it
"""

import hashlib
import io
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tarfile
import tempfile

import deflate

import sbom
import signature

# ansible-galaxy stamps the time of the build into the archive. No collection cares, so it is a constant.
EPOCH = 946684800
LEVEL = 12  # the same format as gzip -9, and 4 % smaller


def main(staged, simulators, dist):
    dist.mkdir(parents=True, exist_ok=True)
    version = re.search(r"^version: *(\S+)", (staged / "galaxy.yml").read_text(encoding="utf-8"), re.M).group(1)
    collection(staged, dist)
    for folder in sorted(simulators.iterdir()):
        simulator(folder, dist / f"{folder.name}.tar.gz")
    sbom.write({"vchassis": any_program(staged / "plugins/plugin_utils"), "vchassis-sim": any_program(simulators)}, version, dist / f"vchassis-junos-{version}.cdx.json")
    files = sorted(path for path in dist.iterdir() if path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (dist / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    for path, line in zip(files, lines):
        print(f"{path.name:38}{path.stat().st_size / 1e6:6.1f} MB  sha256 {line.split()[0]}")
    if os.environ.get("VCHASSIS_SIGNING_KEY"):
        signature.main(dist)


def collection(staged, dist):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", folder, staged], check=True, stdout=subprocess.DEVNULL)
        built = next(pathlib.Path(folder).glob("*.tar.gz"))
        with tarfile.open(built) as old:
            members = {member.name: (member, old.extractfile(member).read() if member.isreg() else None) for member in old.getmembers()}
        (dist / built.name).write_bytes(packed(ordered(members)))


def ordered(members):
    """The members, by name, with the manifest in order: ansible-galaxy lists the files as the file system happens to."""
    files = json.loads(members["FILES.json"][1])
    files["files"].sort(key=lambda file: file["name"])
    listed = json.dumps(files, indent=True).encode()
    manifest = json.loads(members["MANIFEST.json"][1])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(listed).hexdigest()
    for name, data in (("FILES.json", listed), ("MANIFEST.json", json.dumps(manifest, indent=True).encode())):
        members[name][0].size = len(data)
        members[name] = (members[name][0], data)
    return list(members.values())


def simulator(folder, target):
    members = []
    for path in folder.iterdir():
        member = tarfile.TarInfo(f"{folder.name}/{path.name}")
        member.size, member.mode = path.stat().st_size, 0o755 if path.name == "vchassis-sim" else 0o644
        members.append((member, path.read_bytes()))
    target.write_bytes(packed(members))


def packed(members):
    """The archive in order of names, without times and owners."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as new:
        for member, data in sorted(members, key=lambda pair: pair[0].name):
            member.mtime, member.uid, member.gid, member.uname, member.gname, member.pax_headers = EPOCH, 0, 0, "", "", {}
            new.addfile(member, io.BytesIO(data) if data is not None else None)
    return deflate.gzip_compress(raw.getvalue(), LEVEL)


def any_program(folder):
    """A program below the folder, of this machine's platform if that was built."""
    found = sorted(path for path in folder.glob("*/*") if path.name in ("vchassis", "vchassis-sim"))
    return next((path for path in found if platform.system().lower() in path.parent.name), found[0])


if __name__ == "__main__":
    try:
        main(*map(pathlib.Path, sys.argv[1:]))
    except signature.Refused as error:
        sys.exit(f"signature: {error}")
