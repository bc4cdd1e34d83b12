"""The AWS account: its identity, and the resources of a stage's stack. Calls have timeouts and bounded retries."""

import contextlib
import dataclasses
import os

import boto3
import botocore.config
import botocore.exceptions

from report import Failure

CALLS = botocore.config.Config(
    connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 4, "mode": "standard"}
)
# More than any stack has: CloudFormation allows 500.
MAX_RESOURCES = 500


@dataclasses.dataclass
class Account:
    """An account and region, with credentials that were checked."""

    session: boto3.Session
    number: str
    region: str
    caller: str

    @property
    def partition(self):
        """The partition: aws, or the one of China or of the government."""
        return self.caller.split(":")[1]

    def client(self, service):
        return self.session.client(service, config=CALLS)

    def child_environment(self):
        """Credentials as environment variables, for programs such as daftari-admin that read no profiles. Profiles,
        roles and single sign-on are resolved here."""
        credentials = self.session.get_credentials().get_frozen_credentials()
        kept = {name: value for name, value in os.environ.items() if name != "AWS_PROFILE"}
        kept.update(
            AWS_ACCESS_KEY_ID=credentials.access_key,
            AWS_SECRET_ACCESS_KEY=credentials.secret_key,
            AWS_REGION=self.region,
            AWS_DEFAULT_REGION=self.region,
        )
        kept.pop("AWS_SESSION_TOKEN", None)
        if credentials.token:
            kept["AWS_SESSION_TOKEN"] = credentials.token
        return kept


def code_of(error):
    return error.response.get("Error", {}).get("Code", "")


def connect(environment):
    """The account and region of the credentials. Its number must be ACCOUNT, if that is set."""
    try:
        session = boto3.Session(region_name=environment.get("AWS_REGION") or None)
        if not session.region_name:
            raise Failure("no AWS region: set AWS_REGION, or a region in the profile that AWS_PROFILE names")
        caller = session.client("sts", config=CALLS).get_caller_identity()
    except botocore.exceptions.ProfileNotFound as error:
        raise Failure(f"AWS_PROFILE: {error}") from None
    except (botocore.exceptions.NoCredentialsError, botocore.exceptions.PartialCredentialsError) as error:
        raise Failure(
            f"no AWS credentials ({error}). Set AWS_PROFILE after 'aws sso login', or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY"
        ) from None
    except botocore.exceptions.ClientError as error:
        raise Failure(f"AWS does not accept the credentials: {code_of(error)}. Sign in again") from None
    except botocore.exceptions.BotoCoreError as error:
        raise Failure(f"AWS could not be asked who we are: {error}") from None
    account = Account(session, caller["Account"], session.region_name, caller["Arn"])
    wanted = environment.get("ACCOUNT")
    if wanted and wanted != account.number:
        raise Failure(f"these credentials are of account {account.number}, and ACCOUNT={wanted} was asked for")
    return account


@contextlib.contextmanager
def explained(what):
    """Turns an AWS error in the block into a message that names the attempted action."""
    try:
        yield
    except botocore.exceptions.ClientError as error:
        detail = error.response.get("Error", {}).get("Message", "")
        raise Failure(f"{what}: {code_of(error)}: {detail}") from None
    except botocore.exceptions.BotoCoreError as error:
        raise Failure(f"{what}: {error}") from None


@dataclasses.dataclass
class Stack:
    name: str
    id: str
    status: str
    outputs: dict
    parameters: dict
    protected: bool
    updated: object = None

    def output(self, key):
        if not self.outputs.get(key):
            raise Failure(f"stack {self.name} ({self.status}) has no output {key}: was it deployed from this template?")
        return self.outputs[key]


def find_stack(account, name):
    """The stack, or None if it does not exist."""
    try:
        [found] = account.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except botocore.exceptions.ClientError as error:
        if code_of(error) == "ValidationError":
            return None
        raise Failure(f"looking for stack {name}: {code_of(error)}") from None
    except botocore.exceptions.BotoCoreError as error:
        raise Failure(f"looking for stack {name}: {error}") from None
    return Stack(
        name=name,
        id=found["StackId"],
        status=found["StackStatus"],
        outputs={output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])},
        parameters={each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])},
        protected=bool(found.get("EnableTerminationProtection")),
        updated=found.get("LastUpdatedTime") or found.get("CreationTime"),
    )


def need_stack(account, stage):
    stack = find_stack(account, stage.stack)
    if stack is None:
        raise Failure(
            f"there is no stack {stage.stack} in account {account.number}, {account.region}. "
            f"Deploy it first: make deploy ENV={stage.name}"
        )
    return stack


def resources(account, stack_name, kind):
    """The physical ids of a stack's resources of one type, by logical id."""
    found = {}
    with explained(f"listing the resources of {stack_name}"):
        pages = account.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack_name)
        for page in pages:
            for each in page["StackResourceSummaries"][:MAX_RESOURCES]:
                gone = each["ResourceStatus"].startswith("DELETE_")
                if each["ResourceType"] == kind and each.get("PhysicalResourceId") and not gone:
                    found[each["LogicalResourceId"]] = each["PhysicalResourceId"]
    return found


def functions(account, stack_name):
    return resources(account, stack_name, "AWS::Lambda::Function")
