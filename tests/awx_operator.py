# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who has only the web page of AWX, with the templates of a stand-in controller, and jobs that run on simulated chassis."""

import json
import re
import subprocess

from awx import PROJECT, Credentials, Job
from conftest import ENVIRONMENT

ANSWERS = {"scp_config_sync_canary": "campus-east", "scp_config_sync_hosts": "all", "scp_config_sync_serial": 0, "scp_config_sync_rekey": "if_missing",
           "scp_config_sync_confirm_timeout": 7, "scp_config_sync_verify": "probe"}


def example():
    """The hosts of the inventory example, with their variables."""
    done = subprocess.run(["ansible-inventory", "-i", PROJECT / "inventory.yml", "--list"], env=ENVIRONMENT, check=True, capture_output=True, text=True)
    listed = json.loads(done.stdout)
    assert sorted(listed["virtual_chassis"]["hosts"]) == sorted(listed["_meta"]["hostvars"])
    return listed["_meta"]["hostvars"]


class Operator:
    """Somebody who has only the web page: fills the credential in, launches, looks at what jobs have left."""

    def __init__(self, controller, chassis, folder):
        self.controller, self.chassis, self.folder, self.jobs = controller, chassis, folder, []
        lab = json.loads(chassis.simulator.inventory.read_text())["virtual_chassis"]["hosts"]
        self.hosts = example()
        for name, variables in self.hosts.items():
            variables["from_juniper"] = {"command": lab[name]["scp_config_sync_authorized_keys_command"],
                                         "user": lab[name]["scp_config_sync_authorized_keys_command_user"]}
            variables |= {where: lab[name][where] for where in ("ansible_host", "ansible_port")}
        one = next(iter(lab.values()))
        inputs = {"username": one["ansible_user"], "password": one["ansible_password"], "root_password": one["scp_config_sync_root_password"],
                  "known_hosts": (chassis.simulator.folder / "known_hosts").read_text()}
        number = controller.one("credentials", "Virtual Chassis")[0]
        assert controller.request("PATCH", f"/api/v2/credentials/{number}/", {}, {"inputs": inputs})[0] == 200
        self.secrets = (one["ansible_password"], one["scp_config_sync_root_password"])

    def launch(self, name, **more):
        """A template by its name, with answers; its jobs have ended when this returns."""
        number = self.controller.one("job_templates", name)[0]
        status, body = self.controller.request("POST", f"/api/v2/job_templates/{number}/launch/", {}, more)
        assert status == 201, body
        return self.started(number, **self.controller.launched[-1])

    def started(self, number, extra_vars, limit=None, job_type="run", diff_mode=False, **_):
        """One job a slice; AWX deals hosts out in turns, by name. Returns whether all went well, and what they have handed on."""
        template = self.controller.objects[number]["fields"]
        names = sorted(self.hosts)
        slices = min(template["job_slice_count"], len(names))
        flags = [*(["--limit", limit] if limit else []), *(["--check"] if job_type == "check" else []), *(["--diff"] if diff_mode else [])]
        jobs = [self.job(template, number, names[index::slices], extra_vars, *flags) for index in range(slices)]
        handed_on = {}
        for job in jobs:
            handed_on |= job.stats()
        return all(job.status == "successful" for job in jobs), handed_on

    def job(self, template, number, names, variables, *flags):
        assert self.controller.has_collections(number), "the job would find no collection"
        place = self.folder / f"job{len(self.jobs)}"
        credential, = (self.controller.objects[other]["fields"] for other in self.controller.links[number, "credentials"])
        kind = self.controller.objects[credential["credential_type"]]["fields"]
        filled = Credentials().custom(place, kind, **credential["inputs"])
        hosts = {"virtual_chassis": {"hosts": {name: self.hosts[name] for name in names}}}
        self.jobs.append(Job(place, template["playbook"], hosts, filled, *flags, extra_vars=variables).start().end())
        self.jobs[-1].launched = (template, number, names, variables)
        self.no_secret_is_left(self.jobs[-1])
        return self.jobs[-1]

    def relaunch_on_failed_hosts(self, job):
        """The same slice of the same inventory with the same answers, and a limit, whether the template asks for one or not.

        Only hosts that the inventory has count as failed, and without one AWX refuses.
        """
        template, number, names, variables = job.launched
        ends = [event["event_data"] for event in job.events if event["event"] == "playbook_on_stats"]
        failed = sorted({host for end in ends for part in ("failures", "dark") for host in end.get(part, {})} & set(names))
        assert failed, "Cannot relaunch because previous job had 0 failed hosts."
        return self.job(template, number, names, variables, "--limit", ",".join(failed))

    def no_secret_is_left(self, job):
        for file in job.artifacts():
            text = file.read_text(errors="replace")
            if file.name == "command":  # the environment that the controller asked for, which AWX masks
                text = re.sub(r'"(VCHASSIS|ANSIBLE_NET)_[A-Z_]*": "[^"]*"', "", text)
            assert not [secret for secret in self.secrets if secret in text], file

    def transports(self):
        return {name: self.chassis.state(name)["transport"] for name in self.hosts}

    def walk(self, workflow, approve=True):
        """Launches a workflow with ANSWERS. Yields the node's identifier and how it ended, one after the other."""
        number = self.controller.one("workflow_job_templates", workflow)[0]
        status, body = self.controller.request("POST", f"/api/v2/workflow_job_templates/{number}/launch/", {}, {"extra_vars": ANSWERS})
        assert status == 201, body
        answers, self.handed_on, number = self.controller.launched[-1]["extra_vars"], {}, self.first(number)
        while number:
            node = self.controller.objects[number]["fields"]
            template = self.controller.objects[node["unified_job_template"]]
            ended = approve
            if template["kind"] == "job_templates":
                ended, more = self.started(node["unified_job_template"], **self.controller.node(number, self.handed_on, answers))
                self.handed_on |= more
            yield node["identifier"], ended
            number, = [*self.after(number, "always"), *self.after(number, "success" if ended else "failure")] or [None]

    def first(self, workflow):
        """The node that no other leads to."""
        nodes = [number for number, one in self.controller.objects.items() if one["fields"].get("workflow_job_template") == workflow]
        number, = [node for node in nodes if not any(node in self.after(other, how) for other in nodes for how in ("success", "failure", "always"))]
        return number

    def after(self, number, how):
        return self.controller.links.get((number, f"{how}_nodes"), [])
