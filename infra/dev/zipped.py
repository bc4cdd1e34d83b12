"""Prints the zipped upload size of binaries. Exit codes: 0 all within the limit, 1 not."""

import io
import pathlib
import sys
import zipfile

LIMIT_BYTES = 3 * 1024 * 1024


def zipped(path):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.write(path, "bootstrap")
    return len(memory.getvalue())


def main():
    within = True
    print(f"{'size':<16} {'bytes':>10} {'zipped':>10}  limit {LIMIT_BYTES}")
    for path in map(pathlib.Path, sys.argv[1:]):
        size = zipped(path)
        within &= size <= LIMIT_BYTES
        print(f"{path.name:<16} {path.stat().st_size:>10} {size:>10}{'' if size <= LIMIT_BYTES else '  OVER THE LIMIT'}")
    return 0 if within else 1


sys.exit(main())
