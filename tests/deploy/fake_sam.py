"""Replaces the SAM CLI: records its arguments, and changes the local AWS as TEST_DEPLOY demands.

moved: every function gets a new version, and alias live points at it; part: only the first; shift: like moved, but
a tenth of the requests still goes to the old version; same: nothing changes; first: the stack is created; stuck: like
moved, then fails; fail: fails and changes nothing.
"""

import json
import os
import pathlib
import sys

import boto3

import small_stack


def main():
    words = sys.argv[1:]
    secret = [name for name in ("LOGIN", "AWS_SECRET_ACCESS_KEY") if os.environ.get(name)]
    assert secret == ([] if words[0] == "build" else ["AWS_SECRET_ACCESS_KEY"]), secret
    with pathlib.Path(os.environ["TEST_CALLS"]).open("a") as file:
        file.write(json.dumps([*words, os.environ.get("ARCH", "")]) + "\n")
    if words[0] == "build":
        (pathlib.Path(os.environ["TEST_INFRA"]) / "template.yaml").write_text("Resources: {}")
        return int(os.environ.get("TEST_BUILD_CODE", "0"))
    what = os.environ.get("TEST_DEPLOY", "moved")
    jwks = boto3.client("ssm").get_parameter(Name="/daftari/dev/jwks")["Parameter"]["Value"]
    if what == "first":
        small_stack.create(boto3.client, "daftari-dev", os.environ["TEST_URL"])
    elif what in ("moved", "part", "shift", "stuck"):
        found = small_stack.functions(boto3.client, "daftari-dev")
        if what == "part":
            found = dict(list(found.items())[:1])
        small_stack.release(boto3.client, found, jwks)
        for function in found.values() if what == "shift" else ():
            weights = {"AdditionalVersionWeights": {"1": 0.1}}
            boto3.client("lambda").update_alias(FunctionName=function, Name="live", RoutingConfig=weights)
    return int(what in ("fail", "stuck"))


if __name__ == "__main__":
    sys.exit(main())
