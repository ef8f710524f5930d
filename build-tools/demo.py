# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a simulated Virtual Chassis from RCP to SCP, for a person to watch: first its twin, then itself. Fails if anything is not as it says."""

import base64
import pathlib
import tempfile

import demo_twin
from demo_show import CHASSIS, ansible, check, playbook, say, title
from simulator import TOP, Simulator


def main():
    with tempfile.TemporaryDirectory() as folder, Simulator("-f", str(TOP / "build-tools/demo.yml")) as lab:
        before(lab)
        rehearsal = demo_twin.rehearse(lab, pathlib.Path(folder))
        chassis = [plan(lab, pathlib.Path(folder)), move(lab, pathlib.Path(folder))]
        demo_twin.compare(rehearsal, chassis)
        proof(lab)
        again(lab)
    say("\nDone. Both simulators are stopped, and nothing is left running.")
    say("For your own chassis, collection/docs/rehearsing.md starts with their twins, and collection/docs/getting_started.md with the chassis themselves.")


def before(lab):
    chassis = lab.chassis[0]
    title(1, f"A Virtual Chassis in production: {len(chassis['members'])} members, Junos {chassis['release']}, simulated")
    say("Three steps take it from RCP to SCP: 1 tells sshd on the members where the internal keys are, 2 makes the keys, 3 sets config-sync-with-scp.\n"
        "Which members have keys is recorded in the configuration itself, under system commit apply-macro vc-internal-ssh, by serial number.")
    demo_twin.edit_as_colleague(lab)
    show(lab)
    probe(lab)
    say("An ordinary commit, as members see it on the wire between them:")
    wires = lab.ctl("capture", "show")
    check(readable(wires), "the configuration cannot be read on the wire, though it should be")
    excerpt(wires)


def plan(lab, folder):
    title(4, "The plan for the chassis itself, read-only")
    lab.ctl("reset")
    output = playbook(lab, "--check", "--diff", records=folder / "plan")
    writes = lab.counters(CHASSIS)
    check(not writes["writes"] and not writes["locks"] and not writes["prepares"], f"check mode wrote: {writes}")
    say(f"The chassis saw {writes['logins']} logins, {writes['reads']} reads, 0 locks and 0 writes.")
    return demo_twin.Stage(lab, output, folder / "plan")


def move(lab, folder):
    title(5, "The run")
    lab.ctl("reset")
    output = playbook(lab, records=folder / "run")
    check("failed=0" in output, "the run failed")
    seen = lab.counters(CHASSIS)
    check(seen["checks"] == 1, f"want one commit check, which confirms the trial of step 1: {seen}")
    say(f"The chassis saw 1 commit check, which confirmed the trial of step 1, and {seen['commits']} commits. Its commit log (run= is the ID of a change):")
    logs = [commit["log"] for commit in lab.state(CHASSIS)["commits"][:seen["commits"]]]
    for log in reversed(logs):
        say("  " + log)
    return demo_twin.Stage(lab, output, folder / "run")


def proof(lab):
    title(6, "The proof, from the chassis itself and not from the modules")
    show(lab)
    state = lab.state(CHASSIS)
    check(state["key_mesh"] and state["transport"] == "scp", "the chassis does not synchronize over SCP")
    for member in state["members"]:
        check(member["config_sync_with_scp"] and member["authorized_keys_command"] and member["in_sync"],
              f"member {member['id']} lacks a statement")
    probe(lab)
    say("The same ordinary commit, on the wire:")
    wires = lab.ctl("capture", "show")
    check(wires and not readable(wires), "the configuration can still be read on the wire")
    excerpt(wires)


def again(lab):
    title(7, "The same run again changes nothing")
    lab.ctl("reset")
    output = playbook(lab)
    check("changed=0" in output and "failed=0" in output, "the second run changed something")
    seen = lab.counters(CHASSIS)
    check(seen["logins"] == 1 and not seen["writes"] and not seen["locks"], f"the second run did more than read: {seen}")
    say(f"The chassis saw {seen['logins']} login, {seen['reads']} reads, 0 locks and 0 writes.")


def probe(lab):
    """One commit that changes nothing, with the wire watched from here on."""
    lab.ctl("capture", "on")
    ansible(lab, "ansible", CHASSIS, "-i", str(lab.inventory), "-m", "vchassis.junos.vc_sync_check", "-a", "probe=true", quiet=True)


def show(lab):
    """A line a member, from the state of the simulator."""
    for member in lab.state(CHASSIS)["members"]:
        facts = [
            "step 1 set" if member["authorized_keys_command"] else "step 1 not set",
            f"{len(member['keys'])} keys" if member["keys"] else "no keys",
            "SCP" if member["config_sync_with_scp"] else "RCP, plaintext",
            "in sync" if member["in_sync"] else "NOT IN SYNC",
        ]
        say(f"  member {member['id']}  {member['role']:8}  {member['serial']}   " + ", ".join(facts))


def readable(wires):
    return any(b"root-authentication" in base64.b64decode(wire["data"]) for wire in wires)


def excerpt(wires):
    """What somebody between two members reads: the first lines that hold a secret, or the first bytes."""
    wire = wires[-1]
    data = base64.b64decode(wire["data"])
    say(f"  {wire['transport'].upper()}, member {wire['from']} to member {wire['to']}, {len(data)} bytes:")
    at = data.find(b"root-authentication")
    if at >= 0:
        lines = data[max(0, data.rfind(b"\n", 0, at)):].decode(errors="replace").strip("\n").splitlines()[:6]
    else:
        middle = data[len(data) // 2:][:192]
        lines = ["".join(chr(byte) if 32 <= byte < 127 else "." for byte in middle[i:i + 64]) for i in range(0, len(middle), 64)]
    for line in lines:
        say("    | " + line[:100])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("\ndemo: interrupted; the simulator is stopped") from None
