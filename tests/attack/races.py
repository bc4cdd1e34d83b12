"""Concurrent writers and readers of one user's month, while its pages split."""

from concurrent.futures import ThreadPoolExecutor

from batches import Author, Ledger
from history import History
from service import Client

WRITERS, READERS = 6, 2
# Rounds until the attack writes to another user's empty month. A month must split several times but never get full.
ROUNDS_A_USER = 40
# Number of rounds from which at least one page must have split.
LEAST_ROUNDS = 10
# Records in one batch of the second round. They leave room for a few more on the first page, so most rounds split pages
# or write to several. (The first round finds an empty month.)
BULK, BULK_BODY_BYTES = 210, 1_180
# Share of batches that are sent twice at once.
TWICE = 0.2
# Keys that several writers of a round create or replace at the same time.
CONTESTED = 2


def attack(service, verdict, rng, limit, rounds, numbers):
    client = Client(service, verdict)
    with ThreadPoolExecutor(2 * WRITERS + READERS + 1) as threads:
        for first in range(0, rounds, ROUNDS_A_USER):
            ledger = Ledger(client, client.register(numbers()), History())
            accepted = 0
            for count in range(first, min(first + ROUNDS_A_USER, rounds)):
                limit.check()
                bulk = BULK if count == first + 1 else 0
                accepted += race(threads, ledger, rng, bulk)
                verdict.count("rounds")
            kept = len(ledger.history.keys())
            verdict.count("records kept", kept)
            verdict.count("pages", service.table.pages_of(ledger.user))
            if accepted > kept:
                verdict.fail(f"{accepted} records of one user were told accepted, and there are {kept}")
    if rounds >= LEAST_ROUNDS and verdict.counts["pages"] == -(-rounds // ROUNDS_A_USER):
        verdict.fail("no page was split: this attacked nothing")


def race(threads, ledger, rng, bulk):
    """One round: every writer sends a batch, then everything is read without writers. Returns the number of accepted
    records."""
    authors = [Author(rng) for _ in range(WRITERS)]
    contested = [authors[0].new_key() for _ in range(CONTESTED)]
    batches = [author.batch(ledger.history, contested) for author in authors]
    batches += [batch for batch in batches if rng.random() < TWICE]
    writes = [threads.submit(ledger.append, batch) for batch in batches]
    if bulk:
        writes.append(threads.submit(ledger.append, authors[0].bulk(bulk), BULK_BODY_BYTES))
    reads = [threads.submit(ledger.read) for _ in range(READERS)]
    accepted = sum(write.result()["accepted"] for write in writes)
    for read in reads:
        read.result()
    ledger.read()
    return accepted
