"""`make package` refuses unknown settings and binaries that Lambda cannot run, and passes its commit to the build."""

import json
import os
import shutil
import subprocess

import lambda_binary
import pytest
from template import ROOT


def elf(machine, *versions):
    """The checked parts of a binary: the machine in the header, and the versions of symbols."""
    header = b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little")
    return header + b"".join(b"\0GLIBC_" + version.encode() for version in versions) + b"\0"


@pytest.mark.parametrize(("architecture", "machine"), lambda_binary.MACHINES.items())
def test_a_binary_for_lambda_is_taken(architecture, machine):
    assert lambda_binary.fault(architecture, elf(machine, "2.2.5", "2.17", "2.34")) is None
    # A statically linked binary.
    assert lambda_binary.fault(architecture, elf(machine)) is None


def test_a_binary_for_the_other_processor_is_refused():
    assert "is not for arm64" in lambda_binary.fault("arm64", elf(62))
    assert "is not for x86_64" in lambda_binary.fault("x86_64", elf(183))


def test_a_binary_that_needs_a_newer_c_library_is_refused():
    fault = lambda_binary.fault("x86_64", elf(62, "2.4", "2.39", "2.17"))
    assert "needs glibc 2.39" in fault and "has 2.34" in fault


def test_a_file_that_is_not_a_binary_is_refused():
    assert lambda_binary.fault("x86_64", b"#!/bin/sh\n") == "is not an ELF binary"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ARCH": "mips"}, "ARCH must be arm64 or x86_64, not mips"),
        ({"FUNCTIONS": "dti nope"}, "unknown function 'nope'"),
    ],
)
def test_a_call_that_is_wrong_is_refused_before_anything_is_built(wrong, message):
    command = [str(ROOT / "infra/dev/package.sh")]
    done = subprocess.run(command, env={**os.environ, **wrong}, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


@pytest.fixture
def checkout(tmp_path):
    """A git checkout of package.sh, with substitutes for cargo and SAM that record DAFTARI_COMMIT."""

    def program(path, lines=""):
        path = tmp_path / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/usr/bin/env bash\n{lines}')
        path.chmod(0o755)

    for name in ("package.sh", "commit.sh"):
        path = tmp_path / "infra/dev" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "infra/dev" / name, path)
    program("infra/dev/setup.sh")
    (tmp_path / "infra/dev/lambda_binary.py").touch()
    (tmp_path / "infra/template.yaml").touch()
    program(".tools/sam/bin/python", 'echo "docs DocsFunction"')
    program("bin/cargo", f'printf %s "$DAFTARI_COMMIT" >{tmp_path}/told-to-cargo')
    release_check = ".aws-sam/build/ReleaseCheckFunction"
    program(".tools/sam/bin/sam", f'''printf %s "$DAFTARI_COMMIT" >{tmp_path}/told-to-sam
mkdir -p {release_check} && touch {release_check}/release_check.py''')
    return tmp_path


def git(folder, *words):
    who = {f"GIT_{role}_{part}": "t@example.com" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, env={**os.environ, **who}, capture_output=True, text=True, check=True).stdout.strip()


def packaged(folder):
    """The commit in the package, after a check that the builds got the same one."""
    environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}"}
    command = [str(folder / "infra/dev/package.sh")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    commit = json.loads((folder / "infra/.aws-sam/build/package.json").read_text())["commit"]
    assert [(folder / f"told-to-{program}").read_text() for program in ("cargo", "sam")] == [commit, commit]
    return commit


def test_the_builds_and_the_package_have_the_commit(checkout):
    assert packaged(checkout) == ""
    git(checkout, "init", "-q")
    git(checkout, "add", "infra/template.yaml")
    git(checkout, "commit", "-qm", "first")
    commit = git(checkout, "rev-parse", "HEAD")
    # A tag does not change the name of the commit, and untracked files do not count as a change.
    git(checkout, "tag", "-am", "release", "v1.0.0")
    assert len(commit) == 40 and packaged(checkout) == commit
    (checkout / "infra/template.yaml").write_text("changed")
    assert packaged(checkout) == f"{commit}-dirty"
