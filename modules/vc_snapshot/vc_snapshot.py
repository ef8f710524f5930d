# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation only. The module is the program beside this file, built from vc_snapshot.go."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_snapshot
short_description: Take a snapshot of a Virtual Chassis, without its secrets, for a rehearsal
version_added: "0.4.0"
author: The vchassis authors (@vchassis)
description:
  - Reads what the simulator needs to stand in for a chassis, and writes it to a file on the controller. C(vchassis-sim -twin) starts twins from
    such files.
  - The file holds the members, the configuration, the commit history without its contents, and how long each reply took.
  - Secrets are replaced by stand-ins of the same shape before anything is written. So is every text and every name that is not known to be harmless;
    comments are dropped. RV(replaced) lists what was replaced.
  - It costs one login and one round trip, and changes nothing on the chassis, ever. In check mode it writes no file.
options:
  dest:
    description:
      - Folder on the controller for the file, which gets the name of the chassis and C(.json). Only the user can read it.
    type: path
    required: true
  name:
    description:
      - Name of the chassis in the file, which its twin gets too. The host name of the chassis if it is not given.
    type: str
  groups:
    description:
      - Groups of the inventory that the twin shall be in.
    type: list
    elements: str
  anonymize:
    description:
      - Also replace names of hosts, users and login classes, addresses, and serial numbers.
    type: bool
    default: false
  anonymize_key:
    description:
      - With the same key, the same value has the same stand-in on every chassis and in every run. Keep it to yourself - whoever has it can try out
        which value a stand-in stands for. At least 16 characters.
      - Without it each chassis has a new key, which is not kept.
    type: str
extends_documentation_fragment:
  - vchassis.junos.connection
  - vchassis.junos.connection.attributes
attributes:
  diff_mode:
    support: N/A
    description: Nothing is changed.
seealso:
  - module: vchassis.junos.vc_info
"""

EXAMPLES = r"""
- name: Take a snapshot of every chassis
  vchassis.junos.vc_snapshot:
    dest: snapshots
    name: "{{ inventory_hostname }}"
    groups: "{{ group_names }}"

- name: Take one that can be shown to others
  vchassis.junos.vc_snapshot:
    dest: for-others
    anonymize: true
    anonymize_key: "{{ lookup('ansible.builtin.password', 'anonymize.key', length=40) }}"
"""

RETURN = r"""
snapshot:
  description: The file, on the controller. In check mode it was not written.
  returned: success
  type: str
  sample: snapshots/campus-core.json
name:
  description: Name of the chassis in the file.
  returned: success
  type: str
  sample: campus-core
replaced:
  description: What was replaced, by statement and kind, with how often. Kinds are C(secret), C(name), C(text), C(comment), C(address), C(serial) and
    C(unknown).
  returned: when something was replaced
  type: list
  elements: dict
  sample:
    - {path: snmp community name, kind: secret, count: 2}
unseen:
  description: What the login could not see, a sentence each.
  returned: when there is something
  type: list
  elements: str
  sample: ["the configuration: permission denied"]
requests:
  description: What was asked of the chassis. C(writes) is always 0.
  returned: success
  type: dict
  sample: {logins: 1, reads: 7, writes: 0}
members:
  description: Every member. A value that the chassis did not give is missing. V(commit) is what the last commit said of the member.
  returned: when the chassis was read
  type: list
  elements: dict
  sample:
    - {member_id: 0, serial_number: XX0000000000, model: ex4400-24t, role: primary, status: Prsnt, priority: 129, version: 25.2R1.9,
       fips: false, prepared: true, proved: true, commit: ok}
primary:
  description: Id of the primary.
  returned: when there is exactly one
  type: int
  sample: 0
sequence:
  description: Member ids in the order in which members are changed. Linecards, then the backup, then the primary.
  returned: when the chassis was read
  type: list
  elements: int
  sample: [2, 1, 0]
commit_state:
  description:
    - How the last commit ended. V(none) when nothing was committed, V(confirmed) for good, V(reverted) when the chassis took it back,
      V(pending) when the chassis takes it back at RV(reverts_at) or sooner, V(unknown) when it could not be asked again.
  returned: always
  type: str
  sample: confirmed
reverts_at:
  description: When the chassis takes back what is on trial.
  returned: when something is on trial
  type: str
  sample: '2026-01-01T00:05:00Z'
device_warnings:
  description: What the chassis warned of, with severity, path, message, bad_element, member and source where it gave them.
  returned: when there was a warning
  type: list
  elements: dict
errors:
  description: What the chassis refused, in the form of RV(device_warnings).
  returned: when there was an error
  type: list
  elements: dict
steps:
  description: What took how long.
  returned: when the chassis was read
  type: list
  elements: dict
  sample:
    - {name: login, seconds: 0.2}
"""
