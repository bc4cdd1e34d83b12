"""The comparison of used and granted permissions."""

from compare import faults, total


def usage(granted=(), used=(), denied=()):
    return {"granted": list(granted), "used": dict.fromkeys(used, 1), "denied": dict.fromkeys(denied, 1)}


GET, PUT = "dynamodb:GetItem on table", "dynamodb:PutItem on table"


def test_granted_and_used_permissions_are_accepted():
    assert faults({"one": usage([GET, PUT], [GET, PUT]), "two": usage()}) == []


def test_an_action_too_many_is_unused_by_name():
    assert faults({"one": usage([GET, PUT], [GET])}) == [
        "UNUSED: one may dynamodb:PutItem on table, and no test makes it do so",
    ]


def test_an_action_too_few_is_missing_by_name():
    assert faults({"one": usage([GET], [GET], [PUT])}) == [
        "MISSING: one needs dynamodb:PutItem on table, and its policy does not grant it",
    ]


def test_a_use_by_one_function_does_not_count_for_another():
    assert faults({"one": usage([GET], [GET]), "two": usage([GET])}) == [
        "UNUSED: two may dynamodb:GetItem on table, and no test makes it do so",
    ]


def test_a_run_of_some_tests_is_asked_for_missing_actions_only():
    assert faults({"one": usage([GET, PUT], [GET])}, partial=True) == []
    assert len(faults({"one": usage([GET], [GET], [PUT])}, partial=True)) == 1


def test_a_run_without_a_single_call_is_a_fault():
    assert faults({"one": usage()}) == ["NOTHING was asked of the engine: no test ran on it"]


def test_the_usage_of_several_engines_is_added_up():
    here = {"one": usage([GET, PUT], [GET]), "two": usage([GET], denied=[PUT])}
    there = {"one": usage([GET, PUT], [GET, PUT]), "two": usage([GET])}
    added = total([here, there])
    assert added["one"] == {"granted": [GET, PUT], "used": {GET: 2, PUT: 1}, "denied": {}}
    assert added["two"] == {"granted": [GET], "used": {}, "denied": {PUT: 1}}
    assert total([here]) == here
