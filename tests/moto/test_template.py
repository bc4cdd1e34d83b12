"""Reads permissions from a template."""

import json
import textwrap
from pathlib import Path

import pytest

from template import Template, TemplateError

REAL = Path(__file__).parents[2] / "infra" / "template.yaml"
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/t"


def template(policies, more="", **changes):
    """A template with one function and these policies, which are YAML."""
    function = f"""\
Resources:
  OneFunction:
    Type: AWS::Serverless::Function
    Metadata: {{ BuildProperties: {{ Binary: one }} }}
    Properties:
{textwrap.indent(textwrap.dedent(policies), " " * 6)}
{textwrap.indent(textwrap.dedent(more), "  ")}
"""
    return Template(function, **changes)


def granted(*arguments, **changes):
    return [str(grant) for grant in template(*arguments, **changes).granted["one"]]


SCAN = "{ Effect: Allow, Action: dynamodb:Scan, Resource: '*' }"
STATEMENT = """\
Policies:
  - Statement:
      - { Effect: Allow, Action: %s, Resource: %s }
"""


def test_every_function_of_the_real_template_is_read():
    real = Template(REAL.read_text(encoding="utf-8"))
    names = {folder.name for folder in (REAL.parents[1] / "functions").iterdir()}
    assert names <= set(real.functions)
    assert real.granted["docs"] == real.granted["console"] == []
    assert any(str(grant).startswith("dynamodb:Query on index GSI1, keys") for grant in real.granted["users"])
    for function, grants in real.granted.items():
        policy = real.policy(function, "t")
        assert (policy is None) == (not grants)


@pytest.mark.parametrize("resource, place", [
    ("!GetAtt Table.Arn", "table"),
    ("[!GetAtt Table.Arn]", "table"),
    ("{ Fn::GetAtt: [Table, Arn] }", "table"),
    ("!Sub '${Table.Arn}'", "table"),
    ("!Sub '${Table.Arn}/index/GSI1'", "index GSI1"),
    ("!Sub ['${Arn}/index/GSI1', { Arn: !GetAtt Table.Arn }]", "index GSI1"),
    ("!Join ['/', [!GetAtt Table.Arn, index, GSI1]]", "index GSI1"),
    ("!Sub ['${Arn}', { Arn: !Sub ['arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Name}', "
     "{ Name: !If [OwnsTable, !Ref Table, !Ref TableName] }] }]", "table"),
    ("!Sub 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}'", "table"),
])
def test_the_ways_to_name_the_table_and_its_index_are_understood(resource, place):
    assert granted(STATEMENT % ("[dynamodb:Query]", resource)) == [f"dynamodb:Query on {place}"]


def test_the_policy_is_made_out_for_the_tables_own_arn():
    policies = STATEMENT % ("dynamodb:Query", "[!GetAtt Table.Arn, !Sub '${Table.Arn}/index/GSI1']")
    assert json.loads(template(policies).policy("one", "t"))["Statement"] == [
        {"Effect": "Allow", "Action": ["dynamodb:Query"], "Resource": [ARN, f"{ARN}/index/GSI1"]},
    ]


KEYS = """\
Policies:
  - Statement:
      Effect: Allow
      Action: [dynamodb:GetItem, dynamodb:PutItem]
      Resource: !GetAtt Table.Arn
      Condition: %s
"""


def test_a_condition_on_partition_keys_is_a_permission_for_each_pattern():
    policies = KEYS % "{ ForAllValues:StringLike: { dynamodb:LeadingKeys: ['*#USER#*', NOTHING] } }"
    assert granted(policies) == [
        "dynamodb:GetItem on table, keys *#USER#*",
        "dynamodb:GetItem on table, keys NOTHING",
        "dynamodb:PutItem on table, keys *#USER#*",
        "dynamodb:PutItem on table, keys NOTHING",
    ]
    condition = json.loads(template(policies).policy("one", "t"))["Statement"][0]["Condition"]
    assert condition == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["*#USER#*", "NOTHING"]}}


@pytest.mark.parametrize("condition", [
    # If any key may match, the others are unrestricted.
    "{ ForAnyValue:StringLike: { dynamodb:LeadingKeys: ['*#USER#*'] } }",
    "{ StringLike: { dynamodb:LeadingKeys: ['*#USER#*'] } }",
    "{ ForAllValues:StringLike: { dynamodb:Attributes: [PK] } }",
    "{ ForAllValues:StringLike: { dynamodb:LeadingKeys: [!Ref Stage] } }",
    "{ ForAllValues:StringLike: { dynamodb:LeadingKeys: [] } }",
    "{ ForAllValues:StringLike: { dynamodb:LeadingKeys: ['*'] }, Bool: { aws:SecureTransport: true } }",
])
def test_any_other_condition_is_an_error(condition):
    with pytest.raises(TemplateError, match="Condition"):
        template(KEYS % condition)


def test_a_role_of_the_template_is_read_like_policies():
    role = """
        OneRole:
          Type: AWS::IAM::Role
          Properties:
            ManagedPolicyArns:
              - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
            Policies:
              - PolicyName: table
                PolicyDocument:
                  Statement: { Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn }
        More:
          Type: AWS::IAM::Policy
          Properties:
            Roles: [!Ref OneRole]
            PolicyDocument:
              Statement:
                - { Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Table.Arn }
    """
    assert granted("Role: !GetAtt OneRole.Arn", role) == ["dynamodb:GetItem on table", "dynamodb:PutItem on table"]


def test_other_services_are_passed_over():
    policies = """
        Policies:
          - AWSXRayDaemonWriteAccess
          - !If [Traced, AWSXRayDaemonWriteAccess, !Ref AWS::NoValue]
          - AWSSecretsManagerGetSecretValuePolicy: { SecretArn: !Ref Anything }
          - Statement:
              - { Effect: Allow, Action: secretsmanager:GetSecretValue, Resource: !Ref Anything }
              - !If
                - Traced
                - { Effect: Allow, Action: [xray:PutTraceSegments], Resource: "*" }
                - !Ref AWS::NoValue
              - { Effect: Allow, Action: "logs:*", Resource: "*" }
              - { Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn }
    """
    assert granted(policies) == ["dynamodb:GetItem on table"]


def test_denials_are_in_the_policy_and_not_granted():
    policies = "Policies: { Statement: { Effect: Deny, Action: dynamodb:Scan, Resource: !GetAtt Table.Arn } }"
    assert granted(policies) == []
    assert '"Deny"' in template(policies).policy("one", "t")


@pytest.mark.parametrize("policies, words", [
    (STATEMENT % ("'dynamodb:*'", "!GetAtt Table.Arn"), "dynamodb:* does not name a single action"),
    (STATEMENT % ("'*'", "!GetAtt Table.Arn"), "* does not name a single action"),
    (STATEMENT % ("dynamodb:GetItem", "'*'"), "neither the table nor one of its indexes"),
    (STATEMENT % ("dynamodb:GetItem", "!Sub '${Table.Arn}*'"), "neither the table nor one of its indexes"),
    (STATEMENT % ("dynamodb:Query", "!Sub '${Table.Arn}/index/*'"), "neither the table nor one of its indexes"),
    (STATEMENT % ("dynamodb:Query", "!GetAtt Other.Arn"), "Other.Arn is unknown"),
    (STATEMENT % ("dynamodb:Query", "!ImportValue Table"), "cannot be read"),
    ("Policies: AmazonDynamoDBFullAccess", "AmazonDynamoDBFullAccess"),
    ("Policies: [!Ref Elsewhere]", "Elsewhere is not in this template"),
    ("Policies: [DynamoDBCrudPolicy: { TableName: !Ref Table }]", "DynamoDBCrudPolicy does not name its actions"),
    ("Role: arn:aws:iam::123456789012:role/elsewhere", "its Role is not in this template"),
    ("Policies: { Statement: { Effect: Allow, NotAction: 's3:*', Resource: '*' } }", "NotAction"),
    ("Policies: { Statement: [!If [Prod, %s, !Ref AWS::NoValue]] }" % SCAN, "depends on the condition Prod"),
    ("Policies: [!If [Prod, { Statement: %s }, !Ref AWS::NoValue]]" % SCAN, "depends on the condition Prod"),
])
def test_an_unreadable_permission_is_an_error_that_names_the_function(policies, words):
    with pytest.raises(TemplateError) as error:
        template(policies)
    assert str(error.value).startswith("one: ") and words in str(error.value)


def test_actions_can_be_added_and_removed_for_a_trial():
    policies = STATEMENT % ("[dynamodb:GetItem, dynamodb:Query]", "!GetAtt Table.Arn")
    added = granted(policies, added=[("one", "dynamodb:Scan")])
    assert added == ["dynamodb:GetItem on table", "dynamodb:Query on table", "dynamodb:Scan on table"]
    assert granted(policies, removed=[("one", "dynamodb:Query")]) == ["dynamodb:GetItem on table"]
    with pytest.raises(TemplateError):
        template(policies, removed=[("one", "dynamodb:Scan")])
    with pytest.raises(TemplateError):
        template(policies, added=[("two", "dynamodb:Scan")])
