"""Messages of ten institutions in six countries appear correctly in ledger, lists and reports, over HTTP.

The tests of the API in process, tests/tests/api/countries.rs, send the same messages.
"""

import json
from pathlib import Path

import pytest

COUNTRIES = json.loads((Path(__file__).parent.parent / "fixtures/countries.json").read_text())
PASSWORD = {
    "sender": "INFO",
    "body": "Your one-time password is 482910.",
    "received_at": "2021-10-12T08:00:00Z",
}


def test_the_messages_are_of_ten_institutions_of_six_countries():
    told = COUNTRIES.values()
    institutions = {each["institution_id"] for country in told for each in country["institutions"]}
    assert (len(told), len(institutions)) == (6, 10)


@pytest.fixture(scope="module", params=COUNTRIES)
def told(http, request):
    """A user of a country who sent the messages, the last first, and the expected results."""
    told = COUNTRIES[request.param]
    user = http.post("/users", json={"phone_number": told["phone_number"]}).json()["uuid"]
    batch = [{name: each[name] for name in PASSWORD} for each in reversed(told["messages"])]
    answer = http.post(f"/users/{user}/messages", json={"messages": [*batch, PASSWORD]})
    assert answer.status_code == 200, answer.text
    counts = answer.json()
    assert (counts["recorded"], counts["not_financial"]) == (len(batch), 1), counts
    assert counts["unrecognized_messages"] == counts["rejected"] == []
    return user, told


def test_the_ledger(http, told):
    user, told = told
    records = http.get(f"/users/{user}/ledger").json()["records"]
    assert len(records) == len(told["messages"])
    for record, message in zip(reversed(records), told["messages"]):
        wanted = message["record"] | {
            "timestamp": message["received_at"].replace("Z", "+00:00"),
            "currency": told["currency"],
            "account_type": "depository",
        }
        assert {name: record[name] for name in wanted} == wanted


def test_the_lists(http, told):
    user, told = told
    answer = http.get(f"/users/{user}/institutions").json()
    assert answer["country_currency"] == told["currency"]
    listed = {each["institution_id"]: each for each in answer["institutions"]}
    assert len(listed) == len(told["institutions"])
    for wanted in told["institutions"]:
        found = listed[wanted["institution_id"]]
        assert found["display_name"] == wanted["display_name"]
        assert found["account_types"] == wanted["account_types"]
        assert found["account_ids"] == [wanted["account_id"]]
    accounts = http.get(f"/users/{user}/accounts").json()["accounts"]
    names = sorted(each["institution"]["display_name"] for each in accounts)
    assert names == sorted(each["display_name"] for each in told["institutions"])


def test_the_reports(http, told):
    user, told = told
    summary = http.get(f"/users/{user}/transactions-summary").json()
    assert summary["currency"] == told["currency"]
    for name in ("credit", "debit"):
        assert {part: summary[name][part] for part in told[name]} == told[name]
    dti = http.get(f"/users/{user}/dti").json()
    assert (dti["dti"], dti["status"]) == (told["dti"], "ok")
    report = http.get(f"/users/{user}/creditreport").json()
    assert report["depository"]["total_accounts"] == len(told["institutions"])
    assert report["meta"]["completeness"] == told["completeness"]["completeness"]


def test_the_completeness(http, told):
    user, told = told
    answer = http.get(f"/users/{user}/ledger", params={"include": "completeness"}).json()
    completeness = answer["_meta"]["completeness"]
    assert completeness["currency"] == told["currency"]
    [row] = completeness["by_currency"]
    assert {name: row[name] for name in told["completeness"]} == told["completeness"]
