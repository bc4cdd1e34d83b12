"""Deploys a stage: checks, builds, deploys, runs the smoke test, and rolls back if that fails.

    make deploy ENV=dev|staging|prod

Environment: LOGIN=email:password of an organization, for a smoke test that reads and writes; PARAMETERS='Name=value …'
for the template; ARCH=arm64|x86_64; ACCOUNT, the expected account number; YES=1 to confirm the change set;
ALLOW_DIRTY=1 to deploy uncommitted changes; REFRESH=1 to publish new versions of all functions without a change, so
that they read the cursor key again; PACKAGE=file and DIGEST=sha256 to deploy the output of `make package ARCHIVE=file`;
EMERGENCY=1 to move all traffic at once, without the checks and alarms of a release; MOVE_TABLE=1 to use another table
or another counterparty key.
Exit codes: 0 deployed and tested, 1 failed (the message states which version is live), 2 usage error.
"""

import datetime
import os
import sys
import time

from aliases import live_versions, point_back
from aws import find_stack
from checks import check_before_deploy
from keys import kids_of
from package import package_of, unpack
from preflight import (
    check_subscribers,
    check_table,
    counterparty_key,
    derived,
    executions,
    keep_stack,
    protect,
    say_subscribers,
    say_unchecked,
)
from releases import drops_alarms, failed_in_passing, moved_aliases, past_codedeploy, patiently
from report import Failure, flag, run_main, say, step
from settings import complete, configured, declared, overrides, parameters
from stage import stage_of
from stamp import fingerprint, read, stamp
from tools import ROOT, SAM, run, tool_path
from trial import way_to

INFRA = ROOT / "infra"
TEMPLATE = INFRA / "template.yaml"
BUILT = INFRA / ".aws-sam/build/template.yaml"
# The build: `sam build` for every function, and a check of the binaries.
PACKAGE = [str(INFRA / "dev/package.sh")]
BUILD_SECONDS = 3_600
# Includes the time in which alarms watch the traffic shift.
DEPLOY_SECONDS = 5_400


def sam_environment(kept):
    """Removes the smoke test's login, which the build does not need."""
    kept = {**kept, "PATH": tool_path(), "SAM_CLI_TELEMETRY": "0"}
    kept.pop("LOGIN", None)
    return kept


def build(chosen):
    # Without credentials, because a build runs third-party code. GitHub's variables can be exchanged for credentials.
    secret = ("AWS_", "ACTIONS_", "GITHUB_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(secret)}
    # All functions, even if FUNCTIONS is set for make package.
    kept.pop("FUNCTIONS", None)
    kept["ARCH"] = chosen["Architecture"]
    run(PACKAGE, "make package", BUILD_SECONDS, sam_environment(kept))


def deploy(stage, section, chosen, account, unattended):
    command = [
        str(SAM), "deploy",
        "--template-file", str(BUILT),
        "--config-file", "samconfig.toml", "--config-env", section,
        "--stack-name", stage.stack,
        "--no-fail-on-empty-changeset",
        "--parameter-overrides", *overrides(chosen),
    ]  # fmt: skip
    if unattended:
        command.append("--no-confirm-changeset")
    # Fresh credentials: those from before the build may expire soon.
    run(command, "sam deploy", DEPLOY_SECONDS, sam_environment(account.child_environment()), cwd=INFRA)


def check_published(way, jwks):
    """Checks that the live version is the deployed one: it publishes the keys of the parameter."""
    missing = kids_of(jwks, "the stage's parameter") - way.kids()
    if missing:
        raise Failure(f"{way.name} does not have key {', '.join(sorted(missing))}: the live version has old settings")


def try_out(account, stage, before, way, jwks, login):
    """Runs the smoke test. If it fails, rolls back to the earlier versions."""
    step(f"smoke test of {way.name}")
    reason = None
    if not way.passes(login):
        reason = "the smoke test failed; see above"
    else:
        try:
            check_published(way, jwks)
        except Failure as failure:
            reason = str(failure)
    if reason is None:
        return
    step("going back to the versions from before")
    back, stuck = point_back(account, before, live_versions(account, stage.stack))
    if not back and stuck:
        raise Failure(
            f"{reason}. This was the first deployment, so no earlier version exists, and it stays live"
        )
    if not back:
        raise Failure(f"{reason}. No function's code or settings had changed, so there was nothing to take back")
    say("== smoke test of the versions from before, without login")
    good = way.passes("")
    state = "answer as they should" if good else "do not pass either: look at the logs and the table"
    raise Failure(
        f"{reason}. The versions from before are live again and {state}. Table, routes and alarms are those of the new "
        f"template. Mend the fault and deploy again"
    )


def main():
    environment = dict(os.environ)
    stage = stage_of(environment)
    step(f"checking stage {stage.name}")
    section, from_file = configured(INFRA / "samconfig.toml", stage)
    # Usage errors come before any AWS call.
    known = declared(TEMPLATE)
    complete(parameters(stage, environment, from_file, ""), known)
    for name in ("REFRESH", "EMERGENCY", "MOVE_TABLE"):
        flag(environment, name)
    package = package_of(environment)
    login = environment.get("LOGIN", "")
    if login and not all(login.partition(":")):
        raise Failure("LOGIN must be email:password", code=2)
    unattended = flag(environment, "YES") or not sys.stdin.isatty()
    account, secret, jwks, stack = check_before_deploy(stage, environment, builds=package is None)
    given = parameters(stage, environment, from_file, secret)
    quota = executions(account)
    chosen = complete({**derived(account, stage, stack, known, quota), **given}, known)
    emergency = flag(environment, "EMERGENCY")
    if not emergency:
        check_subscribers(account, stage, stack, chosen)
    check_table(account, stage, stack, chosen, environment)
    chosen["CounterpartyKeySecretArn"] = counterparty_key(account, stage, stack, chosen, environment)
    before = live_versions(account, stage.stack) if stack else {}

    if package:
        step("unpacking the functions")
        unpack(package, BUILT.parent, chosen["Architecture"])
    else:
        step("building the functions")
        build(chosen)
    moved = moved_aliases(account, stack.name) if stack else {}
    reason = past_codedeploy(moved, emergency, drops_alarms(stack, chosen), quota)
    # An alias at another version moves only to a version that is new to the stack.
    salt = datetime.datetime.now().isoformat() if moved or flag(environment, "REFRESH") else ""
    document = read(BUILT)
    stamp(BUILT, document, fingerprint(document, chosen, jwks, salt), reason is not None)
    step(f"deploying stack {stage.stack}")
    if reason:
        say(f"   past CodeDeploy: {reason}")
    began = time.time()
    try:
        patiently(
            lambda: deploy(stage, section, chosen, account, unattended),
            lambda: failed_in_passing(account, find_stack(account, stage.stack)),
        )
    except Failure as failure:
        raise Failure(f"{failure}. {state_after_failure(account, stage, before)}") from None
    except KeyboardInterrupt:
        say("AWS continues the deployment; the stack's events tell its result")
        raise
    found = find_stack(account, stage.stack)
    protect(account, stage, found, chosen)
    way = way_to(account, found, BUILT.parent)
    try_out(account, stage, before, way, jwks, login)
    keep_stack(account, stage, found)
    if stack and found.updated == stack.updated and live_versions(account, stage.stack) == before:
        say(f"\nnothing was deployed: no change, or it was declined. {stage.stack} is at {found.output('Url')}")
    else:
        say(f"\n{stage.stack} is deployed: {found.output('Url')}")
    if way.reminder:
        say(way.reminder)
    say_subscribers(account, found, chosen)
    say_unchecked(account, found, began)
    if not chosen.get("SmokeLoginSecretArn"):
        say(f"There is no secret {stage.smoke_login}: checks of a release write and read nothing.")
    if not login:
        say("The smoke test had no LOGIN, so nothing was written and read back.")


def state_after_failure(account, stage, before):
    """Describes the live versions after a failed CloudFormation deployment."""
    stack = find_stack(account, stage.stack)
    if stack is None or not before:
        return "There is no earlier version"
    if stack.status.endswith("_IN_PROGRESS"):
        return f"Stack {stage.stack} is {stack.status}: AWS goes on, and its events tell how it ends"
    moved = {
        name for name, version in live_versions(account, stage.stack).items() if before.get(name) not in (None, version)
    }
    if moved:
        names = ", ".join(sorted(moved))
        return f"Stack {stage.stack} is {stack.status}, and these have moved: {names}. Look at its events"
    return f"Stack {stage.stack} is {stack.status}; the old version is live"


if __name__ == "__main__":
    run_main(main)
