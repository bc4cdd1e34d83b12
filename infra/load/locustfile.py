"""The behaviour of a lender's users, for locust. infra/load/run.sh runs it.

Each simulated phone sends a batch of messages, and its lender reads reports, in the proportion of docs/OPERATIONS.md
(Cost): 30 batches and 8 reads a month. They are users of the `test` environment with phone numbers reserved for
fiction, and are erased at the end.

Environment: LOGIN, email:password of an organization for tests.
"""

import base64
import datetime
import itertools
import os
import secrets

import gevent.lock
from locust import FastHttpUser, between, task
from locust.exception import StopUser

# United Kingdom, 07700 900000 to 900999: reserved for drama. This limits the number of users.
FICTION, MAX_USERS = "447700900", 1_000
BATCHES, READS = 30, 8
READ = ("ledger", "accounts", "creditreport", "dti?currency=KES", "transactions-summary?currency=KES", "alerts-summary")

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
        answer = self.client.post("/users", json=body, headers=self.headers)
        self.user = self.expected(answer)["uuid"]
        body = {"user_uuid": self.user}
        answer = self.client.post("/auth/user-token", json=body, headers=self.headers)
        self.phone = {"Authorization": f"Bearer {self.expected(answer)['access_token']}"}

    def sign_in(self):
        """Signs in once for all users, because a lender's backend caches its token."""
        global token
        with signing_in:
            if token is None:
                basic = base64.b64encode(os.environ["LOGIN"].encode()).decode()
                answer = self.client.get("/auth", headers={"Authorization": f"Basic {basic}"})
                [test] = [each for each in self.expected(answer)[0]["auth"] if each["type"] == "test"]
                token = test["api_token"]
        return token

    def expected(self, answer):
        """The body of an answer that a phone needs to continue."""
        if answer.status_code not in (200, 201):
            # Locust has already counted the failure.
            raise StopUser
        return answer.json()

    def on_stop(self):
        if not self.user:
            return
        self.client.delete(f"/users/{self.user}", headers=self.headers, name="/users/{user_uuid}")

    @task(BATCHES)
    def send_messages(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        messages = [message(now, each) for each in range(2)]
        path = f"/users/{self.user}/messages"
        self.client.post(path, json={"messages": messages}, headers=self.phone, name="/users/{user_uuid}/messages")

    @task(READS)
    def read(self):
        what = secrets.choice(READ)
        name = "/users/{user_uuid}/" + what.partition("?")[0]
        self.client.get(f"/users/{self.user}/{what}", headers=self.headers, name=name)


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
