# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects that the stand-in for AWX keeps: how they are made, changed, deleted, found and shown. It knows nothing of requests."""

import copy
import json
import re

import controller_rules as rules
from controller_kinds import GOES_WITH, KINDS, POINTS_TO, TEMPLATES, UPDATES_A_PROJECT

REQUIRED = "This field is required."


class Refused(Exception):
    """An answer of AWX that is no success."""

    def __init__(self, status, body):
        super().__init__(status, body)
        self.status, self.body = status, body


class Objects:
    """What is in the database of a controller. Its projects all have the files of one folder, once they are synchronized."""

    def __init__(self, project, root, gateway):
        self.root, self.gateway = root, gateway
        self.objects, self.links, self.surveys, self.grants, self.updates, self.last = {}, {}, {}, {}, {}, 0
        self.files = {str(file.relative_to(project)): file.read_text() for file in project.rglob("*.yml")}
        self.unreachable = set()  # URLs of repositories
        self.fresh_install()

    def fresh_install(self):
        """What every AWX comes with."""
        self.make("credential_types", name="Ansible Galaxy/Automation Hub API Token", kind="galaxy", managed=True)
        self.make("credential_types", name="Source Control", kind="scm", managed=True)
        self.make("credential_types", name="Container Registry", kind="registry", managed=True)
        self.galaxy = self.make("credentials", name="Ansible Galaxy", credential_type=1, managed=True)
        self.make("instance_groups", name="default")

    def state(self):
        """All that a controller keeps, to compare or to go back to."""
        return copy.deepcopy({name: getattr(self, name) for name in ("objects", "links", "surveys", "grants", "updates", "last")})

    def restore(self, state):
        for name, value in copy.deepcopy(state).items():
            setattr(self, name, value)

    def make(self, kind, /, **fields):
        """An object that is there, however it came. Returns its number."""
        self.last += 1
        self.objects[self.last] = {"kind": kind, "fields": {**copy.deepcopy(KINDS[kind].fields), **fields}}
        return self.last

    def create(self, kind, data):
        if kind in ("organizations", "teams") and self.gateway:
            raise Refused(403, {"detail": "Creation of this resource is not allowed. Create this resource via the platform ingress."})
        fields = {**copy.deepcopy(KINDS[kind].fields), **self.kept(kind, data)}
        if kind == "job_templates" and data.get("project") in self.objects:
            fields["organization"] = self.objects[data["project"]]["fields"]["organization"]
        if kind == "credentials" and not fields["organization"]:
            raise Refused(400, {"detail": ["Missing 'user', 'team', or 'organization'."]})
        self.check(kind, fields, 0)
        number = self.make(kind, **fields)
        if kind == "projects":
            self.update(number)
        return 201, self.show(number, just_now=True)

    def kept(self, kind, data):
        """What AWX hears of what is sent. Nothing where text is expected is taken for no text, and "" for no object where one is."""
        known = {name: value for name, value in data.items() if name in KINDS[kind].fields}
        known = {name: KINDS[kind].fields[name] if value is None else value for name, value in known.items()}
        return {name: None if name in POINTS_TO and value == "" else int(value) if name in POINTS_TO and value else value for name, value in known.items()}

    def change(self, kind, number, data):
        old = self.objects[number]["fields"]
        new = {**old, **{name: value for name, value in self.kept(kind, data).items() if name not in KINDS[kind].read_only}}
        if kind == "execution_environments" and new["organization"] not in (None, old["organization"]):
            raise Refused(400, {"organization": ["Cannot change the organization of an execution environment"]})
        if kind == "credentials":
            new["inputs"] = {name: old["inputs"].get(name) if value == "$encrypted$" else value for name, value in new["inputs"].items()}
        self.check(kind, new, number)
        if kind == "credential_types" and new["inputs"] != old["inputs"] and self.credentials_of(number):
            raise Refused(403, {"detail": "Modifications to inputs are not allowed for credential types that are in use"})
        self.objects[number]["fields"] = new
        moved = kind == "projects" and any(old[name] != new[name] for name in UPDATES_A_PROJECT)
        if moved:
            self.update(number)
        return 200, self.show(number, just_now=moved)

    def delete(self, number):
        if self.objects[number]["kind"] == "credential_types" and self.credentials_of(number):
            raise Refused(403, {"detail": "Credential types that are in use cannot be deleted"})
        gone = self.objects.pop(number)
        if gone["kind"] == "workflow_job_template_nodes":
            approval = self.objects.get(gone["fields"]["unified_job_template"])
            if approval and approval["kind"] == "workflow_approval_templates":
                del self.objects[gone["fields"]["unified_job_template"]]
        for links in self.links.values():
            links[:] = [one for one in links if one != number]
        for other, found in list(self.objects.items()):
            for name in POINTS_TO:
                if other in self.objects and found["fields"].get(name) == number:
                    self.delete(other) if (found["kind"], name) in GOES_WITH else found["fields"].update({name: None})
        return 204, {}

    def credentials_of(self, kind):
        return [one for one in self.objects.values() if one["fields"].get("credential_type") == kind]

    def check(self, kind, fields, number):
        """Raises Refused with all that is wrong with an object."""
        wrong = {name: [REQUIRED] for name in KINDS[kind].required if fields.get(name) in (None, "")}
        for name, kinds in POINTS_TO.items():
            if fields.get(name) and (self.objects.get(fields[name]) or {"kind": ""})["kind"] not in kinds:
                wrong[name] = [f'Invalid pk "{fields[name]}" - object does not exist.']
        wrong = wrong or {name: what for name, what in self.more_problems(kind, fields).items() if what}
        same = [other for other, found in self.objects.items() if found["kind"] == kind and other != number and KINDS[kind].unique
                and all(found["fields"].get(name) == fields.get(name) for name in KINDS[kind].unique)]
        if same and not wrong:
            wrong = {"name" if KINDS[kind].unique == ("name",) else "__all__": [f"{kind} with this {', '.join(KINDS[kind].unique)} already exists."]}
        if wrong:
            raise Refused(400, wrong)

    def more_problems(self, kind, fields):
        """What AWX looks at beside names and references."""
        if kind == "credential_types" and not fields["managed"]:
            return rules.credential_type(fields)
        if kind == "credentials":
            known = {field["id"] for field in self.objects[fields["credential_type"]]["fields"]["inputs"].get("fields", [])}
            return {"inputs": [f"no input {name}" for name in fields["inputs"] if name not in known]}
        if kind == "execution_environments" and fields["credential"]:
            return {"credential": ["Only Container Registry credentials can be associated with an Execution Environment"]
                    if self.kind_of(fields["credential"]) != "registry" else []}
        if kind == "projects" and fields["credential"]:
            return {"credential": ["Credential kind must be 'scm'."] if self.kind_of(fields["credential"]) != "scm" else []}
        if kind == "job_templates":
            return {"playbook": [] if fields["playbook"] in self.playbooks(fields["project"]) else ["Playbook not found for project."],
                    "inventory": [] if fields["inventory"] or fields["ask_inventory_on_launch"]
                    else ["You must either set a default value or ask to prompt on launch."]}
        if kind == "inventory_sources" and fields["source"] == "scm":
            return {"source_project": [] if fields["source_project"] else ["Project required for scm type sources."]}
        if kind == "schedules":
            return {"rrule": rules.schedule(fields["rrule"]), **self.saved_launch(fields, required=True)}
        return self.saved_launch(fields, required=False) if kind == "workflow_job_template_nodes" and fields["unified_job_template"] else {}

    def kind_of(self, credential):
        return self.objects[self.objects[credential]["fields"]["credential_type"]]["fields"]["kind"]

    def saved_launch(self, fields, required):
        """What a schedule, or a node, gives its template has to be asked for: here nothing is ignored."""
        template = fields["unified_job_template"]
        prompts = {name: value for name, value in fields.items() if name in rules.PROMPTED and value is not None}
        _, ignored, problems = rules.accepted(self.objects[template]["fields"], self.questions(template), {"extra_vars": fields["extra_data"], **prompts}, required)
        return {"variables_needed_to_start": problems,
                "extra_data": [f"{name} is not allowed on launch" for name in ignored.pop("extra_vars", {})],
                **{name: ["Field is not configured to prompt on launch."] for name in ignored}}

    # Projects.

    def update(self, number):
        """One update of a project, over by the time that somebody looks."""
        project = self.objects[number]
        good = project["fields"]["scm_url"] not in self.unreachable
        project["status"] = "successful" if good else "failed"
        if good:
            project["files"] = dict(self.files)
        self.last += 1
        self.updates[self.last] = {
            "id": self.last, "url": f"{self.root}project_updates/{self.last}/", "status": project["status"], "failed": not good, "elapsed": 1,
            "started": "now", "finished": "now", "event_processing_finished": True, "scm_revision": self.revision(project)}
        project["update"] = self.last
        return {**self.updates[self.last], "status": "pending"}

    def revision(self, project):
        return f"{abs(hash(json.dumps(project['files']))):040x}" if project.get("files") else ""

    def playbooks(self, project):
        """Playbooks that an update has found: of a project that was never synchronized there are none."""
        files = self.objects[project].get("files", {})
        return [name for name, text in files.items() if re.search(r"^\s*-?\s*(hosts|import_playbook):", text, re.M)]

    def questions(self, number):
        fields = self.objects[number]["fields"]
        return self.surveys.get(number, {}).get("spec", []) if fields.get("survey_enabled") else []

    # Answers.

    def find(self, kind, query):
        kinds = TEMPLATES if kind == "unified_job_templates" else (kind,)
        every = {name: value for name, value in query.items() if not name.startswith(("or__", "page"))}
        some = {name.removeprefix("or__"): value for name, value in query.items() if name.startswith("or__")}
        return [number for number, found in self.objects.items() if found["kind"] in kinds
                and all(str(self.show(number).get(name.removesuffix("__in"))) in (value.split(",") if name.endswith("__in") else [value]) for name, value in every.items())
                and (not some or any(str(self.show(number).get(name)) == value for name, value in some.items()))]

    def listing(self, numbers):
        return 200, {"count": len(numbers), "next": None, "results": [self.show(number) for number in numbers]}

    def show(self, number, just_now=False):
        kind, fields = self.objects[number]["kind"], self.objects[number]["fields"]
        url = f"{self.root}{kind}/{number}/"
        shown = {**fields, "id": number, "type": {"inventories": "inventory"}.get(kind, kind.removesuffix("s")), "url": url, "summary_fields": {}}
        shown["related"] = {part: f"{url}{part}/" for part in ("survey_spec", "launch") if kind.endswith("job_templates")}
        if fields.get("unified_job_template"):
            other = fields["unified_job_template"]
            shown["related"]["unified_job_template"] = f"{self.root}{self.objects[other]['kind']}/{other}/"
        if kind == "workflow_job_template_nodes":
            shown |= {how: list(self.links.get((number, how), [])) for how in rules.LEADS_TO}
        if kind == "projects":
            project = self.objects[number]
            shown |= {"status": project.get("status", "never updated"), "scm_revision": self.revision(project)}
            shown["related"]["update"] = f"{url}update/"
            shown["summary_fields"] = {"current_update": {"id": project["update"]}} if just_now else {}
        if kind == "credentials":
            secret = {one["id"] for one in self.objects[fields["credential_type"]]["fields"]["inputs"].get("fields", []) if one.get("secret")}
            shown["inputs"] = {name: "$encrypted$" if name in secret else value for name, value in fields["inputs"].items()}
        roles = {f"{role}_role": {"id": number * 100 + place} for place, role in enumerate(KINDS[kind].roles)}
        shown["summary_fields"] = {**shown["summary_fields"], "object_roles": roles}
        return shown

    def one(self, kind, name, organization=None):
        """The number and the fields of the only object of a kind and name, or identifier."""
        found = [(number, each["fields"]) for number, each in self.objects.items()
                 if each["kind"] == kind and name in (each["fields"].get("name"), each["fields"].get("identifier"))
                 and organization in (None, each["fields"].get("organization"))]
        assert len(found) == 1, (kind, name, found)
        return found[0]

    def one_node(self, identifier, workflow="Virtual Chassis rollout"):
        """The number of a node of a workflow."""
        of = self.one("workflow_job_templates", workflow)[0]
        return next(number for number, one in self.objects.items() if one["fields"].get("identifier") == identifier and one["fields"]["workflow_job_template"] == of)

    def teams_with(self, number, role):
        """Numbers of the teams that have a role on an object."""
        return self.grants.get((self.show(number)["summary_fields"]["object_roles"][f"{role}_role"]["id"], "teams"), [])
