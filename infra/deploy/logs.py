"""Prints the log lines of a stage's functions, oldest first.

    make logs ENV=prod                                     all functions, the last 15 minutes
    make logs ENV=prod FUNCTION=ingest SINCE=2h            one function
    make logs ENV=prod FUNCTION=access                     the gateway's own lines
    FILTER='{ $.status >= 500 }' make logs ENV=prod        a CloudWatch filter pattern; before make, which expands $
    make logs ENV=dev FOLLOW=1                             follows until Ctrl-C, for at most an hour

For counts and percentiles use Logs Insights; docs/OPERATIONS.md has queries.
"""

import datetime
import os
import re
import time

from aws import connect, explained, functions, need_stack, resources
from report import Failure, flag, run_main, say
from stage import stage_of

UNITS = {"m": 60, "h": 3_600, "d": 86_400}
MAX_SINCE_SECONDS = 90 * 86_400
MAX_LINES = 10_000
FOLLOW_SECONDS = 3_600
POLL_SECONDS = 3
# Lines arrive some seconds late and out of order.
OVERLAP_MS = 15_000


def since_seconds(text):
    match = re.fullmatch(r"([0-9]{1,6})([mhd])", text)
    seconds = int(match[1]) * UNITS[match[2]] if match else 0
    if not 0 < seconds <= MAX_SINCE_SECONDS:
        raise Failure(f"SINCE must be a number with m, h or d, up to 90d, such as 15m; not {text!r}", code=2)
    return seconds


def short_name(logical_id):
    """The name of a function with this logical id: `CreditReportFunction` is credit-report."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", logical_id.removesuffix("Function")).lower()


def log_groups(account, stack, wanted):
    """Log groups by function. The template gives each function its own, `<Function>Logs`."""
    groups = resources(account, stack.name, "AWS::Logs::LogGroup")
    found = {}
    for logical, physical in functions(account, stack.name).items():
        found[short_name(logical)] = groups.get(f"{logical}Logs", f"/aws/lambda/{physical}")
    if not wanted:
        return found
    if "AccessLogs" in groups:
        found["access"] = groups["AccessLogs"]
    if wanted not in found:
        raise Failure(f"FUNCTION={wanted}: unknown function; the functions are {', '.join(sorted(found))}", code=2)
    return {wanted: found[wanted]}


def read(client, groups, start_ms, pattern):
    """Events since a time, oldest first, as (timestamp, function, id, message)."""
    events = []
    for name, group in groups.items():
        arguments = {"logGroupName": group, "startTime": start_ms}
        if pattern:
            arguments["filterPattern"] = pattern
        pages = client.get_paginator("filter_log_events").paginate(
            **arguments, PaginationConfig={"MaxItems": MAX_LINES}
        )
        try:
            for page in pages:
                for each in page["events"]:
                    events.append((each["timestamp"], name, each.get("eventId", ""), each["message"].rstrip()))
        except client.exceptions.ResourceNotFoundException:
            # The log group of a function that was never called does not exist yet.
            continue
    return sorted(events)


def show(events, one):
    for timestamp, name, _id, message in events:
        at = datetime.datetime.fromtimestamp(timestamp / 1000, datetime.timezone.utc)
        say(f"{at:%Y-%m-%dT%H:%M:%S}Z {'' if one else name + ' '}{message}")


def main():
    environment = os.environ
    stage = stage_of(environment)
    seconds = since_seconds(environment.get("SINCE") or "15m")
    account = connect(environment)
    stack = need_stack(account, stage)
    groups = log_groups(account, stack, environment.get("FUNCTION"))
    client = account.client("logs")
    pattern = environment.get("FILTER")
    start = int((time.time() - seconds) * 1000)
    with explained("reading logs"):
        events = read(client, groups, start, pattern)
        show(events[-MAX_LINES:], len(groups) == 1)
        if len(events) > MAX_LINES:
            say(f"(only the last {MAX_LINES} lines: ask for less by SINCE, FUNCTION or FILTER)")
        if not flag(environment, "FOLLOW"):
            if not events:
                say(f"no lines in the last {environment.get('SINCE') or '15m'}")
            return
        seen = {event[2] for event in events}
        patience = time.monotonic() + FOLLOW_SECONDS
        while time.monotonic() < patience:
            time.sleep(POLL_SECONDS)
            recent = read(client, groups, int(time.time() * 1000) - OVERLAP_MS, pattern)
            fresh = [event for event in recent if event[2] not in seen]
            show(fresh, len(groups) == 1)
            seen.update(event[2] for event in fresh)


if __name__ == "__main__":
    run_main(main)
