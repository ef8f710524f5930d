# SPDX-License-Identifier: GPL-3.0-or-later
"""Another client on the server of bench_session.py: one number, the median of the seconds.

    bench_peers.py ncclient|pyez session|call COUNT < SERVER     SERVER is the JSON that the server printed
"""

import json
import statistics
import sys
import time


def ncclient(at):
    from ncclient import manager
    from ncclient.xml_ import to_ele

    session = manager.connect(host="127.0.0.1", port=at["Port"], username=at["User"], password=at["Password"], hostkey_verify=False,
                              device_params={"name": "junos"}, allow_agent=False, look_for_keys=False, timeout=600)
    return (lambda: session.rpc(to_ele(f"<{at['Operation']}/>"))), session.close_session


def pyez(at):
    from jnpr.junos import Device
    from lxml import etree

    device = Device(host="127.0.0.1", port=at["Port"], user=at["User"], password=at["Password"], gather_facts=False, allow_agent=False)
    device.open()
    device.timeout = 600
    return (lambda: device.execute(etree.Element(at["Operation"]))), device.close


def session(connect, at, count):
    for _ in range(count):
        began = time.perf_counter()
        call, close = connect(at)
        call()
        close()
        yield time.perf_counter() - began


def calls(connect, at, count):
    call, close = connect(at)
    for _ in range(count):
        began = time.perf_counter()
        call()
        yield time.perf_counter() - began
    close()


if __name__ == "__main__":
    client, what, number = sys.argv[1:]
    measure = {"session": session, "call": calls}[what]
    print(statistics.median(measure({"ncclient": ncclient, "pyez": pyez}[client], json.load(sys.stdin), int(number))))
