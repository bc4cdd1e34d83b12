"""Old versions are deleted, except the last ones and those in use."""

import pytest

import small_stack


@pytest.fixture
def released(aws, stack):
    """Five more versions of each function: alias live is at version 6."""
    for number in range(5):
        small_stack.release(aws, stack, f"keys {number}")
    return stack


def versions(aws, function):
    listed = aws("lambda").list_versions_by_function(FunctionName=function)["Versions"]
    return sorted(int(each["Version"]) for each in listed if each["Version"] != "$LATEST")


def test_without_a_yes_nothing_is_deleted(run, aws, released):
    done = run("prune", ENV="dev", KEEP="2")
    assert done.code == 0, done.said
    assert "would delete 1, 2, 3, 4" in done.said and "8 old versions" in done.said
    assert all(versions(aws, function) == [1, 2, 3, 4, 5, 6] for function in released.values())


def test_the_last_versions_and_those_of_an_alias_stay(run, aws, released):
    back, other = released.values()
    # After a rollback, and while traffic moves.
    aws("lambda").update_alias(
        FunctionName=back,
        Name="live",
        FunctionVersion="2",
        RoutingConfig={"AdditionalVersionWeights": {"3": 0.1}},
    )
    done = run("prune", ENV="dev", KEEP="2", YES="1")
    assert done.code == 0, done.said
    assert versions(aws, back) == [2, 3, 5, 6]
    assert versions(aws, other) == [5, 6]
    again = run("prune", ENV="dev", KEEP="2", YES="1")
    assert again.code == 0 and "0 old versions" in again.said


@pytest.mark.parametrize("keep", ["0", "-1", "x", "1001"])
def test_a_number_that_is_none_is_refused(run, aws, released, keep):
    done = run("prune", ENV="dev", KEEP=keep, YES="1")
    assert done.code == 2 and "KEEP" in done.said
    assert all(versions(aws, function) == [1, 2, 3, 4, 5, 6] for function in released.values())
