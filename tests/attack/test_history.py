"""The checker finds every violation, and accepts correct histories."""

import unittest

from history import Fault, History, Verdict


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now


class HistoryTest(unittest.TestCase):
    def setUp(self):
        self.clock = Clock()
        self.history = History(self.clock)

    def write(self, values, start, end=None):
        self.clock.now = start
        batch = self.history.begin(values)
        if end is not None:
            self.clock.now = end
            self.history.end(batch)

    def check(self, shown, start=100, end=101):
        return self.history.check(shown, start, end)

    def test_a_ledger_as_acknowledged_has_no_faults(self):
        self.write([("a", 1), ("b", 2)], 0, 1)
        self.write([("a", 3)], 2, 3)
        self.assertEqual(self.check([("a", 3), ("b", 2)]), [])

    def test_an_acknowledged_record_that_is_missing_is_lost(self):
        self.write([("a", 1), ("b", 2)], 0, 1)
        self.assertEqual(self.check([("b", 2)]), [Fault("lost", "a")])

    def test_a_record_shown_twice_is_doubled_even_with_equal_values(self):
        self.write([("a", 1)], 0, 1)
        self.assertEqual(self.check([("a", 1), ("a", 1)]), [Fault("doubled", "a", (1, 1))])

    def test_a_record_on_two_pages_is_doubled(self):
        self.write([("a", 1)], 0, 1)
        self.write([("a", 2)], 2, 3)
        self.assertEqual(self.check([("a", 1), ("a", 2)]), [Fault("doubled", "a", (1, 2))])

    def test_a_value_that_was_replaced_before_the_read_is_stale(self):
        self.write([("a", 1)], 0, 1)
        self.write([("a", 2)], 2, 3)
        self.assertEqual(self.check([("a", 1)], 4, 5), [Fault("stale", "a", (1,))])

    def test_a_value_of_a_replaced_resend_is_stale(self):
        # Interrupted at 0, resent and acknowledged at 5, replaced from 6 to 7: one write from 0 to 5.
        self.write([("a", 1)], 0, 5)
        self.write([("a", 2)], 6, 7)
        self.assertEqual(self.check([("a", 1)], 8, 9), [Fault("stale", "a", (1,))])

    def test_a_value_that_nobody_wrote_is_unknown(self):
        self.write([("a", 1)], 0, 1)
        self.assertEqual(self.check([("a", 9)]), [Fault("unknown", "a", (9,))])
        self.assertEqual(self.check([("a", 1), ("z", 1)]), [Fault("unknown", "z", (1,))])

    def test_a_value_from_the_future_is_unknown(self):
        self.write([("a", 1)], 0, 1)
        self.write([("a", 2)], 50, 51)
        self.assertEqual(self.check([("a", 2)], 10, 20), [Fault("unknown", "a", (2,))])

    def test_of_writes_at_once_either_value_may_stay(self):
        self.write([("a", 1)], 0, 10)
        self.write([("a", 2)], 5, 8)
        self.assertEqual(self.check([("a", 1)], 11, 12), [])
        self.assertEqual(self.check([("a", 2)], 11, 12), [])

    def test_a_read_during_a_write_may_show_either_side_of_it(self):
        self.write([("a", 1)], 0, 1)
        self.write([("a", 2), ("b", 1)], 5, 15)
        self.assertEqual(self.check([("a", 1)], 6, 7), [])
        self.assertEqual(self.check([("a", 2), ("b", 1)], 6, 7), [])
        self.assertEqual(self.check([("a", 1)], 16, 17), [Fault("stale", "a", (1,)), Fault("lost", "b")])

    def test_a_write_without_an_answer_may_have_happened_or_not(self):
        self.write([("a", 1)], 0, 1)
        self.write([("a", 2), ("b", 2)], 2)
        self.assertEqual(self.check([("a", 1)]), [])
        self.assertEqual(self.check([("a", 2), ("b", 2)]), [])

    def test_a_record_that_another_write_may_replace_is_lost_all_the_same(self):
        self.write([("a", 1)], 0, 1)
        self.write([("a", 2)], 2)
        self.assertEqual(self.check([]), [Fault("lost", "a")])

    def test_an_equal_value_written_again_later_is_not_stale(self):
        self.write([("a", 1)], 0, 1)
        self.write([("a", 2)], 2, 3)
        self.write([("a", 1)], 4, 5)
        self.assertEqual(self.check([("a", 1)]), [])
        self.assertEqual(self.check([("a", 2)]), [Fault("stale", "a", (2,))])


class VerdictTest(unittest.TestCase):
    def test_a_read_with_faults_is_one_failure_that_names_the_first(self):
        verdict = Verdict()
        verdict.read([])
        verdict.read([Fault("lost", "a"), Fault("lost", "b"), Fault("stale", "c", (1,))])
        self.assertEqual(verdict.counts["reads"], 2)
        self.assertEqual(verdict.failures, 1)
        self.assertEqual(verdict.told, ["a read showed records 2 lost, 1 stale; first: lost: record a"])


if __name__ == "__main__":
    unittest.main()
