# SPDX-License-Identifier: GPL-3.0-or-later
"""A job of AWX that is run by forks is the same job: events, output, prompts, the way it is cancelled, and nothing of it that stays."""

import json
import pathlib
import time

import pytest

pytest.importorskip("ansible_runner")
import awx  # noqa: E402  (only if there is a runner)
from awx import Credentials  # noqa: E402
from awx_site import CANARIES, Site  # noqa: E402

from processes import descendants  # noqa: E402

CREDENTIALS = {"of this collection's type": lambda: None, "typed in at a prompt": lambda: Credentials().machine("admin", CANARIES["admin"])}


@pytest.fixture
def site(lab, tmp_path):
    return Site(lab, tmp_path)


def about(job):
    """What a controller knows of a job, without what differs from job to job."""
    told = [(event["event"], event["stdout"], *(event.get("event_data", {}).get(name) for name in ("host", "play", "task"))) for event in job.events]
    return json.loads(json.dumps([job.status, job.changed("vc"), job.output(), told]).replace(str(job.worker_folder), "its folder"))


@pytest.mark.parametrize("how", CREDENTIALS)
def test_a_job_cannot_tell(site, monkeypatch, how):
    def run():
        return about(site.run("--check", "--diff", playbook="scp_config_sync.yml" if how.startswith("of") else "audit.yml", credentials=CREDENTIALS[how]()))

    warm = run()
    with monkeypatch.context() as patched:
        patched.setattr(site, "how", {"anew": True})
        cold = run()
    assert warm[0] == "successful" and warm == cold


def at_work(site, **more):
    """A job that waits for an answer, and the command lines of its processes."""
    site.lab.ctl("fault", json.dumps({"rpc": "commit-configuration", "when": "after", "action": "stall", "nth": 1}))
    job = site.launch(**more)
    until(lambda: site.lab.counters("vc")["commits"] or job.process.poll() is not None)
    return job, [pathlib.Path(f"/proc/{pid}/cmdline").read_text() for pid in descendants(job.process.pid)]


def until(true):
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_fork_is_cancelled_as_any_other_and_nothing_stays(site):
    """Its module lives on until it has its answer, as that of any other."""
    job, commands = at_work(site)
    family = descendants(job.process.pid)
    assert any("warm.py\0jobs" in command for command in commands) and not any("ansible-playbook" in command for command in commands)
    assert job.cancel().status in ("canceled", "error", "failed") and job.events and not job.stats()
    assert not awx.alive(job.process.pid)
    site.lab.ctl("clear")
    until(lambda: not [pid for pid in family if awx.alive(pid)])


def test_a_fork_that_is_killed_has_ended(site):
    job, _ = at_work(site)
    family = descendants(job.process.pid)
    job.kill()
    assert job.process.poll()
    until(lambda: not [pid for pid in (*family, job.process.pid) if awx.alive(pid)])


def test_another_configuration_is_heard(site):
    """It is not the one that was imported, so ansible-playbook is started anew."""
    credentials = site.custom(site.place())
    credentials.environment["ANSIBLE_FORKS"] = "3"
    job, commands = at_work(site, credentials=credentials)
    assert any("ansible-playbook" in command for command in commands)
    job.kill()
