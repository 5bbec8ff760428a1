"""T45: what a byte that is sent costs here. For each kind of request the gateway's processor time (utime + stime) for a byte on
the wire,
against that of a byte of an ordinary view: none is a hundred times as dear.

The figures are printed; they are those of one moment of one machine. Only the law is asserted, for it has room.
"""

import contextlib
import itertools
import os
import socket
import ssl
import time
import unittest

import grpc

import json_cases
from attack import MEBIBYTE, attacked, cpu
from calls_test import request_of
from proto_text import all_calls
from trial import ALLERGY, PB, admission, nhs_number, person_segment, view_request

LAW = 100
WHOLE = {"ExportLog"}  # costs as much as the log is long, and is for those who may see all of it: printed alone
ENOUGH = 0.1 * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1"))  # seconds of processor time for each kind, or
MOST = 300  # times
# A call's frames and its header fields, most of which stand in the table of HPACK after the first.
CALL = 9 + 40 + 9 + 5
START, END = b"\x0b", b"\x1c\r"


class Asymmetry(unittest.TestCase):
    def setUp(self):
        self.trial = attacked({"user_refusals = 30": "user_refusals = 0", "refusal_grid_ms = 50": "refusal_grid_ms = 0"})
        self.addCleanup(self.trial.end)
        self.numbers = itertools.count()
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        self.elsewhere = self.trial.caller("ZT2", "moorland-epr", "dr", "R8000")
        self.officer = self.trial.caller("ZI1", "desk", "po", "R0001", "LIDENTITY", "R8015")
        self.practice = self.trial.caller("Z99001", "bridge-gp", "gp", "R8000")

    def calls(self, caller, path, data, metadata=None, stream="unary_unary"):
        """One call, whatever comes of it: how many bytes were sent."""
        stub = getattr(caller.channel, stream)(path if path.startswith("/") else f"/milecastle.v1.{path}")

        def once():
            text = data() if callable(data) else data
            try:
                got = stub(iter([text]) if stream == "stream_stream" else text, timeout=60,
                           metadata=caller.metadata if metadata is None else metadata)
                if stream != "unary_unary":
                    list(got)
            except grpc.RpcError:
                pass
            return len(text) + CALL
        return once

    def streams(self, make):
        """Bytes of a connection to the plain feed, which reads all that is answered."""
        def once():
            data = make()
            with socket.create_connection(("127.0.0.1", self.trial.ports["quayside-pas"]), timeout=60) as one:
                for at in range(0, len(data), MEBIBYTE):
                    one.sendall(data[at:at + MEBIBYTE])
                one.shutdown(socket.SHUT_WR)
                while one.recv(65536):
                    pass
            return len(data)
        return once

    def handshake(self):
        certificates = self.trial.folder / "certificates"
        context = ssl.create_default_context(cafile=certificates / "authority.pem")
        context.load_cert_chain(certificates / "clients/ZT1-quayside-epr.pem", certificates / "clients/ZT1-quayside-epr.key")

        def once():
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls, sent = context.wrap_bio(incoming, outgoing, server_hostname="localhost"), 0
            with socket.create_connection(("127.0.0.1", self.trial.ports["grpc"]), timeout=60) as one:
                done = False
                while not done:
                    with contextlib.suppress(ssl.SSLWantReadError):
                        tls.do_handshake()
                        done = True
                    data = outgoing.read()
                    one.sendall(data)
                    sent += len(data)
                    if not done:
                        incoming.write(one.recv(65536))
            return sent
        return once

    def fresh(self):
        return next(self.numbers)

    def hospital(self, *more, n=1):
        return START + admission(f"ASYM{self.fresh()}", person=person_segment(nhs_number(n), local=f"Q{n}"), more=more).encode()
        + END

    def results(self, patients):
        lines = [f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261121190000||ORU^R01|ASYM{self.fresh()}|P|2.4"]
        for n in range(patients):
            lines += [person_segment(nhs_number(n), local=f"Q{n}"), "OBR|1||F1|^Report|||20261121"]
        return START + ("\r".join(lines) + "\r").encode() + END

    def kinds(self):
        view = view_request().SerializeToString()
        made = {"GetPatientView": self.calls(self.ward, "PatientViewService/GetPatientView", view)}
        for call in all_calls():
            if call.name not in ("GetPatientView", "Submit"):
                request, stream = request_of(call), "unary_stream" if call.streams_out else "unary_unary"
                if hasattr(request, "page_size"):
                    request.page_size = 500
                if hasattr(request, "case_reference"):
                    request.case_reference = "CASE-1"
                made[call.name] = self.calls(self.officer, f"{call.service}/{call.name}", request.SerializeToString(),
                stream=stream)
        ask, submit = "PatientViewService/GetPatientView", lambda data: PB["intake"].SubmitRequest(feed="bridge-gp",
        message=data).SerializeToString()
        made |= {
            "view of nobody": self.calls(self.ward, ask, view_request(nhs_number(77)).SerializeToString()),
            "view, refused": self.calls(self.elsewhere, ask, view),
            "view, emergency": self.calls(self.elsewhere, ask, view_request(purpose="EMERGENCY",
            reason_code="UNCONSCIOUS").SerializeToString()),
            "view without a token": self.calls(self.ward, ask, view, ()),
            "view with a forged token": self.calls(self.ward, ask, view, (("authorization", self.ward.metadata[0][1][:-9] +
            "AAAAAAAAA"),)),
            "search for nothing": self.calls(self.officer, "AuditService/SearchEntries", PB["audit"].SearchEntriesRequest(
                user="nobody", page_size=500, case_reference="CASE-1").SerializeToString()),
            "no such method": self.calls(self.ward, "PatientViewService/Nothing", view),
            "no request": self.calls(self.ward, ask, b"\xff" * 50),
            "1 MiB of unknown fields": self.calls(self.ward, "IdentityService/ListQueue", b"\xb8\x3e\x01" * (MEBIBYTE // 3)),
        }
        bundles = {"bundle": lambda: json_cases.bundle(f"a{self.fresh()}"), "bundle, sent again": lambda:
        json_cases.bundle("again"),
                   "bundle of 1 M items": lambda: json_cases.bundle("x", patient='"x":[%s1],' % ("1," * MEBIBYTE)),
                   "bundle 1 M deep": lambda: json_cases.bundle("x", patient='"x":%s,' % ("[" * MEBIBYTE)),
                   "bundle of one text": lambda: json_cases.bundle(f"t{self.fresh()}", patient='"x":"%s",' % ("t" * MEBIBYTE))}
        made |= {name: self.calls(self.practice, "IntakeService/Submit", lambda make=make: submit(make()), stream="stream_stream")
                 for name, make in bundles.items()}
        made |= {
            "message": self.streams(lambda: b"".join(self.hospital(ALLERGY) for _ in range(20))),
            "message, sent again": self.streams(lambda: (START + admission("ASYMSAME").encode() + END) * 20),
            "message of 90 patients": self.streams(lambda: self.results(90)),
            "message of 60,000 components": self.streams(lambda: self.hospital("ZZZ|" + "|".join(["^" * 600] * 100))),
            "frames of no message": self.streams(lambda: framed_often(b"x")), "frames of nothing": self.streams(lambda:
            framed_often(b"")),
            "starts of frames": self.streams(lambda: START * 500), "ends of frames": self.streams(lambda: END * 500),
            "a TLS handshake": self.handshake(),
        }
        return made

    def cost(self, once):
        """(seconds of processor time for a byte, times): until the ticks of the kernel's clock are few beside it."""
        once()
        began, sent, times, deadline = cpu(self.trial), 0, 0, time.monotonic() + 10
        while times < MOST and cpu(self.trial) - began < ENOUGH and time.monotonic() < deadline:
            sent += once()
            times += 1
        return max(cpu(self.trial) - began, 0.005) / sent, times

    def test_T45_no_byte_is_a_hundred_times_as_dear_as_one_of_a_view(self):
        kinds, before = self.kinds(), self.trial.rss()
        view, _ = self.cost(kinds["GetPatientView"])
        dear = []
        for name, once in kinds.items():
            each, times = self.cost(once)
            print(f"T45: {name:32} {times:4} times {each * 1e6:9.3f} us a byte {each / view:8.3f} of a view's")
            if each / view >= LAW and name not in WHOLE:
                dear.append((name, each / view))
        print(f"T45: {len(kinds)} kinds, {(self.trial.rss() - before) / MEBIBYTE:.0f} MiB of growth")
        self.assertEqual(dear, [])
        self.assertIsNone(self.trial.process.poll())


def framed_often(data):
    return (START + data + END) * 300


if __name__ == "__main__":
    unittest.main()
