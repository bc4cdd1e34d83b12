"""A lender's backend in Python: signs in, registers a phone, sends its messages and reads the credit report.

    EMAIL=… PASSWORD=… python3 backend.py API_URL PHONE_NUMBER MESSAGES.json

MESSAGES.json is `{"messages": [{"sender", "body", "received_at"}, …]}`. Needs Python 3.9 and no packages.
"""

import decimal
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
        # `detail` states the first of the faults only.
        faults = "; ".join(f"{each['pointer']} {each['detail']}" for each in problem.get("errors", []))
        super().__init__(f"{faults or problem.get('detail', status)} (request {problem.get('request_id')})")
        self.status, self.code = status, problem.get("code")


class Daftari:
    """A client of one environment. Signs in by itself, and again when the token has expired."""

    def __init__(self, api, email, password, environment="test"):
        self.api = api.rstrip("/")
        self.login = {"email": email, "password": password, "environment": environment}
        self.token = None

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
        """Repeats what the service could not answer now. All writes may be repeated."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(1, MOST_TRIES + 1):
            request = urllib.request.Request(self.api + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                    return json.loads(answer.read() or b"null", parse_float=decimal.Decimal)
            except urllib.error.HTTPError as error:
                if error.code not in BUSY or attempt == MOST_TRIES:
                    raise Refused(error.code, problem_of(error)) from None
                wait = int(error.headers.get("Retry-After") or 2**attempt)
            except OSError:
                if attempt == MOST_TRIES:
                    raise
                wait = 2**attempt
            time.sleep(min(wait, 60))


def problem_of(error):
    """The problem document of an error; empty if something in front of the service answered."""
    try:
        return json.loads(error.read())
    except ValueError:
        return {}


def main():
    if len(sys.argv) != 4 or not os.environ.get("EMAIL") or not os.environ.get("PASSWORD"):
        sys.exit("usage: EMAIL=… PASSWORD=… python3 backend.py API_URL PHONE_NUMBER MESSAGES.json")
    api, phone_number, file = sys.argv[1:]
    try:
        with open(file, encoding="utf-8") as opened:
            messages = json.load(opened)["messages"]
    except (OSError, ValueError) as error:
        sys.exit(f"{file} is not a batch of messages: {error}")
    except (KeyError, TypeError):
        sys.exit(f"{file} is not a batch of messages: it has no messages")
    daftari = Daftari(api, os.environ["EMAIL"], os.environ["PASSWORD"])

    user = daftari.call("POST", "/users", {"phone_number": phone_number})["uuid"]
    for at in range(0, len(messages), BATCH):
        result = daftari.call("POST", f"/users/{user}/messages", {"messages": messages[at : at + BATCH]})
        print(f"{result['recorded']} recorded, {result['duplicates']} known, {result['unrecognized']} not understood")
        for rejected in result["rejected"]:
            print(f"message {at + rejected['index']} was rejected: {rejected['detail']}")

    report = daftari.call("GET", f"/users/{user}/creditreport")
    currency = report["meta"]["currency"]
    print(f"money held: {currency} {report['depository']['total_balances']}")
    for loan in report["loan"]["accounts"]:
        owed = "unknown" if loan["balance"] is None else loan["balance"]
        print(f"loan at {loan['institution_id']}: {loan['status']}, {owed} owed, late for {loan['days_late']} days")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit(f"refused: {refused}")
    except OSError as error:
        sys.exit(f"no answer from {sys.argv[1]}: {error}")
