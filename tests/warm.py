# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python that has already imported what every module of Ansible imports, which takes most of the time of a module.

    with Warm() as interpreter:      what ansible_python_interpreter is set to

Each module still has a process of its own, forked by a server, which is this file as a program.
"""

import atexit
import json
import os
import pathlib
import select
import shutil
import socket
import subprocess
import sys
import tempfile

CLIENT = pathlib.Path(__file__).with_name("warm_client.py")


class Warm:
    """Runs the server for the time of a with block; it ends with its standard input, so it outlives nobody."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="warm-"))
        self.server = subprocess.Popen([sys.executable, __file__, self.folder / "socket"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.server.stdout.read(1) != b"+":
            self.__exit__()
            raise RuntimeError("the server of warm interpreters did not start")
        program = self.folder / "python"
        # Without site it starts in a fiftieth of a second.
        program.write_text(f"#!/bin/sh\nexec {sys.executable} -IS {CLIENT} {self.folder}/socket\n")
        program.chmod(0o700)
        return program

    def __exit__(self, *_):
        self.server.stdin.close()
        self.server.wait()
        self.server.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def serve(path):
    """Answers until standard input ends."""
    import http.client, runpy, ssl, urllib.request, zipfile  # noqa: E401, F401  (what modules import)
    import ansible.module_utils.basic, ansible.module_utils.urls  # noqa: E401, F401
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        os.write(1, b"+")
        while sys.stdin not in select.select([sys.stdin, listener], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                answer(connection)
            connection.close()
            bury(os.WNOHANG)
    bury(0)


def bury(how):
    """Waits for forks, so that their time is counted."""
    try:
        while os.waitpid(-1, how)[0]:
            pass
    except ChildProcessError:
        pass


def answer(connection):
    """The whole life of a fork: it becomes what asks, runs the source, and tells how that has ended."""
    status = 1
    try:
        become(connection)
        status = run(sys.stdin.read())
        atexit._run_exitfuncs()  # modules remove their files then
        sys.stdout.flush()
    finally:
        connection.sendall(bytes([status]))
        os._exit(0)


def become(connection):
    size, files, _, _ = socket.recv_fds(connection, 4, 3)
    about, wanted = b"", int.from_bytes(size, "big")
    while len(about) < wanted:
        about += connection.recv(wanted - len(about))
    about = json.loads(about)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(about["environment"])
    os.chdir(about["folder"])
    sys.argv = ["-"]


def run(source):
    """Executes a program; returns its exit status."""
    try:
        exec(compile(source, "<stdin>", "exec"), {"__name__": "__main__", "__builtins__": __builtins__})
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
