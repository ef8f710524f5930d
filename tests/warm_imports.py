# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server of warm.py imports before it answers: modules(), playbooks(), or jobs()."""

import atexit
import contextlib
import hashlib
import inspect
import io
import marshal
import os
import pathlib
import re
import socket
import tempfile
import types
import zipimport

import warm_client

PLUGINS = ("action", "become", "cache", "connection", "filter", "inventory", "lookup", "shell", "strategy", "test")


def modules():
    """What modules import. In the folder of this process its forks keep what they have compiled."""
    import configparser, encodings.cp437, http.client, runpy, ssl, urllib.request, yaml, zipfile  # noqa: E401, F401
    import ansible.module_utils.basic, ansible.module_utils.compat.version, ansible.module_utils.urls  # noqa: E401, F401
    import ansible.module_utils._internal._ansiballz._loader  # noqa: F401
    zipimport._compile_source = compiled_once(zipimport._compile_source, pathlib.Path.cwd())


def compiled_once(compile_source, folder):
    """A module comes as an archive with the source of all that it imports, and to compile that is half of its work."""
    def compiled(path, source):
        kept = folder / hashlib.sha256(source).hexdigest()
        if not kept.exists():
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                marshal.dump(compile_source(path, source), file)
            os.rename(file.name, kept)
        return at(path, marshal.loads(kept.read_bytes()))

    return compiled


def at(path, code):
    """The same code, from another file."""
    constants = tuple(at(path, one) if isinstance(one, types.CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=path, co_consts=constants)


def playbooks():
    """ansible-playbook, up to where it reads its arguments. Forks share its folder of temporary files, and what it keeps there of modules."""
    import ansible.cli.playbook
    import ansible.constants
    import ansible.plugins.loader
    import ansible.utils.path
    ansible.plugins.loader.init_plugin_loader()
    ansible.cli.init_plugin_loader = lambda _: None  # it is
    import ansible_collections.ansible.builtin  # noqa: F401
    atexit.unregister(ansible.utils.path.cleanup_tmp_file)
    plugins(ansible.plugins.loader)
    hurry(ansible.plugins.loader)
    inspect.stack()  # it remembers which file is whose; Ansible asks for every use of what is deprecated
    ansible.constants.DEFAULT_INTERNAL_POLL_INTERVAL = 0.01  # seconds: to look a thousand times in one takes a tenth of a processor


def plugins(loader):
    """What plays need. Ansible imports most of it in the process of a task, and again in that of the next; of callbacks all, to find those that are enabled."""
    callbacks = () if "ANSIBLE_CALLBACK_PLUGINS" in os.environ else ("callback",)  # ansible_runner's takes over all output as it is imported
    for kind in PLUGINS + callbacks:
        list(loader.PluginLoader.all(getattr(loader, f"{kind}_loader"), class_only=True))  # of filters and tests too it loads the files alone
    with contextlib.suppress(ImportError):
        import ansible_collections.vchassis.junos.plugins.action.vc_outcome  # noqa: F401  (and with it the other one)
    with contextlib.redirect_stderr(io.StringIO()):  # it says each time that it uses what is deprecated
        for collection in ("awx.awx", "ansible.controller"):
            loader.lookup_loader.get(f"{collection}.controller_api", class_only=True)  # None without the collection


def hurry(loader):
    """Files of variables are parsed for each task, and a module is started by two shells."""
    import ansible.parsing.dataloader
    files, local = ansible.parsing.dataloader.DataLoader, loader.connection_loader.get("local", class_only=True)
    files.load_from_file = parsed_once(files.load_from_file)
    local.exec_command = without_shells(local.exec_command)


def parsed_once(load_from_file):
    """What Ansible does with all files but those: a text in a vault it keeps too."""
    def load(self, file_name, cache="all", **more):
        return load_from_file(self, file_name, cache="all" if cache == "vaulted" else cache, **more)

    return load


def without_shells(exec_command):
    """A module that is for a warm Python, with nothing around it: its server is asked from here."""
    def execute(self, cmd, in_data=None, sudoable=True):
        program = re.fullmatch(r"/bin/sh -c (/\S+/warm-\w+/python)", cmd)
        if not program or self.become:
            return exec_command(self, cmd, in_data=in_data, sudoable=sudoable)
        return ask(pathlib.Path(program[1]).with_name("socket"), in_data, self.cwd)

    return execute


def ask(server, source, folder):
    """The exit status of a program, and what it has written."""
    with contextlib.ExitStack() as opened:
        files = [opened.enter_context(tempfile.TemporaryFile()) for _ in "012"]
        files[0].write(source)
        files[0].seek(0)
        talk = opened.enter_context(socket.socket(socket.AF_UNIX))
        warm_client.hand_over(talk, server, [file.fileno() for file in files], environment=dict(os.environ), folder=folder)
        status = warm_client.ended(talk)
        for file in files:
            file.seek(0)
        return status, files[1].read(), files[2].read()


def find_configuration():
    """For a fork: the file that was imported may be another one with the same text."""
    import ansible.constants
    file = os.path.abspath(os.environ.get("ANSIBLE_CONFIG", "ansible.cfg"))
    if os.path.exists(file):
        ansible.constants.config._config_file = ansible.constants.CONFIG_FILE = file


def jobs():
    """A worker of ansible_runner, and the ansible-playbook that it starts."""
    import ansible_runner.__main__
    import warm_worker  # noqa: F401  (it remembers how Ansible was configured)
    playbooks()
