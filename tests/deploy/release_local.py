"""The checks of a release, against the real functions of `make dev`: each in the role of the released function.

`cargo lambda watch` has the Invoke API of Lambda without versions: each function has only one.

    DAFTARI_URL=http://… release_local.py EMAIL:PASSWORD
"""

import os
import pathlib
import sys

import boto3
import botocore.config

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "infra/deploy"), str(ROOT / "infra/dev")]

import release_check  # noqa: E402
import sam_template  # noqa: E402

STACK = "local"
CALLS = botocore.config.Config(
    read_timeout=120, retries={"total_max_attempts": 1}, ignore_configured_endpoint_urls=True
)


class WithoutVersions:
    def __init__(self, url):
        self.client = boto3.client(
            "lambda", "eu-west-1", endpoint_url=url, aws_access_key_id="t", aws_secret_access_key="t", config=CALLS
        )

    def invoke(self, FunctionName, Qualifier, Payload):  # noqa: N803, as boto3
        found = self.client.invoke(FunctionName=FunctionName.removeprefix(f"{STACK}-"), Payload=Payload)
        found.pop("ExecutedVersion", None)
        return found


def main():
    routes = release_check.Routes(sam_template.routes(sam_template.load((ROOT / "infra/template.yaml").read_text())))
    client = WithoutVersions(os.environ["DAFTARI_URL"])
    for function in routes.functions:
        print(f"== {function}", flush=True)
        target = release_check.Target(f"{STACK}-{function}", "1", "2", True)
        patience = release_check.Patience(0)
        reason = release_check.check(client, STACK, routes, target, sys.argv[1], patience)
        if reason:
            sys.exit(f"release_local: {function} would not be released: {reason}")


if __name__ == "__main__":
    main()
