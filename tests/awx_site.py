# SPDX-License-Identifier: GPL-3.0-or-later
"""Simulated chassis, and jobs of AWX that run on them."""

import json

from awx import Credentials, Job

CANARIES = {"admin": "canary-Admin-7Gh", "root": "canary-Root-2Kp", "admin's key": "Canary-Phrase", "root's key": "Canary-Passw0rd"}
SCENARIO = """
chassis:
- name: {name}
  count: {count}
  size: 3
  rpc_delay: {delay}
  users:
  - {{name: root, class: super-user, password: canary-Root-2Kp, ssh_keys: [{root_key}]}}
  - {{name: admin, class: super-user, password: canary-Admin-7Gh, ssh_keys: [{key}]}}
"""


class Site:
    """Chassis, and jobs that run on them."""

    def __init__(self, lab, folder, count=1, key="", root_key="", delay="0s", watched=False, anew=False):
        keys = {"key": json.dumps(key) if key else "", "root_key": json.dumps(root_key or key) if root_key or key else ""}
        self.lab = lab(SCENARIO.format(name="vc", count=count, delay=delay, **keys))
        self.folder, self.jobs, self.how = folder, 0, {"watched": watched, "anew": anew}
        self.known_hosts = self.lab.simulator.folder / "known_hosts"
        self.names = [chassis["name"] for chassis in self.lab.simulator.chassis]

    def hosts(self, names=None, **variables):
        """An inventory that says where chassis are and what is wanted, and holds no login."""
        inventory = json.loads(self.lab.simulator.inventory.read_text())
        for host in inventory["virtual_chassis"]["hosts"].values():
            for login in ("ansible_user", "ansible_password", "scp_config_sync_root_password"):
                del host[login]
            host.update(variables)
        chosen = {name: value for name, value in inventory["virtual_chassis"]["hosts"].items() if name in (names or self.names)}
        return {"virtual_chassis": {"hosts": chosen}}

    def place(self):
        self.jobs += 1
        return self.folder / f"job{self.jobs}"

    def custom(self, place, **more):
        inputs = {"username": "admin", "password": CANARIES["admin"], "root_password": CANARIES["root"], "known_hosts": self.known_hosts.read_text()}
        return Credentials().custom(place, **{**inputs, **more})

    def launch(self, *flags, playbook="scp_config_sync.yml", credentials=None, names=None, variables=None, **more):
        """Starts a job; without credentials with those of this collection's type."""
        place = self.place()
        hosts = self.hosts(names, **(variables or {}))
        if credentials:
            credentials.environment["VCHASSIS_KNOWN_HOSTS"] = str(self.known_hosts)
        return Job(place, playbook, hosts, credentials or self.custom(place), *flags, **self.how, **more).start()

    def run(self, *arguments, **more):
        return self.launch(*arguments, **more).end()
