"""Log lines come from the functions' own log groups, oldest first."""

import time

import pytest


@pytest.fixture
def lines(aws, stack):
    """Two functions with log lines: auth a moment ago, credit-report an hour ago."""
    now = int(time.time() * 1000)
    for name, age_ms, message in (
        ("AuthFunction", 1_000, '{"status":200,"route":"/auth"}'),
        ("AuthFunction", 2_000, '{"status":500,"route":"/auth"}'),
        ("CreditReportFunction", 3_600_000, '{"status":200,"route":"/creditreport"}'),
    ):
        group, stream = f"/daftari-dev/{name}", f"s{age_ms}"
        aws("logs").create_log_stream(logGroupName=group, logStreamName=stream)
        aws("logs").put_log_events(
            logGroupName=group, logStreamName=stream, logEvents=[{"timestamp": now - age_ms, "message": message}]
        )


def test_all_functions_oldest_first(run, lines):
    done = run("logs", ENV="dev", SINCE="2h")
    assert done.code == 0, done.said
    shown = done.out.splitlines()
    assert [line.split()[1] for line in shown] == ["credit-report", "auth", "auth"]
    assert '"status":500' in shown[1] and '"status":200' in shown[2]


def test_one_function_and_a_shorter_time(run, lines):
    done = run("logs", ENV="dev", FUNCTION="auth")
    assert len(done.out.splitlines()) == 2 and "creditreport" not in done.out
    done = run("logs", ENV="dev", FUNCTION="credit-report", SINCE="30m")
    assert done.out.strip() == "no lines in the last 30m"


@pytest.mark.parametrize("since", ["15", "soon", "0m", "91d", "-1h", "1.5h"])
def test_an_invalid_time_is_refused(run, since):
    done = run("logs", ENV="dev", SINCE=since)
    assert done.code == 2 and "SINCE must be" in done.err


def test_an_unknown_function_is_refused_listing_the_known_ones(run, stack):
    done = run("logs", ENV="dev", FUNCTION="reports")
    assert done.code == 2 and "the functions are auth, credit-report" in done.err
