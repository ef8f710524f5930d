# SPDX-License-Identifier: GPL-3.0-or-later
"""Records as the role leaves them, in every state that a chassis can be in."""

import copy
import json

STEPS = COMMAND, KEYS, SCP = "authorized_keys_command", "internal_ssh", "scp_sync"
FORMER = {COMMAND: "step 1, authorized-keys-command", KEYS: "step 2, internal SSH keys", SCP: "step 3, config-sync-with-scp"}


def member(number, count, prepared=True, **more):
    role = "primary" if number == 0 else "backup" if number == 1 else "linecard"
    serial = f"XY{count:04d}{number:02d}0421"
    return {"member_id": number, "serial_number": serial, "model": "ex4400-48t" if number < 2 else "ex4400-24p", "role": role,
            "status": "Prsnt", "priority": 128, "version": "25.2R1.9", "fips": False, "prepared": prepared, **more}


def record(host, count=1, members=3, **more):
    """A chassis on which everything is as it should be."""
    return {"schema": 2, "host": host, "finished": f"2026-03-01T10:{count % 60:02d}:00Z", "wanted": "present", "check_mode": False,
            "outcome": "compliant", "state": "scp", "did": [], "would": [], "not_done": [], "problems": [], "failures": [], "changed": [], "failed": [],
            "found": {"fips": False, "scp_active": True, "pending_steps": []},
            "sync": {"in_sync": None, "transport": "unknown"},
            "members": [member(number, count) for number in range(members)], **more}


def steps(did=(), would=(), not_done=()):
    return {"did": [*did], "would": [*would], "not_done": [*not_done], "changed": [FORMER[step] for step in [*did, *would]]}


def failures(message, step="", code="failed"):
    return {"outcome": "failed", "state": "failed", "failed": [message],
            "failures": [{"step": step, "code": code, "message": message, "hint": "", "guide": "docs/failures.md"}]}


def problem(code, message, member_id=None, hint=""):
    return {"code": code, "member_id": member_id, "message": message, "hint": hint, "guide": "docs/failures.md", "blocks": True}


def migrated(host, count, members):
    r = record(host, count, members, outcome="changed", **steps(did=STEPS), sync={"in_sync": True, "transport": "scp"})
    r["found"] = {"fips": False, "scp_active": False, "pending_steps": [*STEPS]}
    for m in r["members"]:
        m.update(commit="ok", sync=True, transport="scp")
    return r


def plaintext(host, count, members):
    r = record(host, count, members, outcome="would change", state="rcp", check_mode=True, **steps(would=STEPS))
    r["found"] = {"fips": False, "scp_active": False, "pending_steps": [*STEPS]}
    r["members"] = [member(number, count, prepared=False) for number in range(members)]
    return r


def fips(host, count, members):
    r = record(host, count, members, state="fips")
    r["found"]["fips"] = True
    for m in r["members"]:
        m["fips"] = True
    return r


def incomplete(host, count, members):
    r = record(host, count, members, outcome="not compliant", state="incomplete", **steps(not_done=[KEYS]))
    r["found"]["pending_steps"] = [KEYS]
    r["problems"] = [problem("member_not_present", f"member {members - 1} (serial {r['members'][-1]['serial_number']}) is NotPrsnt", members - 1,
                             "bring it back, or remove it with request virtual-chassis recycle")]
    r["members"][-1].update(status="NotPrsnt", role="", prepared=False)
    if members > 2:
        r["members"][1].update(prepared=False)
    return r


def failed(host, count, members):
    r = plaintext(host, count, members)
    r.update(check_mode=False, **steps(did=[COMMAND], not_done=[KEYS, SCP]), **failures(
        "request chassis internal-ssh prepare-setup on member 0: permission denied (set the credentials of root)", KEYS, "device_refused"))
    return r


def unreachable(host, count, _members):
    return record(host, count, 0, **failures("connect 192.0.2.7:830: connection refused (is netconf-ssh enabled?)", code="unreachable"),
                  found={"fips": None, "scp_active": None, "pending_steps": []})


def unclear(host, count, members):
    r = record(host, count, members, outcome="incomplete", state="unknown", problems=[
        problem("fips_unknown", "whether the chassis is in FIPS mode cannot be determined: a present member did not report its software")])
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
    r.update(host=text, failed=[text], changed=[text], did=[text], not_done=[text], problems=[problem(text, text)])
    r["failures"] = [{"step": text, "code": text, "message": text, "hint": text, "guide": text}]
    r["found"]["pending_steps"] = [text]
    for m in r["members"]:
        m.update(serial_number=text, model=text, role=text, status=text, version=text, commit=text)
    return r
