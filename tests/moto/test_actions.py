"""The permissions that a call needs."""

import pytest

from actions import required

ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/t"
ON_T = {"TableName": "t"}


def partition_key(index):
    return {None: "PK", "GSI1": "GSI1PK"}[index]


def needs(operation, request):
    found = required(operation, request, partition_key)
    return [(need.action.removeprefix("dynamodb:"), need.arn) for need in found]


def keys(operation, request):
    return [need.keys for need in required(operation, {**ON_T, **request}, partition_key)]


@pytest.mark.parametrize("operation", ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"])
def test_a_call_needs_the_action_of_its_name_on_its_table(operation):
    assert needs(operation, ON_T) == [(operation, ARN)]
    assert needs(operation, {"TableName": ARN}) == [(operation, ARN)]


def test_a_query_of_an_index_needs_the_index_and_not_the_table():
    assert needs("Query", {**ON_T, "IndexName": "GSI1"}) == [("Query", f"{ARN}/index/GSI1")]


def test_a_transaction_needs_the_permissions_of_its_parts_each_once():
    on_u = {"TableName": "u"}
    parts = [("ConditionCheck", ON_T), ("Put", ON_T), ("Put", on_u), ("Put", ON_T), ("Update", ON_T), ("Delete", ON_T)]
    request = {"TransactItems": [dict([part]) for part in parts]}
    assert needs("TransactWriteItems", request) == [
        ("ConditionCheckItem", ARN),
        ("PutItem", ARN),
        ("PutItem", ARN.removesuffix("t") + "u"),
        ("UpdateItem", ARN),
        ("DeleteItem", ARN),
    ]
    assert needs("TransactGetItems", {"TransactItems": [{"Get": ON_T}]}) == [("GetItem", ARN)]


@pytest.mark.parametrize("operation", ["BatchGetItem", "BatchWriteItem"])
def test_a_batch_is_an_action_of_its_own_on_each_table(operation):
    nothing = {"Keys": []} if operation == "BatchGetItem" else []
    assert needs(operation, {"RequestItems": {"t": nothing, "u": nothing}}) == [
        (operation, ARN), (operation, ARN.removesuffix("t") + "u"),
    ]


def test_a_call_of_no_table_needs_everything():
    assert needs("ListTables", {}) == [("ListTables", "*")]


A, B = {"PK": {"S": "a"}, "SK": {"S": "1"}}, {"PK": {"S": "b"}, "SK": {"S": "1"}}


@pytest.mark.parametrize("operation, member", [
    ("GetItem", "Key"), ("UpdateItem", "Key"), ("DeleteItem", "Key"), ("PutItem", "Item"),
])
def test_a_call_names_the_partition_key_of_its_item(operation, member):
    assert keys(operation, {member: A}) == [{"a"}]


def test_a_batch_names_the_partition_keys_of_all_its_items():
    assert keys("BatchGetItem", {"RequestItems": {"t": {"Keys": [A, B]}}}) == [{"a", "b"}]
    writes = [{"PutRequest": {"Item": A}}, {"DeleteRequest": {"Key": B}}]
    assert keys("BatchWriteItem", {"RequestItems": {"t": writes}}) == [{"a", "b"}]


def test_a_transaction_names_the_partition_keys_of_each_kind_of_part():
    parts = [("Put", {**ON_T, "Item": A}), ("ConditionCheck", {**ON_T, "Key": B}), ("Put", {**ON_T, "Item": B})]
    assert keys("TransactWriteItems", {"TransactItems": [dict([part]) for part in parts]}) == [{"a", "b"}, {"b"}]


@pytest.mark.parametrize("condition, names", [
    ("PK = :k", {}),
    ("#pk = :k AND begins_with(SK, :x)", {"#pk": "PK"}),
    ("begins_with(#sk, :x) AND #pk=:k", {"#pk": "PK", "#sk": "SK"}),
    ("(#pk = :k) AND (#sk BETWEEN :x AND :x)", {"#pk": "PK", "#sk": "SK"}),
    ("#sk = :x AND #pk = :k", {"#pk": "PK", "#sk": "SK"}),
])
def test_a_query_names_the_partition_key_of_its_condition(condition, names):
    values = {":k": {"S": "a"}, ":x": {"S": "x"}}
    request = {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}
    assert keys("Query", {**request, "ExpressionAttributeNames": names} if names else request) == [{"a"}]


def test_a_query_of_an_index_names_the_partition_key_of_the_index():
    values = {":k": {"S": "a"}, ":x": {"S": "x"}}
    request = {"IndexName": "GSI1", "KeyConditionExpression": "GSI1PK = :k AND GSI1SK > :x"}
    assert keys("Query", {**request, "ExpressionAttributeValues": values}) == [{"a"}]


def test_a_query_whose_partition_key_is_not_found_is_an_error():
    with pytest.raises(ValueError):
        keys("Query", {"KeyConditionExpression": "SK = :k", "ExpressionAttributeValues": {":k": {"S": "a"}}})


def test_a_scan_names_none():
    assert keys("Scan", {}) == [set()]
