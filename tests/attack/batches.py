"""Batches of records for one month of one user: new ones, replacements, duplicates."""

import base64
import datetime
import itertools
import random
from typing import NamedTuple

# The month of all records.
MONTH = datetime.datetime(2021, 10, 1, tzinfo=datetime.timezone.utc)
MONTH_SECONDS = 31 * 24 * 60 * 60
INSTITUTIONS = ("mpesa", "kcb")
# Limits of each kind in a batch.
NEW, REPLACED, DUPLICATES = 4, 3, 2
# Random bytes after a text. Compressed, the text has about this size, so a few hundred records fill a page.
BODY_BYTES = (300, 1_100)



class Value(NamedTuple):
    """The identity of a record."""

    timestamp: str
    amount: object
    balance: object

    def __str__(self):
        return f"{self.amount} at {self.timestamp}"


# Each sent value has a different amount, which identifies it.
amounts = itertools.count(1)


def timestamp(seconds):
    """A time within the month, as the ledger shows it."""
    return (MONTH + datetime.timedelta(seconds=seconds)).isoformat()


def value(seconds):
    """A new value: timestamp, amount and balance."""
    amount = next(amounts)
    return Value(timestamp(seconds), amount, amount + 1)


def record(key, value, body_bytes=None):
    """The record with a key and a value. Its other members follow from both, so equal values give equal records."""
    institution, id = key
    rng = random.Random(value.amount)
    body = base64.b64encode(rng.randbytes(body_bytes or rng.randint(*BODY_BYTES))).decode()
    return {
        "id": id,
        "timestamp": value.timestamp,
        "institution_id": institution,
        "account_type": "depository",
        "amount": value.amount,
        "balance": value.balance,
        "currency": "KES",
        "impact": "DEBIT",
        "labels": ["ATM"],
        "body": body,
    }


def shown(records):
    """Keys and values of the records that a ledger shows."""
    return [
        ((record["institution_id"], record["id"]), Value(record["timestamp"], record["amount"], record["balance"]))
        for record in records
    ]


class Author:
    """Creates the batches of one writer."""

    def __init__(self, rng):
        self.rng = rng

    def new_key(self):
        return self.rng.choice(INSTITUTIONS), f"{self.rng.getrandbits(128):032x}"

    def new_value(self):
        return value(self.rng.randrange(MONTH_SECONDS))

    def bulk(self, number):
        """Keys and values of `number` new records."""
        return [(self.new_key(), self.new_value()) for _ in range(number)]

    def batch(self, history, contested=()):
        """Keys and values of a batch. It has one of the contested keys, which other writers write at the same time."""
        known = history.keys()
        values = {}
        for key in self.rng.sample(known, min(len(known), self.rng.randint(0, DUPLICATES))):
            values[key] = history.last_value(key)
        for key in self.rng.sample(known, min(len(known), self.rng.randint(0, REPLACED))):
            values[key] = self.new_value()
        values.update(self.bulk(self.rng.randint(1, NEW)))
        if contested:
            values[self.rng.choice(contested)] = self.new_value()
        batch = list(values.items())
        self.rng.shuffle(batch)
        return batch


class Ledger:
    """One user's ledger, with a history of its writes and reads."""

    def __init__(self, client, user, history):
        self.client, self.user, self.history = client, user, history

    def append(self, batch, body_bytes=None):
        """Sends a batch until it is acknowledged. All attempts are one write."""
        writes = self.history.begin(batch)
        result = self.client.append(self.user, [record(key, value, body_bytes) for key, value in batch])
        self.history.end(writes)
        verdict = self.client.verdict
        verdict.count("batches")
        verdict.count("replacements", result["replaced"])
        verdict.count("duplicates", result["duplicates"])
        return result

    def read(self, client=None):
        """Reads the ledger and checks it."""
        client = client or self.client
        start = self.history.clock()
        records = client.ledger(self.user)
        self.client.verdict.read(self.history.check(shown(records), start, self.history.clock()))
