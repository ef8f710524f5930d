# SPDX-License-Identifier: GPL-3.0-or-later
"""The module program that cannot run, for each of its reasons, and archives that were packed again by others."""

import errno
import importlib
import os
import pathlib
import shutil
import subprocess
import tarfile
import zipfile

import pytest
from conftest import STAGED, platform_folder

FOLDER = "plugins/plugin_utils"
ECHO = "#!/bin/sh\necho ran\n"


@pytest.fixture
def program(monkeypatch):
    """The Python module of the staged collection."""
    monkeypatch.syspath_prepend(str(STAGED.parents[2]))
    return importlib.import_module("ansible_collections.vchassis.junos.plugins.plugin_utils.program")


@pytest.fixture
def installed(tmp_path):
    """A folder of programs with one for this machine."""
    path = tmp_path / FOLDER / platform_folder() / "vchassis"
    path.parent.mkdir(parents=True)
    path.write_text(ECHO)
    path.chmod(0o755)
    return path


def explained(program, folder):
    with pytest.raises(program.ProgramError) as found:
        program.find(str(folder))
    return str(found.value), found.value.hint


def test_it_is_found(program, installed):
    assert program.find(str(installed.parents[1])) == str(installed)


def test_missing_everywhere(program, tmp_path):
    message, hint = explained(program, tmp_path)
    assert "installed from source" in message and "ansible-galaxy collection install" in hint


def test_a_platform_that_was_not_built(program, installed, monkeypatch):
    monkeypatch.setattr(program, "machine", lambda: "linux/riscv64")
    message, hint = explained(program, installed.parents[1])
    assert message == f"no module program for linux/riscv64; there are {platform_folder().replace('_', '/')}"
    assert hint.endswith(f"build-tools/stage {installed.parents[3]} linux/riscv64")


def test_a_lost_run_bit_is_restored(program, installed):
    installed.chmod(0o644)
    assert subprocess.run([program.find(str(installed.parents[1]))], capture_output=True, text=True, check=True).stdout == "ran\n"


def test_a_lost_run_bit_of_somebody_elses_file(program, installed, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    installed.chmod(0o644)
    monkeypatch.setattr(os, "chmod", refuse)
    message, hint = explained(program, installed.parents[1])
    assert "has lost its run bit (mode 0644)" in message and hint == f"chmod a+x {installed}, as its owner"


def test_a_mode_that_leaves_this_user_out(program, installed, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    message, hint = explained(program, installed.parents[1])
    assert "cannot be run by this user (mode 0755)" in message and "chmod a+rx" in hint


def test_a_folder_that_leaves_this_user_out(program, installed, monkeypatch):
    """What is in it cannot be seen, which does not mean that it is missing."""
    folder = str(installed.parent)
    monkeypatch.setattr(os.path, "isfile", lambda path: False)
    monkeypatch.setattr(os, "access", lambda path, mode: path != folder)
    message, hint = explained(program, installed.parents[1])
    assert message == f"{folder} cannot be entered by this user (mode 0755)" and hint == f"chmod a+rx {folder}, as its owner"


@pytest.mark.parametrize("code, said, remedy", [
    (-7, "vc_info ended with SIGBUS and no result", "collection verify"),
    (-9, "vc_info ended with SIGKILL and no result", "memory"),
    (-250, "vc_info ended with -250 and no result", "vc_info"),
    (3, "vc_info ended with 3 and no result", "vc_info"),
])
def test_a_program_that_says_nothing(program, code, said, remedy):
    """A file that was cut off does not fail to start: it is ended by a signal."""
    plugin = importlib.import_module("ansible_collections.vchassis.junos.plugins.action.vchassis")
    result = plugin.no_result("vc_info", subprocess.CompletedProcess([], code), b"")
    assert (result["msg"], result["commit_state"], result["failed"]) == (said, "unknown", True) and remedy in result["hint"]


def test_a_file_system_without_programs(program, installed):
    """A real one, where there is one that this user may write to."""
    for folder in map(pathlib.Path, ("/dev/shm", "/run/shm", "/tmp", "/var/tmp")):
        if folder.is_dir() and os.access(folder, os.W_OK) and os.statvfs(folder).f_flag & getattr(os, "ST_NOEXEC", 0):
            break
    else:
        folder = None
    mounted = folder is None and mount_without_programs(installed.parents[1])
    if folder is None and not mounted:
        pytest.skip("no file system with noexec, and none can be mounted")
    there = folder / f"vchassis-{os.getpid()}" if folder else installed.parents[1]
    try:
        (there / platform_folder()).mkdir(parents=True, exist_ok=True)
        (there / platform_folder() / "vchassis").write_text(ECHO)
        (there / platform_folder() / "vchassis").chmod(0o755)
        message, hint = explained(program, there)
    finally:
        subprocess.run(["umount", there], check=True) if mounted else shutil.rmtree(there)
    assert message.endswith("is on a file system that is mounted noexec") and "remount" in hint


def mount_without_programs(folder):
    command = ["mount", "-t", "tmpfs", "-o", "noexec", "none", folder]
    return shutil.which("mount") and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("number, said, remedy", [
    (errno.EPERM, "the system refuses to run", "fapolicyd-cli --file add"),
    (errno.EACCES, "the system refuses to run", "SELinux"),
])
def test_a_system_that_refuses(program, installed, monkeypatch, number, said, remedy):
    """As fapolicyd does: the file may be run by all that its mode says."""
    def refuse(command, **_):
        raise PermissionError(number, os.strerror(number), command[0])

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(program.ProgramError, match=said) as found:
        program.start([program.find(str(installed.parents[1]))])
    assert remedy in found.value.hint and os.strerror(number) in str(found.value)


def test_a_damaged_program(program, installed):
    installed.write_bytes(b"\x7fELF" + bytes(20))
    with pytest.raises(program.ProgramError, match="could not be started") as found:
        program.start([program.find(str(installed.parents[1]))])
    assert "collection verify" in found.value.hint


def unpacked_tar(folder):
    """By something that knows neither links nor modes, on a machine with a strict mask."""
    with tarfile.open(folder / "a.tar", "w", dereference=False) as archive:
        for path in sorted(STAGED.rglob("*")):
            if path.is_file() and not path.is_symlink():
                member = archive.gettarinfo(path, path.relative_to(STAGED))
                member.mode = 0o640
                with path.open("rb") as content:
                    archive.addfile(member, content)
    with tarfile.open(folder / "a.tar") as archive:
        archive.extractall(folder / "tree", filter="data")


def unpacked_zip(folder):
    """Python's own zipfile restores no mode."""
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for path in sorted(STAGED.rglob("*")):
            if path.is_file() and not path.is_symlink():
                archive.write(path, path.relative_to(STAGED))
    with zipfile.ZipFile(folder / "a.zip") as archive:
        archive.extractall(folder / "tree")


@pytest.mark.parametrize("unpack", [unpacked_tar, unpacked_zip], ids=["tar", "zip"])
def test_an_archive_that_was_packed_again(unpack, tmp_path, program):
    """Neither links nor run bits are needed: there are no links, and the bit is restored."""
    assert not [path for path in STAGED.rglob("*") if path.is_symlink()]
    unpack(tmp_path)
    folder = tmp_path / "tree" / FOLDER
    assert not os.access(folder / platform_folder() / "vchassis", os.X_OK)
    done = subprocess.run([program.find(str(folder)), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("vchassis ")
