# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of collections that Ansible runs.

    run(...)                  integration tests, as ansible-test would run them: a role a module, with a file a case. Each role has a chassis to itself
    tests_of_playbooks(...)   playbooks, of which each task is a test
"""

import concurrent.futures
import json
import re
import subprocess

import foreign_collections

# A case that fails ends at its first task that fails; the next one is tried all the same.
PLAY = """
- hosts: all
  gather_facts: false
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
        msg: "case failed {{ role_name_of_case }}::{{ case_name }} {{ told | string | regex_replace('(<[^>]*>|\\\\s)+', ' ') | truncate(400) }}"
      vars:
        told: "{{ ansible_failed_result.msg | default(ansible_failed_result) }}"
"""
AT_ONCE = 3


def cases(folder, role):
    """Names of the files that are cases; those with a line before their name are parts of others."""
    return sorted(path.stem for path in (folder / role / "tests/netconf").glob("[!_]*.yaml"))


def run(suite, work, lab, given, log, seconds):
    """What of it has passed and failed, by name, on the PATH's Ansible. Raises foreign_collections.Unavailable."""
    here = work.parent / "collections/ansible_collections/junipernetworks"
    here.mkdir(parents=True)
    (here / "junos").symlink_to(work)
    roles = work / suite.folder
    environment = {**given, **foreign_collections.environment(lab.folder), "PATH": given["PATH"], "ANSIBLE_ROLES_PATH": str(roles),
                   "ANSIBLE_COLLECTIONS_PATH": f"{work.parent}/collections:{foreign_collections.fetched()}"}
    results = {}
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for role, text in zip(suite.roles, pool.map(lambda role, one: play(role, one, roles, work.parent, environment, seconds), suite.roles, lab.chassis)):
            log.writelines(line + "\n" for line in re.findall(r'"msg": "(case failed .*)"', text))
            said = {name: result for result, name in re.findall(r'"case (passed|failed) (\S+)', text)}
            results |= {name: said.get(name, "failed") for name in (f"{role}::{case}" for case in cases(roles, role))}
    return results


def play(role, chassis, roles, folder, environment, seconds):
    """Runs the cases of a role on a chassis; what Ansible printed."""
    here = folder / role
    here.mkdir()
    host = {**foreign_collections.variables(chassis), "role_name_of_case": role, "cases": cases(roles, role), "prepare_junos_tests_task": False}
    (here / "play.yml").write_text(PLAY)
    (here / "case.yml").write_text(CASE)
    (here / "inventory.json").write_text(json.dumps({"junos": {"hosts": {chassis["name"]: host}}}))
    with open(here / "output", "w+", encoding="utf-8", errors="replace") as output:
        try:
            subprocess.run(["ansible-playbook", "--diff", "-i", "inventory.json", "play.yml"], cwd=here, env=environment, stdin=subprocess.DEVNULL,
                           stdout=output, stderr=subprocess.STDOUT, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            output.write(f"stopped after {seconds} s\n")
        output.seek(0)
        return output.read()


def tests_of_playbooks(suite, work, given, log, execute):
    """What of the tasks has passed and failed, by playbook, task and host, one host after the other. A task that fails ends no play."""
    results = {}
    for name in suite.playbooks:
        file = work / suite.folder / name
        file.write_text(re.sub(r"(?m)^( +)hosts: .*", r"\g<0>\n\1serial: 1\n\1ignore_errors: true", file.read_text(encoding="utf-8")), encoding="utf-8")
        text = execute(["ansible-playbook", name], work / suite.folder, {**given, "ANSIBLE_NOCOLOR": "1"})
        log.writelines(line + "\n" for line in re.findall(r"(?m)^TASK .*\n(?:fatal|failed): .*", text))
        log.write("" if (told := outcomes(file.stem, text)) else text[-1500:])
        results |= told or {file.stem: "failed"}
    return results


def outcomes(playbook, text):
    """The tasks in what Ansible printed. Of several with one name, each counts by its number."""
    results = {}
    for task, below in re.findall(r"(?m)^TASK \[(.*)\] \*+\n((?:(?!TASK|PLAY).*\n)*)", text):
        for word, host in dict.fromkeys(re.findall(r"(?m)^(ok|changed|fatal|failed): \[([^\]]+)\]", below)):
            number = sum(name.startswith(f"{playbook}::{task}") and name.endswith(f"[{host}]") for name in results)
            name = f"{playbook}::{task}{f' #{number + 1}' if number else ''}[{host}]"
            results[name] = "failed" if word in ("fatal", "failed") else "passed"
    return results
