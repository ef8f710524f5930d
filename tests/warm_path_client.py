# SPDX-License-Identifier: GPL-3.0-or-later
"""The ansible-playbook of warm_path.py: a fork where one is possible, or else the real one.

    warm_path_client.py FOLDER PROGRAM [ARGUMENT ...]
"""

import fcntl
import hashlib
import json
import os
import pathlib
import signal
import socket
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from warm_client import ended, hand_over  # noqa: E402  (isolated, Python does not look beside this file)

# What nobody reads while Ansible is imported: of our modules and of Molecule, and what a shell keeps there.
READ_LATE = ("VCHASSIS_", "MOLECULE_", "PWD", "OLDPWD", "SHLVL", "_", "ANSIBLE_CONFIG")
SOURCE = "import sys, warm_imports; warm_imports.find_configuration(); import ansible.cli.playbook; sys.exit(ansible.cli.playbook.main())"


def main(folder, program, *arguments):
    place = pathlib.Path(folder) / about(os.environ)
    if not server(place):
        os.execv(program, [program, *arguments])
    with socket.socket(socket.AF_UNIX) as talk:
        pid = hand_over(talk, place / "socket", [0, 1, 2], environment=dict(os.environ), folder=os.getcwd(), arguments=[program, *arguments], source=SOURCE)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda caught, _: os.kill(pid, caught))
        return ended(talk)


def about(environment):
    """A name for what Ansible reads while it is imported: the environment, and the configuration."""
    file = pathlib.Path(environment.get("ANSIBLE_CONFIG", "ansible.cfg"))
    early = sorted(item for item in environment.items() if not item[0].startswith(READ_LATE[:2]) and item[0] not in READ_LATE)
    return hashlib.sha256(json.dumps([early, file.read_text() if file.is_file() else None]).encode()).hexdigest()[:12]


def server(place):
    """Whether one is there. The first run of a kind is never a fork, the second starts a server for itself and all later ones."""
    try:
        place.mkdir()
        return False
    except FileExistsError:
        with open(place / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return (place / "socket").exists() or start(place)


def start(place):
    import shutil
    import subprocess
    if os.path.isfile("ansible.cfg"):
        shutil.copy("ansible.cfg", place)
    with open(place.parent / "alive", "rb") as alive, open(place / "log", "wb") as log:
        process = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("warm.py"), "playbooks", place / "socket"], stdin=alive, stderr=log,
                                   stdout=subprocess.PIPE, cwd=place, env={**os.environ, "ANSIBLE_LOCAL_TEMP": str(place)}, start_new_session=True)
    return process.stdout.read(1) == b"+"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
