# SPDX-License-Identifier: GPL-3.0-or-later
"""collection/awx, applied by the modules of awx.awx to a stand-in controller, which then launches what it was told."""

import json
import re
import subprocess

import pytest

pytest.importorskip("ansible_runner")
from awx import Credentials, Job, credential_type  # noqa: E402  (only if there is a runner)
from conftest import ENVIRONMENT, STAGED, TOP  # noqa: E402
from controller import Controller  # noqa: E402

import foreign_collections  # noqa: E402

ARGUMENTS = {"organization": "Network", "inventory": "Switches", "scm_url": "https://git.example.com/network.git", "slices": 2}


@pytest.fixture(scope="module")
def collections():
    try:
        return f"{TOP / 'build'}:{foreign_collections.fetched()}"
    except foreign_collections.Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def controller():
    with Controller() as running:
        running.create("organizations", {"name": "Network"})
        running.create("inventories", {"name": "Switches", "organization": 1})
        yield running


def applied(controller, collections, folder):
    """Runs the playbook as its first lines say; returns how many tasks changed something."""
    (folder / "arguments.json").write_text(json.dumps(ARGUMENTS))
    command = ["ansible-playbook", str(STAGED / "awx/playbook.yml"), "-e", f"@{folder}/arguments.json"]
    done = subprocess.run(command, env={**ENVIRONMENT, **controller.environment, "ANSIBLE_COLLECTIONS_PATH": collections},
                          cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=200, check=False)
    assert done.returncode == 0 and not controller.refused, done.stdout + done.stderr + str(controller.refused)
    return int(re.search(r"changed=(\d+)", done.stdout).group(1))


def test_definitions(controller, collections, lab, tmp_path):
    """Created by modules that check their arguments, created once, and fit to roll out: canary, approval, fleet in slices."""
    assert applied(controller, collections, tmp_path) >= 6
    before = json.dumps(controller.objects)
    assert applied(controller, collections, tmp_path) == 0
    assert json.dumps(controller.objects) == before
    kind = controller.one("credential_types", "Juniper Virtual Chassis")[1]
    assert {name: kind[name] for name in ("inputs", "injectors")} == {name: credential_type()[name] for name in ("inputs", "injectors")}
    rolled_out(controller, lab("chassis: [{name: vc, count: 3}]"), kind, tmp_path)


def rolled_out(controller, chassis, kind, folder):
    """Walks the workflow along its success nodes and launches every template on the way."""
    names = [one["name"] for one in chassis.simulator.chassis]
    number, node = controller.one("workflow_job_template_nodes", "canary")
    seen = []
    while True:
        template = controller.objects[node["unified_job_template"]]
        seen.append(template["fields"]["name"])
        if template["kind"] == "job_templates":
            hosts = names[:1] if node["identifier"] == "canary" else names
            launch(controller, node["unified_job_template"], hosts, chassis, kind, folder / node["identifier"])
        assert [chassis.state(name)["transport"] for name in names[1:]] == ["scp" if node["identifier"] == "fleet" else "rcp"] * 2
        following = controller.links.get((number, "success_nodes"), [])
        if not following:
            break
        number, node = following[0], controller.objects[following[0]]["fields"]
    assert seen == ["Virtual Chassis canary", "Approve the fleet", "Virtual Chassis fleet"]
    assert chassis.state(names[0])["transport"] == "scp"


def launch(controller, number, hosts, chassis, kind, folder):
    """A launch with the limit HOSTS: one job a slice."""
    template = controller.objects[number]["fields"]
    credentials = [controller.objects[other]["fields"] for other in controller.links[number, "credentials"]]
    assert [kind_of["credential_type"] for kind_of in credentials] == [controller.one("credential_types", kind["name"])[0]]
    assert template["ask_limit_on_launch"]
    inventory = json.loads(chassis.simulator.inventory.read_text())["virtual_chassis"]["hosts"]
    for host in inventory.values():
        password, root = host.pop("ansible_password"), host.pop("scp_config_sync_root_password")
        del host["ansible_user"]
    known = (chassis.simulator.folder / "known_hosts").read_text()
    slices = min(template["job_slice_count"], len(hosts))
    for index in range(slices):
        place = folder / str(index)
        filled = Credentials().custom(place, kind, username="admin", password=password, root_password=root, known_hosts=known)
        mine = {"all": {"hosts": {name: inventory[name] for name in hosts[index::slices]}}}
        job = Job(place, template["playbook"], mine, filled).start().end()
        assert job.status == "successful", job.output()


@pytest.mark.parametrize("kind, fields, want", [
    ("job_templates", {"name": "x", "playbook": "x.yml", "inventory": 2}, "project"),
    ("job_templates", {"name": "x", "playbook": "x.yml", "inventory": 2, "project": 99}, "project"),
    ("credentials", {"name": "x", "organization": 1, "credential_type": 2}, "credential_type"),
])
def test_the_stand_in_refuses_what_awx_would(controller, kind, fields, want):
    status, body = controller.request("POST", f"/api/v2/{kind}/", {}, fields)
    assert status == 400 and list(body) == [want]
