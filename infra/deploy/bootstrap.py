"""Creates the keys before a stage's first deployment and, after it, the first organization and login.

    make bootstrap ENV=dev                                                           before: keys
    make bootstrap ENV=dev ORGANIZATION='Kijani Credit' COUNTRY=KE EMAIL=a@b.example    after: organization and login

Idempotent: existing keys, organizations and logins stay unchanged. If the secret exists without the parameters, as in
a region with a replica, the parameters are derived from the secret. Prompts for the login's password. An empty answer,
or GENERATE=1 if there is no terminal, generates a password and prints it once.
"""

import getpass
import os
import secrets
import sys

from aws import connect, need_stack
from keys import History, KeyMaterial, key_file, utc_now
from report import Failure, flag, run_main, say, step
from stage import stage_of
from tools import admin, find_admin

# 24 letters and digits: 142 bits.
PASSWORD_CHARACTERS = 24
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


def make_keys(account, stage, program):
    material = KeyMaterial(account, stage)
    secret, jwks = material.secret_arn(), material.jwks()
    if secret and jwks:
        say(f"{stage.secret} and {stage.jwks_parameter} are there already")
        return
    if jwks:
        raise Failure(
            f"parameter {stage.jwks_parameter} is there, but secret {stage.secret} is not. To start with new keys, "
            "which makes every token issued so far worthless, delete the parameter first:\n"
            f"  aws ssm delete-parameter --name {stage.jwks_parameter}"
        )
    with key_file(program, material.private_keys() if secret else None) as keys:
        if not secret:
            keys.call("new")
            material.create_secret(keys.text())
            say(f"secret {stage.secret} created")
        kids, active = keys.kids()
        history = History(material)
        if not history.keys:
            history.begin(kids, active, utc_now())
            history.save()
        material.publish(keys.call("jwks"))
    say(f"parameter {stage.jwks_parameter} created; tokens will be signed by key {active}")


def find_organization(program, connection, name):
    """The uuid of the organization with that name, or None.

    Each line has: uuid, country, token generation, name, and "(disabled)" if it is disabled.
    """
    for line in admin(program, ["organization", "list"], connection).splitlines():
        uuid, _country, _generation, found = line.split(None, 3)
        if found.removesuffix("  (disabled)") == name:
            return uuid
    return None


def new_password(environment):
    """The password, and whether it was generated."""
    if not flag(environment, "GENERATE"):
        if not sys.stdin.isatty():
            raise Failure(
                "no terminal to prompt for the login's password: GENERATE=1 generates one and prints it once"
            )
        typed = getpass.getpass("Password of the login, 12 to 128 characters (empty: make one): ")
        if typed:
            if getpass.getpass("Again: ") != typed:
                raise Failure("the two passwords differ")
            return typed, False
    return "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_CHARACTERS)), True


def make_login(account, stage, program, environment):
    name, country, email = (environment.get(key, "").strip() for key in ("ORGANIZATION", "COUNTRY", "EMAIL"))
    for key, value in (("ORGANIZATION", name), ("COUNTRY", country), ("EMAIL", email)):
        if not value:
            raise Failure(f"{key} is not set: the first organization needs ORGANIZATION, COUNTRY and EMAIL", code=2)
    table = need_stack(account, stage).output("TableName")
    connection = {**account.child_environment(), "DAFTARI_TABLE": table}
    email = email.lower()
    logins = admin(program, ["login", "list"], connection).splitlines()
    if email in [line.split(None, 1)[0] for line in logins]:
        say(f"there is a login {email} already; nothing was changed")
        return
    # Prompts before the first write, so that a mistyped password leaves no organization without a login.
    password, generated = new_password(environment)
    organization = find_organization(program, connection, name)
    if organization:
        say(f"organization {name} is there already: {organization}")
    else:
        organization = admin(program, ["organization", "create", "--name", name, "--country", country], connection)
        say(f"organization {name} created: {organization}")
    arguments = ["login", "create", "--email", email, "--organization", organization, "--password-stdin"]
    admin(program, arguments, connection, stdin=password)
    say(f"login {email} created")
    if generated:
        say(f"its password, shown this once: {password}")


def main():
    environment = os.environ
    stage = stage_of(environment)
    account = connect(environment)
    step(f"stage {stage.name} in account {account.number}, {account.region}")
    program = find_admin()
    make_keys(account, stage, program)
    if any(environment.get(key) for key in ("ORGANIZATION", "COUNTRY", "EMAIL")):
        make_login(account, stage, program, environment)
    else:
        say(f"next: make deploy ENV={stage.name}")


if __name__ == "__main__":
    run_main(main)
