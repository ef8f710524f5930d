# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as the role leaves them, in every state that a chassis can be in."""

import copy
import json

COMMAND, KEYS, SCP = "step 1, authorized-keys-command", "step 2, internal SSH keys", "step 3, config-sync-with-scp"
PENDING = ["authorized_keys_command", "internal_ssh", "scp_sync"]


def member(number, count, prepared=True, **more):
    role = "primary" if number == 0 else "backup" if number == 1 else "linecard"
    serial = f"XY{count:04d}{number:02d}0421"
    return {"member_id": number, "serial_number": serial, "model": "ex4400-48t" if number < 2 else "ex4400-24p", "role": role,
            "status": "Prsnt", "priority": 128, "version": "25.2R1.9", "fips": False, "prepared": prepared, **more}


def record(host, count=1, members=3, **more):
    """A chassis on which everything is as it should be."""
    return {"schema": 1, "host": host, "finished": f"2026-03-01T10:{count % 60:02d}:00Z", "wanted": "present", "check_mode": False,
            "outcome": "compliant", "changed": [], "failed": [], "problems": [],
            "found": {"fips": False, "scp_active": True, "pending_steps": []},
            "sync": {"in_sync": "unknown", "transport": "unknown"},
            "members": [member(number, count) for number in range(members)], **more}


def migrated(host, count, members):
    r = record(host, count, members, outcome="changed", changed=[COMMAND, KEYS, SCP], sync={"in_sync": "true", "transport": "scp"})
    r["found"] = {"fips": False, "scp_active": False, "pending_steps": PENDING}
    for m in r["members"]:
        m.update(commit="ok", sync="true", transport="scp")
    return r


def plaintext(host, count, members):
    r = record(host, count, members, outcome="would change", check_mode=True, changed=[COMMAND, KEYS, SCP])
    r["found"] = {"fips": False, "scp_active": False, "pending_steps": PENDING}
    r["members"] = [member(number, count, prepared=False) for number in range(members)]
    return r


def fips(host, count, members):
    r = record(host, count, members)
    r["found"]["fips"] = True
    for m in r["members"]:
        m["fips"] = True
    return r


def incomplete(host, count, members):
    r = record(host, count, members)
    r["found"]["pending_steps"] = ["internal_ssh"]
    r["problems"] = [f"member {members - 1} (serial {r['members'][-1]['serial_number']}) is NotPrsnt "
                     "(bring it back, or remove it with request virtual-chassis recycle)"]
    r["members"][-1].update(status="NotPrsnt", role="", prepared=False)
    if members > 2:
        r["members"][1].update(prepared=False)
    return r


def failed(host, count, members):
    r = plaintext(host, count, members)
    r.update(check_mode=False, outcome="failed", changed=[COMMAND], failed=[
        "request chassis internal-ssh prepare-setup on member 0: permission denied (give this task the credentials of root)"])
    return r


def unreachable(host, count, _members):
    return record(host, count, 0, outcome="failed", failed=["connect 192.0.2.7:830: connection refused (is netconf-ssh enabled?)"],
                  found={"fips": None, "scp_active": None, "pending_steps": []})


def unclear(host, count, members):
    r = record(host, count, members, problems=["whether the chassis is in FIPS mode cannot be told: a present member did not report its software"])
    r["found"] = {"fips": None, "scp_active": False, "pending_steps": []}
    for m in r["members"]:
        m.update(fips=None, version="")
    return r


KINDS = [migrated, fips, plaintext, record, incomplete, migrated, failed, plaintext, unclear, record, migrated, unreachable, fips, plaintext, record,
         migrated, plaintext, incomplete, migrated, record]
SIZES = [3, 2, 4, 1, 3, 10, 2, 3, 5, 3, 6, 3, 2, 8, 3, 7, 2, 4, 9, 3]


def fleet(count):
    """That many chassis, the first twenty as different as they can be."""
    return [KINDS[i % 20](f"access-{i // 20 + 1:02d}-{i % 20 + 1:02d}.example.com", i, SIZES[i] if i < 20 else 3) for i in range(count)]


def write(folder, records):
    for r in records:
        (folder / f"{r['host']}.json").write_text(json.dumps(r, indent=4) + "\n", encoding="utf-8")


def hostile(text):
    """A record in which every text is the given one, as far as a record goes."""
    r = copy.deepcopy(failed("x", 1, 3))
    r.update(host=text, failed=[text], problems=[text], changed=[text])
    r["found"]["pending_steps"] = [text]
    for m in r["members"]:
        m.update(serial_number=text, model=text, role=text, status=text, version=text, commit=text)
    return r
