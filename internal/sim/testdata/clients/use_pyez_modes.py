# SPDX-License-Identifier: GPL-3.0-or-later
"""PyEZ, unmodified, in the ways of juniper.device's modules, which cannot be installed here: each mode, format and option that they offer."""
import sys

from jnpr.junos import Device
from jnpr.junos.exception import ConfigLoadError, LockError
from jnpr.junos.utils.config import Config
from lxml import etree

port, password = int(sys.argv[1]), sys.argv[2]
dev = Device(host="127.0.0.1", port=port, user="admin", passwd=password, gather_facts=False, normalize=False).open()
other = Device(host="127.0.0.1", port=port, user="root", passwd="Root-lab-1", gather_facts=False).open()

# facts: every one of them is there to be shown
facts = {name: dev.facts[name] for name in dev.facts}
assert facts["hostname"] == "vc1" and facts["version_info"].major == (25, 2), facts

# config: exclusive, private, and the shared candidate
for mode, number in (("exclusive", 1), ("private", 2), (None, 3)):
    config = Config(dev, mode=mode)
    if mode == "exclusive":
        config.lock()
        try:
            Config(other, mode=mode).lock()
            raise SystemExit("locked twice")
        except LockError as error:
            assert "configuration database locked by" in str(error)
    elif mode:
        dev.rpc.open_configuration(private=True, ignore_warning=None)
    config.load("\n".join(["set system location floor " + str(number)]), format="set", ignore_warning=None)
    config.commit_check()
    assert "floor %d" % number in config.diff(rb_id=0, ignore_warning=False)
    config.commit(ignore_warning=None, comment="floor", confirm=2, timeout=30, full=False, force_sync=False, sync=False)
    config.commit_check()
    config.commit(ignore_warning=None, comment=None, confirm=None, timeout=30, full=True, force_sync=False, sync=True)
    config.rollback(rb_id=2)
    config.commit(timeout=30)
    try:
        config.load("set system nonsense 1", format="set")
        raise SystemExit("an unknown statement was accepted")
    except ConfigLoadError as error:
        assert "syntax error" in str(error)
    config.rollback(rb_id=0)
    if mode == "exclusive":
        config.unlock()
    elif mode:
        dev.rpc.close_configuration()
assert "floor" not in etree.tostring(dev.rpc.get_config(filter_xml="system/location")).decode()

# config: what is loaded, and what is read
config = Config(dev, mode="exclusive")
config.lock()
for arguments in ({"format": "text", "merge": True}, {"format": "text"}, {"format": "text", "update": True}):
    whole = dev.rpc.get_config(options={"database": "committed", "format": "text"}).text
    config.load("system {\n    location {\n        building T;\n    }\n}\n" if "update" not in arguments else whole, **arguments)
    config.rollback(0)
config.load(etree.fromstring("<configuration><system><location><building>X</building></location></system></configuration>"), format="xml")
assert "building X" in config.diff()
config.rollback(0)
for form, tag in (("text", "configuration-text"), ("set", "configuration-set"), ("xml", "configuration")):
    for database in ("committed", "candidate"):
        reply = dev.rpc.get_config(options={"database": database, "format": form}, filter_xml="system/services")
        assert reply.tag == tag, reply.tag
assert "configuration" in dev.rpc.get_config(options={"database": "committed", "format": "json"})
config.unlock()

# command and rpc
for form in ("text", "xml", "json"):
    command = etree.Element("command", format=form)
    command.text = "show virtual-chassis"
    assert "Master" in (str if form == "json" else lambda e: etree.tostring(e).decode())(dev.rpc(command, normalize=form == "xml"))
assert dev.rpc.get_virtual_chassis_information().findtext(".//member-role") == "Master*"
other.close()
dev.close()
print("ok")
