# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source: what it understands, what it ignores, when it speaks; over real sockets, and with what the simulator says."""

import asyncio
import contextlib
import importlib.util
import json
import random
import socket
import sys
import time

import pytest
from conftest import TOP

EDA = TOP / "collection/extensions/eda"
spec = importlib.util.spec_from_file_location("virtual_chassis", EDA / "plugins/event_source/virtual_chassis.py")
source = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = source
spec.loader.exec_module(source)

ADD = "CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc add of member 1"
DELETE = "CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc delete of member 2"
BACKUP = "CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE: Membership update: Member 1->1, Mode Master->Master, 1M 0B, Master Unchanged, Members Changed"
PRIMARY = "CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE: Membership update: Member 1->1, Mode Backup->Master, 1M 2B, Master Changed, Members Unchanged"
CABLE = "VCCPD_PROTOCOL_ADJDOWN: Lost adjacency to 0000.5e00.5302 on vcp-255/1/0, "


def plain(host, text, process="chassisd"):
    return f"<29>Nov 30 00:40:58 {host} {process}[2010]: {text}".encode()


@pytest.mark.parametrize("text, changes", [
    (ADD, [("joined", 1)]), (DELETE, [("left", 2)]), (BACKUP, [("members", None)]), (PRIMARY, [("primary", 1)]), (CABLE, [("cable", None)]),
    (PRIMARY.replace("Master Changed", "Primary Changed"), [("primary", 1)]),
    ("%DAEMON-5-" + ADD, [("joined", 1)]),
    (BACKUP.replace("Members Changed", "Members Unchanged"), []),
    ("CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc frobnicate of member 1", []),
    ("CHASSISD_VCHASSIS_MEMBER_OP_NOTICE: Member change: vc add of member one", []),
    ("CHASSISD_SNMP_TRAP10: SNMP trap generated: FRU power on", []),
])
def test_what_is_understood(text, changes):
    assert source.understood(plain("vc1", text).decode())[0] == changes


@pytest.mark.parametrize("line, host", [
    (f"<29>Nov 30 00:40:58 vc1 chassisd[2010]: {ADD}", "vc1"),
    (f"<29>Nov  3 00:40:58.123 vc1.example.com chassisd[2010]: {ADD}", "vc1.example.com"),
    (f"<29>Nov 30 00:40:58 2026 vc-1 fpc0 chassisd[2010]: {ADD}", "vc-1"),
    (f"<29>1 2026-11-30T00:40:58.000Z vc1 chassisd 2010 CHASSISD_VCHASSIS_MEMBER_OP_NOTICE [junos@2636.1.1.1.2.0] {ADD}", "vc1"),
    (f"<29>1 2026-11-30T00:40:58Z vc1 chassisd - - - \ufeff{ADD}\r\n", "vc1"),  # what a relay makes of it
    (f"<29>Nov 30 00:40:58 2001:db8::10 chassisd[2010]: {ADD}", "2001:db8::10"),  # which a relay puts there where there is no name
    (f"<29>Nov 30 00:40:58 chassisd[2010]: {ADD}", ""),  # exclude-hostname
    (ADD, ""),
])
def test_who_says_it(line, host):
    assert source.sender(line) == host and source.understood(line)[0] == [("joined", 1)]


class Clock:
    """A chassis that is told the time."""

    def __init__(self, hosts=("vc1", "vc2"), **options):
        self.now, self.chassis = 0.0, source.Chassis(hosts, **options)

    def hear(self, *texts, host="vc1", address="192.0.2.10"):
        for text in texts:
            self.chassis.heard(plain(host, text) if isinstance(text, str) else text, address, self.now)

    def wait(self, seconds, step=1.0):
        events = []
        for _ in range(int(seconds / step)):
            self.now += step
            events += self.chassis.due(self.now)
        return [event["chassis"] for event in events]


@pytest.mark.parametrize("texts, action, changes", [
    ([CABLE, DELETE, BACKUP], "audit", ["cable", "left", "members"]),
    ([CABLE, DELETE, BACKUP, ADD, BACKUP], "run", ["cable", "joined", "left", "members"]),  # a reboot, or another switch: only reading can tell
    ([ADD], "run", ["joined"]),
    ([BACKUP, ADD, DELETE, CABLE], "run", ["cable", "joined", "left", "members"]),  # in another order than it was sent
    ([BACKUP], "run", ["members"]),  # what says which has changed was lost
    ([PRIMARY], "audit", ["primary"]),
    ([CABLE], "audit", ["cable"]),
])
def test_one_event_of_all_that_is_said(texts, action, changes):
    clock = Clock()
    for text in texts:
        clock.hear(text)
        assert not clock.wait(20)
    events = clock.wait(600)
    assert [(event["action"], event["changes"], event["host"], event["messages"]) for event in events] == [(action, changes, "vc1", len(texts))]


def test_a_chassis_that_never_settles_is_heard_all_the_same_and_seldom():
    clock = Clock()
    events = []
    for _ in range(360):
        clock.hear(ADD, DELETE)
        events += clock.wait(10)
    assert 8 <= len(events) <= 12, "an hour of flapping"


def test_another_event_waits_for_the_pause():
    clock = Clock(quiet=10, pause=100)
    clock.hear(ADD)
    assert len(clock.wait(10)) == 1
    clock.hear(DELETE)
    assert not clock.wait(80)
    assert [event["action"] for event in clock.wait(30)] == ["audit"]


def test_whoever_is_not_named_is_ignored():
    clock = Clock(hosts={"vc1.example.com": "campus-core", "192.0.2.30": "campus-west"})
    clock.hear(ADD, host="vc1.example.com")
    clock.hear(ADD, host="stranger", address="192.0.2.30")
    clock.hear(ADD, host="stranger", address="192.0.2.99")
    assert sorted(event["host"] for event in clock.wait(60)) == ["campus-core", "campus-west"]


@pytest.mark.parametrize("name", ["access", "campus", "all", "localhost", "*", "vc1,vc2", "!vc1", "~vc.*", "vc[1:2]", "a" * 300, "-i", ""])
def test_a_sender_names_no_group_and_no_pattern(name):
    """Some of these are groups of somebody's inventory, which the source does not know: only what is listed is a chassis."""
    clock = Clock()
    clock.hear(ADD, host=name)
    assert {event["host"] for event in clock.wait(60)} <= {"vc1", "vc2"}


@pytest.mark.parametrize("hosts, error", [
    (None, "hosts: list each chassis"), ({}, "hosts: list each chassis"), ([], "hosts: list each chassis"), ("vc1", "hosts: list each chassis"),
    *(({"192.0.2.10": name}, "hosts: want the name of one host")
      for name in ("all", "ungrouped", "localhost", "vc*", "vc1,vc2", "vc1:vc2", "!vc1", "~vc", "vc[0]", "@file", "-i", "", None, "fe80::1%all")),
    (["vc1", {"vc2": "vc3"}], "hosts: want the name of one host"),
])
def test_only_single_hosts_are_listed(hosts, error):
    with pytest.raises(ValueError, match=error):
        source.Chassis(hosts)


@pytest.mark.parametrize("name, address, host", [
    ("vc1", "192.0.2.99", "vc1"), ("stranger", "192.0.2.10", "campus"), ("stranger", "::ffff:192.0.2.10", "campus"),
    ("stranger", "2001:db8::10", "2001:db8::10"),
    ("stranger", "192.0.2.1", None),
    # What means the same may be written in other ways.
    ("VC1", "192.0.2.99", "vc1"), ("campus-2.example.com", "192.0.2.99", "campus-2"),
    ("stranger", "2001:db8::20", "east"), ("stranger", "fe80::1%eth0", "west"), ("stranger", "192.0.2.30", "mapped"),
])
def test_who_is_who(name, address, host):
    chassis = source.Chassis({"vc1": "vc1", "192.0.2.10": "campus", "2001:db8::10": "2001:db8::10", "Campus-2.Example.com": "campus-2",
                              "2001:DB8:0:0::20": "east", "fe80::1": "west", "::ffff:192.0.2.30": "mapped"})
    assert chassis.inventory_host(name, address) == host


@pytest.mark.parametrize("option", ["quiet", "at_most", "pause"])
@pytest.mark.parametrize("value", [-1, "soon", "nan", "inf", None, True, [30]])
def test_a_time_that_means_nothing_is_refused(option, value):
    with pytest.raises(ValueError, match=f"{option}: want seconds"):
        asyncio.run(source.main(None, {"hosts": ["vc1"], option: value}))


def test_no_template_reaches_a_play():
    """Variables of a play are templates in many a release; so what a sender writes beside the known words stays out, and braces anywhere."""
    lookup = "{{ lookup('pipe', 'id') }}{% raw %}"
    clock = Clock()
    for text in (f"{lookup} {ADD} {lookup}", BACKUP.replace("Mode Master", f"Mode {lookup}Master"), CABLE + lookup, "\x1b[2J" + PRIMARY):
        clock.hear(text)
        clock.hear(f"<29>{lookup} vc2 chassisd[1]: ".encode() + text.encode())
        for event in clock.wait(600):
            assert not set("{}%#'\x1b") & set(json.dumps(event).replace("{", "", 1).removesuffix("}")), event


def test_a_flood_is_survived():
    """Of garbage, of names, of one chassis: bounded memory, little time, and the one that matters is still heard."""
    clock, dice = Clock(), random.Random(1)
    clock.hear(ADD)
    began = time.process_time()
    for number in range(20_000):
        clock.hear(dice.randbytes(200) + b"CHASSISD_VCHASSIS_MEMBER_OP_NOTICE" + dice.randbytes(50))
        clock.hear(plain(f"made-up-{number}", ADD), b"x" * 60_000, plain("noise", "UI_COMMIT: User 'a' requested 'commit' operation"))
    assert time.process_time() - began < 10
    assert set(clock.chassis.waiting) == {"vc1"}
    assert [event["host"] for event in clock.wait(60)] == ["vc1"]


@pytest.mark.parametrize("message", [
    b"<29>Nov 30 00:40:58 vc1 chassisd[1]: " + b"CHASSISD_VCHASSIS_MEMBER_UPDATE_NOTICE Membership update: Member 1->1, Master " * 74,
    b"<29>Nov 30 00:40:58 vc1 chassisd[1]: " + b"CHASSISD_VCHASSIS_MEMBER_OP_NOTICE " * 230,
    (b"a" * 250 + b" ") * 30 + b"VCCPD_PROTOCOL_ADJUP",
    b" " * 8000 + b"VCCPD_PROTOCOL_ADJUP",
])
def test_no_message_costs_more_than_its_length(message):
    clock = Clock()
    began = time.process_time()
    for _ in range(50):
        clock.hear(message[:source.LARGEST], address="192.0.2.10")
    assert (time.process_time() - began) / 50 < 0.02


@pytest.mark.parametrize("text", [ADD, DELETE, BACKUP, PRIMARY, CABLE])
def test_a_message_that_was_cut_off_says_the_same_or_nothing(text):
    line = plain("vc1", text).decode()
    whole = source.understood(line)[0]
    assert whole
    assert all(source.understood(line[:length])[0] in ([], whole) for length in range(len(line)))


@pytest.mark.parametrize("when", ["Jan  1 00:00:00", "Dec 31 23:59:59 2099", "1 1970-01-01T00:00:00Z", "1 2099-12-31T23:59:59.999+14:00", "Feb 30 25:61:61"])
def test_a_chassis_whose_clock_is_wrong_is_heard(when):
    """What counts is when a message came."""
    clock = Clock()
    clock.hear(f"<29>{when} vc1 chassisd[1]: {ADD}".encode(), address="192.0.2.99")
    assert [event["host"] for event in clock.wait(60)] == ["vc1"]


def framed(data, limit=source.LARGEST):
    """The messages in a stream of these bytes."""
    async def read():
        reader = asyncio.StreamReader(limit=limit)
        reader.feed_data(data)
        reader.feed_eof()
        found = []
        try:
            async for message in source.messages(reader):
                found.append(message)
        except asyncio.IncompleteReadError:
            found.append("cut off")
        return found

    return asyncio.run(read())


@pytest.mark.parametrize("data, want", [
    (b"<1>one\n<1>two\n", [b"<1>one\n", b"<1>two\n"]),
    (b"6 <1>one6 <1>two", [b"<1>one", b"<1>two"]),  # with their length, nothing is between them
    (b"8 <1>o\nne\n7 <1>two\n", [b"<1>o\nne\n", b"<1>two\n"]),
    (b"6 <1>one<1>two\n6 <1>one", [b"<1>one", b"<1>two\n", b"<1>one"]),
    (b"<1>one\0\r\n<1>two", [b"<1>one\0\r\n", b"<1>two"]),
    (b"2026-11-30T00:40:58 vc1\n<1>two\n", [b"2026-11-30T00:40:58 vc1\n", b"<1>two\n"]),
    (b"5\n<1>two\n", [b"5\n", b"<1>two\n"]),
    (b"99999999999 <1>one\n<1>two\n", [b"99999999999 <1>one\n", b"<1>two\n"]),
    (b"20000 " + b"x" * 20_000 + b"6 <1>two", [b"", b"<1>two"]),
    (b"100 <1>one", ["cut off"]),
    (b"\xff\xfe\n<1>two\n", [b"\xff\xfe\n", b"<1>two\n"]),
    (b"", []),
])
def test_what_is_a_message_on_a_stream(data, want):
    assert framed(data) == want


def test_a_line_that_is_too_long_costs_no_other():
    """A relay sends for many: what is too long is left out, and the connection stays."""
    long, good = b"<1>" + b"x" * 50_000 + b"\n", plain("vc1", ADD) + b"\n"
    messages = framed(long + good)
    assert messages[-1] == good
    assert len(messages) == 2
    assert len(messages[0]) > source.LARGEST, "it is left out, because it is too large"


async def collected(port, send, seconds, **options):
    queue = asyncio.Queue()
    given = {"host": "127.0.0.1", "port": port, "hosts": ["vc", "vc1", "vc2", "vc3"], "quiet": 0.3, "pause": 1, **options}
    task = asyncio.create_task(source.main(queue, given))
    await asyncio.sleep(0.3)
    await asyncio.get_running_loop().run_in_executor(None, send)
    await asyncio.sleep(seconds)
    assert not task.done(), task
    task.cancel()
    return [queue.get_nowait()["chassis"] for _ in range(queue.qsize())]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_udp_and_tcp():
    port = free_port()

    def send():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            udp.sendto(plain("vc1", ADD), ("127.0.0.1", port))
            udp.sendto(b"\xff\x00garbage", ("127.0.0.1", port))
        with socket.create_connection(("127.0.0.1", port)) as tcp:
            tcp.sendall(plain("vc2", DELETE) + b"\n")
            counted = plain("vc3", PRIMARY) + b"\n"
            tcp.sendall(str(len(counted)).encode() + b" " + counted)
        with socket.create_connection(("127.0.0.1", port)) as tcp:
            tcp.sendall(b"x" * 100_000)  # no end of a line
        idle = [socket.create_connection(("127.0.0.1", port)) for _ in range(source.CONNECTIONS_EACH + 10)]
        time.sleep(0.3)
        refused = sum(map(has_ended, idle))
        for one in idle:
            one.close()
        assert refused >= 10, "one address takes all connections"

    events = asyncio.run(collected(port, send, 2))
    assert sorted((event["host"], event["action"]) for event in events) == [("vc1", "run"), ("vc2", "audit"), ("vc3", "audit")]


@pytest.mark.parametrize("host, heard", [("::", {"vc1", "vc2", "vc3", "vc"}), ("0.0.0.0", {"vc1", "vc3"}), ("::1", {"vc2", "vc"})])
def test_either_family_of_addresses(host, heard):
    """:: hears both, over UDP and over TCP alike."""
    port = free_port()

    def send():
        for name, kind, address in (("vc1", "udp", "127.0.0.1"), ("vc2", "udp", "::1"), ("vc3", "tcp", "127.0.0.1"), ("vc", "tcp", "::1")):
            with contextlib.suppress(ConnectionRefusedError):
                SENDERS[kind]((address, port), plain(name, ADD) + b"\n")

    assert {event["host"] for event in asyncio.run(collected(port, send, 2, host=host))} == heard


def send_over_udp(address, message):
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(message, address)


def send_over_tcp(address, message):
    """In pieces, as a network cuts them."""
    with socket.create_connection(address) as tcp:
        for piece in (message[:1], message[1:30], message[30:-1], message[-1:]):
            tcp.sendall(piece)
            time.sleep(0.02)


SENDERS = {"udp": send_over_udp, "tcp": send_over_tcp}


def test_a_hundred_thousand_messages_in_a_second():
    """Over UDP and, where none is lost, over TCP, beside a peer that never ends its line: each chassis has one event, and the next is heard."""
    port, many = free_port(), 100_000

    def send():
        with socket.create_connection(("127.0.0.1", port)) as endless, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            endless.sendall(b"x" * 3_000_000)
            for number in range(many):
                udp.sendto(plain(f"made-up-{number}", ADD), ("127.0.0.1", port))
            with socket.create_connection(("127.0.0.1", port)) as tcp:
                tcp.sendall((plain("vc1", ADD) + b"\n") * many + plain("vc2", DELETE) + b"\n")
            endless.sendall(b"x")

    events = asyncio.run(collected(port, send, 8, quiet=3))
    assert sorted((event["host"], event["messages"]) for event in events) == [("vc1", many), ("vc2", 1)]


def has_ended(connection):
    connection.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        return connection.recv(1) == b""
    return False


def test_quiet_of_zero_does_not_spin():
    naps = []

    class Enough(Exception):
        pass

    async def nap(seconds):
        naps.append(seconds)
        if len(naps) == 3:
            raise Enough

    async def run():
        source.asyncio.sleep, real = nap, asyncio.sleep
        try:
            await source.main(asyncio.Queue(), {"host": "127.0.0.1", "port": free_port(), "hosts": ["vc1"], "quiet": 0})
        finally:
            source.asyncio.sleep = real

    with pytest.raises(Enough):
        asyncio.run(run())
    assert min(naps) >= 0.1


def test_what_the_simulator_says(lab):
    """A member is replaced, and another one becomes primary."""
    port = free_port()
    chassis = lab(f"""
chassis:
  - name: vc
    members: [{{id: 0, role: primary}}, {{id: 1, role: backup}}, {{id: 2, role: linecard}}]
    config_add: |
      set system syslog host 127.0.0.1 any notice
      set system syslog host 127.0.0.1 port {port}
""")
    events = asyncio.run(collected(port, lambda: chassis.ctl("replace", "vc", "2", "{}"), 3))
    assert [(event["host"], event["action"], event["members"]) for event in events] == [("vc", "run", [2])]
    events = asyncio.run(collected(port, lambda: chassis.ctl("switchover", "vc"), 3))
    assert [(event["action"], event["changes"]) for event in events] == [("audit", ["primary"])]
