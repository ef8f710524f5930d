# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the readers of test_docs_examples.py do what pages say, one after the other."""

import functools
import pathlib
import shutil
import subprocess
import tempfile

from conftest import ENVIRONMENT, STAGED


class Room:
    """The same folder for each reader, empty at first: with the same environment, their pages share the servers of one WarmPath."""

    def __init__(self, house, programs):
        self.house, self.programs, self.folder = house, programs, house / "page"

    @functools.cached_property
    def built(self):
        """The collection as it is packed for Galaxy."""
        place = self.house / "built"
        subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", place, STAGED], env=ENVIRONMENT, check=True, capture_output=True)
        return next(place.glob("vchassis-junos-*.tar.gz"))

    def leave(self):
        """Whatever has not ended yet goes on in a folder of another name."""
        elsewhere = tempfile.mkdtemp(dir=self.house)
        self.folder.rename(pathlib.Path(elsewhere) / "page")
        shutil.rmtree(elsewhere, ignore_errors=True)
