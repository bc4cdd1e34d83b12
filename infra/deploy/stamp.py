"""How a change of what functions are given reaches the version that is live."""

import hashlib
import json

import yaml

from report import Failure

# Stands among the settings of every function; no function reads it.
FINGERPRINT = "DAFTARI_SETTINGS"


def fingerprint(chosen, jwks, salt=""):
    """Differs if anything does that functions are given. `salt` makes it differ where nothing does."""
    return hashlib.sha256(json.dumps([chosen, jwks, salt], sort_keys=True).encode()).hexdigest()[:16]


def stamp(template, value):
    """Writes the fingerprint into the settings of every function of a built template.

    SAM publishes a new version of a function when its code or the text of its settings changes. A setting that refers
    to a parameter keeps its text when the parameter's value changes, so that the live version would keep the old value:
    new keys would be deployed, and unknown. https://github.com/aws/serverless-application-model/issues/3820
    """
    try:
        document = yaml.safe_load(template.read_text())
        functions = document.setdefault("Globals", {}).setdefault("Function", {})
        functions.setdefault("Environment", {}).setdefault("Variables", {})[FINGERPRINT] = value
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise Failure(f"{template}: {error}") from None
    template.write_text(yaml.safe_dump(document, sort_keys=False))
