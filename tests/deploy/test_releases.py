"""Rollbacks, the fix after a rollback, and deployments without CodeDeploy."""

import datetime

import botocore.stub
import pytest

import small_stack
from conftest import ROOT


def test_the_fix_after_a_rollback_deploys_although_codedeploy_would_refuse_it(aws, deploy, deployed, stub):
    stub.faults["GET /openapi.json"] = 500
    assert deploy().code == 1
    assert small_stack.live(aws, deployed) == ["1", "1"]
    stub.faults.clear()
    done = deploy()
    assert done.code == 0, done.said
    assert "past CodeDeploy: live is not where the stack has put it, as after a rollback" in done.out
    assert small_stack.live(aws, deployed) == ["3", "3"]


def test_the_deployment_after_the_fix_is_gradual_again(aws, deploy, deployed, stub):
    stub.faults["GET /openapi.json"] = 500
    assert deploy().code == 1
    stub.faults.clear()
    assert deploy().code == 0
    done = deploy()
    assert done.code == 0 and "past CodeDeploy" not in done.out
    assert small_stack.live(aws, deployed) == ["4", "4"]


def test_the_fix_after_a_rollback_by_hand_deploys(aws, deploy, deployed):
    assert deploy().code == 0
    function = list(deployed.values())[0]
    aws("lambda").update_alias(FunctionName=function, Name="live", FunctionVersion="1")
    done = deploy()
    assert done.code == 0, done.said
    assert f"({function} at 1)" in done.out
    assert small_stack.live(aws, deployed) == ["3", "3"]


def test_a_shift_that_stopped_halfway_is_a_reason_too(aws, deploy, deployed):
    assert deploy(TEST_DEPLOY="shift").code == 0
    done = deploy()
    assert done.code == 0 and "past CodeDeploy" in done.out


def test_only_functions_with_a_new_version_can_be_moved_so_all_get_one_after_a_rollback(
    deploy, deployed, stub, tmp_path
):
    import yaml

    built = lambda: yaml.safe_load((tmp_path / "template.yaml").read_text())["Globals"]["Function"]
    assert deploy().code == 0
    before = built()["Environment"]
    assert deploy().code == 0 and built()["Environment"] == before
    stub.faults["GET /openapi.json"] = 500
    assert deploy().code == 1
    stub.faults.clear()
    assert deploy().code == 0 and built()["Environment"] != before


def test_a_release_that_its_alarm_or_check_stops_leaves_the_old_version(aws, deploy, deployed):
    done = deploy(TEST_ALARM="1")
    assert done.code == 1 and "the old version is live" in done.err
    assert small_stack.live(aws, deployed) == ["1", "1"]


def test_an_emergency_goes_past_alarms_and_checks(aws, deploy, deployed):
    done = deploy(TEST_ALARM="1", EMERGENCY="1")
    assert done.code == 0, done.said
    assert "past CodeDeploy: EMERGENCY=1" in done.out
    assert small_stack.live(aws, deployed) == ["2", "2"]


def test_an_emergency_after_a_rollback_gives_every_function_a_new_version(deploy, deployed, stub, tmp_path):
    assert deploy().code == 0
    before = (tmp_path / "template.yaml").read_text()
    stub.faults["GET /openapi.json"] = 500
    assert deploy().code == 1
    stub.faults.clear()
    assert deploy(EMERGENCY="1").code == 0
    fingerprint = lambda text: text.split("DAFTARI_SETTINGS: ")[1].split()[0]
    assert fingerprint((tmp_path / "template.yaml").read_text()) != fingerprint(before)


@pytest.fixture
def releases(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "infra/deploy"))
    import releases

    return releases


class Answers:
    """An account whose CloudFormation client returns prepared answers."""

    def __init__(self, operation, answer):
        import boto3

        self.made = boto3.client("cloudformation", "eu-west-1", aws_access_key_id="t", aws_secret_access_key="t")
        stubber = botocore.stub.Stubber(self.made)
        stubber.add_response(operation, answer)
        stubber.activate()

    def client(self, _service):
        return self.made


def resource(logical, physical, status="CREATE_COMPLETE", kind="AWS::Lambda::Version"):
    return {"LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": kind,
            "ResourceStatus": status, "LastUpdatedTimestamp": datetime.datetime(2026, 1, 1)}  # fmt: skip


def test_the_versions_of_a_stack_are_those_of_its_resources_that_are_there(releases):
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:daftari-dev-{}"
    account = Answers("list_stack_resources", {"StackResourceSummaries": [
        resource("AuthFunctionVersion1", arn.format("auth:7")),
        resource("AuthFunctionVersion0", arn.format("auth:6"), "DELETE_SKIPPED"),
        resource("DtiFunctionVersion1", arn.format("dti:12"), "UPDATE_COMPLETE"),
        resource("AuthFunction", "daftari-dev-auth", kind="AWS::Lambda::Function"),
    ]})  # fmt: skip
    assert releases.stack_versions(account, "daftari-dev") == {"daftari-dev-auth": {"7"}, "daftari-dev-dti": {"12"}}


def event(logical, status, reason, minute):
    return {"StackId": "s", "EventId": f"{logical}{minute}", "StackName": "daftari-dev", "LogicalResourceId": logical,
            "ResourceStatus": status, "ResourceStatusReason": reason,
            "Timestamp": datetime.datetime(2026, 1, 1, 12, minute, tzinfo=datetime.timezone.utc)}  # fmt: skip


@pytest.mark.parametrize("reason, again", [
    ("Rate exceeded (Service: CodeDeploy, Status Code: 400)", True),
    ("The following checks failed: BeforeAllowTraffic", False),
])
def test_a_failure_is_told_by_its_first_reason_and_whether_it_passes(releases, capsys, reason, again):
    account = Answers("describe_stack_events", {"StackEvents": [
        event("DtiFunctionAliaslive", "UPDATE_FAILED", "Resource update cancelled", 4),
        event("AuthFunctionAliaslive", "UPDATE_FAILED", reason, 3),
        event("AuthFunction", "UPDATE_COMPLETE", "", 2),
        event("Table", "UPDATE_FAILED", "of the deployment before", 0),
    ]})  # fmt: skip
    import aws

    began = datetime.datetime(2026, 1, 1, 12, 1, tzinfo=datetime.timezone.utc)
    stack = aws.Stack("daftari-dev", "daftari-dev", "UPDATE_ROLLBACK_COMPLETE", {}, {}, False, began)
    assert releases.say_why(account, stack) is again
    assert capsys.readouterr().out == f"  AuthFunctionAliaslive: {reason}\n"


class Deployments:
    """Deployments that fail a number of times."""

    def __init__(self, failures):
        self.failures, self.made, self.pauses = failures, 0, []

    def attempt(self):
        import report

        self.made += 1
        if self.made <= self.failures:
            raise report.Failure("sam deploy failed with code 1")


@pytest.mark.parametrize("failures, made, waited", [(0, 1, 0), (1, 2, 1), (2, 3, 2)])
def test_a_deployment_that_aws_was_too_busy_for_is_tried_again(releases, failures, made, waited):
    deployments = Deployments(failures)
    releases.patiently(deployments.attempt, lambda: True, deployments.pauses.append)
    assert (deployments.made, deployments.pauses) == (made, list(releases.PAUSES[:waited]))


def test_it_is_not_tried_for_ever_nor_for_another_reason(releases):
    import report

    deployments = Deployments(9)
    with pytest.raises(report.Failure, match="AWS had too many calls at once: try again"):
        releases.patiently(deployments.attempt, lambda: True, deployments.pauses.append)
    assert deployments.made == len(releases.PAUSES) + 1
    deployments = Deployments(1)
    with pytest.raises(report.Failure, match="code 1$"):
        releases.patiently(deployments.attempt, lambda: False, deployments.pauses.append)
    assert deployments.made == 1


@pytest.mark.parametrize("status, moved, again", [
    ("UPDATE_ROLLBACK_COMPLETE", {}, True),
    ("UPDATE_ROLLBACK_COMPLETE", {"daftari-dev-auth": "1"}, False),
    ("UPDATE_ROLLBACK_FAILED", {}, False),
    ("ROLLBACK_COMPLETE", {}, False),
])  # fmt: skip
def test_only_a_stack_that_is_as_before_is_tried_again(releases, monkeypatch, status, moved, again):
    import aws

    monkeypatch.setattr(releases, "say_why", lambda *_: True)
    monkeypatch.setattr(releases, "moved_aliases", lambda *_: moved)
    stack = aws.Stack("daftari-dev", "daftari-dev", status, {}, {}, False, None)
    assert releases.failed_in_passing(None, stack) is again


def test_turning_alarms_off_takes_codedeploy_out_once_as_it_would_keep_them(releases):
    import aws

    stack = lambda alarms: aws.Stack("s", "s", "UPDATE_COMPLETE", {}, {"Alarms": alarms}, False, None)
    assert releases.drops_alarms(stack("true"), {"Alarms": "false"})
    assert not releases.drops_alarms(stack("true"), {"Alarms": "true"})
    assert not releases.drops_alarms(stack("false"), {"Alarms": "false"})
    assert not releases.drops_alarms(None, {"Alarms": "false"})
    assert "Alarms is turned off" in releases.past_codedeploy({}, False, True, 1_000)
    assert releases.past_codedeploy({}, False, False, 1_000) is None


@pytest.mark.parametrize(("quota", "past"), [(10, True), (49, True), (50, False)])
def test_an_account_without_executions_for_the_checks_is_deployed_without_them(releases, quota, past):
    reason = releases.past_codedeploy({}, False, False, quota)
    assert (f"quota of {quota} concurrent executions" in (reason or "")) is past


def test_there_are_executions_for_the_checks_of_all_functions_at_once(releases, monkeypatch):
    """Each check is a call, and makes its calls one after the other."""
    monkeypatch.syspath_prepend(str(ROOT / "infra/dev"))
    import sam_template

    source = sam_template.load((ROOT / "infra/template.yaml").read_text())
    assert 2 * len(sam_template.functions(source)) < releases.EXECUTIONS_FOR_CHECKS
