# SPDX-License-Identifier: GPL-3.0-or-later
"""The release artifact: the same bytes from anywhere, and what a user has after installing it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import pytest
from conftest import ENVIRONMENT, STAGED, TOP, platform_folder

SOURCES = ("go.mod", "go.sum", "galaxy.yml", "README.md", "LICENSE", "cmd", "internal", "modules", "collection", "roles", "build-tools")


def build(folder, platform):
    """Copies the sources to a folder and builds the tarball for one platform there."""
    folder.mkdir(exist_ok=True)
    for name in SOURCES:
        source = TOP / name
        if source.is_dir():
            shutil.copytree(source, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "testdata"))
        else:
            shutil.copy(source, folder / name)
    staged = folder / "out/ansible_collections/vchassis/junos"
    environment = {**os.environ, **ENVIRONMENT}
    subprocess.run([folder / "build-tools/stage", staged, platform], check=True, env=environment)
    subprocess.run([sys.executable, folder / "build-tools/tarball.py", staged, folder / "dist"], check=True, env=environment)
    return next((folder / "dist").glob("*.tar.gz"))


@pytest.fixture(scope="module")
def host():
    return subprocess.run(["go", "env", "GOOS", "GOARCH"], check=True, capture_output=True, text=True).stdout.split()


@pytest.fixture(scope="module")
def tarball(tmp_path_factory, host):
    return build(tmp_path_factory.mktemp("a"), "/".join(host))


def test_the_same_bytes_from_two_folders(tarball, tmp_path, host):
    other = build(tmp_path / "a folder with another name", "/".join(host))
    assert tarball.name == other.name
    assert hashlib.sha256(tarball.read_bytes()).hexdigest() == hashlib.sha256(other.read_bytes()).hexdigest()
    sums = (tarball.parent / "SHA256SUMS").read_text()
    assert sums == f"{hashlib.sha256(tarball.read_bytes()).hexdigest()}  {tarball.name}\n"


def test_installed_it_has_modules_documentation_and_a_role(tarball, tmp_path, lab):
    environment = {**ENVIRONMENT, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path), "ANSIBLE_HOME": str(tmp_path / "home")}

    def ansible(*command):
        return subprocess.run(command, check=True, env=environment, cwd=tmp_path, capture_output=True, text=True).stdout

    ansible("ansible-galaxy", "collection", "install", str(tarball), "-p", str(tmp_path), "--offline")
    listed = ansible("ansible-doc", "-l", "vchassis.junos")
    for module in sorted(path.stem for path in (TOP / "modules").glob("*/*.py")):
        assert module in listed
        assert "OPTIONS" in ansible("ansible-doc", f"vchassis.junos.{module}").upper()
    assert "ENTRY POINT: " in ansible("ansible-doc", "-t", "role", "vchassis.junos.scp_config_sync")
    chassis = lab()
    chassis.playbook(**environment).expect("vc", changed=3, failed=0)
    assert chassis.state("vc")["transport"] == "scp"


def test_the_sbom_names_what_is_linked(tmp_path):
    program = STAGED / "libexec" / platform_folder() / "vchassis"
    subprocess.run([sys.executable, TOP / "build-tools/sbom.py", program, TOP / "galaxy.yml", tmp_path / "sbom.json"], check=True)
    document = json.loads((tmp_path / "sbom.json").read_text())
    found = {part["name"]: part["version"] for part in document["components"]}
    assert {"golang.org/std", "golang.org/x/crypto", "github.com/Juniper/go-netconf", "github.com/tidwall/gjson"} <= found.keys()
    assert f"golang.org/x/crypto {found['golang.org/x/crypto']}" in (TOP / "go.mod").read_text()


@pytest.mark.long
def test_all_platforms_fit(tmp_path):
    """Galaxy takes 20 MB; we promise 12."""
    environment = {**os.environ, **ENVIRONMENT}
    for name in (*SOURCES, "Makefile"):
        (shutil.copytree if (TOP / name).is_dir() else shutil.copy)(TOP / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(TOP / ".venv")
    subprocess.run(["make", "collection"], check=True, env=environment, cwd=tmp_path)
    assert next((tmp_path / "dist").glob("*.tar.gz")).stat().st_size < 12_000_000
