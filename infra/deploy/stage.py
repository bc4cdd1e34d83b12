"""The stages, and the names of what belongs to each. Standard library only: run.sh checks ENV by it first of all.

    python3 infra/deploy/stage.py        exit code 0 if ENV names a stage, 2 with a message if not
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
        """Secrets Manager: the private keys."""
        return f"daftari/{self.name}/signing-keys"

    @property
    def jwks_parameter(self):
        """Parameter Store: the public keys, from which the next deployment takes them."""
        return f"/daftari/{self.name}/jwks"

    @property
    def history_parameter(self):
        """Parameter Store: since when each key signs, and since when it does not."""
        return f"/daftari/{self.name}/key-history"


def stage_of(environment):
    name = environment.get("ENV", "")
    if not name:
        raise Failure(f"ENV is not set. Say which stage: ENV={'|'.join(STAGES)}", code=2)
    if name not in STAGES:
        raise Failure(f"ENV={name} is no stage. It must be one of {', '.join(STAGES)}.", code=2)
    return Stage(name)


if __name__ == "__main__":
    try:
        stage_of(os.environ)
    except Failure as failure:
        print(f"deploy: {failure}", file=sys.stderr)
        sys.exit(failure.code)
