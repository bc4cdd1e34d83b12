"""Concurrent sign-ins with the right password, of one login and from one address: each succeeds after a short wait."""

import time
from concurrent.futures import ThreadPoolExecutor

from service import basic

# Longest Retry-After for a client with the right password.
MOST_WAIT_SECONDS = 10
# Attempts until a sign-in must have succeeded.
MOST_TRIES = 60
WAIT_SECONDS = 0.2


def attack(service, verdict, rng, limit, sign_ins, numbers):
    with ThreadPoolExecutor(max(1, sign_ins)) as threads:
        for sign_in in [threads.submit(sign_in_once, service, verdict, limit) for _ in range(sign_ins)]:
            sign_in.result()


def sign_in_once(service, verdict, limit):
    verdict.count("sign-ins")
    for _ in range(MOST_TRIES):
        limit.check()
        answer = service.gateway.send("GET", "/auth", authorization=basic())
        if answer.status == 200:
            return
        verdict.count(f"answers {answer.status}")
        if answer.status not in (429, 502, 503):
            return verdict.fail(f"the right password was answered {answer}")
        wait = float(answer.headers.get("retry-after", WAIT_SECONDS))
        if wait > MOST_WAIT_SECONDS:
            return verdict.fail(f"the right password was answered {answer.status}, to be sent again in {wait:.0f} s")
        time.sleep(wait)
    verdict.fail(f"the right password was not taken after {MOST_TRIES} tries")
