# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fenced block of the documentation is executed, in the order of its page, as a reader would do it.

An HTML comment above a fence says what the block is:

    <!-- file: NAME -->    a file that later commands use; a playbook that none uses is run by itself. What Ansible finds beside the inventory
                           (host_vars, group_vars) needs neither: later runs of the page read it
    <!-- tasks -->         tasks, run in a play
    <!-- plan -->          statements, as check mode shows them on a new chassis
    <!-- output -->        what the commands before it print; … stands for anything

Commands ("shell") need none. What cannot be executed is in NOT_RUN with the reason. docs/simulator.md is in test_simulator_tour.py.
"""

import contextlib
import getpass
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile

import jinja2
import pytest
import warm_path
import yaml

import changelog
import foreign_collections
from conftest import ENVIRONMENT, ROLE, STAGED, TOP
from docs_room import Room
from gate import tracked
from simulator import SIMULATOR, Simulator, variables

DOCS = TOP / "collection/docs"
PAGES = [TOP / "README.md", TOP / "CONTRIBUTING.md", TOP / "docs/architecture.md", ROLE / "README.md", *sorted(DOCS.glob("*.md"))]
SSHD = "/usr/sbin/sshd"
FENCE = re.compile(r"(?:^<!-- (?P<mark>.*?) -->\n)?^(?P<indent> *)```(?P<kind>\w*)\n(?P<text>.*?)^ *```$", re.M | re.S)

# Page and first line of what is not executed, and why.
NOT_RUN = {
    ("README.md", "make demo     # a simulated Virtual Chassis goes from RCP to SCP while you watch, after its twin"): "gates of make test",
    ("CONTRIBUTING.md", "cp traces/FILE.jsonl modules/vc_snapshot/testdata/traces/what_went_wrong.jsonl"):
        "modules/vc_snapshot; the name of a file differs from run to run",
    ("architecture.md", "modules/            one folder a module: the Go program's part, its stub (documentation, and options for linters), its contract scripts"): "a map",
    ("architecture.md", "cmd -> modules -> device -> change -> junos -> netconf -> sshconn"): "a drawing; internal/layers compares it with the imports",
    ("coming_from_other_collections.md", "- name: With junipernetworks.junos"): "test_what_is_said_of_junipernetworks_junos",
    ("coming_from_other_collections.md", "- name: With juniper.device"): "only Galaxy has juniper.device, and the page says so",
    ("event_driven.md", "virtual_chassis_hosts:        # who is who: the name or the address that a chassis has in syslog, and its name in the inventory"):
        "variables of ansible-rulebook; test_eda_rulebook.py runs it with such ones",
    ("event_driven.md", "version: 3"): "its image is Red Hat's, behind a login",
    ("getting_started.md", "tar xzf vchassis-sim-VERSION-OS-ARCH.tar.gz"): "test_tarball.py unpacks the archive; cmd/vchassis-sim has the tests of demo",
    ("inventory.md", "plugin: netbox.netbox.nb_inventory"): "there is no NetBox here; test_the_inventory_of_netbox looks at it",
    ("inventory.md", "ansible-inventory -i netbox.yml --graph"): "the same",
    ("procedure.md", "campus-core: configuration locked"): "test_progress.py looks at what is shown",
    ("releases.md", "sha256sum -c --ignore-missing SHA256SUMS"): "test_tarball",
    ("releases.md", "ansible-galaxy collection verify vchassis.junos --offline"): "test_tarball",
    ("releases.md", "ssh-keygen -Y verify -f RELEASE-KEYS -I releases -n vchassis.junos -s SHA256SUMS.sig < SHA256SUMS"): "test_tarball",
    ("releases.md", "gh attestation verify vchassis-junos-*.tar.gz --repo vchassis/vchassis.junos"): "only GitHub can state it, of what it has built",
    ("releases.md", "GOTOOLCHAIN=$(sed -n 's/^toolchain //p' go.mod) make collection"): "six platforms; test_tarball.py and the gate reproducible compare the bytes",
    ("rehearsing.md", "ansible-playbook -i inventory.yml vchassis.junos.rehearse"): "test_rehearse.py",
    ("rehearsing.md", "1 plan (check mode): would change, 0 commits, 0 checks, 11 reads, about 5 s on a chassis"): "test_rehearse.py",
    ("rehearsing.md", "vchassis-sim -twin rehearsal/snapshots -state-dir twins"): "test_rehearse.py",
    ("rehearsing.md", "tar xzf vchassis-sim-VERSION-OS-ARCH.tar.gz"): "test_tarball.py does it with the archive of a release",
    ("snapshots.md", "vchassis trace show traces/FILE.jsonl"): "internal/trace; the name of a file differs from run to run",
    ("snapshots.md", "vchassis-sim compare traces/FILE.jsonl -twin snapshots/campus-core.json"): "cmd/vchassis-sim; the name of a file differs from run to run",
    ("rehearsing.md", "molecule test --scenario-name campus_core"): "molecule is a gate of make test; verify.yml is run",
}
STEP_1 = """    config_add: |
      set system services ssh authorized-keys-command /usr/libexec/example/internal-ssh-keys
      set system services ssh authorized-keys-command-user example
"""
FROM_JUNIPER = {"command": "/usr/libexec/example/internal-ssh-keys", "user": "example"}
# The chassis of the pages: campus-core, whose members 1 and 2 are about to join on some pages, and what else a page names.
ALONE = "{id: 1, status: standalone, config: factory}, {id: 2, status: standalone, config: factory}"
JOINED = "{id: 1, role: backup}, {id: 2, role: linecard}"
CORE = "{{name: campus-core, member_ports: true, fips: {fips}, members: [{{id: 0, role: primary}}, {others}]}}"
CORES = {"fips.md": CORE.format(fips="true", others=ALONE), "inventory.md": CORE.format(fips="false", others=ALONE)}
OTHERS = ("campus-east", "branch-7")
# What happens to a chassis between two blocks, because the page says that it has happened.
BEFORE = {
    ("fips.md", "ansible-playbook site.yml -e '{\"scp_config_sync_members\": []}'"): (("join", "campus-core", "1"),),
    ("inventory.md", "ansible-playbook -i groups.yml vchassis.junos.scp_config_sync --limit campus-core --check --diff"):
        (("join", "campus-core", "1"),),  # like one that was replaced, it has other keys than the others know
}
# Pages that start a simulator of their own, and one that fetches host keys.
OWN_LAB, OWN_KEYS = ("rehearsing.md",), ("getting_started.md",)


class Block:
    """A fenced block and what is to be done with it."""

    def __init__(self, page, match):
        self.page, self.kind, self.mark = page, match["kind"], match["mark"] or ""
        indent = match["indent"]
        self.text = "".join(line.removeprefix(indent) for line in match["text"].splitlines(keepends=True))
        self.name = self.mark.removeprefix("file: ") if self.mark.startswith("file: ") else ""
        self.key = (page.name, self.text.splitlines()[0])


def blocks(page):
    return [Block(page, match) for match in FENCE.finditer(page.read_text())]


@pytest.fixture(scope="module")
def room():
    with tempfile.TemporaryDirectory(prefix="docs-", ignore_cleanup_errors=True) as folder, warm_path.WarmPath() as programs:
        yield Room(pathlib.Path(folder), programs)


class Reader:
    """Somebody with a home, a folder and an installed Ansible, who does what a page says."""

    def __init__(self, page, room, resources):
        self.page, self.said, self.exports, self.room, self.folder = page, "", "", room, room.folder
        (self.folder / "home").mkdir(parents=True)
        resources.callback(room.leave)
        resources.callback(self.end_labs)
        self.environment = {**ENVIRONMENT, "HOME": str(self.folder / "home"), "PATH": f"{room.programs}:{ENVIRONMENT['PATH']}"}
        for name in ("ANSIBLE_HOME", "ANSIBLE_COLLECTIONS_PATH"):
            del self.environment[name]
        self.substitutes = [("go build -o vchassis-sim ./cmd/vchassis-sim", f"cp {SIMULATOR} vchassis-sim")]  # as make has built it
        self.install()
        if page.name in OWN_KEYS and not shutil.which("ssh-keyscan"):
            pytest.skip("ssh-keyscan is not installed (Debian: openssh-client)")
        if page.name not in OWN_LAB:
            self.meet(resources)

    def install(self):
        """The collection, where ansible-galaxy puts it; and the tarball, for a page that installs or verifies it."""
        commands = "".join(block.text for block in blocks(self.page) if block.kind == "shell")
        if "ansible-galaxy collection" in commands:
            shutil.copy(self.room.built, self.folder / f"vchassis-junos-{changelog.published()}.tar.gz")  # pages name the version that can be had
            self.run("sha256sum vchassis-junos-*.tar.gz > SHA256SUMS")
            if "ansible-galaxy collection install" not in commands:
                self.run("ansible-galaxy collection install --offline vchassis-junos-*.tar.gz")
            return
        there = self.folder / "home/.ansible/collections/ansible_collections/vchassis"
        there.mkdir(parents=True)
        (there / "junos").symlink_to(STAGED)

    def meet(self, resources):
        """Simulated chassis in the place of those on the page: variables of the hosts say where they are."""
        scenario = self.folder / "home/scenario.yml"
        core = CORES.get(self.page.name, CORE.format(fips="false", others=JOINED))
        others = "".join(f"- {{name: {name}, size: 2}}\n" for name in OTHERS if name in self.page.read_text())
        scenario.write_text(f"chassis:\n- {core}\n{others}")
        self.lab = resources.enter_context(Simulator("-f", str(scenario)))
        where = {one["name"]: variables(one) | {"from_juniper": FROM_JUNIPER} | NO_KEYS for one in self.lab.chassis}
        for name, values in where.items():
            del values["scp_config_sync_authorized_keys_command"], values["scp_config_sync_authorized_keys_command_user"]
            # Beside an inventory of the page, it goes before what that says.
            if "file: host_vars" not in self.page.read_text():
                (self.folder / "host_vars").mkdir(exist_ok=True)
                (self.folder / f"host_vars/{name}.yml").write_text(yaml.safe_dump(values))
        inventory = self.folder / "home/lab.yml"
        inventory.write_text(yaml.safe_dump({"virtual_chassis": {"hosts": where}}))
        self.environment["ANSIBLE_INVENTORY"] = str(inventory)  # where a page names none
        shutil.copy(inventory, self.folder / "inventory.yml")  # where it means that of another page
        if self.page.name not in OWN_KEYS:
            self.environment["VCHASSIS_KNOWN_HOSTS"] = str(self.lab.folder / "known_hosts")
        self.translate()
        if "ProxyJump" in self.page.read_text():
            self.bastion(resources)

    def bastion(self, resources):
        """A real sshd in the place of every jump host, for this user's new key."""
        if not pathlib.Path(SSHD).exists():
            pytest.skip("no sshd to be a jump host (Debian: openssh-server)")
        home = self.folder / "home"
        for key in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / key], check=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (home / "sshd_config").write_text(f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home}/host_key\nAuthorizedKeysFile {home}/user_key.pub\n"
                                          "StrictModes no\nUsePAM no\nPidFile none\n")
        os.makedirs("/run/sshd", exist_ok=True) if os.geteuid() == 0 else None
        sshd = subprocess.Popen([SSHD, "-D", "-e", "-f", home / "sshd_config"], stderr=subprocess.PIPE, text=True)
        resources.callback(sshd.wait)
        resources.callback(sshd.terminate)
        assert "listening" in sshd.stderr.readline()
        key = (home / "host_key.pub").read_text()
        with (self.lab.folder / "known_hosts").open("a") as known:
            known.write(f"[localhost]:{port} {key}")
        self.environment["VCHASSIS_PRIVATE_KEY_FILE"] = str(home / "user_key")
        self.substitutes += [("Host 192.0.2.*", "Host 127.0.0.*")]
        self.substitutes += [(f"netops@{name}.example.com", f"{getpass.getuser()}@localhost:{port}") for name in ("bastion", "bastion-west")]

    def translate(self):
        """Addresses and files of the page, and what stands for them here."""
        core = self.lab.chassis[0]
        for member, address in ((1, "192.0.2.11"), (2, "192.0.2.12")):
            one = core["members"][member]
            self.substitutes.append((f"host: {address},", f"host: {one['host']}, port: {one['port']},"))
        members = "; ".join(f"ssh-keyscan -p {one['port']} {one['host']} 2>/dev/null" for one in core["members"])
        scans = "; ".join(f"ssh-keyscan -p {one['port']} {one['host']} 2>/dev/null" for one in self.lab.chassis)
        self.substitutes += [
            ("ssh-keyscan -p 830 192.0.2.10", f"{{ {scans}; }}"),
            ("ssh-keyscan -t ed25519,ecdsa,rsa 192.0.2.11 192.0.2.12 192.0.2.13", f"{{ {members}; }}"),
            ("/etc/switches/known_hosts", str(self.lab.folder / "known_hosts")),
        ]

    def end_labs(self):
        """Ends a simulator that a page has started, also when the page was not read to its end."""
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((self.folder / "lab.pid").read_text()), signal.SIGTERM)

    def read(self):
        everything = blocks(self.page)
        for number, block in enumerate(everything):
            if block.key in NOT_RUN:
                assert block.kind != "yaml" or yaml.safe_load(block.text)
                continue
            for words in BEFORE.get(block.key, ()):
                self.lab.ctl(*words)
            if block.kind == "shell":
                self.run(block.text)
            elif block.mark == "output":
                assert shows(self.said, block.text), f"{self.page.name}: not printed:\n{block.text}\nbut\n{self.said}"
            elif block.mark == "plan":
                self.plan(block)
            elif block.mark == "tasks":
                self.run_playbook("tasks.yml", [{"hosts": "campus-core", "gather_facts": False, "tasks": yaml.safe_load(block.text)}])
            elif block.name:
                used = any(block.name in later.text for later in everything[number + 1:] if later.kind in ("shell", "python"))
                self.keep(block, used)
            else:
                pytest.fail(f"{self.page.name}: nobody executes the block that begins with {block.key[1]!r}")

    def run(self, text):
        for page, here in self.substitutes:
            text = text.replace(page, here)
        exports = self.exports
        self.exports += "".join(re.findall(r"^export .*\n", text, re.M))  # a reader stays in one shell
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", exports + text], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        self.said = done.stdout
        assert done.returncode == 0, f"{self.page.name}: {text}\n{done.stdout}"

    def keep(self, block, used):
        """Writes a file. A playbook that no command names is run."""
        text = block.text
        for page, here in self.substitutes:
            text = text.replace(page, here)
        file = self.folder / block.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if used or block.name == "ansible.cfg" or block.name.startswith(("host_vars/", "group_vars/")):
            return
        if block.kind != "yaml" or not isinstance(yaml.safe_load(text), list):
            pytest.fail(f"{self.page.name}: nobody uses the file {block.name}")
        self.run(f"ansible-playbook {block.name}")

    def run_playbook(self, name, plays):
        (self.folder / name).write_text(yaml.safe_dump(plays))
        self.run(f"ansible-playbook {name} {INPUTS}")

    def plan(self, block):
        """What check mode shows on a chassis that nobody has touched."""
        if not hasattr(self, "planned"):
            self.run(f"ansible-playbook vchassis.junos.scp_config_sync --check --diff --limit campus-core {INPUTS}")
            self.planned = self.said
        for line in block.text.splitlines():
            assert shows(self.planned, re.sub(r"<.*?>", "…", line)), f"{self.page.name}: {line} is not in\n{self.planned}"


# What only Juniper's documentation tells.
INPUTS = " ".join(f"-e scp_config_sync_authorized_keys_command{name}={value}" for name, value in (("", FROM_JUNIPER["command"]), ("_user", FROM_JUNIPER["user"])))

# The logins of the laboratory are passwords; keys that a page names are not there.
NO_KEYS = {"ansible_private_key_file": "", "ansible_ssh_private_key_file": "", "scp_config_sync_root_private_key_file": ""}


def shows(output, wanted):
    """Whether the parts of wanted between … stand in output, in that order."""
    output, at = spaced(output), 0
    for part in spaced(wanted).split("…"):
        at = output.find(part.strip(), at)
        if at < 0:
            return False
    return True


def spaced(text):
    """Columns are as wide as their content."""
    return re.sub(r"[ \t]+", " ", re.sub(r"^[ \t]+|[ \t]+$", "", text, flags=re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name if page.name != "README.md" else page.parent.name)
def test_page(page, room):
    with contextlib.ExitStack() as resources:
        Reader(page, room, resources).read()


# Of netbox.netbox.nb_inventory 3.0 and later, as its documentation has them.
OF_NETBOX = {"plugin", "api_endpoint", "virtual_chassis_name", "device_query_filters", "plurals", "interfaces", "services", "group_by", "compose"}
GROUPS_OF_NETBOX = {"site", "platform", "tag"}  # of those that plurals: false leaves


@pytest.mark.facts
def test_the_inventory_of_netbox():
    """Its options are the plugin's, and what it composes can be computed for a chassis with a field of its own and for one without."""
    block, = [block for block in blocks(DOCS / "inventory.md") if block.name == "netbox.yml"]
    source = yaml.safe_load(block.text)
    assert set(source) == OF_NETBOX and set(source["group_by"]) == GROUPS_OF_NETBOX and source["virtual_chassis_name"] is True
    assert all(len(query) == 1 for query in source["device_query_filters"])
    for fields, port in (({"netconf_port": 22}, 22), ({"netconf_port": None}, 830), ({}, 830)):
        composed = {name: jinja2.Environment().compile_expression(text)(custom_fields=fields) for name, text in source["compose"].items()}
        assert composed == {"ansible_user": "netops", "ansible_port": port}


@pytest.mark.facts
def test_what_is_not_run_is_there():
    """A reason for a block that has gone would hide the next one."""
    keys = {block.key for page in PAGES for block in blocks(page)}
    assert set(NOT_RUN) | set(BEFORE) <= keys


@pytest.mark.facts
def test_no_page_with_a_block_is_left_out():
    with_blocks = {path for path in tracked("*.md") if "```" in path.read_text()}
    assert with_blocks == {page for page in PAGES if blocks(page)} | {TOP / "docs/simulator.md"}


@pytest.mark.long
def test_what_is_said_of_junipernetworks_junos(tmp_path):
    """Check mode fails, the first run succeeds, the second makes keys again."""
    page = DOCS / "coming_from_other_collections.md"
    text = next(block.text for block in blocks(page) if block.name == "theirs.yml").replace("hosts: virtual_chassis", "hosts: all")
    scenario = tmp_path / "scenario.yml"
    scenario.write_text("chassis: [{name: vc1, size: 3, profile: {root_login: allow}}]")
    with Simulator("-f", str(scenario)) as lab:
        name = lab.chassis[0]["name"]
        variables_file = lab.folder / "said.yml"
        variables_file.write_text(yaml.safe_dump({"from_juniper": FROM_JUNIPER, "root_password": "Root-lab-1"}))

        def run(*flags):
            lab.ctl("reset")
            try:
                return foreign_collections.run(text, lab.chassis, lab.folder, "-e", f"@{variables_file}", *flags)
            except foreign_collections.Unavailable as error:
                pytest.skip(str(error))

        checked = run("--check")
        assert checked.returncode and "invalid rpc for running in check_mode" in checked.stdout + checked.stderr
        first = run()
        assert not first.returncode, first.stdout
        assert lab.state(name)["transport"] == "scp" and lab.counters(name)["prepares"] == 1
        assert not run().returncode
        assert lab.counters(name)["prepares"] == 1, "the second run did not make keys again"


def test_the_wire_is_as_the_procedure_says(lab):
    page = (DOCS / "procedure.md").read_text().split("## On the wire")[1].split("## Costs")[0]
    chassis = lab()
    chassis.playbook().expect("vc", changed=1, failed=0)
    sent = [entry["rpc"] for entry in chassis.ctl("log") if entry["rpc"] != "close-session"]
    reads = {name for name in sent if name.startswith("get-")}
    # In check mode, and where a trial may be open, there are two more.
    assert reads == set(re.findall(r"`(get-[\w-]+)`", page)) - {"get-configuration-database-status", "get-system-uptime-information"}
    steps = re.findall(r"^\|(?! step)[^|]*\| (.*) \|$", page, re.M)
    assert [name for name in sent if name not in reads] + ["close-session"] == re.findall(r"`([\w-]+)`", " ".join(steps))


MODULES = {  # state of the chassis before the examples of a module, and tasks that a play would have had before
    "vc_authorized_keys_command": ("", []),
    "vc_internal_ssh": (STEP_1, []),
    "vc_procedure": ("", []),
    "vc_scp_sync": (STEP_1, [{"vchassis.junos.vc_internal_ssh": {"username": "root", "password": "Root-lab-1", "record": "defer"}, "register": "keys"}]),
    "vc_info": ("", []),
    "vc_snapshot": ("", []),
    "vc_sync_check": (STEP_1 + "      set system commit config-sync-with-scp\n    prepared: true\n", []),
}


@pytest.mark.facts
def test_the_examples_of_every_module_are_run():
    assert set(MODULES) == {path.stem for path in (TOP / "modules").glob("*/*.py")}


def test_examples_of_the_modules(lab):
    """As ansible-doc shows them, each module's on a chassis of its own."""
    scenario = "chassis:\n" + "".join(f"  - name: {name.replace('_', '-')}\n    profile: {{root_login: allow}}\n{start}" for name, (start, _) in MODULES.items())
    chassis = lab(scenario + "  - {name: alone, members: [{id: 0, role: primary}]}\n")
    alone = chassis.simulator.chassis[-1]
    # Examples are not of one play: some time has passed between them.
    later = {"ansible.builtin.debug": {"msg": f"{{{{ lookup('ansible.builtin.pipe', '{SIMULATOR} ctl {chassis.simulator.lab['control']} clock 1h') }}}}"}}
    plays = []
    for name, (_, before) in MODULES.items():
        stub = (TOP / f"modules/{name}/{name}.py").read_text()
        examples = re.search(r'EXAMPLES = r"""(.*?)"""', stub, re.S).group(1)
        examples = examples.replace("host: 192.0.2.12\n", f"host: {alone['host']}\n    port: {alone['port']}\n")
        plays.append({"hosts": name.replace("_", "-"), "gather_facts": False, "tasks": list(before)})
        for task in yaml.safe_load(examples):
            plays[-1]["tasks"] += [task, later]
    values = {"authorized_keys_command": FROM_JUNIPER["command"], "authorized_keys_command_user": FROM_JUNIPER["user"], "root_password": "Root-lab-1"}
    run = chassis.playbook("---\n" + yaml.safe_dump(plays), variables=values)
    assert run.code == 0, run.output
