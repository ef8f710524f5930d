# SPDX-License-Identifier: GPL-3.0-or-later
"""The processes that descend from this one, also those that have left their parents, sessions and groups behind; and how they are ended."""

import contextlib
import ctypes
import os
import pathlib
import signal
import subprocess
import sys
import time

SUBREAPER = 36  # prctl: orphans among our descendants become our children


def adopt_orphans():
    """From now on daemons among the descendants stay descendants, where the kernel is Linux; only so are they found, and their time is counted."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def descendants(pid=None):
    """The living descendants of a process, of this one without a pid; zombies are none."""
    children = {}
    for child, parent, state in processes():
        if state not in "ZX":
            children.setdefault(parent, []).append(child)
    found, todo = [], [pid or os.getpid()]
    while todo:
        more = children.get(todo.pop(), [])
        found += more
        todo += more
    return found


def family(pid):
    """The descendants of a process, found by asking each for its children: much cheaper, and it may miss what comes or goes meanwhile."""
    if not os.path.exists("/proc/self/task"):
        return descendants(pid)
    found, todo = [], [pid]
    while todo:
        more = children(todo.pop())
        found += more
        todo += more
    return found


def children(pid):
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                found += map(int, content(f"/proc/{pid}/task/{thread}/children").split())
    return found


def content(path):
    """The bytes of a file of /proc, for those who read hundreds in a second: pathlib takes four times as long."""
    with open(path, "rb", buffering=0) as file:
        return file.read()


def processes():
    """(pid, parent's pid, state) of every process of the machine."""
    if not os.path.exists("/proc/self/stat"):
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,state="], capture_output=True, text=True, check=True).stdout
        yield from ((int(pid), int(parent), state[0]) for pid, parent, state in map(str.split, listed.splitlines()))
        return
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        yield int(stat.parent.name), int(parent), state


def strike(pid, with_what):
    try:
        os.kill(pid, with_what)
    except ProcessLookupError:
        pass


def end_descendants(grace):
    """Asks all descendants to end, makes those end that have not after some seconds, and returns when none is left."""
    asked, deadline = set(), time.monotonic() + grace
    while left := remaining(asked):
        for pid in left - asked:
            strike(pid, signal.SIGTERM)
        asked |= left
        if time.monotonic() > deadline:
            for pid in left:
                strike(pid, signal.SIGKILL)
        reap()
        time.sleep(0.02)


def remaining(asked):
    """The descendants; where orphans are not adopted, those too that were asked to end and live."""
    left = set(descendants())
    if sys.platform != "linux":
        left |= asked & {pid for pid, _, state in processes() if state not in "ZX"}
    return left


def reap():
    """Takes leave of all children that have ended: their time is ours from then on."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
