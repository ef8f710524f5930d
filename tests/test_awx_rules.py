# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in controller refuses what AWX refuses, and lets pass what AWX lets pass: a stand-in that is kinder, or stricter, proves nothing."""

import urllib.parse

import pytest
from awx import PROJECT, credential_type
from controller import Controller

ONE_INPUT = {"fields": [{"id": "a", "label": "A"}]}
SURVEY = {"name": "s", "description": "", "spec": [{"question_name": "q", "variable": "v", "type": "text", "required": True, "default": "d"}]}
DAILY = "DTSTART:20260101T020000Z RRULE:FREQ=DAILY;INTERVAL=1"
NEVER = "https://git.example.com/never.git"


@pytest.fixture
def alone():
    return Site()


class Site:
    """A controller with one object of each kind. An object's name is also how its number is found."""

    def __init__(self):
        self.controller = Controller(PROJECT)
        kind = {key: credential_type()[key] for key in ("inputs", "injectors")}
        self.numbers = {"galaxy": self.controller.galaxy}
        for kind, name, more in (
            ("organizations", "organization", {}), ("teams", "team", {"organization": "organization"}),
            ("credential_types", "type", {"kind": "net", **kind}),
            ("credentials", "credential", {"organization": "organization", "credential_type": "type", "inputs": {"username": "x", "password": "y"}}),
            ("credentials", "second", {"organization": "organization", "credential_type": "type"}),
            ("execution_environments", "image", {"organization": "organization", "image": "i"}),
            ("inventories", "inventory", {"organization": "organization"}), ("inventories", "other", {"organization": "organization"}),
            ("projects", "project", {"organization": "organization", "scm_type": "git", "scm_url": "u"}),
            ("job_templates", "template", {"playbook": "audit.yml", "inventory": "inventory", "project": "project", "survey_enabled": True}),
            ("workflow_job_templates", "workflow", {"organization": "organization", "inventory": "other", "survey_enabled": True}),
            ("workflow_job_template_nodes", "node", {"identifier": "first", "workflow_job_template": "workflow", "unified_job_template": "template"}),
            ("labels", "label", {"organization": "organization"}), ("schedules", "nightly", {"unified_job_template": "template", "rrule": DAILY, "extra_data": {"v": "x"}}),
        ):
            fields = {"name": name, **self.resolved(more)}
            self.numbers[name] = self.controller.create(kind, fields)[1]["id"]
            if name in ("template", "workflow"):
                assert self.post(f"{kind}/{name}/survey_spec", SURVEY)[0] == 200

    def resolved(self, fields):
        """Names of objects become their numbers."""
        return {name: self.numbers.get(value, value) if isinstance(value, str) and name != "name" else value for name, value in fields.items()}

    def call(self, method, path, data=None, **query):
        parts = [str(self.numbers.get(part, part)) for part in path.split("/")]
        return self.controller.request(method, f"/api/v2/{'/'.join(parts)}/", {name: str(value) for name, value in query.items()}, self.resolved(data or {}))

    def post(self, path, data):
        return self.call("POST", path, data)

    def get(self, path):
        return self.call("GET", path)[1]


def survey(**change):
    return {**SURVEY, "spec": [{**{key: value for key, value in SURVEY["spec"][0].items() if key != "default"}, **change}]}


TEMPLATE = {"name": "x", "playbook": "audit.yml", "inventory": "inventory", "project": "project"}
KIND = {"name": "x", "kind": "net", "inputs": ONE_INPUT}
SCHEDULE = {"name": "x", "unified_job_template": "template", "extra_data": {"v": "x"}, "rrule": DAILY}
NODE = {"identifier": "x", "workflow_job_template": "workflow", "unified_job_template": "template"}


@pytest.mark.parametrize("kind, fields, want", [
    ("job_templates", {**TEMPLATE, "project": None}, "project"),
    ("job_templates", {**TEMPLATE, "project": 99}, "project"),
    ("job_templates", {**TEMPLATE, "playbook": "other.yml"}, "playbook"),
    ("job_templates", {**TEMPLATE, "playbook": "collections/requirements.yml"}, "playbook"),
    ("job_templates", {**TEMPLATE, "inventory": None}, "inventory"),
    ("job_templates", {**TEMPLATE, "name": "template"}, "__all__"),
    ("projects", {"name": "project", "organization": "organization"}, "__all__"),
    ("execution_environments", {"name": "image", "image": "j"}, "name"),
    ("execution_environments", {"name": "x", "image": ""}, "image"),
    ("execution_environments", {"name": "x", "image": "j", "credential": "credential"}, "credential"),
    ("projects", {"name": "x", "scm_type": "git", "scm_url": "u", "credential": "credential"}, "credential"),
    ("credentials", {"name": "x", "organization": "organization", "credential_type": 999}, "credential_type"),
    ("credentials", {"name": "x", "organization": "organization", "credential_type": "type", "inputs": {"user": "x"}}, "inputs"),
    ("credentials", {"name": "x", "organization": None, "credential_type": "type"}, "detail"),
    ("credential_types", {**KIND, "injectors": {"env": {"B": "{{ b }}"}}}, "injectors"),
    ("credential_types", {**KIND, "injectors": {"env": {"ANSIBLE_B": "{{ a }}"}}}, "injectors"),
    ("credential_types", {**KIND, "kind": "ssh"}, "kind"),
    ("credential_types", {**KIND, "inputs": {"fields": [{"id": "a", "label": "A", "ask_at_runtime": True}]}}, "inputs"),
    ("inventory_sources", {"name": "x", "inventory": "inventory", "source": "scm", "source_path": "inventory.yml"}, "source_project"),
    ("schedules", {**SCHEDULE, "rrule": "DTSTART:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1"}, "rrule"),
    ("schedules", {**SCHEDULE, "rrule": "DTSTART:20260101T020000Z RRULE:FREQ=DAILY"}, "rrule"),
    ("schedules", {**SCHEDULE, "rrule": "FREQ=DAILY;INTERVAL=1"}, "rrule"),
    ("schedules", {**SCHEDULE, "extra_data": {}}, "variables_needed_to_start"),  # that the question has a default does not help
    ("schedules", {**SCHEDULE, "extra_data": {"v": "x", "w": "x"}}, "extra_data"),
    ("schedules", {**SCHEDULE, "limit": "x"}, "limit"),
    ("schedules", {**SCHEDULE, "name": "nightly"}, "__all__"),
    ("workflow_job_template_nodes", {**NODE, "job_type": "check"}, "job_type"),
    ("workflow_job_template_nodes", {**NODE, "extra_data": {"w": "x"}}, "extra_data"),
    ("workflow_job_template_nodes", {**NODE, "identifier": "first"}, "__all__"),
    ("job_templates/template/survey_spec", survey(type="choice"), "error"),
    ("job_templates/template/survey_spec", survey(type="multiplechoice"), "error"),
    ("job_templates/template/survey_spec", survey(type="multiplechoice", choices=["a"], default="b"), "error"),
    ("job_templates/template/survey_spec", survey(type="integer", default="1"), "error"),
    ("job_templates/template/survey_spec", {"name": "s", "spec": []}, "error"),
    ("job_templates/template/launch", {}, "variables_needed_to_start"),  # likewise
    ("job_templates/template/launch", {"extra_vars": {"v": 1}}, "variables_needed_to_start"),
    ("workflow_job_templates/workflow/launch", {"extra_vars": {"v": "x", "w": "x"}}, "extra_vars"),
    ("workflow_job_templates/workflow/launch", {"extra_vars": {"v": "x"}, "limit": "x"}, "limit"),
    ("organizations/organization/galaxy_credentials", {"id": "credential"}, "msg"),
    ("job_templates/template/credentials", {"id": "galaxy"}, "error"),
])
def test_what_awx_would_refuse(alone, kind, fields, want):
    status, body = alone.post(kind, fields)
    assert status == 400 and list(body) == [want], body


@pytest.mark.parametrize("kind, fields", [
    ("job_templates", TEMPLATE), ("credential_types", {**KIND, "injectors": {"env": {"B": "{{ a }}"}}}), ("schedules", SCHEDULE),
    ("workflow_job_template_nodes", NODE),  # a node may leave answers to the workflow
    ("job_templates/template/survey_spec", survey(type="multiplechoice", choices=["a"], default="a")),
    ("job_templates/template/survey_spec", survey(variable="not a name")),
    ("job_templates/template/survey_spec", survey(type="integer", min=5, default=1)),
    ("inventory_sources", {"name": "x", "inventory": "inventory", "source": "scm", "source_project": "project", "source_path": "nowhere.yml"}),
    ("organizations/organization/galaxy_credentials", {"id": "galaxy"}),
    ("credentials", {"name": "x", "organization": "organization", "credential_type": "type"}),
])
def test_what_awx_would_take(alone, kind, fields):
    status, body = alone.post(kind, fields)
    assert status < 300, body


def test_inputs_of_a_type_in_use_cannot_change(alone):
    kind = alone.get("credential_types/type")
    fewer = {**kind["inputs"], "fields": kind["inputs"]["fields"][:-1]}
    assert alone.call("PATCH", "credential_types/type", {"inputs": fewer})[0] == 400  # which the injectors still name
    assert alone.call("PATCH", "credential_types/type", {"inputs": fewer, "injectors": {}})[0] == 403
    assert alone.call("PATCH", "credential_types/type", {"inputs": kind["inputs"], "description": "other"})[0] == 200
    assert alone.call("DELETE", "credential_types/type")[0] == 403
    for credential in ("credential", "second"):
        assert alone.call("DELETE", f"credentials/{credential}")[0] == 204
    assert alone.call("PATCH", "credential_types/type", {"inputs": fewer, "injectors": {}})[0] == 200


def test_an_approval_has_no_identifier_and_is_in_no_list(alone):
    status, body = alone.post("workflow_job_template_nodes/node/create_approval_template", {"name": "ok?", "timeout": 5, "identifier": "x", "workflow_job_template": 1})
    assert status == 201 and (body["name"], body["timeout"]) == ("ok?", 5) and not {"identifier", "workflow_job_template"} & set(body)
    assert alone.call("GET", "unified_job_templates", name="ok?")[1]["count"] == 0
    assert "identifier" not in alone.call("PATCH", f"workflow_approval_templates/{body['id']}", {"identifier": "x"})[1]
    # It is below the node, not below the approval, that others follow.
    assert alone.call("GET", f"workflow_approval_templates/{body['id']}/success_nodes")[0] == 404


def test_what_may_lead_to_what(alone):
    """A node leads to another in one way only, and never back to itself."""
    alone.numbers["b"] = alone.post("workflow_job_template_nodes", {**NODE, "identifier": "b"})[1]["id"]
    alone.numbers["c"] = alone.post("workflow_job_template_nodes", {**NODE, "identifier": "c"})[1]["id"]
    link = "workflow_job_template_nodes/{}/{}_nodes".format
    assert alone.post(link("node", "success"), {"id": "b"})[0] == 204
    assert alone.post(link("node", "success"), {"id": "b"})[0] == 204  # again does no harm
    assert alone.get("workflow_job_template_nodes/node")["success_nodes"] == [alone.numbers["b"]]
    assert alone.post(link("node", "always"), {"id": "b"}) == (400, {"Error": "Relationship not allowed."})
    assert alone.post(link("b", "always"), {"id": "c"})[0] == 204
    for back in ("node", "b", "c"):
        assert alone.post(link("c", "failure"), {"id": back})[1] == {"Error": "Cycle detected."}
    assert alone.post(link("node", "success"), {"id": "b", "disassociate": True})[0] == 204
    assert alone.post(link("c", "success"), {"id": "node"})[0] == 204
    of = f"{alone.numbers['workflow']},{alone.numbers['galaxy']}"
    assert alone.call("GET", "workflow_job_template_nodes", workflow_job_template__in=of)[1]["count"] == 3


def test_what_is_not_asked_for_is_ignored_and_named(alone):
    status, body = alone.post("job_templates/template/launch", {"extra_vars": {"v": "x", "w": "y"}, "limit": "somewhere", "job_type": "run"})
    assert (status, body["ignored_fields"]) == (201, {"extra_vars": {"w": "y"}, "limit": "somewhere"})
    assert {name: value for name, value in alone.controller.launched[-1].items() if name != "template"} == {"extra_vars": {"v": "x"}}
    alone.call("PATCH", "job_templates/template", {"ask_limit_on_launch": True, "ask_variables_on_launch": True})
    status, body = alone.post("job_templates/template/launch", {"extra_vars": {"v": "x", "w": "y"}, "limit": "somewhere"})
    assert (status, body["ignored_fields"], alone.controller.launched[-1]["limit"]) == (201, {}, "somewhere")


def test_two_of_one_name_are_two_answers(alone):
    elsewhere = alone.post("organizations", {"name": "elsewhere"})[1]["id"]
    assert alone.post("credentials", {"name": "credential", "organization": elsewhere, "credential_type": "type"})[0] == 201
    assert alone.call("GET", "credentials", name="credential")[1]["count"] == 2
    assert alone.call("GET", "credentials", name="credential", organization=alone.numbers["organization"])[1]["count"] == 1
    number = alone.numbers["credential"]
    assert alone.call("GET", "credentials", or__id=number, or__name=number)[1]["results"][0]["id"] == number
    named = urllib.parse.quote("credential++type+net++organization", safe="+")
    assert alone.call("GET", f"credentials/{named}")[1]["id"] == number


def test_a_project_is_updated_when_it_is_made_and_moved_and_when_somebody_asks(alone):
    alone.controller.unreachable.add(NEVER)
    status, project = alone.post("projects", {"name": "x", "organization": "organization", "scm_type": "git", "scm_url": NEVER})
    update = alone.get(f"project_updates/{project['summary_fields']['current_update']['id']}")
    assert (status, update["status"], alone.get(f"projects/{project['id']}")["status"]) == (201, "failed", "failed")
    assert alone.post("job_templates", {**TEMPLATE, "project": project["id"]})[1] == {"playbook": ["Playbook not found for project."]}
    # Nothing happens by itself: not with time, not when the repository is there, not when another field changes.
    alone.controller.unreachable.clear()
    changed = alone.call("PATCH", f"projects/{project['id']}", {"description": "x"})[1]
    assert changed["status"] == "failed" and "current_update" not in changed["summary_fields"]
    assert alone.call("POST", f"projects/{project['id']}/update")[0] == 202
    assert alone.post("job_templates", {**TEMPLATE, "project": project["id"]})[0] == 201
    alone.controller.unreachable.add("elsewhere")
    assert alone.call("PATCH", f"projects/{project['id']}", {"scm_url": "elsewhere"})[1]["status"] == "failed"


def test_a_playbook_is_in_the_project_after_an_update(alone):
    alone.controller.files["new.yml"] = "- hosts: all\n"
    assert alone.post("job_templates", {**TEMPLATE, "playbook": "new.yml"})[0] == 400
    before = alone.get("projects/project")["scm_revision"]
    assert alone.call("POST", "projects/project/update")[0] == 202
    assert alone.post("job_templates", {**TEMPLATE, "playbook": "new.yml"})[0] == 201
    assert alone.get("projects/project")["scm_revision"] != before


def test_a_job_of_a_failed_project_does_not_start(alone):
    alone.controller.unreachable.add("u")
    alone.call("POST", "projects/project/update")
    assert list(alone.post("job_templates/template/launch", {"extra_vars": {"v": "x"}})[1]) == ["playbook"]


def test_collections_come_with_a_galaxy_credential_or_an_image_or_not_at_all(alone):
    has = alone.controller.has_collections
    assert not has(alone.numbers["template"])
    alone.post("organizations/organization/galaxy_credentials", {"id": "galaxy"})
    assert has(alone.numbers["template"])
    alone.post("organizations/organization/galaxy_credentials", {"id": alone.controller.galaxy, "disassociate": True})
    alone.call("PATCH", "job_templates/template", {"execution_environment": alone.numbers["image"]})
    assert has(alone.numbers["template"])


def test_what_goes_with_what(alone):
    """An image that is deleted leaves its templates with the default; a workflow takes its nodes along, a node its approval, a template its schedules."""
    alone.call("PATCH", "job_templates/template", {"execution_environment": alone.numbers["image"]})
    approval = alone.post("workflow_job_template_nodes/node/create_approval_template", {"name": "ok?"})[1]["id"]
    assert alone.call("DELETE", "execution_environments/image")[0] == 204
    assert alone.get("job_templates/template")["execution_environment"] is None
    assert alone.call("DELETE", "workflow_job_templates/workflow")[0] == 204
    assert not {alone.numbers["node"], approval} & set(alone.controller.objects)
    assert alone.call("DELETE", "job_templates/template")[0] == 204
    assert alone.numbers["nightly"] not in alone.controller.objects


def test_the_inventory_of_a_workflow_is_for_templates_that_ask_for_one(alone):
    assert "inventory" not in alone.controller.node(alone.numbers["node"], {}, {})
    alone.call("PATCH", "job_templates/template", {"ask_inventory_on_launch": True})
    assert alone.controller.node(alone.numbers["node"], {}, {})["inventory"] == alone.numbers["other"]


def test_a_label_goes_with_the_last_template_that_has_it(alone):
    attached = [f"{kind}/labels" for kind in ("job_templates/template", "workflow_job_templates/workflow")]
    for path in attached:
        assert alone.post(path, {"id": "label"})[0] == 204
    for path, left in zip(attached, (1, 0)):
        assert alone.post(path, {"id": "label", "disassociate": True})[0] == 204
        assert alone.call("GET", "labels", name="label")[1]["count"] == left


def test_only_one_credential_of_a_type(alone):
    assert alone.post("job_templates/template/credentials", {"id": "credential"})[0] == 204
    assert list(alone.post("job_templates/template/credentials", {"id": "second"})[1]) == ["error"]


def test_secrets_are_never_shown_and_survive_being_sent_back(alone):
    shown = alone.get("credentials/credential")["inputs"]
    assert shown == {"username": "x", "password": "$encrypted$"}
    alone.call("PATCH", "credentials/credential", {"inputs": {**shown, "username": "z"}})
    assert alone.controller.objects[alone.numbers["credential"]]["fields"]["inputs"] == {"username": "z", "password": "y"}


def test_the_organization_of_a_template_is_that_of_its_project(alone):
    status, body = alone.post("job_templates", {**TEMPLATE, "organization": 77})
    assert (status, body["organization"]) == (201, alone.numbers["organization"])


def test_the_image_stays_in_its_organization(alone):
    other = alone.post("organizations", {"name": "elsewhere"})[1]["id"]
    assert alone.call("PATCH", "execution_environments/image", {"organization": other})[0] == 400


def test_behind_the_gateway_there_are_other_paths_and_no_new_organizations():
    behind = Controller(PROJECT, gateway=True)
    assert behind.request("GET", "/api/v2/organizations/")[0] == 404
    assert behind.request("GET", "/api/controller/v2/organizations/")[0] == 200
    assert behind.request("POST", "/api/controller/v2/organizations/", {}, {"name": "x"})[0] == 403
