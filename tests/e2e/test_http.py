"""The real functions over HTTP: sign-in, ledgers, errors, concurrent requests."""

import concurrent.futures
import datetime
import gzip
import json
import uuid

import httpx
import pytest

from conftest import EMAIL, MERCY, PASSWORD, SECONDS

LEDGER = f"/users/{MERCY}/ledger"
REFERENCE = [
    {
        "id": "dd9bfad8a88f838d53f63b85c109dcf1",
        "timestamp": "2021-10-08T10:41:25+00:00",
        "institution_id": "mpesa",
        "account_id": "default",
        "account_type": "depository",
        "amount": 6800.0,
        "balance": 6324.13,
        "currency": "KES",
        "impact": "DEBIT",
        "labels": [],
    },
    {
        "id": "fd5476336f8cd261e394c050ccfff038",
        "timestamp": "2021-09-24T06:31:23+00:00",
        "institution_id": "mpesa",
        "account_id": "default",
        "account_type": "depository",
        "amount": 4359.0,
        "balance": 4359.0,
        "currency": "KES",
        "impact": "CREDIT",
        "labels": [],
    },
]


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert {"type", "title", "detail", "code", "request_id"} <= set(document)
    return document


def new_user(http):
    number = 254_780_000_000 + uuid.uuid4().int % 1_000_000
    answer = http.post("/users", json={"phone_number": str(number), "first_name": "Ledger"})
    assert answer.status_code == 201, answer.text
    return answer.json()["uuid"]


def test_sign_in_by_json_gives_a_token_for_one_environment(base_url, http):
    body = {"email": EMAIL, "password": PASSWORD, "environment": "test"}
    answer = httpx.post(f"{base_url}/auth", json=body, timeout=SECONDS)
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "Bearer" and answer.json()["expires_in"] == 18_000
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    # The other environment has other data: a user of `production` does not exist there.
    problem(httpx.get(f"{base_url}/users/{new_user(http)}", headers=headers, timeout=SECONDS), 404)
    users = httpx.get(f"{base_url}/users", headers=headers, timeout=SECONDS).json()["users"]
    assert "Late-Payer" in [user["last_name"] for user in users]


def test_wrong_credentials_and_missing_tokens_are_told_apart_from_nothing(base_url):
    problem(httpx.get(f"{base_url}/auth", auth=("x@daftari.example", "wrong-password"), timeout=SECONDS), 401)
    answer = httpx.get(f"{base_url}{LEDGER}", timeout=SECONDS)
    problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_keys_that_verify_tokens_are_public(base_url):
    [key] = httpx.get(f"{base_url}/.well-known/jwks.json", timeout=SECONDS).json()["keys"]
    assert key["alg"] == "EdDSA" and "d" not in key


def test_the_reference_ledger_is_served_as_the_public_reference_shows_it(http):
    answer = http.get(LEDGER, params={"utc_endtime": "2021-12-31"})
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"records": REFERENCE, "next_cursor": None}
    # Equal numbers may have several spellings. The public reference uses these.
    assert '"amount":6800.0,"balance":6324.13' in answer.text


def test_posted_records_are_read_back_at_once(http):
    user = new_user(http)
    ledger = f"/users/{user}/ledger"
    records = [
        {**REFERENCE[0], "labels": ["POS"], "id": "b", "amount": 0.1},
        {**REFERENCE[1], "id": "a", "institution_id": "equitybank"},
    ]
    first = http.post(ledger, json={"records": records})
    assert first.json() == {"accepted": 2, "duplicates": 0, "replaced": 0, "rejected": []}, first.text
    again = http.post(ledger, json={"records": [{**records[0], "balance": 1.5}, records[1]]})
    assert again.json() == {"accepted": 0, "duplicates": 1, "replaced": 1, "rejected": []}, again.text
    assert http.get(ledger).json()["records"] == [{**records[0], "balance": 1.5}, records[1]]
    # Repeated keys mean OR, through every layer.
    by_label = http.get(ledger, params=[("labels", "ATM"), ("labels", "POS")])
    assert [record["id"] for record in by_label.json()["records"]] == ["b"]


def test_histories_end_yesterday_in_both_environments(base_url, basic):
    yesterday = datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=1)
    [organization] = httpx.get(f"{base_url}/auth", headers=basic, timeout=SECONDS).json()
    for auth in organization["auth"]:
        headers = {"Authorization": f"Bearer {auth['api_token']}"}
        with httpx.Client(base_url=base_url, headers=headers, timeout=SECONDS) as client:
            for name in ("late-payer", "loan-stacker", "trader", "gambler", "salaried"):
                [user] = client.get("/users", params={"search": name}).json()["users"]
                [latest] = client.get(f"/users/{user['uuid']}/ledger", params={"limit": 1}).json()["records"]
                assert latest["timestamp"].startswith(yesterday.isoformat()), (auth["type"], name)
            [empty] = client.get("/users", params={"search": "uwase empty"}).json()["users"]
            assert client.get(f"/users/{empty['uuid']}/ledger").json()["records"] == []


def test_a_year_of_history_comes_in_one_answer_or_by_cursor(http):
    [joseph] = http.get("/users", params={"search": "late-payer"}).json()["users"]
    ledger = f"/users/{joseph['uuid']}/ledger"
    whole = http.get(ledger).json()
    assert whole["next_cursor"] is None and len(whole["records"]) > 600
    parts, params = [], {"limit": 400}
    for _ in range(10):
        part = http.get(ledger, params=params).json()
        parts += part["records"]
        if part["next_cursor"] is None:
            break
        params["cursor"] = part["next_cursor"]
    assert parts == whole["records"]


def test_head_and_etag_avoid_rereading_an_unchanged_ledger(http):
    got = http.get(LEDGER)
    head = http.head(LEDGER)
    assert head.status_code == 200 and head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    same = http.get(LEDGER, headers={"If-None-Match": got.headers["etag"]})
    assert same.status_code == 304 and same.content == b""


def test_a_long_answer_is_gzipped_for_clients_that_take_it(base_url, http):
    [joseph] = http.get("/users", params={"search": "late-payer"}).json()["users"]
    for path in (f"/users/{joseph['uuid']}/ledger", "/docs/swagger-ui-bundle.js"):
        plain = http.get(path, headers={"Accept-Encoding": "identity"})
        packed = http.get(path, headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
        assert packed.content == plain.content
        assert packed.num_bytes_downloaded * 3 < plain.num_bytes_downloaded
        assert "Accept-Encoding" in packed.headers["vary"]
        head = http.head(path, headers={"Accept-Encoding": "gzip"})
        assert head.headers["content-encoding"] == "gzip" and head.num_bytes_downloaded == 0
        assert packed.headers.get("etag") == plain.headers.get("etag") == head.headers.get("etag")


def test_a_body_in_gzip_passes_the_gateway(http):
    """The local gateway passes bytes on in base64, as API Gateway does, unless the type is spelled as it knows it."""
    record = {**REFERENCE[0], "id": "packed"}
    headers = {"Content-Type": "Application/JSON", "Content-Encoding": "gzip"}
    user = new_user(http)
    body = gzip.compress(json.dumps({"records": [record]}).encode())
    answer = http.post(f"/users/{user}/ledger", content=body, headers=headers)
    assert answer.status_code == 200 and answer.json()["accepted"] == 1, answer.text
    other = http.post(f"/users/{user}/ledger", content=body, headers={**headers, "Content-Encoding": "zstd"})
    problem(other, 415)
    assert other.headers["accept-encoding"] == "gzip"


def test_the_root_tells_a_person_and_a_client_where_they_are(base_url):
    page = httpx.get(base_url, headers={"Accept": "text/html,*/*;q=0.8"}, timeout=SECONDS)
    assert page.status_code == 200 and 'href="/docs"' in page.text
    links = httpx.get(f"{base_url}/", timeout=SECONDS).json()["links"]
    for path in links.values():
        assert httpx.get(f"{base_url}{path}", timeout=SECONDS).status_code == 200, path
    health = httpx.get(f"{base_url}/health", timeout=SECONDS)
    assert health.json() == {"status": "ok"} and health.headers["cache-control"] == "no-store"
    assert httpx.head(f"{base_url}/version", timeout=SECONDS).status_code == 200


@pytest.mark.parametrize("path", ["/.env", "/wp-login.php", "/.git/config"])
def test_scans_are_answered(base_url, path):
    problem(httpx.get(f"{base_url}{path}", timeout=SECONDS), 404)


@pytest.mark.parametrize("path", ["/nothing", "/users/", f"/users/{MERCY}/nothing/at/all"])
def test_unknown_paths_are_problems(http, path):
    assert problem(http.get(path), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    "method, path",
    [
        ("PUT", "/auth"),
        ("POST", "/.well-known/jwks.json"),
        ("PATCH", "/users"),
        ("OPTIONS", f"/users/{MERCY}"),
        ("DELETE", LEDGER),
        ("PUT", LEDGER),
        ("GET", f"/users/{MERCY}/messages"),
    ],
)
def test_wrong_methods_are_problems(http, method, path):
    assert problem(http.request(method, path), 405)["code"] == "method_not_allowed"


def test_an_unknown_user_has_no_ledger(http):
    unknown = f"/users/{uuid.uuid4()}/ledger"
    problem(http.get(unknown), 404)
    problem(http.post(unknown, json={"records": REFERENCE}), 404)


def test_fifty_concurrent_requests_to_one_function_all_succeed(http):
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: http.get(LEDGER), range(50)))
    assert [answer.status_code for answer in answers] == [200] * 50
    assert {answer.text for answer in answers} == {answers[0].text}
