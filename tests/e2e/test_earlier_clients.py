"""Earlier official clients, unmodified: the last one that reads by account, and the first one with flat lists."""

import json
import os
import pathlib
import subprocess

import pytest

from conftest import MERCY

FOLDER = pathlib.Path(__file__).parent
SECONDS = 120
LISTS = ("transactions", "balances", "alerts")


def answers(version, token):
    """The service's answers as a client of this version parses them."""
    python = FOLDER.parents[1] / ".tools" / f"client-{version}" / "bin" / "python"
    command = [python, "earlier_client.py", token, MERCY]
    # The rest of the environment may name modules of this Python.
    environment = {"DAFTARI_URL": os.environ["DAFTARI_URL"], "PATH": os.environ["PATH"]}
    run = subprocess.run(command, cwd=FOLDER, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)


def count(http, institution, name):
    """The number of records in a list of the API."""
    total, page, pages = 0, 1, 1
    while page <= pages:
        answer = http.get(f"/users/{MERCY}/institutions/{institution}/{name}", params={"page": page})
        assert answer.status_code == 200, answer.text
        pages = answer.json()["num_pages"]
        total += len(answer.json()[name])
        page += 1
    return total


@pytest.fixture(scope="module")
def expected(http):
    institutions = [each["institution_id"] for each in http.get(f"/users/{MERCY}/institutions").json()["institutions"]]
    return {name: {each: count(http, each, name) for each in institutions} for name in LISTS}


@pytest.mark.parametrize("version", ["0.0.6", "0.10.0"])
def test_every_method_of_an_earlier_client_finds_all_records(version, token, expected):
    found = answers(version, token)
    [user] = found["users"]
    assert user.get("uuid", user.get("user_uuid")) == MERCY
    for name in LISTS:
        # The oldest clients have a list for each account, and omit the institution.
        total = sum(len(lists[name]) for lists in found["lists"].values())
        assert total == sum(expected[name].values()) > 0, name
    if version == "0.10.0":
        assert set(found["lists"]) == set(expected["transactions"])
    assert found["credit_report"]
