# SPDX-License-Identifier: GPL-3.0-or-later
"""PyEZ, unmodified, on a console: it logs in, speaks NETCONF in root's shell or in another user's CLI, and logs out."""
import sys

from jnpr.junos import Device
from jnpr.junos.utils.config import Config

port, user, password = int(sys.argv[1]), *sys.argv[2:]
with Device(host="127.0.0.1", port=port, mode="telnet", user=user, passwd=password, baud=0, gather_facts=False, normalize=False) as dev:
    assert "Master*" in dev.rpc.get_virtual_chassis_information().findtext(".//member-role")
    shown = dev.cli("show version", warning=False)
    assert "25.2R1.9" in str(shown), shown
    config = Config(dev)
    config.lock()
    config.load("set system location building console", format="set")
    assert "building console" in config.diff()
    config.rollback()
    config.unlock()
print("ok")
