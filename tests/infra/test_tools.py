"""The lock files of infra/dev/tools are those of their .in files, and share the versions of AWS packages."""

import re

import pytest
from template import ROOT

TOOLS = ROOT / "infra/dev/tools"


def versions(path):
    """Pinned versions by package."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[\w+\])?==([^\s;]+)", path.read_text(), re.MULTILINE))


@pytest.mark.parametrize("wanted", sorted(TOOLS.glob("*.in")), ids=lambda path: path.stem)
def test_a_lock_file_has_the_wanted_versions_and_a_hash_for_each_package(wanted):
    locked = wanted.with_suffix(".txt")
    assert versions(wanted).items() <= versions(locked).items()
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n", "", locked.read_text()).strip())
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("package", ["boto3", "botocore", "aws-sam-translator"])
def test_tests_and_deployment_have_one_version(package):
    assert versions(TOOLS / "moto.txt")[package] == versions(TOOLS / "sam.txt")[package]
