# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation only. The module is the program beside this file, built from vc_scp_sync.go."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_scp_sync
short_description: Let members of a Virtual Chassis synchronize over SCP
version_added: "0.1.0"
author: The vchassis authors (@vchassis)
description:
  - Step 3 of the procedure. Sets C(system commit config-sync-with-scp), so that members no longer exchange their configuration in plaintext.
  - The change is committed for trial, a new login proves that the chassis can be reached, and a second commit confirms it. That second
    commit is the first one to travel over SCP. If it does not reach every member, the chassis returns to RCP by itself.
  - On a chassis in FIPS mode nothing is changed, because FIPS switches SCP on by itself.
options:
  state:
    description:
      - Whether members synchronize over SCP.
    type: str
    choices: [enabled, disabled]
    default: enabled
  prepared:
    description:
      - Members whose keys were made in the same play, as M(vchassis.junos.vc_internal_ssh) returned them. They are recorded with the commit.
    type: list
    elements: dict
    suboptions:
      member_id:
        description:
          - Id of the member.
        type: int
        required: true
      serial_number:
        description:
          - Its serial number.
        type: str
        required: true
  chassis_fips:
    description:
      - Whether the chassis is in FIPS mode. V(auto) reads it from every member.
    type: str
    choices: [auto, 'true', 'false']
    default: auto
  assume_steps:
    description:
      - Steps that the same play would have done before. Only for check mode, so that a whole plan can be shown.
    type: list
    elements: str
    choices: [authorized_keys_command, internal_ssh, scp_sync]
extends_documentation_fragment:
  - vchassis.junos.connection
  - vchassis.junos.connection.config
  - vchassis.junos.connection.attributes
seealso:
  - module: vchassis.junos.vc_internal_ssh
  - module: vchassis.junos.vc_sync_check
"""

EXAMPLES = r"""
- name: Synchronize over SCP
  vchassis.junos.vc_scp_sync:
    prepared: "{{ keys.prepared }}"

- name: Return to RCP
  vchassis.junos.vc_scp_sync:
    state: disabled
"""

RETURN = r"""
fips:
  description: Whether the chassis is in FIPS mode, and SCP therefore active without being configured.
  returned: when the chassis was read
  type: bool
  sample: false
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
