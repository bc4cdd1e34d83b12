"""infra/deploy/deploy.py with a replacement of the SAM CLI: the program that TEST_SAM names."""

import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "infra/deploy"))

import aws  # noqa: E402
import deploy  # noqa: E402
import releases  # noqa: E402
import report  # noqa: E402
import tools  # noqa: E402
import trial  # noqa: E402
from functions_stub import Lambda  # noqa: E402

deploy.SAM = tools.SAM = pathlib.Path(os.environ["TEST_SAM"])
deploy.PACKAGE = [os.environ["TEST_SAM"], "build"]
# The replacement writes its build to the folder that the test reads.
deploy.TEMPLATE = ROOT / "tests/deploy/parameters.yaml"
INFRA = pathlib.Path(os.environ["TEST_INFRA"])
# A package takes the place of the whole folder.
deploy.BUILT = INFRA / ("unpacked" if os.environ.get("PACKAGE") else "") / "template.yaml"

# moto's CloudFormation does not report the versions of a stack: the replacement stores them.
VERSIONS = INFRA / "versions.json"


def stack_versions(account, stack_name):
    if VERSIONS.exists():
        return json.loads(VERSIONS.read_text())
    return {function: ["1"] for function in aws.functions(account, stack_name).values()}


def resources(account, stack_name, kind):
    # moto's CloudFormation has no APIs.
    if kind == "AWS::ApiGatewayV2::Api":
        return {"Api": os.environ["TEST_API"]} if os.environ.get("TEST_API") else {}
    return aws.resources(account, stack_name, kind)


releases.stack_versions = stack_versions
trial.resources = resources
trial.client_of_functions = lambda account: Lambda(os.environ["TEST_URL"])

if __name__ == "__main__":
    report.run_main(deploy.main)
