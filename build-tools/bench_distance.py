# SPDX-License-Identifier: GPL-3.0-or-later
"""What one chassis takes from near and from afar: logins, operations and seconds of a first and of a second run.

    bench_distance.py [MILLISECONDS ...]     round trips; 0 and 50 without

Replies take as long as on a switch, whose processor is slow (the simulator's knob costs). What is far is simulated by a relay that holds all bytes
for half a round trip in each direction, and a new connection for one. Root is reached as on a switch at its defaults: behind the usual login.
"""

import asyncio
import contextlib
import ctypes
import sys
import threading

import yaml
from bench import SUBREAPER, measure, proven
from simulator import TOP, Simulator

WAYS = {"steps 1 to 3 in one task": (), "a task per step": ("-e", "scp_config_sync_task_per_step=true")}
MEMBERS = 3


def main(*round_trips):
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    for milliseconds in round_trips:
        print(f"\none chassis of {MEMBERS} members, a round trip of {milliseconds} ms, replies as slow as a switch's")
        print(f"{'':40}{'logins':>8}{'operations':>12}{'on the switch s':>17}{'whole run s':>13}")
        for title, options in WAYS.items():
            show(title, options, milliseconds / 2000)


def show(title, options, half):
    file = TOP / "build/bench/distance.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"chassis": [{"name": "vc1", "size": MEMBERS, "profile": {"costs": "waited"}}]}))
    with Simulator("-f", str(file)) as lab, relay(lab.chassis[0]["port"], half) as port:
        for names in (lab.inventory, lab.folder / "known_hosts"):  # both name the port
            names.write_text(names.read_text().replace(str(lab.chassis[0]["port"]), str(port)))
        for which in ("first", "second"):
            seconds, _, seen, _ = measure(lab, lab.environment, "ansible-playbook", "-i", str(lab.inventory), "vchassis.junos.scp_config_sync", *options)
            print(f"{title + ', ' + which + ' run':40}{seen['logins']:8.0f}{seen['rpcs']:12.0f}{seen['switch_seconds']:17.1f}{seconds:13.1f}", flush=True)
        proven(lab)


@contextlib.contextmanager
def relay(target, half):
    """The port of a relay to another one, half a round trip away."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(lambda reader, writer: carry(reader, writer, target, half), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        server.close()
        loop.close()


async def carry(reader, writer, target, half):
    """Carries one connection."""
    await asyncio.sleep(2 * half)
    there, back = await asyncio.open_connection("127.0.0.1", target)
    await asyncio.gather(hold(reader, back, half), hold(there, writer, half), return_exceptions=True)
    for end in (writer, back):
        end.close()


async def hold(reader, writer, half):
    """Passes on what comes, each piece after half a round trip."""
    loop, held = asyncio.get_running_loop(), asyncio.Queue()

    async def deliver():
        while True:
            due, piece = await held.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                return writer.write_eof()
            writer.write(piece)

    delivery = asyncio.create_task(deliver())
    piece = b"-"
    while piece:
        try:
            piece = await reader.read(65536)
        except ConnectionError:  # reset
            piece = b""
        held.put_nowait((loop.time() + half, piece))
    await delivery


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:]) if sys.argv[1:] else (0, 50)))
