# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release is signed with and what it owes to others: signatures with keys that are thrown away, licenses of modules that are made up."""

import shutil
import subprocess

import pytest
from test_tarball import told

import changelog
import notices
import signature

pytestmark = pytest.mark.facts
MIT = "The MIT License\n\nCopyright (c) 2016 Ada\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this\nsoftware ..."
NEEDS_SSH = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen (Debian: openssh-client)")


@pytest.fixture
def release(tmp_path):
    """A folder with sums, a key, and the list of keys as it is published."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", tmp_path / "key"], check=True)
    (tmp_path / "SHA256SUMS").write_text("0000  vchassis-junos-0.0.0.tar.gz\n")
    (tmp_path / "RELEASE-KEYS").write_text(f'# keys\nreleases namespaces="vchassis.junos" {(tmp_path / "key.pub").read_text()}')
    return tmp_path


def verified(folder):
    """What a user sees who does what the page says."""
    return subprocess.run(["sh", "-ec", told("ssh-keygen")], cwd=folder, capture_output=True, text=True, check=False)


@NEEDS_SSH
def test_a_signature_is_verified_as_the_page_says(release):
    signature.sign(release, str(release / "key"), release / "RELEASE-KEYS")
    assert verified(release).stdout.startswith('Good "vchassis.junos" signature for releases')
    (release / "SHA256SUMS").write_text("1111  vchassis-junos-0.0.0.tar.gz\n")
    assert verified(release).returncode


@NEEDS_SSH
def test_a_key_that_is_not_published_leaves_no_signature(release):
    listed = release / "RELEASE-KEYS"
    listed.write_text("".join(line for line in listed.read_text().splitlines(keepends=True) if line.startswith("#")))
    with pytest.raises(signature.Refused, match="not among those of RELEASE-KEYS"):
        signature.sign(release, str(release / "key"), listed)
    assert not (release / "SHA256SUMS.sig").exists()


@NEEDS_SSH
@pytest.mark.parametrize("option", ["-n file", "-I others"])
def test_a_signature_for_something_else_is_none(release, option):
    """The same key may sign commits."""
    words = ["-n", option.split()[1]] if option.startswith("-n") else ["-n", signature.NAMESPACE]
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", *words, "-f", release / "key", release / "SHA256SUMS"], check=True, capture_output=True)
    if option.startswith("-I"):
        (release / "RELEASE-KEYS").write_text((release / "RELEASE-KEYS").read_text().replace("\nreleases ", "\nothers "))
    assert verified(release).returncode
    with pytest.raises(signature.Refused):
        signature.verify(release, release / "RELEASE-KEYS")


@NEEDS_SSH
def test_what_cannot_be_signed_is_said(release, monkeypatch):
    with pytest.raises(signature.Refused, match="could not sign"):
        signature.sign(release, str(release / "no-key"), release / "RELEASE-KEYS")
    (release / "SHA256SUMS").unlink()
    with pytest.raises(signature.Refused, match="make collection"):
        signature.sign(release, str(release / "key"), release / "RELEASE-KEYS")
    monkeypatch.delenv("VCHASSIS_SIGNING_KEY", raising=False)
    with pytest.raises(signature.Refused, match="names no key"):
        signature.main(release)


def test_the_published_keys_are_keys():
    for line in signature.KEYS.read_text().splitlines():
        assert line.startswith("#") or (line.startswith("releases ") and 'namespaces="vchassis.junos"' in line and " ssh-ed25519 " in line.replace("sk-", "")), line


@pytest.mark.parametrize("name", ["LICENSE", "LICENCE.md", "license.txt", "COPYING"])
def test_a_license_is_found_and_known(tmp_path, name):
    (tmp_path / name).write_text(MIT)
    (tmp_path / "licenses_test.go").write_text("package x")
    notice = notices.Notice(tmp_path, "example.com/x")
    assert (notice.id, notice.copyright, notice.texts) == ("MIT", ["Copyright (c) 2016 Ada"], [MIT])


def test_a_notice_goes_with_its_license(tmp_path):
    (tmp_path / "LICENSE").write_text("Apache License\nVersion 2.0, January 2004\n")
    (tmp_path / "NOTICE").write_text("Copyright 2020 Ada and Charles\n")
    notice = notices.Notice(tmp_path, "example.com/x")
    assert (notice.id, notice.copyright, len(notice.texts)) == ("Apache-2.0", ["Copyright 2020 Ada and Charles"], 2)


@pytest.mark.parametrize("files, said", [
    ({}, "example.com/x: no license"), ({"NOTICE": MIT}, "no license"), ({"LICENSE": "Ask Ada."}, "its license is none of"),
])
def test_what_is_missing_or_unknown_is_an_error(tmp_path, files, said):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(notices.Unlicensed, match=said):
        notices.Notice(tmp_path, "example.com/x")


@pytest.mark.parametrize("version, released, wanted", [
    ("0.4.0-dev", ["0.3.0", "0.2.0"], "0.3.0"), ("0.11.0-dev", ["0.9.0", "0.10.0"], "0.10.0"), ("0.4.0", ["0.3.0"], "0.4.0"),
])
def test_pages_name_a_version_that_can_be_installed(monkeypatch, version, released, wanted):
    monkeypatch.setattr(changelog, "version", lambda: version)
    monkeypatch.setattr(changelog, "releases", lambda: released)
    assert changelog.published() == wanted


def test_between_releases_no_changelog_is_rendered(monkeypatch, capsys):
    monkeypatch.setattr(changelog, "version", lambda: "0.4.0-dev")
    assert changelog.main([]) == 1
    assert "0.4.0-dev" in capsys.readouterr().err
