"""Tests of docs/examples that need no service: the decisions of decide.py, and the programs' messages about mistakes.

    python3 tests/clients/offline.py

Needs a Node.js on the PATH that runs TypeScript (`infra/dev/setup.sh node`).
"""

import datetime
import decimal
import importlib.util
import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

from pretend import pretended

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs/examples"
SECONDS = 60
USER = "958a5ae8-f3a3-41d5-ae48-177fdc19e3f4"
NOW = datetime.datetime(2026, 3, 20, tzinfo=datetime.timezone.utc)


def load(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"python/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


decide = load("decide")


def loan(**members):
    ongoing = members.get("status") in ("nonperforming", "defaulted")
    late = {"records": [{"record_id": "missed"}], "days": members.get("days_late"), "ongoing": ongoing}
    episodes = [late] if members.get("days_late") else []
    return {"institution_id": "tala_ke", "status": "open", "balance": 10, "iso_currency_code": "KES",
            "status_reason": {"record_id": "reason"}, "days_late": 0, "worst_status": "open",
            "late_episodes": episodes, **members}


def decision(*loans, ratio="0.1", status="ok", told="0.9", steps=30, history=120, latest="2026-03-19T00:00:00+00:00",
             unread=0, **members):
    """The lines that decide.py prints for these loans, share of income, history, completeness, and newest message."""
    still_open = [each for each in loans if each["status"] == "open"]
    report = {"meta": {"currency": "KES", "latest_record_at": latest, "unrecognized_loan_messages": unread},
              "loan": {"accounts": loans, "open_accounts": len(still_open), "open_balances": 10, **members}}
    made = decide.Decision()
    decide.judge_loans(made, report)
    known = None if ratio is None else decimal.Decimal(ratio)
    decide.judge_income(made, {"repayment_to_income": known, "repayment_to_income_status": status})
    rows = [{"currency": "USD", "steps": 99}, {"currency": "KES", "steps": steps}]
    known_part = None if told is None else decimal.Decimal(told)
    completeness = {"currency": "KES", "completeness": known_part, "by_currency": rows}
    decide.judge_data(made, report, history, completeness, NOW)
    return str(made).splitlines()


class Policy(unittest.TestCase):
    def decides(self, outcome, reason, *loans, **data):
        lines = decision(*loans, **data)
        self.assertEqual(lines[0], outcome, lines)
        self.assertTrue(any(reason in line for line in lines[1:]), lines)

    def test_approves_a_known_history_within_the_limits(self):
        self.decides("APPROVE", "repays 10.0 % of income, of the last 90 days")
        self.decides("APPROVE", "owes KES 10.00 on 1 open loan", loan())
        told = "90 % of the movements between stated balances, of the last 90 days"
        self.decides("APPROVE", told, loan(status="closed"))

    def test_declines_a_default(self):
        defaulted = loan(status="defaulted", worst_status="defaulted")
        told = "defaulted at tala_ke, late for an unknown number of days, owes KES 10.00 (record reason)"
        self.decides("DECLINE", told, defaulted)
        # A reason to refer does not weaken it.
        defaulted = loan(status="defaulted", days_late=None)
        self.decides("DECLINE", "late at tala_ke now", defaulted, loan(status="nonperforming"))

    def test_tells_for_how_long_a_loan_is_late_and_what_is_owed(self):
        late = loan(status="nonperforming", worst_status="nonperforming", days_late=34)
        told = "late at tala_ke now, for at least 34 days, owes KES 10.00 (record reason)"
        self.decides("REFER to a person", told, late)
        self.decides("REFER to a person", "for at least 34 days, owes an unknown amount", {**late, "balance": None})
        one_day = loan(status="nonperforming", worst_status="nonperforming", days_late=1)
        self.decides("REFER to a person", "for at least 1 day, owes", one_day)
        self.decides("REFER to a person", "owes an unknown currency 10.00", {**late, "iso_currency_code": None})

    def test_refers_a_loan_that_was_ever_late(self):
        late = loan(days_late=5, worst_status="nonperforming")
        told = "late for 5 days in total at tala_ke, worst status nonperforming (record missed)"
        self.decides("REFER to a person", told, late)
        settled = loan(status="closed", days_late=90, worst_status="defaulted")
        self.decides("REFER to a person", "worst status defaulted", settled)
        same_day = loan(worst_status="nonperforming")
        self.decides("REFER to a person", "late for 0 days", same_day)

    def test_refers_an_unknown_repayment(self):
        for status in ("open", "closed"):
            for unknown in ({"days_late": None}, {"worst_status": None}, {"days_late": None, "worst_status": None}):
                self.decides("REFER to a person", "no message tells", loan(status=status, **unknown))
            bad = loan(status=status, days_late=None, worst_status="defaulted")
            told = "an unknown number of days in total at tala_ke, worst status defaulted"
            self.decides("REFER to a person", told, bad)
        self.decides("REFER to a person", "how much is owed on 1 open loan", loan(), loan(balance=None))
        self.decides("REFER to a person", "owes KES 10.00 on 1 open loan", loan(), loan(balance=None))
        self.decides("REFER to a person", "no share of income can be computed", ratio=None, status="no_income")
        self.decides("REFER to a person", "nobody can tell whether messages are missing", told=None)
        self.decides("REFER to a person", "no message was read", latest=None)
        self.decides("REFER to a person", "3 more loans are not in the report", accounts_omitted=3)

    def test_names_the_last_record_if_the_report_leaves_out_the_late_episodes(self):
        for episodes in ([], [{"records": []}]):
            late = loan(days_late=5, worst_status="nonperforming", late_episodes=episodes)
            self.decides("REFER to a person", "(record reason)", late)

    def test_refers_a_high_share_of_income_and_old_or_few_messages(self):
        self.decides("REFER to a person", "repays 30.1 % of income", ratio="0.301")
        self.decides("REFER to a person", "the newest message is 78 days old", latest="2026-01-01T00:00:00+00:00")
        self.decides("REFER to a person", "79 %", told="0.79")

    def test_refers_unread_messages_that_may_concern_a_loan(self):
        self.decides("REFER to a person", "1 message that may concern a loan could not be read", unread=1)
        self.decides("REFER to a person", "2 messages that may concern a loan could not be read", unread=2, latest=None)

    def test_refers_a_thin_file(self):
        self.decides("APPROVE", "90 days of history", history=90)
        self.decides("REFER to a person", "a thin file: 89 days of history, of at least 90", history=89)
        self.decides("REFER to a person", "a thin file: 28 days of history, of at least 90", history=28)
        self.decides("REFER to a person", "a thin file: 0 days of history", history=None)
        self.decides("APPROVE", "90 %", steps=10)
        self.decides("REFER to a person", "a thin file: 9 steps", steps=9)


class TokenOfReadme(unittest.TestCase):
    """The line of README.md that signs in, which `make dev` prints too."""

    def sign_in(self, address):
        lines = (EXAMPLES.parents[1] / "README.md").read_text("utf-8").splitlines()
        [line] = [each for each in lines if each.startswith("TOKEN=$(curl")]
        done = subprocess.run(["bash", "-c", f'{line.replace("http://127.0.0.1:9000", address)}; echo "$TOKEN"'],
                              capture_output=True, text=True, timeout=SECONDS)
        return done.stdout.strip(), done.stderr.splitlines()

    def test_is_the_token_or_the_reason_of_the_api(self):
        answer = [{"auth": [{"api_token": "x.y.z"}]}]
        with pretended(lambda *_: (200, answer)) as api:
            self.assertEqual(self.sign_in(api), ("x.y.z", []))
        with pretended(lambda *_: (401, {"detail": "wrong email or password"})) as api:
            self.assertEqual(self.sign_in(api), ("", ["wrong email or password"]))

    def test_tells_that_nothing_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            closed = f"http://127.0.0.1:{taken.getsockname()[1]}"
        token, lines = self.sign_in(closed)
        self.assertEqual((token, len(lines), lines[0].split(":")[0]), ("", 1, "curl"), lines)


LOGIN = {"EMAIL": "demo@daftari.example", "PASSWORD": "demo-password-2021"}
BACKENDS = {"python/backend.py": ["python3"], "typescript/backend.ts": ["node"]}


def run(program, *arguments, **variables):
    """The exit code of a program, and its lines on standard error."""
    own = {name: value for name, value in os.environ.items() if name not in ("EMAIL", "PASSWORD", "TOKEN")}
    interpreter = BACKENDS.get(program, ["python3"])
    done = subprocess.run([*interpreter, EXAMPLES / program, *arguments], env={**own, **variables},
                          stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, timeout=SECONDS)
    return done.returncode, done.stderr.splitlines()


def refuse(status, body):
    """A service that signs in and refuses everything else."""
    return lambda method, path, headers, sent: (200, {"access_token": "x"}) if path == "/auth" else (status, body)


class Mistakes(unittest.TestCase):
    """Each message is one line, never a stack trace."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.messages = self.file('{"messages": []}')
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self.closed = f"http://127.0.0.1:{taken.getsockname()[1]}"

    def file(self, text):
        path = self.folder / "messages.json"
        path.write_text(text, "utf-8")
        return path

    def backends(self, api, number, file, code, *parts, **variables):
        for program in BACKENDS:
            with self.subTest(program):
                arguments = [each for each in (api, number, file) if each is not None]
                got, lines = run(program, *arguments, **(variables or LOGIN))
                self.says(got, lines, code, parts)

    def says(self, got, lines, code, parts):
        self.assertEqual((got, len(lines)), (code, 1), lines)
        for part in parts:
            self.assertEqual(lines[0].count(part), 1, lines)

    def test_a_wrong_call_gets_the_usage(self):
        self.backends(self.closed, None, None, 2, "usage: EMAIL=… PASSWORD=…")
        self.backends("127.0.0.1:9000", "254700000021", self.messages, 2, "http://ADDRESS")
        self.backends(self.closed, "254700000021", self.messages, 2, "usage", EMAIL="x@y.example")

    def test_files_that_are_not_there_or_not_messages(self):
        self.backends(self.closed, "254700000021", self.folder / "nothing.json", 1, "nothing.json")
        for text in ("no JSON", "[]", "null", "{}", '{"messages": 1}'):
            self.backends(self.closed, "254700000021", self.file(text), 1, "messages.json is not JSON of the form")

    def test_a_service_that_is_not_running(self):
        self.backends(self.closed, "254700000021", self.messages, 1, f"{self.closed} does not answer")

    def test_answers_of_something_else(self):
        with pretended(lambda *_: (200, "<html>")) as api:
            self.backends(api, "254700000021", self.messages, 1, "does not answer with JSON")
        for body in ("<html>", "[]", "null"):
            with pretended(refuse(404, body)) as api:
                self.backends(api, "254700000021", self.messages, 1, "status 404 without a problem document")

    def test_a_fault_is_told_once(self):
        detail = "must be digits"
        problem = {"detail": f"phone_number: {detail}", "request_id": "r1", "code": "invalid",
                   "errors": [{"pointer": "/phone_number", "detail": detail}]}
        with pretended(refuse(400, problem)) as api:
            told = ["refused: ", "/phone_number: must be digits", "(request r1)", detail]
            self.backends(api, "1", self.messages, 1, *told)

    def decides(self, api, code, *parts, user=USER, **variables):
        got, lines = run("python/decide.py", api, user, **variables)
        # argparse prints usage in lines of its own.
        self.says(got, lines[-1:] if code == 2 else lines, code, parts)

    def test_decide(self):
        self.decides(self.closed, 2, "the environment variable TOKEN must hold an API token")
        self.decides("127.0.0.1:9000", 2, "must begin with http://", TOKEN="x")
        self.decides(self.closed, 2, "USER_UUID", user="mercy", TOKEN="x")
        self.decides(self.closed, 1, f"{self.closed} does not answer", TOKEN="x")
        with pretended(lambda *_: (200, "<html>")) as api:
            self.decides(api, 1, "does not answer with JSON", TOKEN="x")
        for body in ("<html>", "[]", {"message": "Not Found"}):
            with pretended(lambda *_: (404, body)) as api:
                self.decides(api, 1, "status 404 and no problem document", TOKEN="x")
        problem = {"title": "Not found", "detail": "user not found", "request_id": "r1"}
        with pretended(lambda *_: (404, problem)) as api:
            self.decides(api, 1, "Not found: user not found (request r1)", TOKEN="x")


if __name__ == "__main__":
    unittest.main()
