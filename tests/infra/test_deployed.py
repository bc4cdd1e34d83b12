"""Each stack of cases.py, deployed in moto, matches the template."""

import ast
import base64
import json
import re

import cloud
import pytest
import template
from resolve import Resolver

# Queries over the log lines of messages, which one function writes.
OF_MESSAGES = ("MessagesQuery", "SendersQuery", "ChecksQuery")


def on(stack, condition):
    return stack.resolver.holds(condition)


def physical(stack, logical_id):
    return stack.refs[logical_id]


def table_of(stack):
    """The name of the table that the functions use."""
    return stack.parameters.get("TableName") or physical(stack, "Table")


@pytest.fixture
def own_table(stack):
    """The table, where the stack has one."""
    if not on(stack, "OwnsTable"):
        # Another table is used, and its settings are unchanged.
        assert "Table" not in stack.refs
        return None
    return physical(stack, "Table")


def test_everything_the_template_makes_is_there(stack):
    by_moto = {logical_id for logical_id, each in stack.resources.items() if each["Type"] not in cloud.MADE_HERE}
    assert set(stack.made_by_moto) == by_moto


def test_the_table_has_keys_index_expiry_and_backups(stack, own_table):
    if own_table is None:
        return
    dynamodb, name = stack.cloud.dynamodb, own_table
    table = dynamodb.describe_table(TableName=name)["Table"]
    keys = lambda schema: {each["KeyType"]: each["AttributeName"] for each in schema}
    assert keys(table["KeySchema"]) == {"HASH": "PK", "RANGE": "SK"}
    [index] = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "GSI1"
    assert keys(index["KeySchema"]) == {"HASH": "GSI1PK", "RANGE": "GSI1SK"}
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert expiry == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    # moto does not store these, or changes them.
    wanted = stack.properties("Table")
    assert wanted["SSESpecification"] == {"SSEEnabled": True}
    assert wanted["ContributorInsightsSpecification"]["Enabled"] is (
        stack.parameters.get("ContributorInsights") == "true"
    )


def test_the_table_takes_and_finds_items(stack, own_table):
    if own_table is None:
        return
    dynamodb, name = stack.cloud.dynamodb, own_table
    item = {key: {"S": key.lower()} for key in ("PK", "SK", "GSI1PK", "GSI1SK")} | {"type": {"S": "test"}}
    dynamodb.put_item(TableName=name, Item=item)
    key = {"PK": {"S": "pk"}, "SK": {"S": "sk"}}
    assert dynamodb.get_item(TableName=name, Key=key, ConsistentRead=True)["Item"] == item
    by_index = dynamodb.query(
        TableName=name,
        IndexName="GSI1",
        KeyConditionExpression="GSI1PK = :pk",
        ExpressionAttributeValues={":pk": {"S": "gsi1pk"}},
    )["Items"]
    assert by_index == [{key: value for key, value in item.items() if key != "type"}]
    dynamodb.delete_item(TableName=name, Key=key)


def test_the_table_is_protected_against_deletion_in_production_only(stack, own_table):
    if own_table is None:
        return
    protected = stack.cloud.dynamodb.describe_table(TableName=own_table)["Table"]["DeletionProtectionEnabled"]
    assert protected is (stack.parameters["Stage"] == "prod")


def test_a_creation_that_fails_can_be_rolled_back_in_production_too(source):
    """Without protection, which make deploy turns on afterwards."""
    parameters = {**template.stage_parameters("prod"), "TableProtection": "false"}
    properties = source["Resources"]["Table"]["Properties"]
    resolver = Resolver(template.translate(source, parameters), parameters, {}, {})
    assert resolver.resolve(properties["DeletionProtectionEnabled"]) is False


def test_every_function_runs_as_written(stack, source):
    for logical_id, function in template.functions(source).items():
        wanted = stack.properties(logical_id)
        made = stack.cloud.lambda_.get_function_configuration(FunctionName=physical(stack, logical_id))
        assert made["FunctionName"] == f"{stack.name}-{template.binary(function)}"
        assert made["Runtime"] == "provided.al2023"
        assert made["Handler"] == "bootstrap"
        assert made["Timeout"] == (29 if template.http_events(function) else 60)
        assert made["MemorySize"] == function["Properties"]["MemorySize"]
        assert made["Role"] == stack.attributes[f"{logical_id}Role", "Arn"]
        # moto does not store these, or changes them.
        assert wanted["TracingConfig"] == {"Mode": stack.parameters.get("Tracing", "PassThrough")}
        assert wanted["Architectures"] == [stack.parameters.get("Architecture", "arm64")]
        limit = int(stack.parameters.get("SignInConcurrency", 0)) if logical_id == "AuthFunction" else 0
        assert wanted.get("ReservedConcurrentExecutions", 0) == limit
        assert wanted["LoggingConfig"] == {"LogGroup": f"/{stack.name}/{template.binary(function)}"}


def test_every_functions_settings_are_values(stack, source):
    parameters = stack.parameters
    for logical_id in template.functions(source):
        made = stack.cloud.lambda_.get_function_configuration(FunctionName=physical(stack, logical_id))
        settings = made["Environment"]["Variables"]
        wanted = {
            "DAFTARI_BASE_PATH": parameters.get("BasePath", ""),
            "DAFTARI_TIME_BUDGET_MS": "20000",
            "DAFTARI_ORGANIZATION_REQUESTS": parameters.get("OrganizationRequests", "12000"),
            "DAFTARI_ORGANIZATION_WRITE_UNITS": parameters.get("OrganizationWriteUnits", "120000"),
            "DAFTARI_METRICS": parameters.get("EmbeddedMetrics", "none"),
            "DAFTARI_SERVICE": stack.name,
        }
        if logical_id not in ("DocsFunction", "ConsoleFunction"):
            wanted["DAFTARI_TABLE"] = table_of(stack)
        if logical_id not in ("DocsFunction", "ConsoleFunction", "CountUsersFunction"):
            wanted["DAFTARI_ISSUER"] = parameters.get("Issuer", "daftari")
            wanted["DAFTARI_JWKS"] = cloud.PUBLIC_KEYS
        if logical_id == "AuthFunction":
            wanted["DAFTARI_SIGNING_KEYS_SECRET"] = parameters["SigningKeysSecretArn"]
            wanted["DAFTARI_TRUSTED_PROXIES"] = parameters.get("TrustedProxies", "")
        if logical_id == "CountUsersFunction":
            wanted["DAFTARI_LISTS_WITHIN_A_MINUTE"] = parameters.get("ListsWithinAMinute", "true")
        secrets = {
            "UsersFunction": {"DAFTARI_CURSOR_KEY": "CursorKey"},
            "LedgerFunction": {"DAFTARI_CURSOR_KEY": "CursorKey"},
            "IngestFunction": {"DAFTARI_CURSOR_KEY": "CursorKey", "DAFTARI_COUNTERPARTY_KEY": "CounterpartyKey"},
        }
        for variable, secret in secrets.get(logical_id, {}).items():
            assert len(base64.b64decode(settings[variable], validate=True)) == 33
            arn = physical(stack, secret) if secret in stack.refs else parameters[f"{secret}SecretArn"]
            wanted[variable] = stack.cloud.secretsmanager.get_secret_value(SecretId=arn)["SecretString"]
        assert settings == wanted, logical_id
        # Lambda's limit of environment variables.
        assert len(json.dumps(settings)) < 4096


def test_every_role_has_exactly_the_templates_policy(stack, source):
    iam = stack.cloud.iam
    for logical_id in template.functions(source):
        role = physical(stack, f"{logical_id}Role")
        assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
        inline = iam.list_role_policies(RoleName=role)["PolicyNames"]
        assert set(inline) == {"function", "tracing"}
        tracing = iam.get_role_policy(RoleName=role, PolicyName="tracing")["PolicyDocument"]
        effect = "Allow" if on(stack, "WithTracing") else "Deny"
        assert [each["Effect"] for each in ast.literal_eval(str(tracing))["Statement"]] == [effect]
        [written] = stack.properties(f"{logical_id}Role")["Policies"]
        made = iam.get_role_policy(RoleName=role, PolicyName="function")["PolicyDocument"]
        # moto returns Python's text of the policy, and its log group ARNs lack CloudFormation's `:*`.
        wanted = json.loads(re.sub(r'(:log-group:[^"]+):\*"', r'\1"', json.dumps(written["PolicyDocument"])))
        assert ast.literal_eval(made) == wanted
        trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
        assert [each["Principal"] for each in trust["Statement"]] == [{"Service": "lambda.amazonaws.com"}]


def route_key(route):
    """moto keeps the names that the OpenAPI document gives to ANY and to the default route."""
    key = route["RouteKey"].replace("X-AMAZON-APIGATEWAY-ANY-METHOD ", "ANY ")
    return key.replace("ANY $default", "$default")


def test_the_api_has_the_templates_routes_to_the_live_functions(stack, source):
    wanted = {}
    for function in template.functions(source).values():
        for properties in template.http_events(function):
            route = f"{properties['Method']} {properties['Path']}" if "Path" in properties else "$default"
            wanted[route] = f"{stack.name}-{template.binary(function)}"
    gateway, api = stack.cloud.apigatewayv2, physical(stack, "Api")
    integrations = {each["IntegrationId"]: each for each in gateway.get_integrations(ApiId=api)["Items"]}
    found = {}
    for route in gateway.get_routes(ApiId=api)["Items"]:
        name = route_key(route)
        integration = integrations[route["Target"].removeprefix("integrations/")]
        assert integration["PayloadFormatVersion"] == "2.0"
        assert integration["IntegrationType"] == "AWS_PROXY".lower()
        function, alias = integration["IntegrationUri"].removesuffix("/invocations").rsplit(":", 2)[1:]
        assert alias == cloud.ALIAS
        assert name not in found, f"{name} is there twice"
        found[name] = function
    assert found == wanted


def test_the_api_has_a_route_for_every_operation_of_the_openapi_document(stack):
    document = json.loads((template.ROOT / "docs/openapi.json").read_text(encoding="utf-8"))
    operations = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    routes = stack.cloud.apigatewayv2.get_routes(ApiId=physical(stack, "Api"))["Items"]
    keys = {route_key(route) for route in routes}
    missing = {(method, path) for method, path in operations if not {f"{method} {path}", f"ANY {path}"} & keys}
    assert missing == set()


def test_the_api_may_call_each_function_on_its_routes_only(stack, source):
    api = physical(stack, "Api")
    for logical_id, function in template.functions(source).items():
        if not template.http_events(function):
            continue
        policy = json.loads(stack.cloud.lambda_.get_policy(FunctionName=physical(stack, logical_id))["Policy"])
        allowed = set()
        for statement in policy["Statement"]:
            assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
            assert statement["Action"] == "lambda:InvokeFunction"
            [source_arn] = statement["Condition"]["ArnLike"].values()
            assert source_arn.startswith(f"arn:aws:execute-api:{cloud.REGION}:{cloud.ACCOUNT}:{api}/*")
            allowed.add(source_arn.split("/", 2)[2])
        wanted = set()
        for properties in template.http_events(function):
            method = properties.get("Method", "").replace("ANY", "*")
            path = "/".join("*" if part.startswith("{") else part for part in properties.get("Path", "").split("/"))
            # The default route may match any path.
            wanted.add(f"{method}{path}" if method else "*")
        assert allowed == wanted, logical_id


def test_the_schedule_may_call_the_function_that_counts_users(stack):
    events, rule = stack.cloud.events, physical(stack, "CountUsersFunctionEveryMinute")
    made = events.describe_rule(Name=rule)
    assert (made["ScheduleExpression"], made["State"]) == ("rate(1 minute)", "ENABLED")
    [target] = events.list_targets_by_rule(Rule=rule)["Targets"]
    assert target["Arn"].endswith(f":function:{stack.name}-count-users:{cloud.ALIAS}")
    policy = stack.cloud.lambda_.get_policy(FunctionName=physical(stack, "CountUsersFunction"))["Policy"]
    [statement] = json.loads(policy)["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert list(statement["Condition"]["ArnLike"].values()) == [made["Arn"]]


def test_the_stage_is_throttled_and_logged(stack):
    stage = stack.cloud.apigatewayv2.get_stage(ApiId=physical(stack, "Api"), StageName="$default")
    assert stage["AutoDeploy"] is True
    limits = stage["DefaultRouteSettings"]
    assert limits["ThrottlingRateLimit"] == float(stack.parameters["ThrottlingRate"])
    assert limits["ThrottlingBurstLimit"] == int(stack.parameters["ThrottlingBurst"])
    auth = stage["RouteSettings"]["ANY /auth"]
    assert (auth["ThrottlingRateLimit"], auth["ThrottlingBurstLimit"]) == (10.0, 40)
    unknown = stage["RouteSettings"]["$default"]
    assert (unknown["ThrottlingRateLimit"], unknown["ThrottlingBurstLimit"]) == (5.0, 20)
    access = stage["AccessLogSettings"]
    assert access["DestinationArn"] == stack.attributes["AccessLogs", "Arn"]
    assert json.loads(access["Format"])["request_id"] == "$context.requestId"


def test_cors_is_off_unless_origins_are_named(stack):
    api = stack.cloud.apigatewayv2.get_api(ApiId=physical(stack, "Api"))
    if on(stack, "WithCors"):
        assert api["CorsConfiguration"]["AllowOrigins"] == stack.parameters["CorsOrigins"].split(",")
        assert "*" not in json.dumps(api["CorsConfiguration"])
    else:
        assert not api.get("CorsConfiguration")


def test_the_domain_is_there_where_it_is_named(stack):
    domains = [each["DomainName"] for each in stack.cloud.apigatewayv2.get_domain_names()["Items"]]
    if not on(stack, "WithDomain"):
        assert domains == []
        assert stack.outputs["Url"] == stack.outputs["ApiEndpoint"]
        return
    assert domains == ["api.example.com"]
    [mapping] = stack.cloud.apigatewayv2.get_api_mappings(DomainName="api.example.com")["Items"]
    assert mapping["ApiId"] == physical(stack, "Api")
    assert mapping["Stage"] == "$default"
    base_path = stack.parameters.get("BasePath", "")
    assert mapping.get("ApiMappingKey", "") == base_path.removeprefix("/")
    assert stack.outputs["Url"] == f"https://api.example.com{base_path}"
    assert stack.outputs["DomainTarget"]
    if on(stack, "WithRecord"):
        zone = stack.parameters["HostedZoneId"]
        records = stack.cloud.route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        for kind in ("A", "AAAA"):
            [record] = [each for each in records if each["Type"] == kind]
            assert record["Name"].rstrip(".") == "api.example.com"
            assert record["AliasTarget"]["DNSName"].rstrip(".") == stack.outputs["DomainTarget"]


def test_outputs_have_the_values_that_operators_need(stack):
    wanted = {"Url", "TableName", "CursorKeySecretArn", "CounterpartyKeySecretArn", "LogGroupPrefix"}
    wanted |= {"ApiEndpoint"} if on(stack, "OpensApiEndpoint") else set()
    wanted |= {"DomainTarget"} if on(stack, "WithDomain") else set()
    wanted |= {"AlarmTopicArn"} if on(stack, "WithAlarms") else set()
    wanted |= {"DashboardName"} if on(stack, "WithDashboard") else set()
    assert stack.outputs.keys() == wanted
    assert stack.outputs["TableName"] == table_of(stack)
    given = stack.parameters.get("CounterpartyKeySecretArn")
    assert ("CounterpartyKey" in stack.refs) is (not given)
    assert stack.outputs["CounterpartyKeySecretArn"] == (given or physical(stack, "CounterpartyKey"))
    api = physical(stack, "Api")
    endpoint = f"https://{api}.execute-api.{cloud.REGION}.amazonaws.com"
    assert stack.outputs.get("ApiEndpoint", endpoint) == endpoint


def test_log_groups_keep_lines_as_long_as_is_said(stack, source):
    groups = {each["logGroupName"]: each for each in stack.cloud.logs.describe_log_groups()["logGroups"]}
    names = {template.binary(function) for function in template.functions(source).values()}
    names.add("release-check")
    wanted = {stack.outputs["LogGroupPrefix"] + name for name in names}
    assert set(groups) == wanted | {f"/aws/vendedlogs/{stack.name}/access"}
    for group in groups.values():
        assert group["retentionInDays"] == int(stack.parameters["LogRetentionDays"])


def test_alarms_notify_a_topic_or_do_not_exist(stack, source):
    alarms = stack.cloud.cloudwatch.describe_alarms()["MetricAlarms"]
    if not on(stack, "WithAlarms"):
        assert alarms == []
        assert stack.cloud.sns.list_topics()["Topics"] == []
        return
    written = [each for each in source["Resources"].values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    assert len(alarms) == len([each for each in written if on(stack, each["Condition"])])
    for alarm in alarms:
        assert alarm["AlarmName"].startswith(f"{stack.name}-")
        if alarm["AlarmName"].startswith(f"{stack.name}-release-"):
            # CodeDeploy acts on them.
            assert alarm["AlarmActions"] == alarm["OKActions"] == []
            continue
        assert alarm["AlarmActions"] == alarm["OKActions"] == [stack.outputs["AlarmTopicArn"]]
    subscriptions = stack.cloud.sns.list_subscriptions()["Subscriptions"]
    wanted = [stack.parameters["AlarmEmail"]] if "AlarmEmail" in stack.parameters else []
    assert [each["Endpoint"] for each in subscriptions] == wanted


def test_alarms_of_log_lines_hear_of_every_function(stack, source):
    if not on(stack, "WithAlarms"):
        assert stack.cloud.logs.describe_metric_filters()["metricFilters"] == []
        return
    heard = {}
    for each in stack.cloud.logs.describe_metric_filters()["metricFilters"]:
        [metric] = each["metricTransformations"]
        heard.setdefault((metric["metricNamespace"], metric["metricName"]), set()).add(each["logGroupName"])
    of = lambda functions: {f"/{stack.name}/{template.binary(function)}" for function in functions.values()}
    alarms = {each["AlarmName"]: each for each in stack.cloud.cloudwatch.describe_alarms()["MetricAlarms"]}
    metric = lambda name: (alarms[f"{stack.name}-{name}"]["Namespace"], alarms[f"{stack.name}-{name}"]["MetricName"])
    of_versions = {
        (f"Daftari/{stack.name}", f"{logical_id.removesuffix('Function')}ServerErrorAnswers"): {
            f"/{stack.name}/{template.binary(function)}"
        }
        for logical_id, function in template.served(source).items()
    }
    assert heard == {
        **of_versions,
        metric("server-errors"): of(template.served(source)),
        metric("error-lines"): of(template.functions(source)) | {f"/{stack.name}/release-check"},
        metric("auth-failures"): {f"/{stack.name}/auth"},
        metric("guessing"): {f"/{stack.name}/auth"},
    }


def test_deployments_shift_traffic_as_chosen_and_roll_back(stack, source):
    codedeploy = stack.cloud.codedeploy
    application = physical(stack, "ServerlessDeploymentApplication")
    groups = codedeploy.list_deployment_groups(applicationName=application)["deploymentGroups"]
    assert len(groups) == len(template.served(source))
    for name in groups:
        group = codedeploy.get_deployment_group(applicationName=application, deploymentGroupName=name)[
            "deploymentGroupInfo"
        ]
        chosen = stack.parameters.get("Deployment", "AllAtOnce")
        assert group["deploymentConfigName"] == f"CodeDeployDefault.Lambda{chosen}"
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["autoRollbackConfiguration"]["events"]
    # moto does not store them.
    for logical_id in template.served(source):
        watched = stack.properties(f"{logical_id}DeploymentGroup")["AlarmConfiguration"].get("Alarms", [])
        name = f"{stack.name}-release-{template.binary(template.functions(source)[logical_id])}-1"
        assert watched == ([{"Name": name}] if on(stack, "WithAlarms") else [])


def test_the_dashboard_shows_the_resources_of_the_stack(stack, source):
    boards = stack.cloud.cloudwatch.list_dashboards()["DashboardEntries"]
    if not on(stack, "WithDashboard"):
        assert boards == []
        return
    body = json.loads(
        stack.cloud.cloudwatch.get_dashboard(DashboardName=stack.outputs["DashboardName"])["DashboardBody"]
    )
    shown = [metric for widget in body["widgets"] for metric in widget["properties"]["metrics"]]
    of = lambda namespace, dimension: {
        each[each.index(dimension) + 1] for each in shown if each[0] == namespace and dimension in each
    }
    assert of("AWS/Lambda", "FunctionName") == {
        physical(stack, logical_id) for logical_id in template.functions(source)
    }
    assert of("AWS/DynamoDB", "TableName") == {table_of(stack)}
    assert of("AWS/ApiGateway", "ApiId") == {physical(stack, "Api")}
    # Two per row, without gaps or overlaps.
    places = {(widget["x"], widget["y"]) for widget in body["widgets"]}
    assert places == {(x, y) for x in (0, 12) for y in range(0, 6 * len(body["widgets"]) // 2, 6)}


def test_queries_read_the_functions_log_groups(stack, source):
    groups = {f"/{stack.name}/{template.binary(function)}" for function in template.functions(source).values()}
    for logical_id in stack.of_type("AWS::Logs::QueryDefinition"):
        read = stack.properties(logical_id)["LogGroupNames"]
        wanted = {f"/{stack.name}/ingest"} if logical_id in OF_MESSAGES else groups
        assert set(read) == wanted, logical_id
