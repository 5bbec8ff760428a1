"""No patient data in a log, a metric or an error, at any level; and what is hidden is not betrayed."""

import re
import unittest
import uuid

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from trial import ALLERGY, PB, SOURCE, Trial, ack_code, admission, person_segment


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
        texts.append(self.trial.metrics())
        self.assertEqual(self.trial.stop(), 0)
        texts.append(self.trial.log.read_text())
        everything = "\n".join(texts)
        leaked = [c for c in self.canaries if c in everything or c.lower() in everything.lower()]
        print(f"{len(self.canaries)} canaries, {len(everything)} bytes searched, {len(leaked)} found")
        self.assertEqual(leaked, [])
        self.assertNotIn("9990000018", everything)
        self.assertIn("milecastle_messages_total", everything)


class Existence(unittest.TestCase):
    """Who has no relationship learns from no call whether a person is known, or when they were born."""

    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        mllp = self.trial.mllp()
        self.assertEqual(ack_code(mllp.exchange(admission("EXI00001"))), "AA")
        mllp.close()
        self.stranger = self.trial.caller("ZT2", "moorland-epr", "dr-boudica", "R8000")

    def test_choices_are_refused_alike_for_known_unknown_and_wrongly_born_and_each_is_audited(self):
        consents = PB["consent"]
        consent = consents.Consent(kind=consents.CONSENT_KIND_OBJECTION, by=consents.CONSENT_BY_PERSON)
        answers = {}
        keys = (("9990000018", "1962-07-13"), ("9990000042", "1962-07-13"), ("9990000018", "1990-01-01"))
        for number, born in keys:
            person = consents.PersonKey(nhs_number=number, birth_date=born, family_name="Hadrian")
            for method, request in (
                    ("ListConsents", consents.ListConsentsRequest(person=person)),
                    ("RecordConsent", consents.RecordConsentRequest(person=person, consent=consent)),
                    ("WithdrawConsent", consents.WithdrawConsentRequest(person=person, consent_id=str(uuid.uuid4())))):
                with self.assertRaises(grpc.RpcError) as refused:
                    self.stranger.call("ConsentService", method, request)
                answers.setdefault(method, set()).add((refused.exception.code(), refused.exception.details()))
        self.assertEqual({method: len(seen) for method, seen in answers.items()}, dict.fromkeys(answers, 1), answers)
        officer = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        found = officer.call("AuditService", "SearchEntries",
                             PB["audit"].SearchEntriesRequest(organisation="ZT2", kind="refusal"))
        self.assertEqual(len(found.entries), len(keys) * len(answers))

    def test_choices_with_times_beyond_the_calendar_or_texts_that_are_no_codes_are_refused(self):
        consents = PB["consent"]
        person = consents.PersonKey(nhs_number="9990000018", birth_date="1962-07-13", family_name="Hadrian")
        ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        for wrong in ({"from": Timestamp(seconds=2**62)}, {"until": Timestamp(seconds=-(2**62))},
                      {"reason_code": "x" * 500_000}, {"reason_code": "a\r\nb"}, {"team": "ZT1/" + "x" * 100_000}):
            consent = consents.Consent(kind=consents.CONSENT_KIND_OBJECTION, by=consents.CONSENT_BY_PERSON, **wrong)
            with self.assertRaises(grpc.RpcError) as refused:
                ward.call("ConsentService", "RecordConsent",
                          consents.RecordConsentRequest(person=person, consent=consent))
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)

    def test_nobody_fills_the_log_with_long_names(self):
        for wrong in ({"family": "x" * 100_000}, {"family": "x" * 257}, {"reason_code": "x" * 129},
                      {"declared_relationship": "x" * 129}, {"case_reference": "x" * 129},
                      {"case_reference": "a\nb"}, {"sections": [1] * 1000}):
            with self.assertRaises(grpc.RpcError) as refused:
                self.stranger.view(**wrong)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertIn(next(iter(wrong)).replace("family", "family_name" if len(wrong.get("family", "")) < 1000
                                                    else "request"), refused.exception.details())

    def test_nobody_fills_the_log_with_what_an_officer_may_ask(self):
        officer = self.trial.caller("ZI1", "desk", "po", "R0001")
        audit, policy, view = PB["audit"], PB["policy"], PB["view"]
        person = view.GetPatientViewRequest(nhs_number="9990000018", birth_date="1962-07-13", family_name="Hadrian",
                                            purpose=view.PURPOSE_DIRECT_CARE)
        long = "x" * 129

        def explained(**about):
            return "PolicyService", "Explain", policy.ExplainRequest(
                request=person, requester=policy.HypotheticalRequester(**about))

        asked = [(field, ("AuditService", "SearchEntries", audit.SearchEntriesRequest(**{field: long})))
                 for field in ("user", "organisation", "source", "kind", "case_reference", "page_token")]
        asked += [(field, ("AuditService", "GetEntry", audit.GetEntryRequest(**{field: long})))
                  for field in ("origin", "case_reference")]
        asked += [("requester.user", explained(user=long)), ("requester.team", explained(team=long)),
                  ("requester.roles", explained(roles=[long])), ("requester.roles", explained(roles=["R8000"] * 33)),
                  ("requester.organisation", explained(organisation=long))]
        for field, (service, method, request) in asked:
            with self.assertRaises(grpc.RpcError) as refused:
                officer.call(service, method, request)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertIn(field, refused.exception.details())
            self.assertNotIn(long, refused.exception.details())

    def test_what_is_not_there_is_answered_as_such_and_is_in_the_log(self):
        officer = self.trial.caller("ZI1", "desk", "po", "R0001")
        audit = PB["audit"]
        for request in (audit.GetEntryRequest(leaf_index=10**6), audit.GetEntryRequest(origin="no.such/log")):
            with self.assertRaises(grpc.RpcError) as failed:
                officer.call("AuditService", "GetEntry", request)
            self.assertEqual(failed.exception.code(), grpc.StatusCode.NOT_FOUND)
        found = officer.call("AuditService", "SearchEntries", audit.SearchEntriesRequest(kind="audit_read"))
        self.assertEqual([entry.outcome for entry in found.entries], ["not_found", "not_found"])


class Hidden(unittest.TestCase):
    def test_a_sealed_and_locked_item_leaves_a_reply_like_one_for_a_patient_who_never_had_it(self):
        trial = Trial().start()
        self.addCleanup(trial.end)
        mllp = trial.mllp()
        with_item, without = ("9990000018", "Q100"), ("9990000026", "Q200")
        for i, (number, local) in enumerate((with_item, without)):
            person = f"PID|1||{number}^^^NHS^NH~{local}^^^ZT1^MR||HADRIAN^AELIA||19620713|F" + "|" * 24 + "NSTS01"
            pain = "DG1|1||R07.4^Chest pain^I10||20261121|A"
            message = admission(f"HID{i:05d}", person=person, more=[pain, "ZU8||1|Yes|0"])
            self.assertEqual(ack_code(mllp.exchange(message)), "AA")
            # Of no visit: what stands in one labels the visit too, which goes with it.
            hidden = "DG1|2||DA-100^Hidden thing^https://milecastle.example/trial-codes||20261121|A"
            more = [hidden] if number == with_item[0] else []
            message = admission(f"HIE{i:05d}", event="A31", person=person, more=more)
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


class Locked(unittest.TestCase):
    """A source that is sealed and locked, seen by one who is not of its team (safety.md 2)."""

    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        mllp = self.trial.mllp()
        self.locked, self.never = ("9990000018", "Q100"), ("9990000026", "Q200")
        for i, (number, local) in enumerate((self.locked, self.never)):
            message = admission(f"LCK{i:05d}", person=person_segment(number=number, local=local), more=(ALLERGY,))
            self.assertEqual(ack_code(mllp.exchange(message)), "AA")
        mllp.close()
        gp = self.trial.caller("Z99001", "bridge-gp", "gp-system", "R8000")
        record = (SOURCE / "deploy/trial/messages/gp-record.json").read_bytes()
        self.assertEqual(len(gp.submit("bridge-gp", record)), 1)
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")
        self.person = PB["consent"].PersonKey(nhs_number=self.locked[0], birth_date="1962-07-13", family_name="Hadrian")

    def record(self, **consent):
        consents = PB["consent"]
        return self.ward.call("ConsentService", "RecordConsent",
                              consents.RecordConsentRequest(person=self.person, consent=consents.Consent(**consent)))

    def lock(self):
        consents = PB["consent"]
        self.record(kind=consents.CONSENT_KIND_SEAL_AND_LOCK, by=consents.CONSENT_BY_PERSON, team="Z99001",
                    scope=consents.ConsentScope(sources=["Z99001"]))

    def shown(self, number, local, **asked):
        text = str(self.ward.view(number=number, **asked).view)
        text = re.sub(r"(nanos|seconds): \d+", "", re.sub(r'entry_id: ".*"', "", text))
        return text.replace(number, "N").replace(local, "L")

    def test_it_reads_as_one_that_never_knew_the_person(self):
        self.lock()
        for asked in ({}, {"purpose": "EMERGENCY", "reason_code": "LIFE"}):
            self.assertEqual(self.shown(*self.locked, **asked), self.shown(*self.never, **asked))
            self.assertIn("MANIFEST_STATE_NONE_HELD", self.shown(*self.locked, **asked))

    def test_the_list_of_choices_tells_of_the_lock_to_the_whole_systems_officer_alone(self):
        self.lock()
        consents = PB["consent"]
        told = []
        for caller in (self.ward, self.trial.caller("ZT1", "quayside-epr", "po", "R0001"),
                       self.trial.caller("ZI1", "desk", "po", "R0001")):
            listed = caller.call("ConsentService", "ListConsents", consents.ListConsentsRequest(person=self.person))
            told.append([c.team for c in listed.consents])
        self.assertEqual(told, [[], [], ["Z99001"]])

    def test_an_explanation_tells_of_it_to_the_whole_systems_officer_alone(self):
        self.lock()
        view, policy = PB["view"], PB["policy"]
        asked = policy.ExplainRequest(
            request=view.GetPatientViewRequest(nhs_number=self.locked[0], birth_date="1962-07-13",
                                               family_name="Hadrian", purpose=view.PURPOSE_DIRECT_CARE),
            requester=policy.HypotheticalRequester(organisation="ZT1", user="dr", roles=["R8000"]))
        own = self.trial.caller("ZT1", "quayside-epr", "po", "R0001").call("PolicyService", "Explain", asked)
        self.assertNotIn("lock", str(own))
        self.assertNotIn("Z99001", {c.source for c in own.classes})
        nobody = policy.ExplainRequest()
        nobody.CopyFrom(asked)
        del nobody.requester.roles[:]
        own = self.trial.caller("ZT1", "quayside-epr", "po", "R0001").call("PolicyService", "Explain",
                                                                          nobody)
        self.assertEqual((own.outcome, len(own.classes)), ("refused", 0))
        self.assertNotIn("Z99001", str(own))
        whole = self.trial.caller("ZI1", "desk", "po", "R0001").call("PolicyService", "Explain", asked)
        self.assertIn("sealed_and_locked", str(whole))
        with self.assertRaises(grpc.RpcError) as refused:
            self.trial.caller("ZT2", "moorland-epr", "po", "R0001").call("PolicyService", "Explain", asked)
        self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED)

    def test_the_trail_names_it_to_no_officer_of_another_organisation(self):
        self.lock()
        self.ward.view()
        officer = self.trial.caller("ZT1", "quayside-epr", "po", "R0001")
        found = officer.call("AuditService", "SearchEntries",
                             PB["audit"].SearchEntriesRequest(nhs_number=self.locked[0], case_reference="CASE-1"))
        sources = {source for entry in found.entries if entry.kind == "view" for source in entry.sources}
        self.assertEqual(sources, {"ZT1"})

    def test_a_refusal_tells_the_requesters_officer_nothing_of_who_holds_what(self):
        stranger = self.trial.caller("ZT2", "moorland-epr", "dr", "R8000")
        self.assertEqual(stranger.view().WhichOneof("outcome"), "refusal")
        officer = self.trial.caller("ZT2", "moorland-epr", "po", "R0001")
        found = officer.call("AuditService", "SearchEntries",
                             PB["audit"].SearchEntriesRequest(nhs_number=self.locked[0], case_reference="CASE-1"))
        self.assertIn("refusal", [entry.kind for entry in found.entries])
        self.assertEqual([source for entry in found.entries for source in entry.sources], [])

    def test_a_whole_record_is_never_locked_nor_anything_on_somebody_elses_word(self):
        consents = PB["consent"]
        for by, scope in ((consents.CONSENT_BY_PERSON, consents.ConsentScope()),
                          (consents.CONSENT_BY_PROFESSIONAL, consents.ConsentScope(labels=["domestic_abuse"])),
                          (consents.CONSENT_BY_FEED, consents.ConsentScope(labels=["domestic_abuse"])),
                          (consents.CONSENT_BY_SOMEONE_ELSE, consents.ConsentScope(labels=["domestic_abuse"]))):
            with self.assertRaises(grpc.RpcError) as refused:
                self.record(kind=consents.CONSENT_KIND_SEAL_AND_LOCK, by=by, team="ZT1/refuge", scope=scope)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)


class Protected(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        self.mllp = self.trial.mllp()
        self.addCleanup(self.mllp.close)
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")

    def send(self, *arguments, **more):
        self.assertEqual(ack_code(self.mllp.exchange(admission(*arguments, **more))), "AA")

    def test_a_merge_does_not_undo_location_protection(self):
        self.send("PRO00001", more=("ZU8||||2",))
        self.send("PRO00002", person=person_segment(number="", local="Q101"), more=("ZU8||||0",))
        merge = "\r".join(["MSH|^~\\&|PAS|ZT1|MILECASTLE|GATEWAY|20261121190000||ADT^A40|PRO00003|P|2.4",
                           "EVN|A40|20261121183000", person_segment(), "MRG|Q101^^^ZT1^MR"]) + "\r"
        self.assertEqual(ack_code(self.mllp.exchange(merge)), "AA")
        view = self.ward.view().view
        self.assertIn("under_merge_review", view.warnings)
        self.assertIn("location_protected", view.warnings)
        self.assertNotIn("The Wall", str(view))

    def test_no_line_of_the_manifest_names_an_organisation_whatever_is_locked(self):
        self.send("PRO00004", more=("ZU8||||2",))
        consents = PB["consent"]
        person = consents.PersonKey(nhs_number="9990000018", birth_date="1962-07-13", family_name="Hadrian")
        lock = consents.Consent(kind=consents.CONSENT_KIND_SEAL_AND_LOCK, by=consents.CONSENT_BY_PERSON,
                                team="ZT2", scope=consents.ConsentScope(sources=["ZT2"]))
        self.ward.call("ConsentService", "RecordConsent", consents.RecordConsentRequest(person=person, consent=lock))
        lines = self.ward.view().view.manifest.lines
        self.assertGreater(len(lines), 0)
        self.assertEqual({line.source for line in lines}, {""})


if __name__ == "__main__":
    unittest.main()
