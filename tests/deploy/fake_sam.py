"""Replaces the SAM CLI: records its arguments, and changes the local AWS as TEST_DEPLOY demands.

moved: every function gets a new version, and alias live points at it; part: only the first; shift: like moved, but
a tenth of the requests still goes to the old version; same: nothing changes; first: the stack is created; stuck: like
moved, then fails; fail: fails and changes nothing.

It models CodeDeploy and CloudFormation as far as AWS documents them. The file versions.json is the stack's state: the
version of each function. With gradual deployments in the built template, the deployment fails and changes nothing in
two cases. The alias is at another version, or TEST_ALARM=1 simulates an alarm of the new version or a failed check of
the release. Without gradual deployments the aliases are set to the new versions.
"""

import json
import os
import pathlib
import sys

import boto3

import small_stack
import yaml
from functions_stub import ROUTES

INFRA = pathlib.Path(os.environ["TEST_INFRA"])
BUILT = {"Globals": {"Function": {"DeploymentPreference": {"Type": "AllAtOnce"}}}, "Resources": {}}


def known(found):
    """The versions that the stack knows. small_stack begins with the first."""
    file = INFRA / "versions.json"
    return json.loads(file.read_text()) if file.exists() else {function: ["1"] for function in found.values()}


def alias(function):
    return boto3.client("lambda").get_alias(FunctionName=function, Name="live")


def refused(found):
    """The reason why CodeDeploy does not deploy, or None."""
    template = INFRA / ("unpacked" if os.environ.get("PACKAGE") else "") / "template.yaml"
    function = yaml.safe_load(template.read_text())["Globals"]["Function"]
    if function["DeploymentPreference"].get("Enabled", True) is False:
        return None
    for name in found.values():
        now = alias(name)
        shifted = now.get("RoutingConfig", {}).get("AdditionalVersionWeights")
        if [now["FunctionVersion"]] != known(found)[name] or shifted:
            return (
                "The Lambda function alias version does not match the current version in AppSpec file. "
                "(Error code: INVALID_LAMBDA_CONFIGURATION)"
            )
    return "One or more alarms have been activated" if os.environ.get("TEST_ALARM") else None


def main():
    words = sys.argv[1:]
    secret = [name for name in ("LOGIN", "AWS_SECRET_ACCESS_KEY") if os.environ.get(name)]
    assert secret == ([] if words[0] == "build" else ["AWS_SECRET_ACCESS_KEY"]), secret
    with pathlib.Path(os.environ["TEST_CALLS"]).open("a") as file:
        file.write(json.dumps([*words, os.environ.get("ARCH", "")]) + "\n")
    if words[0] == "build":
        (INFRA / "template.yaml").write_text(yaml.safe_dump(BUILT))
        (INFRA / "ReleaseCheckFunction").mkdir(exist_ok=True)
        (INFRA / "ReleaseCheckFunction/routes.json").write_text(json.dumps(ROUTES))
        return int(os.environ.get("TEST_BUILD_CODE", "0"))
    what = os.environ.get("TEST_DEPLOY", "moved")
    jwks = boto3.client("ssm").get_parameter(Name="/daftari/dev/jwks")["Parameter"]["Value"]
    if what == "first":
        small_stack.create(boto3.client, "daftari-dev", os.environ["TEST_URL"])
    elif what in ("moved", "part", "shift", "stuck"):
        found = small_stack.functions(boto3.client, "daftari-dev")
        if what == "part":
            found = dict(list(found.items())[:1])
        reason = refused(found)
        if reason:
            print(reason)
            return 1
        small_stack.release(boto3.client, found, jwks)
        versions = {**known(small_stack.functions(boto3.client, "daftari-dev"))}
        versions.update({function: [alias(function)["FunctionVersion"]] for function in found.values()})
        (INFRA / "versions.json").write_text(json.dumps(versions))
        for function in found.values() if what == "shift" else ():
            weights = {"AdditionalVersionWeights": {"1": 0.1}}
            boto3.client("lambda").update_alias(FunctionName=function, Name="live", RoutingConfig=weights)
    return int(what in ("fail", "stuck"))


if __name__ == "__main__":
    sys.exit(main())
