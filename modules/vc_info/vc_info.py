# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation, and the options for linters. What the module does is in the program, built from vc_info.go; the action plugin runs it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_info
short_description: Read the members of a Virtual Chassis and how they synchronize
version_added: "0.1.0"
author: The vchassis authors (@vchassis)
description:
  - Reads the members, their roles and releases, whether the chassis is in FIPS mode, and how far it is on the way from RCP
    to SCP configuration synchronization.
  - Given the values that you want, reports whether the chassis is compliant and which steps are still to do.
  - It takes one login and never changes anything.
options:
  command:
    description:
      - The C(authorized-keys-command) that the chassis should have.
    type: str
  user:
    description:
      - The C(authorized-keys-command-user) that the chassis should have.
    type: str
  command_state:
    description:
      - Whether the two values should be set, or removed.
    type: str
    choices: [present, absent]
    default: present
  scp:
    description:
      - Whether members should synchronize over SCP.
    type: str
    choices: [enabled, disabled]
  record_state:
    description:
      - With O(scp=disabled), whether the record of who has keys may stay, or should be removed. A record to be removed shows as a pending
        step C(internal_ssh).
    type: str
    choices: [present, absent]
    default: present
  release_check:
    description:
      - Refuse a release that is known not to have C(system commit config-sync-with-scp), instead of asking the chassis.
    type: bool
    default: true
  become_root:
    description:
      - How step 2 would become root. If this is given, RV(root) lists the ways that can work with the configured C(root-login) and what
        O(root_means) names. If there is none, that is a problem while step 2 is still to do.
    type: str
    choices: [auto, login, shell]
  root_means:
    description:
      - The credentials of root that are available, in addition to the key of the usual login. The secrets themselves are not passed to this module.
    type: list
    elements: str
    choices: [password, key]
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
  - module: vchassis.junos.vc_snapshot
  - module: vchassis.junos.vc_sync_check
"""

EXAMPLES = r"""
- name: Read a chassis
  vchassis.junos.vc_info:
  register: chassis

- name: Name the chassis that still synchronizes in plaintext
  ansible.builtin.debug:
    msg: "{{ inventory_hostname }} sends its configuration in plaintext"
  when: chassis.transport == 'rcp'

- name: Read what is left of the procedure
  vchassis.junos.vc_info:
    command: "{{ authorized_keys_command }}"
    user: "{{ authorized_keys_command_user }}"
    scp: enabled
  register: chassis
"""

RETURN = r"""
check_mode:
  description: Whether this task ran in check mode. C(ansible_check_mode) does not show C(check_mode) of a play, block or task.
  returned: success
  type: bool
  sample: false
local_member:
  description: Id of the member that answered.
  returned: when the chassis reports it
  type: int
  sample: 0
host_name:
  description: Host name of the chassis.
  returned: when the chassis reports it
  type: str
  sample: campus-core
virtual_chassis_id:
  description: Id of the Virtual Chassis.
  returned: when the chassis reports it
  type: str
  sample: 0019.e257.3d80
virtual_chassis_mode:
  description: Mode of the Virtual Chassis, as it reports it.
  returned: when the chassis reports it
  type: str
  sample: Enabled
preprovisioned:
  description: Whether the Virtual Chassis is preprovisioned.
  returned: success
  type: bool
  sample: true
fips:
  description: Whether the chassis is in FIPS mode.
  returned: when all present members report the same
  type: bool
  sample: false
fips_mode:
  description: The same in one word, also when members differ, do not report it, or still have to be rebooted.
  returned: success
  type: str
  sample: 'off'
scp_active:
  description: Whether members synchronize over SCP, because it is configured or because of FIPS mode, or null if that cannot be determined.
  returned: success
  type: bool
  sample: true
scp_configured:
  description: Whether C(system commit config-sync-with-scp) is set.
  returned: success
  type: bool
  sample: true
scp_reason:
  description: The reason for RV(transport).
  returned: success
  type: str
  sample: system commit config-sync-with-scp is set
transport:
  description: By which transport members synchronize, V(scp), V(rcp) or V(unknown).
  returned: success
  type: str
  sample: scp
authorized_keys_command:
  description: The C(authorized-keys-command) of the chassis.
  returned: when it has one
  type: str
  sample: /usr/libexec/example/internal-ssh-keys
authorized_keys_command_user:
  description: The C(authorized-keys-command-user) of the chassis.
  returned: when it has one
  type: str
  sample: example
software:
  description: What the members run, for the tasks that follow. Left out if a member is away or did not report it.
  returned: when all members said so
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
    version:
      description: Its Junos release.
      returned: always
      type: str
    fips:
      description: Whether it runs in FIPS mode.
      returned: always
      type: bool
  sample:
    - {member_id: 0, serial_number: XX0000000000, version: 25.2R1.9, fips: false}
prepared:
  description: Members for which SSH keys are recorded as made. RV(members) shows with C(proved) whether a commit over SCP has reached them since.
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
pending_confirmed_commit:
  description: A confirmed commit that the chassis may still roll back, with its user, its client, the time of the rollback, and whether it is one of ours.
  returned: when there is one
  type: dict
  contains:
    user:
      description: The user who committed it.
      returned: always
      type: str
    client:
      description: The client, such as V(cli) or V(netconf).
      returned: always
      type: str
    reverts_at:
      description: When the chassis rolls it back, in UTC on the switch's clock.
      returned: when the chassis reports it, and its time zone is known
      type: str
    ours:
      description: Whether it was made by this collection.
      returned: always
      type: bool
  sample: {user: netops, client: netconf, reverts_at: '2026-01-01T00:05:00Z', ours: true}
root:
  description: How step 2 can become root. C(root_login) is left out if it is not configured. The first of C(doors) is tried first.
  returned: when O(become_root) is given
  type: dict
  contains:
    root_login:
      description: The configured C(root-login).
      returned: when it is configured
      type: str
    root_keys:
      description:
        - Whether root has SSH keys in the configuration, V(configured) or V(none).
        - V(unknown) where the login class may hide them, or keys may come from elsewhere, as from C(authorized-keys-command).
      returned: always
      type: str
    doors:
      description: Ways that can work, V(login) or V(shell).
      returned: always
      type: list
      elements: str
    reason:
      description: Why, according to the configuration.
      returned: when the login is not root's
      type: str
  sample: {root_login: deny-password, root_keys: none, doors: [shell],
           reason: system services ssh root-login deny-password; no SSH key in the configuration lets root log in}
compliant:
  description: Whether the chassis is as requested, and nothing is wrong with it.
  returned: when O(scp) or O(command) is given, or O(command_state=absent)
  type: bool
  sample: false
pending_steps:
  description: Steps that are still to do, in their order; empty when none is.
  returned: when wanted values were given
  type: list
  elements: str
  sample: [authorized_keys_command, internal_ssh, scp_sync]
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
    stock.main("vc_info", arguments.VC_INFO)


if __name__ == "__main__":
    main()
