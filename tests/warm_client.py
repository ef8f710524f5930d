# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible starts in the place of a Python: it lets the server of warm.py run what is on standard input, and ends as that has ended."""

import json
import os
import socket
import sys


def ask(path):
    """Hands over the files, the environment and the folder of this process; returns the exit status."""
    with socket.socket(socket.AF_UNIX) as server:
        hand_over(server, path, [0, 1, 2], environment=dict(os.environ), folder=os.getcwd())
        return ended(server)


def hand_over(server, path, files, **about):
    """Asks for a fork with those standard files, and the mask for new files of this process; returns its pid."""
    os.umask(mask := os.umask(0))
    text = json.dumps({**about, "umask": mask}).encode()
    server.connect(str(path))
    socket.send_fds(server, [len(text).to_bytes(4, "big")], files)
    server.sendall(text)
    return int.from_bytes(server.recv(4, socket.MSG_WAITALL), "big")


def ended(server):
    """Waits for the exit status. A fork that was killed has told none."""
    return (server.recv(1) or b"\1")[0]


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1]))
