# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker of a job of AWX, and its ansible-playbook, in forks of one process that has imported both (warm_worker.py)."""

import atexit
import functools
import os
import select
import signal
import socket
import subprocess

import ansible_runner
from warm import Server
from warm_client import ended, hand_over

SOURCE = "import warm_worker; warm_worker.main()"


class Worker:
    """What subprocess.Popen is for a worker that is started anew."""

    def __init__(self, server, source, target, environment, *arguments):
        self.talk, self.returncode = socket.socket(socket.AF_UNIX), None
        with open(os.devnull, "wb") as nothing:
            self.pid = hand_over(self.talk, server.socket, [file.fileno() for file in (source, target, nothing)], environment=environment, folder=os.getcwd(),
                                 arguments=["ansible-runner", "worker", *arguments], source=SOURCE)

    def poll(self):
        if self.returncode is None and select.select([self.talk], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, seconds=None):
        if self.returncode is None:
            self.talk.settimeout(seconds)
            try:
                self.returncode = ended(self.talk)
            except TimeoutError as late:
                raise subprocess.TimeoutExpired("ansible-runner", seconds) from late
            self.talk.close()
        return self.returncode

    def terminate(self):
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)


@functools.cache
def server(configuration, environment):
    """The one for jobs with that ansible.cfg and that environment, as items: what AWX sets, and what the runner adds."""
    added = {"ANSIBLE_CALLBACK_PLUGINS": f"{os.path.dirname(ansible_runner.__file__)}/display_callback/callback", "ANSIBLE_STDOUT_CALLBACK": "awx_display",
             "ANSIBLE_CACHE_PLUGIN": "jsonfile"}
    warm = Server("jobs", {**dict(environment), **added}, configuration)
    atexit.register(warm.__exit__)
    return warm.__enter__()
