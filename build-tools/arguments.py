# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules' stubs tell Ansible of their options, as Python, from the documentation in the stubs and their fragments."""

import pprint
import re

import yaml

from gate import TOP

FRAGMENTS = TOP / "collection/plugins/doc_fragments"
HOME = TOP / "collection/plugins/module_utils/arguments.py"
# The names that validate-modules also takes for secrets.
SECRETIVE = re.compile(r"pass(word|phrase)|secret|token|anonymize_key")
# Not one, though validate-modules asks because of "key".
PUBLIC = {"host_key_fingerprint"}
KEYS = ("type", "elements", "required", "default", "choices", "aliases")
HEAD = '''\
# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the modules, from their documentation; "make facts" writes this file."""

from __future__ import annotations

'''


def written(_text=""):
    """The file, from all stubs. A fragment's options are there once."""
    parts, names = [], {}
    for stub in sorted((TOP / "modules").glob("*/*.py")):
        page = yaml.safe_load(variable(stub.read_text(encoding="utf-8"), "DOCUMENTATION"))
        shared = [name for name in page["extends_documentation_fragment"] if fragment(name)]
        for name in shared:
            names.setdefault(name, assigned(constant(name), specification(fragment(name))))
        spread = "".join(f"    **{constant(name)},\n" for name in shared)
        parts.append(f"{stub.stem.upper()} = {{\n{spread}{entries(specification(page['options']))}}}\n")
    return HEAD + "\n".join([*names.values(), *parts])


def fragment(name):
    """The options of a fragment: namespace.collection.file, or that and .variable."""
    file, _, part = name.split(".", 2)[2].partition(".")
    text = (FRAGMENTS / f"{file}.py").read_text(encoding="utf-8")
    return yaml.safe_load(variable(text, part.upper() or "DOCUMENTATION"))["options"]


def constant(name):
    return name.rpartition(".")[2].upper()


def variable(text, name):
    return re.search(rf'{name} = r"""\n(.*?)"""', text, re.S).group(1)


def specification(options):
    """Options as AnsibleModule takes them."""
    found = {}
    for name, option in options.items():
        found[name] = {key: option[key] for key in KEYS if key in option}
        if SECRETIVE.search(name) or name in PUBLIC:
            found[name]["no_log"] = name not in PUBLIC
        if "suboptions" in option:
            found[name]["options"] = specification(option["suboptions"])
    return found


def assigned(name, options):
    return f"{name} = {{\n{entries(options)}}}\n"


def entries(options):
    return "".join(entry(name, option) for name, option in options.items())


def entry(name, option):
    """One line, or several that are indented below the first."""
    first = f'    "{name}": '
    text = pprint.pformat(option, width=158 - len(first), sort_dicts=False, compact=True).replace("'", '"')
    return first + text.replace("\n", "\n" + " " * len(first)) + ",\n"
