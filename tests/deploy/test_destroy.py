"""Deleting a stage asks for confirmation, refuses protected resources, and lists the resources that stay."""

import pytest

import small_stack
from conftest import ROOT


@pytest.fixture
def exists(aws):
    def exists(name="daftari-dev"):
        stacks = aws("cloudformation").list_stacks()["StackSummaries"]
        return any(each["StackName"] == name and each["StackStatus"] != "DELETE_COMPLETE" for each in stacks)

    return exists


def test_typed_name_deletes_the_stack_and_the_rest_is_named(run, stack, exists):
    done = run("destroy", ENV="dev", CONFIRM="daftari-dev", POLL_SECONDS="0.1")
    assert done.code == 0, done.said
    assert not exists()
    assert "secret daftari/dev/signing-keys, parameters /daftari/dev/jwks and /daftari/dev/key-history" in done.out


@pytest.mark.parametrize("answer", ["", "yes", "daftari-prod", "DAFTARI-DEV", None])
def test_any_other_answer_deletes_nothing(run, stack, exists, answer):
    done = run("destroy", ENV="dev", CONFIRM=answer)
    assert done.code == 1 and "nothing was deleted" in done.err
    assert exists()


def test_a_protected_table_is_refused_before_asking(run, aws, stub, exists):
    assert run("bootstrap", ENV="prod").code == 0
    small_stack.create(aws, "daftari-prod", stub.url, protected=True)
    done = run("destroy", ENV="prod", CONFIRM="daftari-prod")
    assert done.code == 1 and "--no-deletion-protection-enabled" in done.err
    assert exists("daftari-prod")
    [table] = aws("dynamodb").list_tables()["TableNames"]
    aws("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=False)
    done = run("destroy", ENV="prod", CONFIRM="daftari-prod", POLL_SECONDS="0.1")
    assert done.code == 0, done.said


def test_a_protected_stack_is_refused(monkeypatch):
    """Tested separately, because the local server does not store termination protection."""
    monkeypatch.syspath_prepend(str(ROOT / "infra/deploy"))
    import aws
    import destroy
    import report
    import stage

    stack = aws.Stack("daftari-prod", "id", "UPDATE_COMPLETE", {}, {}, protected=True)
    with pytest.raises(report.Failure, match="--no-enable-termination-protection"):
        destroy.check_protection(None, stage.Stage("prod"), stack)


def test_without_a_stack_there_is_nothing_to_destroy(run, aws):
    done = run("destroy", ENV="staging", CONFIRM="daftari-staging")
    assert done.code == 1 and "there is no stack daftari-staging" in done.err
    assert run("destroy", ENV="live", CONFIRM="live").code == 2
