# SPDX-License-Identifier: GPL-3.0-or-later
"""ncclient, unmodified: reads, a change with diff, a trial commit, confirmed, rollback, an error."""
import re
import sys

from ncclient import manager
from ncclient.operations import RPCError



def commits(session):
    reply = session.rpc("<get-commit-information/>")
    return [entry.tostring.decode() if hasattr(entry, "tostring") else "".join(entry.itertext()) for entry in reply.xpath("//commit-history")]


port, password = int(sys.argv[1]), sys.argv[2]
m = manager.connect(host="127.0.0.1", port=port, username="admin", password=password, hostkey_verify=False,
                    device_params={"name": "junos"}, allow_agent=False, look_for_keys=False)
assert any("candidate" in c for c in m.server_capabilities)
assert "host-name" in m.get_config("running").tostring.decode()
assert "Master*" in m.command("show virtual-chassis", format="xml").tostring.decode()
assert "fpc1" in m.rpc("<get-software-information/>").tostring.decode()
with m.locked("candidate"):
    m.load_configuration(action="set", config=["set system location building N"])
    assert "building N" in m.compare_configuration().tostring.decode()
    m.validate()
    m.commit(confirmed=True, timeout="300", comment="trial")
    assert "commit confirmed, rollback in 5mins" in commits(m)[0]
    m.commit()
    assert "rollback in" not in commits(m)[0] and "rollback in" in commits(m)[1]
    m.rollback(2)
    assert re.search("^- .*building N;", m.compare_configuration().tostring.decode(), re.M)
    m.commit(comment="taken back")
    assert "building N" not in m.get_config("running").tostring.decode()
    m.edit_config(target="candidate", config="<config><configuration><system><domain-name>example.com</domain-name>"
                  "</system></configuration></config>")
    m.discard_changes()
    try:
        m.load_configuration(action="set", config="set system nonsense 1")
        raise SystemExit("an unknown statement was accepted")
    except RPCError as error:
        assert "syntax error" in error.message
    m.discard_changes()
m.close_session()
print("ok")
