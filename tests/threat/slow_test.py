"""T6: callers that read nothing, write nothing and give no deadline hold little, and not for ever."""

import contextlib
import os
import threading
import time
import unittest

from attack import (DATA, END_HEADERS, END_STREAM, HEADERS, MEBIBYTE, SETTINGS, Attacker, Good, attacked, call,
                    descriptors, frame, guard_closed, report, request)

ROUNDS = 2 * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1"))
LONGEST_CALL = 4  # seconds
MOST_GROWTH = 64 * MEBIBYTE
CONNECTIONS, STREAMS = 8, 125
SUBMIT = request("/milecastle.v1.IntakeService/Submit")
NO_WINDOW = frame(SETTINGS, 0, 0, b"\0\x04\0\0\0\0")


def streams():
    return range(1, 2 * STREAMS, 2)


def readers():
    """Ask, and give the answer no window."""
    return NO_WINDOW + b"".join(call(s) + frame(DATA, END_STREAM, s, b"\0\0\0\0\0") for s in streams())


def writers():
    """Promise a message of a mebibyte, and send its beginning."""
    return b"".join(call(s) + frame(DATA, 0, s, b"\0\0\x10\0\0" + b"x" * 1000) for s in streams())


def idlers():
    """Open streams of messages, and send none."""
    return b"".join(frame(HEADERS, END_HEADERS, s, SUBMIT) for s in streams())


def half_headers():
    """Begin a header block on the last stream, and never end it."""
    return idlers() + frame(HEADERS, 0, 2 * STREAMS + 1, request())


ATTACKS = {"stalled reader": readers, "stalled writer": writers, "idle streams, no deadline": idlers,
           "unfinished headers": half_headers}


class SlowClients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trial = attacked({"longest_call_seconds = 3600": f"longest_call_seconds = {LONGEST_CALL}"})

    @classmethod
    def tearDownClass(cls):
        cls.trial.end()

    def test_T6_slow_clients_are_cut_after_the_longest_call_and_memory_is_flat(self):
        with Good(self.trial) as good:
            for name, frames in ATTACKS.items():
                for _ in range(ROUNDS):
                    self.attack(name, frames())
        report("T6", attacks=len(ATTACKS) * ROUNDS, good_calls=len(good.took), good_failures=len(good.failures),
               good_p99=f"{good.p99():.1f} ms against {self.trial.baseline.p99():.1f} ms")
        self.assertEqual(good.failures, [])
        self.assertIsNone(self.trial.process.poll())
        self.assertEqual(guard_closed(self.trial), {}, "slow is no flood")

    def attack(self, name, frames):
        before, began = self.trial.rss(), time.monotonic()
        with contextlib.ExitStack() as held:
            attackers = [held.enter_context(Attacker(self.trial)) for _ in range(CONNECTIONS)]
            for attacker in attackers:
                attacker.send(frames)
            most = self.trial.rss() - before
            waiting = [threading.Thread(target=attacker.await_close, args=(60,)) for attacker in attackers]
            for thread in waiting:
                thread.start()
            for thread in waiting:
                thread.join()
                most = max(most, self.trial.rss() - before)
            with self.subTest(attack=name):
                report("T6", attack=name, streams=CONNECTIONS * STREAMS,
                       all_cut_after=f"{time.monotonic() - began:.1f} s",
                       most_RSS_growth=f"{most / MEBIBYTE:.1f} MiB", descriptors=descriptors(self.trial))
                self.assertTrue(all(attacker.closed for attacker in attackers))
                self.assertLessEqual(most, MOST_GROWTH)


if __name__ == "__main__":
    unittest.main()
