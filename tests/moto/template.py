"""The permissions of each function on the table, read from the SAM template.

Reads the DynamoDB statements of a function's own `Policies`, of the role that its `Role` names, and of policies
attached to that role, with their intrinsic functions resolved for a given table. Ignores statements for other services.
An entry that does not name a single action, or cannot be resolved, is an error: permissions must be explicit in the
template.
"""

import json
import re
from dataclasses import dataclass

import sam_template

REGION = "eu-west-1"
ACCOUNT = "123456789012"
TABLE = "Table"
ACTIONS = "dynamodb:"

# Managed policies that are known to have no DynamoDB permissions. Others are an error.
MANAGED = {
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AWSXRayDaemonWriteAccess",
    "AWSXrayWriteOnlyAccess",
    "CloudWatchLambdaInsightsExecutionRolePolicy",
}


class TemplateError(Exception):
    """A fault in the template, with the function's name."""


@dataclass(frozen=True)
class Grant:
    """One action on the table or on one of its indexes, for all partition keys or for those of a pattern."""

    action: str
    on: str
    keys: str = ""

    def __str__(self):
        return f"{self.action} on {self.on}" + (f", keys {self.keys}" if self.keys else "")


# The condition on partition keys: each key of the call matches one of the patterns.
OPERATOR, LEADING_KEYS = "ForAllValues:StringLike", "dynamodb:LeadingKeys"


def matches(pattern, key):
    """Whether a string matches a pattern of IAM, in which `*` is any string and `?` any character."""
    wanted = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(wanted, key, re.DOTALL) is not None


def patterns(statement):
    """The patterns of partition keys that a statement is limited to; empty if it is not."""
    return _listed(statement.get("Condition", {}).get(OPERATOR, {}).get(LEADING_KEYS))


def arn_of(table, index=None):
    """The ARN of a table, or of an index of it."""
    if table.startswith("arn:"):
        arn = table
    else:
        arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{table}"
    return f"{arn}/index/{index}" if index else arn


def place_of(arn):
    """The resource of an ARN without the table's name: `table`, or `index GSI1`."""
    match = re.fullmatch(r"arn:aws:dynamodb:[^:]+:\d+:table/[^/]+(?:/index/([^/]+))?", arn)
    if match is None:
        return arn
    return f"index {match[1]}" if match[1] else "table"


class Template:
    """A template, with the permissions of its functions.

    To test whether a wrong template would be noticed, actions on the table can be `added` and `removed`, as pairs of
    function and action.
    """

    def __init__(self, text, added=(), removed=()):
        self.added = added
        self.removed = removed
        self.resources = sam_template.load(text).get("Resources", {})
        self.functions = {}
        for logical_id, resource in self.resources.items():
            if resource["Type"] == "AWS::Serverless::Function":
                build = resource.get("Metadata", {}).get("BuildProperties", {})
                self.functions[build.get("Binary", logical_id)] = logical_id
        if not self.functions:
            raise TemplateError("the template has no AWS::Serverless::Function")
        for name, _ in [*added, *removed]:
            if name not in self.functions:
                raise TemplateError(f"the template has no function {name}")
        # Finds every fault at once, before there is a table.
        self.granted = {name: self._grants(name) for name in self.functions}

    def policy(self, function, table):
        """The function's policy for a table of this name, as JSON; None if it has no permission on the table."""
        statements = [_resolved(statement, function, table) for statement in self._statements(function)]
        return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None

    def partition_key(self, index=None):
        """The name of the partition key of the table, or of one of its indexes."""
        properties = self.resources[TABLE]["Properties"]
        if index is not None:
            [properties] = [each for each in properties["GlobalSecondaryIndexes"] if each["IndexName"] == index]
        [name] = [each["AttributeName"] for each in properties["KeySchema"] if each["KeyType"] == "HASH"]
        return name

    def _grants(self, function):
        grants = set()
        for statement in self._statements(function):
            resolved = _resolved(statement, function, "a-table")
            if resolved["Effect"] == "Allow":
                keys = patterns(resolved) or [""]
                actions, resources = resolved["Action"], resolved["Resource"]
                grants |= {Grant(a, place_of(r), k) for a in actions for r in resources for k in keys}
        return sorted(grants, key=str)

    def _statements(self, function):
        logical_id = self.functions[function]
        properties = self.resources[logical_id].get("Properties", {})
        found = self._of_policies(function, _listed(properties.get("Policies")))
        if "Role" in properties:
            found += self._of_role(function, properties["Role"])
        for choice in [statement for statement in found if "Fn::If" in statement]:
            found.remove(choice)
            _check_choice(function, choice, _branches(choice))
        statements = [_dynamodb(statement, function) for statement in found if _is_dynamodb(statement)]
        return self._changed(function, statements)

    def _changed(self, function, statements):
        """The statements with the `added` and without the `removed` actions."""
        for name, action in self.removed:
            if name == function:
                if not any(action in statement["Action"] for statement in statements):
                    raise TemplateError(f"{function}: there is no {action} to remove")
                statements = [{**s, "Action": [a for a in s["Action"] if a != action]} for s in statements]
        more = [action for name, action in self.added if name == function]
        if more:
            statements.append({"Effect": "Allow", "Action": more, "Resource": {"Fn::GetAtt": [TABLE, "Arn"]}})
        return [statement for statement in statements if statement["Action"]]

    def _of_policies(self, function, policies):
        found = []
        for policy in policies:
            if isinstance(policy, str):
                _check_managed(function, policy)
            elif "Statement" in policy:
                found += _listed(policy["Statement"])
            elif "Fn::If" in policy:
                branches = [self._of_policies(function, _listed(branch)) for branch in _branches(policy)]
                _check_choice(function, policy, sum(branches, []))
            elif "Ref" in policy:
                found += self._of_managed_resource(function, policy["Ref"])
            elif any(name.startswith("DynamoDB") for name in policy):
                raise TemplateError(f"{function}: the policy template {next(iter(policy))} does not name its actions")
        return found

    def _of_role(self, function, role):
        logical_id = role.get("Fn::GetAtt", [None])[0] if isinstance(role, dict) else None
        resource = self.resources.get(logical_id, {})
        if resource.get("Type") != "AWS::IAM::Role":
            raise TemplateError(f"{function}: its Role is not in this template: {role}")
        properties = resource["Properties"]
        for managed in _listed(properties.get("ManagedPolicyArns")):
            _check_managed(function, managed if isinstance(managed, str) else _text(managed, function, "a-table"))
        found = _documents(properties.get("Policies"))
        for attached in self.resources.values():
            if attached["Type"] in _ATTACHABLE:
                properties = attached["Properties"]
                if {"Ref": logical_id} in [*properties.get("Roles", []), properties.get("RoleName")]:
                    found += _documents([properties])
        return found

    def _of_managed_resource(self, function, logical_id):
        resource = self.resources.get(logical_id, {})
        if resource.get("Type") != "AWS::IAM::ManagedPolicy":
            raise TemplateError(f"{function}: the policy {logical_id} is not in this template")
        return _documents([resource["Properties"]])


_ATTACHABLE = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_NO_VALUE = {"Ref": "AWS::NoValue"}


def _listed(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _documents(policies):
    return [statement for policy in _listed(policies) for statement in _listed(policy["PolicyDocument"]["Statement"])]


def _branches(choice):
    return [branch for branch in choice["Fn::If"][1:] if branch != _NO_VALUE]


def _check_choice(function, choice, statements):
    """A conditional part may have any permissions except those on DynamoDB, which must be the same in every stack."""
    if any(_is_dynamodb(statement) for statement in statements):
        raise TemplateError(f"{function}: a permission on DynamoDB depends on the condition {choice['Fn::If'][0]}")


def _check_managed(function, name):
    if name.rsplit("/", 1)[-1] not in MANAGED:
        raise TemplateError(f"{function}: the permissions of the managed policy {name} are not known")


def _is_dynamodb(statement):
    actions = _listed(statement.get("Action", "*"))
    return any("*" in action.split(":")[0] or action.lower().startswith(ACTIONS) for action in actions)


def _dynamodb(statement, function):
    """The DynamoDB part of the statement. An error if it cannot be enforced here."""
    for member in ("NotAction", "NotResource", "Principal"):
        if member in statement:
            raise TemplateError(f"{function}: {member} in a DynamoDB statement cannot be enforced here")
    if "Condition" in statement:
        _check_condition(function, statement["Condition"])
    actions = _listed(statement["Action"])
    for action in actions:
        if "*" in action or "?" in action:
            raise TemplateError(f"{function}: {action} does not name a single action")
    return {**statement, "Action": [action for action in actions if action.lower().startswith(ACTIONS)]}


def _check_condition(function, condition):
    keys = _listed(condition.get(OPERATOR, {}).get(LEADING_KEYS))
    if condition not in ({OPERATOR: {LEADING_KEYS: keys}}, {OPERATOR: {LEADING_KEYS: keys[0] if keys else None}}):
        raise TemplateError(f"{function}: a Condition other than {OPERATOR} on {LEADING_KEYS} cannot be tried here")
    if not keys or not all(isinstance(each, str) for each in keys):
        raise TemplateError(f"{function}: the Condition on {LEADING_KEYS} must list patterns as they are")


def _resolved(statement, function, table):
    resources = [_text(resource, function, table) for resource in _listed(statement["Resource"])]
    for resource in resources:
        if not re.fullmatch(re.escape(arn_of(table)) + r"(/index/[A-Za-z0-9_.-]+)?", resource):
            raise TemplateError(f"{function}: {resource} is neither the table nor one of its indexes")
    resolved = {"Effect": statement["Effect"], "Action": statement["Action"], "Resource": resources}
    return {**resolved, "Condition": statement["Condition"]} if "Condition" in statement else resolved


def _text(value, function, table):
    """A value with the intrinsic functions of an ARN resolved."""
    names = {
        TABLE: table,
        f"{TABLE}.Arn": arn_of(table),
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
    }

    def named(name, more=()):
        known = {**names, **dict(more)}
        if name not in known:
            fault = f"{name} is unknown here, so the resource of the statement cannot be determined"
            raise TemplateError(f"{function}: {fault}")
        return known[name]

    if isinstance(value, str):
        return value
    if isinstance(value, dict) and len(value) == 1:
        (kind, inner), = value.items()
        if kind == "Ref":
            return named(inner)
        if kind == "Fn::GetAtt":
            return named(".".join(_listed(inner)))
        if kind == "Fn::If" and inner == ["OwnsTable", {"Ref": TABLE}, {"Ref": "TableName"}]:
            # The table of the stack, or its replacement.
            return table
        if kind == "Fn::Join":
            return inner[0].join(_text(part, function, table) for part in inner[1])
        if kind == "Fn::Sub":
            text, more = inner if isinstance(inner, list) else (inner, {})
            more = {name: _text(part, function, table) for name, part in more.items()}
            return re.sub(r"\$\{([^!}][^}]*)\}", lambda found: named(found[1].strip(), more), text)
    raise TemplateError(f"{function}: the resource of a statement cannot be read: {value}")
