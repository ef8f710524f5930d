# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-playbook in a fork of one that has already imported all of itself: half a second less of processor time for each run.

What Ansible reads while it is imported, its configuration, is that of the environment in which it was imported: there is a server for each, and for each
core, which is imported by the Python that its own program names.
"""

import atexit
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile

from warm import Server
from warm_client import ended, hand_over

# Variables that begin so are read when a module or a lookup is run, not before.
READ_LATE = ("VCHASSIS_", "CONTROLLER_")
AT_ONCE = 3  # servers
SOURCE = "import sys, ansible.cli.playbook; sys.exit(ansible.cli.playbook.main())"
servers = {}


def run(command, environment, folder, seconds):
    """A subprocess.CompletedProcess, as of subprocess.run. Where there is a configuration in the folder, or no Python is named, it is started anew."""
    around = {name: value for name, value in environment.items() if not name.startswith(READ_LATE)}
    program = shutil.which(command[0], path=around.get("PATH")) or ""
    python = python_of(program)
    if not python or "ANSIBLE_CONFIG" in around or (pathlib.Path(folder) / "ansible.cfg").exists():
        return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=seconds, check=False)
    return fork(server_for(python, around), [program, *map(str, command[1:])], environment, folder, seconds)


def python_of(program):
    """The one in the first line of a script, or "" for another program."""
    with contextlib.suppress(OSError, UnicodeDecodeError), open(program, encoding="utf-8") as file:
        return "".join(re.findall(r"^#!(/\S+/python[\d.]*)$", file.readline().rstrip("\n")))
    return ""


def server_for(python, around):
    """The server of that Python with that environment; the one that was not needed for longest makes room for it."""
    key = python, frozenset(around.items())
    servers[key] = servers.pop(key, None) or Server("playbooks", around, python=python).__enter__()
    while len(servers) > AT_ONCE:
        servers.pop(next(iter(servers))).__exit__()
    return servers[key]


@atexit.register
def end_servers():
    while servers:
        servers.popitem()[1].__exit__()


def fork(server, command, environment, folder, seconds):
    with contextlib.ExitStack() as opened:
        nothing = opened.enter_context(open(os.devnull, "rb"))
        outputs = [opened.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for _ in "12"]
        talk = opened.enter_context(socket.socket(socket.AF_UNIX))
        talk.settimeout(seconds)
        pid = hand_over(talk, server.socket, [file.fileno() for file in (nothing, *outputs)], environment=environment, folder=str(folder), arguments=command,
                        source=SOURCE)
        try:
            status = ended(talk)
        except TimeoutError as late:
            os.kill(pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(command, seconds) from late
        for file in outputs:
            file.seek(0)
        return subprocess.CompletedProcess(command, status, *(file.read() for file in outputs))
