# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever interrupts the gates is left alone within ten seconds: by compilers, simulators, Molecule, runners of AWX, browsers and daemons."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import chromium
import pytest
from conftest import TOP

import gates_collection
import gates_release
import processes

RUNNER = "tests/test_awx.py::test_the_machine_credential_with_a_password"
BROWSER = "tests/report_browser_test.py::test_pdf"
WORKER = "ansible_runner worker"
WITH_A_BROWSER = ([RUNNER, BROWSER], [WORKER, "chromium"]) if chromium.PROGRAM else ([RUNNER], [WORKER])


def interrupt_all(make):
    """As a terminal does."""
    os.killpg(make.pid, signal.SIGINT)


def signal_check(number):
    """For check.py alone."""
    return lambda make: os.kill(next(pid for pid in processes.descendants(make.pid) if "build-tools/check.py" in command(pid)), number)


# What is run, what has to be seen at work before the interruption, and what that is.
MOMENTS = {
    "while it compiles": (["test-demo"], ["go build"], signal_check(signal.SIGTERM)),
    "a runner, and a browser": (["test-pytest", f"ONLY={','.join(WITH_A_BROWSER[0])}"], WITH_A_BROWSER[1], interrupt_all),
    "Molecule, and its simulators": (["test-molecule", "ONLY=rcp_to_scp"], ["molecule test", "-until-eof", "ansible-playbook"], signal_check(signal.SIGHUP)),
}


@pytest.fixture
def folder():
    """The sources in a folder of their own, because the gates of these may be at work at this moment; a short path, because of sockets."""
    with tempfile.TemporaryDirectory(prefix="end-", dir="/tmp", ignore_cleanup_errors=True) as place:
        gates_release.sources(pathlib.Path(place) / "t")
        subprocess.run(["git", "init", "-q", pathlib.Path(place) / "t"], check=True)  # where Molecule looks for what all scenarios share
        yield pathlib.Path(place)


@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interruption_ends_everything(folder, moment):
    targets, wanted, interrupt = MOMENTS[moment]
    environment = {**os.environ, "TMPDIR": str(folder)}  # all that is started has this, or a folder below it
    make = subprocess.Popen(["make", *targets], cwd=folder / "t", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, start_new_session=True)
    try:
        wait_until(lambda: make.poll() is not None or all(any(text in command(pid) for pid in marked(folder)) for text in wanted))
        assert make.poll() is None, make.stdout.read()
        began = time.monotonic()
        interrupt(make)
        said, _ = make.communicate(timeout=60)
        assert time.monotonic() - began < 10, said
        assert "all that was started is ended" in said
        assert not {pid: command(pid) for pid in marked(folder)}
        assert not list(folder.glob("check-*")), "temporary files are left"
    finally:
        for pid in marked(folder):
            processes.strike(pid, signal.SIGKILL)
        make.wait()
        make.stdout.close()


def marked(folder):
    """The living processes whose environment or command names the folder."""
    found = []
    for pid, _, state in processes.processes():
        try:
            about = pathlib.Path(f"/proc/{pid}/environ").read_bytes() + pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if state not in "ZX" and str(folder).encode() in about:
            found.append(pid)
    return found


def command(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def wait_until(true):
    deadline = time.monotonic() + 300
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_molecule_begins_without_what_an_interrupted_one_believed(tmp_path, monkeypatch):
    state = tmp_path / "build/ansible/tmp/molecule.abc1.default/state.yml"
    state.parent.mkdir(parents=True)
    state.write_text("created: true")
    (tmp_path / "build/ansible/tmp/other").mkdir()
    monkeypatch.setattr(gates_collection, "TOP", tmp_path)
    monkeypatch.setattr(gates_collection, "run", lambda *_, **__: not state.exists())
    assert gates_collection.scenarios(None, ["one"])["failed"] == 0
    assert [path.name for path in (tmp_path / "build/ansible/tmp").iterdir()] == ["other"]


DAEMON = """
import os, signal, sys, time
sys.path.insert(0, {tools!r})
import processes
processes.adopt_orphans()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.execve(sys.executable, [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"], {{}})
    os._exit(0)
time.sleep(2)
assert len(processes.descendants()) == 1, processes.descendants()
began = time.monotonic()
processes.end_descendants(1)
assert not processes.descendants() and 1 < time.monotonic() - began < 5
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody adopts orphans")
def test_a_daemon_that_wants_to_stay_is_ended():
    """It has left its session, has no environment, and does not listen to SIGTERM."""
    done = subprocess.run([sys.executable, "-c", DAEMON.format(tools=str(TOP / "build-tools"))], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "up\n"), done.stderr
