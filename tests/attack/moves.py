"""Reads a month of several pages while a record moves between pages: it must never be doubled or missing."""

import threading
from concurrent.futures import ThreadPoolExecutor

from batches import MONTH_SECONDS, Author, Ledger, value
from function import Broken
from history import History
from service import Client

# Large enough that the table needs several answers of 1 MB to return them.
RECORDS, BATCH, BODY_BYTES = 1_400, 200, 1_180
LEAST_PAGES = 5
# Timeout until a read reaches the hold.
HELD_SECONDS = 10


def attack(service, verdict, rng, limit, reads, numbers):
    """Half of the reads are held between two answers of the table while the record moves."""
    client = Client(service, verdict)
    proxy, gateway = service.proxied({"ledger": 1})
    reader = Client(service, verdict, gateway)
    ledger = fill(service, client, rng, numbers, limit)
    mover = Mover(ledger, rng)
    held = 0
    with ThreadPoolExecutor(1) as threads:
        for _ in range(reads // 2):
            limit.check()
            with proxy.hold("Query", "ExclusiveStartKey") as hold:
                read = threads.submit(ledger.read, reader)
                held += hold.held.wait(HELD_SECONDS)
                mover.move()
                hold.released.set()
                read.result()
        stopping = threading.Event()
        moving = threads.submit(mover.run, stopping)
        try:
            for _ in range(reads - reads // 2):
                limit.check()
                ledger.read()
        finally:
            stopping.set()
            moving.result()
    ledger.read()
    verdict.count("reads held back", held)
    if reads > 1 and not held:
        verdict.fail("no read took several answers of the table: this attacked nothing")


def fill(service, client, rng, numbers, limit):
    """A month of several pages."""
    author = Author(rng)
    ledger = Ledger(client, client.register(numbers()), History())
    for _ in range(RECORDS // BATCH):
        limit.check()
        ledger.append(author.bulk(BATCH), BODY_BYTES)
    pages = service.table.pages_of(ledger.user)
    client.verdict.count("pages", pages)
    if pages < LEAST_PAGES:
        raise Broken(f"{RECORDS} records are {pages} pages; wanted are {LEAST_PAGES}")
    return ledger


class Mover:
    """Moves one record from the first day of the month to the last one and back."""

    def __init__(self, ledger, rng):
        self.ledger, self.rng = ledger, rng
        self.key = Author(rng).new_key()
        self.late = False
        self.move()

    def move(self):
        day = self.rng.randrange(24 * 60 * 60)
        self.late = not self.late
        self.ledger.append([(self.key, value(MONTH_SECONDS - 1 - day if self.late else day))])
        self.ledger.client.verdict.count("moves")

    def run(self, stopping):
        while not stopping.is_set():
            self.move()
