"""The official Python client, unmodified, against the real functions."""

import datetime

import pytest
from pngme.api import Client
from pngme.api.errors import RequestError, UserNotFoundError

from conftest import DEMO_USERS, MERCY, MORE_USERS

REGISTERED = datetime.datetime(2021, 11, 16, 21, 0, 0)
SECOND = datetime.timedelta(seconds=1)
UTC = datetime.timezone.utc
NAIROBI = datetime.timezone(datetime.timedelta(hours=3))
# Users registered before the tests.
BEFORE_TODAY = datetime.datetime(2022, 1, 1)


@pytest.fixture
def client(base_url, token):
    return Client(access_token=token, base_url=base_url)


def names(users):
    return [user["first_name"] for user in users]


def test_the_client_lists_all_users_over_several_pages(client, many_users):
    users = client.users.get()
    # Other tests also register users.
    assert len(users) >= DEMO_USERS + MORE_USERS
    uuids = [user["uuid"] for user in users]
    assert len(set(uuids)) == len(uuids)
    assert MERCY in uuids
    assert set(many_users.values()) < set(uuids)
    created = [user["created_at"] for user in users]
    assert created == sorted(created, reverse=True), "newest first"


def test_the_client_searches_by_any_word_of_a_name(client):
    for word in ("Mercy", "otieno", "MER"):
        assert MERCY in [user["uuid"] for user in client.users.get(search=word)], word
    assert names(client.users.get(search="late-payer")) == ["Joseph"]
    assert client.users.get(search="nobody-of-that-name") == []


def test_a_search_that_fills_several_pages_is_complete(client, many_users):
    found = client.users.get(search="Number")
    assert {user["uuid"] for user in found} == set(many_users.values())


def test_the_client_finds_users_by_their_ids(client):
    for number in ("254123456789", "+254123456789"):
        [user] = client.users.get(phone_number=number)
        assert user["uuid"] == MERCY
    assert names(client.users.get(external_id="KE-00017")) == ["Joseph"]
    assert names(client.users.get(device_id="5be2d7740c1a9f33")) == ["Adaeze"]
    assert client.users.get(external_id="KE-0001") == []


def test_the_client_gets_one_user(client):
    [user] = client.users.get(user_uuid=MERCY)
    assert user["first_name"] == "Mercy"
    assert user["created_at"] == "2021-11-16T21:00:00+00:00"
    assert datetime.datetime.fromisoformat(user["created_at"]) == REGISTERED.replace(tzinfo=UTC)


@pytest.mark.parametrize("uuid", ["00000000-0000-4000-8000-000000000000", "no-uuid", "958a5ae8"])
def test_an_unknown_user_is_the_clients_own_error(client, uuid):
    with pytest.raises(UserNotFoundError):
        client.users.get(user_uuid=uuid)


@pytest.mark.parametrize(
    "at",
    [REGISTERED, REGISTERED.replace(tzinfo=UTC), REGISTERED.replace(tzinfo=UTC).astimezone(NAIROBI)],
    ids=["naive", "utc", "nairobi"],
)
def test_date_filters_include_both_ends_with_and_without_offset(client, at):
    assert names(client.users.get(created_after=at, created_before=at)) == ["Mercy"]
    late = client.users.get(created_before=at - SECOND)
    assert "Mercy" not in names(late) and len(late) == DEMO_USERS - 1
    early = client.users.get(created_after=at + SECOND, created_before=BEFORE_TODAY.replace(tzinfo=at.tzinfo))
    assert early == []


def test_a_date_range_goes_through_several_pages(client, many_users):
    found = client.users.get(created_after=BEFORE_TODAY)
    assert {user["uuid"] for user in found} >= set(many_users.values())
    assert MERCY not in {user["uuid"] for user in found}


def test_a_reversed_range_is_the_clients_request_error(client):
    with pytest.raises(RequestError):
        client.users.get(created_after=REGISTERED, created_before=REGISTERED - SECOND)
