"""Parameters that follow from the account, and deployments that are refused because of it."""

import dataclasses
import hashlib
import json
import subprocess
import sys
import time

import botocore.exceptions
import pytest

from conftest import ROOT, passed_on

sys.path.insert(0, str(ROOT / "infra/dev"))


def test_an_account_without_extras_gets_none(deploy, deployed, calls):
    done = deploy()
    assert done.code == 0, done.said
    given = passed_on(calls()[1])
    assert given["PermissionsBoundaryArn"] == given["SmokeLoginSecretArn"] == given["TableName"] == ""
    assert given["TableProtection"] == "true"


def test_boundary_and_login_of_the_stage_are_found_by_their_names(aws, deploy, deployed, calls):
    statement = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = aws("iam").create_policy(PolicyName="daftari-boundary-dev", PolicyDocument=document)["Policy"]["Arn"]
    aws("iam").create_policy(PolicyName="daftari-boundary-prod", PolicyDocument=document)
    secret = aws("secretsmanager").create_secret(Name="daftari/dev/smoke-login", SecretString="a:b")["ARN"]
    assert deploy().code == 0
    given = passed_on(calls()[1])
    assert (given["PermissionsBoundaryArn"], given["SmokeLoginSecretArn"]) == (arn, secret)


def test_a_first_deployment_is_not_protected_against_its_own_rollback(aws, deploy, stub, run, calls):
    assert run("bootstrap", ENV="dev").code == 0
    stub.jwks = json.loads(aws("ssm").get_parameter(Name="/daftari/dev/jwks")["Parameter"]["Value"])
    assert deploy(TEST_DEPLOY="first").code == 0
    assert passed_on(calls()[1])["TableProtection"] == "false"


@pytest.fixture
def preflight(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "infra/deploy"))
    import preflight

    return preflight


class Account:
    number, region, partition = "123456789012", "eu-west-1", "aws"

    def __init__(self, aws):
        self.client = aws


def stack_of(**given):
    import aws as module

    outputs = {"AlarmTopicArn": given.pop("topic")} if "topic" in given else {}
    return module.Stack("daftari-prod", "daftari-prod", "CREATE_COMPLETE", outputs, given, False)


def stage(name):
    from stage import Stage

    return Stage(name)


def refusal(call, *arguments):
    from report import Failure

    try:
        call(*arguments)
    except Failure as failure:
        return str(failure)
    return None


WITH_ALARMS = {"Alarms": "true", "AlarmEmail": ""}


def test_production_without_a_subscriber_is_refused(aws, preflight):
    account = Account(aws)
    check = lambda name, stack, chosen: refusal(preflight.check_subscribers, account, stage(name), stack, chosen)
    topic = aws("sns").create_topic(Name="alarms")["TopicArn"]
    said = check("prod", stack_of(topic=topic), WITH_ALARMS)
    assert "the alarms of prod tell nobody" in said and "EMERGENCY=1" in said
    assert "tell nobody" in check("prod", None, WITH_ALARMS)
    assert check("staging", stack_of(topic=topic), WITH_ALARMS) is None
    assert check("prod", None, {**WITH_ALARMS, "AlarmEmail": "ops@example.com"}) is None
    assert "prod is not deployed without alarms" in check("prod", None, {"Alarms": "false"})
    assert check("staging", None, {"Alarms": "false"}) is None
    aws("sns").subscribe(TopicArn=topic, Protocol="https", Endpoint="https://pager.example.com")
    assert check("prod", stack_of(topic=topic), WITH_ALARMS) is None


@pytest.mark.parametrize("pending", [{"ops@example.com": False}, {}])
def test_from_the_second_deployment_on_a_subscriber_must_have_confirmed(preflight, monkeypatch, pending):
    """AWS forgets a subscription that nobody confirms."""
    monkeypatch.setattr(preflight, "subscribers", lambda *_: pending)
    chosen = {"Alarms": "true", "AlarmEmail": "ops@example.com"}
    check = lambda stack: refusal(preflight.check_subscribers, None, stage("prod"), stack, chosen)
    said = check(stack_of(topic="arn", AlarmEmail="ops@example.com"))
    assert "ops@example.com must follow the link" in said and "EMERGENCY=1" in said
    # An address to which this deployment sends the first request.
    assert check(stack_of(topic="arn", AlarmEmail="typo@example.com")) is None
    assert check(stack_of(AlarmEmail="ops@example.com")) is None
    monkeypatch.setattr(preflight, "subscribers", lambda *_: {"ops@example.com": True})
    assert check(stack_of(topic="arn", AlarmEmail="ops@example.com")) is None


def make_secret(aws, name, stage):
    tags = [{"Key": "stage", "Value": stage}]
    return aws("secretsmanager").create_secret(Name=name, SecretString="key", Tags=tags)["ARN"]


RESTORED = {"TableName": "daftari-prod-restored", "CounterpartyKeySecretArn": ""}


def test_a_new_stack_on_an_earlier_table_needs_the_key_of_its_records(aws, preflight, capsys):
    account = Account(aws)
    key = lambda chosen: preflight.counterparty_key(account, stage("prod"), None, chosen, {})
    refused = lambda chosen: refusal(preflight.counterparty_key, account, stage("prod"), None, chosen, {})
    assert key({"TableName": ""}) == ""
    make_secret(aws, "CounterpartyKey-a", "staging")
    make_secret(aws, "CursorKey-a", "prod")
    assert "There is none here" in refused(RESTORED)
    kept = make_secret(aws, "CounterpartyKey-b", "prod")
    assert key(RESTORED) == kept and kept in capsys.readouterr().out
    other = make_secret(aws, "CounterpartyKey-c", "prod")
    said = refused(RESTORED)
    assert "There are several" in said and kept in said and other in said
    assert key({**RESTORED, "CounterpartyKeySecretArn": other}) == other


def test_a_stack_keeps_its_counterparty_key(preflight):
    import aws as module

    def key(chosen, parameter="", **environment):
        parameters = {"CounterpartyKeySecretArn": parameter}
        outputs = {"CounterpartyKeySecretArn": parameter or "own"}
        stack = module.Stack("daftari-prod", "daftari-prod", "UPDATE_COMPLETE", outputs, parameters, False)
        chosen = {"TableName": "restored", "CounterpartyKeySecretArn": chosen}
        return preflight.counterparty_key(None, stage("prod"), stack, chosen, environment)

    refused = lambda *arguments: refusal(key, *arguments)
    assert key("") == "" and key("own") == "own"
    assert "the counterparty key in use is own" in refused("other")
    assert key("other", MOVE_TABLE="1") == "other"
    assert key("kept", "kept") == "kept"
    assert "would use a new one" in refused("", "kept") and "would use other" in refused("other", "kept")
    # make deploy passes the parameter on by itself.
    stack = stack_of(CounterpartyKeySecretArn="kept")
    known = {"CounterpartyKeySecretArn": ""}
    assert preflight.derived(None, stage("prod"), stack, known, 1_000) == {"CounterpartyKeySecretArn": "kept"}


def test_releases_that_were_not_checked_are_told(aws, preflight, capsys):
    group, stream = "/daftari-prod/release-check", "one"
    account, now = Account(aws), int(time.time() * 1000)
    preflight.say_unchecked(account, stack_of(), 0)
    aws("logs").create_log_group(logGroupName=group)
    aws("logs").create_log_stream(logGroupName=group, logStreamName=stream)
    error = json.dumps({"level": "ERROR", "target": "daftari::release", "message": "released unchecked"})
    lines = ["START RequestId: 1", "ok   a check", '"text"', '{"level": "INFO"}', error]
    events = [{"timestamp": now, "message": line} for line in lines]
    aws("logs").put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
    preflight.say_unchecked(account, stack_of(), now / 1000 - 60)
    assert capsys.readouterr().out == "WARNING: released unchecked\n"
    preflight.say_unchecked(account, stack_of(), now / 1000 + 60)
    assert capsys.readouterr().out == ""


def test_a_deployment_says_that_nobody_hears_of_alarms(aws, preflight, capsys):
    account = Account(aws)
    topic = aws("sns").create_topic(Name="alarms")["TopicArn"]
    preflight.say_subscribers(account, stack_of(topic=topic), WITH_ALARMS)
    assert "WARNING: nobody gets the alarms. Set AlarmEmail" in capsys.readouterr().out
    aws("sns").subscribe(TopicArn=topic, Protocol="https", Endpoint="https://pager.example.com")
    preflight.say_subscribers(account, stack_of(topic=topic), WITH_ALARMS)
    assert capsys.readouterr().out == ""
    preflight.say_subscribers(account, stack_of(topic=topic), {"Alarms": "false"})
    assert "there are no alarms" in capsys.readouterr().out


def test_a_subscriber_that_has_not_confirmed_is_named(preflight, capsys, monkeypatch):
    monkeypatch.setattr(preflight, "subscribers", lambda *_: {"ops@example.com": False})
    preflight.say_subscribers(None, None, WITH_ALARMS)
    assert "must be followed: ops@example.com" in capsys.readouterr().out


@pytest.mark.parametrize(("quota", "warns", "threshold"), [(10, True, "8"), (1_000, False, "800"), (1, True, "1")])
def test_the_quota_of_a_new_account_is_named_and_is_the_alarms_threshold(preflight, capsys, quota, warns, threshold):
    class Quota:
        def client(self, _service):
            return self

        def get_account_settings(self):
            return {"AccountLimit": {"ConcurrentExecutions": quota}}

    found = preflight.executions(Quota())
    assert found == quota
    derived = preflight.derived(Quota(), None, None, {"ConcurrencyAlarmCount": "800"}, found)
    assert derived == {"ConcurrencyAlarmCount": threshold}
    assert (f"a quota of {quota} concurrent executions" in capsys.readouterr().out) is warns


def make_table(aws, name, protected=True, index="GSI1"):
    keys = lambda prefix: [
        {"AttributeName": f"{prefix}PK", "KeyType": "HASH"}, {"AttributeName": f"{prefix}SK", "KeyType": "RANGE"}
    ]  # fmt: skip
    names = ("PK", "SK", "GSI1PK", "GSI1SK")
    aws("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        DeletionProtectionEnabled=protected,
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in names],
        KeySchema=keys(""),
        GlobalSecondaryIndexes=[
            {"IndexName": index, "KeySchema": keys("GSI1"), "Projection": {"ProjectionType": "KEYS_ONLY"}}
        ],
    )


def test_a_restored_table_must_have_the_settings_that_a_restore_does_not_copy(aws, preflight):
    account = Account(aws)
    check = lambda name: refusal(preflight.check_settings, account, stage(name), "daftari-prod-restored")
    assert "ResourceNotFoundException" in check("prod")
    make_table(aws, "daftari-prod-restored", protected=False)
    said = check("prod")
    commands = [line.strip() for line in said.splitlines()[1:]]
    names = [each.split()[2] for each in commands]
    assert names == ["update-time-to-live", "update-continuous-backups", "update-table"]
    assert len(check("dev").splitlines()) == 3
    client = aws("dynamodb")
    client.update_time_to_live(
        TableName="daftari-prod-restored",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
    )
    client.update_continuous_backups(
        TableName="daftari-prod-restored",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    client.update_table(TableName="daftari-prod-restored", DeletionProtectionEnabled=True)
    assert check("prod") is None


def test_a_table_of_something_else_is_refused(aws, preflight):
    make_table(aws, "other", index="GSI2")
    assert "is a table of something else" in refusal(preflight.check_settings, Account(aws), stage("dev"), "other")


def test_a_table_that_is_in_use_is_not_left_by_mistake(preflight, monkeypatch):
    monkeypatch.setattr(preflight, "check_settings", lambda *_: None)
    check = lambda stack, chosen, **env: refusal(
        preflight.check_table, None, stage("prod"), stack, {"TableName": chosen}, env
    )
    using = stack_of(TableName="daftari-prod-restored")
    said = check(using, "")
    assert "TableName=daftari-prod-restored into infra/samconfig.toml" in said and "MOVE_TABLE=1" in said
    assert "would have them use other" in check(using, "other")
    assert check(using, "daftari-prod-restored") is None
    assert check(using, "other", MOVE_TABLE="1") is None
    # The step of a restore itself, and stacks without the parameter.
    assert check(stack_of(TableName=""), "daftari-prod-restored") is None
    assert check(stack_of(), "") is None and check(None, "") is None


def test_a_new_table_of_production_is_protected_once_it_is_there(aws, preflight):
    from aws import Stack

    body = json.dumps({
        "Parameters": {"TableProtection": {"Type": "String"}, "Stage": {"Type": "String"}},
        "Resources": {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "DeletionProtectionEnabled": {"Ref": "TableProtection"},
            "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
        }}},
    })  # fmt: skip
    given = {"TableProtection": "false", "Stage": "prod"}
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    aws("cloudformation").create_stack(StackName="daftari-prod", TemplateBody=body, Parameters=parameters)
    stack = Stack("daftari-prod", "daftari-prod", "CREATE_COMPLETE", {}, given, False)
    calls = []
    account = Account(aws)
    client = aws("cloudformation")
    account.client = lambda service: Recorded(client, calls) if service == "cloudformation" else aws(service)
    said = refusal(preflight.protect, account, stage("prod"), stack, given)
    [asked] = calls
    assert asked["UsePreviousTemplate"] is True
    assert {"ParameterKey": "TableProtection", "ParameterValue": "true"} in asked["Parameters"]
    assert {"ParameterKey": "Stage", "UsePreviousValue": True} in asked["Parameters"]
    # moto does not change the settings of an existing table, so the later check reports it.
    assert said is None or "is still not protected" in said
    assert refusal(preflight.protect, account, stage("staging"), stack, given) is None and len(calls) == 1
    protected = {"TableProtection": "true"}
    assert refusal(preflight.protect, account, stage("prod"), stack, protected) is None and len(calls) == 1


def test_a_stack_on_a_kept_table_has_nothing_to_protect(preflight, aws):
    """CloudFormation would answer `No updates are to be performed`, and the deployment would fail."""
    given = {"TableProtection": "false", "TableName": "daftari-prod-restored-1"}
    calls = []
    account = Account(aws)
    account.client = lambda service: Recorded(aws(service), calls)
    stack = stack_of(**given)
    assert refusal(preflight.protect, account, stage("prod"), stack, given) is None
    assert calls == []


class Protecting:
    """A client that records which stacks are protected, or refuses like AWS."""

    def __init__(self, refusal=None):
        self.refusal, self.calls = refusal, []

    def update_termination_protection(self, **given):
        self.calls.append(given)
        if self.refusal:
            raise botocore.exceptions.ClientError({"Error": {"Code": self.refusal}}, "UpdateTerminationProtection")


@pytest.mark.parametrize(("name", "is_protected", "asked"), [
    ("prod", False, 1), ("prod", True, 0), ("staging", False, 0), ("dev", False, 0),
])  # fmt: skip
def test_the_stack_of_prod_gets_termination_protection(preflight, name, is_protected, asked):
    """Tested separately, because the local server does not store termination protection."""
    client = Protecting()
    stack = dataclasses.replace(stack_of(), protected=is_protected)
    preflight.keep_stack(Account(lambda _: client), stage(name), stack)
    assert client.calls == [{"StackName": stack.id, "EnableTerminationProtection": True}] * asked


def test_a_role_that_may_not_protect_the_stack_says_who_can(preflight, capsys):
    client = Protecting("AccessDenied")
    preflight.keep_stack(Account(lambda _: client), stage("prod"), stack_of())
    said = capsys.readouterr().out
    assert "WARNING: daftari-prod has no termination protection (AccessDenied)" in said
    assert "--stack-name daftari-prod --enable-termination-protection" in said


class Recorded:
    """A client that records the calls of update_stack."""

    def __init__(self, client, calls):
        self.wrapped, self.calls = client, calls

    def update_stack(self, **given):
        self.calls.append(given)
        return self.wrapped.update_stack(**given)

    def __getattr__(self, name):
        return getattr(self.wrapped, name)


@pytest.fixture
def built(tmp_path):
    """The output of a build, packed."""
    import archive

    folder = tmp_path / "built"
    (folder / "DtiFunction").mkdir(parents=True)
    (folder / "DtiFunction/bootstrap").write_bytes(b"\x7fELF")
    template = "Globals: {Function: {DeploymentPreference: {Type: AllAtOnce}}}\nResources: {}\n"
    (folder / "template.yaml").write_text(template)
    command = [str(ROOT / "infra/dev/commit.sh")]
    commit = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def built(**about):
        found = {"architecture": "arm64", "commit": commit, **about}
        (folder / "package.json").write_text(json.dumps(found))
        digest = archive.pack(folder, tmp_path / "package.tar.gz")
        return {"PACKAGE": str(tmp_path / "package.tar.gz"), "DIGEST": digest}

    return built


def test_a_package_is_deployed_as_it_is_and_nothing_is_built(deploy, deployed, calls, built, tmp_path):
    done = deploy(**built(), PATH="/usr/bin:/bin")
    assert done.code == 0, done.said
    assert [words[0] for words in calls()] == ["deploy"]
    assert (tmp_path / "unpacked/DtiFunction/bootstrap").read_bytes() == b"\x7fELF"


@pytest.mark.parametrize(("about", "change", "says"), [
    ({}, {"DIGEST": "0" * 64}, "it is not what was built"),
    ({"architecture": "x86_64"}, {}, "the package is for x86_64"),
    ({"commit": "1" * 40}, {}, "the package is of commit 1111"),
    ({}, {"PACKAGE": "/nowhere.tar.gz"}, "No such file"),
])  # fmt: skip
def test_another_package_is_not_deployed(deploy, deployed, calls, built, about, change, says):
    done = deploy(**{**built(**about), **change})
    assert done.code == 1 and says in done.err and "Traceback" not in done.err
    assert calls() == []


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64])
def test_a_package_needs_its_digest(deploy, calls, digest):
    done = deploy(AWS_ENDPOINT_URL="http://127.0.0.1:1", PACKAGE="package.tar.gz", DIGEST=digest)
    assert done.code == 2 and "PACKAGE needs DIGEST" in done.err
    assert calls() == []


def test_the_same_files_give_the_same_bytes(built, tmp_path):
    import os

    first = built()["DIGEST"]
    os.utime(tmp_path / "built/DtiFunction/bootstrap", (1, 1))
    assert built()["DIGEST"] == first
    assert hashlib.sha256((tmp_path / "package.tar.gz").read_bytes()).hexdigest() == first
    (tmp_path / "built/DtiFunction/bootstrap").write_bytes(b"\x7fELG")
    assert built()["DIGEST"] != first
