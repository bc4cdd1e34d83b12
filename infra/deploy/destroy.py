"""Deletes a stage's stack after a confirmation, and lists the resources that stay.

    make destroy ENV=dev

Prompts for the name of the stack; CONFIRM=<name> answers in advance if there is no terminal. Refuses to delete a
protected table or stack; the message explains how to remove the protection.
"""

import os
import time

import botocore.exceptions

from aws import code_of, connect, explained, find_stack, need_stack, resources
from report import Failure, confirmed, run_main, say, step
from stage import stage_of

DELETE_SECONDS = 1_800
POLL_SECONDS = float(os.environ.get("POLL_SECONDS", "10"))


def retained(account, stack):
    """The physical ids of the resources that the template retains, by logical id."""
    client = account.client("cloudformation")
    with explained(f"reading the template of {stack.name}"):
        body = client.get_template(StackName=stack.name, TemplateStage="Processed")["TemplateBody"]
        if isinstance(body, str):
            # boto3 parses JSON, the format of a template after SAM's transform. Otherwise it returns the YAML as given.
            return {}
        kept = {}
        policies = {name: each.get("DeletionPolicy", "Delete") for name, each in body.get("Resources", {}).items()}
        for page in client.get_paginator("list_stack_resources").paginate(StackName=stack.name):
            for each in page["StackResourceSummaries"]:
                if (
                    policies.get(each["LogicalResourceId"], "").startswith("Retain")
                    and each["ResourceType"] != "AWS::Lambda::Version"
                ):
                    kept[each["LogicalResourceId"]] = each.get("PhysicalResourceId", "")
    return kept


def check_protection(account, stage, stack):
    if stack.protected:
        raise Failure(
            f"stack {stack.name} is protected against deletion. To lift that:\n  aws cloudformation "
            f"update-termination-protection --stack-name {stack.name} --no-enable-termination-protection"
        )
    tables = resources(account, stack.name, "AWS::DynamoDB::Table")
    client = account.client("dynamodb")
    for table in tables.values():
        try:
            found = client.describe_table(TableName=table)["Table"]
        except botocore.exceptions.ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                continue
            raise Failure(f"table {table}: {code_of(error)}") from None
        if found.get("DeletionProtectionEnabled"):
            raise Failure(
                f"table {table} is protected against deletion, as the data of {stage.name} should be. To lift that:\n"
                f"  aws dynamodb update-table --table-name {table} --no-deletion-protection-enabled"
            )
    if stage.name == "prod" and not tables:
        raise Failure(f"stack {stack.name} has no table: it is not a whole stack of this template. Look at it by hand")


def describe_kept(stage, kept):
    for name, identifier in sorted(kept.items()):
        say(f"  {name}: {identifier}")
    say(f"  outside the stack: secret {stage.secret}, parameters {stage.jwks_parameter} and {stage.history_parameter}")


def wait_until_gone(account, stack):
    patience = time.monotonic() + DELETE_SECONDS
    told = None
    while time.monotonic() < patience:
        now = find_stack(account, stack.id)
        status = now.status if now else "DELETE_COMPLETE"
        if status != told:
            step(f"{stack.name}: {status}")
            told = status
        if status == "DELETE_COMPLETE":
            return
        if status != "DELETE_IN_PROGRESS":
            raise Failure(f"stack {stack.name} is {status}: mend the causes that its events name, and try again")
        time.sleep(POLL_SECONDS)
    raise Failure(f"stack {stack.name} is not gone after {DELETE_SECONDS // 60} minutes; AWS goes on deleting it")


def main():
    environment = os.environ
    stage = stage_of(environment)
    account = connect(environment)
    stack = need_stack(account, stage)
    step(f"stack {stack.name} ({stack.status}) in account {account.number}, {account.region}")
    check_protection(account, stage, stack)
    kept = retained(account, stack)
    say("everything of this stack is deleted, except these resources, which stay and go on costing:")
    describe_kept(stage, kept)
    question = f"Type the name of the stack, {stack.name}, to delete it: "
    if not confirmed(question, stack.name, environment.get("CONFIRM")):
        raise Failure(
            f"nothing was deleted: the answer must be {stack.name} (CONFIRM={stack.name} without a terminal)"
        )
    with explained(f"deleting stack {stack.name}"):
        account.client("cloudformation").delete_stack(StackName=stack.name)
    wait_until_gone(account, stack)
    say("these resources stay:")
    describe_kept(stage, kept)


if __name__ == "__main__":
    run_main(main)
