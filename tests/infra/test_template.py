"""Rules for the template as written."""

import copy
import json
import re

import functions
import pytest
import template
from cases import CASES, EVERYTHING
from resolve import Resolver

# The settings of single functions; tests/tests/api/routes.rs compares those over the table with the list of functions.
# A function without requests has no tokens to verify.
OF_TOKENS = ("DAFTARI_ISSUER", "DAFTARI_JWKS")
SCHEDULED = set(functions.names(requests=False))
SETTINGS = {
    "DAFTARI_SIGNING_KEYS_SECRET": {"auth"},
    "DAFTARI_TRUSTED_PROXIES": {"auth"},
    "DAFTARI_LISTS_WITHIN_A_MINUTE": {"count-users"},
    "DAFTARI_CURSOR_KEY": {"users", "ledger", "ingest"},
    "DAFTARI_COUNTERPARTY_KEY": {"ingest"},
}
FOR_ALL = {
    "DAFTARI_BASE_PATH",
    "DAFTARI_TIME_BUDGET_MS",
    "DAFTARI_ORGANIZATION_REQUESTS",
    "DAFTARI_ORGANIZATION_WRITE_UNITS",
    "DAFTARI_METRICS",
    "DAFTARI_SERVICE",
}


def listed(value):
    return value if isinstance(value, list) else [value]


def holders(source):
    """The functions of each setting that not all functions have."""
    found = {}
    for function in template.functions(source).values():
        for name in function["Properties"].get("Environment", {}).get("Variables", {}):
            found.setdefault(name, set()).add(template.binary(function))
    return found


def statements(source, logical_id):
    """The permissions of a function: the statements of its role, which has only an inline policy."""
    role = source["Resources"][f"{logical_id}Role"]
    assert role["Type"] == "AWS::IAM::Role"
    assert set(role["Properties"]) == {"AssumeRolePolicyDocument", "Policies", "PermissionsBoundary"}
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
            on_table = any(action.startswith("dynamodb:") for action in listed(statement["Action"]))
            assert set(statement) == {"Effect", "Action", "Resource"} | ({"Condition"} if on_table else set())
            for action in listed(statement["Action"]):
                assert re.fullmatch(r"[a-z]+:[A-Za-z]+", action), f"{logical_id}: {action}"
            assert "*" not in json.dumps(statement["Resource"]), f"{logical_id}: {statement['Resource']}"


def test_only_tracing_names_no_resource_which_xray_has_none_of(source):
    policies = {name: each for name, each in source["Resources"].items() if each["Type"].startswith("AWS::IAM::")}
    wide = {name for name, each in policies.items() if '"*"' in json.dumps(each["Properties"])}
    assert wide == {"TracingPolicy", "ReleaseCheckFunctionRole", "ReleaseRole"}
    # CodeDeploy and CloudWatch have two more actions without a resource.
    for name in ("ReleaseCheckFunctionRole", "ReleaseRole"):
        for policy in policies[name]["Properties"]["Policies"]:
            for each in policy["PolicyDocument"]["Statement"]:
                if each.get("Resource") == "*":
                    assert each["Action"] in ("codedeploy:GetDeploymentTarget", "cloudwatch:DescribeAlarms")
    [statement] = policies["TracingPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Effect"] == {"Fn::If": ["WithTracing", "Allow", "Deny"]}
    assert all(action.startswith("xray:Put") for action in statement["Action"])
    roles = [each["Ref"] for each in policies["TracingPolicy"]["Properties"]["Roles"]]
    logical_ids = [*template.functions(source), "ReleaseCheckFunction"]
    assert sorted(roles) == sorted(f"{logical_id}Role" for logical_id in logical_ids)
    # Lambda rejects Tracing for a role without tracing permissions.
    assert all(function["DependsOn"] == "TracingPolicy" for function in template.functions(source).values())


def test_each_permission_is_on_the_resource_it_is_for(source):
    name = {"Fn::If": ["OwnsTable", {"Ref": "Table"}, {"Ref": "TableName"}]}
    arn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Name}"
    table, index = ({"Fn::Sub": [text, {"Name": name}]} for text in (arn, f"{arn}/index/GSI1"))
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


def test_only_auth_reads_the_signing_keys_and_pages_read_no_table(source):
    services = {
        template.binary(function): {
            action.split(":")[0] for each in statements(source, logical_id) for action in listed(each["Action"])
        }
        for logical_id, function in template.functions(source).items()
    }
    assert {name for name, found in services.items() if "secretsmanager" in found} == {"auth"}
    over_the_table = holders(source)["DAFTARI_TABLE"]
    assert {name for name, found in services.items() if "dynamodb" in found} == over_the_table
    assert services.keys() - over_the_table == {"docs", "console"}
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
    table = found.pop("DAFTARI_TABLE")
    assert found == {**SETTINGS, **dict.fromkeys(OF_TOKENS, table - SCHEDULED)}


def test_no_parameter_holds_a_secret(source):
    for name, parameter in source["Parameters"].items():
        assert "NoEcho" not in parameter, f"{name}: secrets belong into Secrets Manager"
    for name in ("SigningKeysSecretArn", "JwksParameter"):
        assert "Default" not in source["Parameters"][name]


def test_each_stage_issues_tokens_in_its_own_name():
    issuers = [template.stage_parameters(stage)["Issuer"] for stage in ("dev", "staging", "prod")]
    assert len(set(issuers)) == 3
    # Another name would end the tokens of phones, which are valid for 90 days.
    assert issuers[2] == "daftari"


def test_access_logs_say_nothing_of_who_asked_or_for_whom(source):
    text = source["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"]
    assert set(re.findall(r"\$context\.([A-Za-z.]+)", text)) == {
        "requestId",
        "awsEndpointRequestId",
        "routeKey",
        "httpMethod",
        "status",
        "responseLatency",
        "integrationLatency",
        "integration.status",
        "error.responseType",
        "responseLength",
    }
    assert "\n" not in text
    json.loads(text)


# What the gateway writes for the variables that it chooses from a list, or makes of digits.
OF_THE_GATEWAY = {
    "requestId": "HkQ2vhDfDoEEMfg=",
    "awsEndpointRequestId": "0d2f1c9a-6a53-4b0e-8f0e-6f2a1c9a6a53",
    "routeKey": "ANY /users/{user_uuid}",
    "httpMethod": "GET",
    "status": "502",
    "responseLatency": "12",
    "integrationLatency": "-",
    "integration.status": "200",
    "error.responseType": "INTEGRATION_FAILURE",
    "responseLength": "42",
}


def test_a_line_of_the_access_log_is_json_whatever_the_texts_in_it_are(source):
    """The gateway does not escape what it puts between quotes."""
    text = source["Resources"]["Api"]["Properties"]["AccessLogSettings"]["Format"]
    free = 'The function said "no" \\ and\nleft'
    line = re.sub(r"\$context\.([A-Za-z.]+)", lambda found: OF_THE_GATEWAY.get(found[1], free), text)
    assert json.loads(line)["status"] == "502"


def test_irreplaceable_resources_outlive_the_stack(source):
    for logical_id in ("Table", "CursorKey", "CounterpartyKey"):
        resource = source["Resources"][logical_id]
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_every_alarm_is_there_by_choice_and_explained(source):
    for name, resource in source["Resources"].items():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            own = {f"UnreadJump{n}Alarm": f"WithUnreadJump{n}" for n in range(1, 6)}
            own |= {"UnreadMessagesAlarm": "WithUnreadAlarm", "NoTrafficAlarm": "WithNoTrafficAlarm"}
            own |= {"CertificateAlarm": "WithCertificateAlarm"}
            assert resource["Condition"] == own.get(name, "WithAlarms"), name
            missing = "breaching" if name in ("NoTrafficAlarm", "UncountedUsersAlarm") else "notBreaching"
            assert resource["Properties"]["TreatMissingData"] == missing, name
            assert len(resource["Properties"]["AlarmDescription"]) > 20, name
            # The limit of an alarm on an expression.
            assert len(resource["Properties"].get("Metrics", [])) <= 10, name


def test_the_alarm_of_unread_messages_needs_alarms_and_metrics(source):
    assert source["Conditions"]["WithUnreadAlarm"] == {
        "Fn::And": [{"Condition": "WithAlarms"}, {"Fn::Equals": [{"Ref": "EmbeddedMetrics"}, "emf"]}]
    }


def test_senders_with_an_alarm_against_their_past_are_named_as_the_log_does(source):
    pattern = source["Parameters"]["UnreadJumpSenders"]["AllowedPattern"]
    for good in ("", "mpesa", "mpesa,mtnmobilemoney,40404,a,b"):
        assert re.match(pattern, good), good
    for bad in (",", "mpesa,", "M-PESA", "a,b,c,d,e,f", "a b"):
        assert not re.match(pattern, bad), bad


@pytest.mark.parametrize("senders", ["", "mpesa", "mpesa,mtnmobilemoney", "a,b,c,d,e"])
def test_each_named_sender_has_an_alarm_against_its_own_past(source, senders):
    parameters = {**EVERYTHING, "UnreadJumpSenders": senders}
    refs = {"AWS::StackName": "daftari-prod", "AlarmTopic": "topic"}
    resolver = Resolver(source, parameters, refs, {})
    watched = []
    for number in range(1, 6):
        alarm = source["Resources"][f"UnreadJump{number}Alarm"]
        if not resolver.holds(alarm["Condition"]):
            continue
        properties = resolver.resolve(alarm["Properties"])
        unread, expected = properties["Metrics"]
        metric = unread["MetricStat"]["Metric"]
        dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
        assert (metric["Namespace"], metric["MetricName"]) == ("Daftari", "UnreadPercent")
        assert dimensions["service"] == "daftari-prod"
        assert properties["AlarmName"] == f"daftari-prod-unread-jump-{dimensions['sender']}"
        # The band belongs to the metric that is compared with it.
        assert expected["Expression"] == f"ANOMALY_DETECTION_BAND({unread['Id']}, 3)"
        assert properties["ThresholdMetricId"] == expected["Id"]
        assert properties["ComparisonOperator"] == "GreaterThanUpperThreshold"
        watched.append(dimensions["sender"])
    assert watched == [each for each in senders.split(",") if each]
    without = Resolver(source, {**parameters, "EmbeddedMetrics": "none"}, refs, {})
    assert not any(without.holds(f"WithUnreadJump{number}") for number in range(1, 6))


def test_alarms_over_all_functions_of_the_api_name_each(source):
    # An alarm takes ten metrics. The pages have their release alarms and the alarm of server errors.
    functions = set(template.served(source)) - {"DocsFunction", "ConsoleFunction"}
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
    # Including the function that checks releases.
    assert len(before) == len(template.functions(source)) + 1
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
        ({"HostedZoneId": "Z1"}, "HostedZoneId"),
        ({"CloseApiEndpoint": "true"}, "CloseApiEndpoint"),
        ({"TruststoreUri": "s3://bucket/ca.pem"}, "TruststoreUri"),
    ],
)
def test_parameters_that_do_not_go_together_are_refused_by_name(source, wrong, named):
    [message] = refused(source, {**CASES["dev"], **wrong})
    assert named in message


def test_besides_functions_only_codedeploy_has_a_role(source):
    resources = template.translate(source, EVERYTHING)["Resources"]
    roles = {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"}
    others = roles.keys() - {f"{logical_id}Role" for logical_id in template.functions(source)}
    assert others == {"ReleaseRole", "ReleaseCheckFunctionRole"}
    assert {name for name, each in roles.items() if "ManagedPolicyArns" in each} == set()
    [trust] = roles["ReleaseRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "codedeploy.amazonaws.com"}


def test_each_release_is_checked_before_and_after_traffic_and_watched_by_its_own_alarm(source):
    resources = template.translate(source, EVERYTHING)["Resources"]
    for logical_id, function in template.served(source).items():
        policy = resources[f"{logical_id}Aliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        hook = {"Ref": "ReleaseCheckFunction"}
        assert policy["BeforeAllowTrafficHook"] == policy["AfterAllowTrafficHook"] == hook
        group = resources[f"{logical_id}DeploymentGroup"]["Properties"]
        assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["ReleaseRole", "Arn"]}
        name = logical_id.removesuffix("Function") + "ReleaseAlarm"
        watched = group["AlarmConfiguration"]["Fn::If"]
        assert watched == ["WithAlarms", {"Enabled": True, "Alarms": [{"Name": {"Ref": name}}]}, {}]
        check_release_alarm(resources, name, logical_id, template.binary(function))
    others = template.functions(source).keys() - template.served(source).keys()
    for logical_id in others | {"ReleaseCheckFunction"}:
        assert "UpdatePolicy" not in resources[f"{logical_id}Aliaslive"]


def check_release_alarm(resources, name, logical_id, binary):
    """It watches the version that the alias moves to, and has a separate name, so that the state of the broken
    version's alarm does not stop a fix."""
    version = resources[f"{logical_id}Aliaslive"]["Properties"]["FunctionVersion"]
    alarm = resources[name]["Properties"]
    [of_version, part] = version["Fn::GetAtt"]
    assert alarm["AlarmName"] == {"Fn::Sub": f"${{AWS::StackName}}-release-{binary}-${{{of_version}.{part}}}"}
    metrics = {each["Id"]: each.get("MetricStat", {}).get("Metric") for each in alarm["Metrics"]}
    for each in ("errors", "calls"):
        found = {one["Name"]: one["Value"] for one in metrics[each]["Dimensions"]}
        assert found["FunctionName"] == {"Ref": logical_id} and found["ExecutedVersion"] == version
        assert found["Resource"] == {"Fn::Sub": f"${{{logical_id}}}:live"}
    [dimension] = metrics["answers"]["Dimensions"]
    assert dimension == {"Name": "version", "Value": version}
    # The filter that counts them.
    found = resources[logical_id.removesuffix("Function") + "VersionServerErrors"]["Properties"]
    [counted] = found["MetricTransformations"]
    assert counted["MetricName"] == metrics["answers"]["MetricName"]
    assert counted["Dimensions"] == [{"Key": "version", "Value": "$.version"}]
    assert found["LogGroupName"] == {"Ref": f"{logical_id}Logs"}


@pytest.mark.parametrize(("bad", "calls", "stops"), [
    # (errors, answers), calls: too few for a decision, all, a few of many, some of many.
    ((1, None), 1, False),
    ((2, None), 3, True),
    ((None, 2), None, True),
    ((1, 1), 20, True),
    ((0, 2), 100, False),
    ((3, 3), 100, True),
])
def test_a_release_stops_on_a_rate_of_at_least_two(source, bad, calls, stops):
    alarm = source["Resources"]["DtiReleaseAlarm"]["Properties"]
    [expression] = [each["Expression"] for each in alarm["Metrics"] if "Expression" in each]
    values = {"errors": bad[0], "answers": bad[1], "calls": calls}
    # CloudWatch's functions of several series skip those without data.
    given = lambda series: [each for each in series if each is not None]
    names = {
        "IF": lambda test, yes, no: yes if test else no,
        "SUM": lambda s: sum(given(s)),
        "MAX": lambda s: max(given(s)),
    }
    percent = eval(expression, {"__builtins__": {}}, {**names, **values})  # noqa: S307, the template's own expression
    assert (percent > alarm["Threshold"]) is stops


def test_throttling_of_routes_names_routes_that_are_there(source):
    functions = template.functions(source).values()
    events = [event for each in functions for event in template.http_events(each)]
    routes = {f"{each['Method']} {each['Path']}" for each in events if "Path" in each}
    settings = source["Resources"]["Api"]["Properties"]["RouteSettings"]
    # The event without a path is the default route.
    routes |= {"$default" for each in events if "Path" not in each}
    assert settings.keys() == {"ANY /auth", "$default"} and settings.keys() <= routes


def test_users_are_counted_every_minute_by_the_live_version(source):
    """A run that fails is not repeated, since the next one does its work. An alarm hears of failed and missing runs."""
    resources = template.translate(source, EVERYTHING)["Resources"]
    [rule] = [
        each["Properties"]
        for each in resources.values()
        if each["Type"] == "AWS::Events::Rule" and "ScheduleExpression" in each["Properties"]
    ]
    assert rule["ScheduleExpression"] == "rate(1 minute)" and rule.get("State", "ENABLED") == "ENABLED"
    [target] = rule["Targets"]
    assert target["Arn"] == {"Ref": "CountUsersFunctionAliaslive"}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}
    [permission] = [
        each["Properties"]
        for each in resources.values()
        if each["Type"] == "AWS::Lambda::Permission" and each["Properties"]["Principal"] == "events.amazonaws.com"
    ]
    assert permission["FunctionName"] == target["Arn"]
    [invoke] = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::Lambda::EventInvokeConfig"]
    assert invoke["FunctionName"] == {"Ref": "CountUsersFunction"} and invoke["MaximumRetryAttempts"] == 0
    alarm = source["Resources"]["UncountedUsersAlarm"]["Properties"]
    watched = {each["MetricStat"]["Metric"]["MetricName"] for each in alarm["Metrics"] if "MetricStat" in each}
    assert watched == {"Invocations", "Errors"}
    seconds = alarm["EvaluationPeriods"] * 300
    assert seconds == 900 and "15 minutes" in alarm["AlarmDescription"]


def test_unknown_paths_wake_no_function_with_keys_or_a_table(source):
    functions = template.functions(source).values()
    [fallback] = [
        template.binary(function)
        for function in functions
        if any("Path" not in event for event in template.http_events(function))
    ]
    assert fallback == "docs"


def test_access_logs_have_the_name_of_vended_logs(source):
    name = source["Resources"]["AccessLogs"]["Properties"]["LogGroupName"]
    assert name == {"Fn::Sub": "/aws/vendedlogs/${AWS::StackName}/access"}


def test_reads_of_the_signing_keys_by_others_are_told(source):
    rule = source["Resources"]["SigningKeyReads"]["Properties"]
    # In the ordinary state, events of reads are left out.
    assert rule["State"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    auth = {"Fn::GetAtt": ["AuthFunctionRole", "Arn"]}
    issuer = [{"anything-but": auth}], [{"exists": False}]
    who = rule["EventPattern"]["detail"]["userIdentity"]["$or"]
    assert [each["sessionContext"]["sessionIssuer"]["arn"] for each in who] == list(issuer)
    assert [each["Arn"] for each in rule["Targets"]] == [{"Ref": "AlarmTopic"}]


def test_eventbridge_may_publish_without_a_condition_which_it_does_not_support(source):
    statements = source["Resources"]["AlarmTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    allowed = {each["Principal"]["Service"]: each for each in statements if each["Effect"] == "Allow"}
    assert allowed.keys() == {"cloudwatch.amazonaws.com", "events.amazonaws.com"}
    assert "Condition" not in allowed["events.amazonaws.com"]
    assert allowed["cloudwatch.amazonaws.com"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
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


def percent_of(alarm, **sums):
    """The value of an alarm's expression."""
    [expression] = [each["Expression"] for each in alarm["Metrics"] if "Expression" in each]
    names = {"IF": lambda test, yes, no: yes if test else no}
    return eval(expression, {"__builtins__": {}}, {**names, **sums})  # noqa: S307, the template's own expression


@pytest.mark.parametrize(("errors", "requests", "alarms"), [(19, 100, False), (20, 3_000, True), (60, 10_000, False)])
def test_a_small_share_of_failures_that_lasts_is_told(source, errors, requests, alarms):
    alarm = source["Resources"]["ErrorBudgetAlarm"]["Properties"]
    assert (percent_of(alarm, errors=errors, requests=requests) > alarm["Threshold"]) is alarms
