"""The template as a stack in a local moto server.

moto's CloudFormation creates most resources. It silently ignores some types, and some properties of others. These are
created here from the same translated template, through the APIs of the services. The lists of types are exact: a test
fails if moto learns one of them, or if the template uses another unknown type.
"""

import contextlib
import io
import json
import logging
import urllib.request
import zipfile

import boto3
import botocore.config
from botocore.validate import ParamValidator
from moto.server import ThreadedMotoServer

from resolve import Resolver
from template import CODE_BUCKET, CODE_KEY

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ALIAS = "live"
# The key of RFC 8037.
PUBLIC_KEY = {"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
PUBLIC_KEYS = json.dumps({"keys": [PUBLIC_KEY]})

# Types unknown to moto's CloudFormation, created before the stack because moto's resources refer to them.
FIRST = ("AWS::SecretsManager::Secret", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::DomainName")
# Created after the stack, in this order, because they refer to moto's resources.
THEN = (
    "AWS::Lambda::Alias",
    "AWS::Lambda::Permission",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::ApiGatewayV2::Stage",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::Logs::MetricFilter",
    "AWS::Logs::QueryDefinition",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CodeDeploy::Application",
    "AWS::CodeDeploy::DeploymentGroup",
)
MADE_HERE = FIRST + THEN
# Types that moto knows in general but not in this use: it ignores permissions to call an alias.
KNOWN = ("AWS::Lambda::Permission",)


@contextlib.contextmanager
def server():
    """A moto server for the duration of the block. Yields its URL."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    try:
        host, port = moto.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        moto.stop()


class Cloud:
    """Clients of a moto server."""

    def __init__(self, url):
        self.url = url
        self.session = boto3.Session("test", "test", region_name=REGION)
        self.config = botocore.config.Config(
            connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 1}, ignore_configured_endpoint_urls=True
        )
        self.clients = {}

    def __getattr__(self, service):
        name = service.rstrip("_")
        if name not in self.clients:
            self.clients[name] = self.session.client(name, endpoint_url=self.url, config=self.config)
        return self.clients[name]

    def reset(self):
        """Deletes everything in the account."""
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/moto-api/reset", method="POST"), timeout=30):
            pass

    def prepare(self, parameters):
        """Creates the prerequisites of a stack: its code and the public keys."""
        self.s3.create_bucket(Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("bootstrap", "#!/bin/sh\n")
        self.s3.put_object(Bucket=CODE_BUCKET, Key=CODE_KEY, Body=code.getvalue())
        self.ssm.put_parameter(Name=parameters["JwksParameter"], Value=PUBLIC_KEYS, Type="String")


class Stack:
    """A deployed translated template."""

    def __init__(self, cloud, name, translated, parameters):
        self.cloud, self.name, self.parameters = cloud, name, parameters
        self.refs = {
            "AWS::StackName": name,
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }
        self.attributes = {}
        self.template = translated
        self.resolver = Resolver(translated, {**parameters, "JwksParameter": PUBLIC_KEYS}, self.refs, self.attributes)
        self.resources = {
            logical_id: resource
            for logical_id, resource in translated["Resources"].items()
            if "Condition" not in resource or self.resolver.holds(resource["Condition"])
        }
        self._make(FIRST)
        self._name_aliases()
        self._deploy()
        self._ask_for_attributes()
        self.left_out = self._left_out()
        self._complete()
        self._make(THEN)
        self.outputs = {
            name: self.resolve(output["Value"])
            for name, output in translated["Outputs"].items()
            if "Condition" not in output or self.resolver.holds(output["Condition"])
        }

    def of_type(self, kind):
        return {logical_id: each for logical_id, each in self.resources.items() if each["Type"] == kind}

    def properties(self, logical_id):
        """A resource's properties, with all references resolved."""
        return self.resolve(self.resources[logical_id]["Properties"])

    def resolve(self, value):
        self.resolver.refs.update(self.refs)
        return self.resolver.resolve(value)

    def _make(self, kinds):
        for kind in kinds:
            make = getattr(self, "_make_" + kind.removeprefix("AWS::").replace("::", "_").lower())
            for logical_id in self.of_type(kind):
                properties = {} if kind == "AWS::ApiGatewayV2::Api" else self.properties(logical_id)
                self.refs[logical_id] = make(logical_id, properties)

    def _name_aliases(self):
        """Makes aliases known by their function's name before they exist."""
        for logical_id, alias in self.of_type("AWS::Lambda::Alias").items():
            function = self.resources[alias["Properties"]["FunctionName"]["Ref"]]
            name = self.resolve(function["Properties"]["FunctionName"])
            self.refs[logical_id] = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}:{ALIAS}"

    def _deploy(self):
        """Lets moto create the types it supports."""
        body = {key: each for key, each in self.template.items() if key not in ("Outputs", "Rules")}
        body["Resources"] = {
            logical_id: self._known(each)
            for logical_id, each in self.resources.items()
            if each["Type"] not in MADE_HERE
        }
        self.cloud.cloudformation.create_stack(
            StackName=self.name,
            TemplateBody=json.dumps(body),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in self.parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        [stack] = self.cloud.cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        assert stack["StackStatus"] == "CREATE_COMPLETE", stack
        pages = self.cloud.cloudformation.get_paginator("list_stack_resources").paginate(StackName=self.name)
        self.made_by_moto = {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages
            for each in page["StackResourceSummaries"]
        }
        self.refs.update(self.made_by_moto)

    def _known(self, value):
        """A part of the template. References to resources that moto does not create are replaced by their values."""
        ours = {logical_id for logical_id, each in self.resources.items() if each["Type"] in MADE_HERE}
        if isinstance(value, list):
            return [self._known(each) for each in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"Ref"} and value["Ref"] in ours:
            return self.refs[value["Ref"]]
        if value.keys() == {"Fn::GetAtt"} and value["Fn::GetAtt"][0] in ours:
            return self.attributes[tuple(value["Fn::GetAtt"])]
        if value.keys() == {"Fn::Sub"}:
            text, *more = value["Fn::Sub"] if isinstance(value["Fn::Sub"], list) else [value["Fn::Sub"]]
            for logical_id in ours & self.refs.keys():
                text = text.replace("${" + logical_id + "}", self.refs[logical_id])
            return {"Fn::Sub": [text, *self._known(more)] if more else text}
        return {key: self._known(each) for key, each in value.items()}

    def _ask_for_attributes(self):
        """Records the identifiers of moto's resources that others refer to."""
        for logical_id in self.of_type("AWS::Logs::LogGroup"):
            self.attributes[logical_id, "Arn"] = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{self.refs[logical_id]}:*"
        for logical_id in self.of_type("AWS::IAM::Role"):
            role = self.cloud.iam.get_role(RoleName=self.refs[logical_id])["Role"]
            self.attributes[logical_id, "Arn"] = role["Arn"]
        for logical_id in self.of_type("AWS::DynamoDB::Table"):
            table = self.cloud.dynamodb.describe_table(TableName=self.refs[logical_id])["Table"]
            self.attributes[logical_id, "Arn"] = table["TableArn"]
        for logical_id in self.of_type("AWS::Events::Rule"):
            self.attributes[logical_id, "Arn"] = self.cloud.events.describe_rule(Name=self.refs[logical_id])["Arn"]
        for logical_id, version in self.of_type("AWS::Lambda::Version").items():
            function = self.refs[version["Properties"]["FunctionName"]["Ref"]]
            found = self.cloud.lambda_.list_versions_by_function(FunctionName=function)["Versions"]
            numbers = [each["Version"] for each in found if each["Version"] != "$LATEST"]
            self.attributes[logical_id, "Version"] = max(numbers, key=int)

    def _left_out(self):
        """The properties that moto ignored in its resources."""
        left_out = set()
        for table in self.of_type("AWS::DynamoDB::Table"):
            left_out |= self._left_out_of_table(self.refs[table])
        for logical_id in self.of_type("AWS::Lambda::Function"):
            made = self.cloud.lambda_.get_function_configuration(FunctionName=self.refs[logical_id])
            wanted = self.properties(logical_id)
            left_out |= {name for name in wanted if name in ("Architectures", "LoggingConfig") and name not in made}
            left_out |= {name for name in ("Architectures", "TracingConfig") if made[name] != wanted[name]}
            if any("{{resolve:" in str(value) for value in made["Environment"]["Variables"].values()):
                left_out.add("dynamic references")
        return left_out

    def _left_out_of_table(self, table):
        left_out, dynamodb = set(), self.cloud.dynamodb
        if "SSEDescription" not in dynamodb.describe_table(TableName=table)["Table"]:
            left_out.add("SSESpecification")
        backups = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        if dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] != "ENABLED":
            left_out.add("TimeToLiveSpecification")
        if backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] != "ENABLED":
            left_out.add("PointInTimeRecoverySpecification")
        return left_out

    def _complete(self):
        """Sets the properties that moto ignored."""
        for logical_id in self.of_type("AWS::DynamoDB::Table"):
            table, properties = self.refs[logical_id], self.properties(logical_id)
            for call, name in (
                (self.cloud.dynamodb.update_time_to_live, "TimeToLiveSpecification"),
                (self.cloud.dynamodb.update_continuous_backups, "PointInTimeRecoverySpecification"),
            ):
                call(TableName=table, **{name: properties[name]})
        for logical_id in self.of_type("AWS::Lambda::Function"):
            self._complete_function(logical_id)

    def _complete_function(self, logical_id):
        function, properties = self.refs[logical_id], self.properties(logical_id)
        variables = {name: self._dynamic(each) for name, each in properties["Environment"]["Variables"].items()}
        self.cloud.lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": variables})

    def _dynamic(self, value):
        """A value with a dynamic reference that CloudFormation resolves when it creates the resource."""
        prefix, suffix = "{{resolve:secretsmanager:", "}}"
        if not str(value).startswith("{{"):
            return str(value)
        assert value.startswith(prefix) and value.endswith(suffix), value
        # A reference of only an ARN means the whole secret string.
        arn = value.removeprefix(prefix).removesuffix(suffix)
        return self.cloud.secretsmanager.get_secret_value(SecretId=arn)["SecretString"]

    def _make_secretsmanager_secret(self, logical_id, properties):
        generated = self.cloud.secretsmanager.get_random_password(**properties["GenerateSecretString"])
        secret = self.cloud.secretsmanager.create_secret(
            Name=f"{logical_id}-{self.name}",
            Description=properties["Description"],
            SecretString=generated["RandomPassword"],
        )
        return secret["ARN"]

    def _make_apigatewayv2_api(self, logical_id, _):
        return self.cloud.apigatewayv2.create_api(Name=logical_id, ProtocolType="HTTP")["ApiId"]

    def _make_apigatewayv2_domainname(self, logical_id, properties):
        made = self.cloud.apigatewayv2.create_domain_name(**properties)
        self.attributes[logical_id, "RegionalDomainName"] = f"d-1234567890.execute-api.{REGION}.amazonaws.com"
        self.attributes[logical_id, "RegionalHostedZoneId"] = "ZLY8HYME6SFDD"
        return made["DomainName"]

    def _make_lambda_alias(self, _, properties):
        return self.cloud.lambda_.create_alias(**properties)["AliasArn"]

    def _make_lambda_permission(self, logical_id, properties):
        self.cloud.lambda_.add_permission(StatementId=logical_id, **properties)
        return logical_id

    def _make_lambda_eventinvokeconfig(self, logical_id, properties):
        self.cloud.lambda_.put_function_event_invoke_config(**properties)
        return logical_id

    def _make_apigatewayv2_stage(self, _, properties):
        [api] = self.of_type("AWS::ApiGatewayV2::Api")
        definition = self.properties(api)
        self.cloud.apigatewayv2.reimport_api(
            ApiId=properties["ApiId"], Body=json.dumps(definition["Body"]), FailOnWarnings=True
        )
        return self.cloud.apigatewayv2.create_stage(**properties)["StageName"]

    def _make_apigatewayv2_apimapping(self, _, properties):
        return self.cloud.apigatewayv2.create_api_mapping(**properties)["ApiMappingId"]

    def _make_logs_metricfilter(self, logical_id, properties):
        self.cloud.logs.put_metric_filter(
            logGroupName=properties["LogGroupName"],
            filterName=logical_id,
            filterPattern=properties["FilterPattern"],
            metricTransformations=[
                {**each, "dimensions": {one["key"]: one["value"] for one in each.get("dimensions", [])}}
                for each in _lower(properties["MetricTransformations"])
            ],
        )
        return logical_id

    def _make_logs_querydefinition(self, _, properties):
        # moto has no saved queries. This checks the shape of the call.
        call = self.cloud.logs.meta.service_model.operation_model("PutQueryDefinition")
        faults = ParamValidator().validate(_lower(properties), call.input_shape)
        assert not faults.has_errors(), faults.generate_report()
        return properties["Name"]

    def _make_sns_subscription(self, _, properties):
        return self.cloud.sns.subscribe(**properties)["SubscriptionArn"]

    def _make_sns_topicpolicy(self, logical_id, properties):
        [topic] = properties["Topics"]
        policy = json.dumps(properties["PolicyDocument"])
        self.cloud.sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
        return logical_id

    def _make_cloudwatch_alarm(self, _, properties):
        self.cloud.cloudwatch.put_metric_alarm(**properties)
        return properties["AlarmName"]

    def _make_codedeploy_application(self, logical_id, properties):
        name = f"{self.name}-{logical_id}"
        self.cloud.codedeploy.create_application(applicationName=name, computePlatform=properties["ComputePlatform"])
        return name

    def _make_codedeploy_deploymentgroup(self, logical_id, properties):
        names = {"ApplicationName": "applicationName", "ServiceRoleArn": "serviceRoleArn"}
        self.cloud.codedeploy.create_deployment_group(
            deploymentGroupName=f"{self.name}-{logical_id}",
            deploymentConfigName=properties["DeploymentConfigName"],
            autoRollbackConfiguration=_lower(properties["AutoRollbackConfiguration"]),
            alarmConfiguration=_lower(properties["AlarmConfiguration"]),
            deploymentStyle=_lower(properties["DeploymentStyle"]),
            **{names[name]: properties[name] for name in names},
        )
        return f"{self.name}-{logical_id}"


def _lower(value):
    """Properties for an API whose members begin with small letters."""
    if isinstance(value, list):
        return [_lower(each) for each in value]
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: _lower(each) for name, each in value.items()}
    return value
