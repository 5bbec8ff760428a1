"""The first words of a TLS client, made by hand (RFC 8446 section 4.1.2, RFC 5246), and what a server says to them: whatever
number a suite, group or signature has, whether or not any library knows it.
"""

import dataclasses
import itertools
import os
import socket
import struct

ALERT, HANDSHAKE = 21, 22
SERVER_HELLO, SERVER_KEY_EXCHANGE, CERTIFICATE_REQUEST, SERVER_HELLO_DONE = 2, 12, 13, 14
SSL3, TLS10, TLS11, TLS12, TLS13 = range(0x0300, 0x0305)
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")  # a hello that asks for another

_sources = itertools.count()


def vector(size, data):
    return len(data).to_bytes(size, "big") + data


def numbers(values):
    return b"".join(struct.pack(">H", value) for value in values)


def extension(kind, data):
    return struct.pack(">H", kind) + vector(2, data)


def client_hello(version, suites, groups, signatures):
    """For TLS 1.3 without a key share: a server that agrees asks for one of the group that it chose."""
    more = [extension(10, vector(2, numbers(groups))), extension(11, vector(1, b"\0")),
            extension(13, vector(2, numbers(signatures)))]
    if version == TLS13:
        more += [extension(43, vector(1, numbers([TLS13]))), extension(51, vector(2, b""))]
    compressions = b"\0" if version == TLS13 else b"\1\0"
    body = (struct.pack(">H", min(version, TLS12)) + os.urandom(32) + vector(1, os.urandom(32)) + vector(2, numbers(suites))
            + vector(1, compressions) + (vector(2, b"".join(more)) if version > SSL3 else b""))
    message = b"\1" + vector(3, body)
    return b"".join(bytes([HANDSHAKE]) + struct.pack(">H", min(version, TLS10)) + vector(2, message[at:at + 16384])
                    for at in range(0, len(message), 16384))


def ssl2_hello():
    suites = b"".join(bytes([kind, 0, size]) for kind, size in ((1, 0x80), (2, 0x80), (3, 0x80), (5, 0x80), (6, 0x40), (7, 0xc0)))
    body = struct.pack(">BHHHH", 1, 2, len(suites), 0, 16) + suites + os.urandom(16)
    return struct.pack(">H", 0x8000 | len(body)) + body


@dataclasses.dataclass
class Agreed:
    """What a server chose of what it was offered; of no more than it says in the clear."""

    version: int = 0
    suite: int = 0
    compression: int = 0
    group: int = 0
    signature: int = 0
    asked_signatures: tuple = ()


def said_to(port, data):
    """What the server agreed to, or None: it refused."""
    number = next(_sources)
    source = f"127.201.{1 + number // 250 % 250}.{1 + number % 250}"  # no address comes too often for the listener's limit
    with socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0)) as connection:
        connection.sendall(data)
        agreed = _read(connection)
        if agreed:
            connection.shutdown(socket.SHUT_WR)
        try:
            while connection.recv(65536):
                pass
        except ConnectionError:
            pass
        return agreed


def _read(connection):
    agreed, flight = None, b""
    while True:
        head = _exactly(connection, 5)
        if not head or head[0] != HANDSHAKE:
            return None  # an alert, or nothing
        flight += _exactly(connection, int.from_bytes(head[3:5], "big"))
        while len(flight) >= 4 and len(flight) >= 4 + int.from_bytes(flight[1:4], "big"):
            size = int.from_bytes(flight[1:4], "big")
            kind, body, flight = flight[0], flight[4:4 + size], flight[4 + size:]
            if kind == SERVER_HELLO:
                agreed = _server_hello(body)
            elif kind == SERVER_KEY_EXCHANGE and agreed.suite >= 0xC000:
                agreed.group = int.from_bytes(body[1:3], "big")
                at = 4 + body[3]
                agreed.signature = int.from_bytes(body[at:at + 2], "big")
            elif kind == CERTIFICATE_REQUEST:
                at = 1 + body[0]
                size = int.from_bytes(body[at:at + 2], "big")
                agreed.asked_signatures = struct.unpack(f">{size // 2}H", body[at + 2:at + 2 + size])
            if kind == SERVER_HELLO_DONE or (kind == SERVER_HELLO and agreed.version == TLS13):
                return agreed


def _server_hello(body):
    version, at = int.from_bytes(body[:2], "big"), 35 + body[34]
    agreed = Agreed(version, int.from_bytes(body[at:at + 2], "big"), body[at + 2])
    rest = body[at + 5:]
    while len(rest) >= 4:
        kind, size = struct.unpack_from(">HH", rest)
        if kind == 43:
            agreed.version = int.from_bytes(rest[4:6], "big")
        if kind == 51 and body[2:34] == RETRY:
            agreed.group = int.from_bytes(rest[4:6], "big")
        rest = rest[4 + size:]
    return agreed


def _exactly(connection, size):
    data = b""
    while len(data) < size:
        try:
            more = connection.recv(size - len(data))
        except ConnectionError:
            return b""
        if not more:
            return b""
        data += more
    return data
