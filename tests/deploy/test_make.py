"""The commands of make pass settings on, and an unknown stage stops them before anything is installed."""

import pytest

from conftest import ROOT, execute, settings_of
from stub import LOGIN


def make(*words, **settings):
    return execute(["make", "--no-print-directory", "-C", ROOT, *words], {**settings_of(), **settings})


@pytest.mark.parametrize("target", ["bootstrap", "deploy", "logs", "admin", "rotate-keys", "destroy"])
def test_an_unknown_stage_is_refused_at_once(target):
    done = make(target, "ENV=production")
    assert done.code == 2
    assert "ENV=production is not a stage. It must be one of dev, staging, prod." in done.err
    assert "setup:" not in done.said


def test_settings_come_from_the_line_or_the_environment(stub):
    assert "passed: 6 checks" in make("smoke", f"URL={stub.url}").out
    assert "passed: 22 checks" in make("smoke", URL=stub.url, LOGIN=LOGIN).out


def test_a_password_with_a_dollar_goes_before_make(stub, monkeypatch):
    password = "p$a(b)c$$d#e f%g"
    monkeypatch.setattr("stub.LOGIN", f"amina@kijani.example:{password}")
    done = make("smoke", URL=stub.url, LOGIN=f"amina@kijani.example:{password}")
    assert "passed: 22 checks" in done.out, done.said


def test_a_failed_command_fails_make(stub):
    stub.faults["GET /openapi.json"] = 500
    done = make("smoke", f"URL={stub.url}")
    assert done.code == 2 and "failed: GET /openapi.json" in done.err
