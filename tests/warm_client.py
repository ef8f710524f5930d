# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible starts in the place of a Python: it lets the server of warm.py run what is on standard input, and ends as that has ended."""

import json
import os
import socket
import sys


def ask(path):
    """Hands over the files, the environment and the folder of this process; returns the exit status."""
    about = json.dumps({"environment": dict(os.environ), "folder": os.getcwd()}).encode()
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        socket.send_fds(server, [len(about).to_bytes(4, "big")], [0, 1, 2])
        server.sendall(about)
        return (server.recv(1) or b"\1")[0]


if __name__ == "__main__":
    sys.exit(ask(sys.argv[1]))
