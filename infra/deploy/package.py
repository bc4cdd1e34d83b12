"""A package that `make package ARCHIVE=…` built elsewhere, such as in another job of the CI. It is deployed as is.

PACKAGE names the archive, DIGEST its SHA-256. So staging and production run the same bytes, and the machine that has
AWS credentials builds nothing.
"""

import hashlib
import hmac
import json
import pathlib
import re
import shutil
import subprocess
import tarfile

from report import Failure, say
from tools import ROOT

GIT_SECONDS = 30
# More than any package has: each binary has a few MB.
MAX_BYTES = 500_000_000


def package_of(environment):
    """The archive and its digest, or None to build here."""
    path, digest = environment.get("PACKAGE", ""), environment.get("DIGEST", "").lower()
    if not path:
        return None
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Failure("PACKAGE needs DIGEST, the SHA-256 of the archive in 64 hexadecimal digits", code=2)
    return pathlib.Path(path), digest


def unpack(package, folder, architecture):
    """Checks a package and installs it in place of a build's output."""
    archive, digest = package
    try:
        with archive.open("rb") as file:
            found = hashlib.file_digest(file, "sha256") if hasattr(hashlib, "file_digest") else None
            found = found or hashlib.sha256(file.read())
    except OSError as error:
        raise Failure(f"PACKAGE={archive}: {error.strerror}") from None
    if not hmac.compare_digest(found.hexdigest(), digest):
        raise Failure(f"PACKAGE={archive} has the SHA-256 {found.hexdigest()}, not {digest}: it is not what was built")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with tarfile.open(archive, "r:gz") as opened:
            if sum(member.size for member in opened.getmembers()) > MAX_BYTES:
                raise Failure(f"PACKAGE={archive} holds more than {MAX_BYTES} bytes")
            opened.extractall(folder, filter="data")
        about = json.loads((folder / "package.json").read_text())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise Failure(f"PACKAGE={archive}: {error}") from None
    if about.get("architecture") != architecture:
        raise Failure(f"the package is for {about.get('architecture')}, and the functions are to run on {architecture}")
    commit = checked_out()
    if about.get("commit") != commit:
        raise Failure(f"the package is of commit {about.get('commit')}, and this checkout is of {commit}")
    say(f"   package of commit {commit} for {architecture}, SHA-256 {digest}")


def checked_out():
    """The checked-out commit in the format of a package; empty if there is none."""
    command = [str(ROOT / "infra/dev/commit.sh")]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=GIT_SECONDS).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
