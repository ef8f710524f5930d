# SPDX-License-Identifier: GPL-3.0-or-later
"""A chassis for other people's clients, its users, and OpenSSH as one of them."""

import os
import subprocess

ADMIN = ("admin", "Admin-lab-1")
ROOT = ("root", "Root-lab-1")


class OpenSSH:
    """ssh with a password from a helper program, as for a person without a keyboard."""

    def __init__(self, chassis):
        self.chassis = chassis
        self.helper = chassis["folder"] / "askpass"
        self.helper.write_text('#!/bin/sh\necho "$LAB_PASSWORD"\n')
        self.helper.chmod(0o700)

    def __call__(self, login, *arguments, typed=""):
        user, password = login
        environment = {**os.environ, "LAB_PASSWORD": password, "SSH_ASKPASS": str(self.helper), "SSH_ASKPASS_REQUIRE": "force"}
        command = ["ssh", "-F", "none", "-p", str(self.chassis["port"]), "-o", "LogLevel=ERROR", "-o", "PreferredAuthentications=password",
                   "-o", f"UserKnownHostsFile={self.chassis['folder']}/known_hosts", "-o", "StrictHostKeyChecking=yes",
                   "-l", user, *arguments[:1], self.chassis["host"], *arguments[1:]]
        done = subprocess.run(command, input=typed.encode(), env=environment, capture_output=True, timeout=60, check=False)
        return done.returncode, done.stdout.decode()
