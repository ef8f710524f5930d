# SPDX-License-Identifier: GPL-3.0-or-later
"""Gates side by side: each in a process of its own, one more at a time than there are processors, those that take longest first.

What a gate starts ends with it, and all of it when this program is interrupted, within ten seconds.
"""

import contextlib
import dataclasses
import fcntl
import json
import os
import pathlib
import shutil
import signal
import tempfile
import time
import traceback
import typing
import zlib

import processes
from gate import LOGS, TOP, Counts, Extent, processors, revealed

GRACE = 4  # seconds for whoever is asked to end
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclasses.dataclass(frozen=True)
class Gate:
    """A function of a log and an extent that returns counts, and what has to be known to run it beside others."""

    function: typing.Callable
    seconds: int = 1  # of processor time, as last seen on two processors: its place in the order
    after: tuple = ("stage",)  # gates that have to be over, where they are run too
    holds: str = ""  # what only one gate at a time can have


@dataclasses.dataclass
class Ended:
    """What has become of a gate."""

    name: str
    counts: Counts
    wall: float
    processor: float


class Interrupted(Exception):
    """Somebody wants all of it to end."""


@contextlib.contextmanager
def interruptible():
    """Turns signals into Interrupted; then, or when all is over, ends what is left and removes its temporary files."""
    def interrupt(number, _frame):
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    processes.adopt_orphans()
    with own_temporary_folder():
        try:
            for each in SIGNALS:
                if signal.getsignal(each) != signal.SIG_IGN:
                    signal.signal(each, interrupt)
            yield
        finally:
            processes.end_descendants(GRACE)


@contextlib.contextmanager
def own_temporary_folder():
    """TMPDIR is a folder that is empty, and gone afterwards. It has the same name each time: results that go test keeps are valid for one TMPDIR."""
    folder = pathlib.Path(tempfile.gettempdir()) / f"check-{zlib.crc32(bytes(TOP)):08x}"
    folder.mkdir(mode=0o700, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # somebody checks the same sources at this moment
        folder = pathlib.Path(tempfile.mkdtemp(prefix="check-"))
    try:
        clear(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        yield
    finally:
        clear(folder)
        folder.rmdir()
        os.close(held)


def clear(folder):
    for path in folder.iterdir():
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() and not path.is_symlink() else path.unlink()


class Lanes:
    """The gates of one run: those that wait, by their names, and those that run, by their processes."""

    def __init__(self, gates, extents):
        self.waiting = dict(sorted(gates.items(), key=lambda named: -named[1].seconds))
        self.extents, self.running = extents, {}

    def run(self):
        """Runs all and yields each when it has ended."""
        while self.waiting or self.running:
            while (name := self._next()) and len(self.running) < width():
                self._start(name)
            ended = self._wait()
            if ended:
                yield ended

    def _next(self):
        """The first that waits for no other."""
        busy = {name: gate for name, gate, *_ in self.running.values()}
        held = {gate.holds for gate in busy.values()} - {""}
        return next((name for name, gate in self.waiting.items()
                     if gate.holds not in held and not any(other in self.waiting or other in busy for other in gate.after if other != name)), None)

    def _start(self, name):
        gate = self.waiting.pop(name)
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            alone(name, gate.function, self.extents.get(name, Extent()), write)
        os.close(write)
        self.running[pid] = name, gate, read, time.monotonic()

    def _wait(self):
        """The next gate that ends; None if it was an orphan of one that has ended."""
        pid, _, used = os.wait4(-1, 0)
        if pid not in self.running:
            return None
        name, _, read, began = self.running.pop(pid)
        with open(read, encoding="utf-8") as pipe:
            counts = Counts(json.loads(pipe.read() or '{"failed": 1}'))
        return Ended(name, counts, time.monotonic() - began, used.ru_utime + used.ru_stime)


def width():
    """How many gates run at a time: one more than there are processors, for some of them wait for a switch that is slow on purpose."""
    return processors() + 1


def alone(name, function, extent, pipe):
    """The whole life of a gate's process: it tells its counts through the pipe, and leaves nothing running."""
    counts = Counts(failed=1)
    try:
        os.setsid()
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        processes.adopt_orphans()
        counts = judged(name, function, extent)
        processes.end_descendants(GRACE)
    finally:
        with open(pipe, "w", encoding="utf-8") as told:
            json.dump(counts, told)
        os._exit(0)


def judged(name, function, extent):
    """The counts of a gate, whose log is searched for secrets too."""
    with open(LOGS / f"{name}.log", "w+", encoding="utf-8", errors="replace") as log:
        try:
            counts = Counts(function(log, extent))
        except Exception:  # a gate that breaks has failed, and the others go on
            traceback.print_exc(file=log)
            counts = Counts(failed=1)
        return Counts(counts + revealed(name, log))
