"""The stages, and the names of their resources. Standard library only: run.sh checks ENV with it
before it installs anything.

    python3 infra/deploy/stage.py        exit code 0 if ENV names a stage, else 2 with a message
"""

import dataclasses
import os
import sys

from report import Failure

STAGES = ("dev", "staging", "prod")


@dataclasses.dataclass(frozen=True)
class Stage:
    name: str

    @property
    def stack(self):
        return f"daftari-{self.name}"

    @property
    def secret(self):
        """The private keys, in Secrets Manager."""
        return f"daftari/{self.name}/signing-keys"

    @property
    def smoke_login(self):
        """email:password of the login for the checks of a release, in Secrets Manager; optional."""
        return f"daftari/{self.name}/smoke-login"

    @property
    def boundary(self):
        """The permissions boundary of the stage's roles, a policy of ci-role.yaml; optional."""
        return f"daftari-boundary-{self.name}"

    @property
    def jwks_parameter(self):
        """The public keys, in Parameter Store. The next deployment reads them from there."""
        return f"/daftari/{self.name}/jwks"

    @property
    def history_parameter(self):
        """The times from which each key signs and no longer signs, in Parameter Store."""
        return f"/daftari/{self.name}/key-history"


def stage_of(environment):
    name = environment.get("ENV", "")
    if not name:
        raise Failure(f"ENV is not set. Say which stage: ENV={'|'.join(STAGES)}", code=2)
    if name not in STAGES:
        raise Failure(f"ENV={name} is not a stage. It must be one of {', '.join(STAGES)}.", code=2)
    return Stage(name)


if __name__ == "__main__":
    try:
        stage_of(os.environ)
    except Failure as failure:
        print(f"deploy: {failure}", file=sys.stderr)
        sys.exit(failure.code)
