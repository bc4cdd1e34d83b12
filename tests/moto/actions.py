"""The permissions that a DynamoDB call needs, by the rules of AWS.

A transaction needs the actions of its parts and no action for itself. A batch has its own action, whatever its parts. A
query of an index needs the permission on the index but not on the table.
"""

from template import ACTIONS, arn_of

_PARTS = {
    "TransactWriteItems": {
        "Put": "PutItem",
        "Update": "UpdateItem",
        "Delete": "DeleteItem",
        "ConditionCheck": "ConditionCheckItem",
    },
    "TransactGetItems": {"Get": "GetItem"},
}


def required(operation, request):
    """The pairs of action and ARN that a call needs, each once, in the order of the request."""
    if operation in _PARTS:
        parts = [(kind, part) for item in request["TransactItems"] for kind, part in item.items()]
        needs = [(_PARTS[operation][kind], arn_of(part["TableName"])) for kind, part in parts]
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        needs = [(operation, arn_of(table)) for table in request["RequestItems"]]
    elif operation in ("Query", "Scan"):
        needs = [(operation, arn_of(request["TableName"], request.get("IndexName")))]
    else:
        needs = [(operation, arn_of(request["TableName"]) if "TableName" in request else "*")]
    return [(ACTIONS + action, arn) for action, arn in dict.fromkeys(needs)]
