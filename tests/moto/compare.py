"""Compares the permissions that the functions used with those that their template policies grant.

    compare.py USAGE.JSON [--partial]

With --partial, for a run of only some tests, unused permissions are allowed. Exit codes: 0 they agree, 1 they differ.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path


def usage_of(application):
    """The usage at a server: plain lists and counts, by function."""

    def counts(counter):
        return {str(grant): count for grant, count in sorted(counter.items(), key=str)}

    record = application.record
    return {
        name: {
            "granted": [str(grant) for grant in granted],
            "used": counts(record.used.get(name, {})),
            "denied": counts(record.denied.get(name, {})),
        }
        for name, granted in application.template.granted.items()
    }


def total(usages):
    """The usage at several servers of one template, as if it had been at one."""

    def counts(name, kind):
        return dict(sorted(sum((Counter(usage[name][kind]) for usage in usages), Counter()).items()))

    first = usages[0]
    return {
        name: {"granted": of["granted"], "used": counts(name, "used"), "denied": counts(name, "denied")}
        for name, of in first.items()
    }


def faults(usage, partial=False):
    """The differences, one per line."""
    found = []
    for function, of in usage.items():
        for grant in of["denied"]:
            found.append(f"MISSING: {function} needs {grant}, and its policy does not grant it")
        for grant in of["granted"]:
            if not partial and grant not in of["used"]:
                found.append(f"UNUSED: {function} may {grant}, and no test makes it do so")
    if not partial and not any(of["used"] for of in usage.values()):
        found.append("NOTHING was asked of the engine: no test ran on it")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("usage", type=Path)
    parser.add_argument("--partial", action="store_true", help="allow unused permissions")
    arguments = parser.parse_args()
    usage = json.loads(arguments.usage.read_text(encoding="utf-8"))
    for function, of in usage.items():
        used = ", ".join(f"{grant} ({count})" for grant, count in of["used"].items())
        print(f"{function}: {used or 'nothing'}")
    found = faults(usage, arguments.partial)
    for fault in found:
        print(fault, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
