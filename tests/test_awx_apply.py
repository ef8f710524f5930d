# SPDX-License-Identifier: GPL-3.0-or-later
"""collection/awx/playbook.yml is applied, again, after what can have gone wrong, for a second organization, and behind the platform's gateway."""

import pytest

pytest.importorskip("ansible_runner")
from awx import PROJECT  # noqa: E402  (only if there is a runner)
from awx_setup import ARGUMENTS, IMAGE, applied_twice, apply, good, platform_collections  # noqa: E402
from controller import Controller  # noqa: E402
from controller_kinds import KINDS, POINTS_TO  # noqa: E402

PREFIX = "Virtual Chassis"
JOBS = [f"{PREFIX} {name}" for name in ("canary", "fleet", "reconcile", "audit", "disable", "summary")]
WORKFLOWS = [f"{PREFIX} rollout", f"{PREFIX} rollout, plan only"]
long = pytest.mark.long


@pytest.fixture
def controller(tmp_path_factory):
    """A controller on which the playbook was applied."""
    with Controller(PROJECT) as running:
        running.restore(applied_twice(tmp_path_factory)[0])
        yield running


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """Where the platform's own collection is, and awx.awx is not."""
    return platform_collections(tmp_path_factory.mktemp("platform") / "collections")


@pytest.fixture
def empty():
    with Controller(PROJECT) as running:
        yield running


def test_applied_again_nothing_changes(tmp_path_factory):
    _, first, second = applied_twice(tmp_path_factory)
    assert first.counts["changed"] > 10 and (second.counts["changed"], second.changed) == (0, [])


def lost(kind, name):
    return lambda controller: controller.delete(controller.one(kind, name)[0])


def altered(kind, name, **fields):
    return lambda controller: controller.objects[controller.one(kind, name)[0]]["fields"].update(fields)


def unlinked(controller):
    """The second half of what makes a workflow was not reached."""
    for key in [key for key in controller.links if key[1].endswith("_nodes")]:
        controller.links[key].clear()


def without_surveys(controller):
    controller.surveys.clear()


def elsewhere(controller):
    """Somebody has drawn a link from the canary to the fleet, past the approval."""
    controller.links[controller.one_node("canary"), "always_nodes"] = [controller.one_node("fleet")]


def crossed(controller):
    """Somebody has drawn the right links of another kind, which has to go before the right one can come."""
    links, approval, fleet, reconcile = controller.links, *map(controller.one_node, ("approval", "fleet", "reconcile"))
    links[approval, "success_nodes"], links[approval, "failure_nodes"] = [], [fleet]
    links[fleet, "always_nodes"], links[fleet, "success_nodes"] = [], [reconcile]


def backwards(controller):
    """Somebody has let reconcile go before the canary, so that what follows the canary would be a circle."""
    links, canary, fleet, reconcile = controller.links, *map(controller.one_node, ("canary", "fleet", "reconcile"))
    links[fleet, "always_nodes"], links[reconcile, "always_nodes"] = [], [canary]


def as_of_0_3_0(controller):
    """What the release before has left: no reconcile at the end, no plan, a limit for the fleet, an inventory that no node uses."""
    controller.delete(controller.one("workflow_job_templates", WORKFLOWS[1])[0])
    controller.delete(controller.one_node("reconcile"))
    for name in JOBS:
        altered("job_templates", name, ask_inventory_on_launch=False)(controller)
    altered("job_templates", JOBS[1], ask_limit_on_launch=True)(controller)


DAMAGES = {
    "surveys": without_surveys, "links": unlinked, "a link past the approval": elsewhere, "links of another kind": crossed, "links backwards": backwards, "an older release": as_of_0_3_0,
    "canary": lost("job_templates", JOBS[0]), "fleet": lost("job_templates", JOBS[1]), "audit and its schedule": lost("job_templates", JOBS[3]),
    "schedule": lost("schedules", f"{PREFIX} audit, nightly"), "workflow": lost("workflow_job_templates", WORKFLOWS[0]),
    "approval": lambda controller: controller.delete(controller.one_node("approval")), "credential": lost("credentials", PREFIX),
    "approval's template": lost("workflow_approval_templates", "Approve the fleet"),
    "inventory": lost("inventories", PREFIX), "source of the inventory": lost("inventory_sources", "inventory.yml"),
    "image": lost("execution_environments", PREFIX), "project": lost("projects", PREFIX), "another playbook": altered("job_templates", JOBS[4], playbook="audit.yml"),
    "another timeout": altered("workflow_approval_templates", "Approve the fleet", timeout=5),
}


def plain(controller):
    """What a controller has, by names instead of numbers, which are others after a healing."""
    def named(number):
        return controller.named(number) if controller.objects[number]["fields"].get("name") else controller.objects[number]["fields"]["identifier"]

    found = {}
    for number, one in controller.objects.items():
        fields = {name: named(value) if name in POINTS_TO and value else value for name, value in one["fields"].items()}
        links = {part: sorted(map(named, controller.links.get((number, part), []))) for part in KINDS[one["kind"]].attached}
        of = fields.get("workflow_job_template") or fields.get("organization") or ""
        found[one["kind"], of, named(number)] = (fields, links, controller.surveys.get(number))
    return found


@pytest.mark.parametrize("damages", [
    ["surveys", "a link past the approval", "links of another kind", "approval", "audit and its schedule", "another playbook"],
    *(pytest.param([name], marks=long) for name in DAMAGES)], ids=lambda names: names[0] if len(names) == 1 else "several")
def test_what_is_lost_is_made_again(controller, tmp_path, damages):
    before = plain(controller)
    for name in damages:
        DAMAGES[name](controller)
    assert plain(controller) != before
    assert good(apply(controller, tmp_path, image=IMAGE)).changed
    assert plain(controller) == before
    if len(damages) > 1:
        assert good(apply(controller, tmp_path, image=IMAGE)).changed == []


@pytest.mark.parametrize("url", ["https://git.example.com/never.git", pytest.param(ARGUMENTS["scm_url"], marks=long)])
def test_a_first_synchronization_that_failed_is_healed(empty, tmp_path, url):
    """The repository was not there, or its URL was wrong; with the same arguments as before, or with the right ones."""
    empty.unreachable.add(url)
    first = apply(empty, tmp_path, scm_url=url)
    assert first.code and "Project update failed" in first.text and not [one for one in empty.objects.values() if one["kind"] == "job_templates"]
    again = apply(empty, tmp_path, scm_url=url)
    assert again.code and "failed" in again.text
    if url == ARGUMENTS["scm_url"]:
        empty.unreachable.clear()
    good(apply(empty, tmp_path))
    assert empty.one("job_templates", JOBS[1])[1]["execution_environment"] is None
    assert all(empty.has_collections(empty.one("job_templates", name)[0]) for name in JOBS)


@long
def test_a_new_playbook_in_the_repository_needs_no_hand(controller, tmp_path):
    """A release brings a playbook; the operator has copied it into the repository and applies the new definitions."""
    project = controller.objects[controller.one("projects", PREFIX)[0]]
    del project["files"]["reconcile.yml"]
    controller.delete(controller.one("job_templates", JOBS[2])[0])
    assert "Create the project, and update it" in good(apply(controller, tmp_path, image=IMAGE)).changed
    assert controller.one("job_templates", JOBS[2])


def test_without_an_image_again_all_is_as_if_there_had_been_none(controller, tmp_path):
    changed = good(apply(controller, tmp_path, image="")).changed
    assert changed == ["Create the execution environment"] and not [one for one in controller.objects.values() if one["kind"] == "execution_environments"]
    assert {controller.one("job_templates", name)[1]["execution_environment"] for name in JOBS} == {None}


def made(controller):
    """What the playbook makes: everything but what a fresh AWX has."""
    fresh = Controller(PROJECT)
    return {number: one for number, one in controller.objects.items() if number not in fresh.objects}


def test_a_second_organization_has_names_of_its_own(controller, tmp_path):
    before = {number: one for number, one in controller.state()["objects"].items()}
    good(apply(controller, tmp_path, organization="Branches", prefix="Branch switches", image=IMAGE))
    assert {number: controller.objects[number] for number in before} == before
    number = controller.one("organizations", "Branches")[0]
    new = {one["fields"].get("name") for n, one in made(controller).items() if n not in before and one["kind"] != "workflow_job_template_nodes"}
    assert all(name.startswith("Branch switches") for name in new - {"Branches", "inventory.yml", "Approve the fleet", None})
    assert controller.one("job_templates", "Branch switches fleet")[1]["organization"] == number
    credential = controller.links[controller.one("job_templates", "Branch switches fleet")[0], "credentials"]
    assert [controller.objects[one]["fields"]["organization"] for one in credential] == [number]
    assert good(apply(controller, tmp_path, organization="Branches", prefix="Branch switches", image=IMAGE)).changed == []


@long
def test_the_same_names_in_two_organizations(controller, tmp_path):
    """The names are not one organization's alone: what is found by its name is looked for where it belongs."""
    good(apply(controller, tmp_path, image=""))
    good(apply(controller, tmp_path, organization="Branches"))
    number = controller.one("organizations", "Branches")[0]
    for name in JOBS:
        template, fields = controller.one("job_templates", name, number)
        belongs = [fields["inventory"], fields["project"], *controller.links[template, "credentials"]]
        assert {controller.objects[one]["fields"]["organization"] for one in belongs} == {number}
    assert good(apply(controller, tmp_path, organization="Branches")).changed == []
    assert good(apply(controller, tmp_path)).changed == []


def refused_before_anything(controller, folder, text, **arguments):
    before = controller.state()
    applied = apply(controller, folder, **arguments)
    assert applied.code == 2 and text in applied.text, applied.output
    assert controller.state() == before and not applied.changed and not applied.refused


@pytest.mark.parametrize("arguments", [{"organization": None}, {"scm_url": None}, {"organization": ""}, {"scm_url": ""}])
def test_where_and_from_what_has_to_be_said(empty, tmp_path, arguments):
    refused_before_anything(empty, tmp_path, "organization and scm_url: name the organization", **arguments)


def test_an_organization_that_gets_no_collections_is_named_before_anything_is_made(empty, tmp_path):
    empty.make("organizations", name="Network")
    refused_before_anything(empty, tmp_path, "Network has no Galaxy credential")


def test_the_name_of_an_image_that_is_taken_is_named_before_anything_is_made(controller, tmp_path):
    refused_before_anything(controller, tmp_path, "belongs to another organization", organization="Branches", image=IMAGE)


@long
def test_an_image_of_another_organization_is_not_deleted(controller, tmp_path):
    good(apply(controller, tmp_path, organization="Branches", image=""))
    assert controller.one("execution_environments", PREFIX)


@pytest.mark.parametrize("credentials", [["Ansible Galaxy"], pytest.param(["Hub", "Ansible Galaxy"], marks=long), pytest.param([], marks=long)])
def test_an_organization_is_made_with_its_galaxy_credentials(empty, tmp_path, credentials):
    hub = empty.make("credentials", name="Hub", credential_type=1)
    arguments = {} if credentials == ["Ansible Galaxy"] else {"galaxy_credentials": credentials}
    empty.unreachable.add(ARGUMENTS["scm_url"])  # this far is enough
    apply(empty, tmp_path, **arguments)
    number = empty.one("organizations", "Network")[0]
    assert empty.links.get((number, "galaxy_credentials"), []) == [{"Hub": hub, "Ansible Galaxy": empty.galaxy}[name] for name in credentials]


@long
def test_galaxy_credentials_that_somebody_has_chosen_stay(empty, tmp_path):
    number, hub = empty.make("organizations", name="Network"), empty.make("credentials", name="Hub", credential_type=1)
    empty.links[number, "galaxy_credentials"] = [hub]
    good(apply(empty, tmp_path))
    assert empty.links[number, "galaxy_credentials"] == [hub]


def older_type(controller):
    """An earlier release's inputs."""
    number, kind = controller.one("credential_types", "Juniper Virtual Chassis")
    kind["inputs"] = {**kind["inputs"], "fields": kind["inputs"]["fields"][:-1]}
    kind["injectors"] = {}
    return number


def test_a_type_in_use_with_other_inputs_is_named_before_anything_is_made(controller, tmp_path):
    older_type(controller)
    refused_before_anything(controller, tmp_path, "credential_type_name: Juniper Virtual Chassis has inputs that differ from those of this release", image=IMAGE)


@long
def test_a_new_type_comes_in_beside_the_old_one(controller, tmp_path):
    """As awx.md says it. Every template has the new credential, and nothing of the old one is lost."""
    old, credential = older_type(controller), controller.one("credentials", PREFIX)
    good(apply(controller, tmp_path, image=IMAGE, credential_type_name="Juniper Virtual Chassis 2"))
    new = controller.one("credential_types", "Juniper Virtual Chassis 2")[0]
    assert controller.objects[credential[0]]["fields"] == credential[1] and controller.objects[old]["kind"] == "credential_types"
    for name in JOBS:
        chosen, = controller.links[controller.one("job_templates", name)[0], "credentials"]
        assert controller.objects[chosen]["fields"]["credential_type"] == new
    assert good(apply(controller, tmp_path, image=IMAGE, credential_type_name="Juniper Virtual Chassis 2")).changed == []


@long
def test_a_type_that_nobody_uses_is_brought_up_to_date(controller, tmp_path):
    older_type(controller)
    controller.delete(controller.one("credentials", PREFIX)[0])
    good(apply(controller, tmp_path, image=IMAGE))
    assert len(controller.one("credential_types", "Juniper Virtual Chassis")[1]["inputs"]["fields"]) == 8


@long
def test_what_somebody_has_filled_in_stays(controller, tmp_path):
    number = controller.one("credentials", PREFIX)[0]
    inputs = {"username": "netops", "password": "secret"}
    assert controller.request("PATCH", f"/api/v2/credentials/{number}/", {}, {"inputs": inputs})[0] == 200
    assert good(apply(controller, tmp_path, image=IMAGE)).changed == []
    assert controller.objects[number]["fields"]["inputs"] == inputs


def optional(controller):
    """Objects that the optional variables name, and these variables."""
    organization = controller.one("organizations", "Network")[0]
    kinds = {one["fields"]["kind"]: number for number, one in controller.objects.items() if one["kind"] == "credential_types"}
    for name, kind in (("Git", "scm"), ("Registry", "registry")):
        controller.make("credentials", name=name, organization=organization, credential_type=kinds[kind])
    for name in ("Network leads", "Network operators"):
        controller.make("teams", name=name, organization=organization)
    for name in ("Chat", "Pager"):
        controller.make("notification_templates", name=name, organization=organization, notification_type="webhook")
    return {"scm_branch": "stable", "scm_credential": "Git", "image_credential": "Registry", "image_pull": "always", "instance_groups": ["default"],
            "labels": ["network", "junos"], "job_timeout": 7200, "approvers": ["Network leads"], "operators": ["Network leads", "Network operators"],
            "notify_audit": ["Pager"], "notify_approval": ["Chat", "Pager"], "image": IMAGE}


def names(controller, numbers):
    return sorted(controller.objects[number]["fields"]["name"] for number in numbers)


def test_what_may_be_set_besides(controller, tmp_path):
    given = optional(controller)
    good(apply(controller, tmp_path, **given))
    project, image = controller.one("projects", PREFIX)[1], controller.one("execution_environments", PREFIX)[1]
    assert (project["scm_branch"], names(controller, [project["credential"], image["credential"]]), image["pull"]) == ("stable", ["Git", "Registry"], "always")
    for name in JOBS:
        number, template = controller.one("job_templates", name)
        assert template["timeout"] == 7200 and names(controller, controller.links[number, "labels"]) == ["junos", "network"]
        assert names(controller, controller.links[number, "instance_groups"]) == ["default"]
        assert names(controller, controller.teams_with(number, "execute")) == ["Network leads", "Network operators"]
        assert names(controller, controller.links.get((number, "notification_templates_error"), [])) == (["Pager"] if name.endswith("audit") else [])
    number = controller.one("workflow_job_templates", WORKFLOWS[0])[0]
    assert names(controller, controller.teams_with(number, "approval")) == ["Network leads"]
    assert names(controller, controller.links[number, "notification_templates_approvals"]) == ["Chat", "Pager"]
    assert good(apply(controller, tmp_path, **given)).changed == []


@long
def test_what_is_not_set_any_more_stays_and_what_is_set_to_nothing_goes(controller, tmp_path):
    given = optional(controller)
    good(apply(controller, tmp_path, **given))
    before = [controller.state()[name] for name in ("links", "grants")]
    good(apply(controller, tmp_path, image=IMAGE, scm_branch="stable", image_pull="always"))
    assert [controller.state()[name] for name in ("links", "grants")] == before
    good(apply(controller, tmp_path, image=IMAGE, labels=[], notify_approval=[], approvers=[], operators=["Network leads++Network"]))
    number = controller.one("workflow_job_templates", WORKFLOWS[0])[0]
    assert not controller.links[number, "labels"] and not controller.links[number, "notification_templates_approvals"]
    assert not controller.teams_with(number, "approval"), "who may approve is who is listed"
    for number in (number, controller.one("job_templates", JOBS[1])[0]):
        assert names(controller, controller.teams_with(number, "execute")) == ["Network leads"]


def test_check_mode_tells_what_somebody_has_changed(controller, tmp_path):
    before = controller.state()
    altered("job_templates", JOBS[1], job_slice_count=9)(controller)
    assert good(apply(controller, tmp_path, "--check", image=IMAGE)).changed == ["Create the job templates"]
    altered("job_templates", JOBS[1], job_slice_count=2)(controller)
    assert controller.state() == before


@long
def test_check_mode_has_nothing_to_compare_with_before_the_first_application(empty, tmp_path):
    checked = apply(empty, tmp_path, "--check")
    assert checked.code == 2 and "check mode: Network has nothing of this collection yet" in checked.text, checked.output
    assert not made(empty) and not checked.changed and not checked.refused


def behind_the_gateway():
    running = Controller(PROJECT, gateway=True)
    running.links[running.make("organizations", name="Network"), "galaxy_credentials"] = [running.galaxy]
    return running


def test_behind_the_gateway_with_the_platforms_own_collection(tmp_path, platform):
    """awx.awx is not there, and nothing answers below /api/v2/."""
    with behind_the_gateway() as running:
        first = good(apply(running, tmp_path, path=platform, awx_collection="ansible.controller"))
        assert running.one("workflow_job_templates", WORKFLOWS[0]) and "You are using the" not in first.text
        assert good(apply(running, tmp_path, path=platform, awx_collection="ansible.controller")).changed == []


@long
def test_behind_the_gateway_with_awx_awx(tmp_path):
    """Each module with a Python of its own, too."""
    with behind_the_gateway() as running:
        around = {"CONTROLLER_OPTIONAL_API_URLPATTERN_PREFIX": "/api/controller/"}
        good(apply(running, tmp_path, environment=around, warm=False, make_organization=False))
        assert good(apply(running, tmp_path, environment=around, warm=False, make_organization=False)).changed == []


def test_behind_the_gateway_an_organization_has_to_be_there(tmp_path, platform):
    with Controller(PROJECT, gateway=True) as running:
        refused_before_anything(running, tmp_path, "platform 2.5 and later creates organizations at its gateway", path=platform, awx_collection="ansible.controller")


def test_a_collection_that_is_not_there_is_named(empty, tmp_path):
    applied = apply(empty, tmp_path, awx_collection="ansible.controller")
    assert applied.code and "ansible.controller" in applied.text and not empty.refused and not made(empty)
