# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's own settings of jump hosts, for other connection plugins: what can be used here, and what cannot."""

from __future__ import annotations

import re
import shlex

# Arguments of ssh, the first that has a jump host wins, and whole proxy commands.
ARGUMENTS = ("ansible_ssh_extra_args", "ansible_ssh_common_args", "ansible_ssh_args")
COMMANDS = ("ansible_netconf_proxy_command", "ansible_libssh_proxy_command", "ansible_paramiko_proxy_command")
CONFIGS = ("ansible_netconf_ssh_config", "ansible_libssh_config_file")
KEY = "ansible_private_key"
# What the modules' own options are called. Where one is given, Ansible's settings are for others.
OWN = ("proxy_jump", "proxy_command", "ssh_config")
PLAIN = {"-q", "-T", "-x", "-a", "-4", "-6"}
HOST = re.compile(r"[A-Za-z0-9._:\[\]@%-]+")


def settings(variables):
    """The options that a host's variables stand for, and what is to be said of those that cannot be used.

    A jump host is taken from what names one and nothing else. A command line with more in it, such as another key or no check of
    host keys, would not mean the same here, so it is named instead.
    """
    found, unused = {}, []
    for name in ARGUMENTS:
        use(found, unused, name, *jump_of_arguments(variables.get(name)))
    for name in COMMANDS:
        use(found, unused, name, *jump_of_setting(variables.get(name)))
    for name in CONFIGS:
        if file := config_file(variables.get(name)):
            found.setdefault("ssh_config", file)
    for name in ARGUMENTS:
        if not found and config_file(config_of_arguments(variables.get(name))):
            unused.append(f"{name} is not used here: set ssh_config to the file given with -F")
    if variables.get(KEY):
        unused.append(f"{KEY} is not used here: set private_key_file to a file with the key, or give it to an SSH agent")
    return found, unused


def use(found, unused, name, hosts, is_jump):
    if hosts:
        found.setdefault("proxy_jump", hosts)
    elif is_jump and "proxy_jump" not in found:
        unused.append(f"{name} is not used here: set proxy_jump to the jump host ([user@]host[:port])")


def config_file(value):
    """The file that a setting of an ssh_config names, "" for none; "true" is the user's."""
    word = str(value or "").strip()
    if word.lower() in ("true", "yes"):
        return "~/.ssh/config"
    return "" if word.lower() in ("false", "no", "none", "/dev/null") else word


def config_of_arguments(text):
    """The file behind -F in arguments of ssh."""
    words = words_of(text)
    while words:
        word = words.pop(0)
        if word.startswith("-F"):
            return word[2:] or (words.pop(0) if words else "")
    return ""


def words_of(text):
    """The words of a command line; none of one that a shell would not take."""
    try:
        return shlex.split(text) if isinstance(text, str) else []
    except ValueError:
        return []


def jump_of_setting(text):
    """The same of a proxy command, which may be written as an argument of ssh."""
    if isinstance(text, str) and text.lstrip().startswith("-"):
        return jump_of_arguments(text)
    return jump_of_command(text), bool(text)


def jump_of_arguments(text):
    """The jump hosts in arguments of ssh, or None; and whether there is anything of a jump."""
    try:
        words = shlex.split(text) if isinstance(text, str) else []
    except ValueError:
        return None, "proxy" in text.lower()
    while words:
        word = words.pop(0)
        option = word[2:] if word.startswith("-o") and len(word) > 2 else words.pop(0) if word == "-o" and words else ""
        key, value = (option.replace("=", " ", 1).strip().split(" ", 1) + [""])[:2]
        if word.startswith("-J"):
            return hosts_of(word[2:] or (words.pop(0) if words else "")), True
        if key.lower() == "proxyjump":
            return (None, False) if value.strip().lower() == "none" else (hosts_of(value.strip()), True)
        if key.lower() == "proxycommand":
            return (None, False) if value.strip().lower() == "none" else (jump_of_command(value), True)
    return None, False


def hosts_of(text):
    """A list of jump hosts as proxy_jump takes it, or None."""
    hosts = text.split(",")
    return text if all(HOST.fullmatch(host) and not host.startswith("-") and "%" not in host for host in hosts) else None


def jump_of_command(text):
    """The jump host of a command that is "ssh -W %h:%p HOST" and nothing more, or None."""
    words = words_of(text)
    if len(words) < 4 or words.pop(0) not in ("ssh", "/usr/bin/ssh"):
        return None
    user, port, target, hosts = "", "", "", []
    while words:
        word = words.pop(0)
        if word in ("-W", "-p", "-l") and words:
            value = words.pop(0)
            target, port, user = value if word == "-W" else target, value if word == "-p" else port, value if word == "-l" else user
        elif word not in PLAIN:
            hosts.append(word)
    if target not in ("%h:%p", "[%h]:%p") or len(hosts) != 1 or port and not port.isdigit() or user and "@" in hosts[0]:
        return None
    return hosts_of((f"{user}@" if user else "") + hosts[0] + (f":{port}" if port else ""))
