# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the API of AWX: it keeps objects, refuses what AWX refuses, updates projects, and says what a launch would run.

Its rules are those of AWX 24.6.1: of its serializers and models, and as they were met on a real one.
"""

import http.server
import json
import os
import re
import threading
import urllib.parse

import controller_rules as rules
from controller_kinds import KINDS
from controller_objects import Objects, Refused

AWX = {"X-API-Product-Name": "AWX", "X-API-Product-Version": "24.6.1"}
PLATFORM = {"X-API-Product-Name": "Red Hat Ansible Automation Platform", "X-API-Product-Version": "4.6.8"}


class Controller(Objects):
    """Answers on 127.0.0.1 for the time of a with block.

    A controller behind the gateway of automation platform (2.5 and later) serves its API below /api/controller/, and makes no organizations.
    """

    def __init__(self, project, gateway=False):
        super().__init__(project, "/api/controller/v2/" if gateway else "/api/v2/", gateway)
        self.product = PLATFORM if gateway else AWX
        self.refused, self.launched = [], []

    def __enter__(self):
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                data = json.loads(self.rfile.read(size) or "{}")
                url = urllib.parse.urlsplit(self.path)
                if self.headers.get("Authorization") != "Bearer stand-in":
                    status, body = 401, {"detail": "who are you?"}
                else:
                    status, body = owner.request(self.command, url.path, dict(urllib.parse.parse_qsl(url.query)), data)
                text = b"" if status == 204 else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": len(text), **owner.product}.items():
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        # Modules read all certificates of the machine before each request, and none is looked at here: half of their time.
        self.environment = {"CONTROLLER_HOST": f"http://127.0.0.1:{self.server.server_port}", "CONTROLLER_OAUTH_TOKEN": "stand-in",
                            "SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    # Requests.

    def request(self, method, path, query=None, data=None):
        """The status and the body of an answer."""
        try:
            return self.route(method, path, query or {}, data or {})
        except Refused as refusal:
            self.refused.append((method, path, data, refusal.body))
            return refusal.status, refusal.body

    def route(self, method, path, query, data):
        match = re.fullmatch(re.escape(self.root) + r"(\w+)/(?:([^/]+)/(?:(\w+)/)?)?", path)
        if not match or match[1] not in {*KINDS, "unified_job_templates", "project_updates", "roles"}:
            raise Refused(404, {"detail": f"no {path}"})
        kind, which, part = match.groups()
        if kind == "roles":
            return self.attach(method, self.grants, (int(which), part), part, data)
        if kind == "project_updates":
            return 200, self.updates[int(which)]
        if which is None:
            return self.create(kind, data) if method == "POST" else self.listing(self.find(kind, query))
        number = self.number(kind, which)
        if part:
            return self.part(method, kind, number, part, data)
        if method == "DELETE":
            return self.delete(number)
        return self.change(kind, number, data) if method == "PATCH" else (200, self.show(number))

    def number(self, kind, which):
        """An object's number from a path: itself, or its name and those of what it belongs to."""
        number = int(which) if which.isdigit() else next((n for n in self.objects if self.named(n) == urllib.parse.unquote(which)), 0)
        if number not in self.objects or self.objects[number]["kind"] != kind:
            raise Refused(404, {"detail": "Not found."})
        return number

    def named(self, number):
        kind, fields = self.objects[number]["kind"], self.objects[number]["fields"]
        organization = fields.get("organization") and self.objects[fields["organization"]]["fields"]["name"] or ""
        if kind == "credentials":
            of = self.objects[fields["credential_type"]]["fields"]
            return f"{fields['name']}++{of['name']}+{of['kind']}++{organization}"
        return f"{fields.get('name')}++{organization}"

    def part(self, method, kind, number, part, data):
        if part == "survey_spec" and kind.endswith("job_templates"):
            if problems := rules.survey(data) if method == "POST" else []:
                raise Refused(400, {"error": problems})
            if method == "POST":
                self.surveys[number] = data
            return 200, {} if method == "POST" else self.surveys.get(number, {})
        if part == "launch":
            return self.launch(number, data)
        if part == "update" and kind == "projects":
            return 202, self.update(number)
        if part == "create_approval_template":
            status, body = self.create("workflow_approval_templates", data)
            self.objects[number]["fields"]["unified_job_template"] = body["id"]
            return status, body
        if part not in KINDS[kind].attached:
            raise Refused(404, {"detail": f"no {part} of {kind}"})
        return self.attach(method, self.links, (number, part), KINDS[kind].attached[part], data)

    def attach(self, method, links, key, kind, data):
        if method == "POST":
            linked = links.setdefault(key, [])
            other = self.objects.get(data["id"])
            if not other or other["kind"] != kind:
                raise Refused(400, {"detail": f"no {data['id']}"})
            if data.get("disassociate"):
                linked.remove(data["id"])
                if kind == "labels" and not any(data["id"] in numbers for numbers in links.values()):
                    self.delete(data["id"])
            elif data["id"] not in linked:
                self.may_attach(key, other["fields"], [self.objects[one]["fields"] for one in linked])
                if key[1] in rules.LEADS_TO and (problem := rules.link(self.links, key, data["id"])):
                    raise Refused(400, {"Error": problem})
                linked.append(data["id"])
            return 204, {}
        return self.listing(links.get(key, []))

    def may_attach(self, key, other, present):
        of = other.get("credential_type") and self.objects[other["credential_type"]]["fields"]
        if key[1] == "galaxy_credentials" and of["kind"] != "galaxy":
            raise Refused(400, {"msg": f"Credential must be a Galaxy credential, not {of['name']}."})
        if key[1] == "credentials" and of["kind"] not in ("ssh", "vault", "cloud", "net"):
            raise Refused(400, {"error": f"Cannot assign a Credential of kind `{of['kind']}`."})
        if key[1] == "credentials" and any(one["credential_type"] == other["credential_type"] for one in present):
            raise Refused(400, {"error": f"Cannot assign multiple {of['name']} credentials."})

    # Launches.

    def launch(self, number, data):
        """Keeps what a job, or a workflow, is given. A template ignores what it does not ask for, a workflow refuses it."""
        template, workflow = self.objects[number]["fields"], self.objects[number]["kind"] == "workflow_job_templates"
        taken, ignored, problems = rules.accepted(template, self.questions(number), data)
        wrong = {"variables_needed_to_start": problems} if problems else {}
        if workflow:
            wrong |= {name: ["is not allowed on launch"] for name in ignored}
        elif not (template["project"] and (template["inventory"] or taken.get("inventory"))):
            wrong["resources_needed_to_start"] = ["Job Template is missing a project or an inventory."]
        elif self.objects[template["project"]].get("status") == "failed":
            wrong["playbook"] = ["The project could not be updated."]
        if wrong:
            raise Refused(400, wrong)
        own = rules.variables(template.get("extra_vars"))
        self.launched.append({**taken, "template": number, "extra_vars": rules.extra_vars(self.questions(number), own, taken["extra_vars"])})
        return 201, {"id": len(self.launched), "ignored_fields": ignored}

    def node(self, number, artifacts, workflow):
        """What the job of a workflow's node is given: answers to the workflow win over what earlier nodes have set, and are asked for or not."""
        node = self.objects[number]["fields"]
        template = self.objects[node["unified_job_template"]]["fields"]
        given = {name: node[name] for name in rules.PROMPTED if node.get(name) is not None and template.get(rules.asks(name))}
        inventory = self.objects[node["workflow_job_template"]]["fields"]["inventory"]
        if inventory and template["ask_inventory_on_launch"]:
            given.setdefault("inventory", inventory)
        own = {**rules.variables(template.get("extra_vars")), **node["extra_data"]}
        return {**given, "extra_vars": rules.extra_vars(self.questions(node["unified_job_template"]), own, {**artifacts, **workflow})}

    def has_collections(self, number):
        """Whether a job of a template finds collections: in its image, or installed with the project because the organization has a Galaxy credential.

        Without either AWX installs nothing, and says so nowhere.
        """
        template = self.objects[number]["fields"]
        return bool(template["execution_environment"] or self.links.get((template["organization"], "galaxy_credentials")))
