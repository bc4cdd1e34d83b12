"""`make package` refuses unknown settings, and binaries that Lambda cannot run."""

import os
import subprocess

import bootstrap
import pytest
from template import ROOT


def elf(machine, *versions):
    """The checked parts of a binary: the machine in the header, and the versions of symbols."""
    header = b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little")
    return header + b"".join(b"\0GLIBC_" + version.encode() for version in versions) + b"\0"


@pytest.mark.parametrize(("architecture", "machine"), bootstrap.MACHINES.items())
def test_a_binary_for_lambda_is_taken(architecture, machine):
    assert bootstrap.fault(architecture, elf(machine, "2.2.5", "2.17", "2.34")) is None
    # A statically linked binary.
    assert bootstrap.fault(architecture, elf(machine)) is None


def test_a_binary_for_the_other_processor_is_refused():
    assert "is not for arm64" in bootstrap.fault("arm64", elf(62))
    assert "is not for x86_64" in bootstrap.fault("x86_64", elf(183))


def test_a_binary_that_needs_a_newer_c_library_is_refused():
    fault = bootstrap.fault("x86_64", elf(62, "2.4", "2.39", "2.17"))
    assert "needs glibc 2.39" in fault and "has 2.34" in fault


def test_a_file_that_is_not_a_binary_is_refused():
    assert bootstrap.fault("x86_64", b"#!/bin/sh\n") == "is not an ELF binary"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"ARCH": "mips"}, "ARCH must be arm64 or x86_64, not mips"), ({"FUNCTIONS": "dti nope"}, "unknown function 'nope'")],
)
def test_a_call_that_is_wrong_is_refused_before_anything_is_built(wrong, message):
    command = [str(ROOT / "infra/dev/package.sh")]
    done = subprocess.run(command, env={**os.environ, **wrong}, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
