"""T26: nothing that is sent is read as SQL.

500 payloads (sql_payloads.py), through every text of every request and through the fields of messages that are accepted. An
answer to one is the answer to a word that means nothing; afterwards the store has the schema and the rows that it should have.

`--count N` payloads for each text of a request (104: eight of each class; a release asks for all 500).
"""

import argparse
import concurrent.futures
import itertools
import os
import pathlib
import sys
import unittest

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

import sql_payloads
from calls_test import request_of
from proto_text import all_calls
from trial import PB, Trial, ack_code, admission, nhs_number, person_segment

COUNT, PAYLOADS, AT_ONCE, WINDOW = 104, 500, 6, 8
FIRST = 10  # of the people whom messages with a payload speak of
WHO = {"PatientViewService": ("ZT1", "quayside-epr", "dr", "R8000"), "IntakeService": ("Z99001", "bridge-gp", "gp", "R8000"),
       "ConsentService": ("ZI1", "desk", "po", "R0001", "LIDENTITY"), "PolicyService": ("ZI1", "desk", "po", "R0001",
                                                                                        "LIDENTITY"),
       "IdentityService": ("ZI1", "desk", "io", "LIDENTITY"), "QuarantineService": ("ZI1", "desk", "io", "LIDENTITY"),
       "AuditService": ("ZI1", "desk", "po", "R0001", "LIDENTITY"), "DirectoryService": ("ZI1", "desk", "op", "R8015")}
LASTING = ("journal", "journal_bytes", "entries", "identities", "local_identifiers", "folded_names", "links", "evidence", "trail")
# A payload may also be too long, no UTF-8 or no code for the text that it stands in: never more than that. gRPC itself reads the
# requests of ExportLog, and says of what it cannot read that it is not implemented.
REFUSED = {grpc.StatusCode.INVALID_ARGUMENT}
UNREAD = {"ExportLog": {grpc.StatusCode.UNIMPLEMENTED}}
ANSWERS = {grpc.StatusCode.OK, grpc.StatusCode.NOT_FOUND}  # of who may make the call
NOTHING = [b"nobody-7", b"NOBODY", b"n" * 16, b"n" * 32]  # no name, number, code, id or hash of anything here


def texts_of(message, path=()):
    """The path of every string and byte field of a request; of a repeated one, of its first item."""
    for field in message.fields:
        here = (*path, field)
        if field.message_type and field.message_type.file.package.startswith("milecastle"):
            yield from texts_of(field.message_type, here)
        elif field.type in (field.TYPE_STRING, field.TYPE_BYTES):
            yield here


def with_text(request, path, text):
    """The bytes of the request with these bytes in that field, whether or not they are UTF-8."""
    place = "".join(itertools.islice(itertools.cycle("\x11\x12\x13"), len(text)))
    changed = type(request)()
    changed.CopyFrom(request)
    inner = changed
    for field in path[:-1]:
        inner = getattr(inner, field.name)
        inner.SetInParent()
    name, value = path[-1].name, place.encode() if path[-1].type == path[-1].TYPE_BYTES else place
    if path[-1].label == path[-1].LABEL_REPEATED:
        del getattr(inner, name)[:]
        getattr(inner, name).append(value)
    else:
        setattr(inner, name, value)
    written = changed.SerializeToString()
    assert written.count(place.encode()) == 1 or not text
    return written.replace(place.encode(), text)


def is_text(payload):
    try:
        return bool(payload.decode().strip())
    except UnicodeDecodeError:
        return False


def as_shown(text):
    """White space around it is not kept, and a control character is shown as one that cannot be."""
    return "".join(c if c >= " " or c in "\t\r\n" else "\ufffd" for c in text.strip())


def escaped(text):
    """As HL7 v2 carries it (2.8.2 section 2.7): delimiters and control characters in escapes."""
    named = {"|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\\": "\\E\\"}
    return "".join(named.get(c) or (f"\\X{ord(c):02X}\\" if c < " " else c) for c in text)


def strings(message):
    for field, value in message.ListFields():
        for item in value if field.label == field.LABEL_REPEATED else [value]:
            if field.message_type:
                yield from strings(item)
            elif field.type == field.TYPE_STRING:
                yield item


class Injection(unittest.TestCase):
    def setUp(self):
        self.trial = Trial({"user_refusals = 30": "user_refusals = 0", "refusal_grid_ms = 50": "refusal_grid_ms = 0"}).start()
        self.addCleanup(self.trial.end)
        self.callers = {who: self.trial.caller(*who) for who in set(WHO.values())}
        self.ward = self.callers[WHO["PatientViewService"]]
        self.classes = sql_payloads.payloads(PAYLOADS, self.trial.folder)
        self.mllp = self.trial.mllp()
        for n, family in ((1, "GOOD"), (2, "HADRIAN"), (3, "HADRIAN")):
            allergy = "AL1|1|DA|91936005^Allergy to penicillin^SNM3|SV|Anaphylaxis|20100501"
            person = person_segment(self.person(n), local=f"Q{n}", family=family)
            self.assertEqual(ack_code(self.mllp.exchange(admission(f"SQL{n:06}", person=person, more=(allergy,)))), "AA")
        self.before, self.rows = self.held(), self.lasting()

    @staticmethod
    def person(which):
        return nhs_number(which)

    def held(self):
        """What must be as before: the schema, and the view of a person of whom nothing was said meanwhile."""
        view = self.ward.view(self.person(1), family="Good").view
        for line in view.manifest.lines:
            line.ClearField("as_of")
        for name in ("consents_as_of", "location_as_of"):
            view.ClearField(name)
        self.assertGreater(len(view.entries), 0)
        return (self.trial.query("SELECT * FROM sqlite_master ORDER BY name"), self.trial.query("PRAGMA user_version"),
                self.trial.query("SELECT * FROM migrations"), view.SerializeToString(deterministic=True))

    def lasting(self):
        """The rows of tables in which nothing is changed or deleted."""
        return {(table, row) for table in LASTING for row in self.trial.query(f"SELECT * FROM {table}")}

    def check_the_store(self):
        self.assertIsNone(self.trial.process.poll(), "the gateway ended")
        self.assertEqual(self.held(), self.before)
        self.assertEqual(self.rows - self.lasting(), set())
        self.assertEqual(self.trial.query("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual([str(p) for p in pathlib.Path(self.trial.folder).rglob(sql_payloads.NEVER + "*")], [])
        self.mllp.close()
        for caller in self.callers.values():
            caller.channel.close()
        self.assertEqual(self.trial.stop(), 0)
        for log in ("audit", "audit-second"):
            done = self.trial.fsck(log)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def requests(self):
        """(call, well-formed request, path of a text in it) of all calls."""
        for call in all_calls():
            request = request_of(call)
            for name in ("person", "request"):
                if name in request.DESCRIPTOR.fields_by_name and request.DESCRIPTOR.fields_by_name[name].message_type:
                    getattr(request, name).nhs_number = self.person(3 if call.name == "RecordConsent" else 2)
            if call.name in ("GetPatientView", "SearchEntries", "ShowPerson"):
                request.nhs_number = self.person(2)
            if hasattr(request, "page_size"):
                request.page_size = 1
            if hasattr(request, "case_reference"):
                request.case_reference = "CASE-1"
            yield from ((call, request, path) for path in texts_of(request.DESCRIPTOR))

    def ask(self, call, data):
        """(code, kind of answer, how much is in it)."""
        caller = self.callers[WHO[call.service]]
        kind = "stream_stream" if call.streams_in else "unary_stream" if call.streams_out else "unary_unary"
        module = next(m for m in PB.values() if call.service in m.DESCRIPTOR.services_by_name)
        output = module.DESCRIPTOR.services_by_name[call.service].methods_by_name[call.name].output_type.name
        answer = next(getattr(m, output) for m in PB.values() if hasattr(m, output))
        stub = getattr(caller.channel, kind)(f"/milecastle.v1.{call.service}/{call.name}",
                                             response_deserializer=answer.FromString)
        try:
            got = stub(iter([data]) if call.streams_in else data, timeout=60, metadata=caller.metadata)
            first = next(iter(got)) if call.streams_out else got
        except grpc.RpcError as error:
            return error.code(), "", 0
        told = [first.WhichOneof("outcome")] if "outcome" in first.DESCRIPTOR.oneofs_by_name else [getattr(first, "error",
                                                                                                           "") != ""]
        lists = [value for field, value in first.ListFields() if field.label == field.LABEL_REPEATED]
        return grpc.StatusCode.OK, *told, sum(map(len, lists))

    def test_T26_in_every_text_of_every_request(self):
        asked = list(self.requests())
        classes = list(self.classes.values())
        jobs, used = [], set()
        for at, (call, request, path) in enumerate(asked):
            self.assertIn(self.ask(call, request.SerializeToString())[0], ANSWERS, call)
            meaningless = {self.ask(call, with_text(request, path, word)) for word in NOTHING}
            for n in range(COUNT):
                kind = classes[n % len(classes)]
                payload = kind[(n // len(classes) + at * -(-COUNT // len(classes))) % len(kind)]
                used.add(payload)
                jobs.append((call, path, payload, with_text(request, path, payload), meaningless))
        codes, found = {}, []
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            answers = pool.map(lambda job: self.ask(job[0], job[3]), jobs)
            for (call, path, payload, _, meaningless), answer in zip(jobs, answers):
                codes[answer[0].name] = codes.get(answer[0].name, 0) + 1
                if answer not in meaningless and answer[0] not in REFUSED | UNREAD.get(call.name, set()):
                    found.append(f"{call.name}.{'.'.join(f.name for f in path)} {payload!r}: {answer}, not {meaningless}")
        print(f"T26: {len(jobs)} requests done, {len(used)} of {PAYLOADS} payloads in {len(asked)} texts of "
              f"{len({a[0] for a in asked})} calls: {codes}; {len(found)} answered otherwise than a word without meaning")
        self.assertEqual(len(used), PAYLOADS)
        self.assertEqual(found, [], "\n".join(found[:20]))
        self.check_the_store()

    def message_of(self, n, sent):
        more = (f"AL1|1|DA|{sent}^{sent}^{sent}|SV|{sent}|20100501", f"NK1|1|{sent}^{sent}|{sent}^{sent}|{sent}",
                f"DG1|1||{sent}^{sent}^I10||20261121|A")
        person = person_segment(self.person(n), local=f"Q{n}{sent}", family=sent, given=sent)
        return admission(f"SQLM{n:04}{sent}", person=person, more=more)

    def replies(self, messages):
        out = 0
        for message in messages:
            self.mllp.send(message)
            out += 1
            if out == WINDOW:
                yield self.mllp.reply()
                out -= 1
        for _ in range(out):
            yield self.mllp.reply()

    def test_T26_in_fields_of_accepted_messages(self):
        texts = [payload.decode() for kind in self.classes.values() for payload in kind if is_text(payload)]
        messages = (self.message_of(n, escaped(text)) for n, text in enumerate(texts, start=FIRST))
        refused = sum(ack_code(reply) != "AA" for reply in self.replies(messages))
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            views = pool.map(lambda n: self.ward.view(self.person(n)).view, range(FIRST, FIRST + len(texts)))
            changed = [text for text, view in zip(texts, views) if as_shown(text) not in set(strings(view))]
        kept = self.trial.query("SELECT disposition, COUNT(*) FROM journal WHERE control_id LIKE 'SQLM%' GROUP BY 1")
        print(f"T26: {len(texts)} messages done, {PAYLOADS - len(texts)} payloads are no text; "
              f"{refused} refused, {len(changed)} shown otherwise")
        self.assertEqual((refused, changed, kept), (0, [], [("accepted", len(texts))]))
        self.check_the_store()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=COUNT * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1")))
    options, rest = parser.parse_known_args()
    COUNT = min(options.count, PAYLOADS)
    unittest.main(argv=[sys.argv[0], *rest])
