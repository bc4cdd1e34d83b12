"""Makes sure that a changed setting reaches the live version of the functions."""

import hashlib
import json
import re

import yaml

from report import Failure

# A setting of every function that no function reads.
FINGERPRINT = "DAFTARI_SETTINGS"


def fingerprint(template, chosen, jwks, salt=""):
    """A fingerprint of all parts of a function's version except its code. `salt` changes it even if the rest is
    unchanged."""
    functions = settings_of_functions(template)
    used = {name: chosen.get(name) for name in sorted(names_in(functions, template) & template["Parameters"].keys())}
    text = json.dumps([functions, used, jwks, salt], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def settings_of_functions(template):
    """The part of a built template that defines functions, without their code. SAM publishes a version if any of it
    changes, and Lambda refuses a version without a change to the function (for tags and reserved concurrency:
    https://github.com/aws/serverless-application-model/issues/3281). The fingerprint is always such a change."""
    found = {"Globals": template.get("Globals", {}).get("Function", {})}
    for name, each in template["Resources"].items():
        if each["Type"] == "AWS::Serverless::Function":
            left_out = ("CodeUri", "Events", "DeploymentPreference")
            found[name] = {key: value for key, value in each["Properties"].items() if key not in left_out}
    return found


def names_in(value, template):
    """The names that a part of a template refers to, also by conditions."""
    if isinstance(value, list):
        return {name for each in value for name in names_in(each, template)}
    if not isinstance(value, dict):
        return set()
    found = set()
    for key, each in value.items():
        if key == "Ref":
            found.add(each)
        elif key == "Fn::Sub":
            found |= set(re.findall(r"\$\{([^!}.]+)", each if isinstance(each, str) else each[0]))
        elif key == "Fn::If":
            found |= names_in(template["Conditions"][each[0]], template)
        elif key == "Condition" and isinstance(each, str):
            found |= names_in(template["Conditions"][each], template)
        found |= names_in(each, template)
    return found


def read(template):
    """A built template."""
    try:
        document = yaml.safe_load(template.read_text())
        document["Resources"].items()
    except (OSError, yaml.YAMLError, AttributeError, LookupError, TypeError) as error:
        raise Failure(f"{template}: {error}") from None
    return {"Parameters": {}, "Conditions": {}, **document}


def stamp(template, document, value, past_codedeploy=False):
    """Writes the fingerprint into the settings of every function of a built template.

    SAM publishes a new version of a function when its code or the text of its settings changes. A setting that refers
    to a parameter keeps its text when the parameter's value changes. The live version would then keep the old value:
    new keys would be deployed but unknown. https://github.com/aws/serverless-application-model/issues/3820

    `past_codedeploy` disables gradual deployments: CloudFormation sets the aliases itself.
    """
    functions = document.setdefault("Globals", {}).setdefault("Function", {})
    functions.setdefault("Environment", {}).setdefault("Variables", {})[FINGERPRINT] = value
    if past_codedeploy:
        functions.setdefault("DeploymentPreference", {})["Enabled"] = False
    written = {name: each for name, each in document.items() if each != {}}
    template.write_text(yaml.safe_dump(written, sort_keys=False))
