"""Rules for the template as written."""

import copy
import json
import re

import pytest
import template
from cases import CASES, EVERYTHING
from resolve import Resolver

# The settings of single functions. Those over the table have the first three; tests/tests/routes.rs compares them with
# the list of functions.
OF_THE_TABLE = ("DAFTARI_TABLE", "DAFTARI_ISSUER", "DAFTARI_JWKS")
SETTINGS = {
    "DAFTARI_SIGNING_KEYS_SECRET": {"auth"},
    "DAFTARI_CURSOR_KEY": {"users", "ledger", "ingest"},
    "DAFTARI_COUNTERPARTY_KEY": {"ingest"},
}
FOR_ALL = {"DAFTARI_BASE_PATH", "DAFTARI_TIME_BUDGET_MS", "DAFTARI_METRICS", "DAFTARI_SERVICE"}


def listed(value):
    return value if isinstance(value, list) else [value]


def holders(source):
    """Which functions have each setting that not all have."""
    found = {}
    for function in template.functions(source).values():
        for name in function["Properties"].get("Environment", {}).get("Variables", {}):
            found.setdefault(name, set()).add(template.binary(function))
    return found


def statements(source, logical_id):
    """The permissions of a function: the statements of its role, which has only an inline policy."""
    role = source["Resources"][f"{logical_id}Role"]
    assert role["Type"] == "AWS::IAM::Role"
    assert set(role["Properties"]) == {"AssumeRolePolicyDocument", "Policies"}
    [policy] = role["Properties"]["Policies"]
    return policy["PolicyDocument"]["Statement"]


def test_every_function_has_a_role_of_its_own(source):
    for logical_id, function in template.functions(source).items():
        assert function["Properties"]["Role"] == {"Fn::GetAtt": [f"{logical_id}Role", "Arn"]}
        assert "Policies" not in function["Properties"]


def test_no_permission_has_a_wildcard(source):
    for logical_id in template.functions(source):
        for statement in statements(source, logical_id):
            assert statement["Effect"] == "Allow"
            assert set(statement) == {"Effect", "Action", "Resource"}
            for action in listed(statement["Action"]):
                assert re.fullmatch(r"[a-z]+:[A-Za-z]+", action), f"{logical_id}: {action}"
            assert "*" not in json.dumps(statement["Resource"]), f"{logical_id}: {statement['Resource']}"


def test_only_tracing_names_no_resource_which_xray_has_none_of(source):
    policies = {name: each for name, each in source["Resources"].items() if each["Type"].startswith("AWS::IAM::")}
    wide = {name for name, each in policies.items() if '"*"' in json.dumps(each["Properties"])}
    assert wide == {"TracingPolicy"}
    [statement] = policies["TracingPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Effect"] == {"Fn::If": ["WithTracing", "Allow", "Deny"]}
    assert all(action.startswith("xray:Put") for action in statement["Action"])
    roles = [each["Ref"] for each in policies["TracingPolicy"]["Properties"]["Roles"]]
    assert sorted(roles) == sorted(f"{logical_id}Role" for logical_id in template.functions(source))
    # Lambda rejects Tracing for a role without tracing permissions.
    assert all(function["DependsOn"] == "TracingPolicy" for function in template.functions(source).values())


def test_each_permission_is_on_the_resource_it_is_for(source):
    table, index = {"Fn::GetAtt": ["Table", "Arn"]}, {"Fn::Sub": "${Table.Arn}/index/GSI1"}
    for logical_id in template.functions(source):
        for statement in statements(source, logical_id):
            for action in listed(statement["Action"]):
                service = action.split(":")[0]
                resource = statement["Resource"]
                if service == "dynamodb":
                    assert resource in (table, index), f"{logical_id}: {action}"
                elif service == "logs":
                    assert action in ("logs:CreateLogStream", "logs:PutLogEvents")
                    assert resource == {"Fn::GetAtt": [f"{logical_id}Logs", "Arn"]}
                else:
                    assert (logical_id, action) == ("AuthFunction", "secretsmanager:GetSecretValue")
                    assert resource == {"Ref": "SigningKeysSecretArn"}


def test_only_auth_reads_the_signing_keys_and_docs_reads_no_table(source):
    services = {
        template.binary(function): {
            action.split(":")[0] for each in statements(source, logical_id) for action in listed(each["Action"])
        }
        for logical_id, function in template.functions(source).items()
    }
    assert {name for name, found in services.items() if "secretsmanager" in found} == {"auth"}
    over_the_table = holders(source)["DAFTARI_TABLE"]
    assert {name for name, found in services.items() if "dynamodb" in found} == over_the_table
    assert services.keys() - over_the_table == {"docs"}
    assert all("logs" in found for found in services.values())


def test_nobody_scans_or_manages_the_table(source):
    for logical_id in template.functions(source):
        for statement in statements(source, logical_id):
            for action in listed(statement["Action"]):
                assert not re.search(r"Scan|PartiQL|Table|Backup", action), f"{logical_id}: {action}"


def test_each_setting_is_given_to_those_who_need_it(source):
    common = source["Globals"]["Function"]["Environment"]["Variables"]
    assert set(common) == FOR_ALL
    found = holders(source)
    assert found == {**SETTINGS, **{name: found["DAFTARI_TABLE"] for name in OF_THE_TABLE}}


def test_no_parameter_holds_a_secret(source):
    for name, parameter in source["Parameters"].items():
        assert "NoEcho" not in parameter, f"{name}: secrets belong into Secrets Manager"
    for name in ("SigningKeysSecretArn", "JwksParameter"):
        assert "Default" not in source["Parameters"][name]


def test_access_logs_say_nothing_of_who_asked_or_for_whom(source):
    text = source["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"]
    assert set(re.findall(r"\$context\.([A-Za-z.]+)", text)) == {
        "requestId",
        "routeKey",
        "httpMethod",
        "status",
        "responseLatency",
        "integrationLatency",
        "integration.status",
        "integrationErrorMessage",
        "responseLength",
    }
    assert "\n" not in text
    json.loads(text)


def test_irreplaceable_resources_outlive_the_stack(source):
    for logical_id in ("Table", "CursorKey", "CounterpartyKey"):
        resource = source["Resources"][logical_id]
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_every_alarm_is_there_by_choice_and_explained(source):
    for name, resource in source["Resources"].items():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            wanted = "WithUnreadAlarm" if name == "UnreadMessagesAlarm" else "WithAlarms"
            assert resource["Condition"] == wanted, name
            assert resource["Properties"]["TreatMissingData"] == "notBreaching", name
            assert len(resource["Properties"]["AlarmDescription"]) > 20, name
            # The limit of an alarm on an expression.
            assert len(resource["Properties"].get("Metrics", [])) <= 10, name


def test_the_alarm_of_unread_messages_needs_alarms_and_metrics(source):
    assert source["Conditions"]["WithUnreadAlarm"] == {
        "Fn::And": [{"Condition": "WithAlarms"}, {"Fn::Equals": [{"Ref": "EmbeddedMetrics"}, "emf"]}]
    }


def test_alarms_over_all_functions_name_each(source):
    functions = {logical_id for logical_id in template.functions(source)}
    for name in ("FunctionErrorsAlarm", "FunctionThrottlesAlarm"):
        metrics = source["Resources"][name]["Properties"]["Metrics"]
        watched = {
            each["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for each in metrics if "MetricStat" in each
        }
        assert watched == functions, name


def test_a_change_in_the_text_of_settings_makes_new_versions(source):
    """`make deploy` relies on this: it writes a fingerprint of all values into the built template."""
    versions = lambda changed: {
        name
        for name, each in template.translate(changed, EVERYTHING)["Resources"].items()
        if each["Type"] == "AWS::Lambda::Version"
    }
    before = versions(source)
    assert versions(copy.deepcopy(source)) == before
    stamped = copy.deepcopy(source)
    stamped["Globals"]["Function"]["Environment"]["Variables"]["DAFTARI_SETTINGS"] = "0123456789abcdef"
    assert len(before) == len(template.functions(source))
    assert versions(stamped) & before == set()


def references(value):
    """The names that a part of a template refers to."""
    if isinstance(value, list):
        return {name for each in value for name in references(each)}
    if not isinstance(value, dict):
        return set()
    found = set()
    for name, each in value.items():
        if name == "Ref":
            found.add(each)
        elif name == "Fn::GetAtt":
            found.add(each[0])
        elif name == "Fn::Sub":
            text = each[0] if isinstance(each, list) else each
            found |= {name.split(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", text)}
            found |= references(each[1]) if isinstance(each, list) else set()
        elif name == "DependsOn":
            found |= set(listed(each))
        else:
            found |= references(each)
    return found


@pytest.mark.parametrize("case", CASES)
def test_nothing_waits_for_itself(source, case):
    """Deployment groups depend on alarms, aliases on deployment groups, the API on aliases."""
    resources = template.translate(source, CASES[case])["Resources"]
    waiting = {name: references(each) & resources.keys() for name, each in resources.items()}
    while ready := {name for name, others in waiting.items() if not others}:
        waiting = {name: others - ready for name, others in waiting.items() if name not in ready}
    assert waiting == {}


def test_no_stack_is_larger_than_cloudformation_takes(source):
    translated = template.translate(source, EVERYTHING)
    assert len(translated["Resources"]) < 450, "CloudFormation takes 500 resources"
    assert len(json.dumps(translated)) < 900_000, "CloudFormation takes a million bytes"


def refused(source, parameters):
    """CloudFormation's errors for parameters that contradict each other, before it creates anything."""
    resolver = Resolver(source, parameters, {}, {})
    return [
        each["AssertDescription"]
        for rule in source["Rules"].values()
        if resolver.holds(rule["RuleCondition"])
        for each in rule["Assertions"]
        if not resolver.holds(each["Assert"])
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_deployed_stages_break_no_rule(source, case):
    assert refused(source, CASES[case]) == []


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"DomainName": "api.example.com"}, "CertificateArn"),
        ({"BasePath": "/beta"}, "DomainName"),
        ({"Deployment": "Canary10Percent5Minutes"}, "Alarms"),
        ({"AlarmEmail": "operator@example.com"}, "Alarms"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused_by_name(source, wrong, named):
    [message] = refused(source, {**CASES["dev"], **wrong})
    assert named in message


def test_besides_functions_only_codedeploy_has_a_role(source):
    resources = template.translate(source, EVERYTHING)["Resources"]
    roles = {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"}
    others = roles.keys() - {f"{logical_id}Role" for logical_id in template.functions(source)}
    assert others == {"CodeDeployServiceRole"}
    with_managed = {name: each["ManagedPolicyArns"] for name, each in roles.items() if "ManagedPolicyArns" in each}
    assert {name: [arn.rsplit("/", 1)[-1] for arn in arns] for name, arns in with_managed.items()} == {
        "CodeDeployServiceRole": ["AWSCodeDeployRoleForLambda"]
    }


@pytest.mark.parametrize("stage", template.STAGES)
def test_samconfig_names_parameters_of_the_template(source, stage):
    parameters = template.stage_parameters(stage)
    assert parameters["Stage"] == stage
    for name, value in parameters.items():
        parameter = source["Parameters"][name]
        allowed = parameter.get("AllowedValues")
        assert allowed is None or value in map(str, allowed), f"{name}={value}"
        assert re.fullmatch(parameter.get("AllowedPattern", ".*"), value), f"{name}={value}"
    missing = {name for name, each in source["Parameters"].items() if "Default" not in each} - parameters.keys()
    assert missing == set()


def test_alarms_are_on_where_others_depend_on_the_service():
    assert {stage: template.stage_parameters(stage).get("Alarms", "false") for stage in template.STAGES} == {
        "dev": "false",
        "staging": "true",
        "prod": "true",
    }
