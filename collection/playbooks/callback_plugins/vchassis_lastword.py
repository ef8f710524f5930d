# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The callback vchassis.junos.lastword, for the playbooks beside it: Ansible takes callbacks from here without being told."""

from __future__ import annotations

DOCUMENTATION = r"""
name: vchassis_lastword
type: aggregate
short_description: What a play of this collection came to
author: The vchassis authors (@vchassis)
description:
  - See vchassis.junos.lastword.
"""

from ansible_collections.vchassis.junos.plugins.callback.lastword import CallbackModule as LastWord


class CallbackModule(LastWord):
    CALLBACK_NAME = "vchassis_lastword"
    CALLBACK_NEEDS_ENABLED = False
