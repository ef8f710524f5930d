# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the collection tarball from the staged tree, the same bytes from any folder and at any time.

    tarball.py STAGED DIST
"""

import gzip
import hashlib
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile

# ansible-galaxy stamps the time of the build into the archive. No collection cares, so it is a constant.
EPOCH = 946684800


def main(staged, dist):
    dist.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", folder, staged],
                       check=True, stdout=subprocess.DEVNULL)
        built = next(pathlib.Path(folder).glob("*.tar.gz"))
        target = dist / built.name
        target.write_bytes(repacked(built))
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    (dist / "SHA256SUMS").write_text(f"{digest}  {target.name}\n")
    print(f"{target}  {target.stat().st_size / 1e6:.1f} MB  sha256 {digest}")


def repacked(path):
    """The archive in order of names, without times and owners."""
    raw = io.BytesIO()
    with tarfile.open(path) as old, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as new:
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.uid, member.gid, member.uname, member.gname = EPOCH, 0, 0, "", ""
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isreg() else None)
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="", compresslevel=9) as packed:
        packed.write(raw.getvalue())
    return out.getvalue()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
