"""Kills (kill -9) the ingest function during requests, and the table under load."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from batches import Author, Ledger
from function import Broken
from history import History
from service import Client

WRITERS = 4
# Kills until the attack writes to another user's month, so that no month gets full.
KILLS_A_USER = 25
# Acknowledged batches between two kills.
BETWEEN_KILLS = 2
# Timeout until there is a process to kill.
BUSY_SECONDS = 60
# Longest time from an acknowledged write to a kill of the table.
TABLE_SECONDS = 0.6
POLL_SECONDS = 0.002
READ_PAUSE_SECONDS = 0.2


class Load:
    """A reader, and writers that resend each batch until it is acknowledged."""

    def __init__(self, ledger, rng):
        self.ledger = ledger
        self.stopping = threading.Event()
        self.acknowledged = 0
        self.seconds = 0.1
        self.threads = ThreadPoolExecutor(WRITERS + 1)
        self.futures = [self.threads.submit(self.write, random.Random(rng.getrandbits(64))) for _ in range(WRITERS)]
        self.futures.append(self.threads.submit(self.read))

    def write(self, rng):
        author = Author(rng)
        while not self.stopping.is_set():
            batch = author.batch(self.ledger.history)
            started = time.monotonic()
            self.ledger.append(batch)
            self.seconds = time.monotonic() - started
            self.acknowledged += 1

    def read(self):
        while not self.stopping.wait(READ_PAUSE_SECONDS):
            self.ledger.read()

    def wait_for_acknowledgements(self):
        """Waits until the service has recovered from the last kill, so that each kill meets other writes."""
        until = time.monotonic() + BUSY_SECONDS
        enough = self.acknowledged + BETWEEN_KILLS
        while self.acknowledged < enough:
            self.check()
            if time.monotonic() > until:
                raise Broken(f"writes were not acknowledged within {BUSY_SECONDS} s")
            time.sleep(POLL_SECONDS)

    def check(self):
        """Raises the exception that ended a thread."""
        for future in self.futures:
            if future.done():
                future.result()

    def stop(self):
        """Waits until everything sent is acknowledged."""
        self.stopping.set()
        self.threads.shutdown()
        self.check()


def under_load(service, verdict, rng, limit, kills, numbers, kill):
    """Kills `count` times under load. At the end all acknowledged records must exist."""
    client = Client(service, verdict)
    for first in range(0, kills, KILLS_A_USER):
        ledger = Ledger(client, client.register(numbers()), History())
        load = Load(ledger, rng)
        try:
            for _ in range(first, min(first + KILLS_A_USER, kills)):
                limit.check()
                load.check()
                kill(load)
                verdict.count("kills")
        finally:
            load.stop()
        ledger.read()
        verdict.count("records kept", len(ledger.history.keys()))


def attack_ingest(service, verdict, rng, limit, kills, numbers):
    pool = service.gateway.pools["ingest"]

    def kill(load):
        until = time.monotonic() + BUSY_SECONDS
        load.wait_for_acknowledgements()
        while time.monotonic() < until:
            load.check()
            busy = pool.busy()
            if not busy:
                time.sleep(POLL_SECONDS)
                continue
            victim = rng.choice(busy)
            time.sleep(rng.uniform(0, load.seconds))
            if victim.busy():
                return victim.kill()
        raise Broken(f"the ingest function was not busy within {BUSY_SECONDS} s")

    under_load(service, verdict, rng, limit, kills, numbers, kill)


def attack_table(service, verdict, rng, limit, kills, numbers):
    pool = service.gateway.pools["ingest"]

    def kill(load):
        load.wait_for_acknowledgements()
        time.sleep(rng.uniform(0, TABLE_SECONDS))
        until = time.monotonic() + BUSY_SECONDS
        while not pool.busy() and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
        service.table.kill()
        service.table.start()

    under_load(service, verdict, rng, limit, kills, numbers, kill)
