# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a simulated Virtual Chassis from RCP to SCP, for a person to watch. Fails if anything is not as it says."""

import base64
import os
import re
import subprocess
import sys

from simulator import TOP, Simulator

CHASSIS = "campus-core"
COLOR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def main():
    with Simulator("-f", str(TOP / "build-tools/demo.yml")) as lab:
        before(lab)
        plan(lab)
        move(lab)
        proof(lab)
        again(lab)
    say("\nDone. The simulator is stopped, and nothing is left running.")
    say("Your own chassis: collection/docs/getting_started.md")


def before(lab):
    chassis = lab.chassis[0]
    title(1, f"A Virtual Chassis of {len(chassis['members'])} members, Junos {chassis['release']}, simulated")
    show(lab)
    probe(lab)
    say("An ordinary commit, as members see it on the wire between them:")
    wires = lab.ctl("capture", "show")
    check(readable(wires), "the configuration cannot be read on the wire, though it should be")
    excerpt(wires)


def plan(lab):
    title(2, "The plan, from reading alone")
    lab.ctl("reset")
    playbook(lab, "--check", "--diff")
    writes = lab.counters(CHASSIS)
    check(not writes["writes"] and not writes["locks"] and not writes["prepares"], f"check mode wrote: {writes}")
    say(f"The chassis saw {writes['logins']} logins, {writes['reads']} reads, 0 locks and 0 writes.")


def move(lab):
    title(3, "The run")
    lab.ctl("reset")
    output = playbook(lab)
    check("failed=0" in output, "the run failed")
    seen = lab.counters(CHASSIS)
    say(f"The chassis saw {seen['commits']} commits and {seen['checks']} commit check{'s' * (seen['checks'] != 1)}.")


def proof(lab):
    title(4, "The proof, from the chassis itself and not from the modules")
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
    title(5, "The same run again changes nothing")
    lab.ctl("reset")
    output = playbook(lab)
    check("changed=0" in output and "failed=0" in output, "the second run changed something")
    seen = lab.counters(CHASSIS)
    check(seen["logins"] == 1 and not seen["writes"] and not seen["locks"], f"the second run did more than read: {seen}")
    say(f"The chassis saw {seen['logins']} login, {seen['reads']} reads, 0 locks and 0 writes.")


def playbook(lab, *flags):
    return ansible(lab, "ansible-playbook", "-i", str(lab.inventory), "vchassis.junos.scp_config_sync", *flags)


def probe(lab):
    """One commit that changes nothing, with the wire watched from here on."""
    lab.ctl("capture", "on")
    ansible(lab, "ansible", CHASSIS, "-i", str(lab.inventory), "-m", "vchassis.junos.vc_sync_check", "-a", "probe=true", quiet=True)


def ansible(lab, *command, quiet=False):
    """Runs Ansible, shows its output while it comes unless quiet, and returns it."""
    shown = [word.replace(str(lab.inventory), "inventory.json") for word in command]
    if not quiet:
        say(bold("$ " + " ".join(shown)))
    environment = {**lab.environment, "ANSIBLE_FORCE_COLOR": str(COLOR), "ANSIBLE_NOCOLOR": str(not COLOR),
                   "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false", "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
    process = subprocess.Popen(command, cwd=TOP, env=environment, text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = ""
    try:
        for line in process.stdout:
            output += line
            if not quiet and line.strip() and "included: " not in line:
                print("  " + line, end="", flush=True)
    except KeyboardInterrupt:  # Ansible was interrupted too; it ends before the chassis does
        process.communicate()
        raise
    check(process.wait() == 0, f"{command[0]} failed" + (":\n" + output if quiet else ""))
    return re.sub(r"\x1b\[[0-9;]*m", "", output)


def show(lab):
    """A line a member, from the state of the simulator."""
    for member in lab.state(CHASSIS)["members"]:
        facts = [
            "statements of step 1" if member["authorized_keys_command"] else "no statements of step 1",
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


def check(good, message):
    if not good:
        raise SystemExit(f"demo: {message}")


def title(number, text):
    say("\n" + bold(f"{number}/5  {text}"))


def bold(text):
    return f"\x1b[1m{text}\x1b[0m" if COLOR else text


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit("\ndemo: interrupted; the simulator is stopped") from None
