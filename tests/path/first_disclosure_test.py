"""Receive, store, decide, audit, disclose: seen from outside, over the real transports."""

import hashlib
import json
import time
import unittest

import grpc

from trial import ALLERGY, PB, SOURCE, Trial, ack_code, admission, person_segment, root_of, view_request


def fields_of(message):
    """(number, where it begins, where its value begins, where it ends) of each field of a protobuf message, by hand."""
    def varint(at):
        value, shift = 0, 0
        while True:
            byte = message[at]
            value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
            if byte < 0x80:
                return value, at
    at = 0
    while at < len(message):
        tag, value_at = varint(at)
        size, end = varint(value_at)
        if tag & 7 == 2:
            value_at, end = end, end + size
        yield tag >> 3, at, value_at, end
        at = end


def digest_of_answer(answer):
    """`answer_sha256` of a GetPatientViewResponse, written from view.proto alone."""
    outcome, begin, value_at, end = next(fields_of(answer))
    if outcome == 2:
        return hashlib.sha256(answer[begin:end]).hexdigest()
    view = answer[value_at:end]
    entries = [view[first:last] for number, _, first, last in fields_of(view) if number == 3]
    head = min(at for number, at, _, _ in fields_of(view) if number == 3)
    digest = hashlib.sha256(answer[:value_at] + view[:head])
    for entry in entries:
        (at, first, last), = [where for number, *where in fields_of(entry) if number == 50]
        tail = entry[last:]
        digest.update(hashlib.sha256(entry[:at] + entry[first:last]).digest() + len(tail).to_bytes(4, "little") + tail)
    return digest.hexdigest()


class FirstDisclosure(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.trial = Trial().start()
        mllp = cls.trial.mllp()
        cls.replies = [mllp.exchange(admission("PATH0001", more=(ALLERGY, "ZU8||1|Yes|0"))),
                       mllp.exchange(admission("PATH0002", event="A31", more=("DG1|1||R07.4^Chest pain^I10||20261121|A",)))]
        mllp.close()
        cls.ward = cls.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        cls.stranger = cls.trial.caller("ZT2", "moorland-epr", "dr-boudica", "R8000")
        cls.officer = cls.trial.caller("ZI1", "desk", "privacy-officer", "R0001")

    @classmethod
    def tearDownClass(cls):
        cls.trial.end()

    def test_messages_are_acknowledged_after_their_commit(self):
        self.assertEqual([ack_code(reply) for reply in self.replies], ["AA", "AA"])

    def test_a_clinician_with_an_open_encounter_sees_the_record_and_its_manifest(self):
        response = self.ward.view()
        self.assertEqual(response.WhichOneof("outcome"), "view", response)
        texts = str(response.view.entries)
        self.assertIn("penicillin", texts)
        self.assertIn("Chest pain", texts)
        self.assertIn("does not mean complete", response.view.manifest.statement)
        states = [line.state for line in response.view.manifest.lines]
        self.assertEqual(states, sorted(states), "exceptions lead")
        self.assertEqual(response.view.demographics[0].names[0].family, "HADRIAN")

    def test_a_receipt_is_proved_to_an_outsider(self):
        receipt = self.ward.view().receipt
        audit = PB["audit"]
        proof = self.stranger.call("AuditService", "GetInclusionProof",
                                   audit.GetInclusionProofRequest(leaf_hash=receipt.leaf_hash), metadata=())
        root = root_of(receipt.leaf_hash, proof.leaf_index, proof.tree_size, proof.hashes)
        import base64
        self.assertEqual(base64.b64encode(root).decode(), proof.checkpoint.split("\n")[2])
        self.assertEqual(proof.leaf_index, receipt.leaf_index)

    def test_refusals_without_a_relationship_are_one_answer(self):
        answers = set()
        for asked in ({}, {"number": "9990000026"}, {"born": "1962-07-14"}, {"family": "Nobody"}):
            response = self.stranger.view(**asked)
            self.assertEqual(response.WhichOneof("outcome"), "refusal")
            self.assertEqual(response.refusal.reason, "cannot_answer")
            response.ClearField("receipt")
            answers.add(response.SerializeToString())
        self.assertEqual(len(answers), 1)

    def test_a_family_name_that_differs_is_warned_of(self):
        self.assertIn("family_name_differs", self.ward.view(family="Nobody").view.warnings)

    def test_emergency_access_demands_a_coded_reason_and_makes_duties(self):
        self.assertEqual(self.stranger.view(purpose="EMERGENCY").WhichOneof("outcome"), "refusal")
        self.assertEqual(self.stranger.view(purpose="EMERGENCY", reason_code="BORED").WhichOneof("outcome"), "refusal")
        response = self.stranger.view(purpose="EMERGENCY", reason_code="UNCONSCIOUS")
        self.assertIn("penicillin", str(response.view.entries))
        self.assertIn("tell_privacy_officer", [duty.kind for duty in response.view.duties])

    def test_a_statutory_purpose_demands_a_case_and_is_reviewed(self):
        examiner = self.trial.caller("ZT2", "moorland-epr", "dr-galen", "LEXAMINER")
        self.assertEqual(examiner.view(purpose="MEDICAL_EXAMINER").refusal.reason, "case_reference_missing")
        response = examiner.view(purpose="MEDICAL_EXAMINER", case_reference="MCCD-2026-1")
        self.assertIn("penicillin", str(response.view.entries))
        self.assertIn("review", [duty.kind for duty in response.view.duties])

    def test_the_privacy_officer_of_the_reader_finds_the_broken_glass_to_review(self):
        self.stranger.view(purpose="EMERGENCY", reason_code="LIFE")
        identity = PB["identity"]
        officer = self.trial.caller("ZT2", "moorland-epr", "ig-claudia", "R0001")
        self.officer.call("AuditService", "SearchEntries", PB["audit"].SearchEntriesRequest())  # the trail is up to date
        asked = identity.ListQueueRequest(kinds=["break_glass_review"])
        reviews = officer.call("IdentityService", "ListQueue", asked).items
        self.assertTrue(reviews)
        self.assertEqual({item.organisation for item in reviews}, {"ZT2"})

    def test_what_is_overdue_is_counted_by_kind_from_the_start(self):
        name = 'milecastle_reviews_overdue{kind="%s"}'
        deadline, samples = time.monotonic() + 30, {}
        while name % "sever_review" not in samples and time.monotonic() < deadline:
            samples = self.trial.samples()
        for kind in ("break_glass_review", "self_declared_review", "sever_review", "merge_review", "choice_review"):
            self.assertEqual(samples[name % kind], 0, kind)

    def test_broken_glass_is_judged_by_a_privacy_officer_and_never_by_who_broke_it(self):
        both = self.trial.caller("ZT2", "moorland-epr", "dr-cartimandua", "R8000", "R0001")
        access = both.view(purpose="EMERGENCY", reason_code="LIFE").receipt
        officer = self.trial.caller("ZT2", "moorland-epr", "ig-claudia", "R0001")
        self.officer.call("AuditService", "SearchEntries", PB["audit"].SearchEntriesRequest())  # the trail is up to date
        items = officer.call("IdentityService", "ListQueue", PB["identity"].ListQueueRequest(page_size=200)).items
        review, = [item for item in items if item.caused_by.endswith(" dr-cartimandua")]
        self.assertEqual((review.kind, review.entry.leaf_index), ("break_glass_review", access.leaf_index))
        self.assertTrue(review.HasField("due") and not review.overdue)
        close = ("identify", "close", review.item_id, "--outcome")
        self.assertEqual(self.trial.ask(both, *close, "justified").returncode, 3)
        linker = self.trial.caller("ZI1", "desk", "identity-officer", "LIDENTITY")
        self.assertEqual(self.trial.ask(linker, "identify", "link", review.item_id, "--new-person", "--reason", "x").returncode, 2)
        unlisted = self.trial.ask(officer, *close, "fine")
        self.assertEqual(unlisted.returncode, 2)
        self.assertIn("justified not_justified escalated", unlisted.stderr)
        done = self.trial.ask(officer, *close, "not_justified", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        leaf = int(json.loads(done.stdout)["receipt"]["leaf_index"])
        entry = self.officer.call("AuditService", "GetEntry", PB["audit"].GetEntryRequest(leaf_index=leaf, case_reference="CASE-3"))
        for said in ('"not_justified"', f'"leaf_index":{access.leaf_index}', "ig-claudia"):
            self.assertIn(said, entry.payload_json)
        self.assertEqual(self.trial.ask(officer, *close, "justified").returncode, 1, "it is closed once")

    def test_an_identity_officer_of_another_organisation_neither_sees_nor_unlinks_a_person(self):
        identity = PB["identity"]
        own = self.trial.caller("ZT1", "quayside-epr", "records-livia", "LIDENTITY")
        other = self.trial.caller("ZT2", "moorland-epr", "records-nero", "LIDENTITY")
        shown = own.call("IdentityService", "ShowPerson", identity.ShowPersonRequest(nhs_number="9990000018"))
        self.assertEqual({each.source for each in shown.identities}, {"ZT1"})
        for method, request in (("ShowPerson", identity.ShowPersonRequest(nhs_number="9990000018")),
                                ("Unlink", identity.UnlinkRequest(identity_id=shown.identities[0].identity_id, reason_code="wrong-person"))):
            with self.assertRaises(grpc.RpcError) as refused:
                other.call("IdentityService", method, request)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_every_outcome_is_in_the_trail(self):
        view = self.ward.view().receipt.leaf_index
        refusal = self.stranger.view().receipt.leaf_index
        found = self.officer.call("AuditService", "SearchEntries",
                                  PB["audit"].SearchEntriesRequest(nhs_number="9990000018", case_reference="CASE-1"))
        kinds = {entry.leaf_index: entry.kind for entry in found.entries}
        self.assertEqual(kinds.get(view), "view")
        self.assertEqual(kinds.get(refusal), "refusal")

    def test_who_kept_an_answer_can_show_by_the_log_that_it_was_given(self):
        ask = self.ward.channel.unary_unary("/milecastle.v1.PatientViewService/GetPatientView")
        for request in (view_request(), view_request(born="1970-01-01")):
            answer = ask(request.SerializeToString(), timeout=30, metadata=self.ward.metadata)
            receipt = PB["view"].GetPatientViewResponse.FromString(answer).receipt
            asked = PB["audit"].GetEntryRequest(leaf_index=receipt.leaf_index, case_reference="CASE-4")
            entry = json.loads(self.officer.call("AuditService", "GetEntry", asked).payload_json)
            self.assertEqual(entry["what"]["answer_sha256"], digest_of_answer(answer))

    def test_only_the_systems_officer_reads_the_whole_decision_of_an_entry(self):
        audit = PB["audit"]
        leaf = self.stranger.view(purpose="EMERGENCY", reason_code="LIFE").receipt.leaf_index
        request = audit.GetEntryRequest(leaf_index=leaf, case_reference="CASE-2")
        whole = self.officer.call("AuditService", "GetEntry", request).payload_json
        self.assertIn('"decision":', whole)
        own = self.trial.caller("ZT2", "moorland-epr", "ig-claudia", "R0001")
        part = own.call("AuditService", "GetEntry", request).payload_json
        self.assertIn("emergency", part)
        self.assertNotIn('"decision":', part)

    def test_a_clinician_may_not_read_the_audit_log(self):
        with self.assertRaises(grpc.RpcError) as refused:
            self.ward.call("AuditService", "SearchEntries", PB["audit"].SearchEntriesRequest(nhs_number="9990000018"))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED)

    def test_without_a_token_nobody_is_served(self):
        for metadata in ((), (("authorization", "Bearer x.y.z"),), (("x-user", "dr-agricola"),)):
            with self.assertRaises(grpc.RpcError) as refused:
                self.ward.call("PatientViewService", "GetPatientView", PB["view"].GetPatientViewRequest(), metadata)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAUTHENTICATED)

    def test_a_token_of_another_certificate_is_refused(self):
        with self.assertRaises(grpc.RpcError) as refused:
            self.stranger.call("PatientViewService", "GetPatientView", PB["view"].GetPatientViewRequest(),
                               self.ward.metadata)
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAUTHENTICATED)

    def test_a_gp_record_joins_the_same_person_and_shows_both_sources(self):
        gp = self.trial.caller("Z99001", "bridge-gp", "gp-system", "R8000")
        record = (SOURCE / "deploy/trial/messages/gp-record.json").read_bytes()
        outcomes = gp.submit("bridge-gp", record, record, b"{")
        names = [PB["intake"].Disposition.Name(outcome.disposition) for outcome in outcomes]
        self.assertEqual(names, ["DISPOSITION_ACCEPTED", "DISPOSITION_DUPLICATE", "DISPOSITION_REJECTED"])
        response = self.ward.view()
        self.assertEqual({d.source for d in response.view.demographics}, {"ZT1", "Z99001"})
        self.assertLessEqual({"ZT1", "Z99001"}, {e.source for e in response.view.entries})

    def test_an_explanation_decides_as_the_view_does_and_shows_no_record(self):
        view = PB["view"]
        asked = view.GetPatientViewRequest(nhs_number="9990000018", birth_date="1962-07-13", family_name="Hadrian",
                                           purpose=view.PURPOSE_DIRECT_CARE)
        about = PB["policy"].HypotheticalRequester(organisation="ZT2", user="dr-boudica", roles=["R8000"])
        explained = self.officer.call("PolicyService", "Explain",
                                      PB["policy"].ExplainRequest(request=asked, requester=about))
        self.assertEqual(explained.outcome, "refused")
        self.assertNotIn("penicillin", str(explained))


class Untraced(unittest.TestCase):
    def test_what_an_untraced_source_said_of_a_traced_person_is_withheld_and_says_so(self):
        trial = Trial().start()
        self.addCleanup(trial.end)
        gp = trial.caller("Z99001", "bridge-gp", "gp-system", "R8000")
        gp.submit("bridge-gp", (SOURCE / "deploy/trial/messages/gp-record.json").read_bytes())
        mllp = trial.mllp()
        untraced = admission("UNTR0001", person=person_segment(tracing=""), more=("DG1|1||R07.4^Chest pain^I10||20261121|A",))
        self.assertEqual(ack_code(mllp.exchange(untraced)), "AA")
        mllp.close()
        view = trial.caller("Z99001", "bridge-gp", "dr-nero", "R8000").view().view
        self.assertEqual({entry.source for entry in view.entries}, {"Z99001"})
        self.assertNotIn("identity_untraced", view.warnings)
        states = {line.state for line in view.manifest.lines if line.source == "ZT1"}
        self.assertIn(PB["view"].MANIFEST_STATE_AWAITING_IDENTITY, states)
        own = trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000").view().view
        self.assertIn("Chest pain", str([entry for entry in own.entries if entry.source == "ZT1"]))
        self.assertIn("identity_untraced", own.warnings)


class Consent(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        mllp = self.trial.mllp()
        self.assertEqual(ack_code(mllp.exchange(admission("CONS0001", more=(ALLERGY,)))), "AA")
        mllp.close()
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        self.person = PB["consent"].PersonKey(nhs_number="9990000018", birth_date="1962-07-13", family_name="Hadrian")

    def tearDown(self):
        self.trial.end()

    def record(self, **consent):
        consents = PB["consent"]
        return self.ward.call("ConsentService", "RecordConsent",
                              consents.RecordConsentRequest(person=self.person, consent=consents.Consent(**consent)))

    def test_an_objection_denies_care_to_one_with_a_relationship_who_learns_why_and_never_blocks_an_emergency(self):
        consents = PB["consent"]
        recorded = self.record(kind=consents.CONSENT_KIND_OBJECTION, by=consents.CONSENT_BY_PERSON)
        refused = self.ward.view()
        self.assertEqual(refused.refusal.reason, "objection")
        emergency = self.ward.view(purpose="EMERGENCY", reason_code="LIFE")
        self.assertIn("penicillin", str(emergency.view.entries))
        self.ward.call("ConsentService", "WithdrawConsent",
                       consents.WithdrawConsentRequest(person=self.person, consent_id=recorded.consent_id))
        self.assertEqual(self.ward.view().WhichOneof("outcome"), "view")
        listed = self.ward.call("ConsentService", "ListConsents", consents.ListConsentsRequest(person=self.person))
        self.assertTrue(listed.consents[0].HasField("withdrawn"))

    def test_a_refusal_of_emergency_access_on_someone_elses_word_is_not_recorded(self):
        consents = PB["consent"]
        for by, informed in ((consents.CONSENT_BY_SOMEONE_ELSE, True), (consents.CONSENT_BY_PERSON, False)):
            with self.assertRaises(grpc.RpcError) as refused:
                self.record(kind=consents.CONSENT_KIND_EMERGENCY_REFUSAL, by=by, informed=informed)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)

    def test_a_restriction_that_names_nobody_is_refused(self):
        consents = PB["consent"]
        with self.assertRaises(grpc.RpcError) as refused:
            self.record(kind=consents.CONSENT_KIND_RESTRICTION, by=consents.CONSENT_BY_PERSON)
        self.assertEqual(refused.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)


if __name__ == "__main__":
    unittest.main()
