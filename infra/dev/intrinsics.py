"""YAML with the short forms of CloudFormation's intrinsic functions: `!Ref Table` is `{"Ref": "Table"}`."""

import yaml


class _Loader(yaml.SafeLoader):
    pass


def _intrinsic(loader, name, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def load(text):
    """A template, as data."""
    return yaml.load(text, Loader=_Loader)
