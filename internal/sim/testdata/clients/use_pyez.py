# SPDX-License-Identifier: GPL-3.0-or-later
"""PyEZ, unmodified: facts, Config load, diff, check, trial commit, confirmed, rollback, errors, cli(), tables, formats."""
import pathlib
import sys
import tempfile

from jnpr.junos import Device
from jnpr.junos.exception import CommitError, ConfigLoadError
from jnpr.junos.op.ethport import EthPortTable
from jnpr.junos.op.lldp import LLDPNeighborTable
from jnpr.junos.utils.config import Config
from jnpr.junos.utils.scp import SCP

port, password = int(sys.argv[1]), sys.argv[2]
dev = Device(host="127.0.0.1", port=port, user="admin", password=password).open()
facts = dev.facts
for name, want in {"hostname": "vc1", "fqdn": "vc1", "model": "EX4400-24T", "version": "25.2R1.9", "vc_capable": True, "vc_mode": "Enabled",
                   "vc_master": "0", "personality": "SWITCH", "ifd_style": "SWITCH", "switch_style": "VLAN_L2NG",
                   "2RE": True, "master": "RE0", "HOME": "/var/home/admin"}.items():
    assert facts[name] == want, (name, facts[name])
assert facts["serialnumber"] and set(facts["junos_info"]) == {"fpc0", "fpc1", "fpc2"}
assert set(facts["current_re"]) >= {"fpc0", "master"}
config = Config(dev)
config.lock()
config.load("set system location building P", format="set")
assert "building P" in config.diff()
assert config.commit_check()
config.commit(confirm=2, comment="pyez")
assert dev.rpc.get_commit_information().findtext("commit-history/comment") == "commit confirmed, rollback in 2mins"
config.commit()
assert dev.rpc.get_commit_information().find("commit-history").find("comment") is None
assert config.diff() is None
for bad, error in (("set system bogus", ConfigLoadError), ("set system commit config-sync-with-scp", CommitError)):
    try:
        config.load(bad, format="set")
        config.commit()
        raise SystemExit("accepted: " + bad)
    except error:
        config.rollback(0)
config.rollback(2)
assert "building P" in config.diff()
config.commit(comment="taken back")
assert dev.rpc.get_config(filter_xml="system/location").find(".//building") is None
assert config.rescue("get") is None and config.rescue("reload") is False
config.rescue("save")
assert "host-name vc1;" in config.rescue("get")
config.load("set system location building R", format="set")
config.rescue("reload")
assert config.diff() is None, config.diff()
config.rescue("delete")
assert config.rescue("get", format="xml") is None
config.unlock()
assert "Virtual Chassis" in dev.cli("show virtual-chassis", warning=False)
assert "configuration" in dev.rpc.get_config(options={"format": "json"})
assert "Junos: 25.2R1.9" in dev.rpc.get_software_information({"format": "text"}).text
assert "multi-routing-engine-results" in dev.rpc.get_software_information({"format": "json"})
ports = EthPortTable(dev).get()
assert ports["ge-0/0/0"].oper == "down" and ports["ge-0/0/0"].mtu == 1514 and len(ports) >= 24, ports.keys()
assert len(LLDPNeighborTable(dev).get()) == 0
assert dev.rpc.get(filter_xml="<configuration><system><host-name/></system></configuration>").findtext(".//host-name") == "vc1"
with tempfile.TemporaryDirectory() as folder:
    here, back = pathlib.Path(folder, "note.txt"), pathlib.Path(folder, "back.txt")
    here.write_text("from here\n")
    with SCP(dev) as scp:
        scp.put(str(here), "/var/tmp/")
        scp.get("/var/tmp/note.txt", str(back))
    assert back.read_text() == "from here\n"
dev.close()
print("ok")
