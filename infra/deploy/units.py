"""Prints the cost of requests since a time: table units and function time by route, from the log lines.

    ENV=staging STARTED=1700000000 python3 infra/deploy/units.py      seconds since 1970; make load calls it
"""

import os
import time

from aws import connect, explained, need_stack
from logs import log_groups
from report import Failure, run_main, say
from stage import stage_of

QUERY = """
filter target = "daftari::request"
| stats count(*) as requests, sum(status >= 500) as failed, pct(duration_ms, 50) as p50_ms,
    pct(duration_ms, 99) as p99_ms, sum(read_units) as reads, sum(write_units) as writes,
    sum(cold) as cold_starts by method, route
| sort requests desc
"""
COLUMNS = ("method", "route", "requests", "failed", "p50_ms", "p99_ms", "reads", "writes", "cold_starts")
# Lines arrive late.
WAIT_SECONDS = int(os.environ.get("WAIT_SECONDS", "60"))
QUERY_SECONDS = 120
POLL_SECONDS = 2


def answer(client, groups, started, ended):
    """The rows of the query, each as values by column."""
    query = client.start_query(
        logGroupNames=groups, startTime=started, endTime=ended, queryString=QUERY, limit=100
    )["queryId"]
    patience = time.monotonic() + QUERY_SECONDS
    while time.monotonic() < patience:
        found = client.get_query_results(queryId=query)
        if found["status"] == "Complete":
            return [{each["field"]: each["value"] for each in row} for row in found["results"]]
        if found["status"] not in ("Scheduled", "Running"):
            raise Failure(f"the query of the log ended as {found['status']}")
        time.sleep(POLL_SECONDS)
    raise Failure(f"the query of the log did not end within {QUERY_SECONDS} seconds")


def main():
    stage = stage_of(os.environ)
    account = connect(os.environ)
    stack = need_stack(account, stage)
    say(f"units of {stack.name}, from the log, which takes {WAIT_SECONDS} seconds to be complete")
    time.sleep(WAIT_SECONDS)
    with explained("reading logs"):
        groups = list(log_groups(account, stack, None).values())
        rows = answer(account.client("logs"), groups, int(os.environ["STARTED"]), int(time.time()))
    if not rows:
        raise Failure("there are no lines of requests: is URL the address of this stage?")
    for row in [dict(zip(COLUMNS, COLUMNS, strict=True)), *rows]:
        cells = (row.get(each, "") for each in COLUMNS)
        say("  {:<7} {:<44} {:>8} {:>7} {:>7} {:>7} {:>9} {:>9} {:>11}".format(*cells))


if __name__ == "__main__":
    run_main(main)
