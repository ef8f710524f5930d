# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module program for this controller: where it is, and why it cannot run. One folder a platform, beside this file."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess

from ansible_collections.vchassis.junos.plugins.module_utils.stock import machine

HERE = os.path.dirname(os.path.abspath(__file__))


class ProgramError(Exception):
    """The program cannot run. The hint is what to do about it."""

    def __init__(self, message, hint):
        super().__init__(message)
        self.hint = hint


def find(folder=HERE):
    """The path of the program for this controller, which this user may run. Raises ProgramError."""
    here = machine()
    path = program_of(folder, here)
    if not os.path.isfile(path):
        raise closed(os.path.dirname(path)) or missing(folder, here)
    if not os.access(path, os.X_OK):
        restore_run_bit(path)
    return path


def program_of(folder, name):
    return os.path.join(folder, name.replace("/", "_"), "vchassis")


def closed(folder):
    """Why nothing can be seen in that folder, or None."""
    if not os.path.isdir(folder) or os.access(folder, os.X_OK):
        return None
    return ProgramError(f"{folder} cannot be entered by this user (mode {stat.S_IMODE(os.stat(folder).st_mode):04o})", f"chmod a+rx {folder}, as its owner")


def missing(folder, here):
    built = sorted(name.replace("_", "/", 1) for name in os.listdir(folder) if os.path.isfile(os.path.join(folder, name, "vchassis")))
    if not built:
        return ProgramError(
            f"the module program is missing below {folder}: the collection was installed from source, or from an archive that was packed without it",
            "install the release tarball: ansible-galaxy collection install --force vchassis-junos-VERSION.tar.gz")
    target = os.path.dirname(os.path.dirname(folder))
    return ProgramError(
        f"no module program for {here}; there are {', '.join(built)}",
        f"run Ansible on one of these platforms; or, in a clone of the repository with Go: build-tools/stage {target} {here}")


def restore_run_bit(path):
    """Archives that were packed again have often lost it. Raises ProgramError where it is not the reason, or cannot be restored."""
    mode = os.stat(path).st_mode
    if not mode & stat.S_IXUSR:
        try:
            os.chmod(path, stat.S_IMODE(mode) | 0o111)
        except OSError as error:
            raise ProgramError(f"{path} has lost its run bit (mode {stat.S_IMODE(mode):04o}), and this user cannot restore it: {error.strerror}",
                               f"chmod a+x {path}, as its owner") from error
    if os.access(path, os.X_OK):
        return
    if os.statvfs(path).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise ProgramError(f"{path} is on a file system that is mounted noexec", "install the collection on another file system, or remount this one with exec")
    raise ProgramError(f"{path} cannot be run by this user (mode {stat.S_IMODE(os.stat(path).st_mode):04o})",
                       f"chmod a+rx {path} and the folders above it, as their owner")


def start(command, **options):
    """A process of the program, as subprocess.Popen starts it. Raises ProgramError where the system refuses it."""
    try:
        return subprocess.Popen(command, **options)
    except OSError as error:
        raise refused(command[0], error) from error


def refused(path, error):
    if error.errno in (errno.EPERM, errno.EACCES):
        return ProgramError(
            f"the system refuses to run {path}: {error.strerror}",
            f"a policy of this controller, such as fapolicyd or SELinux, allows known programs only; for fapolicyd, as root: "
            f"fapolicyd-cli --file add {path} && fapolicyd-cli --update")
    return ProgramError(
        f"{path} could not be started: {error.strerror}",
        "if it is damaged (ansible-galaxy collection verify vchassis.junos --offline shows it), install the release tarball again, with --force")


def ended(code):
    """How a program ended that has returned no result, and what to do about it."""
    read = "read the chassis with vc_info before you change anything"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        return code, read
    if name == "SIGKILL":
        return name, f"usually the system does this when memory runs out: its log, or that of the container, shows it; {read}"
    if name in ("SIGBUS", "SIGSEGV", "SIGILL"):
        return name, ("the program may be damaged (ansible-galaxy collection verify vchassis.junos --offline shows it): "
                      f"install the release tarball again, with --force; {read}")
    return name, read
