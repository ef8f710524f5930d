# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of ansible-core beside the one in .venv, each alone in a venv under build/, and the Pythons that are found."""

import fcntl
import pathlib
import re
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent
OLDEST = re.search(r'requires_ansible: ">=(\d+\.\d+)', (TOP / "collection/meta/runtime.yml").read_text(encoding="utf-8")).group(1)
# Which Pythons a core runs on, of those that we look for.
PYTHONS = {"2.15": ("3.10", "3.11"), "2.16": ("3.10", "3.11", "3.12"), "2.17": ("3.10", "3.11", "3.12"), "2.18": ("3.11", "3.12", "3.13"),
           "2.19": ("3.11", "3.12", "3.13"), "2.20": ("3.12", "3.13", "3.14"), "2.21": ("3.12", "3.13", "3.14")}
RULEBOOK, RULEBOOK_PYTHONS = "ansible-rulebook==1.3.2", ("3.11", "3.12")


class Unavailable(Exception):
    """No Python for that core, or it could not be installed."""


def pythons():
    """Path by version of every Python that can make a venv, oldest first."""
    listed = subprocess.run([TOP / "build-tools/venv", "--list"], capture_output=True, text=True, check=True).stdout
    found = dict(line.split(" ", 1) for line in listed.splitlines())
    return dict(sorted(found.items(), key=lambda item: int(item[0].split(".")[1])))


def programs(core, newest_python=False):
    """The folder of programs of a venv with that ansible-core on the oldest Python that it runs on, or the newest; kept between runs.

    Raises Unavailable.
    """
    usable = [version for version in pythons() if version in PYTHONS[core]]
    if not usable:
        raise Unavailable(f"no Python for ansible-core {core}: wants one of {', '.join(PYTHONS[core])}")
    version = usable[-1 if newest_python else 0]
    folder = TOP / f"build/venv-ansible-{core}-python-{version}"
    folder.parent.mkdir(exist_ok=True)
    with open(f"{folder}.lock", "w", encoding="utf-8") as lock:  # several processes may ask at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".made").exists():
            make(folder, pythons()[version], core)
    return folder / "bin"


def make(folder, python, core):
    subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
    done = subprocess.run([folder / "bin/pip", "install", "-q", f"ansible-core=={core}.*"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"ansible-core {core} could not be installed: {done.stderr[-300:]}")
    (folder / ".made").touch()


def rulebook():
    """The folder of programs of a venv with ansible-rulebook, kept between runs. It needs a Java too. Raises Unavailable."""
    usable = [version for version in pythons() if version in RULEBOOK_PYTHONS]
    if not usable:
        raise Unavailable(f"no Python for ansible-rulebook: wants one of {', '.join(RULEBOOK_PYTHONS)}")
    folder = TOP / "build/venv-rulebook"
    if not (folder / ".made").exists():
        subprocess.run([pythons()[usable[-1]], "-m", "venv", "--clear", folder], check=True)
        done = subprocess.run([folder / "bin/pip", "install", "-q", RULEBOOK], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"{RULEBOOK} could not be installed: {done.stderr[-300:]}")
        (folder / ".made").touch()
    return folder / "bin"


def links(folder):
    """A folder below it with a link of the usual name to every Python: a shim on the PATH may lead nowhere."""
    bin_folder = pathlib.Path(folder) / "pythons"
    bin_folder.mkdir()
    for version, path in pythons().items():
        (bin_folder / f"python{version}").symlink_to(path)
    return bin_folder
