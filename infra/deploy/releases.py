"""Decides whether CodeDeploy can move the traffic of a deployment, or CloudFormation must set the aliases itself.

CloudFormation passes the previous and the new version to CodeDeploy. CodeDeploy refuses if the alias is at another
version (INVALID_LAMBDA_CONFIGURATION,
https://github.com/aws/serverless-application-model/issues/291). A rollback
moves aliases without CloudFormation, so the next deployment must do without CodeDeploy.
"""

import time

import botocore.exceptions

from aliases import ALIAS, live_versions
from aws import code_of, explained, resources
from report import Failure, say

# The checks of a release run concurrently, one for each of eleven functions, and each calls a function. That takes 22
# concurrent executions, in addition to those of the traffic. With fewer, each check waits for executions that others
# hold.
EXECUTIONS_FOR_CHECKS = 50
# CloudFormation's reasons for a temporary failure: the deployments of all functions begin at once.
PASSING = ("Rate exceeded", "Throttling", "TooManyRequests", "LimitExceeded")
MAX_EVENTS = 300
# Seconds before a deployment with such a failure is tried again.
PAUSES = (60, 180)


def stack_versions(account, stack_name):
    """The versions that the stack knows of each function, by the function's physical name."""
    found = {}
    for arn in resources(account, stack_name, "AWS::Lambda::Version").values():
        function, version = arn.rsplit(":", 2)[1:]
        found.setdefault(function, set()).add(version)
    return found


def moved_aliases(account, stack_name):
    """The functions whose alias differs from the stack's state: at another version, or between two versions."""
    known = stack_versions(account, stack_name)
    client = account.client("lambda")
    moved = {}
    for function, version in live_versions(account, stack_name).items():
        with explained(f"alias {ALIAS} of {function}"):
            alias = client.get_alias(FunctionName=function, Name=ALIAS)
        weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")
        if function in known and (version not in known[function] or weights):
            moved[function] = version
    return moved


def drops_alarms(stack, chosen):
    """Whether the deployment turns the alarms of the stack off. If a deployment group is updated without alarms,
    CloudFormation does not remove them (https://github.com/aws/aws-cdk/issues/23307), and SAM cannot disable them.
    CodeDeploy would still refer to deleted alarms. A deployment without CodeDeploy deletes the group, and the next
    deployment creates one without alarms."""
    return bool(stack) and stack.parameters.get("Alarms") == "true" and chosen.get("Alarms") != "true"


def past_codedeploy(moved, emergency, without_alarms, quota):
    """The reason to deploy without CodeDeploy, or None. `quota`: the concurrent executions of the account."""
    if emergency:
        return "EMERGENCY=1: the new versions get all traffic at once, without the checks and alarms of a release"
    if quota < EXECUTIONS_FOR_CHECKS:
        return (
            f"the checks of a release take more than the account's quota of {quota} concurrent executions: all traffic "
            f"moves at once, without them, until the quota is at least {EXECUTIONS_FOR_CHECKS}"
        )
    if without_alarms:
        return (
            "Alarms is turned off, and CodeDeploy would keep the alarms that it has: all traffic moves at once. The "
            "next deployment is gradual again"
        )
    if not moved:
        return None
    names = ", ".join(f"{function} at {version}" for function, version in sorted(moved.items()))
    return (
        f"{ALIAS} is not where the stack has put it, as after a rollback ({names}). CodeDeploy would refuse, so "
        "CloudFormation sets it: all traffic moves at once. The next deployment is gradual again"
    )


def patiently(attempt, passes, pause=time.sleep):
    """Deploys by `attempt`, and again after a pause if it fails for a temporary reason."""
    for seconds in (*PAUSES, None):
        try:
            return attempt()
        except Failure as failure:
            if not passes():
                raise
            if seconds is None:
                raise Failure(f"{failure}. AWS had too many calls at once: try again") from None
        say(f"AWS had too many calls at once. Trying again in {seconds} seconds")
        pause(seconds)


def failed_in_passing(account, stack):
    """Prints why the last deployment failed. Returns whether it can be repeated: the reason is temporary, and the stack
    and the aliases are unchanged."""
    if stack is None:
        return False
    passes = say_why(account, stack)
    return passes and stack.status == "UPDATE_ROLLBACK_COMPLETE" and not moved_aliases(account, stack.name)


def say_why(account, stack):
    """Prints the reasons of the last failure, from the stack's events. Returns whether one of them is temporary."""
    client = account.client("cloudformation")
    reasons = []
    try:
        pages = client.get_paginator("describe_stack_events").paginate(
            StackName=stack.id, PaginationConfig={"MaxItems": MAX_EVENTS}
        )
        for page in pages:
            for event in page["StackEvents"]:
                if stack.updated and event["Timestamp"] < stack.updated:
                    break
                reason = event.get("ResourceStatusReason", "")
                if event["ResourceStatus"].endswith("_FAILED") and "cancelled" not in reason:
                    reasons.append(f"  {event['LogicalResourceId']}: {reason}")
    except botocore.exceptions.ClientError as error:
        say(f"the stack's events cannot be read: {code_of(error)}")
    for line in reversed(reasons):
        say(line)
    return any(word in line for line in reasons for word in PASSING)
