# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the program is that has the modules in it."""

from __future__ import annotations

import os
import platform

MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}


def program():
    """The program for this controller, and what this controller is."""
    here = f"{platform.system().lower()}_{MACHINES.get(platform.machine(), platform.machine())}"
    collection = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return os.path.join(collection, "libexec", here, "vchassis"), here.replace("_", "/")
