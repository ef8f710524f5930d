# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder for the PATH, where ansible-playbook is a fork of one that has imported itself, for programs that start it often.

    with WarmPath() as folder:                what goes before all others in PATH
    warm_path.py COMMAND [ARGUMENT ...]       runs a command with it; ends as that ends

Each environment and each configuration has a server of its own. It is started for the second run, so that one run of each kind is a real one.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CLIENT = pathlib.Path(__file__).with_name("warm_path_client.py")


class WarmPath:
    """The servers end with it, or with this process, whichever is first: nobody else holds the other end of what they listen to."""

    def __enter__(self):
        program = shutil.which("ansible-playbook")
        assert program and os.path.realpath(program) == os.path.realpath(f"{sys.prefix}/bin/ansible-playbook"), f"{program} is of another Python"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="warm-"))
        os.mkfifo(self.folder / "alive")
        self.alive = os.open(self.folder / "alive", os.O_RDWR)
        script = self.folder / "ansible-playbook"
        script.write_text(f'#!/bin/sh\nexec {sys.executable} -IS {CLIENT} {self.folder} {program} "$@"\n')
        script.chmod(0o700)
        return self.folder

    def __exit__(self, *_):
        os.close(self.alive)
        shutil.rmtree(self.folder, ignore_errors=True)


def main(*command):
    with WarmPath() as folder:
        return subprocess.run(command, env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
