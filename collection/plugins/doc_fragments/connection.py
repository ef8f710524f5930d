# Copyright: the vchassis authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules of vchassis.junos have in common: how they reach a chassis, and what they support."""

from __future__ import annotations


class ModuleDocFragment:

    # Options of every module.
    DOCUMENTATION = r"""
options:
  host:
    description:
      - Address or name of the Virtual Chassis.
      - Default is C(ansible_host), then C(inventory_hostname).
    type: str
  port:
    description:
      - NETCONF port. Junos also answers on 22 if only C(system services ssh) is configured.
      - C(ansible_port) is used if this is not set.
    type: int
    default: 830
  username:
    description:
      - Login name. Default is C(ansible_user).
    type: str
  password:
    description:
      - Password. Default is C(ansible_password). It is never written to a file, a log or a result.
    type: str
  private_key_file:
    description:
      - Private key in OpenSSH or PEM form. Default is C(ansible_private_key_file), then C(ansible_ssh_private_key_file).
    type: path
  private_key_passphrase:
    description:
      - Passphrase of O(private_key_file).
    type: str
  certificate_file:
    description:
      - OpenSSH certificate that belongs to O(private_key_file).
    type: path
  use_agent:
    description:
      - Offer the keys of the SSH agent, if there is one.
    type: bool
    default: true
  known_hosts:
    description:
      - Files with trusted host keys. Default is the known_hosts files of the user and of the system.
    type: list
    elements: path
  host_key:
    description:
      - V(strict) refuses a chassis whose host key is unknown or has changed.
      - V(accept_new) trusts and records an unknown host key, and refuses one that changed.
      - V(insecure) trusts any host key. The password may then go to another host.
      - The setting C(host_key_checking) of Ansible is not honoured, because AWX always switches it off.
    type: str
    choices: [strict, accept_new, insecure]
    default: strict
  host_key_fingerprint:
    description:
      - The only host keys to trust, each as C(SHA256:...), instead of O(known_hosts). One of them has to match.
      - Members can have their own host keys, and the chassis shows those of its primary. List the key of each member.
    type: list
    elements: str
  ssh_config:
    description:
      - An ssh_config file to read host settings from. None is read unless this is set.
      - It is read as C(ssh -G) reads it. Used are C(Host), C(Match) with C(all), C(final), C(canonical), C(host), C(originalhost), C(user),
        C(localuser) and C(tagged), C(Include), C(HostName), C(Port), C(User), C(IdentityFile), C(IdentitiesOnly), C(IdentityAgent),
        C(CertificateFile), C(ProxyJump), C(ProxyCommand), C(AddressFamily), C(BindAddress), C(UserKnownHostsFile), C(GlobalKnownHostsFile),
        C(HostKeyAlias), C(RequiredRSASize), C(PreferredAuthentications), C(PubkeyAuthentication), C(PasswordAuthentication),
        C(KbdInteractiveAuthentication), C(KexAlgorithms), C(Ciphers), C(MACs), C(HostKeyAlgorithms), C(PubkeyAcceptedAlgorithms),
        C(CASignatureAlgorithms), the size of C(RekeyLimit), C(ServerAliveInterval), C(ServerAliveCountMax), C(Tag) and C(IgnoreUnknown).
      - Paths may hold C(~), C(${NAME}) and the tokens C(%d), C(%h), C(%i), C(%j), C(%k), C(%L), C(%l), C(%n), C(%p), C(%r) and C(%u).
      - A list of algorithms chooses from what O(algorithms) allows; C(+) and C(^) can also name what is weak, unless it is V(modern). A
        warning then says so. Keys are tried before a password, whatever the order in C(PreferredAuthentications).
      - C(StrictHostKeyChecking yes) together with a weaker O(host_key) is an error; its other values are left to O(host_key).
      - What cannot make a connection less safe and is not used, such as C(VerifyHostKeyDNS) or C(PKCS11Provider), is left out; a warning names
        it. Anything else that applies to the host and could matter to security is refused with its file and line, and so is C(Match exec).
      - An option of the module takes precedence over the file. C(Port) is that of jump hosts; the chassis' own is O(port).
    type: path
  proxy_jump:
    description:
      - Jump host as C([user@]host[:port]), or several of them, separated by commas.
    type: str
  proxy_command:
    description:
      - Command whose input and output are the connection. C(%h), C(%p) and C(%r) are replaced.
    type: str
  algorithms:
    description:
      - V(default) is what current switches and OpenSSH agree on. It still has C(hmac-sha1), but no CBC and no host key or key exchange with SHA-1.
      - V(modern) leaves out C(hmac-sha1), every MAC that is not encrypt-then-MAC, C(diffie-hellman-group14-sha256) and
        C(diffie-hellman-group-exchange-sha256).
      - V(legacy) adds SHA-1 key exchange, CBC, C(ssh-rsa) and DSA for old switches, with a warning.
      - C(aes256-cbc), C(hmac-md5) and C(umac) are not available. A failed negotiation names what both sides offered.
    type: str
    choices: [modern, default, legacy]
    default: default
  connect_timeout:
    description:
      - Seconds for TCP, SSH handshake and login together, and again for the start of the NETCONF session.
    type: int
    default: 30
  login_wait:
    description:
      - Seconds for which one login may wait if the switch turns it away before authentication, as above a C(rate-limit) or
        C(connection-limit). The task waits until the minute that a rate limit counts has passed, reports this, and tries again.
      - With less than V(61) it does not wait.
    type: int
    default: 90
  rpc_timeout:
    description:
      - Seconds to wait for one reply of the chassis.
    type: int
    default: 60
  commit_timeout:
    description:
      - Seconds for one commit. Commits on a Virtual Chassis reach every member and may take minutes.
    type: int
    default: 600
  lock_timeout:
    description:
      - Seconds to wait for the configuration lock of another user. No other session is ever closed for it.
    type: int
    default: 60
  fips:
    description:
      - Use FIPS 140-3 validated cryptography on the controller. It has nothing to do with FIPS mode on the chassis.
    type: bool
    default: false
  progress:
    description:
      - Show what a task is doing if it takes longer than two seconds. Each new phase is shown at once, and a long one again every 15 seconds with
        the time that it has taken and may take.
      - The same events are in RV(events), whether they are shown or not. Nothing is shown for a task with C(no_log).
    type: bool
    default: true
  trace:
    description:
      - Folder on the controller for the NETCONF dialogue of a run, one file for each run, without secrets. C(vchassis trace show) reads it.
    type: path
  trace_anonymize:
    description:
      - Replace names of hosts, users and login classes, addresses and serial numbers in the trace as well, each by the same stand-in everywhere.
      - Implied by O(vchassis.junos.vc_snapshot#module:anonymize) of M(vchassis.junos.vc_snapshot), with its key.
    type: bool
    default: false
  trace_anonymize_key:
    description:
      - Text of at least 16 characters from which the stand-ins are made. With the same one they are the same in other traces, and in snapshots with
        that key. Without it, each run has its own.
    type: str
  only_at:
    description:
      - The only addresses of this host, as C(host:port). Any other O(host) and O(port), a jump host and an O(ssh_config) are refused before a
        connection is made.
      - The inventory of twins sets it, so that a variable of the real chassis cannot lead to that chassis.
    type: list
    elements: str
notes:
  - The module is a program for the controller. It needs no Python on the switch, no Python package on the controller
    and no C(connection) setting.
  - The options from O(port) to O(trace_anonymize_key) may also come from the environment, as C(VCHASSIS_) and the name in capitals. The order is
    the option, C(VCHASSIS_*), C(ANSIBLE_NET_*) where it is not empty, the variables of the play, the SSH agent.
  - Every option of every module may also be a variable of the host or group, C(vchassis_) and its name, such as C(vchassis_proxy_jump) or
    C(vchassis_commit_timeout). It is one of the variables of the play, and takes precedence over Ansible's own, such as C(ansible_port). A variable
    of such a name that no module has is refused.
  - C(module_defaults) for C(group/vchassis.junos.all) may hold options that only some of the modules have.
  - Two sources below the option that disagree on O(username) are an error.
"""

    # Options of the modules that change the configuration.
    CONFIG = r"""
options:
  confirm_timeout:
    description:
      - Minutes after which the chassis rolls the change back by itself, if a new login does not prove before
        that it can still be reached. V(0) commits at once, without this protection; changes that could cut a member off are then refused.
      - If the change cannot be confirmed, the task waits for the rollback for at most ten minutes, because no other user can edit meanwhile.
    type: int
    default: 5
  comment:
    description:
      - Text for the commit log of the chassis.
    type: str
"""

    # Options of the modules that have to be root.
    ROOT = r"""
options:
  become_root:
    description:
      - How the module becomes root, unless O(username) is root already.
      - V(login) logs in as root over SSH, with O(root_password) or O(root_private_key_file), or with the key of the usual login.
      - V(shell) logs in as O(username) at a terminal, runs C(start shell user root) there, and gives O(root_password) to its prompt. The
        login needs the permissions C(shell) and C(maintenance).
      - V(auto) reads C(system services ssh root-login) with the usual login, and then uses a way that can work. A way that is closed
        is not tried.
    type: str
    choices: [auto, login, shell]
    default: auto
  root_password:
    description:
      - Password of root. It is sent only to the prompt of root's login or of C(start shell user root), and only once.
      - The environment variable is C(VCHASSIS_ROOT_PASSWORD).
    type: str
  root_private_key_file:
    description:
      - Private key of root, for O(become_root=login). Default is the key of the usual login.
      - The environment variable is C(VCHASSIS_ROOT_PRIVATE_KEY_FILE).
    type: path
  root_private_key_passphrase:
    description:
      - Passphrase of O(root_private_key_file).
      - The environment variable is C(VCHASSIS_ROOT_PRIVATE_KEY_PASSPHRASE).
    type: str
  software:
    description:
      - What the members run, if M(vchassis.junos.vc_info) has just returned it as RV(vchassis.junos.vc_info#module:software). While they are the
        same switches it is not read again, which would take a Virtual Chassis seconds.
    type: list
    elements: dict
    suboptions:
      member_id:
        description: Id of the member.
        type: int
        required: true
      serial_number:
        description: Its serial number.
        type: str
        required: true
      version:
        description: Its Junos release.
        type: str
        required: true
      fips:
        description: Whether it runs in FIPS mode.
        type: bool
        required: true
  root_login:
    description:
      - The configured C(root-login), if M(vchassis.junos.vc_info) has returned it as C(root_login) before, or V(unset) if it has returned none. It saves
        O(become_root=auto) the login that reads it.
    type: str
    choices: [allow, deny, deny-password, unset]
  root_keys:
    description:
      - What M(vchassis.junos.vc_info) has returned as C(root_keys), for O(root_login). If it is V(none), no login as root with a key is tried.
    type: str
    choices: [configured, none, unknown]
  shell_port:
    description:
      - SSH port that gives a terminal, for O(become_root=shell). Default is 22 if O(port) is 830, otherwise O(port).
      - A host key that is known for O(port) is trusted here, too.
    type: int
"""

    # How a module behaves.
    ATTRIBUTES = r"""
options: {}
attributes:
  check_mode:
    support: full
    description: Reports what would be changed, by reading only. Nothing on the chassis is locked, loaded or checked.
  diff_mode:
    support: full
    description: Returns the configuration before and after the change.
  idempotent:
    support: full
    description: A second run changes nothing.
  platform:
    platforms: linux/amd64, linux/arm64, linux/ppc64le, linux/s390x, darwin/amd64, darwin/arm64
    support: full
    description: Operating system and processor of the controller.
"""
