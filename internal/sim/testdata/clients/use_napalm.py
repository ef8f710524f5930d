# SPDX-License-Identifier: GPL-3.0-or-later
"""napalm's junos driver, unmodified: facts, merge, compare, commit on trial and its confirmation, discard, rollback, an error."""
import sys

from napalm import get_network_driver
from napalm.base.exceptions import MergeConfigException

port, password = int(sys.argv[1]), sys.argv[2]
with get_network_driver("junos")("127.0.0.1", "admin", password, optional_args={"port": port, "config_lock": False}) as dev:
    facts = dev.get_facts()
    assert facts["hostname"] == "vc1" and facts["os_version"] == "25.2R1.9" and facts["vendor"] == "Juniper", facts
    assert {"vme", "ge-0/0/0", "ge-2/0/23"} <= set(facts["interface_list"]), facts
    assert dev.get_interfaces()["vme"]["is_up"] and not dev.get_interfaces()["ge-0/0/0"]["is_up"]
    assert "192.0.2.10" in dev.get_interfaces_ip()["vme.0"]["ipv4"]
    assert dev.get_vlans() == {"1": {"name": "default", "interfaces": []}}, dev.get_vlans()
    assert dev.get_lldp_neighbors() == {} and dev.get_arp_table() == [] and dev.get_mac_address_table() == []
    assert "admin" in dev.get_users()
    dev.load_merge_candidate(config="set system location building Q")
    assert "building Q" in dev.compare_config()
    dev.commit_config(message="napalm", revert_in=120)
    assert dev.has_pending_commit()
    dev.confirm_commit()
    assert not dev.has_pending_commit()
    assert dev.compare_config() == ""
    assert "building Q" in dev.get_config(retrieve="running", format="set")["running"]
    dev.rollback()
    dev.load_replace_candidate(config=dev.get_config(retrieve="running")["running"].replace("host-name vc1;", "host-name vc2;"))
    assert "+  host-name vc2;" in dev.compare_config(), dev.compare_config()
    dev.discard_config()
    dev.load_merge_candidate(config="set system location floor 3")
    dev.discard_config()
    assert dev.compare_config() == ""
    try:
        dev.load_merge_candidate(config="set system bogus")
        raise SystemExit("an unknown statement was accepted")
    except MergeConfigException:
        dev.discard_config()
    assert "Virtual Chassis" in dev.cli(["show virtual-chassis"])["show virtual-chassis"]
    assert "host-name vc1" in dev.get_config(retrieve="running")["running"]
print("ok")
