# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX accepts: questions of a survey and answers to them, schedules, types of credentials. Each function lists what is wrong."""

import json
import re

import jinja2.sandbox

KINDS = {"text": str, "textarea": str, "password": str, "multiplechoice": str, "multiselect": list, "integer": int, "float": float}
FIELD_KEYS = {"id", "label", "help_text", "type", "choices", "default", "secret", "multiline", "format", "ask_at_runtime"}
NOT_FOR_CREDENTIALS = re.compile(r"ANSIBLE_|(LD_LIBRARY_PATH|LD_PRELOAD|PATH|PYTHONPATH|HOME|JOB_ID|INVENTORY_ID|AWX_HOST|VIRTUAL_ENV)$")


def survey(spec):
    """A survey as it is saved."""
    parts = (("name", str), ("description", str), ("spec", list))
    problems = [f"{name}: want a {kind.__name__}" for name, kind in parts if not isinstance(spec.get(name), kind)]
    if problems or not spec["spec"]:
        return problems or ["spec: no questions"]
    variables = [question.get("variable") for question in spec["spec"]]
    problems += [f"{name}: asked twice" for name in {v for v in variables if variables.count(v) > 1}]
    for question in spec["spec"]:
        problems += [f"{question.get('variable')}: {problem}" for problem in saved(question)]
    return problems


def saved(question):
    missing = [f"no {key}" for key in ("type", "question_name", "variable", "required") if key not in question]
    if missing:
        return missing
    if question["type"] not in KINDS:
        return [f"no such type: {question['type']}"]
    if not isinstance(question["variable"], str) or not isinstance(question["required"], bool):  # a text that can be no variable is taken
        return ["variable or required is none"]
    if "multi" in question["type"] and not question.get("choices"):
        return ["no choices"]
    if any(key in question and type(question[key]) is not int for key in ("min", "max")):
        return ["min and max: want integers"]
    # A default that is too small or too large is taken, and then nobody can launch with it.
    kept = {key: value for key, value in question.items() if key not in ("min", "max")}
    return answers([kept], {question["variable"]: question["default"]}) if question.get("default") not in (None, "") else []


def answers(spec, given):
    """Answers as they come with a launch: one that is missing or does not fit is named."""
    problems = []
    for question in spec:
        name = question["variable"]
        if name not in given:
            problems += [f"{name}: value missing"] * question["required"]
            continue
        value, kind = given[name], KINDS[question["type"]]
        if type(value) is not kind:
            problems.append(f"{name}: want {kind.__name__}, got {value!r}")
        elif "multi" in question["type"]:
            strange = [one for one in (value if kind is list else [value]) if one not in question["choices"]]
            problems += [f"{name}: {one!r} is none of the choices" for one in strange]
        else:
            size = len(value) if kind is str else value
            problems += [f"{name}: {value!r} is too small"] * (size < question.get("min", size))
            problems += [f"{name}: {value!r} is too large"] * (size > question.get("max", size))
    return problems


# What may be given at a launch beside answers, where a template asks for it.
PROMPTED = ("inventory", "limit", "job_type", "diff_mode", "scm_branch", "job_tags", "skip_tags", "verbosity", "execution_environment", "forks",
            "job_slice_count", "timeout")


def variables(text):
    """A template's own variables: awx.awx sends them as text."""
    return json.loads(text) if text else {}


def extra_vars(spec, own, given):
    """What a job gets: the template's own variables, defaults of its survey, then answers."""
    defaults = {question["variable"]: question["default"] for question in spec if question.get("default") not in (None, "")}
    return {**own, **defaults, **given}


def accepted(template, spec, given, required=True):
    """What of a launch a template takes, what it does not ask for, and what is wrong with the answers.

    A required answer has to be given, though the question has a default: only the web page fills defaults in.
    """
    sent, own = given.get("extra_vars") or {}, variables(template.get("extra_vars"))
    problems = [problem for problem in answers(spec, sent) if required or not problem.endswith("value missing")]
    known = {question["variable"] for question in spec}
    strange = {name: value for name, value in sent.items() if name not in known and own.get(name) != value}
    if template.get("ask_variables_on_launch"):
        strange = {}
    taken = {"extra_vars": {name: value for name, value in sent.items() if name not in strange}}
    ignored = {"extra_vars": strange} if strange else {}
    for name, value in given.items():
        if name != "extra_vars" and value != template.get(name):
            (taken if template.get(asks(name)) else ignored)[name] = value
    return taken, ignored, problems


def asks(prompt):
    """The field of a template that says whether something may be given at a launch."""
    return f"ask_{ {'credentials': 'credential', 'job_tags': 'tags'}.get(prompt, prompt)}_on_launch"


LEADS_TO = ("success_nodes", "failure_nodes", "always_nodes")


def link(links, key, other):
    """What is wrong with a link between two nodes of a workflow: there is one of another kind, or it closes a circle."""
    node, how = key
    if node != other and any(other in links.get((node, kind), []) for kind in LEADS_TO if kind != how):
        return "Relationship not allowed."
    seen, ahead = set(), [other]
    while ahead:
        seen.add(one := ahead.pop())
        ahead += [after for kind in LEADS_TO for after in links.get((one, kind), []) if after not in seen]
    return "Cycle detected." if node in seen else ""


def schedule(rrule):
    starts = re.findall(r"DTSTART(?:;[^:]+)?:\d+T\d+Z?", rrule)
    rules = re.findall(r"RRULE:(\S*)", rrule)
    problems = ["want one DTSTART"] * (len(starts) != 1) + ["no RRULE"] * (not rules)
    problems += ["DTSTART: want a time zone"] * bool(re.search(r"DTSTART:\d+T\d+(?!\d|Z)", rrule))
    problems += [f"{word} is not allowed" for word in ("EXDATE", "RDATE", "SECONDLY") if word in rrule.upper()]
    for rule in rules:
        parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
        problems += ["INTERVAL is missing"] * ("INTERVAL" not in parts) + ["FREQ is missing"] * ("FREQ" not in parts)
        problems += ["COUNT and UNTIL"] * ({"COUNT", "UNTIL"} <= set(parts)) + ["BYDAY with a number"] * bool(re.match(r"\d", parts.get("BYDAY", "")))
    return problems


def credential_type(kind):
    """Inputs that a form can show, and injectors that name nothing else."""
    fields = {field["id"]: field for field in kind["inputs"].get("fields", [])}
    wrong = [f"{name}: unknown {set(field) - FIELD_KEYS}" for name, field in fields.items() if set(field) - FIELD_KEYS]
    wrong += [f"{name}: no label" for name, field in fields.items() if not field.get("label")]
    wrong += [f"{name}: 'ask_at_runtime' is not supported for custom credentials." for name, field in fields.items() if field.get("ask_at_runtime")]
    wrong += [f"required: no {name}" for name in kind["inputs"].get("required", []) if name not in fields]
    return {"kind": [] if kind["kind"] in ("cloud", "net") else [f"Must be 'cloud' or 'net', not {kind['kind']}"],
            "inputs": wrong, "injectors": injectors(kind["injectors"], fields)}


def injectors(parts, fields):
    problems = [f"env: {name} is not allowed" for name in parts.get("env", {}) if NOT_FOR_CREDENTIALS.match(name)]
    files = {name.removeprefix("template."): "/file" for name in parts.get("file", {})}
    names = {**dict.fromkeys(fields, "x"), "tower": {"filename": files}}
    strict = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    for part, templates in parts.items():
        for name, template in templates.items():
            try:
                strict.from_string(template).render(names)
            except jinja2.TemplateError as error:
                problems.append(f"{part}: {name}: {error}")
    return problems
