"""CloudFormation's intrinsic functions and conditions, as far as the template uses them."""

import re

# The value of a property that must be absent.
NO_VALUE = object()


class Unresolved(Exception):
    """Names the unresolvable part."""


class Resolver:
    """Resolves values from the parameters and the created resources: `refs` by logical id, and `attributes` by logical
    id and name."""

    def __init__(self, template, parameters, refs, attributes):
        self.conditions = template.get("Conditions", {})
        self.refs = {**refs, **_typed(template["Parameters"], parameters), "AWS::NoValue": NO_VALUE}
        self.attributes = attributes

    def resolve(self, value):
        if isinstance(value, list):
            return [each for each in map(self.resolve, value) if each is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._named(argument)
            if name.startswith("Fn::"):
                return self._function(name.removeprefix("Fn::"), argument)
        resolved = {name: self.resolve(each) for name, each in value.items()}
        return {name: each for name, each in resolved.items() if each is not NO_VALUE}

    def holds(self, condition):
        """Whether a condition is true, given its name or its definition."""
        if isinstance(condition, str):
            if condition not in self.conditions:
                raise Unresolved(f"condition {condition}")
            return self.holds(self.conditions[condition])
        ((name, argument),) = condition.items()
        if name == "Condition":
            return self.holds(argument)
        if name == "Fn::Not":
            return not self.holds(argument[0])
        if name == "Fn::And":
            return all(map(self.holds, argument))
        if name == "Fn::Equals":
            left, right = map(self.resolve, argument)
            return str(left) == str(right)
        raise Unresolved(f"condition by {name}")

    def _function(self, name, argument):
        if name == "If":
            condition, yes, no = argument
            return self.resolve(yes if self.holds(condition) else no)
        if name == "GetAtt":
            return self._attribute(*argument)
        if name == "Sub":
            text, more = argument if isinstance(argument, list) else (argument, {})
            more = {key: self.resolve(each) for key, each in more.items()}
            return re.sub(r"\$\{([^!}][^}]*)\}", lambda found: str(self._variable(found[1], more)), text)
        if name == "Join":
            return argument[0].join(map(str, self.resolve(argument[1])))
        if name == "Select":
            return self.resolve(argument[1])[int(argument[0])]
        if name == "Split":
            return self.resolve(argument[1]).split(argument[0])
        raise Unresolved(f"Fn::{name}")

    def _variable(self, name, more):
        if name in more:
            return more[name]
        return self._attribute(*name.split(".", 1)) if "." in name else self._named(name)

    def _named(self, name):
        if name not in self.refs:
            raise Unresolved(f"Ref {name}")
        return self.refs[name]

    def _attribute(self, resource, name):
        if (resource, name) not in self.attributes:
            raise Unresolved(f"GetAtt {resource}.{name}")
        return self.attributes[resource, name]


def _typed(declared, given):
    """The parameters as CloudFormation passes them: defaults, numbers, lists."""
    unknown = given.keys() - declared.keys()
    if unknown:
        raise Unresolved(f"there is no parameter {', '.join(sorted(unknown))}")
    values = {}
    for name, parameter in declared.items():
        if name not in given and "Default" not in parameter:
            raise Unresolved(f"parameter {name} has neither value nor default")
        value = given.get(name, parameter.get("Default"))
        if parameter["Type"] == "Number":
            value = int(value)
        elif parameter["Type"] == "CommaDelimitedList":
            value = value.split(",")
        values[name] = value
    return values
