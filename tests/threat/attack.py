"""What the threat tests attack with, and what they watch meanwhile: frames made by hand over mutual TLS, a good client
that goes on working, and the gateway's memory and time as the kernel counts them.

All of it stays on loopback and is bounded in count and time. Times are printed, and are no gate.
"""

import os
import pathlib
import re
import resource
import select
import socket
import ssl
import statistics
import struct
import sys
import threading
import time
import unittest

import grpc

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "path"))

from trial import ALLERGY, Trial, ack_code, admission

MEBIBYTE = 1 << 20
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 8, 9
END_STREAM, END_HEADERS = 0x1, 0x4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value):
    """A header field that is neither indexed nor Huffman-coded (RFC 7541 section 6.2.2)."""
    return b"\x00" + _string(name.encode()) + _string(value if isinstance(value, bytes) else value.encode())


def _string(text):
    return number(len(text), 7) + text


def number(value, bits, first=0):
    """RFC 7541 section 5.1."""
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    out, value = [first | most], value - most
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return bytes([*out, value])


def request(path="/milecastle.v1.OperationsService/GetHealth", more=(), scheme="http", te="trailers"):
    fields = [(":method", "POST"), (":scheme", scheme), (":path", path), (":authority", "localhost"),
              ("content-type", "application/grpc"), ("te", te), *more]
    return b"".join(literal(name, value) for name, value in fields)


def call(stream, flags=END_HEADERS, block=None):
    return frame(HEADERS, flags, stream, request() if block is None else block)


def odd(first=1):
    while True:
        yield first
        first += 2


class Attacker:
    """A certified system that speaks HTTP/2 as it likes. It reads what comes, and forgets it."""

    def __init__(self, trial, holder="Z99001-bridge-gp", source="127.0.0.1", quiet=False):
        certificates = trial.folder / "certificates"
        tls = ssl.create_default_context(cafile=certificates / "authority.pem")
        tls.load_cert_chain(certificates / f"clients/{holder}.pem", certificates / f"clients/{holder}.key")
        tls.set_alpn_protocols(["h2"])
        plain = socket.create_connection(("127.0.0.1", trial.ports["grpc"]), timeout=30, source_address=(source, 0))
        self.socket = tls.wrap_socket(plain, server_hostname="localhost")
        self.closed = False
        self.frames = 0
        self.received = b""
        if not quiet:
            self.send(PREFACE + frame(SETTINGS))

    def send(self, data):
        """Whole, unless the gateway has closed."""
        self.socket.setblocking(False)
        view, deadline = memoryview(data), time.monotonic() + 20
        while view and not self.closed and time.monotonic() < deadline:
            try:
                view = view[self.socket.send(view):]
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
                select.select([self.socket], [self.socket], [], 0.05)
            except OSError:
                self.closed = True
            self.drain(0)

    def drain(self, seconds):
        """Reads what is there and what comes within the time; ends at once when the gateway closes."""
        deadline = time.monotonic() + seconds
        self.socket.setblocking(False)
        while not self.closed:
            try:
                data = self.socket.recv(65536)
                self.closed = not data
                self.received = (self.received + data)[-MEBIBYTE:]
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                    return
            except OSError:
                self.closed = True

    def flood(self, frames, most, at_once=300, pause=0.02):
        """Sends of `frames`, an iterator of whole frames, until it is closed or `most` have gone."""
        while not self.closed and self.frames < most:
            batch = [next(frames) for _ in range(min(at_once, most - self.frames))]
            self.frames += len(batch)
            self.send(b"".join(batch))
            self.drain(pause)
        return self

    def drain_until(self, wanted, seconds=20):
        deadline = time.monotonic() + seconds
        while wanted not in self.received and not self.closed and time.monotonic() < deadline:
            self.drain(0.05)

    def answered(self):
        """The streams that have ended: by an answer, or reset. Of the first MiB that came."""
        ended, at = set(), 0
        while at + 9 <= len(self.received):
            length = int.from_bytes(self.received[at:at + 3], "big")
            kind, flags, stream = struct.unpack_from(">BBI", self.received, at + 3)
            if kind == RST_STREAM or (kind in (HEADERS, DATA) and flags & END_STREAM):
                ended.add(stream)
            at += 9 + length
        return ended

    def await_close_or_answers(self, count, seconds=60):
        deadline = time.monotonic() + seconds
        while not self.closed and len(self.answered()) < count and time.monotonic() < deadline:
            self.drain(0.2)

    def await_close(self, seconds=20):
        self.drain(seconds)
        return self.closed

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Good(threading.Thread):
    """A clinician's system that asks for views, one after the other, until it is told to stop."""

    def __init__(self, trial):
        super().__init__(daemon=True)
        self.caller = trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        self.caller.view()  # the channel is there
        self.took, self.failures, self.going = [], [], True
        self.warm = threading.Event()  # a hundred views were answered
        self.came_back = threading.Condition()

    def run(self):
        while self.going:
            began = time.monotonic()
            try:
                assert self.caller.view().WhichOneof("outcome") == "view"
            except (grpc.RpcError, AssertionError) as failure:
                self.failures.append(repr(failure)[:300])
            with self.came_back:
                self.took.append(time.monotonic() - began)
                self.came_back.notify_all()
            if len(self.took) >= 100:
                self.warm.set()

    def await_calls(self, more, seconds=60):
        """Until so many more of its calls came back."""
        with self.came_back:
            wanted = len(self.took) + more
            assert self.came_back.wait_for(lambda: len(self.took) >= wanted, seconds), f"no {more} calls in {seconds} s"

    def stop(self):
        self.going = False
        self.join(timeout=60)
        self.caller.channel.close()

    def p99(self):
        return statistics.quantiles(self.took, n=100)[-1] * 1000 if len(self.took) > 1 else 0.0

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


def cpu(trial):
    """Seconds of processor time so far."""
    fields = pathlib.Path(f"/proc/{trial.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def descriptors(trial):
    return len(os.listdir(f"/proc/{trial.process.pid}/fd"))


def guard_closed(trial):
    """What the frame guard has cut, by reason."""
    named = ((re.match(r'milecastle_ingress_guard_closed_total\{.*reason="(\w+)"', name), count) for name, count in trial.samples().items())
    return {match[1]: int(count) for match, count in named if match and count > 0}


def attacked(settings=None, files=None, of=Trial):
    """A gateway that holds a record, warmed by views. `files`: how many descriptors it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    trial = of({'log_level = "debug"': 'log_level = "info"', **(settings or {})})
    try:
        if files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
        trial.start()
        if files:
            resource.prlimit(trial.process.pid, resource.RLIMIT_NOFILE, (files, files))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    mllp = trial.mllp()
    assert ack_code(mllp.exchange(admission("THREAT01", more=(ALLERGY,)))) == "AA"
    mllp.close()
    with Good(trial) as good:
        assert good.warm.wait(timeout=120), "no hundred views in two minutes"
    trial.baseline = good
    return trial


def report(row, **figures):
    print(f"{row}: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in figures.items()), flush=True)


class Attacked(unittest.TestCase):
    """Its tests attack one gateway."""

    @classmethod
    def setUpClass(cls):
        cls.trial = attacked()

    @classmethod
    def tearDownClass(cls):
        cls.trial.end()
