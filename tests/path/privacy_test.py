"""No patient data in a log, a metric or an error, at any level; and what is hidden is not betrayed."""

import re
import unittest
import urllib.request
import uuid

import grpc

from trial import PB, Trial, ack_code, admission


class Canaries(unittest.TestCase):
    """A canary in each field that a message, a bundle or a request can bring."""

    def setUp(self):
        self.trial = Trial().start()
        self.canaries = []

    def tearDown(self):
        self.trial.end()

    def canary(self):
        self.canaries.append("CANARY" + uuid.uuid4().hex[:16].upper())
        return self.canaries[-1]

    def segment(self, name, fields, keep=()):
        kept = dict(keep)
        return "|".join([name] + [kept.get(i, self.canary()) for i in range(1, fields + 1)])

    def message(self, control, valid):
        person = self.segment("PID", 30, {1: "1", 3: "9990000018^^^NHS^NH" if valid else self.canary(),
                                          7: "19620713", 8: "F", 29: "", 30: ""}) + "||NSTS01"
        more = [self.segment("NK1", 20), self.segment("AL1", 6), self.segment("DG1", 20), self.segment("PR1", 16),
                self.segment("ZFU", 10), self.segment("ZU8", 6)]
        return admission(control, person=person, more=more)

    def test_none_leaves_by_log_metric_or_error(self):
        mllp = self.trial.mllp()
        texts = []
        for i in range(40):
            texts.append(mllp.exchange(self.message(f"CAN{i:05d}", valid=i % 2 == 0)))
        texts.append(mllp.exchange(self.canary() + "\r" + self.canary()))
        mllp.close()
        gp = self.trial.caller("Z99001", "bridge-gp", "gp", "R8000")
        bundle = '{"resourceType":"Bundle","%s":"%s","id":"%s"}' % (self.canary().lower(), self.canary(), self.canary())
        texts += [str(o) for o in gp.submit("bridge-gp", bundle.encode())]
        ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        for field in ("number", "born", "family", "reason_code", "declared_relationship"):
            try:
                ward.view(**{field: self.canary(), **({"purpose": "EMERGENCY"} if field == "reason_code" else {})})
            except grpc.RpcError as error:
                texts.append(error.details())
        with urllib.request.urlopen(f"http://127.0.0.1:{self.trial.ports['metrics']}/metrics", timeout=10) as metrics:
            texts.append(metrics.read().decode())
        self.assertEqual(self.trial.stop(), 0)
        texts.append(self.trial.log.read_text())
        everything = "\n".join(texts)
        leaked = [c for c in self.canaries if c in everything or c.lower() in everything.lower()]
        print(f"{len(self.canaries)} canaries, {len(everything)} bytes searched, {len(leaked)} found")
        self.assertEqual(leaked, [])
        self.assertNotIn("9990000018", everything)
        self.assertIn("milecastle_messages_total", everything)


class Hidden(unittest.TestCase):
    def test_a_sealed_and_locked_item_leaves_a_reply_like_one_for_a_patient_who_never_had_it(self):
        trial = Trial().start()
        self.addCleanup(trial.end)
        mllp = trial.mllp()
        with_item, without = ("9990000018", "Q100"), ("9990000026", "Q200")
        for i, (number, local) in enumerate((with_item, without)):
            person = f"PID|1||{number}^^^NHS^NH~{local}^^^ZT1^MR||HADRIAN^AELIA||19620713|F" + "|" * 24 + "NSTS01"
            more = ["DG1|1||R07.4^Chest pain^I10||20261121|A", "ZU8||1|Yes|0"]
            if number == with_item[0]:
                more.insert(1, "DG1|2||DA-100^Hidden thing^https://milecastle.example/trial-codes||20261121|A")
            message = admission(f"HID{i:05d}", person=person, more=more)
            self.assertEqual(ack_code(mllp.exchange(message)), "AA")
        mllp.close()
        ward = trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        consents = PB["consent"]
        person = consents.PersonKey(nhs_number=with_item[0], birth_date="1962-07-13", family_name="Hadrian")
        lock = consents.Consent(kind=consents.CONSENT_KIND_SEAL_AND_LOCK, by=consents.CONSENT_BY_PERSON,
                                team="ZT1/refuge", scope=consents.ConsentScope(labels=["domestic_abuse"]))
        ward.call("ConsentService", "RecordConsent", consents.RecordConsentRequest(person=person, consent=lock))
        shown = []
        for number, local in (with_item, without):
            response = ward.view(number=number)
            self.assertNotIn("Hidden thing", str(response))
            text = str(response.view)
            text = re.sub(r"(nanos|seconds): \d+", "", re.sub(r'entry_id: ".*"', "", text))
            shown.append(text.replace(number, "N").replace(local, "L"))
        self.assertEqual(*shown)


if __name__ == "__main__":
    unittest.main()
