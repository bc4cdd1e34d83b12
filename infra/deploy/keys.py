"""A stage's keys: private keys in Secrets Manager; public keys and the keys' history in Parameter Store.

daftari-admin creates and changes the keys in a private folder, in memory if the system supports it. The folder is
deleted at once. Nothing here prints or logs a private key.
"""

import contextlib
import datetime
import json
import os
import pathlib
import tempfile

import botocore.exceptions

from aws import code_of, explained
from report import Failure
from tools import admin

# Phone tokens have the longest lifetime. A test compares this figure with that of the functions.
LONGEST_TOKEN = datetime.timedelta(days=90)
# Auth checks for another active key every 5 minutes. If it cannot read the secret, it logs an error and continues to
# sign with the old key.
HANDOVER = datetime.timedelta(days=1)
# Limit of the standard tier.
MAX_PARAMETER_BYTES = 4_096
MEMORY = "/dev/shm"


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


class KeyMaterial:
    """The stored keys of a stage."""

    def __init__(self, account, stage):
        self.stage = stage
        self.secrets = account.client("secretsmanager")
        self.parameters = account.client("ssm")

    def secret_arn(self):
        """The ARN of the secret, or None if it does not exist. Does not read the keys, so deploying needs no permission
        for that."""
        try:
            found = self.secrets.describe_secret(SecretId=self.stage.secret)
        except botocore.exceptions.ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return None
            raise Failure(f"secret {self.stage.secret}: {code_of(error)}") from None
        if found.get("DeletedDate"):
            raise Failure(
                f"secret {self.stage.secret} is marked for deletion. Bring it back with\n"
                f"  aws secretsmanager restore-secret --secret-id {self.stage.secret}"
            )
        return found["ARN"]

    def private_keys(self):
        with explained(f"reading secret {self.stage.secret}"):
            return self.secrets.get_secret_value(SecretId=self.stage.secret)["SecretString"]

    def create_secret(self, text):
        with explained(f"creating secret {self.stage.secret}"):
            self.secrets.create_secret(
                Name=self.stage.secret,
                Description=f"The private keys that sign Daftari's tokens ({self.stage.name}); see make rotate-keys.",
                SecretString=text,
                Tags=[{"Key": "daftari:stage", "Value": self.stage.name}],
            )

    def replace_secret(self, text):
        with explained(f"changing secret {self.stage.secret}"):
            self.secrets.put_secret_value(SecretId=self.stage.secret, SecretString=text)

    def parameter(self, name):
        """The value of the parameter, or None if it does not exist."""
        try:
            return self.parameters.get_parameter(Name=name)["Parameter"]["Value"]
        except botocore.exceptions.ClientError as error:
            if code_of(error) == "ParameterNotFound":
                return None
            raise Failure(f"parameter {name}: {code_of(error)}") from None

    def put_parameter(self, name, value):
        size = len(value.encode())
        if size > MAX_PARAMETER_BYTES:
            raise Failure(f"parameter {name} would have {size} bytes, of {MAX_PARAMETER_BYTES}: retire a key first")
        with explained(f"writing parameter {name}"):
            self.parameters.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    def jwks(self):
        return self.parameter(self.stage.jwks_parameter)

    def publish(self, jwks):
        """Stores the public keys for the next deployment. True if they changed."""
        if self.jwks() == jwks:
            return False
        self.put_parameter(self.stage.jwks_parameter, jwks)
        return True


class History:
    """The times from which each key signs and no longer signs: `{kid: {"activated": …, "replaced": …}}`."""

    def __init__(self, material):
        self.material = material
        self.name = material.stage.history_parameter
        text = material.parameter(self.name)
        try:
            self.keys = json.loads(text) if text else {}
        except ValueError:
            raise Failure(f"parameter {self.name} is not JSON: correct or delete it") from None

    def activate(self, kid, before, now):
        stamp = now.isoformat()
        if before and before != kid:
            self.keys.setdefault(before, {})["replaced"] = stamp
        entry = self.keys.setdefault(kid, {})
        entry.setdefault("activated", stamp)
        entry.pop("replaced", None)

    def begin(self, kids, active, now):
        """The times of keys without a record. Tokens of each may be in use: keys before the active one may have signed
        until `now`, and keys after it may have signed too."""
        position = kids.index(active)
        for kid in kids[:position]:
            self.keys[kid] = {"replaced": now.isoformat()}
        for kid in kids[position + 1 :]:
            self.keys[kid] = {}
        self.activate(active, None, now)

    def forget(self, kid):
        self.keys.pop(kid, None)

    def replaced(self, kid):
        """The time when the key stopped signing; None if it is unknown."""
        stamp = self.keys.get(kid, {}).get("replaced")
        return datetime.datetime.fromisoformat(stamp) if stamp else None

    def knows(self, kid):
        return kid in self.keys

    def save(self):
        self.material.put_parameter(self.name, json.dumps(self.keys, sort_keys=True))


class KeyFile:
    """The private keys in a file for daftari-admin to work on."""

    def __init__(self, program, path):
        self.program = program
        self.path = path

    def call(self, command, *arguments):
        return admin(self.program, ["keys", command, str(self.path), *arguments])

    def kids(self):
        """The key ids, oldest first, and the id of the signing key."""
        lines = [line.split() for line in self.call("list").splitlines()]
        [active] = [line[0] for line in lines if line[1:] == ["*"]]
        return [line[0] for line in lines], active

    def text(self):
        return self.path.read_text()


@contextlib.contextmanager
def key_file(program, text=None):
    """A KeyFile with `text`, in a temporary folder that only its owner can enter."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="daftari-", dir=place) as folder:
        path = pathlib.Path(folder) / "signing-keys.json"
        if text is not None:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
        yield KeyFile(program, path)


def kids_of(jwks, where):
    """The key ids of a JSON Web Key Set."""
    try:
        return {key["kid"] for key in json.loads(jwks)["keys"]}
    except (ValueError, KeyError, TypeError):
        raise Failure(f"{where} is not a JSON Web Key Set") from None
