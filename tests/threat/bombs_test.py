"""T5: messages that are made to blow up are refused, and cost the memory of their own bytes at the most."""

import gzip
import os
import unittest

import grpc

from attack import MEBIBYTE, Good, attacked, report

ROUNDS = int(os.environ.get("MILECASTLE_THREAT_SCALE", "1"))
MOST_GROWTH = 16 * MEBIBYTE
REFUSED = {grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.INVALID_ARGUMENT}
# What gRPC itself says of an encoding that a server does not take (its compression.md).
NOT_TAKEN = REFUSED | {grpc.StatusCode.UNIMPLEMENTED}

VIEW = "PatientViewService/GetPatientView"
QUEUE = "IdentityService/ListQueue"
PERSON = "IdentityService/ShowPerson"
RECORD = "ConsentService/RecordConsent"
SUBMIT = "IntakeService/Submit"


def varint(value):
    out = b""
    while value >= 128:
        out += bytes([value % 128 + 128])
        value //= 128
    return out + bytes([value])


def field(identifier, payload):
    return varint(identifier << 3 | 2) + varint(len(payload)) + payload


def scope(payload):
    """Of the consent in a RecordConsentRequest."""
    return field(2, field(4, payload))


def nested(levels):
    """Groups of a field that nobody knows, one in the other."""
    return b"\xfb\x07" * levels + b"\xfc\x07" * levels


BOMBS = {  # name: (method, bytes, how it may be refused)
    "4 MiB + 1, view": (VIEW, lambda: field(1, b"9" * (4 * MEBIBYTE + 1)), REFUSED),
    "4 MiB + 1, queue": (QUEUE, lambda: field(3, b"9" * (4 * MEBIBYTE + 1)), REFUSED),
    "4 MiB + 1, person": (PERSON, lambda: field(1, b"9" * (4 * MEBIBYTE + 1)), REFUSED),
    "4 MiB + 1, consent": (RECORD, lambda: field(1, b"9" * (4 * MEBIBYTE + 1)), REFUSED),
    "16 MiB + 1, submit": (SUBMIT, lambda: field(3, b"9" * (16 * MEBIBYTE + 1)), REFUSED),
    "nesting 101, view": (VIEW, lambda: nested(101), REFUSED),
    "nesting 101, queue": (QUEUE, lambda: nested(101), REFUSED),
    "nesting 101, consent": (RECORD, lambda: nested(101), REFUSED),
    "nesting 101, person": (PERSON, lambda: nested(101), REFUSED),
    "10 M repeated strings, queue": (QUEUE, lambda: b"\x0a\x00" * 10_000_000, REFUSED),
    "7 M repeated strings, queue": (QUEUE, lambda: b"\x0a\x00" * 7_000_000, REFUSED),
    "1 M repeated strings, queue": (QUEUE, lambda: b"\x0a\x00" * 1_000_000, REFUSED),
    "10 M repeated numbers, view": (VIEW, lambda: field(7, b"\x01" * 10_000_000), REFUSED),
    "10 M repeated numbers, consent": (RECORD, lambda: scope(field(1, b"\x01" * 10_000_000)), REFUSED),
    "5 M repeated strings, consent": (RECORD, lambda: scope(b"\x12\x00" * 5_000_000), REFUSED),
    "unknown padding, view": (VIEW, lambda: field(999, bytes(4 * MEBIBYTE + 1)), REFUSED),
    "unknown padding, queue": (QUEUE, lambda: field(999, bytes(4 * MEBIBYTE + 1)), REFUSED),
    "unknown small fields, queue": (QUEUE, lambda: b"\xb8\x3e\x01" * 3_000_000, REFUSED),
    "gzip 1,000:1, view": (VIEW, lambda: bytes(16 * MEBIBYTE - 1024), NOT_TAKEN),
    "gzip 1,000:1, submit": (SUBMIT, lambda: bytes(16 * MEBIBYTE - 1024), NOT_TAKEN),
}


class Bombs(unittest.TestCase):
    def setUp(self):
        self.trial = attacked()
        self.addCleanup(self.trial.end)
        self.caller = self.trial.caller("Z99001", "bridge-gp", "gp-system", "R8000")

    def refusal(self, name, method, data):
        path = "/milecastle.v1." + method
        more = {"timeout": 60, "metadata": self.caller.metadata}
        if name.startswith("gzip"):
            self.assertGreater(len(data) / len(gzip.compress(data)), 900)
            more["compression"] = grpc.Compression.Gzip
        with self.assertRaises(grpc.RpcError) as refused:
            if method == SUBMIT:
                list(self.caller.channel.stream_stream(path)(iter([data]), **more))
            else:
                self.caller.channel.unary_unary(path)(data, **more)
        return refused.exception.code()

    def test_T5_each_bomb_is_refused_and_leaves_no_memory_behind(self):
        most = 0
        with Good(self.trial) as good:
            for name, (method, make, allowed) in BOMBS.items():
                data = make()
                for _ in range(ROUNDS):
                    before = self.trial.rss()
                    with self.subTest(bomb=name):
                        status = self.refusal(name, method, data)
                        growth = self.trial.rss() - before
                        most = max(most, growth)
                        report("T5", bomb=name, size=len(data), status=status.name,
                               RSS_growth=f"{growth / MEBIBYTE:.1f} MiB")
                        self.assertIn(status, allowed)
                        self.assertLessEqual(growth, MOST_GROWTH)
        report("T5", bombs=len(BOMBS) * ROUNDS, most_RSS_growth=f"{most / MEBIBYTE:.1f} MiB",
               good_calls=len(good.took), good_failures=len(good.failures),
               good_p99=f"{good.p99():.1f} ms against {self.trial.baseline.p99():.1f} ms")
        self.assertEqual(good.failures, [])


if __name__ == "__main__":
    unittest.main()
