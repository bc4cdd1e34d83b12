"""make load sends load, reports failures, and erases all its users."""

import pytest

from conftest import ROOT, execute, settings_of
from stub import LOGIN


def load(url, **settings):
    given = {**settings_of(), "URL": url, "LOGIN": LOGIN, "USERS": "3", "SPAWN": "3", "DURATION": "4s", **settings}
    return execute([ROOT / "infra/load/run.sh"], given)


def test_load_is_sent_and_reported_by_route(stub, tmp_path):
    done = load(stub.url, REPORT=str(tmp_path / "load.html"))
    assert done.code == 0, done.said
    assert "/users/{user_uuid}/messages" in done.said and "99%" in done.said
    assert (tmp_path / "load.html").exists()
    assert stub.calls.count("POST /users/USER/messages") > 3
    assert stub.calls.count("GET /auth") == 1
    # All are erased.
    assert len(stub.users) == 3 and not any(user["there"] for user in stub.users.values())


def test_requests_that_fail_are_named_and_fail_the_run(stub, tmp_path):
    stub.faults["POST /users/USER/messages"] = 503
    done = load(stub.url, REPORT=str(tmp_path / "load.html"))
    assert done.code == 1
    assert "/users/{user_uuid}/messages" in done.said.split("Error report", 1)[1]


def test_a_login_that_does_not_work_fails_the_run(stub, tmp_path):
    done = load(stub.url, LOGIN="amina@kijani.example:wrong", DURATION="2s", REPORT=str(tmp_path / "load.html"))
    assert done.code == 1 and "/auth" in done.said.split("Error report", 1)[1]
    assert "wrong" not in done.said.replace("wrong_credentials", "")


@pytest.mark.parametrize(("settings", "says"), [
    ({"URL": "api.example.com"}, "URL must be the address"),
    ({"LOGIN": "amina@kijani.example"}, "LOGIN must be email:password"),
    ({"USERS": "1001"}, "USERS must be a number from 1 to 1000"),
    ({"DURATION": "2 minutes"}, "DURATION must be such as 90s"),
    ({"ENV": "production"}, "ENV=production is not a stage"),
])  # fmt: skip
def test_wrong_settings_are_named_before_anything_is_sent(stub, settings, says):
    done = load(stub.url, **settings)
    assert done.code == 2 and says in done.err
    assert stub.calls == []
