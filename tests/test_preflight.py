# SPDX-License-Identifier: GPL-3.0-or-later
"""The first task of the role: what its inputs ask of vc_info, and which file goes on."""

import importlib
import re

import pytest
import yaml
from conftest import ROLE, STAGED

DEFAULTS = {name.removeprefix("scp_config_sync_"): value for name, value in yaml.safe_load((ROLE / "defaults/main.yml").read_text()).items()}
GIVEN = {"authorized_keys_command": "/c", "authorized_keys_command_user": "u"}
PRESENT = {"scp": "enabled", "command": "/c", "user": "u", "become_root": "auto", "root_means": [], "release_check": True, "chassis_fips": "auto"}
ABSENT = {"scp": "disabled", "root_means": [], "release_check": True, "chassis_fips": "auto"}


@pytest.fixture
def preflight(monkeypatch):
    """The Python module of the staged collection."""
    monkeypatch.syspath_prepend(str(STAGED.parents[2]))
    return importlib.import_module("ansible_collections.vchassis.junos.plugins.plugin_utils.preflight")


def rendered(value):
    """Nothing is in the environment: its look-ups are empty."""
    return "" if isinstance(value, str) and "lookup(" in value else value


def inputs(preflight, given, **others):
    variables = {"scp_config_sync_" + name: value for name, value in {**DEFAULTS, **GIVEN, **given}.items() if value != "not given"}
    return preflight.Inputs({**variables, **others}, rendered)


@pytest.mark.parametrize("given, want", [
    ({}, PRESENT),
    ({"rekey": "never"}, {name: value for name, value in PRESENT.items() if name != "become_root"}),
    ({"become_root": "shell", "root_password": "x"}, {**PRESENT, "become_root": "shell", "root_means": ["password"]}),
    ({"root_password": "x", "root_private_key_file": "/k"}, {**PRESENT, "root_means": ["password", "key"]}),
    ({"release_check": False, "fips": True}, {**PRESENT, "release_check": False, "chassis_fips": "true"}),
    ({"fips": "False"}, {**PRESENT, "chassis_fips": "false"}),
    ({"remove_command": True, "remove_record": True}, PRESENT),
    ({"state": "absent"}, ABSENT),
    ({"state": "absent", "authorized_keys_command": "not given", "authorized_keys_command_user": "not given"}, ABSENT),
    ({"state": "absent", "remove_command": "yes"}, {**ABSENT, "command_state": "absent"}),
    ({"state": "absent", "remove_command": "no", "remove_record": True}, {**ABSENT, "record_state": "absent"}),
])
def test_what_is_asked(preflight, given, want):
    assert preflight.options(inputs(preflight, given)) == want


@pytest.mark.parametrize("name", GIVEN)
def test_a_value_of_step_1_is_required(preflight, name):
    with pytest.raises(ValueError, match=f"^scp_config_sync_{name}: required, but not given; it comes from Juniper's documentation"):
        preflight.options(inputs(preflight, {name: "not given"}))


@pytest.mark.parametrize("given, want", [
    ({}, []),
    ({"root_username": ""}, []),
    ({"root_username": "root"}, ["scp_config_sync_root_username has no effect, because only root can do step 2, and is removed with 1.0.0: leave it out"]),
])
def test_an_input_of_an_earlier_release_is_still_accepted_with_a_warning(preflight, given, want):
    """A variable that nobody reads would be ignored without a word."""
    assert preflight.former(inputs(preflight, given)) == want


@pytest.mark.parametrize("given, others, want", [
    ({}, {}, ""),
    ({"members": [{"host": "192.0.2.1", "role": "primary"}]}, {}, "change.yml"),
    ({"rekey": "always"}, {}, "change.yml"),
    ({"state": "absent", "rekey": "always", "members": [{"host": "192.0.2.1", "role": "primary"}]}, {}, ""),
    ({"report_path": "reports"}, {}, "record.yml"),
    ({"report_path": None}, {}, ""),
    ({}, {"scp_config_sync_outcome": {}}, "record.yml"),
    ({}, {"awx_job_id": 1}, "record.yml"),
    ({"report_stats": False}, {"awx_job_id": 1}, ""),
    ({"report_stats": "no"}, {"awx_job_id": 1}, ""),
    ({"report_stats": True}, {}, "record.yml"),
])
def test_what_goes_on(preflight, given, others, want):
    said = inputs(preflight, given, **others)
    assert preflight.next_tasks({"compliant": True}, said) == want
    for info in ({"compliant": False}, {"failed": True}, {"unreachable": True}):
        assert preflight.next_tasks(info, said) == "change.yml"
    assert not want or (ROLE / "tasks" / want).exists()


def test_every_name_is_an_input_of_the_role(preflight):
    source = (STAGED / "plugins/plugin_utils/preflight.py").read_text()
    names = re.findall(r'inputs\.(?:read|required|is_on)\("(\w+)"\)', source)
    assert len(names) > 8
    assert set(names) <= {*DEFAULTS, *GIVEN}
    assert (preflight.MARK, preflight.NEXT) == ("__vchassis_preflight", "next_tasks")
    assert preflight.MARK in (ROLE / "tasks/preflight.yml").read_text()
    assert f"__scp_config_sync_info.{preflight.NEXT}" in (ROLE / "tasks/main.yml").read_text()
