# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-lint says of playbooks of users: nothing of README's, and the wrong options of the others by name."""

import re
import subprocess

import pytest
from conftest import ENVIRONMENT
from test_tarball import readme_playbook

WRONG = """---
- name: Play
  hosts: virtual_chassis
  gather_facts: false
  tasks:
    - name: An option that no module has
      vchassis.junos.vc_info:
        passwort: "{{ secret }}"
    - name: A choice that there is not
      vchassis.junos.vc_scp_sync:
        state: present
    - name: A type
      vchassis.junos.vc_internal_ssh:
        prepare_timeout: soon
    - name: A part of an option
      vchassis.junos.vc_scp_sync:
        prepared: [{member_id: 0}]
    - name: All is well
      vchassis.junos.vc_authorized_keys_command:
        host: "{{ address }}"
        port: "{{ port }}"
        command: "{{ from_juniper.command }}"
        user: "{{ from_juniper.user }}"
        known_hosts: /keys/known_hosts
        chassis_fips: true
"""


@pytest.fixture(scope="module")
def lint(tmp_path_factory):
    """lint(text) is what is found in a playbook, as users run it. With a profile, ansible-lint itself leaves its rule for arguments out."""
    folder = tmp_path_factory.mktemp("lint")

    def run(text, *flags):
        (folder / "site.yml").write_text(text)
        command = ["ansible-lint", "--offline", "--nocolor", *flags, "site.yml"]
        done = subprocess.run(command, cwd=folder, env={**ENVIRONMENT, "HOME": str(folder)}, capture_output=True, text=True, timeout=300, check=False)
        assert "Ignored exception" not in done.stderr and "codec" not in done.stderr, done.stderr
        return re.findall(r"^(\S+\[.*?\]): (.*)\nsite\.yml:(\d+)", done.stdout, re.M), done

    return run


def test_the_playbook_of_readme_passes(lint):
    found, done = lint(readme_playbook(), "--profile", "production", "--strict")
    assert not found and done.returncode == 0, done.stdout + done.stderr


def test_wrong_options_are_found(lint):
    found, done = lint(WRONG)
    lines = {int(line) for rule, _, line in found if rule == "args[module]"}
    wanted = {number for number, line in enumerate(WRONG.splitlines(), 1) if line.startswith("    - name: ") and "All is well" not in line}
    assert lines == wanted, done.stdout + done.stderr
    said = " ".join(message for _, message, _ in found)
    assert all(part in said for part in ("passwort", "enabled, disabled", "prepare_timeout", "serial_number")), said
