# SPDX-License-Identifier: GPL-3.0-or-later
"""What ansible-test downloads to put pip into its environments, for networks that reach PyPI only. It is called with pip's options."""

import subprocess
import sys

WANTED = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
subprocess.run([sys.executable, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
subprocess.run([sys.executable, "-m", "pip", "install", "-q", *WANTED], check=True)
