# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs the sums of a release with the key of a maintainer, and verifies it as a user does.

    signature.py DIST      VCHASSIS_SIGNING_KEY names the private key, or the public one of a key that an agent or a token holds

It is OpenSSH's own signature: everybody who has switches has ssh-keygen, and nothing has to be installed to verify. RELEASE-KEYS lists the public
keys; a signature by another key is not left behind, because nobody could verify it.
"""

import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent
KEYS = TOP / "RELEASE-KEYS"
NAMESPACE = "vchassis.junos"  # a signature for another purpose is none for a release
SIGNER = "releases"


class Refused(Exception):
    """ssh-keygen did not sign, or the signature does not verify."""


def sign(dist, key, keys=KEYS):
    """Writes SHA256SUMS.sig. Raises Refused."""
    sums, signature = dist / "SHA256SUMS", dist / "SHA256SUMS.sig"
    signature.unlink(missing_ok=True)
    if not sums.is_file():
        raise Refused(f"no {sums}: make collection")
    # Not captured: it may ask for a passphrase, or for a touch of the token.
    if subprocess.run(["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", os.path.expanduser(key), sums], check=False).returncode:
        raise Refused(f"ssh-keygen could not sign with {key}")
    try:
        verify(dist, keys)
    except Refused:
        signature.unlink()
        raise Refused(f"the key {key} is not among those of {keys.name}: add its public key there first") from None


def verify(dist, keys=KEYS):
    """What the documentation tells a user to do. Raises Refused."""
    command = ["ssh-keygen", "-Y", "verify", "-f", keys, "-I", SIGNER, "-n", NAMESPACE, "-s", dist / "SHA256SUMS.sig"]
    done = subprocess.run(command, input=(dist / "SHA256SUMS").read_bytes(), capture_output=True, check=False)
    if done.returncode:
        raise Refused((done.stdout + done.stderr).decode(errors="replace").strip())


def main(dist):
    key = os.environ.get("VCHASSIS_SIGNING_KEY")
    if not key:
        raise Refused("VCHASSIS_SIGNING_KEY names no key")
    sign(dist, key)


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]))
    except Refused as error:
        sys.exit(f"signature: {error}")
