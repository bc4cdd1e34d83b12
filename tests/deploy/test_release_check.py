"""The function that CodeDeploy calls: it calls the new version, and distinguishes its faults from those of others."""

import json

import botocore.exceptions
import pytest

from conftest import ROOT
from functions_stub import ROUTES, Lambda
from stub import LOGIN

FUNCTIONS = sorted({function for _, _, function in ROUTES["routes"]})


@pytest.fixture
def module(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "infra/deploy"))
    import release_check

    return release_check


@pytest.fixture
def functions(stub):
    return Lambda(stub.url)


@pytest.fixture
def check(module, functions):
    def check(function, before_traffic=True, login=LOGIN, patience=None):
        target = module.Target(f"daftari-dev-{function}", "1", "2", before_traffic)
        patience = patience or module.Patience(0)
        return module.check(functions, "daftari-dev", module.Routes(ROUTES), target, login, patience)

    return check


def broken(found, _event):
    return {**found, "Payload": {**found["Payload"], "statusCode": 500}}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_good_version_is_released_and_was_called_itself(check, functions, function):
    assert check(function) is None
    assert {version for name, version, _ in functions.calls if name == function} == {"2"}
    others = {version for name, version, _ in functions.calls if name != function}
    assert others == {"live"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_without_a_login_a_version_that_does_not_answer_is_not_released(check, functions, function):
    def crash(found, _event):
        return {**found, "FunctionError": "Unhandled", "Payload": {"errorMessage": "Runtime exited"}}

    functions.faults[function, "2"] = crash
    reason = check(function, login="")
    assert "FunctionError" not in (reason or "") and "Unhandled" in reason and f"of {function}:2" in reason


def test_every_route_of_the_function_is_called(check, functions):
    assert check("ingest", login="") is None
    nobody = "00000000-0000-0000-0000-000000000000"
    called = {call for name, version, call in functions.calls if version == "2"}
    assert called == {f"POST /users/{nobody}/ledger", f"GET /users/{nobody}/messages"}


def test_a_version_that_answers_wrongly_is_not_released(check, functions):
    def wrong(found, event):
        if event["rawPath"].endswith("/dti") and event["headers"].get("authorization"):
            found["Payload"]["body"] = json.dumps({"dti": 0.5, "status": "ok"})
        return found

    functions.faults["dti", "2"] = wrong
    assert "dti 0.25, status ok" in check("dti")


def test_a_fault_of_another_function_does_not_stop_the_release(check, functions, capsys):
    functions.faults["dti", "1"] = broken
    assert check("ledger") is None
    said = capsys.readouterr().out
    assert "the new version is not to blame" in said
    [error] = errors(said)
    assert error.startswith("version 2 of daftari-dev-ledger was released unchecked: it fails with the version from")
    # The fix of the faulty function is released.
    assert check("dti") is None


def errors(said):
    """The messages of the error lines of a log."""
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert {each["level"] for each in lines} <= {"ERROR"}
    return [each["message"] for each in lines]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_login_that_is_refused_does_not_turn_the_checks_off_without_a_word(check, function, capsys):
    assert check(function, login="amina@kijani.example:an-old-password") is None
    said = capsys.readouterr().out
    [error] = errors(said)
    assert f"version 2 of daftari-dev-{function} was released unchecked: the login of the secret" in error
    assert "daftari/dev/smoke-login cannot sign in" in error and "an-old-password" not in said


def test_a_good_release_has_no_error_in_the_log(check, capsys):
    assert check("dti") is None
    assert errors(capsys.readouterr().out) == []


def throttled(calls_until):
    """Refuses a number of calls for a lack of executions, like Lambda, and then none."""
    left = [calls_until]

    def refuse(wrapped):
        def invoke(**given):
            if left[0] > 0:
                left[0] -= 1
                raise botocore.exceptions.ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")
            return wrapped(**given)

        return invoke

    return refuse


def test_calls_that_lambda_refuses_for_a_lack_of_executions_are_repeated(module, check, functions, monkeypatch):
    pauses = []
    monkeypatch.setattr(functions, "invoke", throttled(20)(functions.invoke))
    assert check("dti", patience=module.Patience(300, pauses.append)) is None
    assert len(pauses) == 20 and all(1 <= each <= 10 for each in pauses)


def test_they_are_not_repeated_for_ever(module, check, functions, monkeypatch):
    pauses = []
    monkeypatch.setattr(functions, "invoke", throttled(10**6)(functions.invoke))
    assert "TooManyRequestsException" in check("dti", patience=module.Patience(300, pauses.append))
    # Within the time limit that Lambda gives the check.
    assert sum(pauses) == pytest.approx(300)


def test_a_version_that_others_fail_by_is_to_blame(check, functions, stub):
    """The new ingest stores data that the ledger then reads wrongly."""

    def forgets(found, event):
        if event["requestContext"]["http"]["method"] == "POST" and event["headers"].get("authorization"):
            for user in stub.users.values():
                user["records"].clear()
        return found

    functions.faults["ingest", "2"] = forgets
    assert "GET /users/" in check("ingest")


def test_after_traffic_the_alias_must_lead_to_the_new_version(check, functions):
    assert "version 2" in check("dti", before_traffic=False)
    functions.live["dti"] = "2"
    assert check("dti", before_traffic=False) is None
    assert {version for name, version, _ in functions.calls if name == "dti"} == {"live"}


def test_a_function_that_cannot_be_called_is_not_released(check, functions, monkeypatch):
    def refuse(**_):
        raise botocore.exceptions.ClientError({"Error": {"Code": "AccessDeniedException"}}, "Invoke")

    monkeypatch.setattr(functions, "invoke", refuse)
    assert "AccessDeniedException" in check("dti", login="")


def test_the_releases_of_two_functions_use_different_phone_numbers(module, check, functions, stub):
    numbers = {}
    for function in FUNCTIONS:
        stub.users.clear()
        assert check(function) is None
        [user] = stub.users.values()
        numbers[function] = int(user["phone_number"][-3:])
    assert [numbers[each] // 180 for each in sorted(FUNCTIONS)] == [0, 1, 2, 3, 4]
    # Also different from those of make smoke.
    assert all(number < 900 for number in numbers.values())


@pytest.mark.parametrize(("method", "path", "function"), [
    ("GET", "/users/1/ledger", "ledger"),
    ("POST", "/users/1/ledger", "ingest"),
    ("GET", "/users/1/dti?currency=KES", "dti"),
    ("GET", "/users/1/export", "users"),
    ("GET", "/no/such/path", "users"),
])
def test_requests_go_where_the_gateway_sends_them(module, method, path, function):
    assert module.Routes(ROUTES).function(method, path) == function


class CodeDeploy:
    """Answers as AWS documents them."""

    def __init__(self, function, event="BeforeAllowTraffic"):
        self.verdicts = []
        self.function = function
        self.event = event

    def list_deployment_targets(self, deploymentId):  # noqa: N803
        return {"targetIds": [f"{self.function}:live"]}

    def get_deployment_target(self, deploymentId, targetId):  # noqa: N803
        info = {"functionName": self.function, "functionAlias": "live", "currentVersion": "1", "targetVersion": "2"}
        events = [
            {"lifecycleEventName": "BeforeAllowTraffic", "status": "Succeeded"},
            {"lifecycleEventName": "AfterAllowTraffic", "status": "Pending"},
        ]
        for each in events:
            each["status"] = "InProgress" if each["lifecycleEventName"] == self.event else each["status"]
        target = {"deploymentId": deploymentId, "lambdaFunctionInfo": info, "lifecycleEvents": events}
        return {"deploymentTarget": {"deploymentTargetType": "LambdaFunction", "lambdaTarget": target}}

    def put_lifecycle_event_hook_execution_status(self, **verdict):
        self.verdicts.append(verdict)


@pytest.fixture
def handle(module, functions, monkeypatch, tmp_path):
    (tmp_path / "routes.json").write_text(json.dumps(ROUTES))
    monkeypatch.setattr(module, "__file__", str(tmp_path / "release_check.py"))
    monkeypatch.setenv("DAFTARI_SERVICE", "daftari-dev")

    def handle(codedeploy, **event):
        clients = {"codedeploy": codedeploy, "lambda": functions}
        monkeypatch.setattr(module.boto3, "client", lambda service, **_: clients[service])
        module.handler({"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "h-1", **event}, None)
        [verdict] = codedeploy.verdicts
        assert (verdict["deploymentId"], verdict["lifecycleEventHookExecutionId"]) == ("d-1", "h-1")
        return verdict["status"]

    return handle


def test_codedeploy_is_told_the_verdict(handle, functions):
    assert handle(CodeDeploy("daftari-dev-dti")) == "Succeeded"
    assert handle(CodeDeploy("daftari-dev-dti", "AfterAllowTraffic")) == "Failed"
    functions.live["dti"] = "2"
    assert handle(CodeDeploy("daftari-dev-dti", "AfterAllowTraffic")) == "Succeeded"
    functions.faults["dti", "2"] = broken
    assert handle(CodeDeploy("daftari-dev-dti")) == "Failed"


def test_there_is_a_verdict_whatever_happens(handle, monkeypatch):
    """CodeDeploy would wait for an hour."""
    assert handle(CodeDeploy("daftari-dev-nobody")) == "Failed"
    broken_answers = CodeDeploy("daftari-dev-dti")
    monkeypatch.setattr(broken_answers, "get_deployment_target", lambda **_: {})
    assert handle(broken_answers) == "Failed"
