"""Checks of the account before a deployment, and the parameters that follow from the account."""

import json

import botocore.exceptions

from aws import code_of, explained, resources
from report import Failure, flag, say

# Lambda reserves this number of executions. An account with a lower quota is new, and its quota was never raised.
FEW_EXECUTIONS = 100
DEFAULT_EXECUTIONS = 1_000
# The threshold of the alarm, in percent of the quota.
NEAR_QUOTA = 80
ACTIVE = "ACTIVE"


def derived(account, stage, stack, known, quota):
    """The parameters that follow from stage and account, if the template has them."""
    found = {
        "PermissionsBoundaryArn": lambda: boundary_arn(account, stage),
        "SmokeLoginSecretArn": lambda: smoke_login_arn(account, stage),
        "CounterpartyKeySecretArn": lambda: stack.parameters.get("CounterpartyKeySecretArn", "") if stack else "",
        "ConcurrencyAlarmCount": lambda: str(max(1, quota * NEAR_QUOTA // 100)),
        # A failed creation could not be rolled back. `protect` turns the protection on after the stack is created.
        "TableProtection": lambda: "true" if stack and stack.status != "REVIEW_IN_PROGRESS" else "false",
    }
    return {name: value() for name, value in found.items() if name in known}


def boundary_arn(account, stage):
    """The permissions boundary that ci-role.yaml creates; empty if the account has none."""
    arn = f"arn:{account.partition}:iam::{account.number}:policy/{stage.boundary}"
    try:
        account.client("iam").get_policy(PolicyArn=arn)
    except botocore.exceptions.ClientError as error:
        if code_of(error) == "NoSuchEntity":
            return ""
        raise Failure(f"policy {stage.boundary}: {code_of(error)}") from None
    return arn


def smoke_login_arn(account, stage):
    """The secret with the login for the checks of a release; empty if there is none."""
    try:
        found = account.client("secretsmanager").describe_secret(SecretId=stage.smoke_login)
    except botocore.exceptions.ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return ""
        raise Failure(f"secret {stage.smoke_login}: {code_of(error)}") from None
    return "" if found.get("DeletedDate") else found["ARN"]


def executions(account):
    """The account's quota of concurrent executions. Prints a warning if it is that of a new account."""
    try:
        limit = account.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    except (botocore.exceptions.ClientError, KeyError, ValueError) as error:
        say(f"   the quota of concurrent executions cannot be read ({error}); taken to be {DEFAULT_EXECUTIONS}")
        return DEFAULT_EXECUTIONS
    if limit < FEW_EXECUTIONS:
        say(
            f"   WARNING: the account has a quota of {limit} concurrent executions, like every new account. More "
            "requests at once get a 503. Request 1,000 in Service Quotas; it takes days"
        )
    return limit


def check_subscribers(account, stage, stack, chosen):
    """Refuses to deploy production while nobody receives its alarms. The first deployment creates the topic, and AWS
    then asks the subscriber to confirm: until the next deployment, an address is enough."""
    if stage.name != "prod":
        return
    if chosen.get("Alarms") != "true":
        raise Failure("Alarms is not true, and prod is not deployed without alarms. EMERGENCY=1 deploys nevertheless")
    found = subscribers(account, stack)
    if any(found.values()):
        return
    email = chosen.get("AlarmEmail")
    asked = stack.parameters.get("AlarmEmail") if stack and stack.outputs.get("AlarmTopicArn") else None
    if email and email != asked:
        return
    if email or found:
        remedy = (
            f"{', '.join(found) or email} must follow the link in the mail of AWS. It is good for two days; after "
            "them, subscribe the address again to the topic of the stack's output AlarmTopicArn"
        )
    else:
        remedy = (
            "set AlarmEmail in infra/samconfig.toml, or subscribe to the topic of the stack's output AlarmTopicArn"
        )
    raise Failure(f"the alarms of prod tell nobody: {remedy}. EMERGENCY=1 deploys nevertheless")


def say_subscribers(account, stack, chosen):
    """Prints a warning after a deployment if nobody receives alarms."""
    if chosen.get("Alarms") != "true":
        say("Alarms=false: there are no alarms.")
        return
    found = subscribers(account, stack)
    if not found:
        say("WARNING: nobody gets the alarms. Set AlarmEmail in infra/samconfig.toml.")
    elif not any(found.values()):
        say(f"WARNING: nobody gets the alarms yet. The link in the mail of AWS must be followed: {', '.join(found)}")


def subscribers(account, stack):
    """Whether each subscriber of the alarms has confirmed."""
    topic = stack.outputs.get("AlarmTopicArn") if stack else None
    if not topic:
        return {}
    with explained(f"the subscriptions of {topic}"):
        pages = account.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
        return {
            each["Endpoint"]: each["SubscriptionArn"].startswith("arn:")
            for page in pages
            for each in page["Subscriptions"]
        }


def check_table(account, stage, stack, chosen, environment):
    """Checks a table that TableName names: only the operator manages its settings."""
    name = chosen.get("TableName", "")
    before = stack.parameters.get("TableName", "") if stack else ""
    if before and name != before and not flag(environment, "MOVE_TABLE"):
        raise Failure(
            f"the functions use the table {before}, and this deployment would have them use {name or 'a new one'}. Put "
            f"TableName={before} into infra/samconfig.toml; MOVE_TABLE=1 if the other table is meant"
        )
    if name:
        check_settings(account, stage, name)


def counterparty_key(account, stage, stack, chosen, environment):
    """The secret of the counterparty key that a deployment uses; empty for the stack's own.

    With another key, the counterparties of the stored records would get other pseudonyms. So a stack keeps its key, and
    a new one that takes over a table takes over the key too."""
    name = chosen.get("CounterpartyKeySecretArn", "")
    if stack and stack.status != "REVIEW_IN_PROGRESS":
        used = stack.outputs.get("CounterpartyKeySecretArn", "")
        own = not name and not stack.parameters.get("CounterpartyKeySecretArn")
        if used and name != used and not own and not flag(environment, "MOVE_TABLE"):
            raise Failure(
                f"the counterparty key in use is {used}, and this deployment would use {name or 'a new one'}: the "
                "counterparties of stored records would get other pseudonyms. MOVE_TABLE=1 if another table is meant, "
                "whose key it is"
            )
        return name
    if name or not chosen.get("TableName"):
        return name
    found = kept_counterparty_keys(account, stage)
    if len(found) == 1:
        say(f"   the counterparty key of the table is taken to be {found[0]}")
        return found[0]
    listed = "".join(f"\n  {arn}" for arn in found)
    raise Failure(
        f"TableName={chosen['TableName']} needs the counterparty key that its records were stored with: say which "
        "secret it is by CounterpartyKeySecretArn in infra/samconfig.toml. "
        + (f"There are several:{listed}" if found else "There is none here: docs/OPERATIONS.md, In another region")
    )


def kept_counterparty_keys(account, stage):
    """The ARNs of the counterparty keys of a stage: those of a deleted stack, and replicas. CloudFormation names them
    after the resource, and tags them with the stage."""
    filters = [{"Key": "name", "Values": ["CounterpartyKey-"]}]
    with explained("looking for the counterparty key"):
        pages = account.client("secretsmanager").get_paginator("list_secrets").paginate(Filters=filters)
        return [
            each["ARN"]
            for page in pages
            for each in page["SecretList"]
            if {"Key": "stage", "Value": stage.name} in each.get("Tags", [])
        ]


def say_unchecked(account, stack, since):
    """Prints which releases could not be checked: the errors in the log of release-check since a time in seconds."""
    pages = account.client("logs").get_paginator("filter_log_events").paginate(
        logGroupName=f"/{stack.name}/release-check", startTime=int(since * 1000)
    )
    try:
        lines = [event["message"] for page in pages for event in page["events"]]
    except botocore.exceptions.ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            say(f"WARNING: the log of release-check cannot be read: {code_of(error)}")
        return
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and found.get("level") == "ERROR":
            say(f"WARNING: {found.get('message')}")


def check_settings(account, stage, name):
    client = account.client("dynamodb")
    try:
        table = client.describe_table(TableName=name)["Table"]
        expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
        backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    except botocore.exceptions.ClientError as error:
        raise Failure(f"TableName={name}: {code_of(error)}") from None
    if table["TableStatus"] != ACTIVE:
        raise Failure(f"TableName={name}: the table is {table['TableStatus']}, not {ACTIVE} yet")
    keys = {each["KeyType"]: each["AttributeName"] for each in table["KeySchema"]}
    indexes = [each["IndexName"] for each in table.get("GlobalSecondaryIndexes", [])]
    if keys != {"HASH": "PK", "RANGE": "SK"} or "GSI1" not in indexes:
        raise Failure(f"TableName={name} is a table of something else: its keys are {keys}, its indexes {indexes}")
    missing = []
    if expiry not in ("ENABLED", "ENABLING"):
        missing.append(
            f"aws dynamodb update-time-to-live --table-name {name} "
            "--time-to-live-specification Enabled=true,AttributeName=expires_at"
        )
    if backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus") != "ENABLED":
        missing.append(
            f"aws dynamodb update-continuous-backups --table-name {name} "
            "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
        )
    if stage.name == "prod" and not table.get("DeletionProtectionEnabled"):
        missing.append(f"aws dynamodb update-table --table-name {name} --deletion-protection-enabled")
    if missing:
        raise Failure(f"TableName={name} lacks settings, which a restore does not copy:\n  " + "\n  ".join(missing))


def protect(account, stage, stack, chosen):
    """Turns on the protection of a created stack's table, by an update of the stack. The table that TableName names is
    not the stack's: `check_settings` has found it protected, and CloudFormation refuses an update without changes."""
    if stage.name != "prod" or chosen.get("TableProtection") != "false" or chosen.get("TableName"):
        return
    say("   protecting the table against deletion")
    client = account.client("cloudformation")
    kept = [{"ParameterKey": name, "UsePreviousValue": True} for name in stack.parameters if name != "TableProtection"]
    with explained("protecting the table"):
        client.update_stack(
            StackName=stack.id,
            UsePreviousTemplate=True,
            Parameters=[*kept, {"ParameterKey": "TableProtection", "ParameterValue": "true"}],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        client.get_waiter("stack_update_complete").wait(StackName=stack.id)
    unprotected = [
        table
        for table in resources(account, stack.name, "AWS::DynamoDB::Table").values()
        if not account.client("dynamodb").describe_table(TableName=table)["Table"].get("DeletionProtectionEnabled")
    ]
    if unprotected:
        raise Failure(f"table {', '.join(unprotected)} is still not protected against deletion")


def keep_stack(account, stage, stack):
    """Turns on the termination protection of prod's stack. The role of the CI may not, so that it cannot turn it off."""
    if stage.name != "prod" or stack.protected:
        return
    try:
        account.client("cloudformation").update_termination_protection(
            StackName=stack.id, EnableTerminationProtection=True
        )
    except botocore.exceptions.ClientError as error:
        say(
            f"WARNING: {stack.name} has no termination protection ({code_of(error)}). An administrator turns it on: aws "
            f"cloudformation update-termination-protection --stack-name {stack.name} --enable-termination-protection"
        )
    else:
        say(f"{stack.name} has termination protection from here on: make destroy names the command that takes it away.")
