# SPDX-License-Identifier: GPL-3.0-or-later
"""collection/awx, applied by the modules of awx.awx to a stand-in controller, which then launches what it was told."""

import datetime
import json
import re
import subprocess

import pytest
import yaml

pytest.importorskip("ansible_runner")
from awx import PROJECT, Credentials, Job, credential_type  # noqa: E402  (only if there is a runner)
from conftest import ENVIRONMENT, ROLE, STAGED, TOP, Lab  # noqa: E402
from controller import Controller  # noqa: E402
from simulator import Simulator  # noqa: E402

import foreign_collections  # noqa: E402

ARGUMENTS = {"organization": "Network", "scm_url": "https://git.example.com/network.git", "slices": 2, "image": "registry.example.com/virtual-chassis:1"}
QUESTIONS = yaml.safe_load((TOP / "collection/awx/surveys.yml").read_text())["virtual_chassis_question"]
INPUTS = yaml.safe_load((ROLE / "meta/argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
COMMON = ["scp_config_sync_rekey", "scp_config_sync_confirm_timeout", "scp_config_sync_verify"]
# Playbook, slices and what is asked.
TEMPLATES = {
    "Virtual Chassis canary": ("canary.yml", 1, ["scp_config_sync_canary", *COMMON]),
    "Virtual Chassis fleet": ("scp_config_sync.yml", 2, ["scp_config_sync_hosts", "scp_config_sync_serial", *COMMON]),
    "Virtual Chassis reconcile": ("reconcile.yml", 1, ["scp_config_sync_hosts", *COMMON]),
    "Virtual Chassis audit": ("audit.yml", 1, ["scp_config_sync_hosts", "scp_config_sync_audit_fail"]),
    "Virtual Chassis disable": ("disable.yml", 1, ["scp_config_sync_hosts", "scp_config_sync_serial", "scp_config_sync_confirm_timeout",
                                                   "scp_config_sync_remove_command"]),
}
ANSWERS = {"scp_config_sync_canary": "campus-east", "scp_config_sync_hosts": "all", "scp_config_sync_serial": "100%", "scp_config_sync_rekey": "if_missing",
           "scp_config_sync_confirm_timeout": 7, "scp_config_sync_verify": "probe"}


@pytest.fixture(scope="module")
def controller(tmp_path_factory):
    """A controller with an organization and all that the playbook creates in it. The playbook runs twice: the second time nothing changes."""
    try:
        collections = f"{TOP / 'build'}:{foreign_collections.fetched()}"
    except foreign_collections.Unavailable as error:
        pytest.skip(str(error))
    with Controller(PROJECT) as running:
        running.create("organizations", {"name": "Network"})
        running.first = applied(running, collections, tmp_path_factory.mktemp("first"))
        before = json.dumps([running.objects, running.surveys])
        running.second = applied(running, collections, tmp_path_factory.mktemp("second"))
        assert json.dumps([running.objects, running.surveys]) == before
        yield running


def applied(controller, collections, folder):
    """Runs the playbook as its first lines say; returns the counts of the recap."""
    (folder / "arguments.json").write_text(json.dumps(ARGUMENTS))
    command = ["ansible-playbook", str(STAGED / "awx/playbook.yml"), "-e", f"@{folder}/arguments.json"]
    done = subprocess.run(command, env={**ENVIRONMENT, **controller.environment, "ANSIBLE_COLLECTIONS_PATH": collections},
                          cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, check=False)
    assert done.returncode == 0 and not controller.refused, done.stdout + done.stderr + str(controller.refused)
    return {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", done.stdout.rsplit("PLAY RECAP", 1)[1])}


def test_everything_is_created_once(controller):
    """Every task is a module of awx.awx, which checks its arguments, and none is left out."""
    tasks = yaml.safe_load((TOP / "collection/awx/playbook.yml").read_text())[0]["tasks"]
    assert all(any(key.startswith("awx.awx.") for key in task) for task in tasks)
    assert (controller.first["ok"], controller.first["skipped"], controller.first["changed"]) == (len(tasks), 0, len(tasks))
    assert (controller.second["ok"], controller.second["changed"]) == (len(tasks), 0)


def test_the_credential_type_arrives_as_it_is_written(controller):
    kind = controller.one("credential_types", "Juniper Virtual Chassis")[1]
    assert {name: kind[name] for name in ("inputs", "injectors")} == {name: credential_type()[name] for name in ("inputs", "injectors")}


@pytest.mark.parametrize("name", TEMPLATES)
def test_job_templates(controller, name):
    playbook, slices, asked = TEMPLATES[name]
    number, template = controller.one("job_templates", name)
    assert (template["playbook"], template["job_slice_count"]) == (playbook, slices)
    assert [question["variable"] for question in controller.questions(number)] == asked
    assert template["execution_environment"] == controller.one("execution_environments", "Virtual Chassis")[0]
    assert template["inventory"] == controller.one("inventories", "Virtual Chassis")[0]
    assert controller.links[number, "credentials"] == [controller.one("credentials", "Virtual Chassis")[0]]
    assert all(template[f"ask_{what}_on_launch"] for what in ("job_type", "diff_mode")) and not template.get("ask_variables_on_launch")
    assert template["ask_limit_on_launch"] == (playbook != "canary.yml")


def test_there_are_no_other_templates(controller):
    assert {each["fields"]["name"] for each in controller.objects.values() if each["kind"] == "job_templates"} == set(TEMPLATES)


@pytest.mark.facts
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_an_input_with_the_same_choices_and_default(name):
    question = QUESTIONS[name]
    option = INPUTS.get(question["variable"])
    if not option:  # of a playbook
        playbooks = "".join(file.read_text() for file in [*PROJECT.glob("*.yml"), *(TOP / "collection/playbooks").glob("*.yml")])
        assert re.search(rf"\b{question['variable']}\b", playbooks)
        return
    assert question["default"] == (str(option["default"]).lower() if option["type"] == "bool" else option["default"])
    assert question.get("choices") == (["false", "true"] if option["type"] == "bool" else option.get("choices"))
    assert (question["type"] == "integer") == (option["type"] == "int")


FLEET = {name: answer for name, answer in ANSWERS.items() if name != "scp_config_sync_canary"}


@pytest.mark.parametrize("change, wrong", [
    ({}, None),
    ({"scp_config_sync_confirm_timeout": "7"}, "want int"),
    ({"scp_config_sync_confirm_timeout": 0}, "too small"),
    ({"scp_config_sync_confirm_timeout": 121}, "too large"),
    ({"scp_config_sync_rekey": "sometimes"}, "none of the choices"),
    ({"scp_config_sync_hosts": ""}, "too small"),
    ({"scp_config_sync_hosts": None}, "value missing"),
    ({"scp_config_sync_root_password": "x"}, "not allowed on launch"),
])
def test_answers_become_variables_or_are_refused(controller, change, wrong):
    number = controller.one("job_templates", "Virtual Chassis fleet")[0]
    given = {name: value for name, value in {**FLEET, **change}.items() if value is not None}
    status, body = controller.request("POST", f"/api/v2/job_templates/{number}/launch/", {}, {"extra_vars": given})
    if wrong:
        assert status == 400 and wrong in str(body)
    else:
        assert status == 201 and controller.launched[-1]["extra_vars"] == FLEET


def test_no_chassis_is_named_for_the_canary_nor_for_the_way_back(controller):
    """Nobody may move them all by pressing a button: there is no default."""
    for name in ("Virtual Chassis canary", "Virtual Chassis disable"):
        number = controller.one("job_templates", name)[0]
        assert "default" not in controller.questions(number)[0] and controller.questions(number)[0]["required"]


def test_no_limit_can_leave_the_canary_out(controller):
    answers = {name: ANSWERS[name] for name in ("scp_config_sync_canary", *COMMON)}
    number = controller.one("job_templates", "Virtual Chassis canary")[0]
    status, body = controller.request("POST", f"/api/v2/job_templates/{number}/launch/", {}, {"extra_vars": answers, "limit": "campus-west"})
    assert status == 400 and list(body) == ["limit"]


def test_the_nightly_audit(controller):
    dateutil = pytest.importorskip("dateutil.rrule")
    schedule = controller.one("schedules", "Virtual Chassis audit, nightly")[1]
    assert schedule["unified_job_template"] == controller.one("job_templates", "Virtual Chassis audit")[0]
    assert schedule["extra_data"] == {"scp_config_sync_hosts": "all", "scp_config_sync_audit_fail": "true"}
    start = datetime.datetime(2030, 5, 1, tzinfo=datetime.timezone.utc)
    nights = dateutil.rrulestr(schedule["rrule"].replace(" ", "\n")).between(start, start + datetime.timedelta(days=3))
    assert [night.isoformat() for night in nights] == [f"2030-05-0{day}T02:00:00+00:00" for day in (1, 2, 3)]


def test_the_inventory_comes_from_a_file_of_the_project(controller):
    source = controller.one("inventory_sources", "inventory.yml")[1]
    assert (source["source"], source["source_path"], source["update_on_launch"]) == ("scm", "inventory.yml", True)
    assert source["source_project"] == controller.one("projects", "Virtual Chassis")[0]


def example():
    """The hosts of the inventory example, with their variables."""
    done = subprocess.run(["ansible-inventory", "-i", PROJECT / "inventory.yml", "--list"], env=ENVIRONMENT, check=True, capture_output=True, text=True)
    listed = json.loads(done.stdout)
    assert sorted(listed["virtual_chassis"]["hosts"]) == sorted(listed["_meta"]["hostvars"])
    return listed["_meta"]["hostvars"]


def test_the_inventory_example():
    hosts = example()
    assert len(hosts) == 3
    for variables in hosts.values():
        assert variables["ansible_host"].startswith("192.0.2.")
        assert set(variables) <= {"ansible_host", "ansible_port", "from_juniper", *INPUTS}
        assert not re.search("user|password|key_file", " ".join(set(variables) - {"scp_config_sync_authorized_keys_command_user"}))


def test_the_execution_environment_is_one(tmp_path):
    """ansible-builder checks it against its schema, and makes of it what an image is built from."""
    pytest.importorskip("ansible_builder")
    made = builder(STAGED / "awx/execution-environment.yml", tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "-r requirements.yml" in (tmp_path / "context/Containerfile").read_text()
    wanted = yaml.safe_load((tmp_path / "context/_build/requirements.yml").read_text())
    assert [one["name"] for one in wanted["collections"]] == ["vchassis.junos"]
    assert "openssh-clients" in (tmp_path / "context/_build/bindep.txt").read_text()


def test_a_misspelt_execution_environment_is_none(tmp_path):
    pytest.importorskip("ansible_builder")
    definition = tmp_path / "execution-environment.yml"
    definition.write_text((STAGED / "awx/execution-environment.yml").read_text().replace("base_image:", "base_images:"))
    made = builder(definition, tmp_path)
    assert made.returncode != 0 and "base_images" in made.stdout + made.stderr


def builder(definition, folder):
    command = ["ansible-builder", "create", "-f", definition, "-c", folder / "context", "--output-filename", "Containerfile"]
    return subprocess.run(command, env=ENVIRONMENT, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def chassis(tmp_path):
    """The chassis of the inventory example."""
    (tmp_path / "scenario.yml").write_text(yaml.safe_dump({"chassis": [{"name": name, "size": 2} for name in example()]}))
    with Simulator("-f", str(tmp_path / "scenario.yml")) as simulator:
        yield Lab(simulator, tmp_path)


class Operator:
    """Somebody who has only the web page: fills the credential in, launches, looks at what jobs have left."""

    def __init__(self, controller, chassis, folder):
        self.controller, self.chassis, self.folder, self.jobs = controller, chassis, folder, []
        lab = json.loads(chassis.simulator.inventory.read_text())["virtual_chassis"]["hosts"]
        self.hosts = example()
        for name, variables in self.hosts.items():
            variables["from_juniper"] = {"command": lab[name]["scp_config_sync_authorized_keys_command"],
                                         "user": lab[name]["scp_config_sync_authorized_keys_command_user"]}
            variables |= {where: lab[name][where] for where in ("ansible_host", "ansible_port")}
        one = next(iter(lab.values()))
        inputs = {"username": one["ansible_user"], "password": one["ansible_password"], "root_password": one["scp_config_sync_root_password"],
                  "known_hosts": (chassis.simulator.folder / "known_hosts").read_text()}
        number = controller.one("credentials", "Virtual Chassis")[0]
        assert controller.request("PATCH", f"/api/v2/credentials/{number}/", {}, {"inputs": inputs})[0] == 200
        self.secrets = (one["ansible_password"], one["scp_config_sync_root_password"])

    def launch(self, name, **more):
        """A template by its name, with answers; its jobs have ended when this returns."""
        number = self.controller.one("job_templates", name)[0]
        status, body = self.controller.request("POST", f"/api/v2/job_templates/{number}/launch/", {}, more)
        assert status == 201, body
        return self.started(number, self.controller.launched[-1]["extra_vars"])

    def started(self, number, variables):
        """One job a slice; AWX deals hosts out in turns, by name. Returns whether all went well, and what they have handed on."""
        template = self.controller.objects[number]["fields"]
        names = sorted(self.hosts)
        slices = min(template["job_slice_count"], len(names))
        jobs = [self.job(template, number, names[index::slices], variables) for index in range(slices)]
        handed_on = {}
        for job in jobs:
            handed_on |= job.stats()
        return all(job.status == "successful" for job in jobs), handed_on

    def job(self, template, number, names, variables):
        place = self.folder / f"job{len(self.jobs)}"
        credential, = (self.controller.objects[other]["fields"] for other in self.controller.links[number, "credentials"])
        kind = self.controller.objects[credential["credential_type"]]["fields"]
        filled = Credentials().custom(place, kind, **credential["inputs"])
        hosts = {"virtual_chassis": {"hosts": {name: self.hosts[name] for name in names}}}
        self.jobs.append(Job(place, template["playbook"], hosts, filled, extra_vars=variables).start().end())
        self.no_secret_is_left(self.jobs[-1])
        return self.jobs[-1]

    def no_secret_is_left(self, job):
        for file in job.artifacts():
            text = file.read_text(errors="replace")
            if file.name == "command":  # the environment that the controller asked for, which AWX masks
                text = re.sub(r'"(VCHASSIS|ANSIBLE_NET)_[A-Z_]*": "[^"]*"', "", text)
            assert not [secret for secret in self.secrets if secret in text], file

    def transports(self):
        return {name: self.chassis.state(name)["transport"] for name in self.hosts}


def test_the_workflow_rolls_out(controller, chassis, tmp_path):
    """Launched with answers, it moves the canary; nothing else happens until somebody approves; then the fleet, in slices."""
    operator = Operator(controller, chassis, tmp_path)
    number = controller.one("workflow_job_templates", "Virtual Chassis rollout")[0]
    refused, why = controller.request("POST", f"/api/v2/workflow_job_templates/{number}/launch/", {}, {"extra_vars": FLEET})
    assert refused == 400 and "scp_config_sync_canary" in str(why)
    assert controller.request("POST", f"/api/v2/workflow_job_templates/{number}/launch/", {}, {"extra_vars": ANSWERS})[0] == 201
    answers, handed_on, seen = controller.launched[-1]["extra_vars"], {}, []
    number, node = controller.one("workflow_job_template_nodes", "canary")
    while True:
        template = controller.objects[node["unified_job_template"]]
        seen.append((template["kind"], template["fields"]["name"]))
        if template["kind"] == "job_templates":
            good, more = operator.started(node["unified_job_template"], controller.node(node["unified_job_template"], handed_on, answers))
            assert good, [job.output() for job in operator.jobs]
            handed_on |= more
        else:
            assert template["fields"]["timeout"] == 86400
        assert operator.transports() == {name: "scp" if name == "campus-east" or node["identifier"] == "fleet" else "rcp" for name in operator.hosts}
        following = controller.links.get((number, "success_nodes"), [])
        if not following:
            break
        number, node = following[0], controller.objects[following[0]]["fields"]
    assert seen == [("job_templates", "Virtual Chassis canary"), ("workflow_approval_templates", "Approve the fleet"),
                    ("job_templates", "Virtual Chassis fleet")]
    assert len(operator.jobs) == 3  # the canary and two slices
    # The answers were heard: a probe is one commit more than the four of a run.
    assert {chassis.counters(name)["commits"] for name in operator.hosts} == {5}
    outcomes = {value["host"]: value["outcome"] for value in handed_on.values()}
    assert outcomes == {"campus-core": "changed", "campus-east": "compliant", "campus-west": "changed"}


def test_a_canary_that_is_not_there_stops_the_workflow(controller, chassis, tmp_path):
    """Ansible itself is content with no host."""
    operator = Operator(controller, chassis, tmp_path)
    answers = {name: ANSWERS[name] for name in ("scp_config_sync_canary", *COMMON)}
    good, handed_on = operator.launch("Virtual Chassis canary", extra_vars={**answers, "scp_config_sync_canary": "campus-eats"})
    assert not good and not handed_on and "no chassis of the inventory is called campus-eats" in operator.jobs[0].text
    assert set(operator.transports().values()) == {"rcp"}


def test_audit_reconcile_and_the_way_back(controller, chassis, tmp_path):
    """The other templates, as their surveys ask."""
    operator = Operator(controller, chassis, tmp_path)
    nightly = controller.one("schedules", "Virtual Chassis audit, nightly")[1]
    good, found = operator.started(nightly["unified_job_template"], nightly["extra_data"])
    assert not good and {value["transport"] for value in found.values()} == {"rcp"}
    good, found = operator.launch("Virtual Chassis reconcile", extra_vars={name: FLEET[name] for name in ("scp_config_sync_hosts", *COMMON)})
    assert good and {value["outcome"] for value in found.values()} == {"changed"}, operator.jobs[-1].output()
    assert set(operator.transports().values()) == {"scp"}
    back = {"scp_config_sync_hosts": "campus-west", "scp_config_sync_serial": "1", "scp_config_sync_confirm_timeout": 5,
            "scp_config_sync_remove_command": "true"}
    assert operator.launch("Virtual Chassis disable", extra_vars=back)[0], operator.jobs[-1].output()
    assert operator.transports() == {"campus-core": "scp", "campus-east": "scp", "campus-west": "rcp"}
    assert {member["authorized_keys_command"] for member in chassis.state("campus-west")["members"]} == {""}


ONE_INPUT = {"fields": [{"id": "a", "label": "A"}]}
SURVEY = {"name": "s", "description": "", "spec": [{"question_name": "q", "variable": "v", "type": "text", "required": True}]}


def survey(**change):
    return {**SURVEY, "spec": [{**SURVEY["spec"][0], **change}]}


@pytest.mark.parametrize("kind, fields, want", [
    ("job_templates", {"name": "x", "playbook": "audit.yml", "inventory": 2}, "project"),
    ("job_templates", {"name": "x", "playbook": "audit.yml", "inventory": 2, "project": 99}, "project"),
    ("job_templates", {"name": "x", "playbook": "other.yml", "inventory": 2, "project": 3}, "playbook"),
    ("job_templates", {"name": "x", "playbook": "collections/requirements.yml", "inventory": 2, "project": 3}, "playbook"),
    ("job_templates", {"name": "x", "playbook": "audit.yml", "inventory": 2, "project": 3, "job_slice_count": "2"}, "job_slice_count"),
    ("credentials", {"name": "x", "organization": 1, "credential_type": 2}, "credential_type"),
    ("credentials", {"name": "x", "organization": 1, "credential_type": 4, "inputs": {"user": "x"}}, "inputs"),
    ("credential_types", {"name": "x", "kind": "net", "inputs": ONE_INPUT, "injectors": {"env": {"B": "{{ b }}"}}}, "inputs"),
    ("credential_types", {"name": "x", "kind": "net", "inputs": ONE_INPUT, "injectors": {"env": {"ANSIBLE_B": "{{ a }}"}}}, "inputs"),
    ("inventory_sources", {"name": "x", "inventory": 2, "source": "scm", "source_project": 3, "source_path": "nowhere.yml"}, "source_path"),
    ("schedules", {"name": "x", "unified_job_template": 5, "extra_data": {"v": "x"}, "rrule": "DTSTART:20260101T020000 RRULE:FREQ=DAILY;INTERVAL=1"}, "rrule"),
    ("schedules", {"name": "x", "unified_job_template": 5, "extra_data": {"v": "x"}, "rrule": "DTSTART:20260101T020000Z RRULE:FREQ=DAILY"}, "rrule"),
    ("schedules", {"name": "x", "unified_job_template": 5, "extra_data": {"v": "x"}, "rrule": "FREQ=DAILY;INTERVAL=1"}, "rrule"),
    ("schedules", {"name": "x", "unified_job_template": 5, "rrule": "DTSTART:20260101T020000Z RRULE:FREQ=DAILY;INTERVAL=1"}, "extra_data"),
    ("job_templates/5/survey_spec", survey(type="choice"), "error"),
    ("job_templates/5/survey_spec", survey(type="multiplechoice"), "error"),
    ("job_templates/5/survey_spec", survey(type="multiplechoice", choices=["a"], default="b"), "error"),
    ("job_templates/5/survey_spec", survey(type="integer", default="1"), "error"),
    ("job_templates/5/survey_spec", survey(variable="not a name"), "error"),
    ("job_templates/5/survey_spec", {"name": "s", "spec": []}, "error"),
    ("job_templates/5/launch", {"extra_vars": {"v": "x", "w": "x"}}, "extra_vars"),
    ("job_templates/5/launch", {"extra_vars": {"v": "x"}, "limit": "x"}, "limit"),
])
def test_the_stand_in_refuses_what_awx_would(kind, fields, want):
    alone = Controller(PROJECT)
    made = {"organizations": {"name": "o"}, "inventories": {"name": "i", "organization": 1},
            "projects": {"name": "p", "organization": 1, "scm_type": "git", "scm_url": "x"},
            "credential_types": {"name": "t", "kind": "net", **{key: credential_type()[key] for key in ("inputs", "injectors")}},
            "job_templates": {"name": "j", "playbook": "audit.yml", "inventory": 2, "project": 3, "survey_enabled": True}}
    assert [alone.create(*one)[0] for one in made.items()] == [201] * 5
    assert alone.request("POST", "/api/v2/job_templates/5/survey_spec/", {}, SURVEY)[0] == 200
    status, body = alone.request("POST", f"/api/v2/{kind}/", {}, fields)
    assert status == 400 and list(body) == [want], body
