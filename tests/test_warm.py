# SPDX-License-Identifier: GPL-3.0-or-later
"""A program that a warm interpreter runs cannot tell it from a Python that was started for it, nor can a playbook tell its ansible-playbook."""

import os
import subprocess
import sys

import matrix
import pytest
import warm_imports
import warm_playbook
from conftest import ENVIRONMENT
from warm import Warm

INSIDE = """
class Class:
    def method(self):
        return [self.method.__code__.co_filename, (lambda: 0).__code__.co_filename]
    def fails():
        raise OSError("here")
"""
PROGRAMS = {
    "what it is given": ("import os, sys; print(os.environ['GIVEN'], os.getcwd(), __name__, sys.argv, os.umask(0))", 0),
    "an exit status": ("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", 3),
    "a message at the end": ("import sys; sys.exit('a message')", 1),
    "an exception": ("1 / 0", 1),
    "what is left for the end": ("import atexit; atexit.register(print, 'at the end')", 0),
    "no program": ("this is none", 1),
    "the same in two archives": (f"""
import sys, zipfile
for name in ("one.zip", "two.zip"):
    with zipfile.ZipFile(name, "w") as archive:
        archive.writestr("inside.py", {INSIDE!r})
    sys.path.insert(0, name)
    import inside
    print(inside.__file__, inside.Class().method())
    del sys.modules["inside"]
inside.Class.fails()
""", 1),
}


@pytest.fixture(scope="module")
def interpreter():
    with Warm() as command:
        yield command


@pytest.fixture(autouse=True)
def unusual_mask():
    usual = os.umask(0o027)
    yield
    os.umask(usual)


def outcome(command, source, folder, **given):
    done = subprocess.run(command, input=source, cwd=folder, env={**os.environ, "GIVEN": "x" * 100_000, **given}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr.strip().splitlines()[-1:]


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_program_cannot_tell(interpreter, tmp_path, what):
    source, status = PROGRAMS[what]
    warm, cold = outcome(interpreter, source, tmp_path), outcome([sys.executable, "-"], source, tmp_path)
    assert warm[0] == status and warm == cold


def test_nor_can_one_that_a_playbook_asks_for_without_a_shell(interpreter, tmp_path, monkeypatch):
    monkeypatch.setenv("GIVEN", "x")
    for source, status in PROGRAMS.values():
        code, out, err = warm_imports.ask(interpreter.with_name("socket"), source.encode(), str(tmp_path))
        warm, cold = (code, out.decode(), err.decode().strip().splitlines()[-1:]), outcome([sys.executable, "-"], source, tmp_path, GIVEN="x")
        assert warm[0] == status and warm == cold


def test_modules_know_nothing_of_each_other(interpreter, tmp_path):
    outcome(interpreter, "import builtins, os; builtins.left = os.environ['LEFT'] = 'x'", tmp_path)
    assert outcome(interpreter, "import builtins, os; print(hasattr(builtins, 'left'), 'LEFT' in os.environ)", tmp_path)[1] == "False False\n"


def test_it_ends_with_whoever_has_started_it(tmp_path):
    warm = Warm()
    with warm as command:
        assert outcome(command, "print(1)", tmp_path) == (0, "1\n", [])
    assert warm.server.process.returncode == 0 and not command.exists()


PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - ansible.builtin.debug: {msg: "{{ lookup('env', 'VCHASSIS_GIVEN') }} in {{ lookup('pipe', command ~ '; umask') }}, {{ 'a' | vchassis_twice }}"}
    - ansible.builtin.set_fact: {left: "{{ none.there }}"}
      ignore_errors: "{{ ansible_check_mode }}"
"""
FILTER = "class FilterModule:\n    def filters(self):\n        return {'vchassis_twice': lambda text: text * 2}\n"
COMMANDS = {"what goes well": ["play.yml", "-e", "command=pwd", "--check", "-v"], "what fails": ["play.yml", "-e", "command=pwd"],
            "what is asked wrongly": ["--no-such-flag"], "its version": ["--version"]}


@pytest.fixture
def here(tmp_path):
    (tmp_path / "play.yml").write_text(PLAY)
    (tmp_path / "filter_plugins").mkdir()
    (tmp_path / "filter_plugins/twice.py").write_text(FILTER)
    return tmp_path


def cold(monkeypatch, *arguments):
    with monkeypatch.context() as patched:
        patched.setattr(warm_playbook, "python_of", lambda _: "")
        return warm_playbook.run(*arguments)


@pytest.mark.parametrize("what, core", [*((what, None) for what in COMMANDS), ("what goes well", matrix.OLDEST)])
def test_a_playbook_cannot_tell(here, monkeypatch, what, core):
    try:
        path = {"PATH": f"{matrix.programs(core)}:{ENVIRONMENT['PATH']}"} if core else {}
    except matrix.Unavailable as error:
        pytest.skip(str(error))
    arguments = ["ansible-playbook", "-i", "one,", *COMMANDS[what]], {**ENVIRONMENT, **path, "VCHASSIS_GIVEN": what}, here, 60
    warm, other = (vars(run(*arguments)) | {"args": ""} for run in (warm_playbook.run, lambda *given: cold(monkeypatch, *given)))
    assert warm == other and ("play.yml" not in COMMANDS[what] or all(part in warm["stdout"] for part in (f"{what} in {here}", "0027, aa")))


MODULE = """
- hosts: all
  gather_facts: false
  vars_files: [more.yml]
  vars: {ansible_connection: local, ansible_pipelining: true}
  tasks:
    - ansible.builtin.slurp: {src: "{{ file }}"}
      register: read
    - ansible.builtin.debug: {msg: "{{ read.content | b64decode }} {{ more + [file] }}"}
    - ansible.builtin.slurp: {src: nowhere}
"""


def test_nor_can_one_whose_module_is_started_without_a_shell(here, interpreter, monkeypatch):
    (here / "play.yml").write_text(MODULE)
    (here / "more.yml").write_text("file: more.yml\nmore: [one]\n")
    arguments = ["ansible-playbook", "-i", "one,", "play.yml", "-vv", "-e", f"ansible_python_interpreter={interpreter}"], ENVIRONMENT, here, 60
    other = cold(monkeypatch, *arguments)
    interpreter.chmod(0)  # no shell could start it now
    warm = warm_playbook.run(*arguments)
    interpreter.chmod(0o700)
    assert warm.stdout == other.stdout and warm.returncode == 2 and "file: more.yml" in warm.stdout


def test_a_configuration_is_heard_wherever_it_is(here):
    """In a folder, which is another Ansible's, and in the environment, which has a server of its own."""
    configured = {**ENVIRONMENT, "ANSIBLE_NOCOLOR": "0", "ANSIBLE_FORCE_COLOR": "1"}
    command = ["ansible-playbook", "-i", "one,", "play.yml", "-e", "command=pwd"]
    assert "\x1b[" in warm_playbook.run(command, configured, here, 60).stdout and "\x1b[" not in warm_playbook.run(command, ENVIRONMENT, here, 60).stdout
    (here / "ansible.cfg").write_text("[defaults]\nstdout_callback = minimal\n")
    assert "one | SUCCESS => {" in warm_playbook.run(command, ENVIRONMENT, here, 60).stdout


def test_few_servers_are_kept_and_a_run_that_takes_too_long_is_ended(here, monkeypatch):
    monkeypatch.setattr(warm_playbook, "AT_ONCE", 1)
    for forks in ("1", "2"):
        warm_playbook.run(["ansible-playbook", "--version"], {**ENVIRONMENT, "ANSIBLE_FORKS": forks}, here, 60)
    (_, server), = warm_playbook.servers.items()
    with pytest.raises(subprocess.TimeoutExpired):
        warm_playbook.run(["ansible-playbook", "-i", "one,", "play.yml", "-e", "command='sleep 3'"], {**ENVIRONMENT, "ANSIBLE_FORKS": "2"}, here, 1)
    warm_playbook.end_servers()
    assert server.process.returncode == 0 and not server.folder.exists() and not warm_playbook.servers
