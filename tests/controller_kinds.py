# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of AWX' API: what each kind has, what makes it unique, what it points to, and what may be attached to it.

What a kind does not have is ignored when it is sent, and is not in the answer: the modules of awx.awx take such a field for a change each time.
"""

import dataclasses

NOTIFICATIONS = {f"notification_templates_{when}": "notification_templates" for when in ("started", "success", "error")}
APPROVALS = {**NOTIFICATIONS, "notification_templates_approvals": "notification_templates"}
ASKS = {f"ask_{what}_on_launch": False for what in ("inventory", "limit", "scm_branch", "variables", "labels", "tags", "skip_tags")}
JOB_ASKS = {**ASKS, **{f"ask_{what}_on_launch": False for what in (
    "job_type", "diff_mode", "verbosity", "credential", "execution_environment", "forks", "job_slice_count", "timeout", "instance_groups")}}
PROMPTS = {"inventory": None, "limit": None, "job_type": None, "diff_mode": None, "scm_branch": None, "job_tags": None, "skip_tags": None,
           "verbosity": None, "execution_environment": None, "forks": None, "job_slice_count": None, "timeout": None}


@dataclasses.dataclass(frozen=True)
class Kind:
    """Fields with what AWX has where nothing is sent."""

    fields: dict
    required: tuple
    unique: tuple
    attached: dict = dataclasses.field(default_factory=dict)
    roles: tuple = ()
    read_only: tuple = ()


def kind(required, unique, *, attached=None, roles=(), read_only=(), **fields):
    return Kind({"name": "", "description": "", **fields}, tuple(required.split()), tuple(unique.split()), attached or {}, roles, read_only)


KINDS = {
    "organizations": kind(
        "name", "name", attached={"galaxy_credentials": "credentials", "instance_groups": "instance_groups", **APPROVALS},
        roles=("admin", "execute", "approval"), max_hosts=0, default_environment=None),
    "teams": kind("name organization", "name organization", organization=None),
    "instance_groups": kind("name", "name"),
    "credential_types": kind("name kind", "name kind", kind="", managed=False, inputs={}, injectors={}),
    "credentials": kind(
        "name credential_type", "name organization credential_type", roles=("admin", "use"), organization=None, credential_type=None, inputs={}, managed=False),
    "execution_environments": kind("name image", "name", organization=None, image="", credential=None, pull="", managed=False),
    "projects": kind(
        "name", "name organization", attached=NOTIFICATIONS, roles=("admin", "use"), organization=None, scm_type="", scm_url="", scm_branch="",
        scm_refspec="", scm_clean=False, scm_update_on_launch=False, scm_update_cache_timeout=0, allow_override=False, timeout=0, credential=None,
        default_environment=None),
    "inventories": kind(
        "name organization", "name organization", attached={"instance_groups": "instance_groups"}, roles=("admin", "use"), organization=None,
        kind="", host_filter=None, variables=""),
    "inventory_sources": kind(
        "name inventory", "name inventory", attached=NOTIFICATIONS, read_only=("inventory",), inventory=None, source="", source_path="", source_project=None,
        source_vars="", overwrite=False, overwrite_vars=False, update_on_launch=False, update_cache_timeout=0, timeout=0, verbosity=1, scm_branch="",
        limit="", execution_environment=None),
    "job_templates": kind(
        "name project playbook", "name organization",
        attached={"credentials": "credentials", "labels": "labels", "instance_groups": "instance_groups", **NOTIFICATIONS},
        roles=("admin", "execute"), read_only=("organization",), organization=None, inventory=None, project=None, playbook="", job_type="run",
        scm_branch="", forks=0, limit="", verbosity=0, extra_vars="", job_tags="", skip_tags="", timeout=0, diff_mode=False, allow_simultaneous=False,
        job_slice_count=1, execution_environment=None, survey_enabled=False, **JOB_ASKS),
    "workflow_job_templates": kind(
        "name", "name organization", attached={"labels": "labels", **APPROVALS}, roles=("admin", "execute", "approval"), organization=None,
        inventory=None, limit=None, scm_branch=None, extra_vars="", allow_simultaneous=False, survey_enabled=False, **ASKS),
    "workflow_job_template_nodes": kind(
        "workflow_job_template identifier", "workflow_job_template identifier",
        attached={**dict.fromkeys(("success_nodes", "failure_nodes", "always_nodes"), "workflow_job_template_nodes"), "credentials": "credentials"},
        read_only=("workflow_job_template",), identifier="", workflow_job_template=None, unified_job_template=None, extra_data={},
        all_parents_must_converge=False, **PROMPTS),
    "workflow_approval_templates": kind("name", "", timeout=0, execution_environment=None),
    "schedules": kind("name unified_job_template rrule", "name unified_job_template", unified_job_template=None, rrule="", enabled=True, extra_data={}, **PROMPTS),
    "labels": kind("name organization", "name organization", organization=None),
    "notification_templates": kind(
        "name organization notification_type", "name organization", organization=None, notification_type="", notification_configuration={}, messages=None),
}
for nameless in ("workflow_job_template_nodes",):
    del KINDS[nameless].fields["name"], KINDS[nameless].fields["description"]

# What a search for any template finds; an approval is in no such list.
TEMPLATES = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
POINTS_TO = {
    "organization": ("organizations",), "inventory": ("inventories",), "credential_type": ("credential_types",), "project": ("projects",),
    "source_project": ("projects",), "workflow_job_template": ("workflow_job_templates",), "execution_environment": ("execution_environments",),
    "credential": ("credentials",), "default_environment": ("execution_environments",),
    "unified_job_template": (*TEMPLATES, "workflow_approval_templates"),
}
# What goes with the object that it points to. Everything else is left pointing to nothing.
GOES_WITH = {("workflow_job_template_nodes", "workflow_job_template"), ("inventory_sources", "inventory"), ("inventory_sources", "source_project"),
             ("schedules", "unified_job_template"), ("credentials", "organization"), ("labels", "organization")}
# A change of these makes AWX update a project.
UPDATES_A_PROJECT = ("scm_url", "scm_branch", "scm_type", "scm_refspec")
