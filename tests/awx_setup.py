# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies collection/awx/playbook.yml to a stand-in controller, with the modules of awx.awx, or of ansible.controller made from them."""

import atexit
import dataclasses
import fcntl
import functools
import json
import os
import pathlib
import pickle
import re
import shutil
import tempfile

import pytest
import warm_playbook
from awx import PROJECT
from conftest import ENVIRONMENT, STAGED, TOP
from controller import Controller
from warm import Warm

import foreign_collections

ARGUMENTS = {"organization": "Network", "scm_url": "https://git.example.com/network.git", "slices": 2}
IMAGE = "registry.example.com/virtual-chassis:1"


@dataclasses.dataclass
class Applied:
    """What one run of the playbook came to."""

    code: int
    output: str
    counts: dict
    changed: list
    refused: list

    @property
    def text(self):
        return " ".join(self.output.split())


def collections():
    """The folders where ansible-playbook finds ours and awx.awx."""
    try:
        return f"{TOP / 'build'}:{foreign_collections.fetched()}"
    except foreign_collections.Unavailable as error:
        pytest.skip(str(error))


def platform_collections(folder):
    """The same, with ansible.controller and without awx.awx: the platform's collection is awx.awx under another name and for other paths."""
    collections()
    source, target = foreign_collections.fetched() / "ansible_collections/awx/awx", folder / "ansible_collections/ansible/controller"
    shutil.copytree(source, target)
    (target / "MANIFEST.json").unlink()
    (target / "galaxy.yml").write_text("{namespace: ansible, name: controller, version: 4.6.8}")
    for file in target.rglob("*.py"):
        text = file.read_text().replace("ansible_collections.awx.awx", "ansible_collections.ansible.controller")
        text = text.replace('_COLLECTION_TYPE = "awx"', '_COLLECTION_TYPE = "controller"').replace("awx.awx", "ansible.controller")
        file.write_text(re.sub(r'_COLLECTION_VERSION = "[^"]*"', '_COLLECTION_VERSION = "4.6.8"', text))
    runtime = target / "meta/runtime.yml"
    runtime.write_text(runtime.read_text().replace("awx.awx", "ansible.controller"))
    return f"{TOP / 'build'}:{folder}"


@functools.cache
def interpreter():
    """A warm one: an application is forty modules, of which each would spend half a second to begin."""
    warm = Warm()
    atexit.register(warm.__exit__)
    return warm.__enter__()


def apply(controller, folder, *flags, path=None, environment=None, warm=True, **arguments):
    """Runs the playbook as its first lines say. An argument None is left out."""
    folder = pathlib.Path(folder)
    given = {name: value for name, value in {**ARGUMENTS, **arguments}.items() if value is not None}
    given |= {"ansible_python_interpreter": str(interpreter())} if warm else {}
    (folder / "arguments.json").write_text(json.dumps(given))
    before = len(controller.refused)
    around = {**ENVIRONMENT, **controller.environment, "ANSIBLE_COLLECTIONS_PATH": path or collections(), "ANSIBLE_PIPELINING": "1", **(environment or {})}
    done = warm_playbook.run(["ansible-playbook", STAGED / "awx/playbook.yml", "-e", f"@{folder}/arguments.json", *flags], around, folder, 600)
    counts = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", done.stdout.rpartition("PLAY RECAP")[2])}
    tasks = re.split(r"^TASK \[", done.stdout, flags=re.M)[1:]
    changed = [task.split("]")[0] for task in tasks if re.search(r"^changed: ", task, re.M)]
    return Applied(done.returncode, done.stdout + done.stderr, counts, changed, controller.refused[before:])


def good(applied):
    assert applied.code == 0 and not applied.refused, applied.output + str(applied.refused)
    return applied


def applied_twice(factory):
    """What a controller has after two applications with an image, and what these came to. Made once for all workers of pytest."""
    shared = factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    with open(shared / "applied-twice", "a+b") as kept:
        fcntl.flock(kept, fcntl.LOCK_EX)
        kept.seek(0)
        if not kept.read(1):
            pickle.dump(apply_twice(), kept)
            kept.flush()
        kept.seek(0)
        return pickle.load(kept)


def apply_twice():
    with Controller(PROJECT) as controller, tempfile.TemporaryDirectory() as folder:
        first = good(apply(controller, folder, image=IMAGE))
        before = controller.state()
        second = good(apply(controller, folder, image=IMAGE))
        after = controller.state()
        assert {number: one["fields"] for number, one in after["objects"].items()} == {number: one["fields"] for number, one in before["objects"].items()}
        assert [after[name] for name in ("links", "surveys", "grants")] == [before[name] for name in ("links", "surveys", "grants")]
        return before, first, second
