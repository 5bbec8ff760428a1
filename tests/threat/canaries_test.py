"""T12, T27, T28: nothing that a message or a request brings is in a log, a metric or an error; and no payload forges a log line.

`--count N` requests (20,000; a release asks for 1,000,000), four in five of them messages over MLLP with a canary in every field, the rest
calls with one in every field, at log level debug. Then 500 payloads that break logs, one in each place where text comes in:
every line of the log is one JSON object of the catalogue.
"""

import itertools
import json
import pathlib
import sys
import threading
import unittest

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from counted import asked
from trial import PB, Trial, ack_code, admission

COUNT, CONNECTIONS, WINDOW, PAYLOADS = 20_000, 4, 8, 500
MARK = "CANARY"
BREAKERS = ["\r\n", "\n", "\u2028", "\x1b[2J", "\x1b]0;x\x07", '","event":"gateway.ready"}', "\\\",{", '"]\\', "]", "\x00", "%n%s", "${jndi:x}",
            "\x7f", "\u202e", "<script>", "\x85", "'; DROP TABLE journal; --", "\ud7ff", "{}", "\t"]


class Canaries(unittest.TestCase):
    def setUp(self):
        self.trial = Trial({"user_refusals = 30": "user_refusals = 0"}).start()
        self.addCleanup(self.trial.end)
        self.numbers = itertools.count()

    def canary(self):
        return f"{MARK}{next(self.numbers):010}"

    def segment(self, name, fields, keep=()):
        kept = dict(keep)
        return "|".join([name] + [kept.get(i, self.canary()) for i in range(1, fields + 1)])

    def message(self, n):
        number = "9990000018^^^NHS^NH" if n % 2 else self.canary()
        person = self.segment("PID", 30, {1: "1", 3: number, 7: "19620713", 8: "F", 29: "", 30: ""}) + "||NSTS01"
        more = [self.segment("NK1", 20), self.segment("AL1", 6), self.segment("DG1", 20), self.segment("ZFU", 10), self.segment("ZU8", 6)]
        return admission(f"CAN{n:09}", person=person, more=more)

    def send(self, first, count, replies):
        mllp = self.trial.mllp()
        sent = 0
        for n in range(first, first + count):
            mllp.send(self.message(n))
            sent += 1
            if sent > WINDOW:
                replies.append(mllp.reply())
        for _ in range(min(sent, WINDOW)):
            replies.append(mllp.reply())
        mllp.close()

    def call(self, caller, n):
        """A call with a canary in every text that it has."""
        view, consents, policy, identity = PB["view"], PB["consent"], PB["policy"], PB["identity"]
        person = {"birth_date": self.canary(), "family_name": self.canary(), "nhs_number": self.canary()}
        if n % 3:
            person.update(nhs_number="9990000018", birth_date="1962-07-13" if n % 2 else "1970-01-01")
        asked = view.GetPatientViewRequest(**person, purpose=n % 15, reason_code=self.canary() if n % 4 == 0 else "",
                                           declared_relationship=self.canary() if n % 5 == 0 else "", case_reference=self.canary())
        key = consents.PersonKey(**person)
        consent = consents.Consent(kind=n % 8, by=n % 6, team=self.canary(), reason_code=self.canary(),
                                   scope=consents.ConsentScope(sources=[self.canary()], labels=[self.canary()]))
        return caller.call(*[
            ("PatientViewService", "GetPatientView", asked),
            ("PatientViewService", "GetDocument", view.GetDocumentRequest(request=asked, live=view.LiveDocument(
                source="Z99001" if n % 2 else self.canary(), document_id=self.canary()))),
            ("ConsentService", "RecordConsent", consents.RecordConsentRequest(person=key, consent=consent)),
            ("ConsentService", "WithdrawConsent", consents.WithdrawConsentRequest(person=key, consent_id=self.canary())),
            ("PolicyService", "Explain", policy.ExplainRequest(request=asked, requester=policy.HypotheticalRequester(
                organisation=self.canary(), user=self.canary(), roles=[self.canary()], team=self.canary()), case_reference=self.canary())),
            ("IdentityService", "ShowQueueItem", identity.ShowQueueItemRequest(item_id=self.canary())),
            ("IdentityService", "Link", identity.LinkRequest(item_id=self.canary())),
        ][n % 7])

    def outside(self):
        return self.trial.metrics() + self.trial.log.read_text()

    def test_none_leaves_by_log_metric_reply_or_error(self):
        share = COUNT * 4 // 5 // CONNECTIONS
        texts, threads = [], []
        for n in range(CONNECTIONS):
            threads.append(threading.Thread(target=self.send, args=(n * share, share, texts)))
            threads[-1].start()
        callers = [self.trial.caller("ZT2", "moorland-epr", "dr", "R8000"), self.trial.caller("ZI1", "desk", "po", "R0001", "LIDENTITY")]
        answered = 0
        for n in range(COUNT - share * CONNECTIONS):
            try:
                self.call(callers[n % 2], n)
                answered += 1
            except grpc.RpcError as error:
                texts.append(error.details())
        for thread in threads:
            thread.join()
        replies = [text for text in texts if text.startswith("MSH")]
        self.assertEqual(len(replies), share * CONNECTIONS)
        everything = "\n".join(texts) + self.outside()
        where = everything.upper().find(MARK)
        done = len(texts) + answered
        print(f"T12: {done} requests done of {COUNT} asked, {next(self.numbers)} canaries, {len(everything)} bytes searched, "
              f"{everything.upper().count(MARK)} found; accepted {sum(ack_code(r) == 'AA' for r in replies)}")
        self.assertEqual(done, COUNT)
        self.assertEqual(where, -1, everything[max(0, where - 200):where + 40])
        self.assertNotIn("9990000018", everything)

    def test_no_payload_forges_or_breaks_a_line(self):
        mllp = self.trial.mllp()
        ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        for n in range(PAYLOADS):
            payload = f"x{BREAKERS[n % len(BREAKERS)]}y{n}"
            if n % 2:
                text = payload.replace("\r", "").replace("\n", "").replace("|", "") or "x"
                try:
                    mllp.exchange(self.message(900_000 + n).replace(f"{MARK}", text, 1 + n % 7).encode("utf-8", "replace"))
                except ConnectionError:
                    mllp.close()
                    mllp = self.trial.mllp()
            else:
                field = ("number", "born", "family", "reason_code", "declared_relationship", "case_reference")[n // 2 % 6]
                try:
                    ward.view(**{field: payload})
                except grpc.RpcError:
                    pass
        mllp.close()
        self.assertEqual(self.trial.stop(), 0)
        lines = self.trial.log.read_bytes().split(b"\n")
        self.assertEqual(lines[-1], b"")
        events = set()
        for line in lines[:-1]:
            parsed = json.loads(line)
            events.add(parsed["event"])
            self.assertTrue(all(0x20 <= byte < 0x7F for byte in line), line)
        catalogue = (ROOT / "gateway/base/log.cc").read_text()
        self.assertEqual({event for event in events if f'"{event}"' not in catalogue}, set())
        self.assertEqual(sum(b"gateway.ready" in line for line in lines), 1)
        print(f"T27: {PAYLOADS} payloads done; {len(lines) - 1} lines, each one object of the catalogue")


if __name__ == "__main__":
    COUNT = asked(COUNT)
    unittest.main()
