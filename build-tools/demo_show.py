# SPDX-License-Identifier: GPL-3.0-or-later
"""What the demonstration prints, and Ansible as it shows it."""

import os
import re
import subprocess
import sys

from simulator import TOP

CHASSIS = "campus-core"
COLOR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def playbook(lab, *flags, records=None, quiet=False):
    """Runs the role on all of a lab; its records go into a folder."""
    if records:
        records.mkdir(parents=True)
        flags += ("-e", f"scp_config_sync_report_path={records}")
    return ansible(lab, "ansible-playbook", "-i", str(lab.inventory), "vchassis.junos.scp_config_sync", *flags, quiet=quiet)


def ansible(lab, *command, quiet=False):
    """Runs Ansible, shows its output while it comes unless quiet, and returns it."""
    if not quiet:
        say_command(lab, command)
    environment = {**lab.environment, "ANSIBLE_FORCE_COLOR": str(COLOR), "ANSIBLE_NOCOLOR": str(not COLOR),
                   "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false", "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"}
    process = subprocess.Popen(command, cwd=TOP, env=environment, text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = ""
    try:
        for line in process.stdout:
            output += line
            if not quiet and line.strip() and "included: " not in line:
                print("  " + line, end="", flush=True)
    except KeyboardInterrupt:  # Ansible was interrupted too; it ends before the chassis does
        process.communicate()
        raise
    check(process.wait() == 0, f"{command[0]} failed" + (":\n" + output if quiet else ""))
    return re.sub(r"\x1b\[[0-9;]*m", "", output)


def say_command(lab, command):
    """A command as somebody would type it: paths of the laboratory are short, and where records go is nobody's concern."""
    words = [word.replace(str(lab.inventory), "inventory.json") for word in command]
    say(bold("$ " + " ".join(word for word in words if word != "-e" and "report_path" not in word)))


def check(good, message):
    if not good:
        raise SystemExit(f"demo: {message}")


def title(number, text):
    say("\n" + bold(f"{number}/7  {text}"))


def bold(text):
    return f"\x1b[1m{text}\x1b[0m" if COLOR else text


def say(text):
    print(text, flush=True)
