# SPDX-License-Identifier: GPL-3.0-or-later
"""A Python that has already imported what takes most of its time: what every module of Ansible imports, ansible-playbook (warm_playbook.py), or what runs
a job of AWX (warm_job.py). What that is says warm_imports.py.

    with Warm() as interpreter:      what ansible_python_interpreter is set to

Each program still has a process of its own, forked by a server, which is this file as a program.
"""

import atexit
import gc
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


class Server:
    """Forks what is asked for, for the time of a with block; it ends with its standard input, so it outlives nobody."""

    def __init__(self, imports, environment=None, configuration=None, python=sys.executable):
        self.imports, self.environment, self.configuration, self.python = imports, environment or os.environ, configuration, python

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="warm-"))
        if self.configuration:
            shutil.copy(self.configuration, self.folder / "ansible.cfg")
        self.socket = self.folder / "socket"
        self.process = subprocess.Popen([self.python, __file__, self.imports, self.socket], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.folder,
                                        env={**self.environment, "ANSIBLE_LOCAL_TEMP": str(self.folder)})
        if self.process.stdout.read(1) != b"+":
            self.__exit__()
            raise RuntimeError(f"the server of warm {self.imports} did not start")
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Warm:
    """A command that Ansible takes for a Python."""

    def __init__(self):
        self.server = Server("modules")

    def __enter__(self):
        self.server.__enter__()
        program = self.server.folder / "python"
        # Without site it starts in a fiftieth of a second.
        program.write_text(f"#!/bin/sh\nexec {sys.executable} -IS {CLIENT} {self.server.socket}\n")
        program.chmod(0o700)
        return program

    def __exit__(self, *_):
        self.server.__exit__()


def serve(path):
    """Answers until standard input ends."""
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


def leave_alone():
    """What was imported is shared with forks until somebody writes to it, which is what collecting garbage does; none of them lives long enough to need that."""
    gc.collect()
    gc.freeze()
    gc.disable()


def bury(how):
    """Waits for forks, so that their time is counted."""
    try:
        while os.waitpid(-1, how)[0]:
            pass
    except ChildProcessError:
        pass


def answer(connection):
    """The whole life of a fork: it says its pid, becomes what asks, runs the source, and tells how that has ended."""
    status = 1
    try:
        connection.sendall(os.getpid().to_bytes(4, "big"))
        about = become(connection)
        status = run(about["source"] if "source" in about else sys.stdin.read())
        finish()
    finally:
        connection.sendall(bytes([status]))
        os._exit(0)


def finish():
    atexit._run_exitfuncs()  # modules remove their files then
    sys.stdout.flush()


def end(status):
    """Ends this process as a Python that has run a program."""
    try:
        finish()
    finally:
        os._exit(status)


def become(connection):
    """Takes over files, environment and folder; returns all that was told."""
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
    os.umask(about["umask"])
    sys.argv = about.get("arguments", ["-"])
    return about


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
    sys.modules["warm"] = sys.modules["__main__"]
    import warm_imports
    getattr(warm_imports, sys.argv[1])()
    leave_alone()
    serve(sys.argv[2])
