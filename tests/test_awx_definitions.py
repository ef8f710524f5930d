# SPDX-License-Identifier: GPL-3.0-or-later
"""collection/awx, applied by the modules of awx.awx to a stand-in controller, which then launches what it was told."""

import datetime
import re
import subprocess

import pytest
import yaml

pytest.importorskip("ansible_runner")
from awx import PROJECT, credential_type  # noqa: E402  (only if there is a runner)
from awx_operator import ANSWERS, Operator, example  # noqa: E402
from awx_setup import applied_twice  # noqa: E402
from conftest import ENVIRONMENT, ROLE, STAGED, TOP, Lab  # noqa: E402
from controller import Controller  # noqa: E402
from simulator import Simulator  # noqa: E402

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
    "Virtual Chassis summary": ("summary.yml", 1, []),
}


@pytest.fixture(scope="module")
def controller(tmp_path_factory):
    """A controller on which the playbook was applied twice."""
    with Controller(PROJECT) as running:
        running.restore(applied_twice(tmp_path_factory)[0])
        yield running


def test_every_task_is_a_module_of_the_collection_that_is_chosen():
    """So its arguments are checked, and neither collection has to be there for the other."""
    tasks = yaml.safe_load((TOP / "collection/awx/playbook.yml").read_text())[0]["tasks"]
    assert all(task["action"].startswith("{{ awx_collection }}.") for task in tasks if "ansible.builtin.include_tasks" not in task)
    assert "awx.awx." not in (TOP / "collection/awx/playbook.yml").read_text() + (TOP / "collection/awx/preflight.yml").read_text()


def test_the_credential_type_arrives_as_it_is_written(controller):
    kind = controller.one("credential_types", "Juniper Virtual Chassis")[1]
    assert {name: kind[name] for name in ("inputs", "injectors")} == {name: credential_type()[name] for name in ("inputs", "injectors")}


# AWX lets nobody change the inputs of a type in use. Other inputs need another name here, in credential_type.yml and in awx.md.
FROZEN = {"Juniper Virtual Chassis": {
    "username": "", "password": "secret", "ssh_key": "secret multiline ssh_private_key", "ssh_key_passphrase": "secret", "root_password": "secret",
    "root_ssh_key": "secret multiline ssh_private_key", "root_ssh_key_passphrase": "secret", "known_hosts": "multiline"}}
LABELS = ["Username", "Password", "Private key", "Private key passphrase", "Root password", "Root private key", "Root private key passphrase", "Known hosts"]


def frozen(kind):
    return {field["id"]: " ".join([*(how for how in ("secret", "multiline") if field.get(how)), *([field["format"]] if "format" in field else [])])
            for field in kind["inputs"]["fields"]}


def test_inputs_that_were_released_stay_as_they_are():
    kind = credential_type()
    assert frozen(kind) == FROZEN[kind["name"]] and [field["label"] for field in kind["inputs"]["fields"]] == LABELS
    assert kind["inputs"]["required"] == ["username"] and {field["type"] for field in kind["inputs"]["fields"]} == {"string"}
    assert {key for field in kind["inputs"]["fields"] for key in field} == {"id", "type", "label", "secret", "multiline", "format"}


@pytest.mark.parametrize("change", [{"label": "User"}, {"secret": True}, {"multiline": True}, {"id": "user"}, {"help_text": "x"}])
def test_any_other_input_would_be_noticed(monkeypatch, change):
    other = credential_type()
    other["inputs"]["fields"][0].update(change)
    monkeypatch.setitem(globals(), "credential_type", lambda: other)
    with pytest.raises(AssertionError):
        test_inputs_that_were_released_stay_as_they_are()


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
    # The canary's limit is its first question, and a limit that leaves a slice without a host fails it.
    assert template["ask_limit_on_launch"] == (playbook not in ("canary.yml", "scp_config_sync.yml", "summary.yml"))
    assert template["ask_inventory_on_launch"] == (playbook in ("canary.yml", "scp_config_sync.yml", "reconcile.yml", "summary.yml"))


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
    ({"scp_config_sync_serial": "100%"}, "want int"),
    ({"scp_config_sync_serial": "two"}, "want int"),
    ({"scp_config_sync_serial": -1}, "too small"),
    ({"scp_config_sync_serial": 1.5}, "want int"),
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


@pytest.mark.parametrize("name, more, ignored", [
    ("canary", {"limit": "campus-west"}, {"limit": "campus-west"}), ("fleet", {"limit": "campus-west"}, {"limit": "campus-west"}),
    ("audit", {"limit": "campus-west"}, {}), ("reconcile", {"inventory": 99}, {}), ("disable", {"inventory": 99}, {"inventory": 99}),
    ("audit", {"extra_vars": {"scp_config_sync_root_password": "x"}}, {"extra_vars": {"scp_config_sync_root_password": "x"}}),
])
def test_what_a_template_does_not_ask_for_is_ignored(controller, name, more, ignored):
    number = controller.one("job_templates", f"Virtual Chassis {name}")[0]
    answers = {question["variable"]: question.get("default", "campus-east") for question in controller.questions(number)}
    data = {**more, "extra_vars": {**answers, **more.get("extra_vars", {})}}
    status, body = controller.request("POST", f"/api/v2/job_templates/{number}/launch/", {}, data)
    assert (status, body["ignored_fields"]) == (201, ignored) and controller.launched[-1]["extra_vars"] == answers


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
    assert source["source_path"] in controller.files  # AWX itself does not look
    assert source["source_project"] == controller.one("projects", "Virtual Chassis")[0]


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


def test_the_workflow_rolls_out(controller, chassis, tmp_path):
    """It moves the canary; nothing else happens until somebody approves; then the fleet, in slices, then what is left."""
    operator = Operator(controller, chassis, tmp_path)
    number = controller.one("workflow_job_templates", "Virtual Chassis rollout")[0]
    refused, why = controller.request("POST", f"/api/v2/workflow_job_templates/{number}/launch/", {}, {"extra_vars": FLEET})
    assert refused == 400 and "scp_config_sync_canary" in str(why)
    seen = []
    for identifier, ended in operator.walk("Virtual Chassis rollout"):
        assert ended, [job.output() for job in operator.jobs]
        seen.append(identifier)
        moved = ["campus-east"] if identifier in ("canary", "approval") else list(operator.hosts)
        assert operator.transports() == {name: "scp" if name in moved else "rcp" for name in operator.hosts}
    assert seen == ["canary", "approval", "fleet", "reconcile", "summary"] and controller.one("workflow_approval_templates", "Approve the fleet")[1]["timeout"] == 86400
    assert len(operator.jobs) == 5  # the canary, two slices, the rest, and the summary
    # The answers were heard: a probe is one commit more than the four of a run.
    assert {chassis.counters(name)["commits"] for name in operator.hosts} == {5}
    summary = operator.handed_on.pop("virtual_chassis_summary")
    assert (summary["outcomes"], summary["left"]) == ({"compliant": len(operator.hosts)}, [])
    outcomes = {value["host"]: value["outcome"] for value in operator.handed_on.values()}
    assert outcomes == dict.fromkeys(operator.hosts, "compliant")


def test_reconcile_has_the_last_word_also_after_a_fleet_that_failed(controller, chassis, tmp_path):
    operator = Operator(controller, chassis, tmp_path)
    chassis.ctl("leave", "campus-west", "1")
    assert list(operator.walk("Virtual Chassis rollout")) == [("canary", True), ("approval", True), ("fleet", False), ("reconcile", False), ("summary", True)]
    assert "campus-west did not succeed" in operator.jobs[-2].text and "; not yet: campus-west" in operator.jobs[-1].text
    assert operator.transports() == {"campus-core": "scp", "campus-east": "scp", "campus-west": "rcp"}


@pytest.mark.parametrize("broken, approve, seen", [(True, True, [("canary", False)]), (False, False, [("canary", True), ("approval", False)])])
def test_nothing_follows_a_canary_that_failed_nor_a_refusal(controller, chassis, tmp_path, broken, approve, seen):
    """Not even reconcile, which would move the fleet."""
    operator = Operator(controller, chassis, tmp_path)
    if broken:
        chassis.ctl("leave", "campus-east", "1")
    assert list(operator.walk("Virtual Chassis rollout", approve)) == seen
    assert operator.transports() == {name: "scp" if name == "campus-east" and not broken else "rcp" for name in operator.hosts}


def test_the_plan_of_a_rollout_writes_nothing(controller, chassis, tmp_path):
    operator = Operator(controller, chassis, tmp_path)
    assert list(operator.walk("Virtual Chassis rollout, plan only")) == [("canary", True), ("fleet", True), ("summary", True)]
    assert {chassis.counters(name)["writes"] for name in operator.hosts} == {0}
    assert operator.handed_on.pop("virtual_chassis_summary")["outcomes"] == {"would change": len(operator.hosts)}
    assert {value["host"]: value["outcome"] for value in operator.handed_on.values()} == dict.fromkeys(operator.hosts, "would change")
    assert all("+" in job.output() for job in operator.jobs[:-1])


def test_the_nodes_of_a_workflow_use_its_inventory(controller):
    """Also when somebody gives it another one on the web page."""
    for name in ("rollout", "rollout, plan only"):
        number, workflow = controller.one("workflow_job_templates", f"Virtual Chassis {name}")
        assert workflow["inventory"] == controller.one("inventories", "Virtual Chassis")[0]
        workflow["inventory"] = other = controller.make("inventories", name=f"Other {name}", organization=workflow["organization"])
        nodes = [node for node, one in controller.objects.items() if one["fields"].get("workflow_job_template") == number]
        jobs = [node for node in nodes if controller.objects[controller.objects[node]["fields"]["unified_job_template"]]["kind"] == "job_templates"]
        assert len(jobs) == (4 if name == "rollout" else 3) and {controller.node(node, {}, {})["inventory"] for node in jobs} == {other}
        workflow["inventory"] = controller.one("inventories", "Virtual Chassis")[0]


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
    good, found = operator.started(nightly["unified_job_template"], extra_vars=nightly["extra_data"])
    assert not good and {value["transport"] for value in found.values()} == {"rcp"}
    good, found = operator.launch("Virtual Chassis reconcile", extra_vars={name: FLEET[name] for name in ("scp_config_sync_hosts", *COMMON)})
    assert good and {value["outcome"] for value in found.values()} == {"changed"}, operator.jobs[-1].output()
    assert set(operator.transports().values()) == {"scp"}
    back = {"scp_config_sync_hosts": "campus-west", "scp_config_sync_serial": 1, "scp_config_sync_confirm_timeout": 5,
            "scp_config_sync_remove_command": "true"}
    assert operator.launch("Virtual Chassis disable", extra_vars=back)[0], operator.jobs[-1].output()
    assert operator.transports() == {"campus-core": "scp", "campus-east": "scp", "campus-west": "rcp"}
    assert {member["authorized_keys_command"] for member in chassis.state("campus-west")["members"]} == {""}


@pytest.mark.long
def test_a_relaunch_on_failed_hosts_finishes_them_and_leaves_the_others_alone(controller, chassis, tmp_path):
    """Also of a slice, and of the audit; a canary that nobody has is no failed host."""
    operator = Operator(controller, chassis, tmp_path)
    chassis.ctl("leave", "campus-west", "1")
    assert not operator.launch("Virtual Chassis fleet", extra_vars=FLEET)[0]
    broken, = (job for job in operator.jobs if job.status == "failed")
    chassis.ctl("join", "campus-west", "1")
    before = {name: chassis.counters(name)["logins"] for name in operator.hosts}
    assert operator.relaunch_on_failed_hosts(broken).status == "successful", operator.jobs[-1].output()
    assert {name for name in operator.hosts if chassis.counters(name)["logins"] > before[name]} == {"campus-west"}
    assert set(operator.transports().values()) == {"scp"}
    back = {"scp_config_sync_hosts": "campus-west", "scp_config_sync_serial": 1, "scp_config_sync_confirm_timeout": 5, "scp_config_sync_remove_command": "true"}
    assert operator.launch("Virtual Chassis disable", extra_vars=back)[0], operator.jobs[-1].output()
    assert not operator.launch("Virtual Chassis audit", extra_vars={"scp_config_sync_hosts": "all", "scp_config_sync_audit_fail": "true"})[0]
    again = operator.relaunch_on_failed_hosts(operator.jobs[-1])
    assert again.status == "failed" and again.hosts() == {"campus-west"}, again.output()
    answers = {name: ANSWERS[name] for name in COMMON}
    assert not operator.launch("Virtual Chassis canary", extra_vars={**answers, "scp_config_sync_canary": "campus-eats"})[0]
    with pytest.raises(AssertionError, match="0 failed hosts"):
        operator.relaunch_on_failed_hosts(operator.jobs[-1])
