"""Which version of each function is live, and going back to the ones that were.

Requests reach a function through its alias `live`. CloudFormation publishes a new version with each deployment and
CodeDeploy moves the alias to it; earlier versions stay. Going back is pointing the alias at the version from before,
which takes effect within seconds and changes nothing else.
"""

import botocore.exceptions

from aws import code_of, explained, functions
from report import Failure, say

ALIAS = "live"


def live_versions(account, stack_name):
    """Version of each function's alias, by the function's physical name; none for functions without the alias."""
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
    """Points each alias that moved at the version from before. Returns the functions that went back, and those with
    no version to go back to."""
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
            # Without weights: a shift that is under way would go on sending a part of the requests to the new version.
            client.update_alias(
                FunctionName=function,
                Name=ALIAS,
                FunctionVersion=earlier,
                RoutingConfig={"AdditionalVersionWeights": {}},
            )
        say(f"  {function}: {ALIAS} is version {earlier} again, after {version}")
        back.append(function)
    return back, stuck
