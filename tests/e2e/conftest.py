"""Fixtures of the end-to-end tests: a running server, its demo login, and enough users for several pages."""

import base64
import concurrent.futures
import os

import httpx
import pytest

EMAIL, PASSWORD = "demo@daftari.example", "demo-password-2021"
MERCY = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4"
DEMO_USERS = 7
MORE_USERS = 110
SECONDS = 30


@pytest.fixture(scope="session")
def base_url():
    return os.environ["DAFTARI_URL"]


@pytest.fixture(scope="session")
def basic():
    credentials = base64.b64encode(f"{EMAIL}:{PASSWORD}".encode()).decode()
    return {"Authorization": f"Basic {credentials}"}


@pytest.fixture(scope="session")
def token(base_url, basic):
    """Selected like clients do, by the type of the environment."""
    answer = httpx.get(f"{base_url}/auth", headers=basic, timeout=SECONDS)
    assert answer.status_code == 200, answer.text
    [organization] = answer.json()
    assert organization["organization"]["name"] == "Demo Lender"
    tokens = {auth["type"]: auth["api_token"] for auth in organization["auth"]}
    assert set(tokens) == {"production", "test"}
    return tokens["production"]


@pytest.fixture(scope="session")
def http(base_url, token):
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=base_url, headers=headers, timeout=SECONDS) as client:
        yield client


@pytest.fixture(scope="session")
def many_users(http):
    """Enough users for three pages. Their uuids by phone number."""

    def register(number):
        body = {"phone_number": f"+2547990{number:05}", "first_name": "Number", "last_name": f"N{number}"}
        answer = http.post("/users", json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        users = list(pool.map(register, range(MORE_USERS)))
    assert len({user["uuid"] for user in users}) == MORE_USERS
    return {user["phone_number"]: user["uuid"] for user in users}
