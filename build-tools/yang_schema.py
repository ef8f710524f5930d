#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Derives the simulator's schema from Juniper's published models.

    yang_schema.py MODELS                   writes the files of internal/sim/conf/schema, but for a_root.txt
    yang_schema.py MODELS --compare         lists in what the schema files differ from the models, and exits with 1 if they do
    yang_schema.py MODELS --facts           writes internal/sim/conf/testdata/model.txt: what the models say of each hierarchy, as digests
    yang_schema.py MODELS --operations      writes internal/sim/cli/operations.txt: the RPCs of an EX or QFX, and the commands that they stand for

MODELS is a folder with the modules of "conf-with-extensions" of one release, of junos-ex and junos-qfx, for --operations with those of
"rpc-with-extensions" of both. Only what the models say of structure is kept: names, kinds, keys, types, and how
the command line writes a statement. Descriptions are not.
"""

import argparse
import collections
import hashlib
import pathlib
import re
import sys

SCHEMA = pathlib.Path(__file__).parents[1] / "internal/sim/conf/schema"
FACTS = SCHEMA.parent / "testdata/model.txt"
OPERATIONS = SCHEMA.parents[1] / "cli/operations.txt"
FEATURES = {"nokeyword": "bare", "oneliner": "oneline", "oneliner-plus": "single", "homogeneous": "block"}
WRITING = {"bare", "block", "oneline", "single", "prefix"}
WORDED = "worded:"  # of a list: keys whose names are written before them
NOT_IN_MODELS = {
    "/system/commit/config-sync-with-scp": "came with 25.2R1",
    "/system/commit/factory-settings": "of older EX, which can be members of such a chassis",
    "/system/phone-home": "in the configuration that an EX leaves the factory with",
    "/system/name-server/source-address": "in Juniper's documentation",
    "/vlans/vlan/no-arp-suppression": "in Juniper's documentation, and in constraints of the models",
    "/routing-instances/instance/vlans/vlan/no-arp-suppression": "the same",
    "/redundant-power-system": "of older EX",
    "/version": "written by the switch",
    "/groups": "the root module has them",
}
INSERTED = {  # lines of the above, behind a statement of the models
    "/system/commit/synchronize": ["config-sync-with-scp=empty since:25.2R1", "factory-settings", "\treset-virtual-chassis-configuration=empty", "\treset-chassis-lcd-menu=empty"],
    "/system/auto-snapshot": ["phone-home", "\tserver=string", "\trfc-compliant=empty", "\tca-certificate-file=string", "\tsource-address=string",
                              "\tupgrade-image-before-configuration=empty"],
    "/system/name-server/routing-instance": ["source-address=jt:ipaddr"],
    "/vlans/vlan/l3-interface": ["no-arp-suppression=empty"],
    "/routing-instances/instance/vlans/vlan/l3-interface": ["no-arp-suppression=empty"],
}
WORDS = "clear file help monitor mtrace ping probe request restart show test traceroute".split()  # of the operational mode
MORE_OPERATIONS = {  # in Juniper's documentation; commands that have no RPC in the models have no name here
    "get-interface-optics-diagnostics-information": "show interfaces diagnostics optics",
    "get-poe-controller-information": "show poe controller",
    "get-poe-interface-information": "show poe interface",
    "get-xnm-information": "",
    "request-power-off": "request system power-off",
    "request-package-add": "request system software add",
    "request-package-delete": "request system software delete",
    "request-package-rollback": "request system software rollback",
    "request-package-validate": "request system software validate",
    "get-support-information": "request support information",
    "copy-config": "",
    "get-schema": "",
    "request-pfe-execute": "request pfe execute",
    "": "request system zeroize,show system boot-messages,show krt,ssh,telnet,op,show cli history,file rename,show system connections extensive,"
    "show system connections inet,show system connections inet6,show system processes brief,show system processes extensive,show system processes summary",
}
OF_OTHER_DEVICES = """
all-chassis all-gnfs all-lcc all-servers all-system all-vnfs bsys gnf lcc logical-system no-forwarding node re0 re1 scc server sfc tenant vnf
""".split()
EARLIER_OPERATIONS = """
get-ethernet-switching-interface-information get-interface-ethernet-switching-table get-lldp-interface-neighbors-information
get-dot1x-interface-information get-ipv6-nd-information get-mstp-bridge-configuration-information get-stp-bridge-interface-information
get-vlan-ethernet-switching-table monitor-traffic
request-line-card-login request-virtual-chassis-mode-mixed
""".split()
OF_QFX = {"system": "packet-forwarding-options ddos-protection inet6-backup-router"}  # hierarchies of junos-qfx that the module of junos-ex has not
TYPES = {  # where the models say too little, or too much
    "/(vlans/vlan|routing-instances/instance)/interface/name": "jt:interface-unit",
    ".*/bgp/group(/dynamic-neighbor)?/allow": "jt:ipprefix-or-all",
}
MARKS = {  # what the models do not say: secrets, words of the command line that differ from the element, entries that go with their last statement
    ".*/encrypted-password|.*authentication/ssh-[a-z0-9]+|.*/proxy-authorization/password": "secret",
    ".*/plain-text-password-value|/snmp/v3/usm/.*/(authentication|privacy)-password": "encrypt",
    ".*/ieee-802.3ad": "text:802.3ad",
    ".*/member-range/end-range": "text:to",
    "/snmp/system-name": "text:name",
    # As junipernetworks.junos' tests of deletions find it on their devices; a unit stays there.
    "/interfaces/interface|/firewall(/family/[^/]+)?/filter": "vanishing",
}

# What a switch in a Virtual Chassis may carry. Left out are whole branches that an EX or QFX has no use for there, by their path.
FILES = {
    "system": "system",
    "switch": "virtual-chassis chassis vlans snmp",
    "interfaces": "interfaces",
    "routing": "forwarding-options multicast-snooping-options policy-options firewall routing-options routing-instances switch-options poe multi-chassis"
    " event-options class-of-service security access services",
    "protocols": "protocols",
}
ONLY = {  # by a pattern of the path: the names that are kept there
    "/system/ddos-protection/protocols/.*": "aggregate bandwidth burst priority bandwidth-scale burst-scale disable-fpc disable-routing-engine disable-logging",
    "/protocols": "router-advertisement neighbor-discovery iccp lacp oam bfd ptp dcbx dot1x vrrp bgp evpn igmp router-discovery isis mld ospf ospf3 pim rip msdp"
    " l2-learning lldp lldp-med igmp-snooping mld-snooping sflow mvrp layer2-control rstp mstp vstp loop-detect uplink-failure-detection",
    "/security": "alarms log certificates authentication-key-chains ssh-known-hosts pki macsec traceoptions",
    "/access": "radius-server profile address-assignment domain radius-options ldap-server",
    "/services": "captive-portal analytics flow-monitoring",
    "/firewall/family": "inet inet6 ethernet-switching any evpn",
    ".*/bgp(/group)?(/neighbor)?/family": "inet inet6 evpn",
    ".*/bgp(/group)?(/neighbor)?/family/inet6?": "unicast any flow labeled-unicast",
    "/routing-options/rib": "name static aggregate generate",
    "/routing-instances/instance/protocols": "bgp evpn igmp-snooping mld-snooping mstp ospf ospf3 rstp vstp",
}
WITHOUT = (
    "policy-options/satellite-policies forwarding-options/satellite routing-options/bmp routing-options/flow routing-options/source-packet-routing"
    " routing-options/dynamic-tunnels routing-instances/instance/system routing-instances/instance/bridge-domains routing-instances/instance/provider-tunnel"
    " routing-instances/instance/access forwarding-options/port-mirroring/instance"
    " forwarding-options/sampling/family forwarding-options/sampling/output chassis/lcc chassis/sib chassis/satellite-management"
).split()

TOKENS = re.compile(r"""\s+|//[^\n]*|/\*.*?\*/|"((?:[^"\\]|\\.)*)"|'([^']*)'|([{};])|([^\s{};"']+)""", re.S)


class Node:
    """One statement of a model."""

    def __init__(self, name, kind):
        self.name, self.kind, self.keys, self.type, self.flags, self.kids, self.behind = name, kind, [], "", set(), [], []
        self.choices = 0


def statements(text):
    """Returns the statements of a module as (keyword, argument, statements)."""
    stack, words = [[]], []
    for match in TOKENS.finditer(text):
        sign = match[3]
        if not sign:
            words += [w for w in (match[1], match[2], match[4]) if w is not None]
            continue
        if sign != "}" and words:
            stack[-1].append((words[0], "".join(w for w in words[1:] if w != "+"), []))
        if sign == "{":
            stack.append(stack[-1][-1][2])
        elif sign == "}":
            stack.pop()
        words = []
    return stack[0]


def of(statement, keyword):
    return [s for s in statement[2] if s[0] == keyword]


def argument(statement, keyword):
    return next((s[1] for s in of(statement, keyword)), "")


def type_of(leaf):
    """Returns a type as the schema files have it. Of a union, the part that is no wildcard counts."""
    kind = of(leaf, "type")[0]
    if kind[1] == "union":
        parts = [t for t in of(kind, "type") if t[1] != "string" or not of(t, "pattern")] or of(kind, "type")
        if len(parts) > 1:
            return "string"
        kind = parts[0]
    if kind[1] == "enumeration":
        words = [e[1] for e in of(kind, "enum")]
        return "string" if any(" " in w or "|" in w for w in words) else "enum:" + "|".join(words)
    limits = (argument(kind, "range") or argument(kind, "length")).replace(" ", "")
    if not limits or "|" in limits or kind[1] == "empty":
        return kind[1]
    low, _, high = limits.partition("..")
    return f"{kind[1]}({low}..{high or low})"


def flags_of(statement):
    return {FEATURES[f[1]] for f in of(statement, "junos:cli-feature") if f[1] in FEATURES}


def expand(parent, children, groupings, inside=()):
    """Adds the statements below a node; those of a choice stand side by side."""
    for s in children:
        keyword, name, below = s
        if keyword in ("choice", "case"):
            expand(parent, [*below, *hidden_half(s)], groupings, inside)
            if keyword == "choice":
                exclude_each_other(parent, s)
        elif keyword == "uses" and name not in inside and name in groupings and name != "apply-advanced":
            parent.flags |= flags_of(groupings[name])
            expand(parent, groupings[name][2], groupings, (*inside, name))
        elif keyword in ("container", "list", "leaf", "leaf-list"):
            add_node(parent, s, groupings, inside)


def hidden_half(choice):
    """The statement that a choice has besides those that the models show: a switch takes "enable" where they have only "disable"."""
    shown = [names for names in cases(choice) if names]
    return [("leaf", "enable", [("type", "empty", [])])] if choice[1] == "enable-disable" and shown == [["disable"]] else []


def cases(choice):
    """The names of the statements of each case."""
    each = [case[2] for case in of(choice, "case")] + [[s] for s in choice[2] if s[0] in ("container", "list", "leaf", "leaf-list")]
    return [[s[1] for s in case if s[0] in ("container", "list", "leaf", "leaf-list")] for case in each]


def exclude_each_other(parent, choice):
    """Gives the statements of each case of a choice its number: one case is there, the others are not."""
    parent.choices += 1
    all_cases = cases(choice) + [[half[1]] for half in hidden_half(choice)]
    for node in parent.kids:
        for number, names in enumerate(all_cases if len(all_cases) > 1 else []):
            if node.name in names:
                node.flags.add(f"case:{parent.choices}.{number}")
        if node.name in (half[1] for half in hidden_half(choice)):
            node.flags.add("hidden")


def add_node(parent, s, groupings, inside):
    node = next((k for k in parent.kids if k.name == s[1]), None)
    if node is None:
        node = Node(s[1], "presence" if of(s, "presence") else s[0])
        parent.kids.append(node)
    node.keys, node.flags = argument(s, "key").split(), flags_of(s)
    if s[0].startswith("leaf"):
        node.type = type_of(s)
        node.flags |= {"secret"} if node.type == "jt:unreadable" else set()
        return
    if s[0] == "list" and not of(s, "ordered-by"):
        node.flags.add("sorted")
    expand(node, s[2], groupings, inside)
    simplify_choice(node)
    name_keys(node)
    if "bare" in node.flags:
        node.flags.discard("block")
    if s[0] == "container" and "block" in node.flags:
        node.flags = node.flags - {"block"} | {"prefix"}


def simplify_choice(node):
    """The models make keys of a choice and its value; what is typed and kept is the choice, and few have a value behind it."""
    value = next((k for k in node.kids if k.name == "choice-value"), None)
    if value is None or value.name not in node.keys:
        return
    if node.keys[-1] == value.name:
        value.flags.add("bare")
    else:
        node.kids.remove(value)
    node.keys.remove(value.name)


def name_keys(node):
    """Notes the keys whose names are written. The name of a choice is not: its value is a word already."""
    if named := [k.name for key in node.keys for k in node.kids if k.name == key != "choice-ident" and "bare" not in k.flags]:
        node.flags.add(WORDED + ",".join(named))


def model(folder, name):
    """Returns the hierarchy of a name; junos-ex has few modules of its own, and shares the others."""
    for device in ("ex", "qfx"):
        files = [f for f in pathlib.Path(folder).glob(f"junos-{device}-conf-{name}@*") if f.stat().st_size > 0]
        if files:
            break
    top = module(files[0], name)
    if extra := OF_QFX.get(name):
        top.kids += [k for k in module(next(pathlib.Path(folder).glob(f"junos-qfx-conf-{name}@*")), name).kids if k.name in extra.split()]
    return top


def module(file, name):
    body = statements(file.read_text())[0][2]
    root = Node("", "container")
    expand(root, [s for s in body if s[0] == "augment"][0][2], {s[1]: s for s in body if s[0] == "grouping"})
    return next(k for k in root.kids if k.name == name)


def wanted(path, name):
    place = f"{path}/{name}".lstrip("/")
    only = [names for pattern, names in ONLY.items() if re.fullmatch(pattern, path)]
    return place not in WITHOUT and all(name in names.split() for names in only)


def prune(node, path=""):
    path = f"{path}/{node.name}"
    node.flags |= {mark for pattern, mark in MARKS.items() if re.fullmatch(pattern, path)}
    node.type = next((kind for pattern, kind in TYPES.items() if re.fullmatch(pattern, path)), node.type)
    node.behind = INSERTED.get(path, [])
    node.kids = [k for k in node.kids if wanted(path, k.name)]
    for k in node.kids:
        prune(k, path)


def head(node):
    """Returns the line of a statement, as conf/schema_read.go reads it."""
    ends = {"container": "", "presence": "!", "list": f"[{','.join(node.keys)}]", "leaf": f"={node.type}", "leaf-list": f"*={node.type}"}
    return " ".join([node.name + ends[node.kind], *sorted(node.flags)])


def lines_of(node, key_of=()):
    """Returns a statement and what is below it. Keys are listed where they are no plain strings."""
    if node.name in key_of:
        return [] if node.type == "string" else [f"{node.name}={node.type}"]
    return [head(node), *("\t" + line for k in node.kids for line in lines_of(k, node.keys)), *node.behind]


def share(lines):
    """Writes what stands below several statements alike once, as a definition."""
    bodies = collections.Counter()
    spans = {}
    for i, line in enumerate(lines):
        depth = len(line) - len(line.lstrip("\t"))
        end = i + 1
        while end < len(lines) and lines[end].startswith("\t" * (depth + 1)):
            end += 1
        body = tuple(x[depth + 1 :] for x in lines[i + 1 : end])
        if len(body) >= 6:
            bodies[body] += 1
            spans[i] = (depth, body)
    names = {b: f"{lines[i].strip().split()[0].split('[')[0].strip('!')}-{n}" for n, (i, (_, b)) in enumerate(spans.items()) if bodies[b] > 1}
    return fold(lines, names), [(name, fold(list(body), names)) for body, name in names.items()]


def fold(lines, names):
    out, i = [], 0
    while i < len(lines):
        depth = len(lines[i]) - len(lines[i].lstrip("\t"))
        end = i + 1
        while end < len(lines) and lines[end].startswith("\t" * (depth + 1)):
            end += 1
        name = names.get(tuple(x[depth + 1 :] for x in lines[i + 1 : end]))
        out.append(lines[i])
        if name:
            out.append("\t" * (depth + 1) + "+" + name)
            i = end
        else:
            i += 1
    return out


def write(folder):
    for file, names in FILES.items():
        lines = []
        for name in names.split():
            top = model(folder, name)
            prune(top)
            lines += lines_of(top)
        lines, definitions = share(lines)
        text = ["# Derived by build-tools/yang_schema.py from Juniper's published models of 24.4R1, which also lists what is left out."]
        for name, body in definitions:
            used = any(line.strip() == "+" + name for _, other in definitions for line in other) or any(line.strip() == "+" + name for line in lines)
            if used:
                text += [f"define {name}", *("\t" + line for line in body)]
        (SCHEMA / f"{file}.txt").write_text("\n".join(text + lines) + "\n")


def write_operations(folder):
    """Writes the RPCs of the models in their order, each with its command; of those that the simulator has, with the words that may follow it, too."""
    found, options = {}, {}
    simulated = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)": ', "".join(file.read_text() for file in (SCHEMA.parents[1] / "rpc").glob("*.go"))))
    for file in sorted([*pathlib.Path(folder).glob("junos-ex-rpc-*@*"), *pathlib.Path(folder).glob("junos-qfx-rpc-*@*")]):
        text = file.read_text()
        body = statements(text)[0] if text else ("", "", [])
        for rpc in of(body, "rpc"):
            command = argument(rpc, "junos:command")
            found.setdefault(rpc[1], command if command.split()[0] in WORDS else "")
            if rpc[1] in simulated:
                options.setdefault(rpc[1], options_of(rpc, {s[1]: s for s in of(body, "grouping")}))
    found = dict.fromkeys(EARLIER_OPERATIONS, "") | MORE_OPERATIONS | found
    rows = [(name, command) for name, commands in sorted(found.items()) for command in commands.split(",")]
    lines = ["\t".join([name, command, *(options.get(name, []) if command else [])]) for name, command in rows]
    OPERATIONS.write_text("\n".join(lines) + "\n")


def options_of(rpc, groupings):
    """Returns what may follow a command: a word, a word= that has a value, or the name of an argument in angle brackets."""
    root, words = Node("", "container"), []
    for given in of(rpc, "input"):
        expand(root, given[2], groupings)
    for node in root.kids:
        choice = node.type.removeprefix("enum:").split("|") if node.type.startswith("enum:") else [f"<{node.name}>"]
        words += choice if "bare" in node.flags else [node.name + ("" if node.type in ("", "empty") else "=")]
    return sorted(word for word in set(words) if word.rstrip("=") not in OF_OTHER_DEVICES)


def writing(flags):
    return {flag for flag in flags if flag in WRITING or flag.startswith(WORDED)}


def read_ours():
    """Returns the statements of the schema files by their path: kind, keys and flags."""
    lines, definitions, current = [], collections.defaultdict(list), None
    for file in sorted(SCHEMA.glob("*.txt")):
        current = None
        for line in file.read_text().splitlines():
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if line.startswith("define "):
                current = definitions[line[7:]]
            elif current is not None and line.startswith("\t"):
                current.append(line[1:])
            else:
                current = None
                lines.append(line)
    found = {}
    collect("", lines, definitions, found)
    return found


def collect(path, lines, definitions, found):
    i = 0
    while i < len(lines):
        end = i + 1
        while end < len(lines) and lines[end].startswith("\t"):
            end += 1
        first, *flags = lines[i].split()
        if first.startswith("+"):
            collect(path, definitions[first[1:]], definitions, found)
        else:
            match = re.match(r"([^\[=*!]+)(?:\[(.*)\]|(\*=)|(=)|(!))?", first)
            kind = "list" if match[2] else "leaf-list" if match[3] else "leaf" if match[4] else "presence" if match[5] else "container"
            place = f"{path}/{match[1]}"
            found.setdefault(place, (kind, (match[2] or "").split(",") if match[2] else [], writing(flags)))
            collect(place, [x[1:] for x in lines[i + 1 : end]], definitions, found)
        i = end


def both(folder):
    """Yields (path, ours, the models') of every statement that the schema files have. The models' is None where they have none."""
    ours, theirs = read_ours(), {}

    def walk(node, path, keys):
        place = f"{path}/{node.name}"
        if node.name not in keys:
            theirs[place] = (node.kind, node.keys, writing(node.flags))
        for k in node.kids:
            walk(k, place, node.keys)

    excepted = tuple(NOT_IN_MODELS)
    keys = {f"{p}/{k}" for p, (_, names, _) in ours.items() for k in names}
    paths = [p for p in ours if p not in keys and not any(p == e or p.startswith(e + "/") for e in excepted) and not p.startswith("/apply-groups")]
    for top in sorted({p.split("/")[1] for p in paths}):
        walk(model(folder, top), "", [])
    for path in paths:
        yield path, ours[path], theirs.get(path)


def write_facts(folder):
    """Writes the number of statements and a digest for each hierarchy and what is directly below it."""
    groups = collections.defaultdict(list)
    for path, _, (kind, keys, flags) in both(folder):
        groups["/".join(path.split("/")[:3])].append(f"{path} {kind} {','.join(keys)} {','.join(sorted(flags))}\n")
    lines = ["# What Juniper's published models of 24.4R1 say of the statements that the schema has. Written by build-tools/yang_schema.py --facts."]
    lines += [f"{name} {len(facts)} {hashlib.sha256(''.join(sorted(facts)).encode()).hexdigest()[:16]}" for name, facts in sorted(groups.items())]
    FACTS.write_text("\n".join(lines) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--facts", action="store_true")
    parser.add_argument("--operations", action="store_true")
    args = parser.parse_args()
    if args.operations:
        return write_operations(args.models)
    if args.facts:
        return write_facts(args.models)
    if not args.compare:
        return write(args.models)
    differences = [(path, have, want) for path, have, want in both(args.models) if have != want]
    for path, have, want in differences:
        print(path, have, want)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
