"""The checks of the smoke test.

The paths are literal, as in a client's program: a check with the paths of the document would pass when a path moves.
"""

import base64
import datetime
import secrets
import uuid

from report import Failure, say
from smoke_http import JWKS, NotAsExpected, expect, expect_json, expect_problem, expect_status

# United Kingdom, 07700 900000 to 900999: reserved for drama by the regulator, so nobody has such a number.
FICTION = "447700900"
INSTITUTION = "smoketest_bank"
IN, OUT = 1000.0, 250.0
SMS_SENDER = "MPESA"
SMS_INSTITUTION = "mpesa"


class SignInFailed(NotAsExpected):
    """The login is refused, or sign-in does not work."""


def public_checks(service):
    """The public routes."""
    answer = service.first_call("GET", JWKS)
    expect_json(answer, 200)
    public = "keys for EdDSA, each with a kid and none with a private part"
    expect(
        answer,
        lambda it: it["keys"] and all(k["alg"] == "EdDSA" and k["kid"] and "d" not in k for k in it["keys"]),
        public,
    )
    service.ok("the public keys are served")

    answer = service.call("GET", "/openapi.json")
    expect_json(answer, 200)
    expect(
        answer,
        lambda it: it["openapi"].startswith("3.") and "/users" in it["paths"],
        "the OpenAPI document, with /users",
    )
    service.ok("the OpenAPI document is served")

    answer = service.call("GET", "/health")
    expect_json(answer, 200)
    expect(answer, lambda it: it["status"] == "ok", "the status ok")
    service.ok("the service says that it is well")

    answer = service.call("GET", "/version")
    found = expect_json(answer, 200)
    expect(answer, is_version, "the version, the number of the reader's rules, and the commit or null")
    service.ok(f"it is version {found['version']}, commit {found['commit'] or 'unknown'}")

    expect_problem(service.call("GET", "/no/such/path"), 404, "not_found")
    service.ok("an unknown path is a problem document with 404")

    answer = service.call("GET", "/users")
    expect_problem(answer, 401, "unauthenticated")
    challenge = answer.headers.get("www-authenticate", "")
    if not challenge.startswith("Bearer"):
        raise NotAsExpected(answer.call, "WWW-Authenticate: Bearer", f"WWW-Authenticate: {challenge or 'none'}")
    service.ok("without a token: 401")


def is_version(found):
    commit = found["commit"]
    numbers = found["version"].split(".")
    return len(numbers) >= 3 and found["reader"] >= 1 and (commit is None or len(commit) >= 7)


def checks_of_a_lender(service, email, password):
    """The calls of a lender and of the app on a phone, from sign-in to erasure."""
    token = sign_in(service, email, password)
    user = register(service, token)
    try:
        write(service, token, user)
        read_back(service, token, user)
    except Failure:
        erase_after_failure(service, token, user)
        raise
    erase(service, token, user)


def sign_in(service, email, password):
    basic = base64.b64encode(f"{email}:{password}".encode()).decode()
    answer = service.call("GET", "/auth", headers={"Authorization": f"Basic {basic}"})
    if answer.status != 200:
        raise SignInFailed(answer.call, "200", answer.shown())
    tokens = "a list of organizations, each with a production and a test token"
    expect(answer, lambda it: {auth["type"] for auth in it[0]["auth"]} == {"production", "test"}, tokens)
    [test] = [auth for auth in expect_json(answer, 200)[0]["auth"] if auth["type"] == "test"]
    service.ok("signing in gives tokens")
    return test["api_token"]


def register(service, token):
    phone = f"{FICTION}{secrets.choice(service.numbers):03}"
    body = {"phone_number": phone, "first_name": "Smoke", "last_name": "Test"}
    answer = service.call("POST", "/users", body, token=token)
    if answer.status == 200:
        # An interrupted smoke test left this user behind.
        expect_status(service.call("DELETE", f"/users/{expect_json(answer, 200)['uuid']}", token=token), 204)
        answer = service.call("POST", "/users", body, token=token)
    expect_status(answer, 201)
    expect(
        answer, lambda it: it["phone_number"] == phone and uuid.UUID(it["uuid"]), f"a user with phone_number {phone}"
    )
    service.ok("a user is registered")
    return expect_json(answer, 201)["uuid"]


def write(service, token, user):
    now = datetime.datetime.now(datetime.timezone.utc)
    earlier = (now - datetime.timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    record = {
        "id": "smoke-1", "timestamp": earlier, "institution_id": INSTITUTION, "account_type": "depository",
        "amount": IN, "impact": "CREDIT", "balance": IN, "currency": "KES",
    }  # fmt: skip
    answer = service.call("POST", f"/users/{user}/ledger", {"records": [record]}, token=token)
    expect_status(answer, 200)
    expect(answer, lambda it: it["accepted"] == 1 and not it["rejected"], "accepted 1, rejected none")
    service.ok("a record is stored")

    answer = service.call("POST", "/auth/user-token", {"user_uuid": user}, token=token)
    expect_status(answer, 201)
    expect(answer, lambda it: it["access_token"].count(".") == 2, "a user token")
    phone = expect_json(answer, 201)["access_token"]
    message = {"sender": SMS_SENDER, "received_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "body": sms(now)}
    answer = service.call("POST", f"/users/{user}/messages", {"messages": [message]}, token=phone)
    expect_status(answer, 200)
    expect(answer, lambda it: it["recorded"] == 1 and not it["rejected"], "recorded 1, rejected none")
    service.ok("an SMS sent with the phone's own token is read and stored")

    expect_problem(service.call("GET", f"/users/{user}/ledger", token=phone), 403, "forbidden")
    service.ok("the phone's token reads nothing")


def sms(now):
    """A message in the layout of M-PESA, with invented names and figures."""
    return (
        f"SM0KE1TEST Confirmed. Ksh{OUT:.2f} sent to JANE WAMBUI 0722000111 on {now.day}/{now.month}/{now:%y} "
        f"at 11:00 AM. New M-PESA balance is Ksh{IN - OUT:.2f}. Transaction cost, Ksh0.00."
    )


def read_back(service, token, user):
    def get(path):
        answer = service.call("GET", f"/users/{user}{path}", token=token)
        expect_status(answer, 200)
        return answer

    both = {(INSTITUTION, "CREDIT", IN), (SMS_INSTITUTION, "DEBIT", OUT)}
    for path, what, expected, holds in (
        ("/ledger", "the ledger has both", f"records {sorted(both)}",
         lambda it: {(r["institution_id"], r["impact"], r["amount"]) for r in it["records"]} == both),
        ("/institutions", "the institutions are listed", f"{INSTITUTION} and {SMS_INSTITUTION}",
         lambda it: {i["institution_id"] for i in it["institutions"]} == {INSTITUTION, SMS_INSTITUTION}),
        ("/accounts", "the accounts are listed", f"{INSTITUTION} and {SMS_INSTITUTION}",
         lambda it: {a["institution"]["name"] for a in it["accounts"]} == {INSTITUTION, SMS_INSTITUTION}),
        (f"/institutions/{INSTITUTION}/transactions", "its transactions are listed", f"one of {IN}",
         lambda it: [t["amount"] for t in it["transactions"]] == [IN]),
        (f"/institutions/{SMS_INSTITUTION}/balances", "its balances are listed", f"one of {IN - OUT}",
         lambda it: [b["balance"] for b in it["balances"]] == [IN - OUT]),
        ("/creditreport", "the credit report adds up", f"2 accounts holding {IN + IN - OUT}",
         lambda it: (it["depository"]["total_accounts"], it["depository"]["total_balances"]) == (2, IN + IN - OUT)),
        ("/dti?currency=KES", "debt to income is right", f"dti {OUT / IN}, status ok",
         lambda it: (it["dti"], it["status"]) == (OUT / IN, "ok")),
        ("/transactions-summary?currency=KES", "the summary of transactions is right", f"net {IN - OUT} of 2",
         lambda it: (it["net"], it["total_transactions_count"]) == (IN - OUT, 2)),
        ("/alerts-summary", "the summary of alerts is right", "no alerts", lambda it: it["total_alerts_count"] == 0),
        ("/export", "the export has everything", "2 records", lambda it: len(it["records"]) == 2),
    ):  # fmt: skip
        expect(get(path), holds, expected)
        service.ok(what)


def erase(service, token, user):
    path = f"/users/{user}"
    expect_status(service.call("DELETE", path, token=token), 204)
    expect_problem(service.call("GET", path, token=token), 404, "not_found")
    expect_problem(service.call("GET", f"{path}/ledger", token=token), 404, "not_found")
    service.ok("the user is erased and gone")


def erase_after_failure(service, token, user):
    try:
        status = service.call("DELETE", f"/users/{user}", token=token).status
    except Failure:
        status = "no answer"
    if status != 204:
        say(f"     user {user} of the test environment could not be erased ({status}): erase it by hand")
