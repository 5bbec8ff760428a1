"""What became of each version of an entry, as each format says it; who is told, and that the log holds it.

Superseded, corrected, entered in error, deleted, left out and come too late: over FHIR R4, CDA, STU3, HL7 v2 and the canonical
contract, through the shipped binary.
"""

import json
import unittest
import uuid

from trial import ALLERGY, PB, SOURCE, Caller, Trial, ack_code, admission, person_segment, view_request
from versions_test import CDA, bundle

NUMBER = "9990000018"
RESULT = "OBR|1|P55^EPR|F66^LIMS|UE^Urea and electrolytes^99LIMS|||20261122081000|||||||20261122083000||||||||20261122100000||BCH|F"


def resource(kind, which, **more):
    about = "patient" if kind == "AllergyIntolerance" else "subject"
    return {"resource": {"resourceType": kind, "id": which, about: {"reference": "Patient/1"}, **more}}


def observation(value, status="final", day="2026-01-01"):
    return resource("Observation", "k", status=status, code={"text": "Potassium"}, meta={"lastUpdated": f"{day}T00:00:00Z"},
                    valueQuantity={"value": value, "unit": "mmol/L"})


def document(which, day, *listed):
    references = [{"reference": f"{e['resource']['resourceType']}/{e['resource']['id']}"} for e in listed]
    composition = {"resourceType": "Composition", "id": f"c{which}", "status": "final", "title": "Discharge summary",
                   "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:doc-7"}, "type": {"text": "Discharge summary"},
                   "subject": {"reference": "Patient/1"}, "date": f"{day}T09:00:00Z",
                   "section": [{"title": "Diagnoses", "entry": references}]}
    # A document begins with its composition.
    made = json.loads(bundle(which, f"{day}T10:00:00Z", *listed, kind="document"))
    made["entry"].insert(0, {"resource": composition})
    return json.dumps(made).encode()


def oru(control, *segments):
    return "\r".join([f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261122101500||ORU^R01^ORU_R01|{control}|P|2.4",
                      person_segment(number=NUMBER), "ORC|RE|P55^EPR|F66^LIMS||CM", RESULT, *segments]) + "\r"


class History(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        self.hospital = self.trial.mllp()
        self.addCleanup(self.hospital.close)
        self.take(admission("A1", person=person_segment(number=NUMBER)))
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        self.nurse = Caller(self.trial, "ZC1", "district-nursing", "")

    def take(self, message):
        self.assertEqual(ack_code(self.hospital.exchange(message)), "AA")

    def send(self, message, feed="district-nursing", caller=None):
        answer, = (caller or self.nurse).submit(feed, message if isinstance(message, bytes) else message.SerializeToString())
        self.assertEqual(answer.disposition, PB["intake"].DISPOSITION_ACCEPTED, answer)

    def find(self, text):
        """The id of the entry that a view shows with these words."""
        found = [e.entry_id for e in self.ward.view().view.entries if text in (e.what.text, *e.free_text, e.value.original)]
        self.assertEqual(len(found), 1, text)
        return found[0]

    def ask(self, entry, reader=None, **asked):
        request = PB["view"].GetEntryHistoryRequest(request=view_request(**asked), entry_id=entry)
        return (reader or self.ward).call("PatientViewService", "GetEntryHistory", request)

    def told(self, entry):
        """(state, words) of each version, the last that came first. No version that does not stand is under `entry`."""
        told = []
        for version in self.ask(entry).history.versions:
            state = PB["view"].VersionState.Name(version.state).removeprefix("VERSION_STATE_")
            self.assertEqual(version.HasField("entry"), state == "CURRENT")
            self.assertEqual(version.HasField("not_current"), state != "CURRENT")
            said = version.entry if state == "CURRENT" else version.not_current
            self.assertEqual(len(version.message_id), 16)
            told.append((state, said.free_text[0] if said.free_text else said.value.original or said.what.text))
        return told

    # FHIR R4

    def flag(self, day, text):
        return resource("Flag", "cpr", status="active", code={"text": text}, meta={"lastUpdated": f"{day}T00:00:00Z"})

    def test_r4_an_older_version_that_comes_late_is_told_as_that(self):
        self.send(bundle("two", "2026-02-01T00:00:00Z", self.flag("2026-02-01", "DNACPR in place")))
        entry = self.find("DNACPR in place")
        self.send(bundle("one", "2026-03-01T00:00:00Z", self.flag("2026-01-01", "For full resuscitation")))
        self.assertEqual(self.told(entry), [("CAME_LATE", "For full resuscitation"), ("CURRENT", "DNACPR in place")])

    def test_r4_a_correction_says_so(self):
        self.send(bundle("one", "2026-01-01T00:00:00Z", observation(9.1)))
        entry = self.find("9.1 mmol/L")
        self.send(bundle("two", "2026-01-02T00:00:00Z", observation(4.1, "corrected", "2026-01-02")))
        self.assertEqual(self.told(entry), [("CURRENT", "4.1 mmol/L"), ("CORRECTED", "9.1 mmol/L")])

    def test_r4_what_was_entered_in_error_is_no_fact_in_any_version(self):
        def allergy(day, status):
            system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
            return resource("AllergyIntolerance", "9", code={"text": "Latex"}, meta={"lastUpdated": f"{day}T00:00:00Z"},
                            verificationStatus={"coding": [{"system": system, "code": status}]})
        self.send(bundle("one", "2026-01-01T00:00:00Z", allergy("2026-01-01", "confirmed")))
        entry = self.find("Latex")
        self.send(bundle("two", "2026-01-02T00:00:00Z", allergy("2026-01-02", "entered-in-error")))
        self.assertEqual(self.told(entry), [("ENTERED_IN_ERROR", "Latex"), ("ENTERED_IN_ERROR", "Latex")])

    def test_r4_what_is_deleted_is_withdrawn_and_its_older_version_stays_so(self):
        allergy = resource("AllergyIntolerance", "9", code={"text": "Latex"})
        self.send(bundle("one", "2026-01-01T00:00:00Z", allergy))
        entry = self.find("Latex")
        gone = {"request": {"method": "DELETE", "url": "AllergyIntolerance/9"}}
        self.send(bundle("gone", "2026-02-01T00:00:00Z", gone, kind="transaction"))
        self.assertEqual(self.told(entry), [("WITHDRAWN", "Latex")])
        late = resource("AllergyIntolerance", "9", code={"text": "Latex, severe"})
        self.send(bundle("late", "2026-01-15T00:00:00Z", late))
        self.assertEqual(self.told(entry), [("CAME_LATE", "Latex, severe"), ("WITHDRAWN", "Latex")])

    def test_r4_what_a_documents_new_version_leaves_out_ends(self):
        asthma, angina = (resource("Condition", which, code={"text": words}) for which, words in (("1", "Asthma"), ("2", "Angina")))
        alone = resource("Condition", "3", code={"text": "Gout"})
        self.send(bundle("alone", "2026-01-01T00:00:00Z", alone))
        self.send(document("one", "2026-02-01", asthma, angina, alone))
        entry = self.find("Angina")
        self.send(document("two", "2026-02-02", asthma))
        self.assertEqual(self.told(entry), [("NO_LONGER_SENT", "Angina")])
        shown = {e.what.text for e in self.ward.view().view.entries if e.source == "ZC1"}
        self.assertLessEqual({"Asthma", "Gout"}, shown, "the one is in it still, the other is known from elsewhere")
        self.assertNotIn("Angina", shown)
        self.send(document("late", "2026-02-01", angina))
        self.assertNotIn("Angina", {e.what.text for e in self.ward.view().view.entries})

    # CDA

    def test_cda_the_versions_of_a_document(self):
        self.send(CDA.format(version=2, day="20250401", text="DNACPR").encode())
        entry = self.find("DNACPR")
        self.send(CDA.format(version=1, day="20250101", text="For CPR").encode())
        self.assertEqual(self.told(entry), [("CAME_LATE", "For CPR"), ("CURRENT", "DNACPR")])
        self.send(CDA.format(version=3, day="20250501", text="Under review").encode())
        self.assertEqual(self.told(entry),
                         [("CURRENT", "Under review"), ("CAME_LATE", "For CPR"), ("SUPERSEDED", "DNACPR")])

    # STU3

    def test_stu3_a_record_that_comes_without_it_ends_it(self):
        practice = Caller(self.trial, "Z99001", "bridge-gp", "")
        record = json.loads((SOURCE / "tests/golden/primary/allergies.json").read_text())
        text = json.dumps(record)
        self.assertIn(NUMBER, text)
        self.send(text.encode(), "bridge-gp", practice)
        allergies = [e for e in self.ward.view().view.entries if e.source == "Z99001"
                     and e.kind == PB["record"].ENTRY_KIND_ALLERGY]
        self.assertTrue(allergies)
        entry, words = allergies[0].entry_id, allergies[0].what
        last = words.text or words.codings[0].display
        changed = {**json.loads(text.replace(last, last + " (changed)")), "id": "changed"}
        self.send(json.dumps(changed).encode(), "bridge-gp", practice)
        states = [state for state, _ in self.told(entry)]
        self.assertEqual(states, ["CURRENT", "SUPERSEDED"])
        kept = [e for e in record["entry"] if e["resource"]["resourceType"] != "AllergyIntolerance"]
        for e in kept:
            if e["resource"]["resourceType"] == "List":
                e["resource"].pop("entry", None)
        self.send(json.dumps({**record, "id": "without", "entry": kept}).encode(), "bridge-gp", practice)
        states = [state for state, _ in self.told(entry)]
        self.assertEqual(states, ["NO_LONGER_SENT", "SUPERSEDED"])

    # HL7 v2: no version, so that the order is that of their coming

    def test_hl7_a_result_that_is_corrected_and_then_withdrawn(self):
        self.take(oru("R1", "OBX|1|NM|K^Potassium^99LIMS||9.1|mmol/L|||||F"))
        entry = self.find("9.1")
        self.take(oru("R2", "OBX|1|NM|K^Potassium^99LIMS||4.1|mmol/L|||||C"))
        self.assertEqual(self.told(entry), [("CURRENT", "4.1"), ("CORRECTED", "9.1")])
        self.take(oru("R3", "OBX|1|NM|K^Potassium^99LIMS||4.1|mmol/L|||||W"))
        self.assertEqual(self.told(entry), [("WITHDRAWN", "4.1"), ("CORRECTED", "9.1")])

    def test_v2_what_is_said_of_an_order_number_is_said_of_every_test_of_it(self):
        def orm(control, *segments):
            self.take("\r".join([f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261122101500||ORM^O01|{control}|P|2.4",
                                person_segment(number=NUMBER), *segments]) + "\r")

        def requests():
            section = PB["record"].SECTION_INVESTIGATIONS_REQUESTED
            status = PB["record"].ClinicalStatus.Name
            return {(e.what.text or e.what.codings[0].display, status(e.status).removeprefix("CLINICAL_STATUS_"))
                    for e in self.ward.view().view.entries if e.section == section}
        orm("O1", "ORC|NW|P7^EPR", "OBR|1|P7^EPR||UE^Urea and electrolytes^99LIMS")
        orm("O2", "ORC|NW|P7^EPR", "OBR|1|P7^EPR||FBC^Full blood count^99LIMS")
        orm("O3", "ORC|NW|P8^EPR", "OBR|1|P8^EPR||CXR^Chest X-ray^99RIS")
        rest = ("Chest X-ray", "ACTIVE")
        self.assertEqual(requests(), {("Urea and electrolytes", "ACTIVE"), ("Full blood count", "ACTIVE"), rest})
        orm("O4", "ORC|CA|P7^EPR", "OBR|1|P7^EPR||UE^Urea and electrolytes^99LIMS")
        self.assertEqual(requests(), {("Urea and electrolytes", "CANCELLED"), ("Full blood count", "ACTIVE"), rest})
        orm("O5", "ORC|HD|P7^EPR")
        self.assertEqual(requests(), {("Order", "ON_HOLD"), rest})
        orm("O6", "ORC|RL|P7^EPR", "OBR|1|P7^EPR||FBC^Full blood count^99LIMS")
        self.assertEqual(requests(), {("Full blood count", "ACTIVE"), rest})

    # The canonical contract

    def row(self, control, made, key="note:1", **more):
        message = PB["contribution"].Contribution()
        message.header.control_id, message.header.event, message.header.sender = control, "note", "LOCALFRIENDS"
        claim = {"nhs_number": NUMBER, "tracing": "NHS_NUMBER_TRACING_VERIFIED", "birth_date": "1962-07-13",
                 "names": {"names": [{"family": "Hadrian", "given": "Aelia"}]},
                 "local_identifiers": [{"authority": "LOCALFRIENDS", "type": "MEMBER", "value": "M1"}]}
        patient = message.patients.add(patient=claim)
        patient.version.made.original = made
        if more:
            record = PB["record"]
            entry = record.Entry(section=record.SECTION_SOCIAL_CONTEXT, kind=record.ENTRY_KIND_STATEMENT,
                                 status=record.CLINICAL_STATUS_ACTIVE, subject=record.ENTRY_SUBJECT_PATIENT,
                                 intent=record.INTENT_UNSTATED, verification=more.get("verification", 1))
            entry.what.text = more["text"]
            patient.drafts.add(source_key=key, entry=entry)
        else:
            patient.withdrawn_keys.append(key)
        return message

    def test_canonical_late_error_and_deletion(self):
        friends = Caller(self.trial, "LOCALFRIENDS", "visits-sheet", "")

        def send(message):
            self.send(message, "dale-befriending", friends)
        send(self.row("2", "2026-02-02T09:00:00Z", text="Lives with her son"))
        entry = self.find("Lives with her son")
        send(self.row("1", "2026-02-01T09:00:00Z", text="Lives alone"))
        self.assertEqual(self.told(entry), [("CAME_LATE", "Lives alone"), ("CURRENT", "Lives with her son")])
        send(self.row("3", "2026-02-03T09:00:00Z"))
        send(self.row("4", "2026-02-02T12:00:00Z", text="Lives with a friend"))
        self.assertEqual([state for state, _ in self.told(entry)], ["CAME_LATE", "CAME_LATE", "WITHDRAWN"])
        error = PB["record"].VERIFICATION_ENTERED_IN_ERROR
        send(self.row("5", "2026-02-05T09:00:00Z", text="Lives abroad", verification=error))
        self.assertEqual({state for state, _ in self.told(entry)}, {"ENTERED_IN_ERROR"})

    # Who is told, and what the log holds

    def test_a_stranger_another_organisation_and_a_wrong_id_learn_nothing(self):
        self.send(bundle("one", "2026-01-01T00:00:00Z", self.flag("2026-01-01", "CANARY-1")))
        entry = self.find("CANARY-1")
        self.send(bundle("two", "2026-01-02T00:00:00Z", self.flag("2026-01-02", "CANARY-2")))
        stranger = self.trial.caller("ZT2", "moorland-epr", "dr", "R8000")
        refused = self.ask(entry, stranger)
        nobody = self.ask(entry, stranger, number="9990000034")
        view = stranger.view()
        for answer in (refused, nobody):
            self.assertEqual(answer.refusal, view.refusal)
        other = self.ask(uuid.uuid4().bytes)
        self.assertTrue(other.HasField("history"))
        self.assertFalse(other.history.versions or other.history.withheld)
        self.take(admission("A2", person=person_segment(number="9990000026", local="Q200")))
        not_hers = self.ask(entry, number="9990000026")
        self.assertEqual(not_hers.history, other.history)
        for answer in (refused, nobody, other, not_hers):
            self.assertNotIn(b"CANARY", answer.SerializeToString())

    def test_the_command_shows_it_and_the_log_holds_what_was_shown(self):
        self.take(admission("A3", event="A08", person=person_segment(number=NUMBER), more=[ALLERGY]))
        self.take(admission("A4", event="A08", person=person_segment(number=NUMBER),
                            more=[ALLERGY.replace("Anaphylaxis", "Rash")]))
        person = ["--nhs-number", NUMBER, "--birth-date", "1962-07-13", "--family-name", "Hadrian", "--purpose", "direct-care"]
        shown = self.trial.ask(self.ward, "view", "--ids", *person)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        lines = shown.stdout.splitlines()
        at = next(i for i, line in enumerate(lines) if "penicillin" in line and line.startswith("  - "))
        entry = next(line.split("id: ")[1] for line in lines[at:] if "id: " in line)
        told = self.trial.ask(self.ward, "history", "--entry", entry, *person)
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertLess(told.stdout.index("CURRENT: its source's last word"), told.stdout.index("NOT CURRENT"))
        self.assertIn("Rash", told.stdout)
        leaf = told.stdout.split("Audit receipt: leaf ")[1].split()[0]
        officer = self.trial.caller("ZI1", "desk", "po", "R0001", "LIDENTITY")
        payload = self.trial.ask(officer, "audit", "show", leaf, "--case", "CASE-1")
        self.assertEqual(payload.returncode, 0, payload.stderr)
        self.assertIn(entry, payload.stdout)
        self.assertIn('"state":"superseded"', payload.stdout.replace(" ", ""))
        refused = self.trial.ask(self.trial.caller("ZT2", "moorland-epr", "dr", "R8000"), "history", "--entry", entry, *person)
        self.assertEqual(refused.returncode, 4 if not refused.stdout else 3, refused.stdout + refused.stderr)
        self.assertNotIn("Rash", refused.stdout)
        misuse = self.trial.ask(self.ward, "history", "--entry", "7", *person)
        self.assertEqual(misuse.returncode, 2)


if __name__ == "__main__":
    unittest.main()
