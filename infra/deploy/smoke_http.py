"""Calls of the smoke test, and how it tells what was expected and what came."""

import json
import time
import urllib.error
import urllib.request

from report import Failure, say

MAX_BODY_BYTES = 8 << 20
SHOWN_CHARACTERS = 300


class NotAsExpected(Failure):
    """A check that did not pass."""

    def __init__(self, check, expected, came):
        super().__init__(f"{check}\n  expected: {expected}\n  came:     {came}")


class Answer:
    def __init__(self, call, status, headers, body):
        self.call = call
        self.status = status
        self.headers = headers
        self.body = body

    def shown(self):
        text = self.body.decode("utf-8", "replace")
        more = "…" if len(text) > SHOWN_CHARACTERS else ""
        kind = self.headers.get("content-type", "without a content type")
        return f"{self.status} {kind}: {text[:SHOWN_CHARACTERS]}{more}"


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect is shown as what came; following it would also carry the token elsewhere."""

    def redirect_request(self, *_):
        return None


class Service:
    """One deployment. Keeps the token once there is one, and counts the checks that passed."""

    def __init__(self, url, seconds, wait_seconds):
        self.url = url.rstrip("/")
        self.seconds = seconds
        self.wait_seconds = wait_seconds
        self.passed = 0
        self.opener = urllib.request.build_opener(NoRedirects)

    def call(self, method, path, body=None, headers=None, token=None):
        """An answer of any status."""
        sent = {"Accept": "application/json", "User-Agent": "daftari-smoke", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        call = f"{method} {path}"
        request = urllib.request.Request(self.url + path, data=data, headers=sent, method=method)
        try:
            with self.opener.open(request, timeout=self.seconds) as answer:
                return Answer(call, answer.status, answer.headers, answer.read(MAX_BODY_BYTES))
        except urllib.error.HTTPError as error:
            return Answer(call, error.code, error.headers, error.read(MAX_BODY_BYTES))
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise NotAsExpected(call, "an answer", f"none: {reason}") from None

    def first_call(self, method, path):
        """As `call`; waits for a service that is just starting."""
        patience = time.monotonic() + self.wait_seconds
        while True:
            try:
                answer = self.call(method, path)
                if answer.status not in (502, 503, 504):
                    return answer
            except NotAsExpected:
                if time.monotonic() > patience:
                    raise
            else:
                if time.monotonic() > patience:
                    return answer
            time.sleep(1)

    def ok(self, text):
        self.passed += 1
        say(f"ok   {text}")


def expect_status(answer, *wanted):
    if answer.status not in wanted:
        raise NotAsExpected(answer.call, " or ".join(map(str, wanted)), answer.shown())


def expect_json(answer, *wanted):
    """The body of an answer with one of these statuses, which must be JSON."""
    expect_status(answer, *wanted)
    try:
        return json.loads(answer.body)
    except ValueError:
        raise NotAsExpected(answer.call, "JSON", answer.shown()) from None


def expect(answer, holds, expected):
    """`holds` looks at the body; an error while looking is a no: the body has another shape."""
    try:
        good = holds(json.loads(answer.body))
    except (LookupError, TypeError, ValueError, AttributeError):
        good = False
    if not good:
        raise NotAsExpected(answer.call, expected, answer.shown())


def expect_problem(answer, status, code):
    """A problem document of RFC 9457."""
    expect_status(answer, status)
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        raise NotAsExpected(answer.call, "a problem document (application/problem+json)", answer.shown())
    expected = f"a problem document with status {status}, code {code} and a request_id"
    expect(answer, lambda it: it["status"] == status and it["code"] == code and it["request_id"], expected)
