"""Concurrent erasures and registrations of one phone number: it must never have two users."""

import contextlib

from concurrent.futures import ThreadPoolExecutor

from service import Client, Refused, quoted

ERASERS, REGISTRARS = 4, 2
# Timeout until an erasure reaches the hold.
HELD_SECONDS = 10


def attack(service, verdict, rng, limit, tries, numbers):
    """Every second attempt is staged. The timing of the others is random."""
    client = Client(service, verdict)
    proxy, gateway = service.proxied({"users": 2})
    slow = Client(service, verdict, gateway)
    held = 0
    with ThreadPoolExecutor(ERASERS + REGISTRARS) as threads:
        for count in range(tries):
            limit.check()
            number = numbers()
            user = client.register(number)
            if count % 2 == 0:
                seen, was_held = staged(threads, client, slow, proxy, number, user)
                held += was_held
            else:
                seen = all_at_once(threads, client, number, user)
            seen |= {user, client.register(number), client.register(number)}
            check(client, verdict, number, seen)
            verdict.count("tries")
    verdict.count("staged", held)
    if tries and not held:
        verdict.fail("no try came to pass as staged: this attacked nothing")


def staged(threads, client, slow, proxy, number, user):
    """Holds one erasure between its read of the profile and its transaction. A second erasure frees the number and is
    held before it deletes anything. The number is registered again. Then the late transaction runs.

    Returns the users that registrations returned, and whether the events took this order.
    """
    with contextlib.ExitStack() as holds:
        late_hold = holds.enter_context(proxy.hold("TransactWriteItems", user))
        late = threads.submit(erase, slow, user)
        was_held = late_hold.held.wait(HELD_SECONDS)
        begun_hold = holds.enter_context(proxy.hold("BatchWriteItem", user))
        begun = threads.submit(erase, slow, user)
        was_held &= begun_hold.held.wait(HELD_SECONDS)
        registrations = [threads.submit(client.register, number) for _ in range(REGISTRARS)]
        seen = {registration.result() for registration in registrations}
        late_hold.released.set()
        late.result()
        begun_hold.released.set()
        begun.result()
    return seen, was_held


def all_at_once(threads, client, number, user):
    erasures = [threads.submit(erase, client, user) for _ in range(ERASERS)]
    registrations = [threads.submit(client.register, number) for _ in range(REGISTRARS)]
    for erasure in erasures:
        erasure.result()
    return {registration.result() for registration in registrations}


def erase(client, user):
    client.insist("DELETE", f"/users/{user}")


def check(client, verdict, number, seen):
    """Exactly one of the users seen exists, and both searches by number find that one."""
    there = {user for user in seen if is_there(client, user)}
    by_number = found(client, f"phone_number={quoted(number)}")
    by_search = found(client, f"search={quoted(number)}")
    if len(there) != 1 or not [*there] == by_number == by_search:
        verdict.fail(
            f"number {number} has {len(there)} users: {sorted(there)}; "
            f"phone_number= finds {by_number}, search= finds {by_search}"
        )


def is_there(client, user):
    try:
        client.insist("GET", f"/users/{user}")
    except Refused as refused:
        if refused.status != 404:
            raise
        return False
    return True


def found(client, query):
    return [user["uuid"] for user in client.insist("GET", f"/users?{query}").json()["users"]]
