# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients that were not written here see of a chassis, as JSON: PyEZ's facts, and the configuration as ncclient gets it."""
import json
import re
import sys

import ncclient.manager
from jnpr.junos import Device

port, user, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
with Device(host="127.0.0.1", port=port, user=user, password=password) as device:
    facts = {name: str(device.facts[name]) for name in sorted(device.facts)}
with ncclient.manager.connect(host="127.0.0.1", port=port, username=user, password=password, hostkey_verify=False, allow_agent=False,
                              look_for_keys=False, device_params={"name": "junos"}) as session:
    capabilities = sorted(re.sub(r"\?.*", "", one) for one in session.server_capabilities)
    tags = re.findall(r"<(?!/)([\w:.-]+)", str(session.get_config("running").data_xml))
print(json.dumps({"facts": facts, "capabilities": capabilities, "elements": tags}))
