"""Checks before a deployment changes anything. Each failure is one message that states the remedy."""

import subprocess
import sys

from aws import connect, find_stack
from bootstrap import make_keys
from keys import KeyMaterial
from report import Failure, flag, say
from tools import ROOT, check_tools, find_admin

GIT_SECONDS = 30
# Stack states that allow a deployment. REVIEW_IN_PROGRESS: a change set was created and never executed.
READY = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "REVIEW_IN_PROGRESS")


def check_before_deploy(stage, environment, builds=True):
    """Returns the account, the ARN of the signing keys, the public keys, and the stack if it exists."""
    check_tools(builds)
    check_committed(stage, environment)
    account = connect(environment)
    say(f"   account {account.number}, {account.region}, as {account.caller}")
    stack = find_stack(account, stage.stack)
    check_stack(stage, stack)
    secret, jwks = check_keys(account, stage)
    return account, secret, jwks, stack


def check_committed(stage, environment):
    """Staging and production run a commit, so that the deployed code can be identified later."""
    if stage.name == "dev" or flag(environment, "ALLOW_DIRTY"):
        return
    command = ["git", "status", "--porcelain", "--untracked-files=no"]
    try:
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=GIT_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        found = None
    if found is None or found.returncode != 0:
        raise Failure(
            f"{ROOT} is not a git checkout, so nobody could tell later which code it was. ALLOW_DIRTY=1 deploys it"
        )
    if found.stdout.strip():
        changed = ", ".join(line[3:] for line in found.stdout.splitlines()[:5])
        raise Failure(
            f"there are changes that are not committed ({changed}). Commit them; ALLOW_DIRTY=1 deploys them as they are"
        )


def check_stack(stage, stack):
    if stack is None or stack.status in READY:
        return
    if stack.status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"):
        raise Failure(
            f"stack {stack.name} is {stack.status}: its creation or deletion failed before. Remove its remains: "
            f"make destroy ENV={stage.name}"
        )
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        raise Failure(
            f"stack {stack.name} is UPDATE_ROLLBACK_FAILED. Mend the causes that its events name, then:\n"
            f"  aws cloudformation continue-update-rollback --stack-name {stack.name}"
        )
    raise Failure(f"stack {stack.name} is {stack.status}: somebody else is deploying, or it is not done yet. Wait")


def check_keys(account, stage):
    material = KeyMaterial(account, stage)
    for offered in (False, True):
        secret, jwks = material.secret_arn(), material.jwks()
        if secret and jwks:
            return secret, jwks
        if offered or not sys.stdin.isatty():
            break
        say(f"the stage has no keys yet ({stage.secret}, {stage.jwks_parameter})")
        if input("Make them now? [y/N] ").strip().lower() not in ("y", "yes"):
            break
        make_keys(account, stage, find_admin())
    missing = stage.jwks_parameter if secret else stage.secret
    raise Failure(f"the stage's keys are missing ({missing}). Make them: make bootstrap ENV={stage.name}")
