"""The smoke test passes on a correct service, and stops at the first fault."""

import pytest

from stub import COMMIT, LOGIN


def changed(**members):
    """A fault: the right answer with members changed."""
    return lambda status, body: (status, {**body, **members})


def other_status(status):
    return lambda _status, body: (status, body)


def text(status, body):
    return lambda *_: (status, body)


def test_everything_right_passes_and_leaves_nobody_behind(run, stub):
    done = run("smoke", URL=stub.url + "/", LOGIN=LOGIN)
    assert done.code == 0, done.said
    assert "passed: 22 checks" in done.out
    [user] = stub.users.values()
    assert user["phone_number"].startswith("447700900") and len(user["phone_number"]) == 12
    assert not user["there"]
    assert "password" not in done.said and "api.token" not in done.said


def test_the_version_and_commit_that_answer_are_told(run, stub):
    assert f"it is version 0.1.0, commit {COMMIT}" in run("smoke", URL=stub.url).out
    stub.faults["GET /version"] = changed(commit=None)
    done = run("smoke", URL=stub.url)
    assert done.code == 0 and "it is version 0.1.0, commit unknown" in done.out


def test_without_a_login_nothing_is_written(run, stub):
    done = run("smoke", URL=stub.url)
    assert done.code == 0, done.said
    assert "no LOGIN: nothing was written" in done.out and "passed: 6 checks" in done.out
    assert not any(call.startswith("POST") for call in stub.calls)


def test_a_user_left_behind_by_an_earlier_run_is_erased_and_made_anew(run, stub):
    for number in range(1000):
        stub.register({"phone_number": f"447700900{number:03}"})
    done = run("smoke", URL=stub.url, LOGIN=LOGIN)
    assert done.code == 0, done.said


@pytest.mark.parametrize(
    "call, fault, expected, came",
    [
        ("GET /.well-known/jwks.json", 404, "expected: 200", "came:     404"),
        ("GET /.well-known/jwks.json", changed(keys=[]), "expected: keys for EdDSA", '"keys": []'),
        (
            "GET /.well-known/jwks.json",
            changed(keys=[{"kid": "k", "alg": "EdDSA", "d": "secret"}]),
            "none with a private part",
            '"d"',
        ),
        ("GET /openapi.json", 500, "expected: 200", "came:     500"),
        ("GET /openapi.json", text(200, "<html>"), "expected: JSON", "<html>"),
        ("GET /openapi.json", changed(paths={}), "with /users", '"paths": {}'),
        ("GET /health", 503, "expected: 200", "came:     503"),
        ("GET /health", text(200, "ok"), "expected: JSON", "ok"),
        ("GET /health", changed(status="starting"), "the status ok", '"starting"'),
        ("GET /version", 404, "expected: 200", "came:     404"),
        ("GET /version", changed(version=None), "expected: the version", '"version": null'),
        ("GET /version", changed(reader=0), "the number of the reader's rules", '"reader": 0'),
        ("GET /version", changed(commit=""), "the commit or null", '"commit": ""'),
        ("GET /no/such/path", other_status(200), "expected: 404", "came:     200"),
        ("GET /no/such/path", text(404, '{"message":"Not Found"}'), "application/problem+json", '"Not Found"'),
        ("GET /no/such/path", changed(code="other"), "code not_found", '"other"'),
        ("GET /users", other_status(200), "expected: 401", "came:     200"),
        ("GET /users", lambda s, b: (s, (b, {"www-authenticate": "Basic"})), "WWW-Authenticate: Bearer", "Basic"),
        ("GET /auth", 401, "expected: 200", "came:     401"),
        ("GET /auth", text(200, "[]"), "a list of organizations", "[]"),
        ("POST /users", 403, "expected: 201", "came:     403"),
        ("POST /users", changed(phone_number="254"), "expected: a user with phone_number", '"254"'),
    ],
)
def test_a_failed_check_shows_the_actual_answer(run, stub, call, fault, expected, came):
    stub.faults[call] = fault
    done = run("smoke", URL=stub.url, LOGIN=LOGIN)
    assert done.code == 1, done.said
    assert f"failed: {call}" in done.err
    assert expected in done.err and came in done.err


@pytest.mark.parametrize(
    "call, fault",
    [
        ("POST /users/USER/ledger", 503),
        ("POST /users/USER/ledger", changed(accepted=0, rejected=[{"index": 0}])),
        ("POST /auth/user-token", 500),
        ("POST /auth/user-token", changed(access_token="x")),
        ("POST /users/USER/messages", changed(recorded=0, unrecognized=1)),
        ("GET /users/USER/ledger", changed(records=[])),
        ("GET /users/USER/institutions", changed(institutions=[])),
        ("GET /users/USER/accounts", changed(accounts=[])),
        ("GET /users/USER/institutions/smoketest_bank/transactions", changed(transactions=[])),
        ("GET /users/USER/institutions/mpesa/balances", changed(balances=[])),
        ("GET /users/USER/creditreport", changed(depository={"total_accounts": 2, "total_balances": 1750.01})),
        ("GET /users/USER/dti", changed(dti=4.0)),
        ("GET /users/USER/transactions-summary", changed(net=751)),
        ("GET /users/USER/alerts-summary", changed(total_alerts_count=1)),
        ("GET /users/USER/export", changed(records=[])),
    ],
)
def test_the_user_is_erased_also_where_a_later_check_fails(run, stub, call, fault):
    stub.faults[call] = fault
    done = run("smoke", URL=stub.url, LOGIN=LOGIN)
    assert done.code == 1, done.said
    assert "expected:" in done.err and "came:" in done.err
    assert call.replace("USER", "").split()[0] in done.err
    assert [user["there"] for user in stub.users.values()] == [False]


def test_a_phones_token_that_reads_is_found(run, stub):
    """Disables the stub's own refusal for the first read, which uses the phone's token."""
    reads = []

    def allow(status, body):
        reads.append(status)
        return (200, {"records": []}) if len(reads) == 1 else (status, body)

    stub.faults["GET /users/USER/ledger"] = allow
    done = run("smoke", URL=stub.url, LOGIN=LOGIN)
    assert done.code == 1 and reads[0] == 403
    assert "expected: 403" in done.err


@pytest.mark.parametrize("call", ["DELETE /users/USER", "GET /users/USER"])
def test_a_user_that_stays_after_erasure_is_found(run, stub, call):
    stub.faults[call] = other_status(200) if call.startswith("GET") else 503
    done = run("smoke", URL=stub.url, LOGIN=LOGIN)
    assert done.code == 1, done.said
    assert call.split()[0] in done.err


def test_a_user_that_cannot_be_erased_after_a_failure_is_named(run, stub):
    stub.faults = {"POST /users/USER/ledger": 503, "DELETE /users/USER": 503}
    done = run("smoke", URL=stub.url, LOGIN=LOGIN)
    [user] = stub.users
    assert done.code == 1
    assert f"user {user} of the test environment could not be erased (503)" in done.out


def test_a_redirect_is_not_followed(run, stub):
    stub.faults["GET /openapi.json"] = lambda *_: (302, ({}, {"location": stub.url + "/elsewhere"}))
    done = run("smoke", URL=stub.url)
    assert done.code == 1 and "came:     302" in done.err
    assert "GET /elsewhere" not in stub.calls


def test_the_smoke_test_waits_for_a_starting_service_but_not_long_for_a_dead_one(run, stub, free_port):
    seen = []

    def starting(status, body):
        seen.append(status)
        return (503, {}) if len(seen) < 3 else (status, body)

    stub.faults["GET /.well-known/jwks.json"] = starting
    assert run("smoke", URL=stub.url).code == 0
    done = run("smoke", URL=f"http://127.0.0.1:{free_port}", WAIT_SECONDS="1")
    assert done.code == 1
    assert "expected: an answer" in done.err and "refused" in done.err


@pytest.mark.parametrize(
    "settings, says",
    [
        ({}, "URL must be the address"),
        ({"URL": "api.example.com"}, "'api.example.com'"),
        ({"URL": "http://127.0.0.1:1", "LOGIN": "amina"}, "LOGIN must be email:password"),
        ({"URL": "http://127.0.0.1:1", "SECONDS_PER_CALL": "soon"}, "SECONDS_PER_CALL must be a number from 1 to 300"),
    ],
)
def test_wrong_settings_are_named(run, settings, says):
    done = run("smoke", **settings)
    assert done.code == 2
    assert says in done.err and "Traceback" not in done.err
