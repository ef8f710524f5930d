# SPDX-License-Identifier: GPL-3.0-or-later
"""scrapli_netconf, unmodified: get-config with a filter, edit, lock, commit, discard, rpc."""
import sys

from scrapli_netconf.driver import NetconfDriver

port, password = int(sys.argv[1]), sys.argv[2]
conn = NetconfDriver(host="127.0.0.1", port=port, auth_username="admin", auth_password=password, auth_strict_key=False,
                     transport="paramiko")
conn.open()
assert not conn.get_config(source="running").failed
part = conn.get_config(source="running", filter_="<configuration><system><host-name/></system></configuration>")
assert "vc1" in part.result and "interfaces" not in part.result, part.result
assert not conn.lock(target="candidate").failed
change = "<config><configuration><system><location><building>S</building></location></system></configuration></config>"
assert not conn.edit_config(config=change, target="candidate").failed
assert not conn.commit().failed
assert not conn.discard().failed
assert not conn.unlock(target="candidate").failed
assert "Master*" in conn.rpc(filter_="<get-virtual-chassis-information/>").result
assert conn.rpc(filter_="<get-nonsense/>").failed
conn.close()
print("ok")
