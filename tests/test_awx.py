# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them, with each kind of credential, cancelled in the middle, and in slices."""

import functools
import json
import os
import random
import re
import shutil
import subprocess
import time

import pytest

pytest.importorskip("ansible_runner")
from awx import Credentials, Job  # noqa: E402  (only if there is a runner)
from awx_site import CANARIES, SCENARIO, Site  # noqa: E402
from conftest import Lab  # noqa: E402
from simulator import Simulator  # noqa: E402

import matrix  # noqa: E402

SECRET = re.compile(rb"canary-(Admin|Root)-|Canary-(Phrase|Passw0rd)|PRIVATE KEY|b3BlbnNzaC1rZXktdjE|\$6\$[A-Za-z0-9./]+\$")


@pytest.fixture
def site(lab, tmp_path):
    return lambda **more: Site(lab, tmp_path, **more)


@pytest.fixture
def watched(site):
    """A site whose jobs are watched: what of them is ours."""
    return functools.partial(site, watched=True)


@pytest.fixture
def anew(site):
    """A site whose jobs are watched as a whole: the runner and Ansible too."""
    return functools.partial(site, watched=True, anew=True)


def only_where_awx_has_put_it(job, environment, events=6):
    """A secret is in the environment of the job, where AWX puts that of a credential, and nowhere else."""
    allowed = {f"{name}={value}".encode() for name, value in environment.items()}
    assert job.seen, "it was not watched"
    if job.status == "successful":
        assert any(b"\0module\0vc_info\0" in line for line, _ in job.seen), "the module was not seen at work"
    for line, variables in job.seen:
        assert not SECRET.search(line), line
        for variable in variables.split(b"\0"):
            assert not SECRET.search(variable) or variable in allowed, variable
    files = list(job.artifacts())
    assert sum(file.parent.name == "job_events" for file in files) >= events
    for file in files:
        # What the controller itself asked for, AWX keeps masked: the environment of the job.
        text = file.read_bytes()
        if file.name == "command":
            text = re.sub(rb'"(VCHASSIS|ANSIBLE_NET)_[A-Z_]*": "[^"]*"', b"", text)
        assert not SECRET.search(text), file


def test_the_network_credential(anew):
    """With -u root, which AWX adds, and more verbose than anybody wants it."""
    here = anew(delay="100ms")
    credentials = Credentials().network("admin", CANARIES["admin"])
    credentials.environment["VCHASSIS_ROOT_PASSWORD"] = CANARIES["root"]
    job = here.run(credentials=credentials, verbosity=4)
    assert (job.status, job.changed("vc")) == ("successful", 1), job.output()
    assert here.lab.state("vc")["transport"] == "scp"
    only_where_awx_has_put_it(job, credentials.environment)


def test_the_credential_type_of_this_collection(anew):
    here = anew(delay="100ms")
    place = here.place()
    credentials = here.custom(place)
    job = Job(place, "scp_config_sync.yml", here.hosts(), credentials, "--diff", verbosity=3, **here.how).start().end()
    assert (job.status, job.changed("vc")) == ("successful", 1), job.output()
    only_where_awx_has_put_it(job, credentials.environment)
    here.how = {}
    job = here.run()
    assert (job.status, job.changed("vc")) == ("successful", 0), job.output()


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="ssh-keygen is not installed (Debian: openssh-client)")
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_the_keys_of_that_type(anew, watched, tmp_path, encrypted):
    """A key each for the login and for root, pasted without the last line end, and no password that could serve in their place."""
    keys = {}
    for user in ("admin", "root"):
        phrase = CANARIES[f"{user}'s key"] if encrypted else ""
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", phrase, "-f", tmp_path / user], check=True)
        keys[user] = (tmp_path / user).read_text().strip(), phrase
    public = {name: (tmp_path / f"{user}.pub").read_text().strip() for name, user in (("key", "admin"), ("root_key", "root"))}
    here = (anew if encrypted else watched)(delay="100ms", **public)
    place = here.place()
    credentials = here.custom(place, password="", ssh_key=keys["admin"][0], ssh_key_passphrase=keys["admin"][1],
                              root_password="", root_ssh_key=keys["root"][0], root_ssh_key_passphrase=keys["root"][1])
    job = Job(place, "scp_config_sync.yml", here.hosts(), credentials, "--diff", verbosity=4, **here.how).start().end()
    assert (job.status, job.changed("vc")) == ("successful", 1), job.output()
    assert here.lab.state("vc")["transport"] == "scp"
    only_where_awx_has_put_it(job, credentials.environment)


def test_a_type_of_the_kind_net_fills_the_variables_of_the_network_credential(site, tmp_path):
    environment = site().custom(tmp_path).environment
    assert {name: environment[name] for name in environment if name.startswith("ANSIBLE_NET_")} == {
        "ANSIBLE_NET_USERNAME": "admin", "ANSIBLE_NET_PASSWORD": CANARIES["admin"], "ANSIBLE_NET_AUTHORIZE": "0"}


def test_the_machine_credential_with_a_password(anew):
    """It is typed in at a prompt, and then in no environment at all."""
    job = anew(delay="100ms").run(playbook="audit.yml", credentials=Credentials().machine("admin", CANARIES["admin"]), verbosity=3)
    assert job.status == "successful" and "1 in plaintext (RCP)" in job.text, job.output()
    only_where_awx_has_put_it(job, {})


@pytest.mark.skipif(not shutil.which("ssh-agent"), reason="ssh-agent is not installed (Debian: openssh-client)")
def test_the_machine_credential_with_a_key(anew, tmp_path):
    """The runner puts it into an agent."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    here = anew(delay="100ms", key=(tmp_path / "key.pub").read_text().strip())
    job = here.run(credentials=Credentials().machine("admin", ssh_key=(tmp_path / "key").read_text()))
    assert (job.status, job.changed("vc")) == ("successful", 1), job.output()
    only_where_awx_has_put_it(job, {})


def test_a_strange_host_key_is_refused_although_awx_switches_checking_off(watched):
    here = watched(delay="100ms")
    place = here.place()
    strange = re.sub(r"AAAA\S+", "AAAAC3NzaC1lZDI1NTE5AAAAIJ0hPnoZ1pYk3Zk8jPMBGEnHwQrHHgBbUiyfLkV3dXXf", here.known_hosts.read_text())
    strange = strange.replace("ecdsa-sha2-nistp256", "ssh-ed25519")
    credentials = here.custom(place, known_hosts=strange)
    job = Job(place, "scp_config_sync.yml", here.hosts(), credentials, **here.how).start().end()
    assert job.status == "failed" and "host key" in job.text, job.output()
    assert here.lab.counters("vc")["logins"] == 0
    only_where_awx_has_put_it(job, credentials.environment)


def test_sources_that_disagree_on_the_user_are_refused_before_anything_is_sent(site):
    here = site()
    job = here.run(variables={"ansible_user": "netops"})
    assert job.status == "failed"
    assert "VCHASSIS_USERNAME says" in job.text and "the play's variables" in job.text and "netops" in job.text, job.output()
    assert (here.lab.counters("vc")["logins"], here.lab.counters("vc")["logins_failed"]) == (0, 0)


# What the chassis has just done when the job is killed; the answer never arrives.
MOMENTS = {
    "reading": ("get-virtual-chassis-information", 1, lambda state, seen: seen["reads"] > 0),
    "step 1, locked": ("lock", 1, lambda state, seen: state["lock"]),
    "step 1, loaded": ("load-configuration", 1, lambda state, seen: state["candidate"]),
    "step 1, on trial": ("commit-configuration", 1, lambda state, seen: seen["commits"] == 1),
    "step 1, confirmed": ("commit-configuration", 2, lambda state, seen: seen["checks"] == 1),
    "step 2, keys made": ("command", 1, lambda state, seen: seen["prepares"] == 1),
    "step 3, on trial": ("commit-configuration", 3, lambda state, seen: seen["commits"] == 2),
    "step 3, confirmed": ("commit-configuration", 4, lambda state, seen: seen["commits"] == 3),
    "step 3, recorded": ("commit-configuration", 5, lambda state, seen: seen["commits"] == 4),
}


# The rest with --long: the moments of a module and of a role are swept elsewhere, message by message (internal/change, test_role_breaks).
USUAL_MOMENTS = ("reading", "step 1, on trial", "step 2, keys made")


@pytest.mark.parametrize("moment", [pytest.param(moment, marks=[] if moment in USUAL_MOMENTS else pytest.mark.long) for moment in MOMENTS])
def test_a_job_that_is_killed_in_the_middle_is_finished_by_the_next(watched, moment):
    """A container that is removed: SIGKILL to everything in it. The chassis gives the lock back and keeps what is its own."""
    here = watched()
    rpc, nth, reached = MOMENTS[moment]
    here.lab.ctl("fault", json.dumps({"rpc": rpc, "when": "after", "action": "stall", "nth": nth}))
    job = here.launch()
    until(lambda: job.process.poll() is not None or reached(here.lab.state("vc"), here.lab.counters("vc")))
    assert job.process.poll() is None, job.end().output()
    job.kill()
    only_where_awx_has_put_it(job, job.credentials.environment, events=0)
    here.lab.ctl("clear")
    clean(here)
    finished(here)


def test_a_cancelled_job_is_finished_by_the_next(watched):
    """The runner kills the process group of ansible-playbook. Without a container the module may live on: it ends what it does."""
    here = watched()
    here.lab.ctl("fault", json.dumps({"rpc": "commit-configuration", "when": "after", "action": "stall", "nth": 1}))
    job = here.launch()
    until(lambda: here.lab.counters("vc")["commits"] == 1)
    assert job.cancel().status in ("canceled", "error", "failed"), job.status
    assert job.events and not job.stats()
    only_where_awx_has_put_it(job, job.credentials.environment)
    here.lab.ctl("clear")
    clean(here)
    finished(here)


def until(true):
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def clean(here):
    """Waits for the last session to end; then nothing of the job may be left but a trial, which the chassis takes back."""
    until(lambda: not here.lab.state("vc")["sessions"])
    state = here.lab.state("vc")
    assert (state["lock"], state["candidate"]) == (0, "")
    assert state["key_mesh"] or state["transport"] == "rcp"


def finished(here):
    here.how = {}
    job = here.run()
    assert job.status == "successful", job.output()
    state = here.lab.state("vc")
    assert state["transport"] == "scp" and state["key_mesh"] and state["trial"] is None
    assert all(member["in_sync"] and member["config_sync_with_scp"] for member in state["members"])


def outcome(here):
    """What the chassis have, without what differs between two labs."""
    states = {}
    for name in here.names:
        state = here.lab.state(name)
        members = [{key: member[key] for key in ("role", "authorized_keys_command", "authorized_keys_command_user", "config_sync_with_scp", "in_sync")}
                   for member in state["members"]]
        logs = [re.sub(r"run=\S+", "", commit["log"]) for commit in state["commits"]]
        states[name] = {"members": members, "logs": logs, "prepares": here.lab.counters(name)["prepares"],
                        **{key: state[key] for key in ("transport", "key_mesh", "lock", "candidate", "trial")}}
    return states


# Chassis, slices, and a seed for their order. One slice is always run twice.
SLICES = [(3, 2, 1), (3, 3, 3)]
MORE_SLICES = [(5, 2, 1), (5, 5, 3), (5, 1, 0), (5, 3, 2)] + [(5, count, seed) for count in (2, 3, 4, 5, 8) for seed in range(10, 14)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """What so many chassis are after one run of all, and what that run has handed on."""
    return functools.cache(lambda chassis: run_whole(chassis, tmp_path_factory.mktemp("whole")))


def run_whole(chassis, folder):
    (folder / "scenario.yml").write_text(SCENARIO.format(name="vc", count=chassis, delay="0s", key="", root_key=""))
    with Simulator("-f", str(folder / "scenario.yml")) as simulator:
        here = Site(lambda _: Lab(simulator, folder), folder)
        job = here.run(forks=2)
        assert job.status == "successful", job.output()
        return outcome(here), job.stats()


@pytest.mark.parametrize("chassis, count, seed", [*SLICES, *(pytest.param(*more, marks=pytest.mark.long) for more in MORE_SLICES)])
def test_slices_in_any_order_and_number_end_as_one_run(site, whole, chassis, count, seed):
    """AWX deals hosts out in turns, and never more slices than hosts; a slice knows nothing of the others, and one may run twice."""
    here, chosen = site(count=chassis), random.Random(seed)
    slices = [here.names[number::count] for number in range(min(count, chassis))]
    again = chosen.choice(slices)
    order, stats = chosen.sample([*slices, again], len(slices) + 1), {}
    for names in order:
        job = here.run(names=names, forks=5)
        assert job.status == "successful", job.output()
        assert {value["host"] for value in job.stats().values()} == set(names), job.stats()
        stats |= {name: value for name, value in job.stats().items() if value["outcome"] == "changed"}
    assert (outcome(here), stats) == whole(chassis)


def test_slices_that_were_cut_anew_while_they_ran_leave_a_chassis_to_reconcile(site):
    """AWX cuts a slice when it starts: if a host comes in between, the one that moves from a late slice to an early one is in none."""
    here = site(count=4)
    first, then = here.names[1:], here.names
    for names in (first[0::2], then[1::2]):
        assert here.run(names=names).status == "successful"
    assert [here.lab.state(name)["transport"] for name in here.names] == ["rcp", "scp", "rcp", "scp"]
    assert here.run(playbook="reconcile.yml").status == "successful"
    assert {here.lab.state(name)["transport"] for name in here.names} == {"scp"}


def test_slices_at_the_same_time_end_as_one_run(site, whole):
    """As AWX runs them: all slices at once, each with its own worker."""
    here, stats = site(count=3, delay="100ms"), {}
    slices = [here.names[number::3] for number in range(3)]
    for job in [here.launch(names=names) for names in slices]:
        assert job.end().status == "successful", job.output()
        stats |= job.stats()
    assert (outcome(here), stats) == whole(3)
    seen = [[entry["seq"] for entry in here.lab.ctl("log") if entry["chassis"] in names] for names in slices]
    assert max(map(min, seen)) < min(map(max, seen)), "one slice had ended before another began"


def test_two_jobs_that_both_have_a_chassis(site):
    """The lock decides, and both end well."""
    here = site(count=2)
    jobs = [here.launch(names=here.names), here.launch(names=here.names[:1])]
    for job in jobs:
        assert job.end().status == "successful", job.output()
    assert {here.lab.state(name)["transport"] for name in here.names} == {"scp"}


def test_every_chassis_hands_its_outcome_on(watched):
    """Whatever came of it, under a name of its own, without a secret, and nothing that the next job would take for a template."""
    here = watched(count=3)
    good, bad, hostile = here.names
    here.lab.ctl("leave", bad, "2")
    refusal = {"rpc": "commit-configuration", "chassis": hostile, "action": "error", "text": "{{ lookup('env', 'VCHASSIS_PASSWORD') }}", "times": -1}
    here.lab.ctl("fault", json.dumps(refusal))
    planned = here.run("--check")
    assert {value["host"]: value["outcome"] for value in planned.stats().values()} == {good: "would change", bad: "failed", hostile: "would change"}
    job = here.run()
    assert job.status == "failed"
    stats = {value["host"]: value for value in job.stats().values()}
    assert {name: (value["outcome"], value["transport"], value["members"]) for name, value in stats.items()} == {
        good: ("changed", "scp", 3), bad: ("failed", "rcp", 3), hostile: ("failed", "rcp", 3)}
    assert len(job.stats()) == 3 and all(re.fullmatch(r"scp_config_sync_stats_\w+", name) for name in job.stats())
    assert "member 2" in stats[bad]["reasons"][0] and "lookup" in stats[hostile]["reasons"][0]
    assert not re.search(r"\{[{%#]", json.dumps(stats[hostile]["reasons"])) and len(json.dumps(job.stats())) < 6000
    for one in (planned, job):
        only_where_awx_has_put_it(one, one.credentials.environment)


def test_hosts_never_share_a_record_and_check_mode_leaves_one(lab, tmp_path):
    chassis = lab()
    one, = json.loads(chassis.simulator.inventory.read_text())["virtual_chassis"]["hosts"].values()
    (tmp_path / "hosts.json").write_text(json.dumps({"virtual_chassis": {"hosts": {"vc one": one, "vc_one": one}}}))
    (tmp_path / "reports").mkdir()
    chassis.playbook("vchassis.junos.scp_config_sync", "--check", inventory=tmp_path / "hosts.json",
                     variables={"scp_config_sync_report_path": str(tmp_path / "reports")})
    records = [json.loads(file.read_text()) for file in (tmp_path / "reports").iterdir()]
    assert sorted((record["host"], record["outcome"], record["check_mode"]) for record in records) == [
        ("vc one", "would change", True), ("vc_one", "would change", True)]


def test_later_nodes_of_a_workflow_see_what_all_slices_have_handed_on(site):
    """AWX lays side by side what jobs have set, and of one name it keeps only one; the next job has all of it as variables.

    The last gathers it in one table, those that need somebody first; the same in the job's artifacts.
    """
    here = site(count=3)
    good, bad, other = here.names
    here.lab.ctl("leave", bad, "2")
    handed_on = {}
    for number in (1, 0):
        handed_on |= here.run(names=here.names[number::2]).stats()
    assert {value["host"] for value in handed_on.values()} == set(here.names)
    audit = here.run(playbook="audit.yml", extra_vars=handed_on)
    assert audit.status == "successful", audit.output()
    for name, value in handed_on.items():
        outcomes = (value["outcome"], audit.stats()[name]["outcome"])
        assert outcomes == (("failed", "not compliant") if value["host"] == bad else ("changed", "compliant")), audit.output()
    job = here.run(playbook="summary.yml", extra_vars=handed_on)
    assert job.status == "successful", job.output()
    table, = job.said("Show every chassis, those that need attention first").values()
    assert [line.split()[:2] for line in table] == [[bad, "failed"], [good, "changed"], [other, "changed"]] and "member 2" in table[0]
    assert job.said("Show the result") == {"localhost": f"2 of 3 chassis are as requested; not yet: {bad}"}
    summary = job.stats()["virtual_chassis_summary"]
    assert (summary["chassis"], summary["outcomes"], summary["left"], summary["table"]) == (3, {"changed": 2, "failed": 1}, [bad], table)
    assert [*table, "", summary["said"]] == [line.rstrip() for line in job.output().rpartition("FLEET ***")[2].splitlines()[1:] if "\x1b" not in line][:len(table) + 2]


def test_a_summary_of_nothing_fails(site):
    alone = site().run(playbook="summary.yml")
    assert alone.status == "failed" and "no earlier job has passed on a chassis" in alone.output()


def test_the_last_screen_of_a_job_is_the_answer(site):
    job = site().run(playbook="audit.yml")
    assert "FLEET" in job.output().rpartition("PLAY RECAP")[2], job.output()


def test_an_audit_reports_all_but_names_those_that_cannot_be_read(site):
    here = site(count=4)
    safe, plain, silent, odd = here.names
    assert here.run(names=[safe]).status == "successful"
    here.lab.ctl("fault", json.dumps({"rpc": "hello", "chassis": silent, "action": "drop", "times": -1}))
    here.lab.ctl("leave", odd, "2")
    here.lab.ctl("reset")
    job = here.run(playbook="audit.yml")
    assert job.status == "failed", job.output()
    said = job.said("Show how it synchronizes")
    assert said[safe] == f"{safe} synchronizes over SCP" and said[plain] == f"{plain} synchronizes in plaintext (RCP)"
    assert job.said("Drop a chassis that cannot be reached")[silent].startswith(f"{silent} could not be read: ") and silent not in said
    assert {value["host"]: value["outcome"] for value in job.stats().values()} == {
        safe: "compliant", plain: "not compliant", silent: "failed", odd: "not compliant"}
    listed, = job.said("Name every chassis").values()
    assert listed["over SCP"] == [safe] and listed["in plaintext (RCP)"] == [plain, odd] and listed["could not be read"] == [silent]
    assert {here.lab.counters(name)["writes"] for name in here.names} == {0}
    failures = here.run(playbook="audit.yml", names=[plain, safe], extra_vars={"scp_config_sync_audit_fail": "true"})
    assert (failures.status, failures.failed()) == ("failed", {plain}), failures.output()


def test_reconcile_finishes_what_it_can_and_names_the_rest(site):
    here = site(count=3)
    done, todo, broken = here.names
    assert here.run(names=[done]).status == "successful"
    here.lab.ctl("leave", broken, "2")
    job = here.run(playbook="reconcile.yml")
    assert (job.status, job.failed()) == ("failed", {broken}), job.output()
    assert (job.changed(done), job.changed(todo), job.changed(broken)) == (0, 1, 0)
    assert f"{broken} did not succeed" in job.text
    here.lab.ctl("join", broken, "2")
    job = here.run(playbook="reconcile.yml")
    assert job.status == "successful", job.output()


def test_jobs_on_the_oldest_core(watched):
    """An execution environment may be old: the same runner, with the oldest ansible-core. The inventory may have a connection that nobody uses."""
    try:
        programs = matrix.programs(matrix.OLDEST)
    except matrix.Unavailable as error:
        pytest.skip(str(error))
    here = watched(count=2, delay="100ms")
    good, bad = here.names
    here.lab.ctl("leave", bad, "2")
    for playbook, outcomes in (("audit.yml", ("not compliant", "not compliant")), ("reconcile.yml", ("changed", "failed"))):
        job = here.run(playbook=playbook, programs=programs, variables={"ansible_connection": "ansible.netcommon.netconf"})
        assert {value["host"]: value["outcome"] for value in job.stats().values()} == dict(zip((good, bad), outcomes)), (job.stats(), job.output())
        assert (job.status, job.failed()) == (("failed", {bad}) if playbook == "reconcile.yml" else ("successful", set())), job.output()
        only_where_awx_has_put_it(job, job.credentials.environment)
        assert any(str(programs).encode() in line for line, _ in job.seen), "another ansible-core has run"
    assert here.lab.state(good)["transport"] == "scp"


def test_nothing_of_a_job_is_left_running(site):
    job = site().run(playbook="audit.yml")
    assert job.status == "successful", job.output()
    mine = str(job.worker_folder).encode()
    left = [pid for pid in os.listdir("/proc") if pid.isdigit() and mine in command(pid)]
    assert not left


def command(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""
