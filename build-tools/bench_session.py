# SPDX-License-Identifier: GPL-3.0-or-later
"""A session of ours against those of ncclient and PyEZ: the same server, the same run, the ratios.

The simulator answers the first two, a server that only writes the third. Others get their best case: no host key is
checked, no agent asked, no facts gathered; ours checks the host key.
"""

import importlib.metadata
import json
import os
import pathlib
import re
import subprocess
import sys

from simulator import TOP, Simulator

BINARY = TOP / "build/bench/netconf.test"
PEERS = {"ncclient": "ncclient", "pyez": "junos-eznc"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "SSH_AUTH_SOCK"}


def main():
    BINARY.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["go", "test", "-c", "-o", BINARY, "./internal/netconf"], cwd=TOP, check=True)
    versions = {peer: version(package) for peer, package in PEERS.items()}
    print(f"\n{'seconds, and how many times ours':40}{'ours':>12}" + "".join(f"{f'{peer} {versions[peer]}':>26}" for peer in PEERS))
    with Simulator("-chassis", "1", "-members", "3") as lab:
        at = simulated(lab)
        row("connect + hello + one RPC + close", at, "session", ours=100, theirs=10)
        row("one RPC on an open session", at, "call", ours=2000, theirs=200)
    with Server() as at:
        row("a reply of 20 MB on an open session", at, "call", ours=10, theirs=3)


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def simulated(lab):
    chassis = lab.chassis[0]
    passwords = {user["name"]: user.get("password", "") for user in chassis["users"]}
    return {"Port": chassis["port"], "User": "admin", "Password": passwords["admin"], "KnownHosts": str(lab.folder / "known_hosts"),
            "Operation": "get-virtual-chassis-information"}


class Server:
    """The server of the netconf tests. It ends with its standard input."""

    def __enter__(self):
        self.process = subprocess.Popen([BINARY, "-test.run=^$", "-test.bench=^BenchmarkServe$", "-test.benchtime=1x"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**ENVIRONMENT, "VCHASSIS_BENCH_SERVE": "1"})
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        sys.exit("bench: the server of the netconf tests did not start")

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def row(title, at, what, ours, theirs):
    base = our_seconds(at, what, ours)
    cells = [f"{base:12.6f}"]
    for peer, package in PEERS.items():
        seconds = their_seconds(peer, at, what, theirs) if version(package) else None
        cells.append(f"{seconds:16.6f}{f'{seconds / base:.0f} x':>10}" if seconds else f"{'not installed':>26}")
    print(f"{title:40}" + "".join(cells), flush=True)


def our_seconds(at, what, count):
    output = run([BINARY, "-test.run=^$", f"-test.bench=^BenchmarkPeers$/^{what}$", f"-test.benchtime={count}x"], VCHASSIS_BENCH=json.dumps(at))
    return float(re.search(r"\s([\d.]+) ns/op", output).group(1)) / 1e9


def their_seconds(peer, at, what, count):
    return float(run([sys.executable, pathlib.Path(__file__).with_name("bench_peers.py"), peer, what, str(count)], json.dumps(at)))


def run(command, text="", **variables):
    done = subprocess.run(command, cwd=TOP, env={**ENVIRONMENT, **variables}, input=text, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        sys.exit(f"bench: {command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    main()
