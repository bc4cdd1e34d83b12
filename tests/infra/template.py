"""infra/template.yaml and infra/samconfig.toml as data, and the template as SAM translates it for CloudFormation."""

import copy
import os
import tomllib
from pathlib import Path

# SAM needs the session's region and nothing else from AWS.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-west-1")

import sam_template
from sam_template import binary, functions, http_events
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "infra/template.yaml"
SAMCONFIG = ROOT / "infra/samconfig.toml"
STAGES = ("dev", "staging", "prod")
# Assumed location of every function's code, where `sam package` would upload it.
CODE_BUCKET, CODE_KEY = "artifacts", "function.zip"
SECRETS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret"


def load():
    return sam_template.load(TEMPLATE.read_text(encoding="utf-8"))


def served(template):
    """The functions that serve routes, by logical id."""
    return {name: each for name, each in functions(template).items() if http_events(each)}


def stage_parameters(stage):
    """The parameters that `make deploy` passes for a stage: those of samconfig.toml, and those that depend on stage and
    account."""
    sections = tomllib.loads(SAMCONFIG.read_text(encoding="utf-8"))
    overrides = sections[stage]["deploy"]["parameters"]["parameter_overrides"]
    return {
        **dict(override.split("=", 1) for override in overrides),
        "JwksParameter": f"/daftari/{stage}/jwks",
        "SigningKeysSecretArn": f"{SECRETS}:daftari/{stage}/signing-keys-a1B2c3",
    }


def translate(template, parameters):
    """The template as SAM translates it for CloudFormation, with the code of all functions in one place."""
    packaged = copy.deepcopy(template)
    for resource in packaged["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://{CODE_BUCKET}/{CODE_KEY}"
    return Translator({}, Parser()).translate(packaged, dict(parameters))
