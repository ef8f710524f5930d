# SPDX-License-Identifier: GPL-3.0-or-later
"""The twin in the demonstration: a snapshot, a simulator of its own that starts from it, the rehearsal, and the comparison with the chassis."""

import json
import secrets

from demo_show import CHASSIS, ansible, bold, check, playbook, say, title
from simulator import Simulator


def edit_as_colleague(lab):
    """What nobody could have prepared a twin for: names and a secret that are made up now."""
    lab.secret = "canary-" + secrets.token_hex(8)
    session = lab.ctl("session", json.dumps({"chassis": CHASSIS, "do": "login"}))
    for step in ({"do": "edit", "set": f"set snmp community {lab.secret} authorization read-only\n"
                                       f"set vlans v{secrets.token_hex(3)} vlan-id {2 + secrets.randbelow(4000)}"},
                 {"do": "commit"}, {"do": "close"}):
        lab.ctl("session", json.dumps({"id": session["id"], **step}))


class Stage:
    """What came of one run of the playbook on one lab, but for times."""

    def __init__(self, lab, output, records):
        self.lines = [line for line in output.splitlines() if line.startswith("+") and not line.startswith("+++")]
        self.asked = [entry["rpc"] for entry in lab.ctl("log", CHASSIS)]
        self.record = json.loads((records / f"{CHASSIS}.json").read_text())
        del self.record["finished"]


def rehearse(lab, folder):
    """Returns the stages of the twin: the plan and the run."""
    snapshot = take_snapshot(lab, folder / "snapshots")
    with Simulator("-twin", str(folder / "snapshots")) as twin:
        for note in twin.chassis[0]["twin"]["notes"]:
            say(f"The twin does not have: {note}")
        title(3, "The rehearsal, on the twin")
        stages = [play(twin, folder / "twin-plan", "--check", "--diff"), play(twin, folder / "twin-run")]
    check(snapshot["serials"] == [member["serial_number"] for member in stages[1].record["members"]], "the twin has other members")
    return stages


def take_snapshot(lab, folder):
    """Takes it, shows what was replaced, and looks for the secret in all that was written."""
    title(2, "Its twin: another simulator, with a copy of what one login read")
    lab.ctl("reset")
    say(bold(f"$ ansible {CHASSIS} -m vchassis.junos.vc_snapshot -a dest=snapshots"))
    ansible(lab, "ansible", CHASSIS, "-i", str(lab.inventory), "-m", "vchassis.junos.vc_snapshot", "-a", f"dest={folder}", quiet=True)
    text = (folder / f"{CHASSIS}.json").read_text()
    snapshot = json.loads(text)
    for replaced in snapshot["replaced"]:
        say(f"  replaced before it was saved: {replaced['kind']:8} {replaced['path']} ({replaced['count']})")
    check(lab.secret not in text, "a secret of the chassis is in the snapshot")
    seen = lab.counters(CHASSIS)
    check(seen["logins"] == 1 and not seen["writes"] and not seen["locks"], f"the snapshot did more than read: {seen}")
    say(f"The chassis saw {seen['logins']} login, {seen['reads']} reads, 0 locks and 0 writes.")
    return {"serials": [member["serial"] for member in snapshot["chassis"]["members"]]}


def play(twin, records, *flags):
    """The playbook on the twin, of which only what it says at the end is shown."""
    twin.ctl("reset")
    say(bold("$ ansible-playbook -i twins/inventory.json -e @twins/only_twins.json vchassis.junos.scp_config_sync " + " ".join(flags)).rstrip())
    stage = Stage(twin, playbook(twin, "-e", f"@{twin.folder}/only_twins.json", *flags, records=records, quiet=True), records)
    steps = ", ".join(stage.record["would"] or stage.record["did"])
    say(f"  {CHASSIS}: {stage.record['outcome'].replace('_', ' ')}: {steps}; {twin.counters(CHASSIS)['commits']} commits, {len(stage.asked)} operations")
    return stage


def compare(twin, chassis):
    """Twin and chassis went the same way, in both stages."""
    for name, one, other in zip(("plan", "run"), twin, chassis, strict=True):
        for what in ("lines", "asked", "record"):
            check(getattr(one, what) == getattr(other, what), f"{name}: twin and chassis differ: {getattr(one, what)} and {getattr(other, what)}")
    say(f"Rehearsal and run were the same: {len(chassis[0].lines)} lines of the plan, {len(chassis[1].asked)} operations in the same order, and the same records.")
