"""The permissions that a call needs."""

import pytest

from actions import required

ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/t"
ON_T = {"TableName": "t"}


def needs(operation, request):
    return [(action.removeprefix("dynamodb:"), arn) for action, arn in required(operation, request)]


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
    assert needs(operation, {"RequestItems": {"t": [], "u": []}}) == [
        (operation, ARN), (operation, ARN.removesuffix("t") + "u"),
    ]


def test_a_call_of_no_table_needs_everything():
    assert needs("ListTables", {}) == [("ListTables", "*")]
