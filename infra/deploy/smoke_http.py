"""HTTP calls of the smoke test, and messages with expected and actual answers."""

import json
import ssl
import time
import urllib.error
import urllib.request

from report import Failure, say

MAX_BODY_BYTES = 8 << 20
SHOWN_CHARACTERS = 300
# The numbers for fiction are 1,000. The checks of releases share the others.
NUMBERS = range(900, 1000)
# The path of the public keys.
JWKS = "/.well-known/jwks.json"


class NotAsExpected(Failure):
    """A check that failed."""

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


def client_certificate(environment):
    """The TLS settings with the client certificate of CLIENT_CERT and CLIENT_KEY, files in PEM; None without them."""
    files = [environment.get(name, "") for name in ("CLIENT_CERT", "CLIENT_KEY")]
    if not any(files):
        return None
    context = ssl.create_default_context()
    try:
        context.load_cert_chain(*files)
    except (OSError, ssl.SSLError) as error:
        raise Failure(f"CLIENT_CERT and CLIENT_KEY must name files in PEM: {error}", code=2) from None
    return context


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects: that would send the token to another host. The check sees the redirect itself."""

    def redirect_request(self, *_):
        return None


class Service:
    """The service under test. Counts the passed checks. `numbers` are the last three digits of the phone numbers that
    the checks may use. Concurrent checks have different ones."""

    def __init__(self, wait_seconds, numbers):
        self.wait_seconds = wait_seconds
        self.numbers = numbers
        self.passed = 0

    def send(self, method, path, headers, data):
        """Sends a request. Returns the answer, with any status."""
        raise NotImplementedError

    def call(self, method, path, body=None, headers=None, token=None):
        """Makes a call. Returns the answer, with any status."""
        sent = {"Accept": "application/json", "User-Agent": "daftari-smoke", **(headers or {})}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        return self.send(method, path, sent, data)

    def first_call(self, method, path):
        """Like `call`, but waits for a service that is still starting."""
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


class HttpService(Service):
    """The service at an address. `tls` has a client certificate, if the service requires one."""

    def __init__(self, url, seconds, wait_seconds, tls=None):
        super().__init__(wait_seconds, NUMBERS)
        self.url = url.rstrip("/")
        self.seconds = seconds
        handlers = [NoRedirects]
        if tls:
            handlers.append(urllib.request.HTTPSHandler(context=tls))
        self.opener = urllib.request.build_opener(*handlers)

    def send(self, method, path, headers, data):
        call = f"{method} {path}"
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        try:
            with self.opener.open(request, timeout=self.seconds) as answer:
                return Answer(call, answer.status, answer.headers, answer.read(MAX_BODY_BYTES))
        except urllib.error.HTTPError as error:
            return Answer(call, error.code, error.headers, error.read(MAX_BODY_BYTES))
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise NotAsExpected(call, "an answer", f"none: {reason}") from None


def expect_status(answer, *wanted):
    if answer.status not in wanted:
        raise NotAsExpected(answer.call, " or ".join(map(str, wanted)), answer.shown())


def expect_json(answer, *wanted):
    """The JSON body of an answer, which must have one of these statuses."""
    expect_status(answer, *wanted)
    try:
        return json.loads(answer.body)
    except ValueError:
        raise NotAsExpected(answer.call, "JSON", answer.shown()) from None


def expect(answer, holds, expected):
    """Checks the body with `holds`. An exception in `holds` is a failed check: the body has another shape."""
    try:
        good = holds(json.loads(answer.body))
    except (LookupError, TypeError, ValueError, AttributeError):
        good = False
    if not good:
        raise NotAsExpected(answer.call, expected, answer.shown())


def expect_problem(answer, status, code):
    """Checks a problem document of RFC 9457."""
    expect_status(answer, status)
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        raise NotAsExpected(answer.call, "a problem document (application/problem+json)", answer.shown())
    expected = f"a problem document with status {status}, code {code} and a request_id"
    expect(answer, lambda it: it["status"] == status and it["code"] == code and it["request_id"], expected)
