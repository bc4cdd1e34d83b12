"""The behaviour of a lender's users, for locust. infra/load/run.sh runs it.

Each simulated phone sends a batch of messages, and its lender reads reports, in the proportion of docs/OPERATIONS.md
(Cost): 30 batches and 8 reads a month. They are users of the `test` environment with phone numbers reserved for
fiction, and are erased at the end.

Environment: LOGIN, email:password of an organization for tests.
"""

import base64
import datetime
import itertools
import json
import os
import pathlib
import secrets

import gevent.lock
from locust import FastHttpUser, between, task
from locust.exception import StopUser

# United Kingdom, 07700 900000 to 900999: reserved for drama. This limits the number of users.
FICTION, MAX_USERS = "447700900", 1_000
BATCHES, READS = 30, 8
# Operations that read, with their queries.
READ = (
    ("get_ledger", ""),
    ("get_accounts", ""),
    ("get_credit_report", ""),
    ("get_dti", "?currency=KES"),
    ("get_transactions_summary", "?currency=KES"),
    ("get_alerts_summary", ""),
)
DOCUMENT = json.loads((pathlib.Path(__file__).parents[2] / "docs/openapi.json").read_text(encoding="utf-8"))
# The method and path of each operation.
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}

numbers = itertools.cycle(range(MAX_USERS))
token = None
signing_in = gevent.lock.Semaphore()


class Phone(FastHttpUser):
    wait_time = between(0.5, 1.5)
    connection_timeout = network_timeout = 35
    user = None

    def on_start(self):
        self.headers = {"Authorization": f"Bearer {self.sign_in()}"}
        body = {"phone_number": f"{FICTION}{next(numbers):03}", "first_name": "Load", "last_name": "Test"}
        answer = self.call("post_user", self.headers, body=body)
        self.user = self.expected(answer)["uuid"]
        body = {"user_uuid": self.user}
        answer = self.call("post_user_token", self.headers, body=body)
        self.phone = {"Authorization": f"Bearer {self.expected(answer)['access_token']}"}

    def sign_in(self):
        """Signs in once for all users, because a lender's backend caches its token."""
        global token
        with signing_in:
            if token is None:
                basic = base64.b64encode(os.environ["LOGIN"].encode()).decode()
                answer = self.call("get_tokens", {"Authorization": f"Basic {basic}"})
                [test] = [each for each in self.expected(answer)[0]["auth"] if each["type"] == "test"]
                token = test["api_token"]
        return token

    def call(self, operation, headers, query="", body=None):
        """Calls an operation of the API, for this user. Reports count it by its path."""
        method, path = OPERATIONS[operation]
        filled = path.replace("{user_uuid}", self.user or "") + query
        return self.client.request(method, filled, name=path, headers=headers, json=body)

    def expected(self, answer):
        """The body of an answer that a phone needs to continue."""
        if answer.status_code not in (200, 201):
            # Locust has already counted the failure.
            raise StopUser
        return answer.json()

    def on_stop(self):
        if not self.user:
            return
        self.call("delete_user", self.headers)

    @task(BATCHES)
    def send_messages(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        messages = [message(now, each) for each in range(2)]
        self.call("post_messages", self.phone, body={"messages": messages})

    @task(READS)
    def read(self):
        operation, query = secrets.choice(READ)
        self.call(operation, self.headers, query)


def message(now, number):
    """In the layout of M-PESA, with invented names and figures."""
    code = f"L0AD{secrets.token_hex(3).upper()}"
    amount = 10 + secrets.randbelow(990)
    return {
        "sender": "MPESA",
        "received_at": (now - datetime.timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "body": (
            f"{code} Confirmed. Ksh{amount:.2f} sent to JANE WAMBUI 0722000111 on {now.day}/{now.month}/{now:%y} "
            f"at 11:00 AM. New M-PESA balance is Ksh{amount * 3:.2f}. Transaction cost, Ksh0.00."
        ),
    }
