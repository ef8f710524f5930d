# SPDX-License-Identifier: GPL-3.0-or-later
"""A running vchassis-sim, and what leads Ansible to it."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
SIMULATOR = TOP / "build/bin/vchassis-sim"


class Simulator:
    """Runs vchassis-sim for the time of a with block. vchassis-sim ends with its standard input, so it outlives nobody."""

    def __init__(self, *arguments):
        self.arguments = arguments

    def __enter__(self):
        # Not below build: the path of a socket may have 104 characters at most.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sim-"))
        self.process = subprocess.Popen([SIMULATOR, "-until-eof", "-state-dir", self.folder, *self.arguments],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            self.lab = json.JSONDecoder().decode(self._description())
        except ValueError:
            self.__exit__()
            raise RuntimeError("vchassis-sim did not start") from None
        self.chassis = self.lab["chassis"]
        self.inventory = self.folder / "inventory.json"
        self.environment = {**os.environ, "VCHASSIS_KNOWN_HOSTS": str(self.folder / "known_hosts")}
        return self

    def _description(self):
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line == "}\n":
                break
        return "".join(lines)

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ctl(self, *words):
        """What vchassis-sim answers to a verb of its control API."""
        done = subprocess.run([SIMULATOR, "ctl", self.lab["control"], *words], check=True, capture_output=True, text=True)
        return json.loads(done.stdout or "null")

    def state(self, chassis):
        return self.ctl("state", chassis)

    def counters(self, chassis):
        return self.ctl("counters", chassis)


def variables(chassis):
    passwords = {user["name"]: user.get("password", "") for user in chassis["users"]}
    return {
        "ansible_host": chassis["host"],
        "ansible_port": chassis["port"],
        "ansible_user": "admin",
        "ansible_password": passwords.get("admin", ""),
        "scp_config_sync_root_password": passwords.get("root", ""),
        "scp_config_sync_authorized_keys_command": chassis["authorized_keys_command"],
        "scp_config_sync_authorized_keys_command_user": chassis["authorized_keys_command_user"],
    }
