# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the API of AWX: it keeps objects, refuses what AWX would refuse, and says what a launch would run."""

import http.server
import json
import re
import threading
import urllib.parse

import controller_rules as rules

# What an object cannot do without, and which of its fields name another one, by kind of object.
REQUIRED = {
    "organizations": ["name"], "inventories": ["name", "organization"], "credential_types": ["name", "kind"],
    "credentials": ["name", "credential_type", "organization"], "projects": ["name", "organization", "scm_type", "scm_url"],
    "job_templates": ["name", "playbook", "project", "inventory"], "schedules": ["name", "rrule", "unified_job_template"],
    "workflow_job_templates": ["name"], "workflow_job_template_nodes": ["identifier", "workflow_job_template"],
    "workflow_approval_templates": ["name"], "execution_environments": ["name", "image"], "labels": ["name"], "hosts": ["name", "inventory"],
    "groups": ["name", "inventory"], "notification_templates": ["name"], "inventory_sources": ["name", "inventory", "source"],
}
POINTS_TO = {
    "organization": ["organizations"], "inventory": ["inventories"], "credential_type": ["credential_types"], "project": ["projects"],
    "source_project": ["projects"], "workflow_job_template": ["workflow_job_templates"], "execution_environment": ["execution_environments"],
    "unified_job_template": ["job_templates", "workflow_job_templates", "projects", "workflow_approval_templates"],
}
ASSOCIATED = {"credentials": "credentials", "labels": "labels",
              **dict.fromkeys(("success_nodes", "failure_nodes", "always_nodes"), "workflow_job_template_nodes")}
# What may be given at a launch, where the template says so.
PROMPTS = {"limit": "ask_limit_on_launch", "job_type": "ask_job_type_on_launch", "diff_mode": "ask_diff_mode_on_launch"}
ROOT = "/api/v2/"


class Controller:
    """Answers on 127.0.0.1 for the time of a with block. Its projects all hold the files of one folder."""

    def __init__(self, project):
        self.objects, self.links, self.surveys, self.refused, self.launched = {}, {}, {}, [], []
        self.files = {str(file.relative_to(project)): file.read_text() for file in project.rglob("*.yml")}

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
                if status >= 400:
                    owner.refused.append((self.command, self.path, data, body))
                text = b"" if status == 204 else json.dumps(body).encode()
                self.send_response(status)
                for name, value in (("Content-Type", "application/json"), ("Content-Length", len(text)),
                                    ("X-API-Product-Name", "AWX"), ("X-API-Product-Version", "24.6.1")):
                    self.send_header(name, str(value))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.environment = {"CONTROLLER_HOST": f"http://127.0.0.1:{self.server.server_port}", "CONTROLLER_OAUTH_TOKEN": "stand-in"}
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def request(self, method, path, query, data):
        match = re.fullmatch(ROOT + r"(\w+)/(?:(\d+)/(?:(\w+)/)?)?", path)
        if not match or match[1] not in {*REQUIRED, "unified_job_templates"}:
            return 404, {"detail": f"no {path}"}
        kind, number, part = match[1], match[2] and int(match[2]), match[3]
        if number is None:
            return self.create(kind, data) if method == "POST" else self.listing(self.find(kind, query))
        if number not in self.objects or self.objects[number]["kind"] != kind:
            return 404, {"detail": f"no {path}"}
        if part:
            return self.part(method, kind, number, part, data)
        if method == "PATCH":
            problems = self.problems({**self.objects[number]["fields"], **data}, kind)
            if problems:
                return 400, problems
            self.objects[number]["fields"].update(data)
        return 200, self.show(number)

    def part(self, method, kind, number, part, data):
        if part == "survey_spec":
            problems = rules.survey(data) if method == "POST" else []
            if method == "POST" and not problems:
                self.surveys[number] = data
            return (400, {"error": problems}) if problems else (200, self.surveys.get(number, {}))
        if part == "launch":
            return self.launch(number, data)
        if part == "create_approval_template":
            status, body = self.create("workflow_approval_templates", data)
            if status == 201:
                self.objects[number]["fields"]["unified_job_template"] = body["id"]
            return status, body
        if part not in ASSOCIATED:
            return 404, {"detail": f"no {part} of {kind}"}
        linked = self.links.setdefault((number, part), [])
        if method == "POST":
            other = self.objects.get(data["id"])
            if not other or other["kind"] != ASSOCIATED[part]:
                return 400, {part: [f"no {data['id']}"]}
            linked.remove(data["id"]) if data.get("disassociate") else linked.append(data["id"])
            return 204, {}
        return self.listing(linked)

    def create(self, kind, data):
        problems = self.problems(data, kind)
        if problems:
            return 400, problems
        number = len(self.objects) + 1
        inherited = {"organization": self.objects[int(data["project"])]["fields"]["organization"]} if kind == "job_templates" else {}
        self.objects[number] = {"kind": kind, "fields": {**data, **inherited}}
        return 201, self.show(number)

    def launch(self, number, data):
        """Keeps what a job, or a workflow, is given. Its slices are cut when it starts."""
        template, given = self.objects[number]["fields"], data.get("extra_vars", {})
        problems = rules.answers(self.questions(number), given)
        variables, not_asked = rules.extra_vars(self.questions(number), template.get("extra_vars") or {}, given, template.get("ask_variables_on_launch"))
        wrong = {"variables_needed_to_start": problems, "extra_vars": [f"{name} is not allowed on launch" for name in not_asked],
                 **{name: ["not prompted for"] for name, ask in PROMPTS.items() if name in data and not template.get(ask)}}
        wrong = {name: what for name, what in wrong.items() if what}
        if wrong:
            return 400, wrong
        self.launched.append({**data, "template": number, "extra_vars": variables})
        return 201, {"id": len(self.launched)}

    def node(self, number, artifacts, workflow_variables):
        """What the job of a workflow's node is given: answers to the workflow win over what earlier nodes have set."""
        own = self.objects[number]["fields"].get("extra_vars") or {}
        return rules.extra_vars(self.questions(number), own, {**artifacts, **workflow_variables}, True)[0]

    def questions(self, number):
        fields = self.objects[number]["fields"]
        return self.surveys.get(number, {}).get("spec", []) if fields.get("survey_enabled") else []

    def more_problems(self, fields, kind):
        """What AWX looks at beside names and references."""
        if kind == "credential_types":
            return {"inputs": rules.credential_type(fields)}
        if kind == "credentials":
            known = {field["id"] for field in self.objects[int(fields["credential_type"])]["fields"]["inputs"]["fields"]}
            return {"inputs": [f"no input {name}" for name in fields.get("inputs") or {} if name not in known]}
        if kind == "job_templates":
            playbook = self.files.get(fields["playbook"], "")
            return {"playbook": [] if re.search(r"^\s*-?\s*(hosts|import_playbook):", playbook, re.M) else ["Playbook not found for project."],
                    "job_slice_count": [] if type(fields.get("job_slice_count", 1)) is int and fields.get("job_slice_count", 1) > 0 else ["want a number"]}
        if kind == "inventory_sources" and fields["source"] == "scm":
            return {"source_path": [] if fields.get("source_path") in self.files else ["no such file"],
                    "source_project": [] if fields.get("source_project") else ["This field is required."]}
        if kind == "schedules":
            template, given = int(fields["unified_job_template"]), fields.get("extra_data") or {}
            return {"rrule": rules.schedule(fields["rrule"]),
                    "extra_data": rules.answers(self.questions(template), given) + rules.extra_vars(self.questions(template), {}, given, False)[1]}
        return {}

    def problems(self, fields, kind):
        wrong = {name: ["This field is required."] for name in REQUIRED[kind] if fields.get(name) in (None, "")}
        for name, kinds in POINTS_TO.items():
            other = self.objects.get(int(fields[name])) if fields.get(name) else None
            if fields.get(name) and (not other or other["kind"] not in kinds):
                wrong[name] = [f"Invalid pk {fields[name]}"]
        return wrong or {name: what for name, what in self.more_problems(fields, kind).items() if what}

    def find(self, kind, query):
        kinds = POINTS_TO["unified_job_template"] if kind == "unified_job_templates" else [kind]
        wanted = {name: value for name, value in query.items() if not name.startswith(("or__", "page"))}
        return [number for number, found in self.objects.items() if found["kind"] in kinds
                and all(str(self.show(number).get(name)) == value for name, value in wanted.items())]

    def listing(self, numbers):
        return 200, {"count": len(numbers), "next": None, "results": [self.show(number) for number in numbers]}

    def show(self, number):
        kind, fields = self.objects[number]["kind"], self.objects[number]["fields"]
        url = f"{ROOT}{kind}/{number}/"
        related = {"survey_spec": url + "survey_spec/"}
        if fields.get("unified_job_template"):
            other = fields["unified_job_template"]
            related["unified_job_template"] = f"{ROOT}{self.objects[int(other)]['kind']}/{other}/"
        one = {"inventories": "inventory"}.get(kind, kind.removesuffix("s"))
        synchronized = {"scm_revision": "0" * 40, "status": "successful"} if kind == "projects" else {}
        return {**synchronized, **fields, "id": number, "type": one, "url": url, "related": related, "summary_fields": {}}

    def one(self, kind, name):
        """The number and the fields of the only object of a kind and name, or identifier."""
        found = [(number, each["fields"]) for number, each in self.objects.items()
                 if each["kind"] == kind and name in (each["fields"].get("name"), each["fields"].get("identifier"))]
        assert len(found) == 1, (kind, name, found)
        return found[0]
