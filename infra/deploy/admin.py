"""Runs daftari-admin on a stage's table, with the credentials of a profile, a role or single sign-on.

    make admin ENV=prod ARGS='organization list'
    make admin ENV=prod ARGS='tokens invalidate 0b0e4a52-…'
"""

import os
import shlex
import subprocess

from aws import connect, need_stack
from report import Failure, run_main
from stage import stage_of
from tools import find_admin


def main():
    environment = os.environ
    stage = stage_of(environment)
    try:
        arguments = shlex.split(environment.get("ARGS", ""))
    except ValueError as error:
        raise Failure(f"ARGS: {error}", code=2) from None
    if not arguments:
        raise Failure("ARGS is not set: it has the command of daftari-admin, such as ARGS='organization list'", code=2)
    account = connect(environment)
    child = {**account.child_environment(), "DAFTARI_TABLE": need_stack(account, stage).output("TableName")}
    # No time limit: it may prompt for a password, and the operator can interrupt it.
    return subprocess.run([find_admin(), *arguments], env=child).returncode


if __name__ == "__main__":
    run_main(main)
