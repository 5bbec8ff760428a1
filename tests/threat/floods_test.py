"""T2 and T3: floods over HTTP/2 by a client that holds a valid certificate (CVE-2023-44487, CVE-2023-33953 and kin)."""

import itertools
import os
import unittest

import grpc

from attack import (CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, MEBIBYTE, PING, PRIORITY, RST_STREAM,
                    SETTINGS, WINDOW_UPDATE, Attacked, Attacker, Good, attacked, call, cpu, frame, guard_closed, number, odd,
                    report, request)
from trial import SOURCE

SCALE = int(os.environ.get("MILECASTLE_THREAT_SCALE", "1"))  # 10 before a release
MOST_FRAMES = 1000
MOST_HEADER_BYTES = 64 * 1024
MOST_GROWTH = 64 * MEBIBYTE
CANCEL = b"\0\0\0\x08"


def of_headers_and_resets():
    for stream in odd():
        yield call(stream)
        yield frame(RST_STREAM, 0, stream, CANCEL)


def of_empty_window_updates():
    yield call(1)
    for stream in itertools.cycle((0, 1)):
        yield frame(WINDOW_UPDATE, 0, stream, b"\0\0\0\0")


def of_data_after_the_end():
    for stream in odd():
        yield call(stream, END_HEADERS | END_STREAM)
        yield frame(DATA, 0, stream, b"x")


def of_data_on_one_ended_stream():
    yield call(1, END_HEADERS | END_STREAM)
    yield from itertools.repeat(frame(DATA, 0, 1, b"x"))


def of_settings():
    return itertools.repeat(frame(SETTINGS, 0, 0, b"\0\x03\0\0\0\x64"))


def of_pings():
    return itertools.repeat(frame(PING, 0, 0, b"12345678"))


def of_priorities():
    return itertools.cycle(frame(PRIORITY, 0, stream, b"\0\0\0\0\x10") for stream in range(1, 201, 2))


def of_empty_data():
    yield call(1)
    yield from itertools.repeat(frame(DATA, 0, 1))


FLOODS = {  # of T2: frames, and the reason that the guard gives
    "HEADERS+RST": (of_headers_and_resets, "resets"),
    "WINDOW_UPDATE 0": (of_empty_window_updates, "window_updates"),
    "half-closed DATA": (of_data_after_the_end, "late_frames"),
    "SETTINGS": (of_settings, "settings"),
    "PING": (of_pings, "pings"),
    "PRIORITY": (of_priorities, "priorities"),
    "empty DATA": (of_empty_data, "empty_data"),
    "half-closed DATA, one stream": (of_data_on_one_ended_stream, "late_frames"),
}


def one_endless_block(first, more, size=16384):
    """HEADERS and CONTINUATION frames that never end their header block."""
    begin = request() + first
    yield frame(HEADERS, 0, 1, (begin + more * size)[:size])
    yield from itertools.repeat(frame(CONTINUATION, 0, 1, (more * size)[:size]))


def blocks(block):
    """The same whole header block on stream after stream."""
    for stream in odd():
        yield frame(HEADERS, END_HEADERS | END_STREAM, stream, block)


BOMB = b"\x00" + number(4, 7) + b"bomb"
ENDLESS_BLOCKS = {  # of T3
    "1 GiB string": lambda: one_endless_block(BOMB + number(1 << 30, 7), b"x"),
    "endless varint": lambda: one_endless_block(b"\xff", b"\x80"),
    "10,000 tiny CONTINUATIONs": lambda: one_endless_block(b"", b"", size=400),
    "table-size thrash": lambda: one_endless_block(b"", b"\x20\x3f\xe1\x1f"),
    # Huffman code 00000 is the letter 0: eight letters in five bytes.
    "Huffman bomb": lambda: one_endless_block(b"", BOMB + number(1000, 7, 0x80) + bytes(1000)),
}
WRONG_REQUESTS = {  # of T3: each in a block that is whole and small
    "8 KiB + 1 list": lambda: blocks(request(more=[("bomb", "x" * 8193)])),
    "te: x": lambda: blocks(request(te="x")),
    ":scheme: x": lambda: blocks(request(scheme="x")),
}


class Budget:
    def __init__(self, most):
        self.left = most

    def allows(self, data):
        self.left -= len(data)
        return self.left >= 0


class Floods(Attacked):
    def setUp(self):
        self.before = self.trial.rss()

    def check_after(self, good, **figures):
        growth = self.trial.rss() - self.before
        report(self.id().rpartition(".")[2], **figures, RSS_growth=f"{growth / MEBIBYTE:.1f} MiB",
               good_calls=len(good.took), good_failures=len(good.failures),
               good_p99=f"{good.p99():.1f} ms against {self.trial.baseline.p99():.1f} ms")
        self.assertIsNone(self.trial.process.poll())
        self.assertEqual(good.failures, [])
        self.assertGreater(len(good.took), 0)
        self.assertLessEqual(growth, MOST_GROWTH)

    def test_T2_each_flood_is_cut_within_a_thousand_frames(self):
        with Good(self.trial) as good:
            for name, (frames, reason) in FLOODS.items():
                for _ in range(3 * SCALE):
                    before = guard_closed(self.trial).get(reason, 0)
                    with self.subTest(flood=name), Attacker(self.trial) as attacker:
                        attacker.flood(frames(), MOST_FRAMES)
                        self.assertTrue(attacker.await_close())
                        self.assertEqual(guard_closed(self.trial).get(reason, 0), before + 1)
                report("T2", flood=name, rounds=3 * SCALE, frames_when_closed=attacker.frames)
        self.check_after(good, floods=len(FLOODS) * 3 * SCALE)
        logged = self.trial.log.read_text()
        self.assertIn('"connection.flood","listener":"grpc","organisation":"Z99001","system":"bridge-gp"', logged)

    def test_T2_each_flood_at_full_speed_costs_nobody_else_a_call(self):
        with Good(self.trial) as good:
            for name, (frames, _) in FLOODS.items():
                flood = b"".join(itertools.islice(frames(), 50_000))
                for _ in range(3 * SCALE):
                    spent = cpu(self.trial)
                    with self.subTest(flood=name), Attacker(self.trial) as attacker:
                        attacker.send(flood)
                        self.assertTrue(attacker.await_close())
                report("T2", flood=name, rounds=3 * SCALE, frames=50_000, CPU=f"{cpu(self.trial) - spent:.2f} s")
        self.check_after(good, floods=len(FLOODS) * 3 * SCALE)

    def test_T3_each_endless_header_block_is_cut_before_64_KiB_of_it(self):
        with Good(self.trial) as good:
            for name, frames in ENDLESS_BLOCKS.items():
                for _ in range(SCALE):
                    before, spent = guard_closed(self.trial).get("header_block", 0), cpu(self.trial)
                    with self.subTest(flood=name), Attacker(self.trial) as attacker:
                        attacker.send(b"".join(itertools.takewhile(Budget(MOST_HEADER_BYTES).allows, frames())))
                        self.assertTrue(attacker.await_close())
                        self.assertEqual(guard_closed(self.trial)["header_block"], before + 1)
                    report("T3", flood=name, CPU=f"{cpu(self.trial) - spent:.2f} s, the good client's included")
        self.check_after(good, floods=len(ENDLESS_BLOCKS) * SCALE)

    def test_T3_floods_of_wrong_requests_are_cut_or_answered_and_each_alone_is_refused_by_gRPC(self):
        with Good(self.trial) as good:
            for name, frames in WRONG_REQUESTS.items():
                for _ in range(SCALE):
                    before, spent = guard_closed(self.trial).get("open_streams", 0), cpu(self.trial)
                    with self.subTest(flood=name), Attacker(self.trial) as attacker:
                        attacker.send(b"".join(itertools.islice(frames(), 3000)))
                        attacker.await_close_or_answers(3000)
                        # Where gRPC answers as fast as they come, no 256 of them ever wait, and each was refused.
                        if attacker.closed:
                            self.assertEqual(guard_closed(self.trial)["open_streams"], before + 1)
                        else:
                            self.assertEqual(len(attacker.answered()), 3000)
                    report("T3", flood=name, requests=3000, cut=attacker.closed,
                           CPU=f"{cpu(self.trial) - spent:.2f} s, the good client's included")
            for wrong in (request(te="x"), request(scheme="x")):
                with self.subTest(request=wrong), Attacker(self.trial) as attacker:
                    attacker.send(call(1, END_HEADERS | END_STREAM, wrong))
                    attacker.drain_until(b"grpc-message")
                    self.assertIn(b"grpc-message", attacker.received)
        self.check_after(good, floods=len(WRONG_REQUESTS) * SCALE)
        self.assertNotIn("value=x", self.trial.log.read_text())  # gRPC would write what the caller sent

    def test_steady_work_of_a_busy_system_is_never_cut(self):
        before = guard_closed(self.trial)
        gp = self.trial.caller("Z99001", "bridge-gp", "gp-system", "R8000")
        path = "/milecastle.v1.OperationsService/GetHealth"
        ask, done = gp.channel.unary_unary(path), 0
        for _ in range(40 * SCALE):
            answers = [ask.future(b"", timeout=60) for _ in range(100)]
            done += sum(len(answer.result()) > 0 for answer in answers)
        hasty = [ask.future(b"", timeout=0.0005) for _ in range(100)]  # all run out of time at once
        late = sum(isinstance(answer.exception(), grpc.RpcError) for answer in hasty)
        record = (SOURCE / "deploy/trial/messages/gp-record.json").read_bytes()
        outcomes = gp.submit("bridge-gp", *[record] * 2000)
        report("steady work", short_calls=done, out_of_time=late, messages_of_one_stream=len(outcomes),
               more_cut=guard_closed(self.trial) != before)
        self.assertEqual(guard_closed(self.trial), before)
        self.assertEqual((done, len(outcomes)), (4000 * SCALE, 2000))
        gp.channel.close()

    def test_without_the_guard_gRPC_hears_everything(self):
        trial = attacked({"frame_guard = true": "frame_guard = false"})
        self.addCleanup(trial.end)
        with Attacker(trial) as attacker:
            attacker.flood(of_settings(), MOST_FRAMES)
            attacker.drain(0.5)
            self.assertFalse(attacker.closed)
        self.assertEqual(guard_closed(trial), {})


if __name__ == "__main__":
    unittest.main()
