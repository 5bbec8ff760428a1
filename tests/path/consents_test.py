"""FHIR consents from outside: whose word opens and shuts, what ends it, and what an emergency passes."""

import unittest

from trial import PB, Caller, Trial, admission, person_segment
from versions_test import NHS, NUMBER, bundle

EMERGENCY = {"purpose": "EMERGENCY", "reason_code": "LIFE"}


def consent(which, said, kind, **more):
    return {"resource": {
        "resourceType": "Consent", "id": which, "status": "active", "patient": {"reference": "Patient/1"}, "dateTime": said,
        "scope": {"coding": [{"code": "patient-privacy"}]}, "category": [{"coding": [{"code": "INFA"}]}],
        "performer": [{"reference": "Patient/1"}], "provision": {"type": kind}, **more}}


class Consents(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        hospital = self.trial.mllp()
        self.addCleanup(hospital.close)
        self.assertIn("AA", hospital.exchange(admission("A1", person=person_segment(number=NUMBER))))
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        self.nurse = Caller(self.trial, "ZC1", "district-nursing", "")
        self.sent = 0
        self.send({"resource": {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "Leg ulcer review"},
                                "subject": {"reference": "Patient/1"}, "valueString": "healing"}})

    def send(self, *entries):
        self.sent += 1
        answer, = self.nurse.submit("district-nursing", bundle(f"b{self.sent}", f"2026-11-01T00:00:{self.sent:02}Z", *entries))
        self.assertEqual(answer.disposition, PB["intake"].DISPOSITION_ACCEPTED, answer)

    def shown(self, **more):
        """Everything, the hospital's alone, or nothing."""
        view = self.ward.view(**more)
        if view.WhichOneof("outcome") != "view":
            self.assertEqual(view.refusal.reason, "objection")
            return "nothing"
        return "all" if "Leg ulcer review" in [entry.what.text for entry in view.view.entries] else "the hospital's"

    def test_a_consent_that_ends_or_is_narrowed_gives_back_the_refusal_that_it_lifted(self):
        self.send(consent("refused", "2020-01-01", "deny"))
        for number, end in enumerate(({"status": "inactive"},
                                      {"provision": {"type": "permit", "period": {"end": "2026-03-01"}}},
                                      {"provision": {"type": "permit", "actor": [{"reference": {"display": "Nurses"}}]}},
                                      {"performer": [{"display": "Her husband"}]})):
            which = f"given{number}"
            self.send(consent(which, f"202{number + 1}-01-01", "permit"))
            self.assertEqual(self.shown(), "all", end)
            self.send(consent(which, f"202{number + 1}-01-01", "permit", **end))
            self.assertEqual(self.shown(), "nothing", end)
        self.assertEqual(self.shown(**EMERGENCY), "all")

    def test_a_husbands_word_opens_nothing_and_her_own_shuts_however_she_is_named(self):
        self.send(consent("hers", "2026-01-01", "deny",
                          performer=[{"type": "Patient", "identifier": {"system": NHS, "value": NUMBER}}]))
        self.assertEqual(self.shown(), "nothing")
        self.send(consent("his", "2026-02-01", "permit", performer=[{"display": "Mr Marcus, husband of Aelia Hadrian"}]))
        self.assertEqual(self.shown(), "nothing")
        self.send(consent("hers again", "2026-03-01", "permit", performer=[{"display": "HADRIAN, Aelia"}]))
        self.assertEqual(self.shown(), "all")

    def test_a_refusal_by_code_or_in_plain_english_withholds_its_source_until_it_is_looked_at(self):
        officer = self.trial.caller("ZI1", "desk", "ig-claudia", "R0001")
        for which, said in (("code", {"category": [{"coding": [{"code": "320011000000108"}]}]}),
                            ("words", {"policyRule": {"text": "This record must not be shared with the hospital"}}),
                            ("unread", {"policyRule": {"text": "As discussed"}})):
            without = consent(which, "2026-01-01", "deny", **said)
            del without["resource"]["provision"]
            self.send(without)
            self.assertEqual(self.shown(), "the hospital's", which)
            self.assertEqual(self.shown(**EMERGENCY), "all", which)
            review, = self.trial.queue(officer, "choice_review")
            self.assertEqual(review.reason, "unclear_choice")
            done = self.trial.ask(officer, "identify", "close", review.item_id, "--outcome", "put_right")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.shown(), "all", which)

    def test_what_comes_with_ordinary_care_withholds_nothing_and_asks_nobody(self):
        implied = consent("implied", "2026-01-01", "permit", category=[{"coding": [{"code": "DRC", "display": "Direct Care"}]}],
                          policyRule={"coding": [{"code": "IMPLIED"}]})
        del implied["resource"]["provision"]
        surgery = consent("surgery", "2026-01-01", "deny", scope={"coding": [{"code": "treatment"}]},
                          category=[{"text": "Consent to blood, not given"}])
        self.send(implied, surgery, consent("plain", "2026-01-01", "permit"),
                  consent("nurses", "2026-01-01", "permit", provision={"type": "permit", "period": {"start": "2026-01-01"}}))
        self.assertEqual(self.shown(), "all")
        self.assertFalse(self.trial.queue(self.trial.caller("ZI1", "desk", "ig-claudia", "R0001"), "choice_review"))


if __name__ == "__main__":
    unittest.main()
