"""Reads which version of each function is live, and rolls back to earlier versions.

Requests reach a function through its alias `live`. CloudFormation publishes a new version with each deployment, and
CodeDeploy moves the alias to it. Earlier versions stay. A rollback points the alias at the earlier version. It takes
effect within seconds and changes nothing else.
"""

import botocore.exceptions

from aws import code_of, explained, functions
from report import Failure, say

ALIAS = "live"


def live_versions(account, stack_name):
    """The version of each function's alias, by the function's physical name. Leaves out functions without the alias."""
    client = account.client("lambda")
    found = {}
    for function in functions(account, stack_name).values():
        try:
            found[function] = client.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"]
        except botocore.exceptions.ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise Failure(f"alias {ALIAS} of {function}: {code_of(error)}") from None
    return found


def point_back(account, before, now):
    """Points each alias that moved back at its earlier version. Returns the functions that were rolled back, and those
    without an earlier version."""
    client = account.client("lambda")
    back, stuck = [], []
    for function, version in sorted(now.items()):
        earlier = before.get(function)
        if earlier is None:
            stuck.append(function)
            continue
        if earlier == version:
            continue
        with explained(f"pointing {ALIAS} of {function} back at version {earlier}"):
            # Without weights: an unfinished traffic shift would continue to send some requests to the new version.
            client.update_alias(
                FunctionName=function,
                Name=ALIAS,
                FunctionVersion=earlier,
                RoutingConfig={"AdditionalVersionWeights": {}},
            )
        say(f"  {function}: {ALIAS} is version {earlier} again, after {version}")
        back.append(function)
    return back, stuck
