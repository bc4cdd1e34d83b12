"""The official Python client reads institutions, transactions, balances and alerts, with every filter."""

import datetime

import pytest
from pngme.api import Client

SENT = 2_300
START = datetime.datetime(2021, 1, 1)
STEP = datetime.timedelta(hours=3)
UTC = datetime.timezone.utc
NAIROBI = datetime.timezone(datetime.timedelta(hours=3))
LABELS = [[], ["POS"], ["ATM", "Overdraft"], [], ["InsufficientFunds"]]
TYPES = ["depository", "loan", "revolving_loan", "airtime"]


def sent_record(number):
    """A record with a movement, a balance or labels, or several of them."""
    kind = number % 7
    record = {
        "id": f"sent-{number:05}",
        "timestamp": (START + number * STEP).replace(tzinfo=UTC).isoformat(),
        "institution_id": "equitybank",
        "account_id": "default" if number % 3 else "4321",
        "account_type": TYPES[number % 4],
        "amount": None if kind == 1 else round(number * 1.25 + 0.01, 2),
        "impact": None if kind == 1 else ("CREDIT" if number % 2 else "DEBIT"),
        "balance": None if kind == 2 else round(number * 3.5 - 1000, 2),
        "currency": None if kind == 3 else "KES",
        "labels": LABELS[number % 5],
    }
    body = f"message {number}" if record["labels"] else None
    return record, body


@pytest.fixture(scope="module")
def client(base_url, token):
    return Client(access_token=token, base_url=base_url)


@pytest.fixture(scope="module")
def sent(http):
    """A user with records at one institution, and one record at another."""
    user = http.post("/users", json={"phone_number": "254799555001", "first_name": "Listed"}).json()["uuid"]
    pairs = [sent_record(number) for number in range(SENT)]
    batch = [dict(record, body=body) if body else record for record, body in pairs]
    for at in range(0, SENT, 1_000):
        answer = http.post(f"/users/{user}/ledger", json={"records": batch[at : at + 1_000]})
        assert answer.status_code == 200 and answer.json()["rejected"] == [], answer.text
    other = dict(sent_record(0)[0], id="other", institution_id="mpesa", account_id="default", account_type="depository")
    assert http.post(f"/users/{user}/ledger", json={"records": [other]}).status_code == 200
    return user, pairs


def newest_first(records):
    return sorted(records, key=lambda record: (record["timestamp"], record["id"]), reverse=True)


def transactions(pairs):
    return newest_first([r for r, _ in pairs if r["amount"] is not None and r["impact"] is not None])


def balances(pairs):
    names = ("id", "timestamp", "institution_id", "account_id", "account_type", "balance", "currency", "labels")
    return newest_first([{name: r[name] for name in names} for r, _ in pairs if r["balance"] is not None])


def alerts(pairs):
    def shown(record, body):
        at = datetime.datetime.fromisoformat(record["timestamp"])
        names = ("id", "timestamp", "institution_id", "account_id", "account_type", "labels")
        texts = {"body": body, "smslog_body": body, "smslog_id": record["id"], "ts": int(at.timestamp())}
        return {**{name: record[name] for name in names}, **texts}

    return newest_first([shown(record, body) for record, body in pairs if record["labels"]])


def by_label(records):
    """With the labels as a set, because their order does not matter."""
    return [dict(record, labels=sorted(record["labels"])) for record in records]


def test_institutions_are_listed(client, sent):
    user, _ = sent
    found = {institution["institution_id"]: institution for institution in client.institutions.get(user_uuid=user)}
    assert set(found) == {"equitybank", "mpesa"}
    assert found["equitybank"]["display_name"] == "Equity Bank"
    assert found["equitybank"]["currency"] == "KES"
    assert set(found["equitybank"]["account_types"]) >= set(TYPES)
    assert set(found["equitybank"]["account_ids"]) == {"default", "4321"}


def test_everything_comes_back_as_sent_over_several_pages(client, sent):
    user, pairs = sent
    lists = [(client.transactions, transactions), (client.balances, balances), (client.alerts, alerts)]
    for resource, expected in lists:
        got = resource.get(user_uuid=user, institution_id="equitybank")
        wanted = expected(pairs)
        assert len(wanted) > 1_000, "more than a page"
        assert by_label(got) == by_label(wanted)


def test_pages_can_be_had_one_by_one(client, sent):
    user, pairs = sent
    wanted = by_label(transactions(pairs))
    for page in (1, 2, 3, 1_000_000):
        got = client.transactions.get(user_uuid=user, institution_id="equitybank", page=page)
        assert by_label(got) == wanted[(page - 1) * 1_000 : page * 1_000]


@pytest.mark.parametrize("zone", [None, UTC, NAIROBI], ids=["naive", "utc", "nairobi"])
def test_date_filters_include_both_ends(client, sent, zone):
    user, pairs = sent
    first, last = START + 700 * STEP, START + 1_500 * STEP

    def as_asked(at):
        return at if zone is None else at.replace(tzinfo=UTC).astimezone(zone)

    lists = [(client.transactions, transactions), (client.balances, balances), (client.alerts, alerts)]
    for resource, expected in lists:
        got = resource.get(
            user_uuid=user, institution_id="equitybank", utc_starttime=as_asked(first), utc_endtime=as_asked(last)
        )
        assert by_label(got) == by_label(expected(pairs[700:1_501]))


def test_label_and_account_type_filters_mean_any_of(client, sent):
    user, pairs = sent
    for labels in (["ATM"], ["POS", "InsufficientFunds"]):
        chosen = [pair for pair in pairs if set(pair[0]["labels"]) & set(labels)]
        lists = [(client.transactions, transactions), (client.balances, balances), (client.alerts, alerts)]
        for resource, expected in lists:
            got = resource.get(user_uuid=user, institution_id="equitybank", labels=labels)
            assert by_label(got) == by_label(expected(chosen))
    for asked, meant in ((["loan"], {"loan"}), (["revolvingloan", "depository"], {"revolving_loan", "depository"})):
        chosen = [pair for pair in pairs if pair[0]["account_type"] in meant]
        for resource, expected in ((client.transactions, transactions), (client.balances, balances)):
            got = resource.get(user_uuid=user, institution_id="equitybank", account_types=asked)
            assert by_label(got) == by_label(expected(chosen))


def test_an_institution_without_records_is_an_empty_list(client, sent):
    user, _ = sent
    for resource in (client.transactions, client.balances, client.alerts):
        assert resource.get(user_uuid=user, institution_id="zenithbank") == []


def test_the_demo_user_reads_as_the_public_reference_shows_it(client):
    mercy, until = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4", datetime.datetime(2021, 12, 31)
    assert "mpesa" in [institution["institution_id"] for institution in client.institutions.get(user_uuid=mercy)]
    got = client.transactions.get(user_uuid=mercy, institution_id="mpesa", utc_endtime=until)
    assert [record["amount"] for record in got] == [6800.0, 4359.0]
