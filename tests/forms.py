# SPDX-License-Identifier: GPL-3.0-or-later
"""Everyday forms in which people use modules and role: tasks, plays and commands. Each says what has to come of it."""

# A task by its form, and what must hold of what it returned. Read in order, on a chassis in plaintext; none changes it.
READS = "found.members | length == 3 and found is not changed"
TASKS = {
    "the full name": ("vchassis.junos.vc_info:", READS),
    "the short name, with the keyword collections": ("vc_info:", READS),
    "options in a line": ("vchassis.junos.vc_info: scp=enabled release_check=no", READS + " and not found.compliant"),
    "options below args": ("vchassis.junos.vc_info:\nargs: {scp: enabled}", READS + " and 'scp_sync' in found.pending_steps"),
    "the keyword action": ("action: vchassis.junos.vc_info scp=enabled", READS),
    "the keyword local_action": ("local_action: {module: vchassis.junos.vc_info, scp: enabled}", READS),
    "delegated to localhost": ("vchassis.junos.vc_info:\ndelegate_to: localhost\nvars: {ansible_connection: local, ansible_host: '{{ chassis_host }}', "
                               "ansible_port: '{{ chassis_port }}'}", READS),
    "a loop": ("vchassis.junos.vc_info: {scp: '{{ item }}'}\nloop: [enabled, disabled]\nloop_control: {label: 'scp {{ item }}'}",
               "found.results | map(attribute='compliant') | list == [false, true]"),
    "with_items": ("vchassis.junos.vc_info: {scp: '{{ item }}'}\nwith_items: [enabled]", "found.results[0].members | length == 3"),
    "until": ("vchassis.junos.vc_info:\nuntil: found.members | length == 3\nretries: 2\ndelay: 0", READS),
    "when, not met": ("vchassis.junos.vc_info:\nwhen: false", "found is skipped"),
    "changed_when": ("vchassis.junos.vc_info:\nchanged_when: found.members | length == 3", "found is changed"),
    "failed_when": ("vchassis.junos.vc_info:\nfailed_when: false", "found is not failed"),
    "ignore_errors": ("vchassis.junos.vc_info: {port: 1}\nignore_unreachable: true\nignore_errors: true", "'members' not in found and found.msg | length > 0"),
    "check_mode": ("vchassis.junos.vc_authorized_keys_command: {command: /path, user: example}\ncheck_mode: true", "found is changed"),
    "diff": ("vchassis.junos.vc_authorized_keys_command: {command: /path, user: example}\ncheck_mode: true\ndiff: true", "found.diff is defined"),
    "a preview of step 3 without step 1": ("vchassis.junos.vc_scp_sync: {state: enabled}\ncheck_mode: true\nignore_errors: true",
                                           "found is failed and found.problems | length > 0"),
    "no_log": ("vchassis.junos.vc_info:\nno_log: true", READS),
    "environment": ("vchassis.junos.vc_info:\nenvironment: {VCHASSIS_TIMEOUT: '20'}", READS),
    "an option as a variable": ("vchassis.junos.vc_info:\nvars: {vchassis_connect_timeout: 15}", READS),
    "module_defaults of the module": ("block: [{vchassis.junos.vc_info: , register: found}]\nmodule_defaults: {vchassis.junos.vc_info: {scp: enabled}}",
                                      "not found.compliant"),
    "module_defaults of the group": ("block: [{vchassis.junos.vc_info: , register: found}]\nmodule_defaults: {group/vchassis.junos.all: {port: 1}}\n"
                                     "ignore_unreachable: true\nignore_errors: true", "found.msg is defined and 'members' not in found"),
    "timeout": ("vchassis.junos.vc_info:\ntimeout: 60", READS),
    "async, which is refused": ("vchassis.junos.vc_info:\nasync: 10\npoll: 1\nignore_errors: true", "found is failed and 'use timeout' in found.msg"),
    "run_once": ("vchassis.junos.vc_info:\nrun_once: true", READS),
    "throttle": ("vchassis.junos.vc_info:\nthrottle: 1", READS),
    "become": ("vchassis.junos.vc_info:\nbecome: true", READS),
    "a template among the options": ("vchassis.junos.vc_info: {scp: \"{{ 'enabled' if true else omit }}\", command: '{{ omit }}'}", READS),
    "rescue": ("block: [{vchassis.junos.vc_info: {nonsense: 1}}]\nrescue: [{ansible.builtin.set_fact: {found: '{{ ansible_failed_result }}'}}]",
               "'nonsense' in found.msg"),
    "a handler": ("vchassis.junos.vc_info:\nchanged_when: true\nnotify: it was read", "found is changed"),
}
# A play by its form, where {tasks} are those above or the role stands for itself.
PLAYS = {
    "strategy free": "strategy: free\n  tasks: [vchassis.junos.vc_info: ]",
    "the role below roles": "roles: [vchassis.junos.scp_config_sync]",
    "include_role": "tasks: [ansible.builtin.include_role: {name: vchassis.junos.scp_config_sync}]",
    "import_role": "tasks: [ansible.builtin.import_role: {name: vchassis.junos.scp_config_sync}]",
}
# Commands, their words behind the program's name, and what their output must have.
COMMANDS = {
    "ad hoc": ("ansible", ["all", "-i", "{inventory}", "-m", "vchassis.junos.vc_info", "-e", "ansible_connection=local"], '"members"'),
    "the tasks of a playbook": ("ansible-playbook", ["-i", "{inventory}", "vchassis.junos.scp_config_sync", "--list-tasks"], "Preflight | Read what is left to do"),
    "its syntax": ("ansible-playbook", ["-i", "{inventory}", "vchassis.junos.audit", "--syntax-check"], "playbook:"),
    "documentation of a module": ("ansible-doc", ["vchassis.junos.vc_info"], "authorized-keys-command"),
    "documentation of the role": ("ansible-doc", ["-t", "role", "vchassis.junos.scp_config_sync"], "scp_config_sync_rekey"),
}


def playbook():
    """All tasks in one play, and each of the other plays in check mode."""
    lines = ["- hosts: all", "  gather_facts: false", "  collections: [vchassis.junos]", "  handlers:",
             "    - {name: it was read, ansible.builtin.debug: {msg: handled}}", "  tasks:"]
    for form, (task, holds) in TASKS.items():
        lines += [f"    - name: {form}", *("      " + line for line in task.splitlines()), *([] if task.startswith("block:") else ["      register: found"]),
                  f"    - name: after {form}", "      ansible.builtin.assert:", "        that: >-", f"          {holds}", "        quiet: true",
                  "        fail_msg: \"{{ found | to_json }}.\""]
    for form, play in PLAYS.items():
        lines += [f"- name: {form}", "  hosts: all", "  gather_facts: false", "  check_mode: true", f"  {play}"]
    return "\n".join(lines) + "\n"
