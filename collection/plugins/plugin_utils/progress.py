# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module is doing, shown while its task runs."""

from __future__ import annotations

import json
import os
import time

# A task that is over within this time needs no sign of life: a fleet's output stays short.
PATIENCE_SECONDS = 2
# How often a long phase is shown again.
AGAIN_SECONDS = 15
# How often the pipe is looked at.
POLL_SECONDS = 0.5


class Watch:
    """The reading end of a pipe on which a module reports, one JSON object a line.

    A pipe, so that a job that is killed leaves nothing behind.
    """

    def __init__(self, host, show):
        self._host, self._show = host, show
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)
        self._rest, self._held = b"", []
        self._started = time.monotonic()
        self._phase, self._phase_started, self._shown = None, self._started, self._started

    def look(self):
        """Shows what has come, and what has been going on for long."""
        now = time.monotonic()
        for event in self._events():
            self._held += [] if event.get("quiet") else [event["text"]]
            self._phase, self._phase_started, self._shown = event, now, now
        if now - self._started < PATIENCE_SECONDS:
            return
        for text in self._held:
            self._show(f"{self._host}: {text}")
        self._held = []
        if self._phase and now - self._shown >= AGAIN_SECONDS:
            self._show(f"{self._host}: {lasting(self._phase, now - self._phase_started)}")
            self._shown = now

    def close(self):
        """Shows the last events and ends, also if they cannot be shown. It may be called twice."""
        try:
            if self._reader is not None:
                self.look()
        finally:
            if self._reader is not None:
                os.close(self._reader)
                self._reader = None
            self.close_writer()

    def close_writer(self):
        """Leaves the writing end to the module alone."""
        if self.writer is not None:
            os.close(self.writer)
            self.writer = None

    def _events(self):
        try:
            while data := os.read(self._reader, 1 << 16):
                self._rest += data
        except BlockingIOError:
            pass
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and isinstance(event.get("text"), str):
                yield event


def lasting(event, seconds):
    """A phase with the time that it has taken, and may take."""
    limit = event.get("limit")
    most = f" of at most {limit:.0f} s" if isinstance(limit, (int, float)) and limit else ""
    return f"{event.get('again') or event['text']}, {seconds:.0f} s{most}"
