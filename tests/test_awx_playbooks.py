# SPDX-License-Identifier: GPL-3.0-or-later
"""The five playbooks in jobs of AWX: on which hosts they look and act, what they make of nothing, how options reach them, and what a hint is called."""

import subprocess

import pytest

pytest.importorskip("ansible_runner")
from awx import Credentials, Job  # noqa: E402  (only if there is a runner)
from awx_site import CANARIES, Site  # noqa: E402


@pytest.fixture
def site(lab, tmp_path):
    return lambda **more: Site(lab, tmp_path, **more)


@pytest.mark.parametrize("canary, limit, left_out", [("vc-1", "vc-2", "vc-1"), ("vc-1,vc-2", "vc-2", "vc-1"), ("vc-1", "all", None)])
def test_a_limit_that_leaves_the_canary_out_fails(site, canary, limit, left_out):
    """A green canary that did nothing would let the workflow go on. A limit takes localhost away, too."""
    here = site(count=2)
    job = here.run("--limit", limit, playbook="canary.yml", extra_vars={"scp_config_sync_canary": canary})
    if not left_out:
        assert (job.status, here.lab.state("vc-1")["transport"]) == ("successful", "scp"), job.output()
        return
    assert job.status == "failed" and f"the limit of the job leaves out {left_out}" in job.text, job.output()
    assert [here.lab.counters(name)["logins"] for name in here.names] == [0, 0]


def test_a_canary_of_an_empty_inventory_fails(site):
    job = site().run(playbook="canary.yml", names=["none"], extra_vars={"scp_config_sync_canary": "vc"})
    assert job.status == "failed" and "no chassis of the inventory is called vc" in job.text, job.output()


@pytest.mark.parametrize("canary, broken, failed", [("vc-4", None, {"localhost"}), ("vc-2", None, set()), ("vc-2", "vc-2", {"vc-2"}), ("vc-2", "vc-1", set()),
                                                    ("vc-[23]", "vc-1", {"localhost"}), ("vc-2,vc-3", "vc-3", {"vc-3"})])
def test_the_canary_is_no_news_of_another_chassis(site, canary, broken, failed):
    """Looking a name up is done on localhost: it makes no other chassis red that has done nothing, and none green that is broken."""
    here = site(count=3)
    if broken:
        here.lab.ctl("leave", broken, "2")
    job = here.run(playbook="canary.yml", extra_vars={"scp_config_sync_canary": canary})
    assert (job.failed(), job.status) == (failed, "failed" if failed else "successful"), job.output()
    named = set(canary.split(",")) & set(here.names)
    assert job.hosts() == {"localhost", *named}
    assert {name for name in here.names if here.lab.counters(name)["logins"]} == named


NONE = "scp_config_sync_hosts: no chassis "


@pytest.mark.parametrize("playbook", ["audit.yml", "reconcile.yml", "disable.yml"])
@pytest.mark.parametrize("hosts, names, flags, text", [
    ("vc-9", None, [], f"{NONE}of the inventory matches vc-9"),
    ("all", ["none"], [], f"{NONE}of the inventory matches all"),
    ("vc-1", None, ["--limit", "vc-2"], f"{NONE}within the limit matches vc-1"),
    ("all:!virtual_chassis", None, [], f"{NONE}of the inventory matches all:!virtual_chassis"),
    ("vc-9", None, ["--limit", "all"], f"{NONE}within the limit matches vc-9"),
])
def test_a_job_that_has_no_chassis_fails(site, playbook, hosts, names, flags, text):
    """An audit of nothing has found nothing wrong, which is what a mistyped name must not mean."""
    here = site(count=2)
    job = here.run(*flags, playbook=playbook, names=names, extra_vars={"scp_config_sync_hosts": hosts})
    assert job.status == "failed" and text in job.text, job.output()
    assert not job.hosts() - {"localhost"} and [here.lab.counters(name)["logins"] for name in here.names] == [0, 0]


def test_a_slice_of_the_fleet_may_have_no_chassis(site):
    """Its hosts are in the other slices."""
    here = site(count=2)
    job = here.run(extra_vars={"scp_config_sync_hosts": "vc-2"}, names=["vc-1"])
    assert job.status == "successful" and not job.hosts(), job.output()


# What names the chassis, and what stands between two names, where a playbook moves none that is not named.
PLAYBOOKS = {"audit.yml": None, "canary.yml": ("scp_config_sync_canary", ","), "scp_config_sync.yml": None, "reconcile.yml": None,
             "disable.yml": ("scp_config_sync_hosts", ":")}


def test_host_keys_and_other_options_reach_every_playbook(site):
    """As awx.md says it: one variable, from the inventory. What it holds is checked: a word that is none is refused."""
    here = site(count=3)
    known, unknown, odd = here.names
    for playbook, named in PLAYBOOKS.items():
        place = here.place()
        hosts = here.hosts(scp_config_sync_module_defaults={"known_hosts": [str(here.known_hosts)], "connect_timeout": 20})
        hosts["virtual_chassis"]["hosts"][unknown]["scp_config_sync_module_defaults"] = {"known_hosts": ["/nowhere"], "connect_timeout": 20}
        hosts["virtual_chassis"]["hosts"][odd]["scp_config_sync_module_defaults"] = {"algorithms": "none"}
        every = {named[0]: named[1].join(here.names)} if named else {}
        job = Job(place, playbook, hosts, here.custom(place, known_hosts=""), extra_vars=every).start().end()
        assert (job.status, job.failed()) == ("failed", {unknown, odd}) and known in job.hosts(), (playbook, job.output())
        assert "algorithms: want modern, default or legacy" in job.text, playbook


def test_options_that_come_with_the_launch_are_heard(site):
    job = site().run(extra_vars={"scp_config_sync_module_defaults": {"algorithms": "none"}})
    assert job.status == "failed" and "algorithms: want modern, default or legacy" in job.text, job.output()


@pytest.mark.parametrize("wrong, text", [
    ({"root_ssh_key_passphrase": "wrong"}, "check private_key_passphrase (in the credential: Root private key passphrase)"),
    ({"ssh_key_passphrase": "wrong"}, "check private_key_passphrase (in the credential: Private key passphrase)"),
    ({"root_ssh_key_passphrase": ""}, "(in the credential: Root private key passphrase)"),
    ({"known_hosts": ""}, "(in the credential: Known hosts)"),
    ({"ssh_key": "", "ssh_key_passphrase": "", "password": "wrong"}, "(in the credential: Username, Password, Private key)"),
    ({"root_ssh_key": "", "root_ssh_key_passphrase": "", "root_password": "wrong"}, "(in the credential: Root password)"),
])
def test_a_hint_names_the_fields_of_the_form(site, tmp_path, wrong, text):
    keys = {}
    for user in ("admin", "root"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", CANARIES[f"{user}'s key"], "-f", tmp_path / user], check=True)
        keys[user] = (tmp_path / user).read_text().strip()
    here = site(**{name: (tmp_path / f"{user}.pub").read_text().strip() for name, user in (("key", "admin"), ("root_key", "root"))})
    place = here.place()
    filled = {"password": "", "ssh_key": keys["admin"], "ssh_key_passphrase": CANARIES["admin's key"],
              "root_password": "", "root_ssh_key": keys["root"], "root_ssh_key_passphrase": CANARIES["root's key"]}
    job = Job(place, "scp_config_sync.yml", here.hosts(), here.custom(place, **{**filled, **wrong})).start().end()
    assert job.status == "failed" and text in job.text and here.lab.counters("vc")["writes"] == 0, job.output()


def test_a_hint_names_no_form_that_is_not_used(site):
    job = site().run(credentials=Credentials().network("admin", "wrong"))
    assert job.status == "failed" and "check username" in job.text and "in the credential" not in job.text, job.output()
