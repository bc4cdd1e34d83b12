"""The ways to try a deployed stage out: over the gateway, or past it while the gateway lets no request through.

The restore of a table stops the traffic (docs/OPERATIONS.md, *For real*): the default route has rate 0, and every
request gets a 429. A smoke test over the gateway would then fail whatever the new versions do, and a rollback would
lead them back to the damaged table. So the same checks call the functions by their aliases.
"""

import json
import os
import subprocess
import sys

from aws import explained, resources
from keys import kids_of
from release_check import CALLS, PATIENCE_SECONDS, FunctionsService, Patience, Routes, check_as_a_lender
from report import Failure, say
from rotate_keys import fetch, published_at
from smoke_http import JWKS, NUMBERS, expect_json
from tools import ROOT

SMOKE = ROOT / "infra/deploy/smoke.py"
SMOKE_SECONDS = 600
STAGE = "$default"


class OverTheGateway:
    """The service at its address."""

    reminder = ""

    def __init__(self, url):
        self.url = url
        self.name = url

    def passes(self, login):
        """Whether the smoke test passes. It runs without AWS credentials."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        command = [sys.executable, str(SMOKE)]
        environment = {**kept, "URL": self.url, "LOGIN": login}
        try:
            return subprocess.run(command, env=environment, timeout=SMOKE_SECONDS).returncode == 0
        except subprocess.TimeoutExpired:
            say(f"the smoke test took longer than {SMOKE_SECONDS // 60} minutes and was ended")
            return False

    def kids(self):
        """The ids of the public keys that the live version publishes."""
        where = published_at(self.url)
        return kids_of(fetch(where), where)


class PastTheGateway:
    """The service as its functions, each at the version of its alias."""

    reminder = "The gateway lets no request through. Allow traffic again: docs/OPERATIONS.md, For real, step 5."

    def __init__(self, client, stack, routes):
        self.name = f"the functions of {stack}, past the gateway, which lets no request through (rate 0)"
        self.service = FunctionsService(client, stack, routes, {}, NUMBERS, Patience(PATIENCE_SECONDS))

    def passes(self, login):
        """Whether the smoke test passes."""
        try:
            check_as_a_lender(self.service, login)
        except Failure as failure:
            say(f"failed: {failure}")
            return False
        return True

    def kids(self):
        """The ids of the public keys that the live version publishes."""
        answer = self.service.call("GET", JWKS)
        expect_json(answer, 200)
        return kids_of(answer.body.decode(), answer.call)


def is_stopped(account, stack):
    """Whether the default route of the stack's API lets no request through; no, if that cannot be read."""
    try:
        with explained("reading the rate of the gateway"):
            for api in resources(account, stack.name, "AWS::ApiGatewayV2::Api").values():
                stage = account.client("apigatewayv2").get_stage(ApiId=api, StageName=STAGE)
                if stage.get("DefaultRouteSettings", {}).get("ThrottlingRateLimit") == 0:
                    return True
    except Failure as failure:
        say(f"warning: {failure}. The gateway is taken to let requests through")
    return False


def way_to(account, stack, built):
    """How to try the stack out. `built` is the folder of the build, whose release check has the routes."""
    if not is_stopped(account, stack):
        # Not the custom domain, unless it is the only address: a new DNS record takes time, and the domain leads to
        # the same functions.
        return OverTheGateway(stack.outputs.get("ApiEndpoint") or stack.output("Url"))
    file = built / "ReleaseCheckFunction/routes.json"
    try:
        routes = Routes(json.loads(file.read_text()))
    except (OSError, ValueError, LookupError) as error:
        raise Failure(f"the new versions are live and not tried out: {file}: {error}") from None
    return PastTheGateway(client_of_functions(account), stack.name, routes)


def client_of_functions(account):
    """A client that calls functions, without the retries that would send a write twice."""
    return account.session.client("lambda", config=CALLS)
