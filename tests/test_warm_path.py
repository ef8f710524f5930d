# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever starts ansible-playbook by its name cannot tell a fork from it, and the forks end with those who asked for them."""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import pytest
import warm_path
from conftest import ENVIRONMENT, TOP
from test_warm import COMMANDS, FILTER, PLAY

import processes


@pytest.fixture
def here(tmp_path):
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "filter_plugins").mkdir()
    (tmp_path / "filter_plugins/twice.py").write_text(FILTER)
    return tmp_path


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Where a server is there already."""
    with warm_path.WarmPath() as folder:
        where = {"PATH": f"{folder}:{ENVIRONMENT['PATH']}"}
        for _ in range(2):
            run(tmp_path_factory.getbasetemp(), ["--version"], **where)
        assert served(folder)
        yield where


def run(here, arguments, **more):
    command = ["ansible-playbook", "-i", "one,", *arguments]
    return subprocess.run(command, cwd=here, env={**ENVIRONMENT, **more}, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def served(folder):
    """The pids of the servers."""
    return [pid for pid, _, state in processes.processes() if state not in "ZX" and f"{folder}/".encode() in command(pid)]


def command(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def wait_for_the_end_of_servers(folder):
    deadline = time.monotonic() + 30
    while left := served(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


@pytest.mark.parametrize("what", COMMANDS)
def test_nobody_can_tell(here, path, what):
    warm, cold = (vars(run(here, COMMANDS[what], VCHASSIS_GIVEN=what, **where)) for where in (path, {}))
    assert warm == cold


def test_the_first_of_a_kind_is_a_real_one_and_the_servers_end_with_the_folder(here):
    with warm_path.WarmPath() as folder:
        where, seen = {"PATH": f"{folder}:{ENVIRONMENT['PATH']}"}, []
        for _ in range(3):
            assert run(here, ["--version"], **where).returncode == 0
            seen.append(len(served(folder)))
        (here / "ansible.cfg").write_text("[defaults]\nstdout_callback = minimal\n")
        said = [run(here, COMMANDS["what goes well"], VCHASSIS_GIVEN="", **where).stdout for _ in range(3)]
        assert all("one | SUCCESS => {" in text and f"Using {here}/ansible.cfg as config file" in text for text in said)
        seen.append(len(served(folder)))
    wait_for_the_end_of_servers(folder)
    assert seen == [0, 1, 1, 2] and not folder.exists()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_arrives(here, path, kind):
    ends = []
    for where in (path, {}):
        mark = here / f"mark{len(ends)}"
        arguments = ["ansible-playbook", "-i", "one,", "play.yml", "-e", f"command='touch {mark}; sleep 20'"]
        process = subprocess.Popen(arguments, cwd=here, env={**ENVIRONMENT, **where}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        while not mark.exists():
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.05)
        began = time.monotonic()
        process.send_signal(kind)
        ends.append(process.wait(15) != 0)
        assert time.monotonic() - began < 15
        process.stdout.close()
    assert all(ends)


def as_a_program(script, **more):
    """A shell, as a command of the program."""
    return subprocess.Popen([sys.executable, TOP / "tests/warm_path.py", "sh", "-c", script], env={**os.environ, **ENVIRONMENT}, stdout=subprocess.PIPE, text=True, **more)


def test_as_a_program_it_ends_as_what_it_has_run():
    with as_a_program("command -v ansible-playbook; exit 7") as process:
        said = process.stdout.read().strip()
    assert process.returncode == 7 and "/warm-" in said and not pathlib.Path(said).exists()


def test_nothing_stays_of_one_that_is_killed():
    with as_a_program("for run in 1 2; do ansible-playbook --version >/dev/null; done; command -v ansible-playbook; exec sleep 60", process_group=0) as process:
        folder = pathlib.Path(process.stdout.readline().strip()).parent
        assert served(folder)
        os.killpg(process.pid, signal.SIGKILL)
    wait_for_the_end_of_servers(folder)
    shutil.rmtree(folder)
