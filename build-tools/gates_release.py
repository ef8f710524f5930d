# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates that only a release has to pass. They work on dist/, which "reproducible" makes."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import changelog
import gates_collection
import sbom as materials
from gate import DIST, TOP, one, run, tracked

LIMIT = 19_000_000  # Galaxy takes 20 MB
PLATFORMS = ("linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "linux-ppc64le", "linux-s390x")


def version(log, _extent):
    """One version in galaxy.yml, the changelog, the pages and the tag; nothing that is not committed."""
    wanted = changelog.version()
    faults = [f"{path.name}: a fragment that is not rendered: make changelog" for path in changelog.fragments()]
    if wanted.endswith(changelog.BETWEEN):
        faults.append(f"galaxy.yml says {wanted}, which is what comes between releases")
    elif wanted not in changelog.releases():
        faults.append(f"changelog.yaml has no release {wanted}: make changelog")
    for name in ("README.md", "collection/docs/getting_started.md"):
        if f"vchassis-junos-{changelog.published()}.tar.gz" not in (TOP / name).read_text(encoding="utf-8"):
            faults.append(f"{name} does not name vchassis-junos-{changelog.published()}.tar.gz: make facts")
    faults += [f"not committed: {line}" for line in git("status", "--porcelain").splitlines()]
    faults += tag_faults(wanted, log) + toolchain_faults()
    log.writelines(fault + "\n" for fault in faults)
    return one(not faults)


def tag_faults(wanted, log):
    """The tag of a version is on this commit, or there is none yet."""
    here, everywhere = git("tag", "--points-at", "HEAD").split(), git("tag").split()
    if wanted in everywhere and wanted not in here:
        return [f"the tag {wanted} is on another commit: raise the version in galaxy.yml"]
    others = [name for name in here if name != wanted]
    if not here:
        log.write(f"not tagged yet: when all gates pass, git tag {wanted}\n")
    return [f"this commit has the tag {name}, and galaxy.yml says {wanted}" for name in others]


def toolchain_faults():
    """The release of Go is that of go.mod, which is what whoever makes the same bytes takes."""
    wanted = re.search(r"^toolchain (\S+)$", (TOP / "go.mod").read_text(encoding="utf-8"), re.M).group(1)
    here = subprocess.run(["go", "env", "GOVERSION"], cwd=TOP, check=True, capture_output=True, text=True).stdout.strip()
    return [] if here == wanted else [f"this is {here}, and go.mod names {wanted}: GOTOOLCHAIN={wanted} make release-check"]


def git(*words):
    return subprocess.run(["git", *words], cwd=TOP, check=True, capture_output=True, text=True).stdout


def reproducible(log, _extent):
    """make collection in two folders: the same bytes in every file, for all platforms.

    The second is on another file system, where there is one, and finds nothing in Go's cache.
    """
    with tempfile.TemporaryDirectory(prefix="release-") as folder, tempfile.TemporaryDirectory(prefix="release-", dir=other_file_system()) as other:
        first, second = pathlib.Path(folder) / "a", pathlib.Path(other) / "a folder with another name"
        # Both before the first is built: what is edited in the meantime is in neither.
        sources(first)
        sources(second)
        if not (built(log, first) and built(log, second, GOCACHE=f"{folder}/cache")):
            return one(False)
        names = {path.name for dist in (first, second) for path in (dist / "dist").iterdir()}
        same = [name for name in names if digest(first / "dist" / name) == digest(second / "dist" / name)]
        log.writelines(f"not the same bytes: {name}\n" for name in names - set(same))
        shutil.rmtree(DIST, ignore_errors=True)
        shutil.copytree(first / "dist", DIST)
    complete = all((DIST / name).exists() for name in (tarball().name, *(f"vchassis-sim-{changelog.version()}-{platform}.tar.gz" for platform in PLATFORMS)))
    size = tarball().stat().st_size
    log.write(f"{tarball().name}: {size} bytes of {LIMIT}\n")
    return one(len(same) == len(names)) + one(complete) + one(size < LIMIT)


def other_file_system():
    """A file system lists a folder in an order of its own, and an artifact must not show it. None where there is but one."""
    return next((name for name in ("/dev/shm",) if os.access(name, os.W_OK)), None)


def sources(folder):
    """What git would hand out, and the tools."""
    for path in tracked():
        copy = folder / path.relative_to(TOP)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy, follow_symlinks=False)
    (folder / ".venv").symlink_to(TOP / ".venv")


def built(log, folder, **environment):
    # No signature: with a key on a token no two are the same.
    return run(log, "make", "--no-print-directory", "collection", folder=folder, VCHASSIS_SIGNING_KEY="", **environment)


def tarball():
    return DIST / f"vchassis-junos-{changelog.version()}.tar.gz"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def sums(log, _extent):
    """What the documentation tells a user to do, and no file that is not listed."""
    listed = {line.split("  ", 1)[1] for line in (DIST / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    there = {path.name for path in DIST.iterdir()} - {"SHA256SUMS", "SHA256SUMS.sig"}
    log.writelines(f"not both there and listed: {name}\n" for name in listed ^ there)
    command = ["sha256sum"] if shutil.which("sha256sum") else ["shasum", "-a", "256"]
    return one(run(log, *command, "-c", "SHA256SUMS", folder=DIST)) + one(listed == there)


def sbom(log, _extent):
    return one(materials.valid(DIST / f"vchassis-junos-{changelog.version()}.cdx.json", log))


def galaxy(log, extent):
    return gates_collection.importer(log, extent, tarball=tarball())


def new_machine(log, _extent):
    return one(run(log, "pytest", "-ra", "tests/test_tarball.py", VCHASSIS_DIST=str(DIST), PATH=os.environ["PATH"]))
