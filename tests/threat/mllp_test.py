"""T22: MLLP proves nothing of who sends, and frames badly. What was not read and committed is never accepted (AA), and whatever
one
connection sends, the other feed's messages and the views of a good client go on.

Every case is one connection that sends its bytes, says that it has no more, and reads until the gateway has answered and closed.
"""

import contextlib
import os
import pathlib
import random
import re
import socket
import ssl
import struct
import threading
import time
import unittest

from attack import MEBIBYTE, Attacked, Good, descriptors, report
from trial import ack_code, admission, nhs_number, person_segment

ROUNDS = int(os.environ.get("MILECASTLE_THREAT_SCALE", "1"))
MOST_GROWTH = 128 * MEBIBYTE
START, END = b"\x0b", b"\x1c\r"
LIMIT = 16 * MEBIBYTE  # message_limit_kilobytes of the feed
SILENT, SOURCES = 1200, 32  # more than the feed's listener takes
NO_LOOPBACK = ["0.0.0.0", "::", "192.0.2.1", "::ffff:192.0.2.1", "10.0.0.1"]


def message(control):
    return admission(control).encode()


def framed(data):
    return START + data + END


def good(control):
    return framed(message(control))


def cases(name):
    """case: (bytes, the control ids that are accepted, whether anything is refused). `name` makes a control id of one's own."""
    one, other = name(), name()
    many, turns = [name() for _ in range(100)], [name() for _ in range(40)]
    chance = random.Random(22)
    whole, within = message(name()), 30  # in the header: a whole frame that ends later may hold a whole message
    return {
        "whole": (good(one), [one], False),
        "no start": (message(name()) + END, [], True),
        "no end": (START + message(name()), [], None),
        "no end, and the next begins": (START + message(name()) + good(a := name()), [a], True),
        "no carriage return": (START + message(name()) + b"\x1c" + good(b := name()), [b], True),
        "no return at the end of all": (START + message(name()) + b"\x1c", [], None),
        "a line feed for the return": (START + message(name()) + b"\x1c\n", [], True),
        "an end alone": (END, [], None),
        "a start alone": (START, [], None),
        "three starts": (START * 2 + good(c := name()), [c], None),
        "two ends": (good(d := name()) + END, [d], None),
        "two end bytes": (START + message(name()) + b"\x1c" + END, [], True),
        "end and return the wrong way round": (START + message(name()) + b"\r\x1c", [], None),
        "an end inside": (START + whole[:within] + b"\x1c" + whole[within:] + END, [], True),
        "a whole end inside": (START + whole[:within] + END + whole[within:] + END, [], True),
        "a start inside": (START + whole[:within] + START + whole[within:] + END, [], True),
        "an empty frame": (START + END, [], True),
        "1,000 empty frames, then one": ((START + END) * 1000 + good(e := name()), [e], True),
        "NULs between frames": (good(f := name()) + bytes(10) + good(g := name()), [f, g], None),
        "a NUL inside": (START + message(name()).replace(b"AELIA", b"AE\0LIA") + END, [], True),
        "1 MiB of NULs in a frame": (framed(bytes(MEBIBYTE)), [], True),
        "1 MiB of NULs": (bytes(MEBIBYTE), [], None),
        "two messages in a frame": (framed(message(name()) + message(name())), [], True),
        "two, with an empty line between": (framed(message(name()) + b"\r" + message(name())), [], True),
        "two, with a line feed between": (framed(message(name()) + b"\n" + message(name())), [], True),
        "two, and an end byte between": (framed(message(name()) + b"\x1c" + message(name())), [], True),
        "a batch in a frame": (framed(b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + message(name()) + b"BTS|1\rFTS|1\r"), [], True),
        "100 at once": (b"".join(map(good, many)), many, False),
        "the same 100 again": (b"".join(map(good, many)), many, False),
        "good and bad by turns": (b"".join(good(n) + framed(b"MSH|^~\\&|bad\r") for n in turns), turns, True),
        "half a message in a frame": (framed(message(name())[:60]), [], True),
        "no header": (framed(message(name()).split(b"\r", 1)[1]), [], True),
        "an acknowledgement": (framed(b"MSH|^~\\&|A|ZT1|B|C|20261121||ACK^A01|" + name().encode() + b"|P|2.4\rMSA|AA|1\r"), [],
        True),
        "in UTF-16": (framed(message(name()).decode().encode("utf-16")), [], True),
        "acknowledgement bytes of release 2": (START + b"\x06" + END + START + b"\x15" + END, [], True),
        "HTTP": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", [], None),
        "HTTP with a message": (b"POST / HTTP/1.1\r\n\r\n" + good(h := name()), [h], None),
        "a TLS hello": (bytes.fromhex("16030100c8010000c40303") + chance.randbytes(200), [], None),
        "64 KiB of anything": (chance.randbytes(65536).replace(START, b"").replace(b"\x1c", b""), [], None),
        "15 ends, then one": (END * 15 + good(i := name()), [i], True),
        "2,000 starts": (START * 2000, [], None),
        "2,000 ends": (END * 2000, [], None),
        "more than may be": (START + b"A" * (LIMIT + 1) + END, [], True),
        "64 MiB without an end": (START + b"A" * (64 * MEBIBYTE), [], True),
        "64 MiB without a start": (b"A" * (64 * MEBIBYTE), [], None),
        "the last": (good(other), [other], False),
    }


class Feed(threading.Thread):
    """The other hospital's system: message after message, each answered before the next."""

    def __init__(self, trial):
        super().__init__(daemon=True)
        self.trial, self.going, self.acknowledged, self.failures = trial, True, 0, []
        self.more = threading.Condition()

    def run(self):
        mllp = self.trial.mllp("moorland-pas", "ZT2-moorland-pas")
        while self.going:
            try:
                person = person_segment(nhs_number(5), local="M5").replace("ZT1", "ZT2")
                code = ack_code(mllp.exchange(admission(f"OTHER{self.acknowledged}", sender="ZT2", person=person)))
                assert code == "AA", code
            except (OSError, AssertionError) as failure:
                self.failures.append(repr(failure))
                break
            with self.more:
                self.acknowledged += 1
                self.more.notify_all()
        mllp.close()

    def await_messages(self, more, seconds=60):
        with self.more:
            wanted = self.acknowledged + more
            came = self.more.wait_for(lambda: self.acknowledged >= wanted or self.failures, seconds)
        assert came, "no message of the other feed was taken"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.going = False
        self.join(timeout=60)


class Mllp(Attacked):
    def connect(self, source="127.0.0.1", feed="quayside-pas"):
        return socket.create_connection(("127.0.0.1", self.trial.ports[feed]), timeout=60, source_address=(source, 0))

    def peak(self):
        status = pathlib.Path(f"/proc/{self.trial.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024

    def replies(self, data):
        """(code, control id) of every answer to these bytes, which are all that is sent."""
        answered, received = threading.Event(), []

        def read():
            with contextlib.suppress(OSError):
                while chunk := one.recv(65536):
                    received.append(chunk)
            answered.set()
        with self.connect() as one:
            reader = threading.Thread(target=read)
            reader.start()
            with contextlib.suppress(OSError):  # the gateway may have closed
                one.sendall(data)
                one.shutdown(socket.SHUT_WR)
            self.assertTrue(answered.wait(60), "neither answered nor closed in a minute")
            reader.join()
        frames = b"".join(received).split(END)
        self.assertIn(frames.pop(), (b"", START), "an answer is whole")
        found = [next(s for s in frame.decode().split("\r") if s.startswith("MSA")).split("|") for frame in frames]
        return [(segment[1], segment[2]) for segment in found]

    def kept(self):
        """Control ids of the messages in the journal that were taken, and of all."""
        rows = self.trial.query("SELECT control_id, disposition FROM journal WHERE control_id LIKE 'T22-%'")
        return {row[0] for row in rows if row[1] in ("accepted", "duplicate")}, {row[0] for row in rows}

    def test_T22_nothing_is_accepted_but_what_was_read_and_committed(self):
        before, done, accepted = self.peak(), 0, set()
        with Good(self.trial) as client, Feed(self.trial) as feed:
            for turn in range(ROUNDS):
                numbers = iter(range(10_000))
                for case, (data, expected, refused) in cases(lambda: f"T22-{turn}-{next(numbers)}").items():
                    with self.subTest(case=case):
                        replies = self.replies(data)
                        self.assertEqual([control for code, control in replies if code == "AA"], expected)
                        if refused is not None:
                            self.assertEqual(any(code != "AA" for code, _ in replies), refused, replies[:5])
                        accepted.update(expected)
                        done += 1
            feed.await_messages(5)
        growth = self.peak() - before
        report("T22", cases=done, accepted=len(accepted), most_growth=f"{growth / MEBIBYTE:.0f} MiB",
        other_feed=feed.acknowledged,
               other_failures=len(feed.failures), good_calls=len(client.took), good_failures=len(client.failures))
        self.assertEqual({control for control in self.kept()[0] if re.fullmatch(r"T22-\d+-\d+", control)}, accepted)
        self.assertEqual((feed.failures, client.failures), ([], []))
        self.assertLessEqual(growth, MOST_GROWTH)
        self.assertIsNone(self.trial.process.poll())

    def test_T22_a_message_that_comes_byte_by_byte_is_taken_and_one_that_is_broken_off_is_not(self):
        with self.connect() as one:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in good("T22-bytes"):
                one.send(bytes([byte]))
            self.assertIn(b"MSA|AA|T22-bytes", one.recv(65536))
        broken = 50 * ROUNDS
        for n in range(broken):
            with self.connect() as one:
                one.sendall(good(f"T22-broken-{n}")[:-1 - n % 60])
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # reset
        self.assertEqual(self.replies(good("T22-after")), [("AA", "T22-after")])
        self.assertEqual({control for control in self.kept()[0] if control.startswith("T22-broken")}, set())
        report("T22 broken off", connections=broken, accepted=0)

    def held(self, opened, beginning):
        """So many connections, from several addresses, that begin so and say no more."""
        sockets = contextlib.ExitStack()
        for n in range(opened):
            with contextlib.suppress(OSError):
                one = sockets.enter_context(self.connect(f"127.0.0.{2 + n % SOURCES}"))
                one.setblocking(False)
                one.send(beginning)
        return sockets

    def await_few_connections(self):
        deadline = time.monotonic() + 30
        while descriptors(self.trial) > 200:
            self.assertLess(time.monotonic(), deadline, "connections that were closed stay open here")
            time.sleep(0.02)

    def test_T22_many_silent_connections_leave_the_other_feed_and_the_views_alone(self):
        before = self.peak()
        with Good(self.trial) as client, Feed(self.trial) as feed:
            for beginning in (b"", START, START + message("T22-held")[:100]):
                self.await_few_connections()
                with self.held(SILENT, beginning):
                    most = descriptors(self.trial)
                    self.assertGreater(most, 1000)
                    feed.await_messages(20)
                    client.await_calls(20)
                report("T22 silent", connections=SILENT, begun=len(beginning), descriptors=most)
        growth = self.peak() - before
        report("T22 silent", most_growth=f"{growth / MEBIBYTE:.0f} MiB", other_feed=feed.acknowledged,
        good_calls=len(client.took))
        self.assertEqual((feed.failures, client.failures), ([], []))
        self.assertLessEqual(growth, MOST_GROWTH)
        deadline = time.monotonic() + 30
        while not (told := self.replies(good("T22-door"))) and time.monotonic() < deadline:
            pass  # the door has not yet seen all of them leave
        self.assertEqual(told, [("AA", "T22-door")])

    def test_T22_unfinished_frames_of_many_connections_share_one_bound(self):
        before, beginning = self.peak(), START + b"A" * (LIMIT - 10)
        with Feed(self.trial) as feed, contextlib.ExitStack() as sockets:
            for n in range(12):
                one = sockets.enter_context(self.connect(f"127.0.0.{2 + n}"))
                with contextlib.suppress(OSError):
                    one.sendall(beginning)
            feed.await_messages(20)
            growth = self.peak() - before
        report("T22 unfinished", sent=f"{12 * LIMIT / MEBIBYTE:.0f} MiB", most_growth=f"{growth / MEBIBYTE:.0f} MiB")
        self.assertEqual(feed.failures, [])
        self.assertLessEqual(growth, MOST_GROWTH)

    def test_T22_a_feed_over_TLS_takes_nothing_from_whom_it_does_not_know(self):
        certificates = self.trial.folder / "certificates"
        bare = ssl.create_default_context(cafile=certificates / "authority.pem")
        other = ssl.create_default_context(cafile=certificates / "authority.pem")
        other.load_cert_chain(certificates / "clients/ZT1-quayside-epr.pem", certificates / "clients/ZT1-quayside-epr.key")
        for context in (None, bare, other):
            with self.assertRaises(OSError), self.connect(feed="moorland-pas") as plain:
                with context.wrap_socket(plain, server_hostname="localhost") if context else plain as one:
                    one.sendall(framed(admission("T22-unknown", sender="ZT2").encode()))
                    self.assertEqual(one.recv(65536), b"", "answered")
                raise ConnectionError("closed")
        self.assertNotIn("T22-unknown", self.kept()[1])

    def test_T22_plain_is_refused_off_loopback(self):
        text = self.trial.config.read_text()
        listed = 'address = "127.0.0.1"\nport = 0\nplain = true'
        self.assertEqual(text.count(listed), 1)
        other = self.trial.folder / "other.toml"
        for address in NO_LOOPBACK:
            other.write_text(text.replace(listed, listed.replace("127.0.0.1", address)))
            done = self.trial.run("serve", "--config", other, "--check")
            self.assertEqual(done.returncode, 2, f"{address}: {done.stderr}")
            self.assertIn("plain", done.stderr)


if __name__ == "__main__":
    unittest.main()
