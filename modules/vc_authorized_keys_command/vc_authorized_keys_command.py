# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation, and the options for linters. What the module does is in the program, built from vc_authorized_keys_command.go; the action plugin runs it."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vc_authorized_keys_command
short_description: Set authorized-keys-command on a Virtual Chassis
version_added: "0.1.0"
author: The vchassis authors (@vchassis)
description:
  - Step 1 of the procedure. Sets C(authorized-keys-command) and C(authorized-keys-command-user) under C(system services ssh), so that
    sshd finds the keys which members use among themselves.
  - The change is made with commit confirmed. It is confirmed only after a new login has succeeded; otherwise the chassis rolls it back.
  - A command or user that another user has set is not overwritten, unless O(replace=true).
  - If C(system services ssh) is not configured, because only NETCONF has a service, the two statements create it. The message and the
    diff report this before and after the change. It stays when they are removed.
options:
  command:
    description:
      - Absolute path of the command, with its arguments. Take it from Juniper's documentation for your release; it is not
        published elsewhere and never guessed here. Required with O(state=present).
      - Quotes, backslashes, semicolons and braces are sent as they are, as parts of one value.
    type: str
  user:
    description:
      - Account under which the command runs. Required with O(state=present).
    type: str
  state:
    description:
      - Whether the two statements are set. With O(state=absent) and a O(command), a different command is not removed.
    type: str
    choices: [present, absent]
    default: present
  replace:
    description:
      - Replace or remove values that differ from those given.
      - Not possible while SCP is configured, because members depend on the present values. Disable SCP first with M(vchassis.junos.vc_scp_sync).
    type: bool
    default: false
  on_member:
    description:
      - The session may end on a switch that is not the primary, because it has not joined yet or is reached by its own address.
    type: bool
    default: false
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
extends_documentation_fragment:
  - vchassis.junos.connection
  - vchassis.junos.connection.config
  - vchassis.junos.connection.attributes
seealso:
  - module: vchassis.junos.vc_internal_ssh
  - module: vchassis.junos.vc_procedure
"""

EXAMPLES = r"""
- name: Set authorized-keys-command
  vchassis.junos.vc_authorized_keys_command:
    command: "{{ authorized_keys_command }}"
    user: "{{ authorized_keys_command_user }}"

- name: The same on a switch that has not joined yet
  vchassis.junos.vc_authorized_keys_command:
    host: 192.0.2.12
    command: "{{ authorized_keys_command }}"
    user: "{{ authorized_keys_command_user }}"
    on_member: true

- name: Remove both, if they still have these values
  vchassis.junos.vc_authorized_keys_command:
    command: "{{ authorized_keys_command }}"
    user: "{{ authorized_keys_command_user }}"
    state: absent
"""

RETURN = r"""
authorized_keys_command:
  description: The C(authorized-keys-command) that the chassis has now, in check mode the one that it would have.
  returned: when it has one
  type: str
  sample: /usr/libexec/example/internal-ssh-keys
authorized_keys_command_user:
  description: The C(authorized-keys-command-user) that the chassis has now, in check mode the one that it would have.
  returned: when it has one
  type: str
  sample: example
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
    stock.main("vc_authorized_keys_command", arguments.VC_AUTHORIZED_KEYS_COMMAND)


if __name__ == "__main__":
    main()
