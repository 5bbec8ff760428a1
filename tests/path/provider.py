"""A practice's GP Connect endpoint for tests: HTTPS with mutual TLS on loopback, written apart from the product.

It answers with a synthetic structured record, and misbehaves in the ways of MISBEHAVIOURS on demand.
"""

import base64
import contextlib
import copy
import dataclasses
import gzip
import json
import pathlib
import socket
import ssl
import struct
import threading

SOURCE = pathlib.Path(__file__).resolve().parents[2]
RECORD = json.loads((SOURCE / "deploy/trial/messages/gp-record.json").read_text())


@dataclasses.dataclass
class Asked:
    line: str
    headers: dict
    body: dict

    @property
    def trace_id(self):
        return self.headers["ssp-traceid"]

    @property
    def parameters(self):
        return [each["name"] for each in self.body["parameter"]]

    @property
    def token(self):
        """(header, claims, signature) of the bearer token."""
        parts = self.headers["authorization"].removeprefix("Bearer ").split(".")
        decoded = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts]
        return json.loads(decoded[0]), json.loads(decoded[1]), decoded[2]


def resource(bundle, kind):
    return next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)


def record(asked, text="Allergy that only the practice knows", number=None, born=None, family=None, ods=None, answer_id=None):
    """The trial's record, as the answer to a question; `text` is the allergy."""
    bundle = copy.deepcopy(RECORD)
    bundle["id"] = answer_id or asked.trace_id
    patient = resource(bundle, "Patient")
    patient["identifier"][0]["value"] = number or asked.body["parameter"][0]["valueIdentifier"]["value"]
    patient["birthDate"] = born or patient["birthDate"]
    patient["name"][0]["family"] = family or patient["name"][0]["family"]
    if ods:
        resource(bundle, "Organization")["identifier"][0]["value"] = ods
    resource(bundle, "AllergyIntolerance")["code"] = {"text": text}
    return bundle


def outcome(code, display="synthetic"):
    return {"resourceType": "OperationOutcome", "issue": [{
        "severity": "error", "code": "invalid", "diagnostics": "synthetic",
        "details": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1", "code": code,
                                "display": display}]}}]}


def http(body, status="200 OK", headers=(), length=None):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/fhir+json;charset=utf-8", "Cache-Control: no-store",
             f"Content-Length: {len(data) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def answers(make=record, **how):
    """A behaviour: one whole answer, made of what was asked."""
    return lambda provider, peer, asked: peer.sendall(make(asked, **how) if make is not record else http(record(asked, **how)))


def says(code, status="404 Not Found"):
    return lambda provider, peer, asked: peer.sendall(http(outcome(code), status))


# Misbehaviours. A behaviour may wait on provider.ended; nothing here sleeps for longer than a test lasts.

def _late(provider, peer, asked):
    provider.ended.wait(30)
    peer.sendall(http(record(asked)))


def _silent(provider, peer, asked):
    provider.ended.wait(60)


def _half_closed(provider, peer, asked):
    peer.unwrap()


def _reset(provider, peer, asked):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def _byte_by_byte(provider, peer, asked):
    ended = provider.ended
    for byte in http(record(asked)):
        peer.sendall(bytes([byte]))
        if ended.wait(1):
            return


def _cut_short(provider, peer, asked):
    body = json.dumps(record(asked)).encode()
    peer.sendall(http(body, length=len(body) + 100))


def _until_the_end(provider, peer, asked):
    peer.sendall(http(record(asked)).replace(b"Content-Length:", b"X-Length:"))


def _endless_header(provider, peer, asked):
    ended = provider.ended
    with contextlib.suppress(OSError):
        peer.sendall(b"HTTP/1.1 200 OK\r\n")
        while not ended.is_set():
            peer.sendall(b"X-More: " + b"x" * 4000 + b"\r\n")


def _endless_body(provider, peer, asked):
    ended = provider.ended
    with contextlib.suppress(OSError):
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not ended.is_set():
            peer.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")


def _compressed(provider, peer, asked):
    peer.sendall(http(gzip.compress(b" " * (1 << 24)), headers=["Content-Encoding: gzip"]))


def _elsewhere(provider, peer, asked):
    peer.sendall(http({}, "307 Temporary Redirect", [f"Location: https://127.0.0.1:{provider.port}/elsewhere"]))


def _no_fhir(provider, peer, asked):
    peer.sendall(http(b"<html><body>Please log in</body></html>"))


def _failing(provider, peer, asked):
    peer.sendall(http(outcome("INTERNAL_SERVER_ERROR"), "500 Internal Server Error"))


# name → (how a connection is met before TLS, or a behaviour after it)
MISBEHAVIOURS = {
    "late": _late, "silent": _silent, "half_closed": _half_closed, "reset": _reset, "byte_by_byte": _byte_by_byte,
    "cut_short": _cut_short, "until_the_end": _until_the_end, "endless_header": _endless_header,
    "endless_body": _endless_body, "compressed": _compressed, "elsewhere": _elsewhere, "no_fhir": _no_fhir,
    "failing": _failing, "wrong_patient": answers(number="9990000026"), "another_question": answers(answer_id="x"),
    "slow_tls": "slow_tls", "no_tls": "no_tls", "not_listening": "not_listening",
}


class Provider:
    def __init__(self, certificates, behave=None, server="server", port=0):
        self.behave = behave or answers()
        self.asked = []
        self.connections = 0
        self.most_at_once = 0
        self.ended = threading.Event()  # behaviours that wait, wait for this
        self.closed = False
        self.heard = threading.Event()  # a question came
        self._now = 0
        self._lock = threading.Lock()
        self._peers = set()
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.minimum_version = ssl.TLSVersion.TLSv1_2
        self.tls.load_cert_chain(certificates / f"{server}.pem", certificates / f"{server}.key")
        self.tls.load_verify_locations(certificates / "authority.pem")
        self.tls.verify_mode = ssl.CERT_REQUIRED
        self.listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def release(self):
        """Lets go of all that a behaviour holds up."""
        ended, self.ended = self.ended, threading.Event()
        ended.set()

    def end(self):
        self.closed = True
        self.ended.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self._lock:
            peers = list(self._peers)
        for peer in peers:
            with contextlib.suppress(OSError):
                peer.close()

    def _accept(self):
        while not self.closed:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._peers.add(peer)
            threading.Thread(target=self._meet, args=(peer,), daemon=True).start()

    def _meet(self, peer):
        with contextlib.suppress(OSError, ssl.SSLError, ValueError, KeyError):
            self._serve(peer)
        with self._lock:
            self._peers.discard(peer)
        with contextlib.suppress(OSError):
            peer.close()

    def _serve(self, peer):
        peer.settimeout(60)
        if self.behave == "slow_tls":
            self.ended.wait(60)
            return
        if self.behave == "not_listening":
            return
        if self.behave == "no_tls":
            peer.recv(65536)
            peer.sendall(http({}))
            return
        tls = self.tls.wrap_socket(peer, server_side=True)
        with self._lock:
            self._peers.add(tls)
        try:
            asked = self._read(tls)
            with self._lock:
                self.asked.append(asked)
                self.heard.set()
                self._now += 1
                self.most_at_once = max(self.most_at_once, self._now)
            try:
                self.behave(self, tls, asked)
            finally:
                with self._lock:
                    self._now -= 1
        finally:
            with self._lock:
                self._peers.discard(tls)
            with contextlib.suppress(OSError):
                tls.close()

    @staticmethod
    def _read_head(tls):
        """The request's line and headers, and what came of its body with them."""
        received = b""
        while b"\r\n\r\n" not in received:
            chunk = tls.recv(65536)
            if not chunk:
                raise ValueError("closed")
            received += chunk
        head, body = received.split(b"\r\n\r\n", 1)
        line, *fields = head.decode().split("\r\n")
        return line, {name.lower(): value for name, value in (field.split(": ", 1) for field in fields)}, body

    def _read(self, tls):
        line, headers, body = self._read_head(tls)
        while len(body) < int(headers.get("content-length", 0)):
            body += tls.recv(65536)
        return Asked(line, headers, json.loads(body) if body else {})


def source_of(port, name="bridge-live", organisation="Z99001", **more):
    """A [[live.source]] of the trial's configuration."""
    settings = {"name": name, "organisation": organisation, "url": f"https://127.0.0.1:{port}/{organisation}/STU3/1",
                "record_system": "bridge-gp",
                "from_asid": "200000000115", "to_asid": "918999198738", "system": "milecastle.northmarch",
                "certificate": "certificates/clients/ZI1-desk.pem", "key": "certificates/clients/ZI1-desk.key",
                "authority": "certificates/authority.pem", **more}
    return "\n[[live.source]]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
