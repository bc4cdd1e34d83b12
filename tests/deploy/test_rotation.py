"""Rotation never invalidates a token that is in use: each step refuses to."""

import datetime
import json
import pathlib
import re
import time

import pytest

import small_stack
from conftest import ROOT

MEMORY = pathlib.Path("/dev/shm")
SECRET, JWKS, HISTORY = "daftari/dev/signing-keys", "/daftari/dev/jwks", "/daftari/dev/key-history"


def stored(aws):
    return json.loads(aws("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"])


def kids(aws):
    return [key["kid"] for key in stored(aws)["keys"]]


def published(aws):
    return [key["kid"] for key in json.loads(jwks(aws))["keys"]]


def jwks(aws):
    return aws("ssm").get_parameter(Name=JWKS)["Parameter"]["Value"]


def history(aws):
    return json.loads(aws("ssm").get_parameter(Name=HISTORY)["Parameter"]["Value"])


def rewind(aws, kid, **ago):
    """Pretends that the key stopped signing `ago`."""
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**ago)
    changed = history(aws)
    changed[kid]["replaced"] = then.isoformat()
    aws("ssm").put_parameter(Name=HISTORY, Value=json.dumps(changed), Type="String", Overwrite=True)


@pytest.fixture
def rotate(run):
    return lambda step, **more: run("rotate_keys", ENV="dev", STEP=step, **more)


@pytest.fixture
def deploy(aws, stub, stack):
    """Deploys the public keys of the parameter."""

    def deploy():
        small_stack.release(aws, stack, jwks(aws))
        stub.jwks = json.loads(jwks(aws))

    deploy()
    return deploy


def test_a_whole_rotation(aws, rotate, deploy):
    [old] = kids(aws)
    done = rotate("add")
    assert done.code == 0, done.said
    [_, new] = kids(aws)
    assert stored(aws)["active"] == old and published(aws) == [old, new]
    deploy()
    done = rotate("activate")
    assert done.code == 0, done.said
    assert stored(aws)["active"] == new and published(aws) == [old, new]
    rewind(aws, old, days=91, minutes=1)
    done = rotate("retire")
    assert done.code == 0, done.said
    assert kids(aws) == published(aws) == [new] and list(history(aws)) == [new]


def test_a_key_that_is_not_deployed_is_not_activated(aws, rotate, deploy):
    [old] = kids(aws)
    assert rotate("add").code == 0
    done = rotate("activate")
    assert done.code == 1
    assert "/.well-known/jwks.json does not have key" in done.err and "make deploy ENV=dev" in done.err
    assert stored(aws)["active"] == old


def test_a_key_that_one_function_does_not_know_is_not_activated(aws, rotate, deploy, stub, stack):
    assert rotate("add").code == 0
    stub.jwks = json.loads(jwks(aws))
    done = rotate("activate")
    assert done.code == 1 and "the live version of AuthFunction does not know key" in done.err
    # Published as a version, but the earlier one is live.
    small_stack.release(aws, stack, jwks(aws), alias=False)
    done = rotate("activate")
    assert done.code == 1 and "the live version of AuthFunction does not know key" in done.err


def test_published_keys_that_cannot_be_read_activate_nothing(aws, rotate, deploy, stub):
    assert rotate("add").code == 0
    stub.faults["GET /.well-known/jwks.json"] = 503
    done = rotate("activate")
    assert done.code == 1 and "could not be read" in done.err
    stub.faults["GET /.well-known/jwks.json"] = lambda *_: (200, "<html>")
    done = rotate("activate")
    assert done.code == 1 and "is not a JSON Web Key Set" in done.err
    assert stored(aws)["active"] == kids(aws)[0]


def test_nothing_is_activated_without_a_key_to(aws, rotate, deploy):
    done = rotate("activate")
    assert done.code == 1 and "there is no key to activate" in done.err and "STEP=add" in done.err


def test_a_second_key_is_not_added_while_one_waits(aws, rotate, deploy):
    assert rotate("add").code == 0
    done = rotate("add")
    assert done.code == 1 and "was added before and does not sign yet" in done.err
    assert len(kids(aws)) == 2


def test_an_addition_cut_short_between_the_two_writes_is_completed(aws, rotate, deploy):
    before = jwks(aws)
    assert rotate("add").code == 0
    aws("ssm").put_parameter(Name=JWKS, Value=before, Type="String", Overwrite=True)
    done = rotate("add")
    assert "brought up to date" in done.out
    assert published(aws) == kids(aws)


def test_an_activation_cut_short_between_the_two_writes_is_repeated(aws, rotate, deploy):
    [old] = kids(aws)
    assert rotate("add").code == 0
    deploy()
    text = aws("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]
    assert rotate("activate").code == 0
    aws("secretsmanager").put_secret_value(SecretId=SECRET, SecretString=text)
    assert stored(aws)["active"] == old
    # Recorded as replaced, but still signing: it must not be removed.
    done = rotate("retire", KID=old)
    assert done.code == 1 and "signs" in done.err
    assert rotate("activate").code == 0
    assert stored(aws)["active"] == kids(aws)[1]


def test_a_key_whose_tokens_may_live_is_not_retired(aws, rotate, deploy):
    [old] = kids(aws)
    assert rotate("add").code == 0
    deploy()
    assert rotate("activate").code == 0
    for ago in ({"minutes": 0}, {"days": 89}, {"days": 90, "hours": 23}):
        rewind(aws, old, **ago)
        done = rotate("retire")
        assert done.code == 1 and f"key {old} signed until" in done.err and "FORCE=1" in done.err
        assert old in kids(aws) and old in published(aws)


def test_a_leaked_key_is_retired_at_once_by_force(aws, rotate, deploy):
    [old] = kids(aws)
    assert rotate("add").code == 0
    deploy()
    assert rotate("activate").code == 0
    done = rotate("retire", FORCE="1")
    assert done.code == 0 and "worthless" in done.out
    assert old not in kids(aws) + published(aws)


def test_of_several_keys_the_leaked_one_must_be_named(aws, rotate, deploy):
    for _ in range(2):
        assert rotate("add").code == 0
        deploy()
        assert rotate("activate").code == 0
    first, leaked, _ = kids(aws)
    done = rotate("retire", FORCE="1")
    assert done.code == 2 and f"KID={first}|{leaked}" in done.err
    assert rotate("retire", FORCE="1", KID=leaked).code == 0
    assert leaked not in kids(aws) and first in kids(aws)


def test_the_key_that_signs_is_never_retired(aws, rotate, deploy):
    [old] = kids(aws)
    for more in ({}, {"FORCE": "1"}):
        done = rotate("retire", KID=old, **more)
        assert done.code == 1 and "signs: activate another first" in done.err
    done = rotate("retire")
    assert done.code == 1 and "there is no key to retire" in done.err
    assert kids(aws) == [old]


def test_a_key_of_which_nothing_is_recorded_is_retired_by_force_only(aws, rotate, deploy):
    [old] = kids(aws)
    assert rotate("add").code == 0
    deploy()
    assert rotate("activate").code == 0
    aws("ssm").delete_parameter(Name=HISTORY)
    done = rotate("retire", KID=old)
    assert done.code == 1 and "it is not recorded since when" in done.err
    assert rotate("retire", KID=old, FORCE="1").code == 0


def test_a_key_that_never_signed_can_go_at_once(aws, rotate, deploy):
    assert rotate("add").code == 0
    [old, new] = kids(aws)
    done = rotate("retire", KID=new)
    assert done.code == 0, done.said
    assert kids(aws) == published(aws) == [old]


def test_a_region_that_has_only_the_replica_of_the_secret_goes_on(aws, run, rotate, deploy):
    """No token in use becomes invalid there: the public keys and their times are derived from the private keys."""
    for _ in range(2):
        assert rotate("add").code == 0
        deploy()
        assert rotate("activate").code == 0
    assert rotate("add").code == 0
    before, (first, second, active, waiting) = jwks(aws), kids(aws)
    for name in (JWKS, HISTORY):
        aws("ssm").delete_parameter(Name=name)
    done = run("bootstrap", ENV="dev")
    assert done.code == 0, done.said
    assert jwks(aws) == before
    assert history(aws).keys() == {first, second, active, waiting}
    assert "activated" in history(aws)[active] and history(aws)[waiting] == {}
    # Keys that have signed can be removed after their last tokens have expired, counted from here.
    done = rotate("retire")
    assert done.code == 1 and f"key {first} signed until" in done.err
    rewind(aws, first, days=91, minutes=1)
    assert rotate("retire").code == 0
    assert rotate("retire", KID=waiting).code == 1
    deploy()
    assert rotate("activate").code == 0 and stored(aws)["active"] == waiting
    assert second in published(aws)


def left_in_memory(seconds=30):
    """The files that stay in the memory's folder. Those of a test beside this one are gone after some seconds."""
    left = set(MEMORY.glob("daftari-*/*"))
    until = time.monotonic() + seconds
    while left and time.monotonic() < until:
        time.sleep(0.2)
        left &= set(MEMORY.glob("daftari-*/*"))
    return left


def test_no_step_shows_a_private_key_or_leaves_one_behind(aws, rotate, deploy, tmp_path):
    said = rotate("add", TMPDIR=str(tmp_path)).said
    deploy()
    said += rotate("activate", TMPDIR=str(tmp_path)).said + rotate("retire", FORCE="1").said
    for key in stored(aws)["keys"]:
        assert key["private"] not in said
    assert list(tmp_path.iterdir()) == []
    assert not left_in_memory()


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"STEP": ""}, "STEP must be add, activate or retire"),
        ({"STEP": "remove"}, "not 'remove'"),
        ({"STEP": "activate", "KID": "nothing"}, "KID=nothing: unknown key"),
        ({"STEP": "retire", "FORCE": "yes", "KID": None}, "FORCE must be 1 or 0"),
    ],
)
def test_wrong_settings_are_named(aws, run, deploy, rotate, settings, says):
    if settings.get("FORCE"):
        assert rotate("add").code == 0
        deploy()
        assert rotate("activate").code == 0
    done = run("rotate_keys", ENV="dev", **settings)
    assert done.code == 2 and says in done.err


def test_missing_keys_or_stack_give_an_error_with_the_remedy(aws, run):
    done = run("rotate_keys", ENV="dev", STEP="add")
    assert done.code == 1 and "make bootstrap ENV=dev" in done.err
    assert run("bootstrap", ENV="dev").code == 0
    assert run("rotate_keys", ENV="dev", STEP="add").code == 0
    done = run("rotate_keys", ENV="dev", STEP="activate")
    assert done.code == 1 and "there is no stack daftari-dev" in done.err


def test_the_wait_is_as_long_as_the_functions_longest_token():
    source = (ROOT / "shared/platform/src/identity/token.rs").read_text()
    [days] = re.findall(r"USER_TOKEN_SECONDS: i64 = ([0-9]+) \* DAY_SECONDS;", source)
    keys = (ROOT / "infra/deploy/keys.py").read_text()
    assert f"LONGEST_TOKEN = datetime.timedelta(days={days})" in keys
