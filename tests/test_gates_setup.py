# SPDX-License-Identifier: GPL-3.0-or-later
"""What make test installs on a Debian machine: it is said before it is done, with the reason, and one variable leaves it out. What the simulator is
compiled with."""

import shutil
import subprocess

import pytest
from conftest import TOP

PACKAGES = ("openssh-client", "chromium")  # the programs of others may be in /usr/sbin, which is always looked at
FAKES = {"id": "echo 0", "apt-get": 'echo "apt-get $*" >&2'}


@pytest.fixture
def set_up(tmp_path):
    """set_up(variables) runs it on a machine that has none of the programs, with an apt-get that installs nothing."""
    for name in ("sh", "mktemp", "rm", "chmod"):
        (tmp_path / name).symlink_to(shutil.which(name))
    for name, text in FAKES.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)

    def run(**variables):
        done = subprocess.run(["/bin/sh", TOP / "build-tools/system-tools"], env={"PATH": str(tmp_path), "TMPDIR": str(tmp_path), **variables},
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0 and not done.stdout
        return done.stderr

    return run


def test_packages_and_reasons_are_said_before_they_are_installed(set_up):
    said = set_up()
    for package in PACKAGES:
        assert f"{package} is not here: " in said
    before, after = said.split("installing these Debian packages now (VCHASSIS_NO_INSTALL=1 leaves them out):")
    assert "apt-get" not in before and all(package in after.splitlines()[0] for package in PACKAGES)


def test_a_variable_leaves_them_out(set_up):
    said = set_up(VCHASSIS_NO_INSTALL="1")
    assert "not installed, because of VCHASSIS_NO_INSTALL, so tests that need them are skipped: " in said
    assert all(package in said.splitlines()[-1] for package in PACKAGES) and "installing" not in said


@pytest.mark.parametrize("line, fits", [("", True), ("return nil, err", False)], ids=["as it is", "changed"])
def test_a_patch_that_does_not_fit_the_library_is_an_error_that_says_what_to_do(tmp_path, line, fits):
    (tmp_path / "build-tools").mkdir()
    for name in ("go.mod", "go.sum", "build-tools/modfile", "build-tools/x-crypto.patch"):
        shutil.copy(TOP / name, tmp_path / name)
    if line:
        patch = tmp_path / "build-tools/x-crypto.patch"
        patch.write_text(patch.read_text().replace(line, "return nil, other", 1))
    done = subprocess.run([tmp_path / "build-tools/modfile"], capture_output=True, text=True, check=False)
    if fits:
        assert done.returncode == 0 and "replace golang.org/x/crypto => ./build/" in (tmp_path / done.stdout.strip()).read_text()
    else:
        assert done.returncode == 1 and not done.stdout and "x-crypto.patch does not fit crypto@v" in done.stderr and "golang/go#75268" in done.stderr
