# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, driven over its debugging pipe. Needs nothing but the browser itself."""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

import processes

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Chromium:
    """One tab. What the page complains of is kept in complaints."""

    def __init__(self):
        self.complaints, self._number, self._rest, self._events = [], 0, b"", []
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-")
        # The browser reads commands from its descriptor 3 and answers on 4.
        from_us, self._out = os.pipe()
        self._in, to_us = os.pipe()
        wiring = f"exec 3<&{from_us} 4>&{to_us}; exec \"$@\""
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", wiring, "sh", PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
             "--disable-dev-shm-usage", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
             f"--user-data-dir={self._profile.name}", "about:blank"],
            pass_fds=(from_us, to_us), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(from_us)
        os.close(to_us)
        self._session = None
        target = self("Target.createTarget", url="about:blank")["targetId"]
        self._session = self("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self(f"{domain}.enable")

    def __call__(self, method, **parameters):
        """Sends one command and returns its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data):]
        while True:
            answer = self._receive()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _receive(self):
        while b"\0" not in self._rest:
            data = os.read(self._in, 1 << 20)
            if not data:
                raise RuntimeError("the browser has ended")
            self._rest += data
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def _note(self, event):
        method, parameters = event.get("method"), event.get("params", {})
        if method == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(parameters["exceptionDetails"]))
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append("dialog: " + parameters["message"])
        elif method == "Network.requestWillBeSent" and not parameters["request"]["url"].startswith(("file:", "about:", "data:")):
            self.complaints.append("request: " + parameters["request"]["url"])
        self._events.append(method)

    def open(self, url):
        """Opens a page and waits until it has loaded."""
        self._events.clear()
        self("Page.navigate", url=url)
        while "Page.loadEventFired" not in self._events:
            self._note(self._receive())

    def view(self, width, height=900, dark=False, media="screen", script=True):
        """Sets what the page is looked at with. Without script, the next page opened runs none."""
        self("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self("Emulation.setEmulatedMedia", media=media,
             features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self("Emulation.setScriptExecutionDisabled", value=not script)

    def evaluate(self, expression):
        """Returns what a JavaScript expression is worth."""
        answer = self("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def screenshot(self, path, whole=False):
        """Keeps what is seen, or the whole page, as PNG."""
        shot = self("Page.captureScreenshot", format="png", captureBeyondViewport=whole, optimizeForSpeed=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self, path):
        """Keeps what a printer would get."""
        path.write_bytes(base64.b64decode(self("Page.printToPDF", preferCSSPageSize=True)["data"]))

    def tree(self):
        """Returns what a screen reader gets: (role, name) of every node that is not ignored."""
        nodes = self("Accessibility.getFullAXTree")["nodes"]
        return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]

    def processor_time(self):
        """Seconds of processor time that all processes of the browser have had. Other work on the machine does not count."""
        used = 0
        for pid in [self._process.pid, *processes.family(self._process.pid)]:
            with contextlib.suppress(OSError):
                used += sum(map(int, pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
        return used / os.sysconf("SC_CLK_TCK")

    def close(self):
        """Ends the browser and all that it started."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._out)
        os.close(self._in)
        self._profile.cleanup()
