"""The permissions of the CI's role, and those that it cannot give to the roles that it creates."""

import json
import re

import sam_template
import pytest
import template
from cases import EVERYTHING
from resolve import Resolver

ACCOUNT, REGION = "123456789012", "eu-west-1"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/daftari-boundary-prod"
NAMES = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": "daftari-prod",
    "Boundary": BOUNDARY,
    "Table": "daftari-prod-Table-1",
}
# Limits of IAM on the inline policies of a role, and on a managed policy, without white space.
MAX_INLINE, MAX_MANAGED = 10_240, 6_144


@pytest.fixture(scope="module")
def resources():
    source = sam_template.load((template.ROOT / "infra/deploy/ci-role.yaml").read_text())
    given = {
        "Stage": "prod", "Repository": "acme/daftari", "Environment": "production", "HostedZoneId": "Z1",
        "DomainName": "api.example.com", "TableName": "restored",
    }  # fmt: skip
    resolver = Resolver(source, given, NAMES, {})
    return {name: resolver.resolve(each["Properties"]) for name, each in source["Resources"].items()}


@pytest.fixture(scope="module")
def role(resources):
    [policy] = resources["Role"]["Policies"]
    return policy["PolicyDocument"]["Statement"]


@pytest.fixture(scope="module")
def boundary(resources):
    return resources["Boundary"]["PolicyDocument"]["Statement"]


def listed(value):
    return value if isinstance(value, list) else [value]


def like(pattern, text):
    wanted = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(wanted, text, re.DOTALL) is not None


def holds(condition, context):
    for operator, keys in condition.items():
        for key, wanted in keys.items():
            values = listed(context.get(key, []))
            if operator == "ForAllValues:StringEquals":
                good = all(value in listed(wanted) for value in values)
            elif operator == "StringEqualsIfExists":
                good = not values or values[0] in listed(wanted)
            else:
                assert operator == "StringEquals", operator
                good = bool(values) and values[0] in listed(wanted)
            if not good:
                return False
    return True


def allows(statements, action, resource, **context):
    """The rules of IAM, as far as these policies use them."""
    found = {
        each["Effect"]
        for each in statements
        if any(like(one, action) for one in listed(each["Action"]))
        and any(like(one, resource) for one in listed(each["Resource"]))
        and holds(each.get("Condition", {}), {key.replace("__", ":"): value for key, value in context.items()})
    }
    return found == {"Allow"}


def test_the_policies_are_no_larger_than_iam_takes(role, boundary):
    document = lambda statements: {"Version": "2012-10-17", "Statement": statements}
    compact = lambda statements: len(json.dumps(document(statements), separators=(",", ":")))
    assert compact(role) < MAX_INLINE
    assert compact(boundary) < MAX_MANAGED


ROLE = f"arn:aws:iam::{ACCOUNT}:role/daftari-prod-AuthFunctionRole-1"


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"])
def test_it_gives_permissions_only_to_roles_within_the_boundary(role, action):
    assert allows(role, action, ROLE, iam__PermissionsBoundary=BOUNDARY)
    assert not allows(role, action, ROLE)
    assert not allows(role, action, ROLE, iam__PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/other")
    other = f"arn:aws:iam::{ACCOUNT}:role/administrator"
    assert not allows(role, action, other, iam__PermissionsBoundary=BOUNDARY)


def test_it_attaches_no_managed_policies(role):
    """The template's roles have none."""
    assert not allows(role, "iam:AttachRolePolicy", ROLE, iam__PermissionsBoundary=BOUNDARY)


def test_it_can_put_earlier_roles_into_the_boundary_and_take_none_out(role):
    put = "iam:PutRolePermissionsBoundary"
    assert allows(role, put, ROLE, iam__PermissionsBoundary=BOUNDARY)
    assert not allows(role, put, ROLE, iam__PermissionsBoundary=f"arn:aws:iam::{ACCOUNT}:policy/other")
    assert not allows(role, "iam:DeleteRolePermissionsBoundary", ROLE, iam__PermissionsBoundary=BOUNDARY)


@pytest.mark.parametrize("action", ["CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicy", "CreatePolicy",
                                    "CreateUser", "CreateAccessKey", "PassRole"])  # fmt: skip
def test_it_changes_neither_the_boundary_nor_itself(role, action):
    assert not allows(role, f"iam:{action}", BOUNDARY)
    deploying = f"arn:aws:iam::{ACCOUNT}:role/daftari-deploy-prod"
    assert not allows(role, "iam:PutRolePolicy", deploying, iam__PermissionsBoundary=BOUNDARY)


@pytest.mark.parametrize(("action", "resource"), [
    ("dynamodb:GetItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/daftari-prod-Table-1"),
    ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/daftari-prod-Table-1"),
    (
        "secretsmanager:GetSecretValue",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:daftari/prod/signing-keys-a1b2c3",
    ),
    ("s3:PutObject", "arn:aws:s3:::aws-sam-cli-managed-default-x/daftari-staging/code"),
    ("cloudformation:DeleteStack", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/daftari-prod/1"),
])
def test_it_may_not(role, action, resource):
    assert not allows(role, action, resource)


@pytest.mark.parametrize(("action", "resource"), [
    ("sns:Unsubscribe", "*"), ("sns:SetSubscriptionAttributes", "*"), ("sns:GetSubscriptionAttributes", "*"),
    ("codedeploy:StopDeployment", "*"), ("codedeploy:GetDeploymentTarget", "*"), ("logs:DescribeIndexPolicies", "*"),
    ("lambda:GetAccountSettings", "*"), ("iam:GetPolicy", BOUNDARY), ("iam:UpdateRole", ROLE),
    ("iam:ListRoleTags", ROLE),
    ("dynamodb:GetResourcePolicy", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/daftari-prod-Table-1"),
    ("dynamodb:DescribeTable", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/restored"),
    ("secretsmanager:UntagResource", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:CursorKey-1"),
    (
        "secretsmanager:DescribeSecret",
        f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:daftari/prod/smoke-login-a1b2c3",
    ),
    ("events:PutRule", f"arn:aws:events:{REGION}:{ACCOUNT}:rule/daftari-prod-SigningKeyReads-1"),
    ("s3:PutObject", "arn:aws:s3:::aws-sam-cli-managed-default-x/daftari-prod/code"),
    ("cloudformation:ExecuteChangeSet", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/daftari-prod/1"),
])  # fmt: skip
def test_it_may(role, action, resource):
    assert allows(role, action, resource, iam__PermissionsBoundary=BOUNDARY)


def test_it_writes_the_record_of_the_domain_only(role):
    change, zone = "route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z1"
    key = "route53__ChangeResourceRecordSetsNormalizedRecordNames"
    assert allows(role, change, zone, **{key: ["api.example.com"]})
    assert not allows(role, change, zone, **{key: ["api.example.com", "www.example.com"]})


APIS = f"arn:aws:apigateway:{REGION}::"


@pytest.mark.parametrize("resource", ["/apis/a1b2", "/apis/a1b2/stages/$default", "/domainnames/api.example.com"])
def test_apis_and_domains_of_other_stages_are_left_alone(role, resource):
    for action in ("apigateway:GET", "apigateway:PATCH", "apigateway:DELETE"):
        assert allows(role, action, APIS + resource, **{"aws__ResourceTag/stage": "prod"})
        assert not allows(role, action, APIS + resource, **{"aws__ResourceTag/stage": "staging"})


def test_new_apis_and_routes_have_no_tag_to_tell_them_by(role):
    for action, resource in (("apigateway:POST", "/apis"), ("apigateway:PUT", "/apis/a1b2/routes/r1")):
        assert allows(role, action, APIS + resource)
    for action in ("apigateway:SetWebACL", "apigateway:UpdateRestApiPolicy"):
        assert not allows(role, action, APIS + "/apis/a1b2")
    assert not allows(role, "apigateway:GET", APIS + "/restapis/a1b2")


def test_another_stages_cursor_key_is_not_read(role):
    [statement] = [each for each in role if each["Sid"] == "KeysOfTheStack"]
    assert holds(statement["Condition"], {"secretsmanager:ResourceTag/stage": "prod"})
    assert not holds(statement["Condition"], {"secretsmanager:ResourceTag/stage": "staging"})


def test_every_role_of_the_template_is_within_the_boundary(source):
    resources = template.translate(source, EVERYTHING)["Resources"]
    roles = {name: each for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"}
    for name, role in roles.items():
        assert role["Properties"]["PermissionsBoundary"] == {
            "Fn::If": ["WithBoundary", {"Ref": "PermissionsBoundaryArn"}, {"Ref": "AWS::NoValue"}]
        }, name
        assert "ManagedPolicyArns" not in role["Properties"], name


def concrete(value):
    """A resource of a policy as an ARN of the stage's own."""
    if isinstance(value, list):
        return [one for each in value for one in concrete(each)]
    if isinstance(value, str):
        return [value]
    if value == {"Ref": "SigningKeysSecretArn"}:
        return [f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:daftari/prod/signing-keys-a1b2c3"]
    if value == {"Ref": "SmokeLoginSecretArn"}:
        return [f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:daftari/prod/smoke-login-a1b2c3"]
    if "Fn::GetAtt" in value:
        name = value["Fn::GetAtt"][0]
        if name.endswith("Logs"):
            return [f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/daftari-prod/{name}:*"]
        assert name == "ReleaseCheckFunction", name
        return [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:daftari-prod-release-check"]
    text = value["Fn::Sub"] if isinstance(value["Fn::Sub"], str) else value["Fn::Sub"][0]
    names = {**NAMES, "Name": NAMES["Table"]}
    return [re.sub(r"\$\{([^}]+)\}", lambda found: names[found[1]], text).replace("-*", "-x")]


def test_the_boundary_takes_nothing_from_the_roles_of_the_template(source, boundary):
    checked = 0
    for name, resource in source["Resources"].items():
        if resource["Type"] not in ("AWS::IAM::Role", "AWS::IAM::Policy"):
            continue
        policies = resource["Properties"].get("Policies", [resource["Properties"]])
        for statement in [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]:
            statement = statement["Fn::If"][1] if "Fn::If" in statement else statement
            for action in listed(statement["Action"]):
                for arn in concrete(listed(statement["Resource"])):
                    assert allows(boundary, action, arn), f"{name}: {action} on {arn}"
                    checked += 1
    assert checked > 50
