# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation only. The module is the program beside this file, built from vc_sync_check.go."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_sync_check
short_description: Prove that members of a Virtual Chassis are in sync, and by which transport
version_added: "0.1.0"
author: The vchassis authors (@vchassis)
description:
  - Says for every member whether it is in sync, and whether its configuration travels over SCP or in plaintext.
  - It never claims more than it saw. What cannot be proved is V(unknown).
options:
  probe:
    description:
      - Make a commit to prove it. It changes nothing but the commit history.
    type: bool
    default: false
  chassis_fips:
    description:
      - Whether the chassis is in FIPS mode. V(auto) reads it from every member.
    type: str
    choices: [auto, 'true', 'false']
    default: auto
extends_documentation_fragment:
  - vchassis.junos.connection
  - vchassis.junos.connection.config
  - vchassis.junos.connection.attributes
seealso:
  - module: vchassis.junos.vc_info
"""

EXAMPLES = r"""
- name: Read how members synchronize
  vchassis.junos.vc_sync_check:
  register: sync

- name: Prove it with a commit
  vchassis.junos.vc_sync_check:
    probe: true
"""

RETURN = r"""
in_sync:
  description: V(true), V(false) or V(unknown), for all members together.
  returned: success
  type: str
  sample: 'true'
transport:
  description: V(scp), V(rcp) or V(unknown).
  returned: success
  type: str
  sample: scp
members:
  description: Every member, with what the last commit said of it.
  returned: when the chassis was read
  type: list
  elements: dict
  sample:
    - {member_id: 0, serial_number: XX0000000000, model: ex4400-24t, role: primary, status: Prsnt, version: 25.2R1.9, fips: false}
primary:
  description: Id of the primary.
  returned: when there is exactly one
  type: int
  sample: 0
sequence:
  description: Member ids in the order in which members are changed.
  returned: when the chassis was read
  type: list
  elements: int
  sample: [2, 1, 0]
commit_state:
  description: How the last commit ended. With V(unknown), read the chassis again before you go on.
  returned: when something was committed
  type: str
  sample: confirmed
errors:
  description: What the chassis refused, with severity, path, message, bad_element, member and source where it gave them.
  returned: when the chassis refused something
  type: list
  elements: dict
device_warnings:
  description: Warnings of the chassis, in the form of RV(errors).
  returned: when there were any
  type: list
  elements: dict
steps:
  description: What took how long.
  returned: always
  type: list
  elements: dict
  sample:
    - {name: lock, seconds: 0.1}
"""
