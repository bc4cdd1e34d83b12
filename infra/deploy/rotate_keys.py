"""Replaces the signing key without breaking tokens that are in use.

    make rotate-keys ENV=prod STEP=add         adds a key: the next deployment publishes it; it does not sign yet
    make deploy ENV=prod
    make rotate-keys ENV=prod STEP=activate    the key signs; refused unless every live function knows its public half
    … 91 days later, when the last token of the old key has expired …
make rotate-keys ENV=prod STEP=retire      removes the old key; refused while its tokens may be valid (FORCE=1: leaked)
    make deploy ENV=prod

KID selects a key if there are several candidates.
"""

import os
import urllib.error
import urllib.request

import botocore.exceptions

from aws import code_of, connect, explained, functions, need_stack
from keys import HANDOVER, LONGEST_TOKEN, History, KeyMaterial, key_file, kids_of, utc_now
from report import Failure, flag, run_main, say, step
from smoke_http import JWKS, client_certificate
from stage import stage_of
from tools import find_admin

STEPS = ("add", "activate", "retire")
URL_SECONDS = 30
MAX_JWKS_BYTES = 65_536


def add(_account, stage, material, keys, history, _environment):
    kids, active = keys.kids()
    waiting = waiting_keys(kids, active, history)
    if waiting:
        # Repeats the publication, in case an earlier addition stopped between the two writes.
        if material.publish(keys.call("jwks")):
            say(f"parameter {stage.jwks_parameter} brought up to date")
        raise Failure(
            f"key {waiting[0]} was added before and does not sign yet. Next: make deploy ENV={stage.name}, then "
            f"make rotate-keys ENV={stage.name} STEP=activate"
        )
    kid = keys.call("add")
    material.replace_secret(keys.text())
    material.publish(keys.call("jwks"))
    say(f"key {kid} added; {active} still signs")
    say(f"next: make deploy ENV={stage.name}, then make rotate-keys ENV={stage.name} STEP=activate")


def activate(account, stage, material, keys, history, environment):
    kids, active = keys.kids()
    waiting = waiting_keys(kids, active, history)
    kid = chosen(environment, kids, waiting, "activate", f"add one first: make rotate-keys ENV={stage.name} STEP=add")
    if kid == active:
        raise Failure(f"key {kid} signs already")
    check_deployed(account, stage, kid)
    keys.call("activate", kid)
    history.activate(kid, active, utc_now())
    # The record is written first. If it is too early, the key can only be retired later. A key that signs without a
    # record could never be retired.
    history.save()
    material.replace_secret(keys.text())
    until = (history.replaced(active) + LONGEST_TOKEN + HANDOVER).date()
    say(f"key {kid} signs, everywhere within 5 minutes; tokens of {active} stay good")
    say(f"next, after {until}: make rotate-keys ENV={stage.name} STEP=retire, then make deploy ENV={stage.name}")


def retire(_account, stage, material, keys, history, environment):
    kids, active = keys.kids()
    replaced = [kid for kid in kids if kid != active and history.replaced(kid)]
    forced = flag(environment, "FORCE")
    # Without force, the one replaced longest ago. With force, the operator chooses.
    candidates = replaced if forced else replaced[:1]
    kid = chosen(environment, kids, candidates, "retire", "none stands beside the one that signs")
    if kid == active:
        raise Failure(f"key {kid} signs: activate another first")
    if forced:
        say(f"FORCE=1: every token that key {kid} signed is worthless after the next deployment")
    else:
        check_expired(history, kid)
    keys.call("retire", kid)
    material.publish(keys.call("jwks"))
    material.replace_secret(keys.text())
    history.forget(kid)
    history.save()
    say(f"key {kid} retired")
    say(f"next: make deploy ENV={stage.name}; until then its tokens are still good")


def waiting_keys(kids, active, history):
    """Keys that have not signed yet, including a key whose activation was recorded but not completed."""
    return [kid for kid in kids if kid != active and not history.replaced(kid)]


def chosen(environment, kids, candidates, what, otherwise):
    """The key to work on: KID, or the only candidate."""
    kid = environment.get("KID")
    if kid:
        if kid not in kids:
            raise Failure(f"KID={kid}: unknown key; the keys are {', '.join(kids)}", code=2)
        return kid
    if not candidates:
        raise Failure(f"there is no key to {what}: {otherwise}")
    if len(candidates) > 1:
        raise Failure(f"there are several keys to {what}: say which by KID={'|'.join(candidates)}", code=2)
    return candidates[0]


def check_expired(history, kid):
    since = history.replaced(kid)
    if since is None:
        if history.knows(kid) or not history.keys:
            raise Failure(
                f"it is not recorded since when key {kid} does not sign: a token of it may live. FORCE=1 retires it"
            )
        # The key was added and never activated, so it signed nothing.
        return
    free = since + LONGEST_TOKEN + HANDOVER
    if utc_now() < free:
        raise Failure(
            f"key {kid} signed until {since:%Y-%m-%d %H:%M} UTC, and tokens of phones live {LONGEST_TOKEN.days} days: "
            f"wait until {free:%Y-%m-%d %H:%M} UTC. If the key leaked, FORCE=1 retires it now; phones need new tokens"
        )


def check_deployed(account, stage, kid):
    """Checks that all live code verifies tokens of the key: the published key set, and the setting of each function."""
    stack = need_stack(account, stage)
    if not stack.status.endswith("_COMPLETE"):
        raise Failure(f"stack {stack.name} is {stack.status}: wait until it is done")
    again = f"Deploy first: make deploy ENV={stage.name}"
    url = published_at(stack.outputs.get("ApiEndpoint") or stack.output("Url"))
    if kid not in kids_of(fetch(url), url):
        raise Failure(f"{url} does not have key {kid} yet, so its tokens would be refused. {again}")
    client = account.client("lambda")
    for name, function in functions(account, stack.name).items():
        jwks = live_setting(client, function)
        if jwks is not None and kid not in kids_of(jwks, f"DAFTARI_JWKS of {name}"):
            raise Failure(f"the live version of {name} does not know key {kid} yet. {again}")


def live_setting(client, function):
    """DAFTARI_JWKS of the live version: the one behind alias live, or the function itself if it has no alias."""
    with explained(f"reading the settings of {function}"):
        try:
            found = client.get_function_configuration(FunctionName=function, Qualifier="live")
        except botocore.exceptions.ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
            found = client.get_function_configuration(FunctionName=function)
    return found.get("Environment", {}).get("Variables", {}).get("DAFTARI_JWKS")


def published_at(url):
    """The address of the public keys of a service."""
    return url.rstrip("/") + JWKS


def fetch(url):
    try:
        tls = client_certificate(os.environ)
        with urllib.request.urlopen(url, timeout=URL_SECONDS, context=tls) as answer:
            return answer.read(MAX_JWKS_BYTES).decode()
    except (urllib.error.URLError, TimeoutError, UnicodeDecodeError, ValueError) as error:
        raise Failure(f"{url} could not be read: {getattr(error, 'reason', error)}") from None


def main():
    environment = os.environ
    stage = stage_of(environment)
    name = environment.get("STEP", "")
    if name not in STEPS:
        raise Failure(f"STEP must be {', '.join(STEPS[:-1])} or {STEPS[-1]}, not {name!r}", code=2)
    account = connect(environment)
    step(f"{name}: keys of stage {stage.name} in account {account.number}, {account.region}")
    material = KeyMaterial(account, stage)
    if not material.secret_arn():
        raise Failure(f"there is no secret {stage.secret}: make bootstrap ENV={stage.name}")
    history = History(material)
    work = {"add": add, "activate": activate, "retire": retire}[name]
    with key_file(find_admin(), material.private_keys()) as keys:
        work(account, stage, material, keys, history, environment)


if __name__ == "__main__":
    run_main(main)
