# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation only. The module is the program beside this file, built from vc_info.go."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_info
short_description: Read the members of a Virtual Chassis and how they synchronize
version_added: "0.1.0"
author: The vchassis authors (@vchassis)
description:
  - Reads the members, their roles and releases, whether the chassis is in FIPS mode, and how far it is on the way from RCP
    to SCP configuration synchronization.
  - Given the wanted values, says whether the chassis is compliant and which steps are still to do.
  - It costs one login and changes nothing, ever.
options:
  command:
    description:
      - The C(authorized-keys-command) that is wanted.
    type: str
  user:
    description:
      - The C(authorized-keys-command-user) that is wanted.
    type: str
  scp:
    description:
      - Whether members should synchronize over SCP. Without it, nothing is compared.
    type: str
    choices: [enabled, disabled]
  chassis_fips:
    description:
      - Whether the chassis is in FIPS mode. V(auto) reads it from every member.
    type: str
    choices: [auto, 'true', 'false']
    default: auto
extends_documentation_fragment:
  - vchassis.junos.connection
  - vchassis.junos.connection.attributes
attributes:
  diff_mode:
    support: N/A
    description: Nothing is changed.
seealso:
  - module: vchassis.junos.vc_sync_check
"""

EXAMPLES = r"""
- name: Read a chassis
  vchassis.junos.vc_info:
  register: chassis

- name: Name the chassis that still synchronizes in plaintext
  ansible.builtin.debug:
    msg: "{{ inventory_hostname }} sends its configuration in plaintext"
  when: not chassis.scp_active

- name: Ask what the procedure would still have to do
  vchassis.junos.vc_info:
    command: "{{ authorized_keys_command }}"
    user: "{{ authorized_keys_command_user }}"
    scp: enabled
  register: chassis
"""

RETURN = r"""
members:
  description: Every member, by its id. A value that the chassis did not give is missing.
  returned: always
  type: list
  elements: dict
  sample:
    - {member_id: 0, serial_number: XX0000000000, model: ex4400-24t, role: primary, status: Prsnt, version: 25.2R1.9, fips: false}
primary:
  description: Id of the primary.
  returned: when there is exactly one
  type: int
  sample: 0
local_member:
  description: Id of the member that answered.
  returned: when the chassis tells
  type: int
  sample: 0
sequence:
  description: Member ids in the order in which members are changed. Linecards, then backup, then primary.
  returned: success
  type: list
  elements: int
  sample: [2, 1, 0]
fips:
  description: Whether the chassis is in FIPS mode.
  returned: success
  type: bool
  sample: false
scp_active:
  description: Whether members synchronize over SCP, because it is configured or because of FIPS.
  returned: success
  type: bool
  sample: true
scp_reason:
  description: What decides O(ignore:scp_active).
  returned: success
  type: str
  sample: configured
authorized_keys_command:
  description: The C(authorized-keys-command) of the chassis.
  returned: when it has one
  type: str
authorized_keys_command_user:
  description: The C(authorized-keys-command-user) of the chassis.
  returned: when it has one
  type: str
prepared:
  description: Members whose SSH keys are recorded as prepared.
  returned: success
  type: list
  elements: dict
  sample:
    - {member_id: 0, serial_number: XX0000000000}
problems:
  description: What forbids a change now, a sentence each, with the remedy.
  returned: success
  type: list
  elements: str
  sample: ["member 2 is NotPrsnt: bring it back or remove it from the configuration"]
compliant:
  description: Whether the chassis is as wanted.
  returned: when O(scp) is given
  type: bool
  sample: false
pending_steps:
  description: Steps that are still to do, in their order.
  returned: when O(scp) is given
  type: list
  elements: str
  sample: [authorized_keys_command, internal_ssh, scp_sync]
steps:
  description: What took how long.
  returned: always
  type: list
  elements: dict
  sample:
    - {name: read, seconds: 0.2}
"""
