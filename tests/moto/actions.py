"""The permissions that a call of DynamoDB needs, by the rules of AWS.

A transaction needs the actions of its parts and none of its own. Batches are actions of their own, with any content.
A query of an index needs the permission on the index and not on the table. A condition on `dynamodb:LeadingKeys` sees
the partition keys of all items of an action; for an index these are the partition keys of the index.
"""

import re
from dataclasses import dataclass

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


@dataclass
class Need:
    """An action on an ARN, with its partition keys."""

    action: str
    arn: str
    keys: set


def required(operation, request, partition_key):
    """The needs of a call, in the order of the request, each pair of action and ARN once. `partition_key` returns the
    name of the partition key of the table (None) or of an index."""
    found = {}

    def need(action, arn, keys):
        found.setdefault((action, arn), set()).update(keys)

    def of_item(item):
        """The partition key of an item or of a key."""
        value = (item or {}).get(partition_key(None))
        return {value["S"]} if value else set()

    if operation in _PARTS:
        for item in request["TransactItems"]:
            for kind, part in item.items():
                keys = of_item(part.get("Item", part.get("Key")))
                need(_PARTS[operation][kind], arn_of(part["TableName"]), keys)
    elif operation == "BatchGetItem":
        for table, asked in request["RequestItems"].items():
            need(operation, arn_of(table), _union(map(of_item, asked["Keys"] if asked else ())))
    elif operation == "BatchWriteItem":
        for table, writes in request["RequestItems"].items():
            parts = [part.get("Item", part.get("Key")) for write in writes for part in write.values()]
            need(operation, arn_of(table), _union(map(of_item, parts)))
    elif operation in ("Query", "Scan"):
        index = request.get("IndexName")
        keys = _of_condition(request, partition_key(index)) if operation == "Query" else set()
        need(operation, arn_of(request["TableName"], index), keys)
    else:
        arn = arn_of(request["TableName"]) if "TableName" in request else "*"
        need(operation, arn, of_item(request.get("Item", request.get("Key"))))
    return [Need(ACTIONS + action, arn, keys) for (action, arn), keys in found.items()]


def _union(sets):
    return set().union(*sets)


def _of_condition(request, partition_key):
    """The partition key in the condition of a query, which compares it for equality."""
    condition = request.get("KeyConditionExpression")
    if condition is None:
        return set()
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", condition):
        if names.get(name, name) == partition_key:
            return {values[value]["S"]}
    raise ValueError(f"no partition key {partition_key} in {condition}")
