"""Makes sure that a changed setting reaches the live version of the functions."""

import hashlib
import json

import yaml

from report import Failure

# A setting of every function that no function reads.
FINGERPRINT = "DAFTARI_SETTINGS"


def fingerprint(chosen, jwks, salt=""):
    """A fingerprint of all settings of the functions. `salt` changes it although the settings are unchanged."""
    return hashlib.sha256(json.dumps([chosen, jwks, salt], sort_keys=True).encode()).hexdigest()[:16]


def stamp(template, value):
    """Writes the fingerprint into the settings of every function of a built template.

    SAM publishes a new version of a function when its code or the text of its settings changes. A setting that refers
    to a parameter keeps its text when the parameter's value changes. The live version would then keep the old value:
    new keys would be deployed but unknown. https://github.com/aws/serverless-application-model/issues/3820
    """
    try:
        document = yaml.safe_load(template.read_text())
        functions = document.setdefault("Globals", {}).setdefault("Function", {})
        functions.setdefault("Environment", {}).setdefault("Variables", {})[FINGERPRINT] = value
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise Failure(f"{template}: {error}") from None
    template.write_text(yaml.safe_dump(document, sort_keys=False))
