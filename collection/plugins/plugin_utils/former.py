# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Expressions of a play that were written for results of 0.3.0, whose values have another type now.

A value cannot be of both types, and nothing in a result shows how it will be used. So the play itself is read: each task that compares such a
value is named, with the line to write.
"""

from __future__ import annotations

import re

# Where a task may hold expressions that are not among the arguments of its module.
EXPRESSIONS = ("when", "failed_when", "changed_when", "until", "vars", "loop")
TEXT = r"""['"](?:true|false|unknown)['"]"""
DEFAULT = r"(?:\|\s*default\([^)]*\)\s*)?"
# By module: what shows the former type, and what to write.
USES = {
    "vc_sync_check": (
        re.compile(rf"\b(?:in_)?sync['\"\]]*\s*{DEFAULT}[!=]=\s*{TEXT}|{TEXT}\s*[!=]=\s*[\w.]*\.(?:in_)?sync\b"
                   rf"|'(?:in_)?sync',\s*'(?:eq|ne|equalto|==)',\s*{TEXT}"),
        "in_sync is true, false or null since 0.4.0, not a text: write 'in_sync is true', 'in_sync is false' or 'in_sync is none'"),
    "vc_info": (
        re.compile(rf"\bproblems['\"\]]*\s*{DEFAULT}\|\s*(?:join|(?:select|reject|map)\(\s*['\"](?:search|match|regex\w*|upper|lower|trim|string)\b)"
                   r"|['\"][^'\"]+['\"]\s+(?:not )?in\s+[\w.]+\.problems\b"),
        "problems are objects since 0.4.0, not texts: write problems | map(attribute='message'), and compare code instead of a message"),
}


def deprecations(module, task):
    """What Ansible shows as deprecated: each task, in the play or the role of this one, that expects the former type of what this module returns."""
    if module not in USES:
        return []
    pattern, remedy = USES[module]
    used = {str(other.get_name()) for other in tasks_near(task) if any(pattern.search(text) for text in texts_of(other))}
    return [{"msg": f"task '{name}': {remedy}", "version": "1.0.0", "collection_name": "vchassis.junos"} for name in sorted(used)]


def tasks_near(task):
    """Every task that is written in the task's play, and in the file or role that it is in. Those of files that are included later are not known yet."""
    waiting, play = [task], None
    while getattr(waiting[0], "_parent", None) is not None:
        waiting[0] = waiting[0]._parent
        play = getattr(waiting[0], "_play", None) or play
    for part in ("pre_tasks", "tasks", "post_tasks", "handlers"):
        waiting += getattr(play, part, None) or ()
    while waiting:
        entry = waiting.pop()
        parts = [part for name in ("block", "rescue", "always") for part in getattr(entry, name, None) or ()]
        if parts:
            waiting += parts
        else:
            yield entry


def texts_of(task):
    """Its expressions and the values of its arguments."""
    waiting = [getattr(task, "args", None), *(getattr(task, name, None) for name in EXPRESSIONS)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value
