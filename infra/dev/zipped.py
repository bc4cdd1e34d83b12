"""Prints the zipped upload size of binaries. Exit codes: 0 all within the limit, 1 not."""

import io
import pathlib
import sys
import zipfile

MIB = 1024 * 1024
LIMIT_BYTES = 3 * MIB
# Includes the tables of the SMS reader.
LIMITS = {"ingest": 3_500_000}


def zipped(path):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.write(path, "bootstrap")
    return len(memory.getvalue())


def main():
    within = True
    print(f"{'size':<16} {'bytes':>10} {'zipped':>10} {'limit':>10}")
    for path in map(pathlib.Path, sys.argv[1:]):
        size = zipped(path)
        limit = int(LIMITS.get(path.name, LIMIT_BYTES))
        within &= size <= limit
        over = "" if size <= limit else "  OVER THE LIMIT"
        print(f"{path.name:<16} {path.stat().st_size:>10} {size:>10} {limit:>10}{over}")
    return 0 if within else 1


sys.exit(main())
