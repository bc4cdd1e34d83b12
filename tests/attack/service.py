"""The attacked service: the table, the functions, and a gateway in front of them, called in process."""

import base64
import json
import threading
import time
import urllib.parse
import uuid
from decimal import Decimal

from function import Broken, Gone, Pool
from table import ENDPOINT, Proxy, Table

# The login of the demo data.
EMAIL, PASSWORD = "demo@daftari.example", "demo-password-2021"
# Default source address of clients.
SOURCE = "192.0.2.1"
# Environments of each function. They limit the number of concurrent sign-ins.
ENVIRONMENTS = {"ingest": 6, "ledger": 3, "users": 6, "auth": 24}
# Attempts until a request must succeed, and the client's wait between them.
MOST_TRIES = 60
WAIT_SECONDS = 0.1


class Answer:
    """An answer of the gateway."""

    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text

    def json(self):
        """The body, with decimals kept exact."""
        return json.loads(self.text, parse_float=Decimal)

    def __str__(self):
        return f"{self.status} {self.text[:300]}"


class Gateway:
    """Hands requests to functions, by the routes of `cargo lambda watch`."""

    def __init__(self, routes, pools):
        self.routes, self.pools = routes, pools

    def send(self, method, path, *, token=None, body=None, source=SOURCE, authorization=None):
        """Returns the answer to a request; 502 if the function's environment ended before it answered."""
        function = self.function(method, path.partition("?")[0])
        event = event_of(method, path, authorization or f"Bearer {token}", body, source)
        try:
            answer = self.pools[function].invoke(json.dumps(event).encode())
        except Gone:
            return Answer(502, {}, "the environment ended")
        headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
        return Answer(answer["statusCode"], headers, answer.get("body") or "")

    def function(self, method, path):
        for route in self.routes:
            if method in route.get("methods", [method]) and matches(route["path"], path):
                return route["function"]
        raise Broken(f"no route for {method} {path}")


def matches(pattern, path):
    pattern, path = pattern.split("/"), path.split("/")
    same = (wanted.startswith("{") or wanted == part for wanted, part in zip(pattern, path))
    return len(pattern) == len(path) and all(same)


def event_of(method, path, authorization, body, source):
    """The event that API Gateway sends a function for a request."""
    path, _, query = path.partition("?")
    headers = {"authorization": authorization, "host": "localhost"}
    if body is not None:
        headers["content-type"] = "application/json"
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": source, "userAgent": "attack"}
    context = {
        "accountId": "000000000000",
        "apiId": "attack",
        "domainName": "localhost",
        "domainPrefix": "attack",
        "http": http,
        "requestId": str(uuid.uuid4()),
        "routeKey": "$default",
        "stage": "$default",
        "time": "16/Nov/2021:21:00:00 +0000",
        "timeEpoch": int(time.time() * 1000),
    }
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": context,
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


NO_LIMITS = {"DAFTARI_ORGANIZATION_REQUESTS": "0", "DAFTARI_ORGANIZATION_WRITE_UNITS": "0"}


class Refused(Exception):
    """An answer that a correct service never gives here."""

    def __init__(self, text, status=None):
        super().__init__(text)
        self.status = status


class Service:
    """Everything that runs. `folder` keeps the table and the logs."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder
        self.log = open(folder / "functions.log", "ab")
        self.pools, self.proxies = [], []
        self.table = None
        try:
            self.table = Table(binaries / "daftari-local", folder / "data", self.log)
            self.routes = json.loads((folder / "data/routes.json").read_text(encoding="utf-8"))
            self.gateway = self.gateway_over(None, ENVIRONMENTS)
            self.token = self.sign_in()
        except BaseException:
            self.stop()
            raise

    def gateway_over(self, endpoint, sizes):
        """A gateway to functions of their own, which call the table at an address."""
        # One organization makes all requests, faster than a lender's limits allow.
        variables = {**self.table.variables(), **NO_LIMITS}
        if endpoint:
            variables[ENDPOINT] = endpoint
        pools = {name: Pool(self.binaries / name, variables, size, self.log) for name, size in sizes.items()}
        self.pools += pools.values()
        for pool in pools.values():
            pool.wait_until_ready()
        return Gateway(self.routes, pools)

    def proxied(self, sizes):
        """A proxy before the table, and a gateway to functions that call the table through it."""
        proxy = Proxy(self.table.port)
        self.proxies.append(proxy)
        return proxy, self.gateway_over(proxy.endpoint, sizes)

    def sign_in(self):
        """The token of the demo login for production."""
        answer = self.gateway.send("GET", "/auth", authorization=basic())
        if answer.status != 200:
            raise Broken(f"signing in: {answer}")
        [organization] = answer.json()
        return next(auth["api_token"] for auth in organization["auth"] if auth["type"] == "production")

    def stop(self):
        for stopped in [*self.pools, *self.proxies, *filter(None, [self.table])]:
            stopped.stop()
        self.log.close()


class Client:
    """A lender's backend, which repeats every request without a successful answer."""

    def __init__(self, service, verdict, gateway=None):
        self.gateway, self.token, self.verdict = gateway or service.gateway, service.token, verdict

    def send(self, method, path, body=None):
        """One try."""
        return self.gateway.send(method, path, token=self.token, body=body)

    def insist(self, method, path, body=None):
        """Repeats a request until it succeeds. Fails on a status that a correct service never returns."""
        for _ in range(MOST_TRIES):
            answer = self.send(method, path, body)
            if answer.status < 300:
                return answer
            if answer.status not in (502, 503):
                break
            self.verdict.count(f"answers {answer.status}")
            time.sleep(WAIT_SECONDS)
        raise Refused(f"{method} {path.partition('?')[0]}: {answer}", answer.status)

    def register(self, phone_number):
        """Registers a phone number. Returns the user's uuid."""
        return self.insist("POST", "/users", {"phone_number": phone_number}).json()["uuid"]

    def append(self, user, records):
        """Sends a batch until it is acknowledged. Returns the outcome of its records."""
        result = self.insist("POST", f"/users/{user}/ledger", {"records": records}).json()
        told = result["accepted"] + result["duplicates"] + result["replaced"] + len(result["rejected"])
        if told != len(records) or result["rejected"]:
            raise Refused(f"a batch of {len(records)} was answered {result}")
        return result

    def ledger(self, user, query=""):
        """All records of one answer."""
        page = self.insist("GET", f"/users/{user}/ledger{query}").json()
        if page["next_cursor"] is not None:
            raise Broken("the ledger does not fit into one answer")
        return page["records"]


class Numbers:
    """Phone numbers, each used once."""

    def __init__(self):
        self.next, self.lock = 0, threading.Lock()

    def __call__(self):
        with self.lock:
            self.next += 1
            return f"2547{self.next:08}"


def basic(email=EMAIL, password=PASSWORD):
    return "Basic " + base64.b64encode(f"{email}:{password}".encode()).decode()


def quoted(text):
    return urllib.parse.quote(text, safe="")
