# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that a warm interpreter runs cannot tell it from a Python that was started for it."""

import os
import subprocess
import sys

import pytest
from warm import Warm

PROGRAMS = {
    "what it is given": ("import os, sys; print(os.environ['GIVEN'], os.getcwd(), __name__, sys.argv)", 0),
    "an exit status": ("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", 3),
    "a message at the end": ("import sys; sys.exit('a message')", 1),
    "an exception": ("1 / 0", 1),
    "what is left for the end": ("import atexit; atexit.register(print, 'at the end')", 0),
    "no program": ("this is none", 1),
}


@pytest.fixture(scope="module")
def interpreter():
    with Warm() as command:
        yield command


def outcome(command, source, folder):
    done = subprocess.run(command, input=source, cwd=folder, env={**os.environ, "GIVEN": "x" * 100_000}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr.strip().splitlines()[-1:]


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_program_cannot_tell(interpreter, tmp_path, what):
    source, status = PROGRAMS[what]
    warm, cold = outcome(interpreter, source, tmp_path), outcome([sys.executable, "-"], source, tmp_path)
    assert warm[0] == status and warm == cold


def test_modules_know_nothing_of_each_other(interpreter, tmp_path):
    outcome(interpreter, "import builtins, os; builtins.left = os.environ['LEFT'] = 'x'", tmp_path)
    assert outcome(interpreter, "import builtins, os; print(hasattr(builtins, 'left'), 'LEFT' in os.environ)", tmp_path)[1] == "False False\n"


def test_it_ends_with_whoever_has_started_it(tmp_path):
    warm = Warm()
    with warm as command:
        assert outcome(command, "print(1)", tmp_path) == (0, "1\n", [])
    assert warm.server.returncode == 0 and not command.exists()
