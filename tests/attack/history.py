"""Compares the records that a ledger shows with the acknowledged writes.

Every record is a register with many writers. A write starts when its first request is sent, and ends when a success is
received; repeated requests belong to the same write. A write takes effect at one moment between start and end. A write
without an end takes effect at some later moment, or never. A read has a start and an end as well. So a read must show:

- once, each record that a write stored before the read began;
- for each record, a value whose write began before the read ended, and that no other write had replaced before the read
  began;
- nothing else.

The rules accept every history of a correct ledger, so there are no false alarms.
"""

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass

# Number of failures to print. The rest is counted.
MOST_TOLD = 5


@dataclass
class Write:
    """One value of one record, sent to the ledger."""

    value: object
    start: float
    end: float | None = None

    def before(self, instant):
        """Whether it certainly took effect before `instant`."""
        return self.end is not None and self.end < instant


@dataclass(frozen=True)
class Fault:
    """A wrongly shown record. `kind` is lost, doubled, stale or unknown."""

    kind: str
    key: object
    shown: tuple = ()

    def __str__(self):
        shown = ", ".join(map(str, self.shown))
        return f"{self.kind}: record {self.key}" + (f" shown as {shown}" if shown else "")


class History:
    """The writes of one user's records. Thread-safe."""

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.writes = defaultdict(list)
        self.lock = threading.Lock()

    def begin(self, values):
        """Records the start of sending a batch, a list of (key, value). Returns its writes."""
        with self.lock:
            now = self.clock()
            batch = [(key, Write(value, now)) for key, value in values]
            for key, write in batch:
                self.writes[key].append(write)
        return [write for _, write in batch]

    def end(self, batch):
        """Records that a batch was acknowledged."""
        with self.lock:
            now = self.clock()
            for write in batch:
                write.end = now

    def keys(self):
        """The records written so far, in the order of their first write."""
        with self.lock:
            return list(self.writes)

    def last_value(self, key):
        """The value of a record whose write began last."""
        with self.lock:
            return self.writes[key][-1].value

    def check(self, shown, start, end):
        """The faults of a read from `start` to `end` that showed a list of (key, value)."""
        by_key = defaultdict(list)
        for key, value in shown:
            by_key[key].append(value)
        with self.lock:
            faults = [fault for key in by_key if (fault := self._fault_of_shown(key, by_key[key], start, end))]
            faults += [
                Fault("lost", key)
                for key, writes in self.writes.items()
                if key not in by_key and any(write.before(start) for write in writes)
            ]
        return faults

    def _fault_of_shown(self, key, values, start, end):
        if len(values) > 1:
            return Fault("doubled", key, tuple(values))
        [value] = values
        writes = self.writes.get(key, [])
        sources = [write for write in writes if write.value == value and write.start < end]
        if not sources:
            return Fault("unknown", key, (value,))
        # Certainly replaced: another write began after the end of this one, and ended before the read began.
        latest = max((write.start for write in writes if write.before(start)), default=None)
        if latest is not None and all(source.end is not None and source.end < latest for source in sources):
            return Fault("stale", key, (value,))
        return None


class Verdict:
    """Attempts and failures of one attack. Thread-safe."""

    def __init__(self):
        self.lock = threading.Lock()
        self.counts = Counter()
        self.failures = 0
        self.told = []

    def count(self, what, number=1):
        """Adds to a figure that is printed at the end."""
        with self.lock:
            self.counts[what] += number

    def fail(self, text):
        """Records a failure."""
        with self.lock:
            self.failures += 1
            if len(self.told) < MOST_TOLD:
                self.told.append(str(text))

    def read(self, faults):
        """Records a read and its faults: at most one failure, for any number of records."""
        self.count("reads")
        if faults:
            kinds = Counter(fault.kind for fault in faults)
            summary = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
            self.fail(f"a read showed records {summary}; first: {faults[0]}")
