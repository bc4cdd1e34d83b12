"""Deletes old versions of a stage's functions. Every deployment publishes one, and CloudFormation never deletes them.

    make prune ENV=prod              shows what would be deleted
    make prune ENV=prod YES=1        deletes it
    make prune ENV=prod KEEP=20      keeps the last 20 of each function instead of 10

Versions that an alias uses, or that the stack refers to, are always kept.
"""

import os

from aws import connect, explained, functions, need_stack, resources
from report import Failure, flag, run_main, say
from stage import stage_of

KEEP = 10
MAX_KEEP = 1_000


def kept_number(text):
    if not text.isdecimal() or not 1 <= int(text) <= MAX_KEEP:
        raise Failure(f"KEEP must be a number from 1 to {MAX_KEEP}, not {text!r}", code=2)
    return int(text)


def published(client, function):
    """The numbers of a function's versions, in order."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    found = [each["Version"] for page in pages for each in page["Versions"]]
    return sorted(int(each) for each in found if each.isdecimal())


def in_use(client, function):
    """The versions that aliases send requests to."""
    used = set()
    for page in client.get_paginator("list_aliases").paginate(FunctionName=function):
        for alias in page["Aliases"]:
            weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
            used |= {int(each) for each in (alias["FunctionVersion"], *weights) if each.isdecimal()}
    return used


def of_stack(account, stack):
    """The versions that the stack refers to, by the function's physical name."""
    found = {}
    for arn in resources(account, stack.name, "AWS::Lambda::Version").values():
        *_, function, version = arn.split(":")
        found.setdefault(function, set()).add(int(version))
    return found


def old_versions(versions, protected, keep):
    return [each for each in versions[: max(len(versions) - keep, 0)] if each not in protected]


def main():
    environment = os.environ
    stage = stage_of(environment)
    keep = kept_number(environment.get("KEEP") or str(KEEP))
    delete = flag(environment, "YES")
    account = connect(environment)
    stack = need_stack(account, stage)
    client = account.client("lambda")
    referred = of_stack(account, stack)
    count = 0
    for function in sorted(functions(account, stack.name).values()):
        with explained(f"versions of {function}"):
            protected = in_use(client, function) | referred.get(function, set())
            old = old_versions(published(client, function), protected, keep)
            for version in old:
                if delete:
                    client.delete_function(FunctionName=function, Qualifier=str(version))
        if old:
            say(f"  {function}: {'deleted' if delete else 'would delete'} {', '.join(map(str, old))}")
        count += len(old)
    say(f"{count} old versions" + ("" if delete or not count else ": make prune … YES=1 deletes them"))


if __name__ == "__main__":
    run_main(main)
