# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker of ansible_runner in a fork of a server that has imported it and ansible-playbook. Where its child would execute that, it becomes it instead."""

import atexit
import os
import pathlib
import signal
import sys

import warm
import warm_imports

# Variables that are read when something is run, or by nobody; the last two are the server's own.
READ_LATE = ("VCHASSIS_", "ANSIBLE_NET_", "ANSIBLE_CACHE_PLUGIN_CONNECTION", "AWX_ISOLATED_DATA_DIR", "RUNNER_", "ANSIBLE_LOCAL_TEMP", "LC_CTYPE")
PLAYBOOK = "import sys, ansible.cli.playbook; sys.exit(ansible.cli.playbook.main())"


def about(environment):
    """What Ansible reads while it is imported: the environment, and the configuration in its folder."""
    file = pathlib.Path("ansible.cfg")
    return {name: value for name, value in environment.items() if not name.startswith(READ_LATE)}, file.read_bytes() if file.exists() else b""


imported_with, execute = about(os.environ), os.execvpe


def main():
    import ansible_runner.__main__
    os.setsid()
    os.execvpe = become
    ansible_runner.__main__.main()


def become(program, arguments, environment):
    """In the place of os.execvpe: another program, or another configuration, is executed indeed."""
    ours = os.path.realpath(os.fsdecode(program)) == os.path.realpath(f"{sys.prefix}/bin/ansible-playbook")
    if not ours or about(environment) != imported_with:
        execute(program, arguments, environment)
    forget()
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(map(os.fsdecode, arguments))
    warm_imports.find_configuration()
    warm.end(warm.run(PLAYBOOK))


def forget():
    """What a process has lost after it has executed a program: handlers of signals, functions for the end, and files that are closed then."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    atexit._clear()
    for number in map(int, os.listdir("/dev/fd")):
        close_unless_inheritable(number)
    sys.stdout.reconfigure(line_buffering=os.isatty(1))


def close_unless_inheritable(number):
    try:
        if not os.get_inheritable(number):
            os.close(number)
    except OSError:  # it was the folder that lists them
        pass
