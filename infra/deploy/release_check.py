"""Checks a release: a function that CodeDeploy calls before and after it moves the traffic of a function.

It calls the new version itself, without the gateway: first every route of the function once, without a token; then, if
there is a login, the smoke test. In the smoke test, calls of the function under test go to the new version, and all
others to the alias `live`. If a check also fails with the previous version, the new version is not the cause, and the
release continues unchecked. Then the log has an error, which an alarm counts and `make deploy` prints. Without it, a
refused login would silently disable the checks.

Environment: DAFTARI_SERVICE, the name of the stack; DAFTARI_SMOKE_LOGIN_SECRET, the ARN of a secret with
email:password, or empty. The file routes.json beside this one has the routes of the template.
"""

import base64
import dataclasses
import json
import os
import pathlib
import random
import time
import traceback
import uuid

import boto3
import botocore.config
import botocore.exceptions

from report import Failure, say
from smoke_checks import SignInFailed, checks_of_a_lender, public_checks
from smoke_http import NUMBERS, Answer, NotAsExpected, Service, expect_problem

ALIAS = "live"
# An API Gateway waits 30 seconds. A retry would send a write twice.
CALLS = botocore.config.Config(connect_timeout=5, read_timeout=40, retries={"total_max_attempts": 1})
CODEDEPLOY = botocore.config.Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 5})
# The value for each parameter of a path. Neither a user nor an account has it.
NOBODY = "00000000-0000-0000-0000-000000000000"
BEFORE_TRAFFIC = "BeforeAllowTraffic"
# Lambda refuses calls above the limit of concurrent executions. A refused call did not run, so it can be repeated.
THROTTLED = ("TooManyRequestsException", "EC2ThrottledException")
# Limit of the retries of a check, for all its refused calls together.
PATIENCE_SECONDS = 300


@dataclasses.dataclass
class Target:
    """The function of a deployment, with its previous and its new version."""

    function: str
    current: str
    new: str
    before_traffic: bool


class Routes:
    """The routes of the gateway."""

    def __init__(self, given):
        self.routes = [tuple(each) for each in given["routes"]]
        self.default = given["default"]
        self.functions = sorted({function for _, _, function in self.routes})

    def of(self, function):
        return [(method, path) for method, path, other in self.routes if other == function]

    def function(self, method, path):
        """The function that the gateway calls: the path with the most literal parts, then the method, then ANY."""
        parts = path.partition("?")[0].split("/")
        found = []
        for taken, pattern, function in self.routes:
            wanted = pattern.split("/")
            literal = [not each.startswith("{") for each in wanted]
            same = len(wanted) == len(parts) and all(
                each == part or not fixed for each, part, fixed in zip(wanted, parts, literal, strict=True)
            )
            if same and taken in (method, "ANY"):
                found.append((literal, taken != "ANY", function))
        return max(found)[2] if found else self.default


class Patience:
    """The time budget of a check for waiting for executions."""

    def __init__(self, seconds, sleep=time.sleep):
        self.left = seconds
        self.sleep = sleep

    def wait(self):
        """Waits for a while, unless the budget is used up."""
        if self.left <= 0:
            return False
        # Checks that were refused together retry at different times.
        pause = min(self.left, random.uniform(1, 10))
        self.left -= pause
        self.sleep(pause)
        return True


class FunctionsService(Service):
    """The service as its functions, called without the gateway. `versions` maps a function to the version or alias to
    call and, unless it is the alias, to the version that must answer."""

    def __init__(self, client, stack, routes, versions, numbers, patience):
        super().__init__(0, numbers)
        self.client = client
        self.patience = patience
        self.stack = stack
        self.routes = routes
        self.versions = versions

    def send(self, method, path, headers, data):
        function = self.routes.function(method, path)
        qualifier, expected = self.versions.get(function, (ALIAS, None))
        call = f"{method} {path} of {function}:{qualifier}"
        try:
            answer = self.invoke(f"{self.stack}-{function}", qualifier, event(method, path, headers, data))
            payload = answer["Payload"].read()
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            raise NotAsExpected(call, "an answer", f"none: {error}") from None
        if answer.get("FunctionError"):
            text = payload[:300].decode(errors="replace")
            raise NotAsExpected(call, "an answer", f"{answer['FunctionError']}: {text}")
        if expected and answer.get("ExecutedVersion", expected) != expected:
            raise NotAsExpected(call, f"version {expected}", f"version {answer['ExecutedVersion']}")
        return answer_of(call, payload)

    def invoke(self, name, qualifier, payload):
        """Calls a function. Repeats the call while Lambda refuses it for a lack of executions."""
        while True:
            try:
                return self.client.invoke(FunctionName=name, Qualifier=qualifier, Payload=payload)
            except botocore.exceptions.ClientError as error:
                throttled = error.response.get("Error", {}).get("Code") in THROTTLED
                if not throttled or not self.patience.wait():
                    raise


def event(method, path, headers, data):
    """A request as API Gateway passes it on (payload format 2.0)."""
    plain, _, query = path.partition("?")
    http = {"method": method, "path": plain, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "daftari"}
    return json.dumps({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": plain,
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "release-check",
            "domainName": "release-check",
            "domainPrefix": "release-check",
            "http": http,
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime()),
            "timeEpoch": int(time.time() * 1000),
        },
        "body": (data or b"").decode(),
        "isBase64Encoded": False,
    }).encode()


def answer_of(call, payload):
    """The answer in a function's return value."""
    try:
        found = json.loads(payload)
        body = found.get("body") or ""
        body = base64.b64decode(body) if found.get("isBase64Encoded") else body.encode()
        headers = {name.lower(): value for name, value in (found.get("headers") or {}).items()}
        return Answer(call, int(found["statusCode"]), headers, body)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise NotAsExpected(call, "an HTTP answer", payload[:300].decode(errors="replace")) from None


def check_start(service, function):
    """Calls each route of a function without a token. It must answer without a server error."""
    for taken, pattern in service.routes.of(function):
        method = "GET" if taken == "ANY" else taken
        path = "/".join(NOBODY if part.startswith("{") else part for part in pattern.split("/"))
        answer = service.call(method, path)
        if answer.status >= 500:
            raise NotAsExpected(answer.call, "a status below 500", answer.shown())
        if answer.status >= 400:
            expect_problem(answer, answer.status, json_code(answer))
    service.ok(f"{function} answers on each of its routes")


def json_code(answer):
    try:
        return json.loads(answer.body)["code"]
    except (ValueError, LookupError, TypeError):
        return "of a problem document"


def check_as_a_lender(service, login):
    public_checks(service)
    if login:
        email, _, password = login.partition(":")
        checks_of_a_lender(service, email, password)


def say_error(text):
    """An error line in the format of the functions."""
    print(json.dumps({"level": "ERROR", "target": "daftari::release", "message": text}), flush=True)


def check(client, stack, routes, target, login, patience):
    """The reason not to release the new version, or None."""
    function = target.function.removeprefix(f"{stack}-")
    if function not in routes.functions:
        return f"{target.function} is not a function of {stack}"
    index, count = routes.functions.index(function), len(routes.functions)
    numbers = range(NUMBERS.start * index // count, NUMBERS.start * (index + 1) // count)

    def service(versions):
        return FunctionsService(client, stack, routes, versions, numbers, patience)

    # After the traffic has moved, the alias must lead to the new version.
    new = {function: (target.new if target.before_traffic else ALIAS, target.new)}
    try:
        check_start(service(new), function)
    except Failure as failure:
        return str(failure)
    try:
        check_as_a_lender(service(new), login)
    except Failure as failure:
        say(f"failed: {failure}")
        say(f"the same with version {target.current} of {function}, the one from before")
        try:
            check_as_a_lender(service({function: (target.current, target.current)}), login)
        except Failure as other:
            say("failed too, so the new version is not to blame")
            say_error(f"version {target.new} of {target.function} was released unchecked: {because(stack, other)}")
            return None
        return str(failure)
    return None


def because(stack, failure):
    """The reason why a check does not judge the version under test."""
    if isinstance(failure, SignInFailed):
        name = stack.replace("-", "/", 1)
        return f"the login of the secret {name}/smoke-login cannot sign in. Store a login that can. {failure}"
    return f"it fails with the version from before too. {failure}"


def target_of(codedeploy, deployment):
    """The subject of a CodeDeploy deployment."""
    [name] = codedeploy.list_deployment_targets(deploymentId=deployment)["targetIds"]
    found = codedeploy.get_deployment_target(deploymentId=deployment, targetId=name)["deploymentTarget"]["lambdaTarget"]
    info = found["lambdaFunctionInfo"]
    running = [each["lifecycleEventName"] for each in found["lifecycleEvents"] if each.get("status") == "InProgress"]
    return Target(info["functionName"], info["currentVersion"], info["targetVersion"], BEFORE_TRAFFIC in running)


def login_of(secret):
    if not secret:
        say("no SmokeLoginSecretArn: nothing is written and read back")
        return ""
    client = boto3.client("secretsmanager", config=CODEDEPLOY)
    login = client.get_secret_value(SecretId=secret)["SecretString"].strip()
    if not all(login.partition(":")):
        raise Failure("the secret of SmokeLoginSecretArn is not email:password")
    return login


def handler(event, _context):
    """Called by CodeDeploy, which waits up to an hour for a verdict. It gets one in every case."""
    codedeploy = boto3.client("codedeploy", config=CODEDEPLOY)
    try:
        target = target_of(codedeploy, event["DeploymentId"])
        say(f"{target.function}: version {target.new} after {target.current}, before traffic: {target.before_traffic}")
        routes = Routes(json.loads(pathlib.Path(__file__).with_name("routes.json").read_text()))
        client = boto3.client("lambda", config=CALLS)
        login = login_of(os.environ.get("DAFTARI_SMOKE_LOGIN_SECRET", ""))
        reason = check(client, os.environ["DAFTARI_SERVICE"], routes, target, login, Patience(PATIENCE_SECONDS))
    except Failure as failure:
        reason = str(failure)
    except Exception:
        traceback.print_exc()
        reason = "the check itself failed"
    if reason:
        say(f"not released: {reason}")
    codedeploy.put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status="Failed" if reason else "Succeeded",
    )
    return {"released": not reason}
