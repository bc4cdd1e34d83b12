"""An example of a lending policy: reads the credit report, the debt to income and the completeness of the history, and
prints a decision with its reasons.

    TOKEN=… python3 decide.py API_URL USER_UUID [--as-of 2026-03-20]

TOKEN is an API token of `POST /auth`. The limits below are examples: set your own. Needs Python 3.9 and no packages.
"""

import argparse
import datetime
import decimal
import http.client
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

# The policy. Lateness that began and ended on one day has 0 days, and the worst status still tells it. To accept some
# days, raise MOST_DAYS_LATE and take "nonperforming" out of BAD.
BAD = {"nonperforming", "defaulted"}
MOST_DAYS_LATE = 0
MOST_REPAYMENT_TO_INCOME = decimal.Decimal("0.3")
# Share of income and completeness are of these days up to the decision; loans and unread messages are of all time.
DAYS_OF_INCOME = 90
# A thin file goes to a person: the figures of a short, old or incomplete history say little about the next months.
LEAST_DAYS_OF_HISTORY = 90
LEAST_COMPLETENESS = decimal.Decimal("0.8")
LEAST_STEPS = 10
MOST_DAYS_WITHOUT_RECORD = 30

SECONDS = 30


def get(api, token, path, **query):
    """The answer to a GET. Money stays exact: numbers are decimals, not floats."""
    url = f"{api}{path}?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer, parse_float=decimal.Decimal)
    except urllib.error.HTTPError as error:
        sys.exit(f"decide: {refusal(error)}")
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"decide: {api} does not answer: {getattr(error, 'reason', error)}")
    except ValueError:
        sys.exit(f"decide: {api}{path} does not answer with JSON: is this the address of the API?")


def refusal(error):
    """The reason that the service gives. A proxy in front of it may answer without a problem document."""
    try:
        problem = json.load(error)
        return f"{problem['title']}: {problem['detail']} (request {problem['request_id']})"
    except (ValueError, KeyError, TypeError):
        return f"{error.url} answers with status {error.code} and no problem document"


class Decision:
    """The outcome, which only gets stricter, and the reasons."""

    ORDER = ["APPROVE", "REFER to a person", "DECLINE"]

    def __init__(self):
        self.outcome, self.reasons = 0, []

    def note(self, reason):
        self.reasons.append(reason)

    def refer(self, reason):
        self.outcome = max(self.outcome, 1)
        self.note(reason)

    def decline(self, reason):
        self.outcome = 2
        self.note(reason)

    def __str__(self):
        return "\n".join([self.ORDER[self.outcome], *(f"- {reason}" for reason in self.reasons)])


def standing(account):
    """For how long a loan is late now, as the notices tell, and what is owed on it."""
    days = [episode["days"] for episode in account["late_episodes"] if episode["ongoing"]]
    since = f"at least {days[0]} day{'' if days[0] == 1 else 's'}" if days else "an unknown number of days"
    balance, currency = account["balance"], account["iso_currency_code"]
    owed = "an unknown amount" if balance is None else f"{currency or 'an unknown currency'} {balance:.2f}"
    return f"for {since}, owes {owed}"


def judge_loan(decision, account):
    """Judges whether one loan was paid in time. A person decides if no message tells it."""
    lender, reason = account["institution_id"], account["status_reason"]["record_id"]
    worst, days = account["worst_status"], account["days_late"]
    if account["status"] == "defaulted":
        decision.decline(f"defaulted at {lender}, late {standing(account)} (record {reason})")
    elif account["status"] == "nonperforming":
        decision.refer(f"late at {lender} now, {standing(account)} (record {reason})")
    elif worst in BAD or (days or 0) > MOST_DAYS_LATE:
        # A long report has no late episodes of a loan that was last mentioned long ago.
        records = [record for episode in account["late_episodes"] for record in episode["records"]]
        evidence = records[0]["record_id"] if records else reason
        total = "an unknown number of" if days is None else days
        decision.refer(f"late for {total} days in total at {lender}, worst status {worst} (record {evidence})")
    elif days is None or worst is None:
        decision.refer(f"no message tells whether the loan at {lender} was paid in time (record {reason})")


def judge_loans(decision, report):
    """Judges the person's debts, and whether they were paid in time. Names the evidence."""
    currency = report["meta"]["currency"]
    for account in report["loan"]["accounts"]:
        judge_loan(decision, account)
    if omitted := report["loan"].get("accounts_omitted"):
        decision.refer(f"{omitted} more loans are not in the report")
    count, owed = report["loan"]["open_accounts"], report["loan"]["open_balances"]
    if count:
        # Loans whose balance no message states are not part of the sum.
        unknown = sum(each["status"] == "open" and each["balance"] is None for each in report["loan"]["accounts"])
        if known := count - unknown:
            decision.note(f"owes {currency} {owed:.2f} on {known} open loan{'s' if known > 1 else ''}")
        if unknown:
            decision.refer(f"no message tells how much is owed on {unknown} open loan{'s' if unknown > 1 else ''}")


def judge_income(decision, dti):
    """The share of the income that goes to lenders."""
    ratio = dti["repayment_to_income"]
    if ratio is None:
        status = dti["repayment_to_income_status"]
        decision.refer(f"no share of income can be computed of the last {DAYS_OF_INCOME} days: {status}")
        return
    text = f"repays {ratio:.1%} of income, of the last {DAYS_OF_INCOME} days".replace("%", " %")
    if ratio > MOST_REPAYMENT_TO_INCOME:
        decision.refer(text)
    else:
        decision.note(text)


def judge_data(decision, report, history, completeness, as_of):
    """Judges whether the messages suffice for a decision. `history` is in days, null without a record."""
    if unread := report["meta"]["unrecognized_loan_messages"]:
        decision.refer(f"{unread} message{'s' if unread > 1 else ''} that may concern a loan could not be read")
    latest = report["meta"]["latest_record_at"]
    if latest is None:
        decision.refer("no message was read")
        return
    days = (as_of - datetime.datetime.fromisoformat(latest)).days
    if days > MOST_DAYS_WITHOUT_RECORD:
        decision.refer(f"the newest message is {days} days old")
    if history is None or history < LEAST_DAYS_OF_HISTORY:
        decision.refer(f"a thin file: {history or 0} days of history, of at least {LEAST_DAYS_OF_HISTORY}")
    else:
        decision.note(f"{history} days of history")
    told = completeness["completeness"]
    if told is None:
        decision.refer(
            f"no account states two balances in the last {DAYS_OF_INCOME} days, "
            "so nobody can tell whether messages are missing"
        )
        return
    rows = completeness["by_currency"]
    steps = sum(row["steps"] for row in rows if row["currency"] == completeness["currency"])
    if steps < LEAST_STEPS:
        text = f"{steps} steps from one stated balance to the next in the last {DAYS_OF_INCOME} days"
        decision.refer(f"a thin file: {text}, of at least {LEAST_STEPS}")
    text = f"the messages tell {told:.0%} of the movements between stated balances, of the last {DAYS_OF_INCOME} days"
    text = text.replace("%", " %")
    if told < LEAST_COMPLETENESS:
        decision.refer(text)
    else:
        decision.note(text)


def arguments():
    parser = argparse.ArgumentParser(description="An example of a lending policy. TOKEN holds an API token.")
    parser.add_argument("api", metavar="API_URL", help="such as http://127.0.0.1:9000")
    parser.add_argument("user_uuid", type=uuid.UUID, metavar="USER_UUID")
    parser.add_argument("--as-of", type=datetime.date.fromisoformat, help="decide as on this day; default: now")
    options = parser.parse_args()
    if not options.api.startswith(("http://", "https://")):
        parser.error("API_URL must begin with http:// or https://")
    if not os.environ.get("TOKEN"):
        parser.error("the environment variable TOKEN must hold an API token")
    return options


def main():
    options = arguments()
    as_of = datetime.datetime.now(datetime.timezone.utc)
    if options.as_of:
        end = datetime.time(23, 59, 59, tzinfo=datetime.timezone.utc)
        as_of = datetime.datetime.combine(options.as_of, end)

    def ask(path, **query):
        return get(options.api.rstrip("/"), os.environ["TOKEN"], f"/users/{options.user_uuid}/{path}", **query)

    until = as_of.isoformat(timespec="seconds")
    since = (as_of - datetime.timedelta(days=DAYS_OF_INCOME)).isoformat(timespec="seconds")
    report = ask("creditreport", utc_time=until)
    dti = ask("dti", utc_starttime=since, utc_endtime=until)
    completeness = ask("completeness", utc_starttime=since, utc_endtime=until)
    income = ask("income", utc_time=until)

    decision = Decision()
    judge_loans(decision, report)
    judge_income(decision, dti)
    judge_data(decision, report, income["_meta"]["history_days"], completeness, as_of)
    print(decision)


if __name__ == "__main__":
    main()
