# SPDX-License-Identifier: GPL-3.0-or-later
"""The integration tests of a collection, as ansible-test would run them: a role a module, with a file a case. Each role has a chassis to itself."""

import json
import re
import subprocess

import foreign_collections

# A case that fails ends at its first task that fails; the next one is tried all the same.
PLAY = """
- hosts: all
  gather_facts: false
  strategy: free
  tasks:
    - ansible.builtin.include_tasks: case.yml
      loop: "{{ cases }}"
      loop_control: {loop_var: case_name}
"""
CASE = """
- block:
    - ansible.builtin.include_role:
        name: "{{ role_name_of_case }}"
      vars:
        testcase: "{{ case_name }}"
    - ansible.builtin.debug:
        msg: "case passed {{ role_name_of_case }}::{{ case_name }} ."
  rescue:
    - ansible.builtin.debug:
        msg: "case failed {{ role_name_of_case }}::{{ case_name }} {{ ansible_failed_result.msg | default(ansible_failed_result) | string | truncate(200) }}"
"""
FORKS = 4


def cases(folder, role):
    """Names of the files that are cases; those with a line before their name are parts of others."""
    return sorted(path.stem for path in (folder / role / "tests/netconf").glob("[!_]*.y*ml"))


def run(suite, work, lab, given, log, seconds):
    """What of it has passed and failed, by name. Raises foreign_collections.Unavailable."""
    folder = work.parent
    roles, names = work / suite.folder, list(suite.roles)
    here = folder / "collections/ansible_collections/junipernetworks"
    here.mkdir(parents=True)
    (here / "junos").symlink_to(work)
    hosts = {one["name"]: {**foreign_collections.variables(one), "role_name_of_case": role, "cases": cases(roles, role), "prepare_junos_tests_task": False}
             for one, role in zip(lab.chassis, names)}
    (folder / "play.yml").write_text(PLAY)
    (folder / "case.yml").write_text(CASE)
    (folder / "inventory.json").write_text(json.dumps({"junos": {"hosts": hosts}}))
    environment = {**given, **foreign_collections.environment(lab.folder), "ANSIBLE_ROLES_PATH": str(roles),
                   "ANSIBLE_COLLECTIONS_PATH": f"{folder}/collections:{foreign_collections.fetched()}"}
    command = ["ansible-playbook", "-i", "inventory.json", "--forks", str(FORKS), "play.yml"]
    with open(folder / "output", "w+", encoding="utf-8", errors="replace") as output:
        try:
            subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            log.write(f"stopped after {seconds} s\n")
        output.seek(0)
        text = output.read()
    log.writelines(line + "\n" for line in re.findall(r'"msg": "(case failed .*)"', text))
    said = {name: result for result, name in re.findall(r'"case (passed|failed) (\S+)', text)}
    return {f"{role}::{case}": said.get(f"{role}::{case}", "failed") for role in names for case in cases(roles, role)}
