# SPDX-License-Identifier: GPL-3.0-or-later
"""collection/docs/failures.md names every text that a run can fail with, and none that nobody says."""

import ast
import functools
import json
import pathlib
import re
import subprocess

import pytest
import yaml
from conftest import ROLE, TOP

GUIDE = TOP / "collection/docs/failures.md"
SAYERS = ("internal/sshconn", "internal/netconf", "internal/rootshell", "internal/device", "internal/junos", "internal/change", "internal/ansible", "internal/vc",
          "internal/secret", "internal/strictjson", "internal/outcome", "internal/report", "modules",
          "cmd/vchassis")
# Programs of tests, what compares documentation, the table of the device's words, and the page that "vchassis report" draws.
ELSEWHERE = re.compile(r"sshtest/|canary/|ansible/docs/|junos/words|report/(?!awx|inventory|command|fleet)|outcome/(?!object|parse|plan|chosen)")

# What stands in the source and is no failure. Whatever is not named here has to be in the guide.
REMEDIES_IN = {"Hint", "advice", "AdviceOnSCP", "hint", "remedyFor", "addOrStop", "algorithmHint", "hintAtPrepareSetup", "hintAtOldRelease", "hintAtRefusal", "adviceOnMember", "adviseOnMembers", "adviceOnInactive", "hintAtRootLogin", "hintAtNoDoor", "permitFor", "remedy"}  # functions; what they return is the result's "hint"
REMEDIES_OF = {"Remedy", "Hint", "chassisProblem/1", "memberProblem/2", "ownTrialProblems/0", "bad/0", "With/1", "NewProblem/1"}
EVENTS_OF = {"Begin/0", "BeginBecause/0", "BeginBecause/1", "BeginWith/0", "BeginWith/1", "Enter/0", "Note/0"}  # what a run reports while it is under way
SUCCESSES_IN = {
    "change.shownName",
    "vc_authorized_keys_command.describeKeysCommand", "vc_authorized_keys_command.describeService", "vc_internal_ssh.describeKeys", "vc_internal_ssh.describeDoor", "vc.StepByHand", "vc_scp_sync.describeSCP", "vc_sync_check.describeSync", "vc_info.summarizeChassis", "vc_snapshot.describeSnapshot", "vc_snapshot.describeHistory", "vc_snapshot.keepMark", "vc_info.nameStrangers", "vc_info.nameUnproved",
    "vc.Transport", "vc.Words", "vc.ReasonForDoors", "vc.explainMissingKeys", "vc.Text", "vc_procedure.describeStages", "device.showActions", "device.showFailedPlan", "ansible.showValue", "ansible.kindOf",
    "ansible.printUsage", "ansible.shortenText", "sshconn.PublicKey", "report.summaryLine", "report.headline", "vchassis.printHelp",
}
NO_FAILURE = {"synchronizes over SCP"}  # of the audit
PATTERNS_OF = {"MustCompile/0", "Contains/1"}  # and all that anyOf is given
REASONS_OF = {"planUnchanged/1"}
OTHER = {
    "key exchange", "host key", "bad certificate", "not the pinned one", "too short",  # phases and reasons
    "xml-mode netconf need-trailer", "no ask", " of the agent", "%q with user %q", "(exit status %d)", "the peer", "the timeout of this operation",
    "trace_anonymize_key: want at least %d characters",  # of redact, which is given the option's name
    "configuration database locked by", "configuration database modified", "error without a message",  # words of Junos, in a section of their own
    "without a trial nothing would roll SCP back on a member that lacks keys",  # of the role's variables
    "in FIPS mode members synchronize over SCP only, for which they need these values first: set them on every switch before it joins, "
    "at its own address with on_member: true (scp_config_sync_members in the role)",
    "on the switch, set system services netconf ssh; then use port 830", "or set chassis_fips: true or false",  # parts of remedies
    "deny-configuration for system", "deny-commands for it",
    "set private_key_file or use_agent: the switch's password is never shown to a jump host",
    "SCP is active by FIPS mode, so config-sync-with-scp is not needed",  # a reason to do nothing
    "root's Password:", "Password for root:", "set cli screen-width 511", "id -u; echo \"", "stty raw -echo; xml-mode netconf need-trailer; exit",  # a terminal
    "await rollback", "revert", "commit confirmed", "commit again", "commit confirmed, rollback in", "vchassis.junos %s %s %s run=%s",  # names of steps, and the commit log
    "unexpected message type 60 (expected 52)",  # a text of x/crypto/ssh that is looked for
    "a string", "a list", "an object", "a boolean", "a number", "true, false or unknown", "scp, rcp or unknown",  # in messages about records
    "usage: vchassis report DIR... [-o FILE] [--format html|csv|json|md] [--inventory FILE]\nShows the records in DIR (scp_config_sync_report_path), "
    "or in files of records and of AWX' artifacts, on stdout or in FILE.\n--inventory is the output of ansible-inventory --list: it names the chassis that have "
    "no record, and the groups.\n", "html, csv, json or md",
    "vchassis outcome: %v\n", "vchassis report: %v\n%s", "vchassis report: %v\n", "vchassis %s, %s %s/%s\n",
}
VERB = re.compile(r"%(?:\[\d\])?[-+#0-9.]*[a-zA-Z]")
pytestmark = pytest.mark.facts



@functools.cache
def texts_of_the_source():
    program = subprocess.run(["go", "run", "./tests/messages", *SAYERS], cwd=TOP, capture_output=True, text=True, check=True)
    return [m for m in json.loads(program.stdout) if not ELSEWHERE.search(m["file"])]


def said():
    """Every text of the Go sources that a user may see as a failure or a warning."""
    return [m for m in texts_of_the_source() if fails(m)]


def reported():
    """What a run reports while it is under way."""
    return [m["text"] for m in texts_of_the_source() if m["of"] in EVENTS_OF]


def fails(message):
    where = f"{pathlib.Path(message['file']).parent.name}.{message['in']}"
    hint = message["in"] in REMEDIES_IN or message["of"] in REMEDIES_OF
    return not (hint or where in SUCCESSES_IN or message["of"] in PATTERNS_OF | REASONS_OF | EVENTS_OF or message["of"].startswith("anyOf/")
                or message["text"] in OTHER)


def said_by_ansible():
    """Texts of the action plugin, the role and the playbooks."""
    plugins = [ast.parse(path.read_text()) for path in (TOP / "collection/plugins/action").glob("*.py")]
    for call in (node for plugin in plugins for node in ast.walk(plugin)):
        of = isinstance(call, ast.Call) and (getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
        if of == "failure" or of == "append" and isinstance(call.args[0], ast.JoinedStr):
            parts = call.args[0].values if isinstance(call.args[0], ast.JoinedStr) else [call.args[0]]
            yield "".join(part.value if isinstance(part, ast.Constant) else "%s" for part in parts)
    for file in ("plugin_utils/program.py", "module_utils/stock.py"):
        for call in ast.walk(ast.parse((TOP / "collection/plugins" / file).read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) in ("ProgramError", "fail_json"):
                text = call.args[0] if call.args else call.keywords[0].value
                yield "".join(part.value if isinstance(part, ast.Constant) else "%s" for part in getattr(text, "values", [text]))
    for node in ast.parse((TOP / "collection/plugins/plugin_utils/preflight.py").read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "FORMER":
            yield from ast.literal_eval(node.value).values()
    folders = TOP / "collection/playbooks", TOP / "awx/project"
    for file in [*ROLE.glob("tasks/*.yml"), *(file for folder in folders for file in folder.rglob("*.yml")), TOP / "collection/awx/preflight.yml"]:
        plays = yaml.safe_load(file.read_text())
        # What a play says before it has a host.
        yield from (re.sub(r"\{\{.*?\}\}", "%s", play["vars"][name]) for play in walk(plays)
                    for name in re.findall(r"undef\(hint=(\w+)\)", str(play.get("hosts", ""))))
        yield from (re.sub(r"\{\{.*?\}\}", "%s", text) for found in walk(plays) for text in found.get("audit_how", {}).values())
        for task in walk(plays):
            for action in (task.get("ansible.builtin.fail", {}), task.get("ansible.builtin.assert", {})):
                for text in (action.get("msg"), action.get("fail_msg")):
                    if text:
                        yield re.sub(r"(?s)\{\{.*?\}\}", "%s", text)
            # What the audit says of a chassis; one of them is no failure.
            yield from (re.sub(r"\{\{.*?\}\}", "%s", text) for how, text in task.get("audit_how", {}).items() if how != "scp")


def walk(node):
    """Every dict in a tree."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def stable(text):
    """The longest part of a text that is always the same."""
    pieces = [bare(piece) for piece in re.split(f'\n|"|{VERB.pattern}', text.replace("%%", "\0"))]
    return max(pieces, key=len).replace("\0", "%")


def bare(piece):
    return piece.strip(" :;,()[]{}<>/?-")


@functools.cache
def listed():
    """What stands in the first column of the guide's tables, between backticks; the chassis' own words are not ours."""
    ours = GUIDE.read_text().split("## What the chassis itself says")[0].split("Search this page")[1]
    cells = re.findall(r"^\| (`.*?`) \|", ours, re.M)
    return [span for cell in cells for span in re.findall(r"`(.+?)`", cell)]


def missing(texts):
    """Texts whose stable part is in no entry. Of one word, as in "want %s, got %s", the whole text has to be there; without one, as in "%s: %w",
    there is nothing to search for."""
    return [text for text in texts if re.search("[a-z]", stable(text)) and not any(sought(text) in entry for entry in listed())]


def sought(text):
    """The stable part, or the whole text as the guide writes it: … for what differs. What is wrapped with %w is a text of its own."""
    if " " in stable(text):
        return stable(text)
    whole = re.sub(rf"[<\"/?]*{VERB.pattern}[>\"?]*", "…", re.sub("%w: |: %w|%w", "", text))
    return bare(re.sub("…+", "…", whole))


def test_every_failure_of_the_modules_is_in_the_guide():
    lost = {text: f"{m['file']}:{m['line']} in {m['in']}" for m in said() for text in missing([m["text"]])}
    assert not lost, "not in failures.md:\n" + "\n".join(f"{where}: {text!r}" for text, where in lost.items())


def test_every_failure_of_role_playbooks_and_action_plugin_is_in_the_guide():
    texts = [text for text in said_by_ansible() if text not in NO_FAILURE]
    assert len(texts) >= 8
    assert not missing(texts)


def test_the_guide_names_no_text_that_nobody_says():
    everything = "\n".join([m["text"].replace("%%", "%") for m in said()] + [*reported(), *said_by_ansible(), *OTHER])
    pieces = {bare(piece): entry for entry in listed() for piece in re.split(r"…|ADDRESS|PHASE", entry)}
    nobodys = {piece: entry for piece, entry in pieces.items() if " " in piece and piece not in everything and piece not in WRAPPED}
    assert not nobodys


def test_what_a_run_waits_for_is_in_the_guide():
    """A line that is shown for minutes is copied, too."""
    assert not missing([text for text in reported() if re.search("wait|trial|again|lost", text)])


def test_every_row_of_the_guide_is_complete_and_there_once():
    rows = [re.split(r" \| ?", row.strip("|\n").strip(" ")) for row in re.findall(r"^\|(?!---).*\|$", GUIDE.read_text(), re.M)]
    assert len(rows) > 150
    assert not [row for row in rows if len(row) < 2 or not all(row)]
    first = [row[0] for row in rows if row[0].startswith("`") and len(row) == 3]
    assert not {cell for cell in first if first.count(cell) > 1} - {"`no answer within …`"}  # of a login, and of an RPC


# Texts of the operating system and of libraries.
WRAPPED = {"connection refused", "no common public key signature algorithm", "no such host", "no common algorithm", "no such file or directory"}


@pytest.mark.parametrize("text", ["frobnicate %s: the flux is %d degrees off", "a new refusal", "frobnicate %s: %w", "%q meets %q"])
def test_a_new_text_would_be_missed(text):
    assert missing([text]) == [text]
