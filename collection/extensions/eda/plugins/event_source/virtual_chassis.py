# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listens to the syslog of Virtual Chassis, and makes one event of all that a chassis says of a change of its members."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import functools
import ipaddress
import math
import re
import socket

DOCUMENTATION = r"""
short_description: What Virtual Chassis say of their members over syslog
description:
  - Listens for syslog over UDP and TCP on one port, and understands what a Virtual Chassis says when a member joins or leaves, when another
    member becomes primary, and when a Virtual Chassis port comes or goes. Everything else is ignored.
  - What one chassis says is collected until it has been quiet for a while, and makes one event. Between two events of one chassis there is a pause.
options:
  host:
    description: Address to listen on. C(::) is all addresses of both families.
    type: str
    default: 0.0.0.0
  port:
    description: Port to listen on, with UDP and with TCP.
    type: int
    default: 5514
  hosts:
    description:
      - Host of the inventory by the name or address that a chassis has in syslog; or a list, where both are the same. Whoever is not in it is ignored.
        Upper case means the same in a name, and every way to write an address.
      - Each is one host. A pattern, or a name that Ansible has for a group of its own, is refused. So whoever sends a message chooses no more than
        one of these.
    type: raw
    required: true
  quiet:
    description: Seconds without a message after which a chassis is taken to have settled. 0 makes an event of every message, once per pause.
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

# Who says it, before the text. With exclude-hostname it is the time that stands there, which looks like no name and no address.
SENDER = re.compile(r"(?:^|[\s>])(?P<host>[A-Za-z0-9][\w.:-]{0,252})\s{1,9}(?:(?:fpc|re|member)\d+\s+)?(?:chassisd|vccpd)(?:\[\d+\]:|\s)")
# Between name and text there may be structured data. What may stand there has an end, so that no message costs more than its length.
MEMBER = re.compile(r"CHASSISD_VCHASSIS_MEMBER_OP_NOTICE\b.{0,300}?Member change: vc (?P<verb>add|delete) of member (?P<member>[0-9])\b")
ROLES = re.compile(r"CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE\b.{0,300}?Membership update: Member [0-9]->(?P<member>[0-9]), .{0,100}?"
                   r"(?:Master|Primary) (?P<primary>Changed|Unchanged), Members (?P<members>Changed|Unchanged)")
CABLE = re.compile(r"VCCPD_PROTOCOL_ADJ(?:UP|DOWN)\b.{0,100}")
# What a sender writes goes into variables of plays, where braces would be a template: only these characters are passed on.
UNSAFE = re.compile(r"[^A-Za-z0-9 .,:;_>/()\[\]-]")
# A message is small. Whatever is larger is not one of these.
LARGEST = 8192
CONNECTIONS, CONNECTIONS_EACH = 200, 20
IDLE_SECONDS = 3600
# The shortest nap between two looks at what is due, whatever quiet is.
SHORTEST_SLEEP = 0.1
ONE_HOST = re.compile(r"[A-Za-z0-9_][\w.-]*")
# Hosts that are not one chassis: groups that Ansible has by itself, and the controller.
NO_HOSTS = {"all", "ungrouped", "localhost"}


def understood(line):
    """(change, member) for each thing that a line says, and its text; nothing for a line that is not understood."""
    found = MEMBER.search(line)
    if found:
        return [("joined" if found["verb"] == "add" else "left", int(found["member"]))], found[0]
    found = ROLES.search(line)
    if found:
        changes = [("primary", int(found["member"]))] if found["primary"] == "Changed" else []
        return changes + ([("members", None)] if found["members"] == "Changed" else []), found[0]
    found = CABLE.search(line)
    return ([("cable", None)], found[0]) if found else ([], "")


def sender(line):
    """The name by which a line's sender calls itself, or nothing."""
    found = SENDER.search(line[:512])
    return found["host"] if found and (":" not in found["host"] or is_one_host(found["host"])) else ""


def is_one_host(name):
    """Whether Ansible takes it for the name of a host, and for no pattern. An address of IPv6 has colons, as patterns have."""
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(name)) and "%" not in name
    return bool(ONE_HOST.fullmatch(name)) and name not in NO_HOSTS


def listed(hosts):
    """Host of the inventory by name in syslog, of a dictionary or a list. Raises ValueError."""
    if not isinstance(hosts, dict):
        hosts = {str(name): name for name in hosts} if isinstance(hosts, (list, tuple)) else {}
    if not hosts:
        raise ValueError("hosts: list each chassis, by the name or address that it has in syslog, with its name in the inventory")
    for host in hosts.values():
        if host is None or not is_one_host(str(host)):
            raise ValueError(f"hosts: want the name of one host of the inventory, got {host!r}")
    return {compared(str(name)): str(host) for name, host in hosts.items()}


@functools.lru_cache(maxsize=1024)
def compared(name):
    """A name or address of a sender in the one way in which it is compared. A socket for both families writes IPv4 in its own way."""
    if ":" in name or name[:1].isdigit():  # all others are spared the attempt, which is what costs in a flood
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(name.partition("%")[0])
            return str(getattr(address, "ipv4_mapped", None) or address)
    return name.lower()


def seconds(args, name, default):
    """An option that is a time. Raises ValueError."""
    with contextlib.suppress(TypeError, ValueError):
        given = math.nan if isinstance(args.get(name), bool) else float(args.get(name, default))
        if 0 <= given < math.inf:
            return given
    raise ValueError(f"{name}: want seconds, 0 or more, got {args[name]!r}")


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
    """What is waiting, by host of the inventory. It knows no network and is told the time. What waits is bounded: only listed hosts do."""

    def __init__(self, hosts, quiet=30.0, at_most=300.0, pause=120.0):
        self.hosts, self.quiet, self.at_most, self.pause = listed(hosts), quiet, at_most, pause
        self.waiting, self.events = {}, {}

    def heard(self, data, address, now):
        """Takes a message as it came."""
        if b"CHASSISD_VCHASSIS_MEMBER_" not in data and b"VCCPD_PROTOCOL_ADJ" not in data or len(data) > LARGEST:
            return
        line = data.decode("utf-8", "replace")
        host = self.inventory_host(sender(line), address)
        changes, text = understood(line) if host else ([], "")
        if not changes:
            return
        waiting = self.waiting.setdefault(host, Waiting(now, now))
        waiting.last, waiting.messages, waiting.text = now, waiting.messages + 1, UNSAFE.sub("?", text)
        for change, member in changes:
            waiting.changes.add(change)
            if member is not None:
                waiting.members.add(member)

    def inventory_host(self, name, address):
        return self.hosts.get(compared(name)) or self.hosts.get(compared(address))

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


async def messages(reader):
    """The messages of a stream, as RFC 6587 frames them: with their length before them, or up to the end of a line. What is too large is left out."""
    while True:
        first = await reader.read(1)
        if not first:
            return
        if first in b"123456789":
            yield await counted(reader, first)
        elif first not in b"\r\n\0":
            yield await up_to_line_end(reader, first)


async def counted(reader, digits):
    while (byte := await reader.readexactly(1)).isdigit() and len(digits) < 7:
        digits += byte
    if byte != b" ":  # no length: a line that begins with a digit
        return await up_to_line_end(reader, digits + byte)
    length = int(digits)
    if length <= LARGEST:
        return await reader.readexactly(length)
    while length:
        length -= len(await reader.readexactly(min(length, LARGEST)))
    return b""


async def up_to_line_end(reader, line):
    """A line; what is left of it is read and thrown away if it is too long."""
    while not line.endswith(b"\n"):
        try:
            line += await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as end:
            return line + end.partial
        except asyncio.LimitOverrunError as overrun:
            line = (line + await reader.readexactly(overrun.consumed))[:LARGEST + 1]
    return line


class Streams:
    """Syslog over TCP. Nobody takes all connections for himself."""

    def __init__(self, heard):
        self.heard, self.open = heard, collections.Counter()

    async def serve(self, reader, writer):
        address = (writer.get_extra_info("peername") or [""])[0]
        self.open[address] += 1
        try:
            if self.open.total() <= CONNECTIONS and self.open[address] <= CONNECTIONS_EACH:
                await self.listen(messages(reader), address)
        except (asyncio.TimeoutError, asyncio.IncompleteReadError, OSError):
            pass  # silent for an hour, or gone: whoever it is may come again
        finally:
            self.open[address] -= 1
            self.open += collections.Counter()  # forgets whoever has none left
            writer.close()

    async def listen(self, coming, address):
        while True:
            message = await asyncio.wait_for(anext(coming, None), IDLE_SECONDS)
            if message is None:
                return
            self.heard(message, address)


async def open_streams(serve, host, port):
    """The TCP server. asyncio's own keeps :: to IPv6, where its datagrams do not."""
    if host == "::" and socket.has_dualstack_ipv6():
        both = socket.create_server((host, port), family=socket.AF_INET6, dualstack_ipv6=True)
        return await asyncio.start_server(serve, sock=both, limit=LARGEST)
    return await asyncio.start_server(serve, host, port, limit=LARGEST)


async def main(queue, args):
    """Listens until it is cancelled. Raises ValueError for options that mean nothing."""
    chassis = Chassis(args.get("hosts"), *(seconds(args, name, default) for name, default in (("quiet", 30), ("at_most", 300), ("pause", 120))))
    loop = asyncio.get_running_loop()
    host, port = args.get("host", "0.0.0.0"), int(args.get("port", 5514))

    def heard(data, address):
        chassis.heard(data, address, loop.time())

    transport = (await loop.create_datagram_endpoint(lambda: Datagrams(heard), local_addr=(host, port)))[0]
    try:
        server = await open_streams(Streams(heard).serve, host, port)
    except OSError:
        transport.close()
        raise
    try:
        while True:
            for event in chassis.due(loop.time()):
                await queue.put(event)
            await asyncio.sleep(max(SHORTEST_SLEEP, min(1.0, chassis.quiet / 4)))
    finally:
        transport.close()
        server.close()
