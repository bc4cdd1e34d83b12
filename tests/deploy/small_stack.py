"""A stack with the resources that the scripts use: table, functions with versions and alias, log groups, outputs."""

import json

FUNCTIONS = ("AuthFunction", "CreditReportFunction")


def template(url, jwks, protected=False):
    resources = {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "Retain",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "DeletionProtectionEnabled": protected,
                "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")],
                "KeySchema": [
                    {"AttributeName": "PK", "KeyType": "HASH"},
                    {"AttributeName": "SK", "KeyType": "RANGE"},
                ],
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
        },
    }
    for name in FUNCTIONS:
        resources[name] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": "def handler(*_): pass"},
                "Environment": {"Variables": {"DAFTARI_JWKS": jwks}},
            },
        }
        resources[f"{name}Logs"] = {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {"LogGroupName": f"/daftari-dev/{name}"},
        }
    outputs = {"Url": {"Value": url}, "TableName": {"Value": {"Ref": "Table"}}}
    return json.dumps({"Resources": resources, "Outputs": outputs})


def create(aws, name, url, protected=False):
    """The physical names of the functions, whose alias live is version 1."""
    jwks = aws("ssm").get_parameter(Name=f"/daftari/{name.removeprefix('daftari-')}/jwks")["Parameter"]["Value"]
    body = template(url, jwks, protected)
    aws("cloudformation").create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    found = functions(aws, name)
    for function in found.values():
        version = aws("lambda").publish_version(FunctionName=function)["Version"]
        aws("lambda").create_alias(FunctionName=function, Name="live", FunctionVersion=version)
    return found


def functions(aws, name):
    listed = aws("cloudformation").list_stack_resources(StackName=name)["StackResourceSummaries"]
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in listed
        if each["LogicalResourceId"] in FUNCTIONS
    }


def release(aws, found, jwks, alias=True):
    """Simulates a deployment: a new version with these public keys, and the alias on it."""
    for function in found.values():
        client = aws("lambda")
        client.update_function_configuration(FunctionName=function, Environment={"Variables": {"DAFTARI_JWKS": jwks}})
        version = client.publish_version(FunctionName=function)["Version"]
        if alias:
            client.update_alias(FunctionName=function, Name="live", FunctionVersion=version)


def live(aws, found):
    return [aws("lambda").get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in found.values()]
