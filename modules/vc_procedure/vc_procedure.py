# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation, and the options for linters. What the module does is in the program, built from vc_procedure.go; the action plugin runs it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_procedure
short_description: Move a Virtual Chassis to SCP in one root session
version_added: "0.4.0"
author: The vchassis authors (@vchassis)
description:
  - Does what is left of steps 1 to 3 of the procedure, as M(vchassis.junos.vc_authorized_keys_command), M(vchassis.junos.vc_internal_ssh)
    and M(vchassis.junos.vc_scp_sync) do them one by one, but under one lock and in one root session.
  - A run takes one login as root, and one login of the usual user for each of the two changes that have to be proved. It reads again only
    what may have changed. Hardened switches allow few logins a minute, and a Virtual Chassis answers slowly.
  - Its commits appear as root's in the commit history. Their log texts name the module of the step.
  - Everything that blocks one of the steps is reported before the first step.
options:
  command:
    description:
      - The C(authorized-keys-command) of step 1, from Juniper's documentation for the release. Without it step 1 is skipped.
    type: str
  user:
    description:
      - The C(authorized-keys-command-user) that belongs to it.
    type: str
  replace:
    description:
      - Overwrite a different C(authorized-keys-command). Otherwise the task fails, and names both.
    type: bool
    default: false
  rekey:
    description:
      - V(if_missing) makes keys when a member is not recorded with its serial number, V(always) makes them for all.
    type: str
    choices: [if_missing, always]
    default: if_missing
  scp:
    description:
      - Whether step 3 follows. Without it the record of prepared members is written by step 2.
    type: bool
    default: true
  release_check:
    description:
      - Refuse a release that is known not to have C(system commit config-sync-with-scp), instead of asking the chassis.
    type: bool
    default: true
  prepare_timeout:
    description:
      - Seconds that making the keys may take.
    type: int
    default: 300
  chassis_fips:
    description:
      - Whether the chassis is in FIPS mode. V(auto) reads it from every member.
    type: str
    choices: [auto, 'true', 'false']
    default: auto
extends_documentation_fragment:
  - vchassis.junos.connection
  - vchassis.junos.connection.root
  - vchassis.junos.connection.config
  - vchassis.junos.connection.attributes
attributes:
  idempotent:
    support: partial
    description:
      - With O(rekey=always) every run makes keys.
      - Otherwise a second run changes nothing.
seealso:
  - module: vchassis.junos.vc_authorized_keys_command
  - module: vchassis.junos.vc_internal_ssh
  - module: vchassis.junos.vc_scp_sync
"""

EXAMPLES = r"""
- name: Move a chassis to SCP
  vchassis.junos.vc_procedure:
    command: "{{ authorized_keys_command }}"
    user: "{{ authorized_keys_command_user }}"
    root_password: "{{ root_password }}"

- name: Make keys for a member that was replaced, and prove them
  vchassis.junos.vc_procedure:
    root_password: "{{ root_password }}"
"""

RETURN = r"""
stages:
  description: The steps that were begun, or would be, in their order.
  returned: when the chassis could be read
  type: list
  elements: dict
  contains:
    step:
      description: Which step it is, V(authorized_keys_command), V(internal_ssh) or V(scp_sync).
      returned: always
      type: str
    changed:
      description: Whether it changed something, or would.
      returned: always
      type: bool
    commit_state:
      description: How its last commit ended, as in RV(commit_state).
      returned: always
      type: str
    reason:
      description: Why it had to be done, or did not, if that is not obvious.
      returned: when there is one
      type: str
    members:
      description: What its last commit reported of each member.
      returned: when it has committed something
      type: list
      elements: dict
      contains:
        member_id:
          description: Id of the member.
          returned: always
          type: int
        commit:
          description: V(ok), V(failed) or V(unknown).
          returned: always
          type: str
  sample:
    - {step: internal_ssh, changed: true, commit_state: none, reason: member 1 has no recorded keys}
prepared:
  description: Members that have keys now, for the record.
  returned: success
  type: list
  elements: dict
  contains:
    member_id:
      description: Id of the member.
      returned: always
      type: int
    serial_number:
      description: Its serial number.
      returned: always
      type: str
  sample:
    - {member_id: 0, serial_number: XX0000000000}
become_root:
  description: How the module has become root, V(login) or V(shell).
  returned: when the module has become root
  type: str
  sample: shell
output:
  description: What the chassis printed while it made the keys.
  returned: when keys were made
  type: str
  sample: prepare-setup completed
fips:
  description: Whether the chassis is in FIPS mode, and SCP therefore active without being configured.
  returned: when the chassis was read
  type: bool
  sample: false
transport:
  description: By which transport members synchronize now, V(scp), V(rcp) or V(unknown).
  returned: when the chassis was read
  type: str
  sample: scp
reason:
  description: The reason for RV(transport).
  returned: when the chassis was read
  type: str
  sample: system commit config-sync-with-scp is set
members:
  description: Every member. A value that the chassis did not report is left out. V(commit) is what the last commit reported of the member.
  returned: when the chassis was read and has members
  type: list
  elements: dict
  contains:
    member_id:
      description: Id of the member.
      returned: always
      type: int
    serial_number:
      description: Its serial number.
      returned: when the chassis reports it
      type: str
    model:
      description: Its model.
      returned: when the chassis reports it
      type: str
    role:
      description: V(primary), V(backup) or V(linecard).
      returned: when the chassis reports it
      type: str
    status:
      description: Its status as the chassis reports it; V(Prsnt) is a member that is present.
      returned: when the chassis reports it
      type: str
    priority:
      description: Its priority in the election of the primary.
      returned: when the chassis reports it
      type: int
    version:
      description: The Junos release that it runs.
      returned: when the chassis reports it
      type: str
    fips:
      description: Whether it is in FIPS mode.
      returned: when the chassis reports it
      type: bool
    prepared:
      description: Whether it is recorded, with this serial number, as having keys.
      returned: always
      type: bool
    proved:
      description: Whether a commit over SCP was seen to reach it since.
      returned: always
      type: bool
    commit:
      description: What the last commit reported of it, V(ok), V(failed) or V(unknown).
      returned: when the task has committed
      type: str
    sync:
      description: Whether it is in sync, or null if that is not known.
      returned: by M(vchassis.junos.vc_sync_check)
      type: bool
    transport:
      description: How it synchronizes, V(scp), V(rcp) or V(unknown).
      returned: by M(vchassis.junos.vc_sync_check)
      type: str
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
  returned: when the chassis was read and has members
  type: list
  elements: int
  sample: [2, 1, 0]
commit_state:
  description:
    - How the last commit ended. V(none) when nothing was committed, V(confirmed) when the change is permanent, V(reverted) when the chassis rolled it back,
      V(pending) when the chassis rolls it back at RV(reverts_at) or sooner, V(unknown) when it could not be reached again.
  returned: always
  type: str
  sample: confirmed
reverts_at:
  description: When the chassis rolls the change back, in UTC on the controller's clock.
  returned: when a confirmed commit is pending
  type: str
  sample: '2026-01-01T00:05:00Z'
problems:
  description:
    - What is wrong with the chassis, what has kept a run from changing it, or in check mode what would. C(code) names the kind of
      problem and stays when a message is reworded; C(member_id) is the member at fault, or null; C(blocks) means that it
      blocks a change; C(guide) is the place in the collection's documentation.
  returned: when the chassis was read
  type: list
  elements: dict
  contains:
    code:
      description: The kind of problem. It stays when a message is reworded.
      returned: always
      type: str
    member_id:
      description: Id of the member at fault, or null.
      returned: always
      type: int
    message:
      description: What is wrong.
      returned: always
      type: str
    hint:
      description: What to do about it. It may be empty.
      returned: always
      type: str
    guide:
      description: The place in the collection's documentation.
      returned: always
      type: str
    blocks:
      description: Whether it blocks a change.
      returned: always
      type: bool
  sample:
    - {code: member_not_present, member_id: 2, message: member 2 (serial XX0000000002) is NotPrsnt,
       hint: 'bring it back, or remove it with request virtual-chassis recycle',
       guide: 'docs/failures.md#the-chassis-cannot-be-judged-or-must-not-be-changed', blocks: true}
code:
  description: The kind of failure, for programs. It stays when a message is reworded.
  returned: when the task failed, and the kind is known
  type: str
  sample: lock_held
device_warnings:
  description: Warnings of the chassis, with severity, path, message, bad_element, member and source if it reported them.
  returned: when there was a warning
  type: list
  elements: dict
  contains:
    severity:
      description: V(error) or V(warning).
      returned: always
      type: str
    path:
      description: Where in the configuration.
      returned: when the chassis reports it
      type: str
    message:
      description: What the chassis reported.
      returned: always
      type: str
    bad_element:
      description: The word that was refused.
      returned: when the chassis reports it
      type: str
    member:
      description: Id of the member that it is about.
      returned: when the chassis reports it
      type: int
    source:
      description: The process that reported it.
      returned: when the chassis reports it
      type: str
  sample:
    - {severity: warning, message: 'statement not found: foo', bad_element: foo}
errors:
  description: What the chassis refused, in the form of RV(device_warnings).
  returned: when there was an error
  type: list
  elements: dict
  contains:
    severity:
      description: V(error) or V(warning).
      returned: always
      type: str
    path:
      description: Where in the configuration.
      returned: when the chassis reports it
      type: str
    message:
      description: What the chassis reported.
      returned: always
      type: str
    bad_element:
      description: The word that was refused.
      returned: when the chassis reports it
      type: str
    member:
      description: Id of the member that it is about.
      returned: when the chassis reports it
      type: int
    source:
      description: The process that reported it.
      returned: when the chassis reports it
      type: str
  sample:
    - {severity: error, message: 'commit failed: (statements constraint check failed)', member: 2}
hint:
  description: What to do about a failure.
  returned: when the module failed and there is something to do about it
  type: str
  sample: ask the holder to leave configuration mode, or raise lock_timeout
unreachable:
  description:
    - Whether no session with the chassis could be opened, so that nothing was read or changed. Ansible then counts the host as unreachable
      and not as failed.
  returned: when no session could be opened
  type: bool
  sample: true
events:
  description:
    - What the module reported while it ran, each with C(at), C(text) and, where a phase has one, C(limit) (the seconds that it may take).
    - O(progress) shows them while the task runs.
  returned: when something was changed, or had to be waited for
  type: list
  elements: dict
  contains:
    at:
      description: When, in UTC on the controller's clock.
      returned: always
      type: str
    text:
      description: What was reported, one line.
      returned: always
      type: str
    limit:
      description: Seconds that the phase may take at most.
      returned: when the phase has a limit
      type: float
  sample:
    - {at: '2026-01-01T00:00:00Z', text: commit confirmed, limit: 600}
steps:
  description: The stages of the task, and how long each took.
  returned: when the chassis was read
  type: list
  elements: dict
  contains:
    name:
      description: What was done, such as V(login) or V(commit confirmed).
      returned: always
      type: str
    seconds:
      description: How long it took.
      returned: always
      type: float
  sample:
    - {name: login, seconds: 0.2}
"""

from ansible_collections.vchassis.junos.plugins.module_utils import arguments, stock


def main():
    stock.main("vc_procedure", arguments.VC_PROCEDURE)


if __name__ == "__main__":
    main()
