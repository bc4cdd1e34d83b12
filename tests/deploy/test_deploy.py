"""A deployment stops before any change if a check fails, and rolls back if the smoke test fails."""

import copy
import json

import boto3
import pytest
import yaml

import small_stack
from conftest import PYTHON, ROOT, execute, passed_on, settings_of
from stub import LOGIN, JWKS

# The relevant part of a template that sam build writes.
BUILT = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String }
  Jwks: { Type: String }
  Limit: { Type: Number }
  Alarms: { Type: String }
  AlarmEmail: { Type: String }
Conditions:
  Limits: { "Fn::Not": [{ "Fn::Equals": [{ Ref: Limit }, "0"] }] }
Globals:
  Function:
    Runtime: provided.al2023
    Environment: { Variables: { DAFTARI_SERVICE: { "Fn::Sub": "daftari-${Stage}" } } }
    Handler: bootstrap
    AutoPublishAlias: live
Resources:
  One:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://bucket/one
      Environment: { Variables: { DAFTARI_JWKS: { Ref: Jwks } } }
  Two:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: s3://bucket/two
      AutoPublishAliasAllProperties: true
      ReservedConcurrentExecutions: { "Fn::If": [Limits, 10, { Ref: "AWS::NoValue" }] }
  Topic:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: { Ref: AlarmEmail } }
"""


def test_a_good_deployment_is_tried_out_and_stays(aws, deploy, deployed, calls, stub):
    done = deploy(LOGIN=LOGIN)
    assert done.code == 0, done.said
    assert small_stack.live(aws, deployed) == ["2", "2"]
    assert "passed: 22 checks" in done.out and f"daftari-dev is deployed: {stub.url}" in done.out
    build, deployment = calls()
    assert (build[0], deployment[0]) == ("build", "deploy")
    assert deployment[deployment.index("--stack-name") + 1] == "daftari-dev"
    given = passed_on(deployment)
    secret = aws("secretsmanager").describe_secret(SecretId="daftari/dev/signing-keys")["ARN"]
    assert given["Stage"] == "dev" and given["JwksParameter"] == "/daftari/dev/jwks"
    assert given["SigningKeysSecretArn"] == secret
    assert build[1:] == [given["Architecture"]] == ["arm64"]


def test_a_first_deployment_creates_the_stack(aws, deploy, stub, run, calls):
    assert run("bootstrap", ENV="dev").code == 0
    stub.jwks = json.loads(aws("ssm").get_parameter(Name="/daftari/dev/jwks")["Parameter"]["Value"])
    done = deploy(TEST_DEPLOY="first")
    assert done.code == 0, done.said
    assert "The smoke test had no LOGIN" in done.out


def test_parameters_and_processor_are_passed_on(deploy, deployed, calls):
    done = deploy(PARAMETERS="DomainName=api.example.com 'AlarmEmail=ops@example.com'", ARCH="x86_64")
    assert done.code == 0, done.said
    given = passed_on(calls()[1])
    assert given["DomainName"] == "api.example.com" and given["AlarmEmail"] == "ops@example.com"
    assert given["Architecture"] == calls()[0][1] == "x86_64"


def test_parameters_that_are_not_chosen_go_back_to_their_defaults(deploy, deployed, calls):
    assert deploy(PARAMETERS="AlarmEmail=ops@example.com", ARCH="x86_64").code == 0
    assert deploy().code == 0
    build, deployment = calls()[2:]
    given = passed_on(deployment)
    assert build[1] == given["Architecture"] == "arm64" and given["AlarmEmail"] == ""
    assert given["Alarms"] == "false"


def test_the_sam_cli_reads_parameters_as_they_are_meant():
    """The parser of the real SAM CLI."""
    script = """
import sys
sys.path.insert(0, "infra/deploy")
from samcli.cli.types import CfnParameterOverridesType
from settings import overrides
values = {"Empty": "", "Spaces": "a b=c", "List": "https://a.example,https://b.example", "Json": '{"x":"y"}',
          "Path": "/daftari/dev/jwks", "Arn": "arn:aws:secretsmanager:eu-west-1:1:secret:daftari/dev/keys-AbCdEf"}
assert CfnParameterOverridesType().convert(tuple(overrides(values)), None, None) == values
"""
    done = execute(["sh", "-c", f'cd "{ROOT}" && exec "{PYTHON}" -c "$1"', "sh", script], settings_of())
    assert done.code == 0, done.said


def aliases_of(path):
    resources = translated(yaml.safe_load(path.read_text()))["Resources"].values()
    return [each for each in resources if each["Type"] == "AWS::Lambda::Alias"]


def versions_of(template):
    """SAM's ids of the versions of a template's functions. A new id is a new version."""
    resources = translated(template)["Resources"]
    return {name for name, each in resources.items() if each["Type"] == "AWS::Lambda::Version"}


def translated(template):
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    session = boto3.Session(region_name="eu-west-1")
    return Translator({}, Parser(), boto_session=session).translate(copy.deepcopy(template), {})


@pytest.fixture
def stamped(tmp_path, monkeypatch):
    """The versions of a built template with parameters, and the fingerprint that its functions get."""
    monkeypatch.syspath_prepend(str(ROOT / "infra/deploy"))
    import stamp

    def stamped(chosen, jwks="one", salt="", built=BUILT, past_codedeploy=False):
        path = tmp_path / "template.yaml"
        path.write_text(built)
        document = stamp.read(path)
        value = stamp.fingerprint(document, {"Limit": "0", **chosen}, jwks, salt)
        stamp.stamp(path, document, value, past_codedeploy)
        return versions_of(yaml.safe_load(path.read_text()))

    return stamped


def test_new_keys_and_parameters_make_new_versions_and_nothing_else_does(stamped):
    before = stamped({"Stage": "dev"})
    assert len(before) == 2
    assert stamped({"Stage": "dev"}) == before
    assert stamped({"Stage": "dev"}, "two") & before == set()
    assert stamped({"Stage": "prod"}) & before == set()
    # A condition of a setting depends on it.
    assert stamped({"Stage": "dev", "Limit": "10"}) & before == set()
    assert stamped({"Stage": "dev"}, "one", "now") & before == set()


def test_a_parameter_that_no_function_has_makes_no_new_version(stamped):
    assert stamped({"Stage": "dev", "AlarmEmail": "ops@example.com"}) == stamped({"Stage": "dev"})


def test_each_new_version_of_sam_is_a_new_one_of_lambda_too(stamped, tmp_path):
    """Tags and reserved concurrency are not part of a version: Lambda would report that the version exists."""
    setting = lambda: yaml.safe_load((tmp_path / "template.yaml").read_text())["Globals"]["Function"]["Environment"]
    stamped({"Stage": "dev"})
    before = setting()
    changed = BUILT.replace("[Limits, 10,", "[Limits, 20,")
    assert changed != BUILT
    stamped({"Stage": "dev"}, built=changed)
    assert setting() != before


def test_past_codedeploy_cloudformation_sets_the_aliases(stamped, tmp_path):
    built = BUILT.replace("    AutoPublishAlias: live\n", """\
    AutoPublishAlias: live
    DeploymentPreference: { Type: AllAtOnce, Role: arn:aws:iam::123456789012:role/release }
""")
    stamped({"Stage": "dev"}, built=built)
    assert {"UpdatePolicy" in each for each in aliases_of(tmp_path / "template.yaml")} == {True}
    stamped({"Stage": "dev"}, built=built, past_codedeploy=True)
    assert {"UpdatePolicy" in each for each in aliases_of(tmp_path / "template.yaml")} == {False}


def test_a_failing_smoke_test_makes_the_old_versions_live_again(aws, deploy, deployed, stub):
    answers = []

    def broken_at_first(status, body):
        answers.append(status)
        return (500, {"message": "broken"}) if len(answers) == 1 else (status, body)

    stub.faults["GET /openapi.json"] = broken_at_first
    done = deploy()
    assert done.code == 1
    assert small_stack.live(aws, deployed) == ["1", "1"]
    assert "live is version 1 again, after 2" in done.out
    assert "the smoke test failed" in done.err and "live again and answer as they should" in done.err


@pytest.fixture
def throttled(aws, stub):
    """Settings for the API of the stack. The gateway answers 429, and its stage has a rate: 0 during a restore."""
    stub.is_stopped = True

    def throttled(rate):
        api = aws("apigatewayv2").create_api(Name="daftari-dev", ProtocolType="HTTP")["ApiId"]
        rates = {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": 0}
        aws("apigatewayv2").create_stage(ApiId=api, StageName="$default", DefaultRouteSettings=rates)
        return {"TEST_API": api}

    return throttled


def test_while_the_gateway_lets_nothing_through_the_functions_are_tried_out(aws, deploy, deployed, stub, throttled):
    done = deploy(LOGIN=LOGIN, **throttled(0.0))
    assert done.code == 0, done.said
    assert small_stack.live(aws, deployed) == ["2", "2"]
    assert "Allow traffic again" in done.out
    assert "past the gateway" in done.out and "the user is erased and gone" in done.out
    assert not any(user["there"] for user in stub.users.values()) and stub.users


def test_a_fault_of_a_function_is_found_while_the_gateway_lets_nothing_through(aws, deploy, deployed, stub, throttled):
    stub.faults["GET /openapi.json"] = 500
    done = deploy(**throttled(0.0))
    assert done.code == 1 and "the smoke test failed" in done.err
    assert small_stack.live(aws, deployed) == ["1", "1"]


def test_old_keys_are_found_while_the_gateway_lets_nothing_through(aws, deploy, deployed, stub, throttled):
    stub.jwks = JWKS
    done = deploy(**throttled(0.0))
    assert done.code == 1 and "the live version has old settings" in done.err
    assert small_stack.live(aws, deployed) == ["1", "1"]


def test_a_gateway_with_a_rate_is_tried_out_itself(aws, deploy, deployed, throttled):
    done = deploy(**throttled(50.0))
    assert done.code == 1 and "came:     429" in done.said
    assert small_stack.live(aws, deployed) == ["1", "1"]


def test_only_moved_functions_are_rolled_back(aws, deploy, deployed, stub):
    stub.faults["GET /openapi.json"] = 500
    done = deploy(TEST_DEPLOY="part")
    assert done.code == 1
    assert small_stack.live(aws, deployed) == ["1", "1"]
    assert done.out.count("again, after") == 1
    assert "do not pass either" in done.err


def test_a_shift_of_traffic_that_is_under_way_ends_with_the_old_version(aws, deploy, deployed, stub):
    stub.faults["GET /openapi.json"] = 500
    assert deploy(TEST_DEPLOY="shift").code == 1
    for name in deployed.values():
        alias = aws("lambda").get_alias(FunctionName=name, Name="live")
        assert alias["FunctionVersion"] == "1"
        assert not alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")


def test_a_login_that_does_not_work_is_a_failing_smoke_test(aws, deploy, deployed):
    done = deploy(LOGIN="amina@kijani.example:a-wrong-password")
    assert done.code == 1 and "failed: GET /auth" in done.err
    assert small_stack.live(aws, deployed) == ["1", "1"]
    assert "a-wrong-password" not in done.said


def test_old_keys_in_the_live_version_are_found(aws, deploy, deployed, stub):
    stub.jwks = JWKS
    done = deploy()
    assert done.code == 1 and "the live version has old settings" in done.err
    assert small_stack.live(aws, deployed) == ["1", "1"]


def test_a_failed_smoke_test_of_a_first_deployment_reports_that_no_earlier_version_exists(deploy, run, aws, stub):
    assert run("bootstrap", ENV="dev").code == 0
    stub.faults["GET /openapi.json"] = 500
    done = deploy(TEST_DEPLOY="first")
    assert done.code == 1 and "This was the first deployment" in done.err


def test_a_failing_smoke_test_of_an_unchanged_stack_says_so(deploy, deployed, stub):
    stub.faults["GET /openapi.json"] = 500
    done = deploy(TEST_DEPLOY="same")
    assert done.code == 1 and "nothing to take back" in done.err


def test_an_unchanged_stack_is_not_called_deployed(deploy, deployed):
    done = deploy(TEST_DEPLOY="same")
    assert done.code == 0 and "nothing was deployed" in done.out and "is deployed" not in done.out


def test_a_failing_build_deploys_nothing(aws, deploy, deployed, calls):
    done = deploy(TEST_BUILD_CODE="3")
    assert done.code == 1 and "make package failed with code 3" in done.err
    assert [words[0] for words in calls()] == ["build"]


def test_a_failing_deployment_reports_the_live_version(deploy, deployed):
    done = deploy(TEST_DEPLOY="fail")
    assert done.code == 1 and "sam deploy failed with code 1" in done.err and "the old version is live" in done.err
    done = deploy(TEST_DEPLOY="stuck")
    assert done.code == 1 and "these have moved" in done.err


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"ENV": None}, "ENV is not set"),
        ({"ENV": "production"}, "ENV=production is not a stage. It must be one of dev, staging, prod"),
        ({"ENV": "Dev"}, "ENV=Dev is not a stage"),
        ({"ARCH": "arm"}, "ARCH must be arm64 or x86_64"),
        ({"PARAMETERS": "DomainName"}, "PARAMETERS: 'DomainName' is not of the form Name=value"),
        ({"PARAMETERS": "DomainNam=api.example.com"}, "the template has no parameter DomainNam; it has AlarmEmail"),
        ({"PARAMETERS": "'a"}, "PARAMETERS: No closing quotation"),
        ({"YES": "yes"}, "YES must be 1 or 0"),
        ({"LOGIN": "amina@kijani.example"}, "LOGIN must be email:password"),
    ],
)
def test_wrong_settings_are_named_before_anything_is_asked(deploy, calls, settings, says):
    # Nothing listens at this address, so an AWS call would fail.
    done = deploy(**{"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "ENV": "dev", **settings})
    assert done.code == 2 and says in done.err and "Traceback" not in done.err
    assert calls() == []


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "no AWS credentials"),
        ({"AWS_SECRET_ACCESS_KEY": None}, "no AWS credentials"),
        ({"AWS_REGION": None}, "no AWS region: set AWS_REGION"),
        ({"AWS_PROFILE": "nobody"}, "AWS_PROFILE: The config profile (nobody) could not be found"),
        ({"ACCOUNT": "999999999999"}, "ACCOUNT=999999999999 was asked for"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "AWS could not be asked who we are"),
    ],
)
def test_a_wrong_account_stops_a_deployment(aws, deploy, deployed, calls, settings, says):
    done = deploy(**settings)
    assert done.code == 1 and says in done.err and "Traceback" not in done.err
    assert calls() == []


def test_credentials_that_aws_refuses_stop_it(deploy, stub, calls):
    stub.faults["POST /"] = lambda *_: (
        403,
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>old</Message></Error></ErrorResponse>",
    )
    done = deploy(AWS_ENDPOINT_URL=stub.url)
    assert done.code == 1 and "AWS does not accept the credentials: ExpiredToken" in done.err
    assert calls() == []


def test_missing_keys_stop_it_and_it_says_how_they_are_made(aws, deploy, calls, run):
    done = deploy()
    assert (
        done.code == 1 and "keys are missing (daftari/dev/signing-keys). Make them: make bootstrap ENV=dev" in done.err
    )
    assert run("bootstrap", ENV="dev").code == 0
    aws("ssm").delete_parameter(Name="/daftari/dev/jwks")
    done = deploy()
    assert done.code == 1 and "keys are missing (/daftari/dev/jwks)" in done.err
    assert calls() == []


def test_missing_tools_are_named(deploy, aws):
    done = deploy(TEST_SAM="/nowhere/sam")
    assert done.code == 1 and "missing: the SAM CLI (infra/dev/setup.sh sam)" in done.err
    done = deploy(PATH="/nowhere")
    assert done.code == 1 and "cargo (install Rust" in done.err


@pytest.fixture
def checks(monkeypatch):
    """The module, to test states that a local AWS never reaches."""
    monkeypatch.syspath_prepend(str(ROOT / "infra/deploy"))
    import aws
    import checks
    import report
    import stage

    def check(status):
        stack = aws.Stack("daftari-dev", "id", status, {}, {}, False)
        try:
            checks.check_stack(stage.Stage("dev"), stack)
        except report.Failure as failure:
            return str(failure)
        return None

    return check


@pytest.mark.parametrize(
    "status, says",
    [
        ("CREATE_COMPLETE", None),
        ("UPDATE_COMPLETE", None),
        ("UPDATE_ROLLBACK_COMPLETE", None),
        ("UPDATE_IN_PROGRESS", "somebody else is deploying"),
        ("UPDATE_ROLLBACK_IN_PROGRESS", "somebody else is deploying"),
        ("DELETE_IN_PROGRESS", "somebody else is deploying"),
        ("ROLLBACK_COMPLETE", "make destroy ENV=dev"),
        ("DELETE_FAILED", "make destroy ENV=dev"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback --stack-name daftari-dev"),
    ],
)
def test_a_stack_that_cannot_be_deployed_to_stops_it(checks, status, says):
    found = checks(status)
    assert (found is None) if says is None else (says in found)


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A git checkout that a test makes clean or dirty."""
    monkeypatch.syspath_prepend(str(ROOT / "infra/deploy"))
    import checks
    import report
    import stage

    monkeypatch.setattr(checks, "ROOT", tmp_path)

    def check(name, **environment):
        try:
            checks.check_committed(stage.Stage(name), environment)
        except report.Failure as failure:
            return str(failure)
        return None

    return check


def test_production_runs_commits_only(checkout, tmp_path):
    def git(*words):
        identity = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.com"}
        identity.update(GIT_COMMITTER_NAME="t", GIT_COMMITTER_EMAIL="t@example.com", **settings_of())
        assert execute(["git", "-C", tmp_path, *words], identity).code == 0

    assert "is not a git checkout" in checkout("prod")
    git("init", "-q")
    (tmp_path / "template.yaml").write_text("a")
    git("add", ".")
    git("commit", "-qm", "first")
    assert checkout("prod") is None
    (tmp_path / "template.yaml").write_text("b")
    assert "not committed (template.yaml)" in checkout("prod") and "not committed" in checkout("staging")
    assert checkout("dev") is None and checkout("prod", ALLOW_DIRTY="1") is None
