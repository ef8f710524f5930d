# SPDX-License-Identifier: GPL-3.0-or-later
"""Command-line clients that were written for real switches log in to the simulator and do their work.

Each does the same: reads, a change with its difference, a commit on trial and its confirmation, the way back, and a
mistake that the client has to notice. A client that is not installed is skipped by its name.
"""

import contextlib
import pathlib
import shutil
import subprocess

import pytest

from lab import ADMIN, ROOT, OpenSSH
from simulator import Simulator

HERE = pathlib.Path(__file__).parent


@pytest.fixture
def chassis(tmp_path):
    scenario = tmp_path / "scenario.yml"
    scenario.write_text("chassis: [{name: vc1, size: 2, profile: {root_login: allow}}]")
    with Simulator("-f", str(scenario)) as simulator:
        yield simulator.chassis[0] | {"folder": simulator.folder}


@pytest.fixture
def ssh(chassis):
    if not shutil.which("ssh"):
        pytest.skip("ssh is not installed")
    return OpenSSH(chassis)


def test_openssh_runs_one_command(ssh):
    assert ssh(ADMIN, "-T", "show version | match Junos: | count") == (0, "Count: 2 lines\n")
    assert ssh(ADMIN, "-T", "show nothing") == (1, "error: syntax error, expecting <command>: nothing\n")
    assert ssh(ROOT, "-T", 'cli -c "show configuration vlans | display set"') == (0, "set vlans default vlan-id 1\n")
    assert ssh(ROOT, "-T", "hostname") == (0, "vc1\n")


def test_openssh_on_a_terminal(ssh):
    typed = ("set cli screen-length 0\rconfigure\rset vlans peer vlan-id 70\rshow | compare\rcommit confirmed 5\rcommit\r"
             "rollback 2\rcommit and-quit\rshow foo\rexit\r")
    code, seen = ssh(ADMIN, "-tt", typed=typed)
    assert code == 0
    for text in ("admin@vc1> set cli screen-length 0\r\nScreen length set to 0\r\n\r\n{master:0}\r\n", "+   peer {\r\n",
                 "# commit confirmed will be rolled back in 5 minutes\r\n{master:0}[edit]\r\nadmin@vc1# ",
                 "load complete\r\n", "Exiting configuration mode\r\n", "                ^\r\nsyntax error, expecting <command>.\r\n"):
        assert text in seen
    assert "---(more" not in seen


def test_openssh_without_a_terminal(ssh):
    code, seen = ssh(ROOT, "-T", typed="id\ncli\nrequest chassis internal-ssh prepare-setup\nexit\nexit\n")
    assert code == 0
    assert "root@vc1:RE:0% uid=0(root)" in seen
    assert "Internal SSH setup completed\n\n{master:0}\nroot@vc1> " in seen
    assert "\r" not in seen


@pytest.mark.parametrize("login", [ADMIN, ROOT], ids=["admin", "root"])
def test_netmiko(chassis, login):
    netmiko = pytest.importorskip("netmiko", reason="netmiko is not installed")
    with netmiko.ConnectHandler(device_type="juniper_junos", host=chassis["host"], port=chassis["port"],
                                username=login[0], password=login[1]) as device:
        assert device.find_prompt() == f"{login[0]}@vc1>"
        assert device.send_command("show version").count("Junos: 25.2R1.9") == 2
        device.send_config_set(["set vlans peer vlan-id 70"], exit_config_mode=False)
        assert "+   peer {" in device.send_command("show | compare", expect_string=r"#")
        assert "commit complete" in device.commit(confirm=True, confirm_delay=5)
        assert "commit complete" in device.commit(comment="kept")
        assert "load complete" in device.send_command("rollback 2", expect_string=r"#")
        assert "commit complete" in device.commit(and_quit=True)
        assert "peer" not in device.send_command("show configuration vlans")
        assert "syntax error" in device.send_config_set(["set nothing"])
        assert not device.check_config_mode()
        assert "    kept" in device.send_command("show system commit")
        if login == ADMIN:
            become_root_with_netmiko(device)


def become_root_with_netmiko(device):
    """A wrong password leads back to the command line. In root's shell netmiko's own way to the CLI is that of root's logins."""
    for password, end in (("Wrong-lab-1", r"admin@vc1>"), (ROOT[1], r"root@vc1:RE:0%")):
        asked = device.send_command("start shell user root", expect_string=r"[Pp]assword:", strip_prompt=False)
        assert asked.endswith("Password:")
        answer = device.send_command(password, expect_string=end, cmd_verify=False, strip_prompt=False, strip_command=False)
        assert ("su: Sorry" in answer) == (password != ROOT[1]) and password not in answer
    assert device.send_command("id -u", expect_string=r"%", strip_prompt=False).split()[0] == "0"
    device.enter_cli_mode()
    assert device.find_prompt() == "root@vc1>"
    device.send_command("exit", expect_string=r"root@vc1:RE:0%")
    device.send_command("exit", expect_string=r"admin@vc1>")


def opened(scrapli, chassis, transport):
    """A logged-in client. Its new core gave a login up once, and in 620 logins since then not again, so that is tried three times."""
    for left in (2, 1, 0):
        device = scrapli.Cli(definition_file_or_name="juniper_junos", host=chassis["host"], port=chassis["port"],
                             auth_options=scrapli.AuthOptions(username=ADMIN[0], password=ADMIN[1], lookups=[scrapli.LookupKeyValue(*ROOT)]),
                             transport_options=transport, session_options=scrapli.SessionOptions(operation_timeout_s=20))
        try:
            device.open()
            return contextlib.closing(device)
        except scrapli.exceptions.OperationException as error:
            if not left or "open failed" not in str(error):
                raise
            print(f"scrapli gave the login up: {error}")


@pytest.mark.parametrize("transport", ["bin", "ssh2"])
def test_scrapli(chassis, transport):
    scrapli = pytest.importorskip("scrapli", reason="scrapli is not installed")
    if not hasattr(scrapli, "Cli"):
        pytest.skip("scrapli is older than its new core")
    if transport == "bin" and not shutil.which("ssh"):
        pytest.skip("ssh is not installed")
    known_hosts = str(chassis["folder"] / "known_hosts")
    options = {"bin": scrapli.TransportBinOptions(enable_strict_key=True, known_hosts_path=known_hosts), "ssh2": scrapli.TransportSsh2Options()}
    with opened(scrapli, chassis, options[transport]) as device:
        assert device.get_prompt().result == "admin@vc1>"
        assert device.send_input("show version | match Junos:").result.count("Junos: 25.2R1.9") == 2
        assert device.send_input("show nothing").failed
        for mode in ("configuration", "exec", "configuration_exclusive", "exec", "configuration_private", "shell", "root_shell"):
            device.enter_mode(requested_mode=mode)
        assert device.get_prompt().result.startswith("root@vc1:RE:0%")
        assert device.send_input("id -u", requested_mode="root_shell").result == "0"
        change = ["set vlans peer vlan-id 70", "show | compare", "commit confirmed 5", "commit comment kept", "rollback 2", "commit"]
        done = device.send_inputs(change, requested_mode="configuration")
        assert not done.failed
        assert "+   peer {" in done.result
        assert done.result.count("commit complete") == 6
        device.enter_mode(requested_mode="exec")
        assert "peer" not in device.send_input("show configuration vlans").result


def test_paramiko_tries_again(chassis):
    """On OpenSSH, and so on a switch, a second password may follow a wrong one on the same connection."""
    paramiko = pytest.importorskip("paramiko", reason="paramiko is not installed")
    with contextlib.closing(paramiko.Transport((chassis["host"], chassis["port"]))) as transport:
        transport.start_client(timeout=20)
        with pytest.raises(paramiko.AuthenticationException, match="^Authentication failed.$"):
            transport.auth_password(ADMIN[0], "Canary-Wrong")
        transport.auth_password(*ADMIN)
        assert transport.is_authenticated()


def test_pyez_over_the_shell(chassis):
    jnpr = pytest.importorskip("jnpr.junos", reason="PyEZ (junos-eznc) is not installed")
    from jnpr.junos.utils.start_shell import StartShell
    with jnpr.Device(host=chassis["host"], port=chassis["port"], user=ROOT[0], passwd=ROOT[1]) as device:
        assert device.cli("show version", warning=False).count("Junos: 25.2R1.9") == 2
        assert device.cli("show configuration vlans | display set", warning=False).strip() == "set vlans default vlan-id 1"
        assert device.display_xml_rpc("show version", format="text").startswith("<get-software-information")
        with StartShell(device) as shell:
            good, seen = shell.run("cli -c 'show version | count'")
            assert good and "Count: 21 lines" in seen
            assert not shell.run("nonsense")[0]
    with jnpr.Device(host=chassis["host"], port=chassis["port"], user=ADMIN[0], passwd=ADMIN[1]) as device, StartShell(device) as shell:
        assert shell.run("exit", this="> ")[0]
        for password, want in (("Wrong-lab-1", "admin@vc1> "), (ROOT[1], r"(%|#|\$)\s")):
            good, asked = shell.run("start shell user root", this="assword:")
            assert good and asked.endswith("Password:")
            good, seen = shell.run(password, this=want)
            assert good and password not in seen and ("su: Sorry" in seen) == (password != ROOT[1])
        assert shell.run("id -u")[1].split()[-2] == "0"


@pytest.mark.parametrize("front", ["cli", "netconf"])
def test_scrapligo(chassis, front):
    if not shutil.which("go"):
        pytest.skip("go is not installed")
    folder = HERE / "scrapligo"
    if subprocess.run(["go", "mod", "download"], cwd=folder, capture_output=True, check=False).returncode:
        pytest.skip("scrapligo is not installed: no module proxy answers")
    done = subprocess.run(["go", "run", ".", chassis["host"], str(chassis["port"]), *ADMIN, front], cwd=folder,
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
