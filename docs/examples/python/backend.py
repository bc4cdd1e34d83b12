"""A lender's backend in Python: signs in, registers a phone, sends its messages and reads the credit report.

    EMAIL=… PASSWORD=… python3 backend.py API_URL PHONE_NUMBER MESSAGES.json

MESSAGES.json is `{"messages": [{"sender", "body", "received_at"}, …]}`. Needs Python 3.9 and no packages.
"""

import decimal
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

SECONDS = 30
MOST_TRIES = 6
BATCH = 500
# Answers after which the same request may succeed.
BUSY = {429, 500, 502, 503, 504}


class Refused(Exception):
    """The service refused a request. Programs decide by `code`, people read the text."""

    def __init__(self, status, problem):
        # Each fault has its place. Without a list of them, the detail says everything.
        faults = [f"{each['pointer']}: {each['detail']}" for each in problem.get("errors", [])]
        told = "; ".join(faults) or problem.get("detail", f"status {status} without a problem document")
        request = f" (request {problem['request_id']})" if "request_id" in problem else ""
        super().__init__(told + request)
        self.status, self.code = status, problem.get("code")


class Unreachable(Exception):
    """No answer, or one that is not of the service."""


class Daftari:
    """A client of one environment. Signs in by itself, and again when the token has expired."""

    def __init__(self, api, email, password, environment="test"):
        self.api = api.rstrip("/")
        self.login = {"email": email, "password": password, "environment": environment}
        self.token = None
        self.reached = False

    def sign_in(self):
        self.token = self.send("POST", "/auth", self.login)["access_token"]

    def call(self, method, path, body=None):
        """The answer to a request. Money stays exact: numbers are decimals."""
        if self.token is None:
            self.sign_in()
        try:
            return self.send(method, path, body, self.token)
        except Refused as refused:
            if refused.status != 401:
                raise
        self.sign_in()
        return self.send(method, path, body, self.token)

    def send(self, method, path, body=None, token=None):
        """Repeats a request that the service could not answer. All writes may be repeated."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(1, MOST_TRIES + 1):
            request = urllib.request.Request(self.api + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                    self.reached = True
                    return answer_of(self.api + path, answer.read())
            except urllib.error.HTTPError as error:
                if error.code not in BUSY or attempt == MOST_TRIES:
                    raise Refused(error.code, problem_of(error)) from None
                self.reached = True
                asked = error.headers.get("Retry-After", "")
                wait = int(asked) if asked.isdigit() else 2**attempt
            except (OSError, http.client.HTTPException) as error:
                # A service that never answered is not running, or the address is wrong.
                if attempt == MOST_TRIES or not self.reached:
                    reason = getattr(error, "reason", error)
                    raise Unreachable(f"{self.api} does not answer: {reason}") from None
                wait = 2**attempt
            time.sleep(min(wait, 60))


def answer_of(url, text):
    try:
        return json.loads(text or b"null", parse_float=decimal.Decimal)
    except ValueError:
        raise Unreachable(f"{url} does not answer with JSON: is this the address of the API?") from None


def problem_of(error):
    """The problem document of an error; empty if something in front of the service answered."""
    try:
        problem = json.loads(error.read())
        return problem if isinstance(problem, dict) else {}
    except ValueError:
        return {}


def messages_of(file):
    try:
        with open(file, encoding="utf-8") as opened:
            messages = json.load(opened)["messages"]
    except OSError as error:
        sys.exit(f"backend: {file}: {error.strerror}")
    except (KeyError, TypeError, ValueError):
        messages = None
    if not isinstance(messages, list):
        sys.exit(f"backend: {file} is not JSON of the form {{\"messages\": [...]}}")
    return messages


def lateness(loan):
    """Null means that nobody knows. It does not mean 0."""
    return "days late unknown" if loan["days_late"] is None else f"late for {loan['days_late']} days"


def main(api, phone_number, file, email, password):
    messages = messages_of(file)
    daftari = Daftari(api, email, password)

    user = daftari.call("POST", "/users", {"phone_number": phone_number})["uuid"]
    for at in range(0, len(messages), BATCH):
        result = daftari.call("POST", f"/users/{user}/messages", {"messages": messages[at : at + BATCH]})
        print(
            f"{result['recorded']} recorded, {result['duplicates']} known, {result['unrecognized']} not understood, "
            f"{result['not_financial']} with nothing to record"
        )
        for rejected in result["rejected"]:
            print(f"message {at + rejected['index']} was rejected: {rejected['detail']}")

    report = daftari.call("GET", f"/users/{user}/creditreport")
    currency = report["meta"]["currency"]
    print(f"money held: {currency} {report['depository']['total_balances']:.2f}")
    for loan in report["loan"]["accounts"]:
        owed = "unknown" if loan["balance"] is None else f"{loan['balance']:.2f}"
        print(f"loan at {loan['institution_id']}: {loan['status']}, {owed} owed, {lateness(loan)}")


if __name__ == "__main__":
    login = [os.environ.get(name) for name in ("EMAIL", "PASSWORD")]
    if len(sys.argv) != 4 or not sys.argv[1].startswith(("http://", "https://")) or not all(login):
        print("usage: EMAIL=… PASSWORD=… python3 backend.py http://ADDRESS PHONE_NUMBER MESSAGES.json", file=sys.stderr)
        sys.exit(2)
    try:
        main(*sys.argv[1:], *login)
    except Refused as refused:
        sys.exit(f"backend: refused: {refused}")
    except Unreachable as unreachable:
        sys.exit(f"backend: {unreachable}")
