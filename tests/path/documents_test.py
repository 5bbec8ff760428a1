"""One document by itself: a stored one, and one that its practice keeps and is asked for at that moment."""

import base64
import contextlib
import hashlib
import json
import socket
import threading
import unittest
import uuid

import grpc

from practice_documents import LETTER, LETTER_ID, LIES, PAGE, PAGE_ID, SHA256, binary, documents, patient, reference, searchset
from provider import MISBEHAVIOURS, RECORD, Provider, answers, says, source_of
from trial import ALLERGY, PB, Trial, admission, person_segment, view_request

VIEW = PB["view"]
REPORT = b"%PDF-1.4 nougat-report-77aa of the hospital\n%%EOF\n"


def report(control, person=None):
    """A hospital's letter with its bytes in it."""
    return "\r".join([
        f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261121190000||ORU^R01|{control}|P|2.4", person or person_segment(),
        "OBR|1||F1|^Discharge letter|||20261121", f"OBX|1|ED|^Letter||^APPLICATION^PDF^Base64^{base64.b64encode(REPORT).decode()}"
        "||||||F"]) + "\r"


class DocumentCase(unittest.TestCase):
    """A ward, a practice with a record and, at an address of its own, documents."""

    settings = {"deadline_ms": 4000, "first_byte_ms": 3000, "connect_ms": 2000, "failures": 1000, "answer_limit_kilobytes": 1024}
    with_record = False

    @classmethod
    def setUpClass(cls):
        cls.trial = Trial({"user_refusals = 30": "user_refusals = 0"})
        certificates = cls.trial.folder / "certificates"
        cls.provider = Provider(certificates, documents())
        cls.record = Provider(certificates)
        with cls.trial.config.open("a") as config:
            config.write(source_of(cls.provider.port, "bridge-documents", gives="documents", **cls.settings))
            if cls.with_record:
                config.write(source_of(cls.record.port, **cls.settings))
        cls.trial.start()
        mllp = cls.trial.mllp()
        for message in (admission("DOC00001", more=(ALLERGY,)), report("DOC00002")):
            mllp.exchange(message)
        mllp.close()
        cls.practice = cls.trial.caller("Z99001", "bridge-gp", "dr-nero", "R8000")
        cls.practice.submit("bridge-gp", json.dumps(RECORD).encode())
        cls.ward = cls.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        cls.stranger = cls.trial.caller("ZT2", "moorland-epr", "dr-boudica", "R8000")
        cls.officer = cls.trial.caller("ZI1", "desk", "privacy-officer", "R0001")

    @classmethod
    def tearDownClass(cls):
        cls.provider.end()
        cls.record.end()
        cls.trial.end()

    def setUp(self):
        self.provider.behave = documents()
        self.provider.asked.clear()

    def ask(self, caller=None, entry=None, source="Z99001", document=LETTER_ID, **more):
        which = {"entry_id": entry} if entry else {"live": VIEW.LiveDocument(source=source, document_id=document)}
        return (caller or self.ward).call("PatientViewService", "GetDocument",
                                          VIEW.GetDocumentRequest(request=view_request(**more), **which))

    def payload(self, response):
        found = self.officer.call("AuditService", "GetEntry", PB["audit"].GetEntryRequest(
            origin=response.receipt.origin, leaf_index=response.receipt.leaf_index, case_reference="DOC-1"))
        return json.loads(found.payload_json)

    def stored(self):
        """The entry that holds the hospital's letter."""
        entry, = [each for each in self.ward.view().view.entries if each.document.content == REPORT]
        return entry.entry_id

    def assertKeptNowhere(self, mark):
        for path in [path for path in self.trial.folder.rglob("*") if path.is_file()]:
            with contextlib.suppress(FileNotFoundError):  # the log renames its checkpoint
                self.assertNotIn(mark, path.read_bytes(), path)


class Live(DocumentCase):
    def test_a_view_lists_them_by_name_and_the_call_gives_one(self):
        listed = [each for each in self.ward.view().view.entries
                  if any(detail.name == "document id" for detail in each.details) and each.source == "Z99001"]
        names = {detail.text for each in listed for detail in each.details if detail.name == "document id"}
        self.assertEqual(names, {LETTER_ID, PAGE_ID})
        self.assertTrue(all(not each.document.content for each in listed), "their bytes are not in a view")
        self.provider.asked.clear()
        response = self.ask()
        shown = response.document
        self.assertEqual((shown.document.content, shown.document.media_type, shown.source, shown.fetched),
                         (LETTER, "application/pdf", "Z99001", True))
        self.assertEqual((shown.document.title, shown.document.truncated, shown.sha256.hex()), ("Outpatient letter", False, SHA256))
        self.assertKeptNowhere(b"marzipan-letter")
        self.assertKeptNowhere(base64.b64encode(LETTER)[:40])

    def test_each_question_is_put_as_gp_connect_wants_it(self):
        self.ask()
        person, listing, read = self.provider.asked
        base = "/Z99001/STU3/1"
        self.assertEqual(person.line, f"GET {base}/Patient?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9990000018 HTTP/1.1")
        self.assertTrue(listing.line.startswith(f"GET {base}/Patient/{patient()['id']}/DocumentReference?_include="), listing.line)
        self.assertEqual(read.line, f"GET {base}/Binary/{LETTER_ID} HTTP/1.1")
        kind = "urn:nhs:names:services:gpconnect:documents:fhir:rest:"
        self.assertEqual([each.headers["ssp-interactionid"] for each in self.provider.asked],
                         [kind + "search:patient-1", kind + "search:documentreference-1", kind + "read:binary-1"])
        for each in self.provider.asked:
            self.assertEqual((each.headers["ssp-from"], each.headers["ssp-to"], each.headers["cache-control"]),
                             ("200000000115", "918999198738", "no-store"))
            self.assertEqual(each.token[1]["requesting_organization"]["identifier"][0]["value"], "ZT1")
        self.assertEqual(len({each.trace_id for each in self.provider.asked}), 3)

    def test_the_leaf_says_which_document_and_that_it_was_not_retained(self):
        response = self.ask()
        told = self.payload(response)
        document = told["what"]["document"]
        self.assertEqual((document["source"], document["id"], document["outcome"]), ("Z99001", LETTER_ID, "given"))
        self.assertEqual((document["media_type"], document["bytes"], document["sha256"]), ("application/pdf", len(LETTER), SHA256))
        self.assertEqual((document["retained"], document["question"]), (False, self.provider.asked[-1].trace_id))
        self.assertEqual([each["of"] for each in told["what"]["live"]], ["documents"])
        self.assertEqual(told["sources"], ["Z99001"])
        rows = self.officer.call("AuditService", "SearchEntries", PB["audit"].SearchEntriesRequest(
            nhs_number="9990000018", source="Z99001", kind="view", page_size=5, case_reference="DOC-1")).entries
        self.assertEqual((rows[0].leaf_index, rows[0].user), (response.receipt.leaf_index, "https://idp.zt1.example dr-agricola"))

    def test_the_digest_of_the_leaf_is_of_the_answer_but_for_its_receipt(self):
        response = self.ask()
        told = self.payload(response)
        answered = VIEW.GetDocumentResponse.FromString(response.SerializeToString())
        answered.ClearField("receipt")
        self.assertEqual(told["what"]["answer_sha256"], hashlib.sha256(answered.SerializeToString()).hexdigest())

    def test_another_organisations_officer_is_not_told_which_document_it_was(self):
        response = self.ask(self.stranger, purpose="EMERGENCY", reason_code="LIFE")
        own = self.trial.caller("ZT2", "moorland-epr", "ig-claudia", "R0001")
        found = own.call("AuditService", "GetEntry", PB["audit"].GetEntryRequest(
            origin=response.receipt.origin, leaf_index=response.receipt.leaf_index, case_reference="DOC-2"))
        self.assertIn("emergency", found.payload_json)
        self.assertNotIn(LETTER_ID, found.payload_json)

    def test_what_can_run_is_handed_on_as_bytes(self):
        shown = self.ask(document=PAGE_ID).document
        self.assertEqual((shown.document.content, shown.document.media_type), (PAGE, "application/octet-stream"))

    def test_one_that_was_cut_says_so(self):
        self.provider.behave = documents(listed=searchset(patient(), reference(size=len(LETTER) + 1)))
        self.assertTrue(self.ask().document.document.truncated)
        self.provider.behave = documents(given=binary(content=LETTER.replace(b"%%EOF", b"")))
        self.assertTrue(self.ask().document.document.truncated)

    def test_one_that_is_too_large_is_not_fetched(self):
        self.provider.behave = documents(listed=searchset(patient(), reference(size=1 << 30)))
        self.assertEqual(self.ask().refusal.reason, "document_too_large")
        self.assertEqual(len(self.provider.asked), 2)

    def test_no_lie_of_a_practice_shows_a_byte(self):
        for name, (behave, questions) in LIES.items():
            with self.subTest(name):
                self.provider.behave = behave
                self.provider.asked.clear()
                response = self.ask()
                self.assertEqual(response.WhichOneof("outcome"), "refusal")
                self.assertNotIn(b"marzipan", response.SerializeToString())
                self.assertLessEqual(len(self.provider.asked), questions)
                self.assertNotEqual(self.payload(response)["what"]["document"]["outcome"], "given")
                for each in self.provider.asked:
                    self.assertNotIn("..", each.line)
        self.provider.behave = documents()
        self.assertTrue(self.ask().HasField("document"), "and it is well again")

    def test_an_error_within_an_answer_is_never_none_held(self):
        for lie in ("lists an error and no more", "lists as no FHIR"):
            self.provider.behave = LIES[lie][0]
            self.assertEqual(self.ask().refusal.reason, "answer_not_usable")
        self.provider.behave = documents(listed=searchset())
        self.assertEqual(self.ask().refusal.reason, "no_such_document")

    def test_a_document_of_another_is_not_to_be_had_by_naming_it(self):
        self.provider.behave = documents(listed=searchset(patient(), reference("my-own")), given=binary(id="another-persons"))
        response = self.ask(document="another-persons")
        self.assertEqual(response.refusal.reason, "no_such_document")
        self.assertEqual([each.line for each in self.provider.asked if "Binary" in each.line], [])

    def test_where_a_reference_points_is_never_gone_to(self):
        with Elsewhere() as elsewhere:
            listed = searchset(patient(), reference(host=f"https://127.0.0.1:{elsewhere.port}"))
            self.provider.behave = documents(listed=listed)
            self.assertTrue(self.ask().HasField("document"))
            self.assertEqual(self.provider.asked[-1].line, f"GET /Z99001/STU3/1/Binary/{LETTER_ID} HTTP/1.1")
            self.assertEqual(elsewhere.connections, 0)

    def test_a_name_that_is_none_is_refused_before_anybody_is_asked(self):
        for name in ("..", ".", "a/b", "a?b", "x" * 65, "", "a b", "%2e%2e"):
            with self.subTest(name), self.assertRaises(grpc.RpcError) as caught:
                self.ask(document=name)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertEqual(self.provider.asked, [])

    def test_a_refusal_asks_nobody_and_is_the_views_own(self):
        view = self.stranger.view()
        response = self.ask(self.stranger)
        self.assertEqual(response.refusal, view.refusal)
        self.assertEqual(self.ask(born="1962-07-14").refusal, view.refusal)
        self.assertEqual(self.provider.asked, [])
        self.assertEqual(self.payload(response)["what"]["document"]["outcome"], "refused")

    def test_an_emergency_is_given_it_and_told_to_the_officer(self):
        response = self.ask(self.stranger, purpose="EMERGENCY", reason_code="LIFE")
        self.assertEqual(response.document.document.content, LETTER)
        self.assertIn("tell_privacy_officer", [duty.kind for duty in response.document.duties])

    def test_what_became_of_the_question_is_told(self):
        for behave, reason in ((says("NO_PATIENT_CONSENT", "403 Forbidden"), "withheld_by_source"),
                               (says("INTERNAL_SERVER_ERROR", "500 Internal Server Error"), "source_not_available"),
                               (documents(given=b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "source_not_available"),
                               (MISBEHAVIOURS["no_fhir"], "answer_not_usable")):
            with self.subTest(reason):
                self.provider.behave = behave
                self.assertEqual(self.ask().refusal.reason, reason)

    def test_a_practice_that_is_not_the_persons_is_not_asked(self):
        mllp = self.trial.mllp()
        mllp.exchange(admission("DOC00003", person=person_segment("9990000026", "Q200", "NERVA", "MARCUS", "19500101")))
        mllp.close()
        response = self.ask(number="9990000026", born="1950-01-01", family="Nerva")
        self.assertEqual(response.refusal.reason, "no_such_document")
        self.assertEqual(self.provider.asked, [])

    def test_the_command_writes_it_to_a_new_file(self):
        file = self.trial.folder / "letter.pdf"
        person = ("--nhs-number", "9990000018", "--birth-date", "1962-07-13", "--family-name", "Hadrian", "--purpose", "direct-care")
        which = ("--source", "Z99001", "--document", LETTER_ID)
        done = self.trial.ask(self.ward, "document", *person, *which, "--out", file)
        self.assertEqual((done.returncode, file.read_bytes()), (0, LETTER), done.stderr)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertIn(SHA256, done.stdout)
        self.assertIn("keeps no copy", done.stdout)
        again = self.trial.ask(self.ward, "document", *person, *which, "--out", file)
        self.assertEqual(again.returncode, 4)
        self.assertIn("there is such a file already", again.stderr)
        file.unlink()
        refused = self.trial.ask(self.stranger, "document", *person, *which, "--out", file)
        self.assertEqual((refused.returncode, file.exists()), (3, False))


class Elsewhere:
    """A listener that counts who comes."""

    def __enter__(self):
        self.connections, self.socket = 0, socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

        def count():
            while True:
                try:
                    peer, _ = self.socket.accept()
                except OSError:
                    return
                self.connections += 1
                peer.close()
        threading.Thread(target=count, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()


class Stored(DocumentCase):
    with_record = True

    def setUp(self):
        super().setUp()
        self.record.behave = answers()

    def test_the_bytes_of_a_stored_one_are_those_that_came(self):
        response = self.ask(entry=self.stored())
        shown = response.document
        self.assertEqual((shown.document.content, shown.document.media_type, shown.source, shown.fetched),
                         (REPORT, "application/pdf", "ZT1", False))
        told = self.payload(response)
        self.assertEqual((told["what"]["document"]["entry"], told["what"]["document"]["retained"]),
                         (str(uuid.UUID(bytes=self.stored())), True))
        self.assertRegex(told["what"]["entries"], r"^\d+$")
        self.assertEqual(told["sources"], ["ZT1"])

    def test_what_is_no_document_and_what_is_not_there_read_alike(self):
        allergy = next(each for each in self.ward.view().view.entries if "penicillin" in str(each.what))
        first, second = self.ask(entry=allergy.entry_id), self.ask(entry=uuid.uuid4().bytes)
        self.assertEqual(first.refusal.reason, "no_such_document")
        self.assertEqual(first.refusal, second.refusal)

    def test_neither_is_one_that_the_person_hid(self):
        entry = self.stored()
        consents = PB["consent"]
        person = consents.PersonKey(nhs_number="9990000018", birth_date="1962-07-13", family_name="Hadrian")
        made = self.ward.call("ConsentService", "RecordConsent", consents.RecordConsentRequest(
            person=person, consent=consents.Consent(kind=consents.CONSENT_KIND_HIDE, by=consents.CONSENT_BY_PERSON,
                                                    scope=consents.ConsentScope(sources=["ZT1"]))))
        hidden, nobody = self.ask(entry=entry), self.ask(entry=uuid.uuid4().bytes)
        self.assertEqual((hidden.WhichOneof("outcome"), hidden.refusal), ("refusal", nobody.refusal))
        self.officer.call("ConsentService", "WithdrawConsent", consents.WithdrawConsentRequest(
            person=person, consent_id=made.consent_id))
        self.assertTrue(self.ask(entry=entry).HasField("document"))

    def test_a_view_whose_practice_does_not_list_says_so_and_shows_the_rest(self):
        self.provider.behave = MISBEHAVIOURS["no_fhir"]
        response = self.ward.view()
        told = [(line.section, line.reason) for line in response.view.manifest.lines if line.reason == "answer_not_usable"]
        self.assertEqual(told, [(PB["record"].SECTION_DOCUMENTS, "answer_not_usable")])
        self.assertIn("live", [line.reason for line in response.view.manifest.lines])


if __name__ == "__main__":
    unittest.main()
