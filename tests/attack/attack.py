"""Attacks the service with races and kills, and checks that acknowledged writes exist.

    make attack                        small, under a minute
    FULL=1 RELEASE=1 make attack       full, for use after a change to the attacked parts

Environment: FULL=1 for the full numbers, or single numbers: ROUNDS of racing writers, KILLS of the ingest function
during a request, TABLE_KILLS of the table, ERASURES racing with registrations, READS while a record moves, concurrent
SIGN_INS. ATTACKS to run (all), SEED of the random choices, RELEASE=1 for release builds.
Exit codes: 0 passed, 1 a check failed or the attack could not run, 2 usage error.
"""

import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import erasures
import kills
import moves
import races
import signins
from function import Broken
from history import Verdict
from service import Numbers, Refused, Service

# Name, attack, its variable for the count, the default and full counts, seconds per item, description.
ATTACKS = [
    ("races", races.attack, "ROUNDS", (10, 500), 15, "writers and readers of one month at once, while its pages split"),
    ("kill-ingest", kills.attack_ingest, "KILLS", (10, 200), 15, "kill -9 of ingest in mid request"),
    ("kill-table", kills.attack_table, "TABLE_KILLS", (3, 50), 60, "kill -9 of the table under load"),
    ("erasures", erasures.attack, "ERASURES", (6, 100), 30, "erasures and registrations of one number at once"),
    ("moves", moves.attack, "READS", (8, 100), 30, "reads while a record moves between pages"),
    ("sign-ins", signins.attack, "SIGN_INS", (200, 200), 3, "right sign-ins at once"),
]
MOST = 100_000
# Extra seconds for each attack, and for the start.
SPARE_SECONDS = 120
LOG_LINES = 20


class Usage(Exception):
    """An invalid setting."""


class Limit:
    """Ends an attack that takes too long."""

    def __init__(self, seconds):
        self.seconds, self.until = seconds, time.monotonic() + seconds

    def check(self):
        if time.monotonic() > self.until:
            raise Broken(f"not done within {self.seconds} s")


def number(name, default, most=MOST):
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or int(text) > most:
        raise Usage(f"{name} must be a number up to {most}, not {text!r}")
    return int(text)


def settings():
    """Returns the seed, and the selected attacks with their counts."""
    known = [name for name, *_ in ATTACKS]
    wanted = os.environ.get("ATTACKS", "").split() or known
    if unknown := set(wanted) - set(known):
        raise Usage(f"ATTACKS: unknown: {' '.join(sorted(unknown))}; there are {' '.join(known)}")
    seed = number("SEED", random.SystemRandom().randrange(2**32), 2**32)
    full = number("FULL", 0, 1)
    chosen = []
    for name, attack, variable, defaults, seconds, what in ATTACKS:
        count = number(variable, defaults[full])
        if name in wanted:
            chosen.append((name, attack, count, SPARE_SECONDS + count * seconds, what))
    return seed, chosen


def run_one(service, seed, numbers, chosen):
    """Runs one attack. True if it passed."""
    name, attack, count, seconds, what = chosen
    verdict, started = Verdict(), time.monotonic()
    try:
        attack(service, verdict, random.Random(f"{seed} {name}"), Limit(seconds), count, numbers)
    except Refused as refused:
        verdict.fail(f"refused: {refused}")
    figures = ", ".join(f"{number} {what}" for what, number in sorted(verdict.counts.items()))
    seconds = time.monotonic() - started
    print(f"attack: {name}: {what}\n    {figures}; failures: {verdict.failures}; {seconds:.0f} s", flush=True)
    for text in verdict.told:
        print(f"    FAILED: {text}", flush=True)
    if (more := verdict.failures - len(verdict.told)) > 0:
        print(f"    and {more} more", flush=True)
    return not verdict.failures


def run(binaries):
    seed, chosen = settings()
    print(f"attack: SEED={seed} makes the same choices again, though not the same timing", flush=True)
    with tempfile.TemporaryDirectory(prefix="daftari-attack-") as folder:
        service = Service(binaries, Path(folder))
        total = SPARE_SECONDS + sum(seconds for _, _, _, seconds, _ in chosen)
        watchdog = threading.Timer(total, give_up, [service, total])
        watchdog.daemon = True
        watchdog.start()
        try:
            numbers = Numbers()
            held = [run_one(service, seed, numbers, attack) for attack in chosen]
        except Broken:
            lines = (Path(folder) / "functions.log").read_text(errors="replace").splitlines()[-LOG_LINES:]
            print("\n".join(["----- the functions said last:", *lines, "-----"]), file=sys.stderr)
            raise
        finally:
            watchdog.cancel()
            service.stop()
    print(f"attack: {held.count(True)} of {len(held)} attacks held", flush=True)
    return 0 if all(held) else 1


def give_up(service, seconds):
    """Ends an attack that hangs beyond its own time limit."""
    print(f"attack: not done within {seconds} s; ending it", file=sys.stderr, flush=True)
    service.stop()
    os._exit(1)


def main():
    def stop(*_):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        return run(Path(sys.argv[1]))
    except Usage as usage:
        print(f"attack: {usage}", file=sys.stderr)
        return 2
    except Broken as broken:
        print(f"attack: cannot be made: {broken}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("attack: stopped", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
