# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listens to the syslog of Virtual Chassis, and makes one event of all that a chassis says of a change of its members."""

from __future__ import annotations

import asyncio
import dataclasses
import re

DOCUMENTATION = r"""
short_description: What Virtual Chassis say of their members over syslog
description:
  - Listens for syslog over UDP and TCP on one port, and understands what a Virtual Chassis says when a member joins or leaves, when another
    member becomes primary, and when a Virtual Chassis port comes or goes. Everything else is ignored.
  - What one chassis says is collected until it has been quiet for a while, and makes one event. Between two events of one chassis there is a pause.
options:
  host:
    description: Address to listen on.
    type: str
    default: 0.0.0.0
  port:
    description: Port to listen on, with UDP and with TCP.
    type: int
    default: 5514
  hosts:
    description:
      - Host of the inventory by the name or address that a chassis has in syslog. Where it is given, whoever is not in it is ignored.
      - Without it the host-name of the chassis has to be its name in the inventory. Anybody who reaches the port can then name one.
    type: dict
    default: {}
  quiet:
    description: Seconds without a message after which a chassis is taken to have settled.
    type: float
    default: 30
  at_most:
    description: Seconds after which there is an event although the chassis has not settled.
    type: float
    default: 300
  pause:
    description: Seconds between two events of one chassis.
    type: float
    default: 120
"""

EXAMPLES = r"""
- vchassis.junos.virtual_chassis:
    port: 5514
    hosts: {192.0.2.10: campus-core}
"""

# Who says it, before the text. With exclude-hostname it is the time that stands there, which no name looks like.
SENDER = re.compile(r"(?:^|[\s>])(?P<host>[A-Za-z0-9][\w.-]{0,252})\s+(?:(?:fpc|re|member)\d+\s+)?(?:chassisd|vccpd)(?:\[\d+\]:|\s)")
MEMBER = re.compile(r"CHASSISD_VCHASSIS_MEMBER_OP_NOTICE\b.*Member change: vc (?P<verb>add|delete) of member (?P<member>\d{1,2})\b")
ROLES = re.compile(r"CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE\b.*Membership update: Member \d+->(?P<member>\d{1,2}), .*"
                   r"(?:Master|Primary) (?P<primary>Changed|Unchanged), Members (?P<members>Changed|Unchanged)")
CABLE = re.compile(r"VCCPD_PROTOCOL_ADJ(?:UP|DOWN)\b")
# A message is small. Whatever is larger is not one of these.
LARGEST = 8192
# So many chassis may be waiting for their event; more are a flood of made-up names.
CHASSIS = 5000
CONNECTIONS = 200
IDLE_SECONDS = 3600
# Groups and patterns of Ansible, which no sender may choose.
NO_HOSTS = {"all", "ungrouped", "localhost"}


def understood(line):
    """(change, member) for each thing that a line says; nothing for a line that is not understood."""
    found = MEMBER.search(line)
    if found:
        return [("joined" if found["verb"] == "add" else "left", int(found["member"]))]
    found = ROLES.search(line)
    if found:
        changes = [("primary", int(found["member"]))] if found["primary"] == "Changed" else []
        return changes + ([("members", None)] if found["members"] == "Changed" else [])
    return [("cable", None)] if CABLE.search(line) else []


def sender(line):
    """The name by which a line's sender calls itself, or nothing."""
    found = SENDER.search(line[:512])
    return found["host"] if found else ""


@dataclasses.dataclass
class Waiting:
    """What a chassis has said since its last event."""

    first: float
    last: float
    changes: set = dataclasses.field(default_factory=set)
    members: set = dataclasses.field(default_factory=set)
    messages: int = 0
    text: str = ""

    def event(self, host):
        """The role has to look where a member has come, or where it cannot be determined which has changed. Otherwise reading is enough."""
        came = "joined" in self.changes or ("members" in self.changes and "left" not in self.changes)
        chassis = {"host": host, "action": "run" if came else "audit", "changes": sorted(self.changes), "members": sorted(self.members),
                   "messages": self.messages, "text": self.text}
        return {"chassis": chassis, "meta": {"hosts": [host]}}


class Chassis:
    """What is waiting, by host of the inventory. It knows no network and is told the time."""

    def __init__(self, hosts=None, quiet=30.0, at_most=300.0, pause=120.0):
        self.hosts, self.quiet, self.at_most, self.pause = {str(name): str(host) for name, host in (hosts or {}).items()}, quiet, at_most, pause
        self.waiting, self.events = {}, {}

    def heard(self, data, address, now):
        """Takes a message as it came."""
        if b"CHASSISD_VCHASSIS_MEMBER_" not in data and b"VCCPD_PROTOCOL_ADJ" not in data or len(data) > LARGEST:
            return
        line = data.decode("utf-8", "replace")
        changes, host = understood(line), self.inventory_host(sender(line), address)
        if not changes or not host or (host not in self.waiting and len(self.waiting) >= CHASSIS):
            return
        waiting = self.waiting.setdefault(host, Waiting(now, now))
        waiting.last, waiting.messages, waiting.text = now, waiting.messages + 1, line.strip()[-300:]
        for change, member in changes:
            waiting.changes.add(change)
            if member is not None:
                waiting.members.add(member)

    def inventory_host(self, name, address):
        if self.hosts:
            return self.hosts.get(name) or self.hosts.get(address)
        return name if name and name not in NO_HOSTS else None

    def due(self, now):
        """The events for which it is time, at most one a chassis."""
        for host, since in list(self.events.items()):
            if now - since >= self.pause:
                del self.events[host]
        ready = [host for host, waiting in self.waiting.items()
                 if host not in self.events and (now - waiting.last >= self.quiet or now - waiting.first >= self.at_most)]
        for host in ready:
            self.events[host] = now
        return [self.waiting.pop(host).event(host) for host in ready]


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, heard):
        self.heard = heard

    def datagram_received(self, data, addr):
        self.heard(data, addr[0])


class Streams:
    """Syslog over TCP: lines, with or without the count of octets of RFC 6587 before them."""

    def __init__(self, heard):
        self.heard, self.open = heard, 0

    async def serve(self, reader, writer):
        self.open += 1
        try:
            while self.open <= CONNECTIONS:
                line = await asyncio.wait_for(reader.readline(), IDLE_SECONDS)
                if not line:
                    break
                self.heard(line, writer.get_extra_info("peername")[0])
        except (asyncio.TimeoutError, ValueError, OSError):
            pass  # silent for an hour, a line without an end, or gone: whoever it is may come again
        finally:
            self.open -= 1
            writer.close()


async def main(queue, args):
    """Listens until it is cancelled."""
    chassis = Chassis(args.get("hosts"), *(float(args.get(name, default)) for name, default in (("quiet", 30), ("at_most", 300), ("pause", 120))))
    loop = asyncio.get_running_loop()
    host, port = args.get("host", "0.0.0.0"), int(args.get("port", 5514))

    def heard(data, address):
        chassis.heard(data, address, loop.time())

    transport = (await loop.create_datagram_endpoint(lambda: Datagrams(heard), local_addr=(host, port)))[0]
    server = await asyncio.start_server(Streams(heard).serve, host, port, limit=LARGEST)
    try:
        while True:
            for event in chassis.due(loop.time()):
                await queue.put(event)
            await asyncio.sleep(min(1.0, chassis.quiet / 4))
    finally:
        transport.close()
        server.close()
