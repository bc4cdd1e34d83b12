"""Bootstrap creates keys before the first deployment, and the first organization and login after it."""

import json

import pytest

SECRET, JWKS, HISTORY = "daftari/dev/signing-keys", "/daftari/dev/jwks", "/daftari/dev/key-history"
FIRST = {
    "ENV": "dev",
    "ORGANIZATION": "Kijani Credit",
    "COUNTRY": "KE",
    "EMAIL": "Amina@kijani.example",
    "GENERATE": "1",
}


def value(aws, name):
    return aws("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def keys(aws):
    return aws("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]


def test_keys_are_made_once_and_the_public_halves_are_published(run, aws):
    done = run("bootstrap", ENV="dev")
    assert done.code == 0, done.said
    stored = json.loads(keys(aws))
    [public] = json.loads(value(aws, JWKS))["keys"]
    assert public["kid"] == stored["active"] and public["alg"] == "EdDSA" and "d" not in public
    assert list(json.loads(value(aws, HISTORY))) == [stored["active"]]
    assert stored["keys"][0]["private"] not in done.said

    again = run("bootstrap", ENV="dev")
    assert again.code == 0 and "are there already" in again.out
    assert json.loads(keys(aws)) == stored


def test_stages_have_keys_of_their_own(run, aws):
    assert run("bootstrap", ENV="dev").code == run("bootstrap", ENV="staging").code == 0
    other = aws("secretsmanager").get_secret_value(SecretId="daftari/staging/signing-keys")["SecretString"]
    assert json.loads(other)["active"] != json.loads(keys(aws))["active"]


def test_cut_short_between_the_two_writes_it_goes_on(run, aws):
    assert run("bootstrap", ENV="dev").code == 0
    before = value(aws, JWKS)
    aws("ssm").delete_parameter(Name=JWKS)
    assert run("bootstrap", ENV="dev").code == 0
    assert value(aws, JWKS) == before


def test_public_keys_without_private_ones_are_not_overwritten(run, aws):
    aws("ssm").put_parameter(Name=JWKS, Value='{"keys":[]}', Type="String")
    done = run("bootstrap", ENV="dev")
    assert done.code == 1 and "aws ssm delete-parameter" in done.err
    assert value(aws, JWKS) == '{"keys":[]}'


def test_a_secret_marked_for_deletion_is_brought_back_by_hand(run, aws):
    assert run("bootstrap", ENV="dev").code == 0
    aws("secretsmanager").delete_secret(SecretId=SECRET)
    done = run("bootstrap", ENV="dev")
    assert done.code == 1 and "aws secretsmanager restore-secret" in done.err


def test_the_first_organization_and_login_are_made_once(run, aws, stack):
    done = run("bootstrap", **FIRST)
    assert done.code == 0, done.said
    table = aws("cloudformation").describe_stacks(StackName="daftari-dev")["Stacks"][0]["Outputs"][1]["OutputValue"]
    items = aws("dynamodb").scan(TableName=table)["Items"]
    kinds = sorted(item["SK"]["S"] for item in items)
    # With an empty directory of users for each environment.
    assert kinds == ["HEAD", "HEAD", "LOGIN", "ORG"]
    [login] = [item for item in items if item["SK"]["S"] == "LOGIN"]
    assert login["PK"]["S"] == "LOGIN#amina@kijani.example"
    [line] = [line for line in done.out.splitlines() if "shown this once" in line]
    assert len(line.rpartition(": ")[2]) == 24
    assert line.rpartition(": ")[2] not in json.dumps(items)

    again = run("bootstrap", **FIRST)
    assert again.code == 0 and "there is a login amina@kijani.example already" in again.out
    second = run("bootstrap", **{**FIRST, "EMAIL": "ben@kijani.example"})
    assert second.code == 0 and "is there already" in second.out
    assert len(aws("dynamodb").scan(TableName=table)["Items"]) == 5


@pytest.mark.parametrize("missing", ["ORGANIZATION", "COUNTRY", "EMAIL"])
def test_an_incomplete_organization_is_refused_naming_the_missing_setting(run, stack, missing):
    done = run("bootstrap", **{**FIRST, missing: None})
    assert done.code == 2 and done.err.strip().startswith(f"failed: {missing} is not set")


def test_without_a_terminal_a_password_is_made_only_if_asked_for(run, stack):
    done = run("bootstrap", **{**FIRST, "GENERATE": None})
    assert done.code == 1 and "GENERATE=1" in done.err


def test_errors_of_the_operators_tool_are_shown(run, stack):
    done = run("bootstrap", **{**FIRST, "COUNTRY": "Kenya"})
    assert done.code == 1 and "daftari-admin organization create" in done.err and "Traceback" not in done.err


def test_an_organization_needs_a_stack(run, aws):
    done = run("bootstrap", **FIRST)
    assert done.code == 1 and "there is no stack daftari-dev" in done.err and "make deploy ENV=dev" in done.err


def test_the_operators_tool_works_on_the_stages_table(run, stack):
    assert run("bootstrap", **FIRST).code == 0
    done = run("admin", ENV="dev", ARGS="organization list")
    assert done.code == 0 and "Kijani Credit" in done.out
    assert run("admin", ENV="dev").code == 2
    assert run("admin", ENV="dev", ARGS="organization lisst").code == 2
