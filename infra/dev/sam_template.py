"""The functions and routes of a SAM template, as `load` reads it: `!Ref Table` is `{"Ref": "Table"}`.

Run by itself, it reads a template and prints a line for each function: its binary, its logical id. With --routes it
prints the routes, as JSON: `routes` is a list of method, path and binary, `default` the binary for all other paths.
"""

import json
import sys

from samtranslator.yaml_helper import yaml_parse as load


def functions(template):
    """The functions of the service, by logical id. Each is a binary of the workspace."""
    return {
        name: each
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::Serverless::Function" and each["Metadata"]["BuildMethod"] == "rust-cargolambda"
    }


def binary(function):
    return function["Metadata"]["BuildProperties"]["Binary"]


def http_events(function):
    """The properties of a function's routes; nothing for a function that takes other events."""
    events = function["Properties"].get("Events", {}).values()
    return [event["Properties"] for event in events if event["Type"] == "HttpApi"]


def routes(template):
    """The routes of the gateway, and the binary for all other paths."""
    found, default = [], None
    for function in functions(template).values():
        for properties in http_events(function):
            if "Path" in properties:
                found.append([properties["Method"], properties["Path"], binary(function)])
            else:
                default = binary(function)
    return {"routes": found, "default": default}


def main():
    template = load(sys.stdin.read())
    if sys.argv[1:] == ["--routes"]:
        print(json.dumps(routes(template)))
        return
    for logical_id, function in functions(template).items():
        print(binary(function), logical_id)


if __name__ == "__main__":
    main()
