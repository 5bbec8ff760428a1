"""T4, and the function level of T11 on the running program: who may make each call, whatever else they say of themselves.

Every call of the contract is made by every kind of caller and compared with the policy's oracle; then again with headers that
claim to be somebody else, which must change nothing. Headers that ended older servers are sent as raw HTTP/2 frames.
"""

import pathlib
import sys
import unittest
import uuid

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))
sys.path.insert(0, str(ROOT / "tests/boundary"))

import attack
import policy_cases
import policy_oracle
from policy_test import ALSO, ASKS, SHIPPED
from proto_text import all_calls
from trial import PB, Trial, ack_code, admission

# organisation, system, roles; None: no token
CALLERS = {
    "doctor": ("ZT1", "quayside-epr", ("R8000",)),
    "doctor elsewhere": ("ZT2", "moorland-epr", ("R8000",)),
    "administrator": ("ZT1", "quayside-epr", ("R8006",)),
    "privacy officer": ("ZT1", "quayside-epr", ("R0001",)),
    "system's privacy officer": ("ZI1", "desk", ("R0001",)),
    "identity officer": ("ZT1", "quayside-epr", ("LIDENTITY",)),
    "system's identity officer": ("ZI1", "desk", ("LIDENTITY",)),
    "operator": ("ZI1", "desk", ("R8015",)),
    "operator elsewhere": ("ZT1", "quayside-epr", ("R8015",)),
    "user without a role": ("ZT1", "quayside-epr", ()),
    "system without a user": ("ZT1", "quayside-epr", None),
    "practice's system, without a user": ("Z99001", "bridge-gp", None),
}
FORGED = [
    ("x-forwarded-for", "127.0.0.1"), ("x-forwarded-client-cert", 'Subject="CN=desk,O=ZI1"'), ("x-ssl-client-cert", "MII"),
    ("ssl-client-s-dn", "CN=desk,O=ZI1"), ("x-ssl-client-verify", "SUCCESS"), ("x-remote-user", "privacy-officer"),
    ("x-user", "privacy-officer"), ("x-roles", "R0001"), ("x-organisation", "ZI1"), ("ssp-from", "ZI1"), ("ssp-to", "ZI1"),
    ("x-milecastle-requester", "ZI1/desk/R0001"), ("forwarded", "for=127.0.0.1"), ("x-authorization", "Bearer x"),
    ("proxy-authorization", "Bearer x"), ("authorization-bin", b"Bearer x"),
]
ALLOWED, DENIED = "allowed", "denied"
REFUSES = {grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED}
# Who hears one of these was let in: an answer, or what the use case itself says of a request whose record is not there.
LETS_IN = {grpc.StatusCode.OK, grpc.StatusCode.NOT_FOUND}


def request_of(call):
    """A request that is well formed as far as it can be without a record."""
    view = PB["view"]
    message = next(module for module in PB.values() if call.service in module.DESCRIPTOR.services_by_name)
    described = message.DESCRIPTOR.services_by_name[call.service].methods_by_name[call.name].input_type
    request = next(getattr(m, described.name) for m in PB.values() if hasattr(m, described.name))()
    for field in described.fields:
        if field.type == field.TYPE_STRING and field.label != field.LABEL_REPEATED:
            setattr(request, field.name, str(uuid.UUID(int=7)) if field.name.endswith("_id") else "")
    for name in ("person", "request"):
        if name in described.fields_by_name and described.fields_by_name[name].message_type:
            inner = getattr(request, name)
            inner.nhs_number, inner.birth_date, inner.family_name = "9990000018", "1962-07-13", "Hadrian"
            if name == "request":
                inner.purpose = view.PURPOSE_DIRECT_CARE
    if described.name == "GetPatientViewRequest":
        request.nhs_number, request.birth_date, request.family_name = "9990000018", "1962-07-13", "Hadrian"
        request.purpose = view.PURPOSE_DIRECT_CARE
    if "entry_id" in described.fields_by_name:
        request.entry_id = uuid.UUID(int=7).bytes
    if described.name == "RecordConsentRequest":
        request.consent.kind, request.consent.by = PB["consent"].CONSENT_KIND_OBJECTION, PB["consent"].CONSENT_BY_PERSON
        request.consent.scope.consumers.append("ZH1")
    if "reason_code" in described.fields_by_name and call.service == "IdentityService":
        request.reason_code = "TEST"
    if "reason_code" in described.fields_by_name and call.service == "QuarantineService":
        request.reason_code = "not_wanted"  # one of the policy's
    if "outcome_code" in described.fields_by_name:
        request.outcome_code = "TEST"
    if described.name == "GetDocumentRequest":
        request.entry_id = uuid.UUID(int=7).bytes
    if "leaf_hash" in described.fields_by_name:
        request.leaf_hash = bytes(32)
    if call.name == "Submit":
        request.feed = "bridge-gp"
    if call.name == "ImportServices":
        request.files.append(b"[]")
    if "nhs_number" in described.fields_by_name and call.name in ("SearchEntries", "ShowPerson"):
        request.nhs_number = "9990000018"
    return request


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trial = Trial({"user_refusals = 30": "user_refusals = 0"}).start()
        mllp = cls.trial.mllp()
        assert ack_code(mllp.exchange(admission("CAL00001"))) == "AA"
        mllp.close()
        cls.callers = {name: cls.trial.caller(ods, system, "user", *(roles or ())) for name, (ods, system, roles) in CALLERS.items()}
        for name, (_, _, roles) in CALLERS.items():
            if roles is None:
                cls.callers[name].metadata = ()
        cls.oracle = policy_oracle.Oracle(SHIPPED)

    @classmethod
    def tearDownClass(cls):
        cls.trial.end()

    def make(self, caller, call, more=()):
        """(code, details) of an error, or what kind of answer came."""
        module = next(m for m in PB.values() if call.service in m.DESCRIPTOR.services_by_name)
        output = module.DESCRIPTOR.services_by_name[call.service].methods_by_name[call.name].output_type.name
        answer = next(getattr(m, output) for m in PB.values() if hasattr(m, output))
        kind = {(False, False): "unary_unary", (False, True): "unary_stream", (True, True): "stream_stream",
                (True, False): "stream_unary"}[call.streams_in, call.streams_out]
        stub = getattr(caller.channel, kind)(f"/milecastle.v1.{call.service}/{call.name}",
                                             request_serializer=lambda m: m.SerializeToString(),
                                             response_deserializer=answer.FromString)
        request = request_of(call)
        metadata = (*caller.metadata, *more)
        try:
            got = stub(iter([request]) if call.streams_in else request, timeout=60, metadata=metadata)
            first = next(iter(got), None) if call.streams_out else got
        except grpc.RpcError as error:
            return error.code(), error.details()
        which = first.WhichOneof("outcome") if "outcome" in getattr(first, "DESCRIPTOR").oneofs_by_name else "answer"
        if which == "refusal" and first.refusal.reason == "no_such_document":
            which = "not found"  # who hears this was let in
        return grpc.StatusCode.OK, which

    def expected(self, name, call):
        ods, system, roles = CALLERS[name]
        asks = ASKS[f"{call.service}.{call.name}"]
        if call.name == "Submit":  # a feed names its certificates
            return ALLOWED if (ods, system) == ("Z99001", "bridge-gp") else DENIED
        if asks in ("peer", "audit.proof"):
            return ALLOWED
        if roles is None:
            return DENIED
        related = ods == "ZT1"
        evidence = [{"kind": "open_encounter", "organisation": "ZT1", "user": "", "from": policy_cases.NOW - 10, "until": None}]
        who = {"organisation": ods, "system": system, "user": "user", "roles": roles, "team": "", "assurance": 3, "launch": None}
        case = {"now": policy_cases.NOW, "action": asks, "requester": who, "case_reference": "", "nhs_number": policy_cases.NUMBER,
                "facts": {"evidence": evidence if related else [], "consents": [], "flags": [], "active": True,
                          "untraced_sources": [], "merge_review": False}}
        if asks != "view":
            asked = [asks, *ALSO.get(f"{call.service}.{call.name}", [])]
            told = [self.oracle.act({**case, "action": action, "done_by": "another"}) for action in asked]
            told = next((one for one in told if one["reason"] == "none"), told[0])
            whole = call.name != "ExportLog" or told.get("scope") == "all"  # a whole log is for who sees all of it
            return ALLOWED if told["reason"] == "none" and whole else DENIED
        more = {"purpose": "direct-care", "reason_code": "", "declared": None, "sections": [], "match": "matched", "classes": [],
                "birth_date": "1962-07-13", "sources": []}
        return ALLOWED if self.oracle.decide({**case, **more})[0]["reason"] == "none" else DENIED

    @staticmethod
    def outcome(code, what):
        """Whether the caller was let in; any other error is neither, and so is never what is expected."""
        if code in REFUSES or (code, what) == (grpc.StatusCode.OK, "refusal"):
            return DENIED
        return ALLOWED if code in LETS_IN else code.name

    def test_each_call_is_for_those_whom_the_policy_names(self):
        found, made = [], 0
        for call in all_calls():
            for name, caller in self.callers.items():
                code, what = self.make(caller, call)
                made += 1
                if self.outcome(code, what) != self.expected(name, call):
                    found.append(f"{call.service}.{call.name} by {name}: {code} {what}, not {self.expected(name, call)}")
        print(f"T11, T7: {made} calls made, {len(all_calls())} of {len(ASKS)} calls of the contract, {len(found)} disagreements")
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_no_header_makes_somebody_else_of_a_caller(self):
        tried, found = 0, []
        stranger = self.callers["user without a role"]
        officer = dict(self.callers["system's privacy officer"].metadata)["authorization"]
        stolen = [("authorization", officer)]
        for call in all_calls():
            plain = self.make(stranger, call)
            for header in FORGED:
                tried += 1
                if self.make(stranger, call, [header]) != plain:
                    found.append((call.name, header[0]))
            tried += 1
            code, what = self.make(self.callers["system without a user"], call, stolen)
            if self.outcome(code, what) != self.expected("system without a user", call):
                found.append((call.name, "another's token"))
            tried += 1
            code, what = self.make(stranger, call, stolen)  # two headers: neither of them counts
            if self.outcome(code, what) not in (DENIED, self.expected("user without a role", call)):
                found.append((call.name, "a second token"))
        print(f"T4: {tried} forged calls done on {len(all_calls())} calls, {len(FORGED) + 2} asked of each; {len(found)} changed an answer")
        self.assertEqual(found, [])

    def test_headers_that_ended_older_servers_leave_this_one_answering(self):
        big = ("x-filler", "f" * 9000)
        lists = {
            "te: x": [("te", "x"), big], ":scheme: x": [(":scheme", "x"), big], "grpclb_client_stats": [("grpclb_client_stats", "x"), big],
            "bad base64": [("x-trace-bin", "%%%not base64%%%")], "8 KiB and one": [("x-filler", "f" * 8193)],
            "te twice": [("te", "trailers"), ("te", "x"), big], "no path": [("te", "trailers")],
        }
        for name, headers in lists.items():
            self.send_raw(headers, path=name != "no path")
            self.assertIsNone(self.trial.process.poll(), f"the process ended after {name}")
            code, _ = self.make(self.callers["doctor"], next(c for c in all_calls() if c.name == "GetHealth"))
            self.assertEqual(code, grpc.StatusCode.OK, name)
        print(f"T3, T43: {len(lists)} header lists sent, 0 stopped the gateway")

    def send_raw(self, headers, path):
        block = b"".join(attack.literal(name, value) for name, value in [
            (":method", "POST"), *([(":path", "/milecastle.v1.OperationsService/GetHealth")] if path else []),
            *([] if any(n == ":scheme" for n, _ in headers) else [(":scheme", "https")]), (":authority", "localhost"),
            ("content-type", "application/grpc"), *sorted(headers, key=lambda h: not h[0].startswith(":"))])
        with attack.Attacker(self.trial, "ZT1-quayside-epr") as attacker:
            attacker.send(attack.call(1, block=block) + attack.frame(attack.DATA, attack.END_STREAM, 1, bytes(5)))
            attacker.drain(0.5)


if __name__ == "__main__":
    unittest.main()
