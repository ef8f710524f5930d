# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release consists of: the same bytes from anywhere, and enough for a user on a machine that has only Python and ansible-core."""

import hashlib
import importlib.metadata
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile

import pytest
import yaml
from conftest import ENVIRONMENT, TOP, Run, platform_folder

import gates_release
import matrix
import notices
import sbom

SOURCES = ("go.mod", "go.sum", "galaxy.yml", "README.md", "LICENSE", "cmd", "internal", "modules", "collection", "roles", "build-tools")
MODULES = sorted(path.stem for path in (TOP / "modules").glob("*/*.py"))
VERSION = re.search(r"^version: *(\S+)", (TOP / "galaxy.yml").read_text(), re.M).group(1)
RELEASING = "VCHASSIS_DIST" in os.environ
NEWEST = importlib.metadata.version("ansible-core").rsplit(".", 1)[0]
# With little effort to make archives small, which takes most of the time of release.py; release-check looks at those that are published.
RELEASE = """
import pathlib, sys
sys.path.insert(0, sys.argv[1])
import release
release.LEVEL = 1
release.main(*map(pathlib.Path, sys.argv[2:]))
"""


def build(folder, sources=TOP):
    """Copies the sources to a folder and makes the release there, for this machine's platform only; returns its dist."""
    folder.mkdir(exist_ok=True)
    for name in SOURCES:
        source = sources / name
        if source.is_dir():
            shutil.copytree(source, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "testdata"))
        else:
            shutil.copy(source, folder / name)
    host = platform_folder().replace("_", "/")
    environment = {**os.environ, **ENVIRONMENT}
    staged, simulators = folder / "out/ansible_collections/vchassis/junos", folder / "out/simulators"
    subprocess.run([folder / "build-tools/stage", staged, host], check=True, env=environment)
    subprocess.run([folder / "build-tools/simulators", simulators, host], check=True, env=environment)
    subprocess.run([sys.executable, "-c", RELEASE, folder / "build-tools", staged, simulators, folder / "dist"], check=True, env=environment)
    return folder / "dist"


@pytest.fixture(scope="module")
def dist(tmp_path_factory):
    """The folder with the files of a release: the one that is to be published, when release-check asks."""
    return pathlib.Path(os.environ.get("VCHASSIS_DIST") or build(tmp_path_factory.mktemp("a")))


def digests(dist):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in dist.iterdir()}


@pytest.mark.skipif(RELEASING, reason="release-check compares all platforms")
def test_the_same_bytes_from_two_folders(dist):
    """Also on another file system, which lists folders in another order."""
    with tempfile.TemporaryDirectory(dir=gates_release.other_file_system()) as other:
        assert digests(dist) == digests(build(pathlib.Path(other) / "a folder with another name", dist.parent))


def test_every_file_is_in_the_sums(dist):
    found = {name: digest for name, digest in digests(dist).items() if name not in ("SHA256SUMS", "SHA256SUMS.sig")}
    assert len(found) >= 3
    assert (dist / "SHA256SUMS").read_text() == "".join(f"{found[name]}  {name}\n" for name in sorted(found))


def test_the_sbom_is_valid_and_names_what_is_linked(dist):
    path = dist / f"vchassis-junos-{VERSION}.cdx.json"
    assert sbom.valid(path, sys.stdout)
    document = json.loads(path.read_text())
    found = {part["name"]: part["version"] for part in document["components"]}
    assert {"std", "golang.org/x/crypto", "github.com/Juniper/go-netconf", "github.com/tidwall/gjson", "github.com/goccy/go-yaml"} <= found.keys()
    assert f"golang.org/x/crypto {found['golang.org/x/crypto']}" in (TOP / "go.mod").read_text()
    uses = {entry["ref"].rpartition("#")[2]: " ".join(entry["dependsOn"]) for entry in document["dependencies"]}
    assert "go-yaml" in uses["vchassis-sim"] and "go-yaml" not in uses["vchassis"] and "x/crypto" in uses["vchassis"]


def test_the_sbom_names_licenses_and_who_holds_them(dist):
    parts = json.loads((dist / f"vchassis-junos-{VERSION}.cdx.json").read_text())["components"]
    assert all(part["licenses"][0]["license"]["id"] in notices.KNOWN and "opyright" in part["copyright"] for part in parts)


def test_each_archive_holds_the_licenses_of_what_is_linked_into_its_programs(dist):
    """And of nothing else: the simulator has no JSON reader that the modules have, the modules no YAML."""
    document = json.loads((dist / f"vchassis-junos-{VERSION}.cdx.json").read_text())
    uses = {entry["ref"].rpartition("#")[2]: sorted(entry["dependsOn"]) for entry in document["dependencies"]}
    archives = sorted(dist.glob("*.tar.gz"))
    assert len(archives) >= 2
    for archive in archives:
        program = "vchassis-sim" if archive.name.startswith("vchassis-sim-") else "vchassis"
        with tarfile.open(archive) as content:
            name = next(name for name in content.getnames() if name.rpartition("/")[2] == "THIRD-PARTY-NOTICES.txt")
            page = content.extractfile(name).read().decode()
        listed = re.findall(r"^=+\n(.*) (\S+) \(.*\)\n=+$", page, re.M)
        assert sorted(sbom.purl("std" if part.startswith("The Go ") else part, version) for part, version in listed) == uses[program], archive.name
        assert ("with the change of build-tools/x-crypto.patch" in page) == (program == "vchassis-sim")
        assert "Copyright 2009 The Go Authors." in page and "Brett Vickers" in page


class Machine:
    """A machine with Python, ansible-core from pip, and the files of a release. Nothing of this repository is on its paths."""

    def __init__(self, programs, dist, folder):
        self.folder, self.dist = folder, dist
        self.environment = {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8", "ANSIBLE_NOCOLOR": "1"}

    def run(self, *command, good=True):
        done = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=300, check=False)
        assert not good or done.returncode == 0, done.stdout + done.stderr
        return done

    def playbook(self, *flags):
        return Run(self.run("ansible-playbook", "-i", "inventory.json", "site.yml", *flags, good=False))


# What differs on the oldest core is what test_matrix runs there; a release is installed on both.
@pytest.fixture(params=[NEWEST, pytest.param(matrix.OLDEST, marks=[] if RELEASING else pytest.mark.long)])
def machine(request, dist):
    try:
        programs = matrix.programs(request.param)
    except matrix.Unavailable as error:
        pytest.skip(str(error))
    # Not below pytest's folder: the path of a socket may have 104 characters at most.
    with tempfile.TemporaryDirectory(prefix="new-") as folder:
        yield Machine(programs, dist, pathlib.Path(folder))


@pytest.fixture
def simulator(machine):
    """vchassis-sim of the release, running; inventory.json leads to its chassis and gives what README's playbook leaves open."""
    name = f"vchassis-sim-{VERSION}-{platform_folder().replace('_', '-')}"
    shutil.copy(machine.dist / f"{name}.tar.gz", machine.folder)
    page = (TOP / "collection/docs/rehearsing.md").read_text()
    unpack, = re.findall(r"```text\n(tar xzf .*?)```", page, re.S)
    assert machine.run("sh", "-ec", unpack.replace("vchassis-sim-VERSION-OS-ARCH", name)).stdout.startswith("vchassis-sim ")
    process = subprocess.Popen([machine.folder / name / "vchassis-sim", "-members", "3", "-state-dir", "lab", "-until-eof"], cwd=machine.folder,
                               env=machine.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        while process.stdout.readline() not in ("}\n", ""):
            pass
        lab = json.loads((machine.folder / "lab/lab.json").read_text())
        (machine.folder / "inventory.json").write_text(json.dumps({"virtual_chassis": {"hosts": {"vc1": variables(lab["chassis"][0])}}}))
        machine.environment["VCHASSIS_KNOWN_HOSTS"] = str(machine.folder / "lab/known_hosts")
        yield lambda *words: json.loads(machine.run(machine.folder / name / "vchassis-sim", "ctl", "lab/control.sock", *words).stdout)
    finally:
        process.stdin.close()
        process.wait(20)
        process.stdout.close()


def variables(chassis):
    passwords = {user["name"]: user.get("password") for user in chassis["users"]}
    return {"ansible_host": chassis["host"], "ansible_port": chassis["port"], "ansible_user": "admin", "ansible_password": passwords["admin"],
            "scp_config_sync_root_password": passwords["root"],
            "from_juniper": {"command": chassis["authorized_keys_command"], "user": chassis["authorized_keys_command_user"]}}


def readme_playbook():
    """The seven lines that README shows."""
    text = re.search(r"```yaml\n(- name: .*?)```", (TOP / "README.md").read_text(), re.S).group(1)
    assert yaml.safe_load(text)[0]["roles"] == ["vchassis.junos.scp_config_sync"]
    return text


def told(begin):
    """The command of the page about releases that begins so."""
    found = [text for text in re.findall(r"```shell\n(.*?)```", (TOP / "collection/docs/releases.md").read_text(), re.S) if text.startswith(begin)]
    assert len(found) == 1, found
    return found[0]


def test_a_new_machine(machine, simulator):
    """Verified, installed, read, previewed, run, run again: with ansible-core and the files of the release alone."""
    (machine.folder / "site.yml").write_text(readme_playbook())
    for name in ("SHA256SUMS", f"vchassis-junos-{VERSION}.tar.gz"):
        shutil.copy(machine.dist / name, machine.folder)
    assert f"vchassis-junos-{VERSION}.tar.gz: OK" in machine.run("sh", "-ec", told("sha256sum")).stdout
    machine.run("ansible-galaxy", "collection", "install", f"vchassis-junos-{VERSION}.tar.gz", "--offline")
    machine.run("sh", "-ec", told("ansible-galaxy collection verify"))
    assert sorted(re.findall(r"^vchassis\.junos\.(\S+)", machine.run("ansible-doc", "-l", "vchassis.junos").stdout, re.M)) == MODULES
    assert machine.run("ansible-doc", *(f"vchassis.junos.{module}" for module in MODULES)).stdout.count("EXAMPLES:") == len(MODULES)
    assert "ENTRY POINT: " in machine.run("ansible-doc", "-t", "role", "vchassis.junos.scp_config_sync").stdout

    machine.playbook("--check", "--diff").expect("vc1", changed=1, failed=0)
    assert simulator("counters", "vc1")["writes"] == 0
    machine.playbook().expect("vc1", changed=1, failed=0)
    assert simulator("state", "vc1")["transport"] == "scp"
    machine.playbook().expect("vc1", changed=0, failed=0)
