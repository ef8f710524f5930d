# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as AWX runs them, with each kind of credential, cancelled in the middle, and in slices."""

import json
import os
import re
import shutil
import subprocess
import time

import pytest

pytest.importorskip("ansible_runner")
from awx import Credentials, Job  # noqa: E402  (only if there is a runner)

CANARIES = {"admin": "canary-Admin-7Gh", "root": "canary-Root-2Kp"}
SCENARIO = """
chassis:
- name: {name}
  count: {count}
  size: 3
  rpc_delay: {delay}
  users:
  - {{name: root, class: super-user, password: canary-Root-2Kp, ssh_keys: [{key}]}}
  - {{name: admin, class: super-user, password: canary-Admin-7Gh, ssh_keys: [{key}]}}
"""
SECRET = re.compile(rb"canary-(Admin|Root)-|PRIVATE KEY|\$6\$[A-Za-z0-9./]+\$")


class Site:
    """Chassis, and jobs that run on them."""

    def __init__(self, lab, folder, count=1, key="", delay="0s"):
        self.lab = lab(SCENARIO.format(name="vc", count=count, delay=delay, key=json.dumps(key) if key else ""))
        self.folder, self.jobs = folder, 0
        self.known_hosts = self.lab.simulator.folder / "known_hosts"
        self.names = [chassis["name"] for chassis in self.lab.simulator.chassis]

    def hosts(self, names=None, **variables):
        """An inventory that says where chassis are and what is wanted, and holds no login."""
        inventory = json.loads(self.lab.simulator.inventory.read_text())
        for host in inventory["virtual_chassis"]["hosts"].values():
            for login in ("ansible_user", "ansible_password", "scp_config_sync_root_password"):
                del host[login]
            host.update(variables)
        chosen = {name: value for name, value in inventory["virtual_chassis"]["hosts"].items() if name in (names or self.names)}
        return {"virtual_chassis": {"hosts": chosen}}

    def place(self):
        self.jobs += 1
        return self.folder / f"job{self.jobs}"

    def custom(self, place, **more):
        inputs = {"username": "admin", "password": CANARIES["admin"], "root_password": CANARIES["root"], "known_hosts": self.known_hosts.read_text()}
        return Credentials().custom(place, **{**inputs, **more})

    def launch(self, *flags, playbook="scp_config_sync.yml", credentials=None, names=None, variables=None, **more):
        """Starts a job; without credentials with those of this collection's type."""
        place = self.place()
        hosts = self.hosts(names, **(variables or {}))
        if credentials:
            credentials.environment["VCHASSIS_KNOWN_HOSTS"] = str(self.known_hosts)
        return Job(place, playbook, hosts, credentials or self.custom(place), *flags, **more).start()

    def run(self, *arguments, **more):
        return self.launch(*arguments, **more).end()


@pytest.fixture
def site(lab, tmp_path):
    return lambda **more: Site(lab, tmp_path, **more)


def only_where_awx_has_put_it(job, environment):
    """A secret is in the environment of the job, where AWX puts that of a credential, and nowhere else."""
    allowed = {f"{name}={value}".encode() for name, value in environment.items()}
    if job.status == "successful":
        assert any(b"\0module\0vc_info\0" in line for line, _ in job.seen), "the module was not seen at work"
    for line, variables in job.seen:
        assert not SECRET.search(line), line
        for variable in variables.split(b"\0"):
            assert not SECRET.search(variable) or variable in allowed, variable
    files = list(job.artifacts())
    assert sum(file.parent.name == "job_events" for file in files) > 5
    for file in files:
        # What the controller itself asked for, AWX keeps masked: the environment of the job.
        text = file.read_bytes()
        if file.name == "command":
            text = re.sub(rb'"(VCHASSIS|ANSIBLE_NET)_[A-Z_]*": "[^"]*"', b"", text)
        assert not SECRET.search(text), file


def test_the_network_credential(site):
    """With -u root, which AWX adds, and more verbose than anybody wants it."""
    here = site(delay="100ms")
    credentials = Credentials().network("admin", CANARIES["admin"])
    credentials.environment["VCHASSIS_ROOT_PASSWORD"] = CANARIES["root"]
    job = here.run(credentials=credentials, verbosity=4)
    assert (job.status, job.changed("vc")) == ("successful", 3), job.output()
    assert here.lab.state("vc")["transport"] == "scp"
    only_where_awx_has_put_it(job, credentials.environment)


def test_the_credential_type_of_this_collection(site):
    here = site(delay="100ms")
    place = here.place()
    credentials = here.custom(place)
    job = Job(place, "scp_config_sync.yml", here.hosts(), credentials, "--diff", verbosity=3).start().end()
    assert (job.status, job.changed("vc")) == ("successful", 3), job.output()
    only_where_awx_has_put_it(job, credentials.environment)
    job = here.run()
    assert (job.status, job.changed("vc")) == ("successful", 0), job.output()


def test_the_machine_credential_with_a_password(site):
    """It is typed in at a prompt, and then in no environment at all."""
    job = site(delay="100ms").run(playbook="audit.yml", credentials=Credentials().machine("admin", CANARIES["admin"]), verbosity=3)
    assert job.status == "successful" and "synchronizes in plaintext" in job.text, job.output()
    only_where_awx_has_put_it(job, {})


@pytest.mark.skipif(not shutil.which("ssh-agent"), reason="no ssh-agent here")
def test_the_machine_credential_with_a_key(site, tmp_path):
    """The runner puts it into an agent."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    here = site(delay="100ms", key=(tmp_path / "key.pub").read_text().strip())
    job = here.run(credentials=Credentials().machine("admin", ssh_key=(tmp_path / "key").read_text()))
    assert (job.status, job.changed("vc")) == ("successful", 3), job.output()
    only_where_awx_has_put_it(job, {})


def test_a_strange_host_key_is_refused_although_awx_switches_checking_off(site):
    here = site(delay="100ms")
    place = here.place()
    strange = re.sub(r"AAAA\S+", "AAAAC3NzaC1lZDI1NTE5AAAAIJ0hPnoZ1pYk3Zk8jPMBGEnHwQrHHgBbUiyfLkV3dXXf", here.known_hosts.read_text())
    strange = strange.replace("ecdsa-sha2-nistp256", "ssh-ed25519")
    credentials = here.custom(place, known_hosts=strange)
    job = Job(place, "scp_config_sync.yml", here.hosts(), credentials).start().end()
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
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_job_that_is_killed_in_the_middle_is_finished_by_the_next(site, moment):
    """A container that is removed: SIGKILL to everything in it. The chassis gives the lock back and keeps what is its own."""
    here = site()
    rpc, nth, reached = MOMENTS[moment]
    here.lab.ctl("fault", json.dumps({"rpc": rpc, "when": "after", "action": "stall", "nth": nth}))
    job = here.launch()
    until(lambda: job.process.poll() is not None or reached(here.lab.state("vc"), here.lab.counters("vc")))
    assert job.process.poll() is None, job.end().output()
    job.kill()
    here.lab.ctl("clear")
    clean(here)
    finished(here)


def test_a_cancelled_job_is_finished_by_the_next(site):
    """The runner kills the process group of ansible-playbook. Without a container the module may live on: it ends what it does."""
    here = site()
    here.lab.ctl("fault", json.dumps({"rpc": "commit-configuration", "when": "after", "action": "stall", "nth": 1}))
    job = here.launch()
    until(lambda: here.lab.counters("vc")["commits"] == 1)
    assert job.cancel().status in ("canceled", "error", "failed"), job.status
    here.lab.ctl("clear")
    clean(here)
    finished(here)


def until(true):
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def clean(here):
    """Waits for the last session to end; then nothing of the job may be left but a trial, which the chassis takes back."""
    until(lambda: not here.lab.state("vc")["sessions"])
    state = here.lab.state("vc")
    assert (state["lock"], state["candidate"]) == (0, "")
    assert state["key_mesh"] or state["transport"] == "rcp"


def finished(here):
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


def test_slices_in_any_order_and_number_end_as_one_run(site):
    """AWX deals hosts out in turns; a slice knows nothing of the others, and one may run twice."""
    whole = site(count=4)
    job = whole.run(forks=2)
    assert job.status == "successful", job.output()
    for count, order in ((2, [1, 0]), (3, [2, 0, 1, 0])):
        sliced = site(count=4)
        for number in order:
            job = sliced.run(names=sliced.names[number::count], forks=5)
            assert job.status == "successful", job.output()
        assert outcome(sliced) == outcome(whole)


def test_slices_at_the_same_time(site):
    """Two jobs that both have a chassis: the lock decides, and both end well."""
    here = site(count=2)
    jobs = [here.launch(names=here.names), here.launch(names=here.names[:1])]
    for job in jobs:
        assert job.end().status == "successful", job.output()
    assert {here.lab.state(name)["transport"] for name in here.names} == {"scp"}


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
