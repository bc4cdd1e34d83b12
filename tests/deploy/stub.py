"""A server that answers like Daftari as far as the smoke test checks, with faults that tests choose."""

import base64
import http.server
import json
import threading
import uuid

JWKS = {"keys": [{"kid": "key-1", "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "x": "AAAA"}]}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
LOGIN = "amina@kijani.example:a-good-password-1"
# The header of a request that reaches the functions without the gateway.
PAST_THE_GATEWAY = "x-past-the-gateway"


class Stub:
    """`faults` maps "METHOD /path" to the wrong answer: a status, or a function from (status, body) to (status, body).
    In the path of a user, USER replaces the uuid. If `is_stopped`, the gateway lets no request through."""

    def __init__(self):
        self.faults = {}
        self.is_stopped = False
        self.jwks = JWKS
        self.users = {}
        self.calls = []
        self.headers = []
        stub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                stub.handle(self)

            do_GET = do_POST = do_DELETE = answer  # noqa: N815

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def handle(self, request):
        length = int(request.headers.get("content-length") or 0)
        text = request.rfile.read(length)
        body = json.loads(text) if text.startswith(b"{") else None
        path = request.path.partition("?")[0]
        pattern = path
        for known in self.users:
            pattern = pattern.replace(known, "USER")
        call = f"{request.command} {pattern}"
        self.calls.append(call)
        status, answer = self.good(request.command, pattern, path, body, request.headers.get("authorization", ""))
        headers = {}
        fault = self.faults.get(call)
        if self.is_stopped and not request.headers.get(PAST_THE_GATEWAY):
            status, answer = 429, json.dumps({"message": "Too Many Requests"})
        elif isinstance(fault, int):
            status, answer = fault, problem(fault, "made_up")
        elif fault:
            status, answer = fault(status, answer)
        if isinstance(answer, tuple):
            answer, headers = answer
        text = answer if isinstance(answer, str) else json.dumps(answer) if answer is not None else ""
        kind = "application/problem+json" if status >= 400 and not isinstance(answer, str) else "application/json"
        if status == 401:
            headers = {"www-authenticate": "Bearer", **headers}
        try:
            request.send_response(status)
            for name, value in {"content-type": kind, "content-length": str(len(text.encode())), **headers}.items():
                request.send_header(name, value)
            request.end_headers()
            request.wfile.write(text.encode())
        except OSError:
            pass

    def good(self, method, pattern, path, body, authorization):
        if pattern == "/.well-known/jwks.json":
            return 200, self.jwks
        if pattern == "/openapi.json":
            return 200, {"openapi": "3.1.0", "paths": {"/users": {}}}
        if pattern == "/health":
            return 200, {"status": "ok"}
        if pattern == "/version":
            return 200, {"version": "0.1.0", "reader": 1, "commit": COMMIT}
        if pattern == "/auth":
            if authorization != "Basic " + base64.b64encode(LOGIN.encode()).decode():
                return 401, problem(401, "wrong_credentials")
            tokens = [{"type": kind, "api_token": f"{kind}.api.token"} for kind in ("production", "test")]
            return 200, [{"organization": {"uuid": str(uuid.uuid4()), "name": "Kijani"}, "auth": tokens}]
        if not pattern.startswith("/users") and pattern != "/auth/user-token":
            return 404, problem(404, "not_found")
        if not authorization.startswith("Bearer "):
            return 401, problem(401, "unauthenticated")
        if pattern == "/users":
            return self.register(body)
        if pattern == "/auth/user-token":
            return 201, {"access_token": "phone.user.token", "token_type": "Bearer", "expires_in": 7_776_000}
        user = path.split("/")[2]
        if user not in self.users or not self.users[user]["there"]:
            return (204, None) if method == "DELETE" else (404, problem(404, "not_found"))
        if authorization == "Bearer phone.user.token" and not pattern.endswith("/messages"):
            return 403, problem(403, "forbidden")
        return self.of_user(method, pattern.removeprefix("/users/USER"), self.users[user], body)

    def register(self, body):
        for user in self.users.values():
            if user["there"] and user["phone_number"] == body["phone_number"]:
                return 200, user
        user = {**body, "uuid": str(uuid.uuid4()), "there": True, "records": []}
        self.users[user["uuid"]] = user
        return 201, user

    def of_user(self, method, rest, user, body):
        records = user["records"]
        if method == "DELETE":
            user["there"] = False
            return 204, None
        if method == "POST" and rest == "/ledger":
            records += body["records"]
            return 200, {"accepted": 1, "duplicates": 0, "replaced": 0, "rejected": []}
        if method == "POST":
            records.append({"institution_id": "mpesa", "impact": "DEBIT", "amount": 250.0, "balance": 750.0})
            return 200, {"recorded": 1, "duplicates": 0, "not_financial": 0, "unrecognized": 0, "rejected": []}
        ids = [record["institution_id"] for record in records]
        return 200, {
            "/ledger": {"records": records, "next_cursor": None},
            "/institutions": {"institutions": [{"institution_id": i} for i in ids]},
            "/accounts": {"accounts": [{"institution": {"name": i}} for i in ids]},
            "/institutions/smoketest_bank/transactions": {"transactions": records[:1]},
            "/institutions/mpesa/balances": {"balances": records[1:]},
            "/creditreport": {"depository": {"total_accounts": 2, "total_balances": 1750.0}},
            "/dti": {"dti": 0.25, "status": "ok"},
            "/transactions-summary": {"net": 750.0, "total_transactions_count": 2},
            "/alerts-summary": {"total_alerts_count": 0},
            "/export": {"records": records},
        }[rest]


def problem(status, code):
    return {"type": f"urn:daftari:problem:{code}", "title": "t", "status": status, "code": code, "detail": "d",
            "request_id": "r-1"}  # fmt: skip
