"""A practice asked at the moment of a view: what the reader sees, what the practice is told, and what stays behind."""

import collections
import concurrent.futures
import contextlib
import itertools
import json
import os
import pathlib
import threading
import time
import unittest
import uuid

from provider import MISBEHAVIOURS, RECORD, Provider, answers, http, says, source_of
from trial import ALLERGY, PB, SOURCE, Trial, admission, person_segment, view_request

CANARY = "Allergy to marzipan-canary-7c1e"
STATES = PB["view"].ManifestState


def lines_of(response, reason=None, source=None):
    """(state, source, reason) of the manifest's lines."""
    told = [(STATES.Name(line.state).removeprefix("MANIFEST_STATE_"), line.source, line.reason)
            for line in response.view.manifest.lines]
    return [line for line in told if (not reason or line[2] == reason) and (not source or line[1] == source)]


class LiveCase(unittest.TestCase):
    """A ward, a practice that pushed once, and the same practice to be asked."""

    settings = {"deadline_ms": 2000, "first_byte_ms": 1500, "connect_ms": 1000}

    @classmethod
    def setUpClass(cls):
        cls.trial = Trial()
        cls.provider = Provider(cls.trial.folder / "certificates")
        cls.prepare(cls.trial.folder / "certificates")
        with cls.trial.config.open("a") as config:
            config.write(source_of(cls.provider.port, **cls.settings))
        cls.trial.start()
        mllp = cls.trial.mllp()
        mllp.exchange(admission("LIVE0001", more=(ALLERGY, "ZU8||1|Yes|0")))
        mllp.close()
        cls.practice = cls.trial.caller("Z99001", "bridge-gp", "dr-nero", "R8000")
        cls.practice.submit("bridge-gp", json.dumps(RECORD).encode())
        cls.ward = cls.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        cls.stranger = cls.trial.caller("ZT2", "moorland-epr", "dr-boudica", "R8000")
        cls.officer = cls.trial.caller("ZI1", "desk", "privacy-officer", "R0001")

    @classmethod
    def prepare(cls, folder):
        """What more the configuration needs, among the certificates."""

    @classmethod
    def tearDownClass(cls):
        cls.provider.end()
        cls.trial.end()

    def setUp(self):
        self.provider.behave = answers()
        self.provider.asked.clear()

    def payload(self, response):
        found = self.officer.call("AuditService", "GetEntry", PB["audit"].GetEntryRequest(
            origin=response.receipt.origin, leaf_index=response.receipt.leaf_index, case_reference="LIVE-1"))
        return json.loads(found.payload_json)


class Live(LiveCase):
    def test_a_view_shows_what_the_practice_answers_beside_what_others_sent(self):
        self.provider.behave = answers(text=CANARY)
        response = self.ward.view()
        shown = str(response.view.entries)
        self.assertIn(CANARY, shown)
        self.assertIn("Allergy to penicillin", shown, "the hospital's own")
        self.assertEqual(lines_of(response, "live"), [("RETURNED", "Z99001", "live")])
        states = [line.state for line in response.view.manifest.lines]
        self.assertEqual(states, sorted(states), "exceptions lead")

    def test_what_the_practice_sent_before_is_replaced_in_this_view(self):
        self.provider.behave = answers(text=CANARY)
        allergies = str([entry for entry in self.ward.view().view.entries
                         if entry.source == "Z99001" and entry.section == PB["record"].SECTION_ALLERGIES])
        self.assertIn(CANARY, allergies)
        self.assertNotIn("penicillin", allergies)
        self.provider.behave = says("INTERNAL_SERVER_ERROR", "500 Internal Server Error")
        response = self.ward.view()
        self.assertNotIn(CANARY, str(response.view.entries))
        self.assertEqual(lines_of(response, source="Z99001", reason="stored_copy_shown"),
                         [("STALE", "Z99001", "stored_copy_shown")])

    def test_nothing_of_a_live_answer_stays_behind(self):
        self.provider.behave = answers(text=CANARY)
        response = self.ward.view()
        self.assertIn(CANARY, str(response.view.entries))
        kept = [path for path in self.trial.folder.rglob("*") if path.is_file()]
        self.assertTrue(any(path.name == "store.db" for path in kept))
        for path in kept:
            with contextlib.suppress(FileNotFoundError):  # the log renames its checkpoint
                self.assertNotIn(b"marzipan-canary", path.read_bytes(), path)

    def test_the_leaf_says_who_was_asked_and_what_came(self):
        self.provider.behave = answers(text=CANARY)
        response = self.ward.view()
        sent, = self.provider.asked
        live, = self.payload(response)["what"]["live"]
        self.assertEqual((live["source"], live["outcome"], live["retained"]), ("Z99001", "returned", False))
        self.assertEqual((live["question"], live["bundle"]), (sent.trace_id, sent.trace_id))
        self.assertEqual(len(live["sha256"]), 64)
        self.assertGreater(live["entries"], 0)

    def test_the_practice_is_told_for_whom_and_what_for(self):
        self.ward.view()
        asked, = self.provider.asked
        self.assertEqual(asked.line, "POST /Z99001/STU3/1/Patient/$gpc.getstructuredrecord HTTP/1.1")
        self.assertEqual(str(uuid.UUID(asked.trace_id)), asked.trace_id)
        self.assertEqual((asked.headers["ssp-from"], asked.headers["ssp-to"]), ("200000000115", "918999198738"))
        self.assertEqual(asked.headers["content-type"], "application/fhir+json")
        header, claims, signature = asked.token
        self.assertEqual((header, signature), ({"alg": "none", "typ": "JWT"}, b""))
        self.assertEqual(claims["exp"] - claims["iat"], 300)
        self.assertEqual(claims["sub"], claims["requesting_practitioner"]["id"])
        self.assertEqual(claims["requesting_organization"]["identifier"][0]["value"], "ZT1")
        self.assertEqual(claims["reason_for_request"], "directcare")

    def test_who_wants_one_section_has_it_with_the_labels_of_the_whole(self):
        self.ward.view()
        response = self.ward.view(sections=[PB["record"].SECTION_ALLERGIES])
        whole, part = self.provider.asked
        self.assertEqual(part.parameters, whole.parameters)
        self.assertIn("includeProblems", part.parameters)
        self.assertEqual({entry.section for entry in response.view.entries}, {PB["record"].SECTION_ALLERGIES})

    def test_a_refusal_asks_nobody(self):
        self.assertEqual(self.stranger.view().WhichOneof("outcome"), "refusal")
        self.assertEqual(self.ward.view(born="1962-07-14").WhichOneof("outcome"), "refusal")
        self.assertEqual(self.provider.asked, [])

    def test_an_emergency_asks_too(self):
        self.provider.behave = answers(text=CANARY)
        response = self.stranger.view(purpose="EMERGENCY", reason_code="LIFE")
        self.assertIn(CANARY, str(response.view.entries))

    def test_dissent_is_withheld_by_the_source_and_never_none_held(self):
        self.provider.behave = says("NO_PATIENT_CONSENT", "403 Forbidden")
        response = self.ward.view()
        self.assertIn(("WITHHELD", "Z99001", "withheld_by_source"), lines_of(response))
        self.assertEqual([line for line in lines_of(response, source="Z99001") if line[0] == "NONE_HELD"], [])
        self.assertEqual([entry for entry in response.view.entries if entry.source == "Z99001"], [])
        self.assertNotIn(("STALE", "Z99001", "stored_copy_shown"), lines_of(response))

    def test_history_shows_nothing_of_a_practice_that_says_that_the_person_dissents(self):
        self.provider.behave = says("INTERNAL_SERVER_ERROR", "500 Internal Server Error")
        stored = [entry for entry in self.ward.view().view.entries if entry.source == "Z99001"]
        self.assertGreater(len(stored), 5)

        def history(entry):
            return self.ward.call("PatientViewService", "GetEntryHistory",
                                  PB["view"].GetEntryHistoryRequest(request=view_request(), entry_id=entry.entry_id)).history
        self.assertEqual(len(history(stored[0]).versions), 1)
        self.assertIn("stored_copy_shown", history(stored[0]).warnings)
        self.provider.behave = says("NO_PATIENT_CONSENT", "403 Forbidden")
        for entry in stored:
            self.assertEqual(len(history(entry).versions), 0, entry)

    def test_an_error_that_is_sent_as_success_is_never_none_held(self):
        for code, line in (("NO_PATIENT_CONSENT", ("WITHHELD", "Z99001", "withheld_by_source")),
                           ("PATIENT_NOT_FOUND", ("UNAVAILABLE", "Z99001", "not_found_at_source")),
                           ("MADE_UP", ("UNAVAILABLE", "Z99001", "answer_not_usable"))):
            with self.subTest(code=code):
                self.provider.behave = says(code, "200 OK")
                lines = lines_of(self.ward.view(), source="Z99001")
                self.assertIn(line, lines)
                self.assertEqual([each for each in lines if each[0] == "NONE_HELD"], [])

    def test_each_error_of_the_practice_has_its_line(self):
        for code, status, reason in (("PATIENT_NOT_FOUND", "404 Not Found", "not_found_at_source"),
                                     ("NO_ORGANISATION_CONSENT", "403 Forbidden", "refused_by_source"),
                                     ("ACCESS DENIED", "403 Forbidden", "refused_by_source")):
            with self.subTest(code=code):
                self.provider.behave = says(code, status)
                self.assertIn(("UNAVAILABLE", "Z99001", reason), lines_of(self.ward.view()))

    def test_somebody_elses_record_is_not_used_and_alarms_without_a_value(self):
        for wrong in ({"number": "9990000026"}, {"born": "1962-07-14"}):
            with self.subTest(wrong=wrong):
                self.provider.behave = answers(text=CANARY, **wrong)
                response = self.ward.view()
                self.assertNotIn(CANARY, str(response))
                self.assertIn(("UNAVAILABLE", "Z99001", "answer_not_usable"), lines_of(response))
        alarms = [line for line in self.trial.log.read_text().splitlines() if "live.wrong_patient" in line]
        self.assertTrue(alarms)
        for alarm in alarms:
            self.assertIn("bridge-live", alarm)
            self.assertNotIn("999000", alarm)

    def test_another_family_name_is_warned_of(self):
        self.provider.behave = answers(text=CANARY, family="Trajan")
        response = self.ward.view()
        self.assertIn(CANARY, str(response.view.entries))
        self.assertIn("family_name_differs", response.view.warnings)

    def test_an_answer_to_another_question_is_not_used(self):
        for how in ({"answer_id": str(uuid.uuid4())}, {"ods": "Z99002"}):
            with self.subTest(how=how):
                self.provider.behave = answers(text=CANARY, **how)
                response = self.ward.view()
                self.assertNotIn(CANARY, str(response))
                self.assertIn(("UNAVAILABLE", "Z99001", "answer_not_usable"), lines_of(response))
        self.provider.behave = answers()
        self.ward.view()  # well again

    def test_a_practice_that_does_not_know_the_person_is_not_asked(self):
        mllp = self.trial.mllp()
        mllp.exchange(admission("LIVE0002", person=person_segment("9990000026", "Q200", "NERVA", "MARCUS", "19500101")))
        mllp.close()
        response = self.ward.view("9990000026", "1950-01-01", "Nerva")
        self.assertEqual(self.provider.asked, [])
        line, = [each for each in response.view.manifest.lines if each.reason == "not_known_there"]
        self.assertEqual((line.count, line.text), (1, "Z99001"))


class Patience(LiveCase):
    settings = {**LiveCase.settings, "deadline_ms": 20_000, "first_byte_ms": 20_000}

    def test_a_silent_practice_is_named_within_the_callers_time(self):
        self.provider.behave = MISBEHAVIOURS["silent"]
        response = self.ward.stub("PatientViewService", "GetPatientView")(
            view_request(), timeout=3, metadata=self.ward.metadata)  # gRPC ends the call where it takes longer
        self.assertIn(("TIMED_OUT", "Z99001", "no_answer_in_time"), lines_of(response))
        self.assertIn("penicillin", str(response.view.entries))


class ManyAtOnce(LiveCase):
    settings = {**LiveCase.settings, "max_outstanding": 2, "failures": 1000}

    def test_no_more_questions_are_under_way_than_the_practice_is_to_have(self):
        gate = threading.Event()
        arrived = threading.Semaphore(0)

        def behave(provider, peer, asked):
            arrived.release()
            gate.wait(30)
            answers(text=CANARY)(provider, peer, asked)
        self.provider.behave = behave
        stub = self.ward.stub("PatientViewService", "GetPatientView")
        asked = [stub.future(view_request(), timeout=20, metadata=self.ward.metadata) for _ in range(6)]
        first = next(concurrent.futures.as_completed([as_future(each) for each in asked])).result()
        self.assertIn(("NOT_ASKED", "Z99001", "busy"), lines_of(first), "who is not asked for is answered at once")
        four = list(itertools.islice(concurrent.futures.as_completed([as_future(each) for each in asked]), 4))
        self.assertEqual(len(four), 4)
        for _ in range(2):
            self.assertTrue(arrived.acquire(timeout=15), "two are under way together")
        gate.set()
        answered = [each.result() for each in asked]
        told = [lines_of(each, source="Z99001") for each in answered]
        self.assertEqual(sum(("NOT_ASKED", "Z99001", "busy") in each for each in told), 4)
        self.assertEqual(sum(("RETURNED", "Z99001", "live") in each for each in told), 2)
        self.assertEqual(self.provider.most_at_once, 2)
        samples = self.trial.samples()
        self.assertEqual(samples['milecastle_live_questions_total{live="bridge-live",outcome="not_sent"}'], 4)
        self.assertEqual(samples['milecastle_live_questions_total{live="bridge-live",outcome="answered"}'], 2)
        self.assertEqual(samples['milecastle_live_outstanding{live="bridge-live"}'], 0)
        self.assertGreater(samples['milecastle_certificate_days{use="live",file="bridge-live"}'], 80)


def as_future(call):
    """A call of gRPC as a future of Python's."""
    future = concurrent.futures.Future()
    call.add_done_callback(lambda done: future.set_result(done.result()))
    return future


class OneTry(LiveCase):
    settings = {**LiveCase.settings, "failures": 1000}

    def test_a_question_is_put_again_where_nothing_came_and_never_where_something_did(self):
        def first_breaks(how):
            def behave(provider, peer, asked):
                if len(provider.asked) == 1:
                    return how(provider, peer, asked)
                answers(text=CANARY)(provider, peer, asked)
            return behave
        self.provider.behave = first_breaks(MISBEHAVIOURS["reset"])
        self.assertIn(CANARY, str(self.ward.view().view.entries))
        first, second = self.provider.asked
        self.assertNotEqual(first.trace_id, second.trace_id)
        self.provider.asked.clear()
        self.provider.behave = first_breaks(MISBEHAVIOURS["cut_short"])
        self.assertIn(("UNAVAILABLE", "Z99001", "answer_not_usable"), lines_of(self.ward.view()))
        self.assertEqual(len(self.provider.asked), 1)

    def test_it_is_put_no_third_time(self):
        self.provider.behave = MISBEHAVIOURS["reset"]
        self.assertIn(("UNAVAILABLE", "Z99001", "source_not_available"), lines_of(self.ward.view()))
        self.assertEqual(len(self.provider.asked), 2)


class Running(unittest.TestCase):
    def test_a_configuration_that_is_wrong_is_refused_with_its_line(self):
        trial = Trial()
        self.addCleanup(trial.end)
        text = trial.config.read_text()
        for wrong, told in (({"url": "http://127.0.0.1/x"}, "https://host:port/path"), ({"from_asid": "1\r\nX: 2"}, "from_asid"),
                            ({"sections": ["documents"]}, "sections"), ({"max_outstanding": 0}, "max_outstanding"),
                            ({"organisation": "!"}, "ODS code"), ({"certificate": "nowhere.pem"}, "nowhere.pem")):
            with self.subTest(wrong=wrong):
                trial.config.write_text(text + source_of(1, **wrong))
                done = trial.run("serve", "--config", trial.config, "--check")
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(told, done.stderr + done.stdout)

    def test_health_names_the_practice(self):
        trial = Trial()
        self.addCleanup(trial.end)
        with trial.config.open("a") as config:
            config.write(source_of(1))
        trial.start()
        lines = trial.caller("ZI1", "desk", "privacy-officer", "R0001").call(
            "OperationsService", "GetHealth", PB["operations"].GetHealthRequest()).lines
        line, = [each for each in lines if each.component == "live.bridge-live"]
        self.assertEqual((line.healthy, line.text), (True, "is asked"))


class Stopping(LiveCase):
    def test_a_question_under_way_does_not_hold_up_the_end(self):
        self.provider.behave = MISBEHAVIOURS["silent"]
        self.provider.heard.clear()
        call = self.ward.stub("PatientViewService", "GetPatientView").future(
            view_request(), timeout=20, metadata=self.ward.metadata)
        self.assertTrue(self.provider.heard.wait(20))
        began = time.monotonic()
        self.assertEqual(self.trial.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        self.assertIsNotNone(call.exception() or call.result())


class PublicSamples(LiveCase):
    settings = {**LiveCase.settings, "match_answer_id": False, "failures": 1000}

    def test_records_that_nobody_here_wrote_are_shown_or_refused(self):
        samples = pathlib.Path(os.environ.get("MILECASTLE_TESTDATA", SOURCE.parent / "shared/testdata")) / "fhir-stu3"
        if not samples.is_dir():
            self.skipTest("no ../shared/testdata here")
        counts = collections.Counter()
        for path in sorted(samples.rglob("*.json")):
            body = json.loads(path.read_text())
            if body.get("resourceType") not in ("Bundle", "OperationOutcome"):
                continue
            said = json.dumps(ours(body)).encode()
            self.provider.behave = lambda provider, peer, asked: peer.sendall(http(said))
            response = self.ward.view()
            told = {reason for _, _, reason in lines_of(response, source="Z99001")}
            self.assertTrue(told & REASONS, (path.name, told))
            counts[min(told & REASONS)] += 1
        print(f"\nGP Connect samples as live answers: {dict(counts)}")
        self.assertGreater(counts["live"], 0)


REASONS = {"live", "withheld_by_source", "not_found_at_source", "refused_by_source", "source_not_available", "answer_not_usable"}


def ours(body):
    """The sample as one of our person's practice: number, birth date and the practice's code alone are changed."""
    resources = [entry["resource"] for entry in body.get("entry", []) if "resource" in entry]
    for each in resources:
        for identifier in each.get("identifier", []) if isinstance(each.get("identifier"), list) else []:
            if each["resourceType"] == "Patient" and identifier.get("system") == "https://fhir.nhs.uk/Id/nhs-number":
                identifier["value"] = "9990000018"
            if each["resourceType"] == "Organization" and identifier.get("system", "").endswith("ods-organization-code"):
                identifier["value"] = "Z99001"
        if each["resourceType"] == "Patient":
            each["birthDate"] = "1962-07-13"
    return body


class HiddenLive(LiveCase):
    def test_a_practice_that_the_person_hid_is_not_asked_and_reads_as_if_it_never_knew_them(self):
        self.assertTrue(lines_of(self.ward.view(), "live"))
        consents = PB["consent"]
        self.ward.call("ConsentService", "RecordConsent", consents.RecordConsentRequest(
            person=PB["consent"].PersonKey(nhs_number="9990000018", birth_date="1962-07-13", family_name="Hadrian"),
            consent=consents.Consent(kind=consents.CONSENT_KIND_HIDE, by=consents.CONSENT_BY_PERSON,
                                     scope=consents.ConsentScope(sources=["Z99001"]))))
        self.provider.asked.clear()
        response = self.ward.view()
        self.assertEqual(self.provider.asked, [])
        self.assertEqual(lines_of(response, source="Z99001"), [("NONE_HELD", "Z99001", "")])
        line, = [each for each in response.view.manifest.lines if each.reason == "not_known_there"]
        self.assertEqual(line.text, "Z99001")


if __name__ == "__main__":
    unittest.main()
