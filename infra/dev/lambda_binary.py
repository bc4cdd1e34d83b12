"""Checks that Lambda can run a function's binary: its processor, and the C library that it needs.

lambda_binary.py arm64|x86_64 FILE
"""

import re
import sys
from pathlib import Path

# e_machine in the ELF header.
MACHINES = {"x86_64": 62, "arm64": 183}
# The glibc of Amazon Linux 2023, on which provided.al2023 is based.
NEWEST_GLIBC = (2, 34)


def fault(architecture, binary):
    """The reason why Lambda cannot run a binary, or None."""
    if binary[:4] != b"\x7fELF":
        return "is not an ELF binary"
    machine = int.from_bytes(binary[18:20], "little")
    if machine != MACHINES[architecture]:
        return f"is not for {architecture}: its machine is {machine}, not {MACHINES[architecture]}"
    needed = {(int(major), int(minor)) for major, minor in re.findall(rb"\0GLIBC_(\d+)\.(\d+)", binary)}
    newest = max(needed, default=NEWEST_GLIBC)
    if newest > NEWEST_GLIBC:
        wanted, there = (".".join(map(str, version)) for version in (newest, NEWEST_GLIBC))
        return f"needs glibc {wanted}, and Lambda's Amazon Linux 2023 has {there}"
    return None


def main():
    architecture, file = sys.argv[1], Path(sys.argv[2])
    try:
        found = fault(architecture, file.read_bytes())
    except OSError as error:
        found = f"cannot be read: {error.strerror}"
    if found:
        sys.exit(f"package: {file} {found}")
    print(f"package: {file}: {file.stat().st_size / 1024 / 1024:.1f} MB for {architecture}")


if __name__ == "__main__":
    main()
