"""The parameters that a deployment passes to the template."""

import shlex

import tomlkit
import tomlkit.exceptions
import yaml
from samtranslator.yaml_helper import yaml_parse

from report import Failure

ARCHITECTURES = ("arm64", "x86_64")


def configured(path, stage):
    """The section of samconfig.toml for the stage, and its parameter overrides."""
    try:
        sections = tomlkit.parse(path.read_text()).unwrap()
    except (OSError, tomlkit.exceptions.TOMLKitError) as error:
        raise Failure(f"{path}: {error}") from None
    # dev falls back to SAM's section `default`.
    section = stage.name if stage.name in sections or stage.name != "dev" else "default"
    if section not in sections:
        raise Failure(f"{path} has no section [{stage.name}.deploy.parameters]")
    found = sections[section].get("deploy", {}).get("parameters", {}).get("parameter_overrides", [])
    return section, pairs(found if isinstance(found, list) else shlex.split(found), str(path))


def pairs(words, where):
    """`Name=value` words as a dictionary."""
    found = {}
    for word in words:
        name, equals, value = str(word).partition("=")
        if not equals or not name.isalnum():
            raise Failure(f"{where}: {word!r} is not of the form Name=value", code=2)
        found[name] = value.strip("\"'")
    return found


def parameters(stage, environment, configured_parameters, secret):
    """The parameters: those of samconfig.toml, then PARAMETERS='Name=value …' and ARCH, then those that depend on the
    stage."""
    try:
        given = shlex.split(environment.get("PARAMETERS", ""))
    except ValueError as error:
        raise Failure(f"PARAMETERS: {error}", code=2) from None
    chosen = {**configured_parameters, **pairs(given, "PARAMETERS")}
    architecture = environment.get("ARCH")
    if architecture:
        if architecture not in ARCHITECTURES:
            raise Failure(f"ARCH must be {' or '.join(ARCHITECTURES)}, not {architecture}", code=2)
        chosen["Architecture"] = architecture
    chosen.update(Stage=stage.name, JwksParameter=stage.jwks_parameter, SigningKeysSecretArn=secret)
    return chosen


def declared(template):
    """The template's parameters: name and default. The default is None if there is none."""
    try:
        found = yaml_parse(template.read_text())["Parameters"]
        return {name: each.get("Default") for name, each in found.items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{template}: its parameters cannot be read: {error}") from None


def complete(chosen, known):
    """Adds the default of every other parameter. CloudFormation would keep the earlier deployment's value for an
    omitted parameter: a line deleted from samconfig.toml would still apply, and so would the processor of an earlier
    build."""
    for name in chosen:
        if name not in known:
            raise Failure(f"the template has no parameter {name}; it has {', '.join(sorted(known))}", code=2)
    return {**{name: text(default) for name, default in known.items() if default is not None}, **chosen}


def text(default):
    """A default as CloudFormation reads it: YAML's true becomes "true"."""
    return str(default).lower() if isinstance(default, bool) else str(default)


def overrides(chosen):
    """As arguments of sam, quoted the way it unquotes them. Values may be empty or have spaces, commas and quotes."""
    quoted = {name: value.replace('"', '\\"') for name, value in chosen.items()}
    return [f'ParameterKey={name},ParameterValue="{value}"' for name, value in sorted(quoted.items())]
