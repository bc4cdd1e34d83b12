"""The partition keys that each function may read and write, against those that the code builds.

A role names kinds of partition keys (`dynamodb:LeadingKeys`). So a compromised function reaches only the kinds that it
needs, and no login or organization. The kinds are read from the source of the keys. tests/moto runs the functions under
these conditions and names each that is missing or unused.
"""

import re

import functions
import pytest
import template

KEYS = "shared/platform/src/store/primary_key*.rs"
TENANT = "0b0e4a52-0f0e-4a52-8b0e-0b0e4a520b0e#production"
# An email is stored in lower case, so an attacker cannot choose capital letters in it.
VALUE = "a#user#b#terms@kijani.example"
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
WRITTEN = {
    "auth": {"LOGIN", "IP"},
    "users": {
        "USER", "PHONE", "TERMS", "WORDS", "DEVICE", "EXTERNAL", "LIST", "DIRECTORY", "ERASED", "UNCOUNTED",
    },  # fmt: skip
    "ingest": {"USER", "SHAPES"},
    "credit-report": {"USER"},
    "count-users": {"DIRECTORY", "UNCOUNTED"},
}
# Every function that answers requests counts what organizations use.
COUNTED = {"USED"}
# Keys that only one function reads: the signed-in logins and their networks.
SECRET = {"LOGIN", "IP"}


def kinds():
    """An example of each kind of partition key, by its distinctive word in capitals."""
    source = "\n".join(path.read_text() for path in sorted(template.ROOT.glob(KEYS)))
    texts = re.findall(r'\bpk: (?:format!\()?"([^"]+)"', source)
    # Functions that build a partition key, up to their closing brace.
    for body in re.findall(r"fn \w+_partition\([^)]*\) -> String \{(.*?)\n\}", source, re.DOTALL):
        texts += re.findall(r'format!\("([^"]+)"', body)
    found = {}
    for text in texts:
        example = re.sub(r"\{[^}]*\}", VALUE, re.sub(r"^\{[^}]*\}", TENANT, text))
        [word] = re.findall(r"[A-Z]{2,}[0-9]*", example)
        found[word] = example
    return found


def like(pattern, key):
    wanted = "".join({"*": ".*", "?": "."}.get(each, re.escape(each)) for each in pattern)
    return re.fullmatch(wanted, key, re.DOTALL) is not None


def listed(value):
    return value if isinstance(value, list) else [value]


def patterns(source, actions=None):
    """The patterns of each function, of all actions or of these."""
    found = {}
    for logical_id, function in template.functions(source).items():
        [policy] = source["Resources"][f"{logical_id}Role"]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]:
            allowed = {each.removeprefix("dynamodb:") for each in listed(statement["Action"]) if "dynamodb:" in each}
            if allowed if actions is None else allowed & actions:
                keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                found.setdefault(template.binary(function), set()).update(listed(keys))
    return found


def reached(wanted):
    return {word for word, example in kinds().items() if any(like(pattern, example) for pattern in wanted)}


def test_the_kinds_of_keys_are_found_in_the_source():
    found = kinds().keys()
    assert {"LOGIN", "IP", "ORG", "USER", "USERS", "PHONE", "TERMS", "ERASED", "NOTHING"} <= found
    assert {"LIST", "WORDS", "DEVICE", "EXTERNAL", "DIRECTORY"} <= found
    assert kinds()["USER"] == f"{TENANT}#USER#{VALUE}"


def test_each_function_writes_only_the_kinds_that_are_its_task(source):
    wanted = {name: WRITTEN.get(name, set()) for name in functions.names(table=True)}
    for name in functions.names(table=True, requests=True):
        wanted[name] = wanted[name] | COUNTED
    assert WRITTEN.keys() <= wanted.keys()
    assert {name: reached(found) for name, found in patterns(source, WRITES).items()} == wanted


def test_only_auth_reads_logins_and_addresses(source):
    for name, found in patterns(source).items():
        assert bool(reached(found) & SECRET) == (name == "auth"), name


def test_nobody_writes_an_organization(source):
    assert not any("ORG" in reached(found) for found in patterns(source, WRITES).values())


def test_no_pattern_is_for_keys_that_the_code_does_not_build(source):
    for name, found in patterns(source).items():
        for pattern in found:
            assert reached({pattern}), f"{name}: {pattern}"


@pytest.mark.parametrize("key", ["LOGIN#a@b.example", "LOGIN#a#user#b@c.example", "ORG#1", "IP#192.0.2.1"])
def test_a_function_that_is_taken_over_cannot_make_itself_a_login(source, key):
    for name in ("users", "ingest", "credit-report"):
        assert not any(like(pattern, key) for pattern in patterns(source, WRITES)[name]), name
