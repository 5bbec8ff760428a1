"""T1: descriptors run out (CVE-2023-4785). The listener lives on, and what is established goes on working."""

import contextlib
import os
import socket
import time
import unittest

import grpc

from attack import Attacker, Good, attacked, descriptors, guard_closed, report
from trial import PB

ROUNDS = 3 * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1"))
FILES = 256
SILENT, SLOW, WORDLESS = 1000, 200, 500
HOLDERS = ["Z99001-bridge-gp", "ZT2-moorland-epr", "ZT2-moorland-pas", "ZI1-desk"]
# The beginning of a ClientHello, to be sent a byte at a time (RFC 8446 section 5.1).
SLOW_HELLO = bytes.fromhex("1603010200010001fc0303") + bytes(32)


def sources():
    """More addresses than one: each may hold no more than max_per_source connections."""
    while True:
        yield from (f"127.0.0.{last}" for last in range(2, 34))


def silent(port, source):
    return socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))


def still_open(connections):
    count = 0
    for one in connections:
        one.setblocking(False)
        try:
            count += one.recv(1) != b""
        except BlockingIOError:
            count += 1
        except OSError:
            pass
    return count


class Exhaustion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trial = attacked(files=FILES)

    @classmethod
    def tearDownClass(cls):
        cls.trial.end()

    def port(self):
        return self.trial.ports["grpc"]

    def check(self, name, attack):
        """Round by round: the attack, held for a while; then a call on a new connection."""
        with Good(self.trial) as good, contextlib.ExitStack() as after:
            self.good = good
            for _ in range(ROUNDS):
                with contextlib.ExitStack() as held:
                    attack(held)
                    most = descriptors(self.trial)
                began = time.monotonic()
                caller = self.trial.caller("ZT2", "moorland-epr", "dr", "R8000")
                after.callback(caller.channel.close)
                self.answers(caller)
                took = time.monotonic() - began
                report(name, rounds=ROUNDS, descriptors=f"{most} of {FILES}", new_call_after=f"{took:.2f} s")
        report(name, established_calls=len(good.took), established_failures=len(good.failures),
               established_p99=f"{good.p99():.1f} ms against {self.trial.baseline.p99():.1f} ms")
        self.assertLessEqual(len(good.failures), len(good.took) // 100, good.failures[:3])
        self.assertIsNone(self.trial.process.poll())

    def answers(self, caller):
        """The first call may meet a door that has not seen the attackers leave; it is open within its retries."""
        deadline = time.monotonic() + 30
        while True:
            try:
                return caller.call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest(), metadata=())
            except grpc.RpcError as refused:
                if refused.code() != grpc.StatusCode.UNAVAILABLE or time.monotonic() > deadline:
                    raise

    def test_T1_a_thousand_silent_connections(self):
        def attack(held):
            from_where = sources()
            connections = [held.enter_context(silent(self.port(), next(from_where))) for _ in range(SILENT)]
            self.good.await_calls(200)
            report("T1 silent", connections=SILENT, still_open=still_open(connections))
        self.check("T1 silent", attack)

    def test_T1_two_hundred_handshakes_of_a_byte_a_second(self):
        def attack(held):
            from_where = sources()
            connections = [held.enter_context(silent(self.port(), next(from_where))) for _ in range(SLOW)]
            for byte in SLOW_HELLO[:8]:
                for one in connections:
                    with contextlib.suppress(OSError):
                        one.send(bytes([byte]))
                time.sleep(1)
            left = still_open(connections)
            report("T1 slow handshakes", connections=SLOW, still_open=left)
            self.assertEqual(left, 0, "a handshake has its time")
        self.check("T1 slow handshakes", attack)

    def test_T1_five_hundred_handshakes_without_a_request(self):
        def attack(held):
            from_where, made, refused = sources(), 0, 0
            for i in range(WORDLESS):
                try:
                    held.enter_context(Attacker(self.trial, HOLDERS[i % len(HOLDERS)], next(from_where), quiet=True))
                    made += 1
                except OSError:
                    refused += 1
            report("T1 wordless", handshakes=made, refused=refused)
        self.check("T1 wordless", attack)

    def test_T1_one_source_holds_no_more_than_its_cap(self):
        with Good(self.trial) as good, contextlib.ExitStack() as held:
            connections = [held.enter_context(silent(self.port(), "127.0.0.99")) for _ in range(200)]
            deadline = time.monotonic() + 20
            while still_open(connections) > 64 and time.monotonic() < deadline:
                time.sleep(0.05)
            self.assertLessEqual(still_open(connections), 64)
        self.assertEqual(good.failures, [])
        self.assertEqual(guard_closed(self.trial), {})


if __name__ == "__main__":
    unittest.main()
