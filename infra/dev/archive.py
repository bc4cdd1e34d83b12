"""Packs a folder. The same files give the same bytes. Prints the SHA-256.

archive.py FOLDER FILE.tar.gz
"""

import gzip
import hashlib
import sys
import tarfile
from pathlib import Path


def plain(member):
    """Removes metadata that differs between machines: times, owners, and permissions except the executable bit."""
    member.mtime = member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def pack(folder, archive):
    """Packs the folder into the archive. Returns its SHA-256."""
    with archive.open("wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as zipped, tarfile.open(
        fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT
    ) as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                tar.add(path, str(path.relative_to(folder)), recursive=False, filter=plain)
    return hashlib.sha256(archive.read_bytes()).hexdigest()


if __name__ == "__main__":
    folder, archive = map(Path, sys.argv[1:])
    print(f"{pack(folder, archive)}  {archive}")
