# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation, and the options for linters. What the module does is in the program, built from vc_internal_ssh.go; the action plugin runs it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_internal_ssh
short_description: Make the SSH keys that members of a Virtual Chassis use among themselves
version_added: "0.1.0"
author: The vchassis authors (@vchassis)
description:
  - Step 2 of the procedure. Runs C(request chassis internal-ssh prepare-setup), which makes SSH keys for every member, gives them to
    all others, and fills their known-hosts files.
  - It refuses to run on another member than the primary, and as another user than root, before anything is sent.
  - If O(username) is not root, it becomes root. Hardened switches do not let root log in over SSH. On these it opens the shell of root
    behind the usual login, with C(start shell user root) and O(root_password), and speaks NETCONF in that shell.
  - The chassis cannot show which members have keys. They are therefore recorded in the configuration, under C(system commit
    apply-macro vc-internal-ssh), with the serial number of every member. A member that was added or replaced is missing there, and
    only then are keys made again.
  - The record never claims more than was proved. Its entries are removed in a separate commit before keys are made, are written as
    C(unproved) afterwards, and count as proved when a commit over SCP was seen to reach the member. If SCP is already in force, that is
    done at once, otherwise by M(vchassis.junos.vc_scp_sync).
options:
  rekey:
    description:
      - V(if_missing) makes keys when a member is not recorded with its serial number, V(always) makes them for all members, V(never) for none.
      - With V(never) nothing logs in as root. RV(by_hand) shows what to type instead.
    type: str
    choices: [if_missing, always, never]
    default: if_missing
  record:
    description:
      - V(commit) writes the record at once. V(defer) returns it as RV(prepared) for M(vchassis.junos.vc_scp_sync), which writes it with
        its own commit. V(none) keeps no record, and O(rekey) must then be V(always) or V(never).
    type: str
    choices: [commit, defer, none]
    default: commit
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
  assume_steps:
    description:
      - Steps that earlier tasks of the same play would have done. Only for check mode, to show the whole plan.
    type: list
    elements: str
    choices: [authorized_keys_command, internal_ssh, scp_sync]
  comment:
    description:
      - Text for the commit log of the chassis.
    type: str
  confirm_timeout:
    description:
      - Has no effect. The record changes nothing that a trial could roll back, so it is committed at once.
      - Deprecated, and removed in 1.0.0. Leave it out.
    type: int
extends_documentation_fragment:
  - vchassis.junos.connection
  - vchassis.junos.connection.root
  - vchassis.junos.connection.attributes
attributes:
  idempotent:
    support: partial
    description:
      - With O(rekey=always) every run makes keys, and with O(record=defer) every run until M(vchassis.junos.vc_scp_sync) has written the record.
      - Otherwise a second run changes nothing.
seealso:
  - module: vchassis.junos.vc_authorized_keys_command
  - module: vchassis.junos.vc_scp_sync
  - module: vchassis.junos.vc_procedure
"""

EXAMPLES = r"""
- name: Make keys for members that have none yet
  vchassis.junos.vc_internal_ssh:
    root_password: "{{ root_password }}"

- name: Make keys on a chassis where root may log in over SSH
  vchassis.junos.vc_internal_ssh:
    username: root
    password: "{{ root_password }}"

- name: Make keys, and leave the record to the commit that follows
  vchassis.junos.vc_internal_ssh:
    username: root
    password: "{{ root_password }}"
    record: defer
  register: keys
"""

RETURN = r"""
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
by_hand:
  description: What to type on the primary, as root, to do this step by hand and to record that it was done.
  returned: with O(rekey=never), when a member is not recorded
  type: list
  elements: str
  sample:
    [request chassis internal-ssh prepare-setup, configure, 'set system commit apply-macro vc-internal-ssh 0 "XX0000000000 unproved"', commit and-quit]
output:
  description: What the chassis printed while it made the keys.
  returned: when keys were made
  type: str
  sample: prepare-setup completed
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
    stock.main("vc_internal_ssh", arguments.VC_INTERNAL_SSH)


if __name__ == "__main__":
    main()
