"""An older version that arrives late: it is kept as history, the journal says so, and it takes nobody's place."""

import json
import unittest

from trial import PB, Caller, Trial, admission, person_segment

NUMBER = "9990000018"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
TRACED = {"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
          "valueCodeableConcept": {"coding": [{"code": "01"}]}}
CDA = """<ClinicalDocument xmlns="urn:hl7-org:v3" classCode="DOCCLIN" moodCode="EVN">
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id root="0A0A0A0A-0000-4000-8000-00000000000{version}"/>
<code code="823691000000103" codeSystem="2.16.840.1.113883.2.1.3.2.4.15" displayName="Clinical letter"/><title>Letter</title>
<effectiveTime value="{day}"/><setId root="0A0A0A0A-0000-4000-8000-0000000001AA"/><versionNumber value="{version}"/>
<recordTarget><patientRole><id root="2.16.840.1.113883.2.1.4.1" extension="9990000018"/><patient>
<name use="L"><given>Aelia</given><family>Hadrian</family></name><birthTime value="19620713"/></patient></patientRole></recordTarget>
<custodian><assignedCustodian><representedCustodianOrganization><id root="2.16.840.1.113883.2.1.3.2.4.19.1" extension="ZC1"/>
</representedCustodianOrganization></assignedCustodian></custodian><component><structuredBody><component><section>
<code code="42348-3" codeSystem="2.16.840.1.113883.6.1"/><title>Resuscitation</title><text>{text}</text></section></component>
</structuredBody></component></ClinicalDocument>"""


def patient(number=NUMBER, born="1962-07-13", family="Hadrian", given="Aelia", **more):
    return {"resourceType": "Patient", "id": "1", "birthDate": born, "identifier": [{"system": NHS, "value": number, "extension": [TRACED]}],
            "name": [{"family": family, "given": [given]}], **more}


def bundle(which, timestamp, *entries, kind="collection", who=None):
    return json.dumps({"resourceType": "Bundle", "type": kind, "id": which, "timestamp": timestamp,
                       "entry": [{"resource": who or patient()}, *entries]}).encode()


def of(day, type_, **content):
    """A resource of version `day`."""
    return {"resource": {"resourceType": type_, "meta": {"lastUpdated": f"{day}T00:00:00Z"}, **content}}


SUBJECT = {"subject": {"reference": "Patient/1"}}


def consent(day, answer):
    return of(day, "Consent", id="c1", status="active", patient={"reference": "Patient/1"}, performer=[{"reference": "Patient/1"}],
              scope={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
              category=[{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "INFA"}]}],
              provision={"type": answer})


def visit(day, status):
    return of(day, "Encounter", id="e1", status=status, **SUBJECT, period={"start": "2026-01-01T10:00:00Z"},
              **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}})


def something_new(day):
    return of(day, "Observation", id="o" + day, status="final", **SUBJECT, code={"text": "Weight"}, valueString="60 kg")


def flag(day, text):
    return {"resource": {"resourceType": "Flag", "id": "cpr", "status": "active", "subject": {"reference": "Patient/1"},
                         "meta": {"lastUpdated": f"{day}T00:00:00Z"}, "code": {"text": text}}}


# A hospital that sends FHIR, and reads on the same certificate.
HOSPITAL_FEED = {'[[feed]]\nname = "dale-befriending"': '''[[feed]]
name = "moorland-fhir"
adapter = "community"
organisations = ["ZT2"]
transport = "grpc"
certificates = ["ZT2/moorland-epr"]

[[feed]]
name = "dale-befriending"'''}


class Versions(unittest.TestCase):
    def setUp(self):
        self.trial = Trial(HOSPITAL_FEED).start()
        self.addCleanup(self.trial.end)
        hospital = self.trial.mllp()
        self.addCleanup(hospital.close)
        self.assertIn("AA", hospital.exchange(admission("A1", person=person_segment(number=NUMBER))))
        self.ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        self.nurse = Caller(self.trial, "ZC1", "district-nursing", "")

    def send(self, message):
        answer, = self.nurse.submit("district-nursing", message)
        self.assertEqual(answer.disposition, PB["intake"].DISPOSITION_ACCEPTED, answer)
        self.assertNotIn("older version", str(answer), "by it a sender knew whose record it is in")

    def lines_of_the_last(self):
        """What the journal says was not carried of it."""
        (lines,), = self.trial.query("SELECT not_carried FROM journal ORDER BY rowid DESC LIMIT 1")
        return str(lines)

    def said(self):
        entries = [entry for entry in self.ward.view().view.entries if entry.source == "ZC1"]
        return [text for entry in entries for text in (entry.what.text, *entry.free_text)]

    def test_an_older_document_does_not_replace_a_newer_one(self):
        self.send(CDA.format(version=2, day="20250401", text="DNACPR").encode())
        self.send(CDA.format(version=1, day="20250101", text="For CPR").encode())
        self.assertIn("older version", self.lines_of_the_last())
        self.assertIn("DNACPR", self.said())
        self.assertNotIn("For CPR", self.said())
        self.send(CDA.format(version=3, day="20250501", text="Under review").encode())
        self.assertIn("Under review", self.said())
        self.assertNotIn("DNACPR", self.said())

    def test_an_older_resource_does_not_replace_a_newer_one(self):
        self.send(bundle("two", "2026-02-01T00:00:00Z", flag("2026-02-01", "DNACPR in place")))
        self.send(bundle("one", "2026-03-01T00:00:00Z", flag("2026-01-01", "For full resuscitation")))
        self.assertIn("DNACPR in place", self.said())
        self.assertNotIn("For full resuscitation", self.said())

    def test_an_older_report_does_not_replace_its_correction(self):
        hospital = self.trial.mllp()
        self.addCleanup(hospital.close)

        def report(control, reported, status, value):
            return "\r".join((
                f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261121190000||ORU^R01|{control}|P|2.4", person_segment(number=NUMBER),
                f"OBR|1|P1|F1|UE^Urea^L|||20261121|||||||||||||||{reported}|||{status}",
                f"OBX|1|NM|K^Potassium^L||{value}|mmol/L|||||{status}")) + "\r"

        def potassium():
            return [entry.value.original for entry in self.ward.view().view.entries if entry.what.codings and entry.what.codings[0].code == "K"]

        self.assertIn("AA", hospital.exchange(report("R1", "20261121100000", "F", "6.9")))
        self.assertEqual(potassium(), ["6.9"])
        self.assertIn("AA", hospital.exchange(report("R2", "20261121120000", "C", "4.1")))
        self.assertIn("AA", hospital.exchange(report("R3", "20261121100000", "F", "6.9")))
        self.assertEqual(potassium(), ["4.1"])
        self.assertIn("AA", hospital.exchange(report("R4", "20261121120000", "C", "4.2")))
        self.assertEqual(potassium(), ["4.2"])

    def test_an_older_bundle_does_not_bring_back_what_was_deleted(self):
        allergy = {"resource": {"resourceType": "AllergyIntolerance", "id": "9", "patient": {"reference": "Patient/1"},
                                "code": {"text": "Latex"}}}
        self.send(bundle("first", "2026-01-01T00:00:00Z", allergy))
        self.assertIn("Latex", self.said())
        gone = {"request": {"method": "DELETE", "url": "AllergyIntolerance/9"}}
        self.send(bundle("gone", "2026-02-01T00:00:00Z", gone, kind="transaction"))
        self.assertNotIn("Latex", self.said())
        self.send(bundle("late", "2026-01-15T00:00:00Z", allergy))
        self.assertNotIn("Latex", self.said())

    def test_an_older_consent_beside_something_new_lifts_no_refusal(self):
        self.send(bundle("two", None, consent("2026-06-01", "deny")))
        self.assertEqual(self.ward.view().WhichOneof("outcome"), "refusal")
        self.send(bundle("one", None, consent("2026-01-01", "permit"), something_new("2026-06-02")))
        self.assertIn("older version", self.lines_of_the_last())
        self.assertEqual(self.ward.view().WhichOneof("outcome"), "refusal")
        self.send(bundle("three", None, consent("2026-06-03", "permit")))
        self.assertIn("Weight", self.said())

    def test_an_older_visit_beside_something_new_opens_no_relationship(self):
        hospital = self.trial.caller("ZT2", "moorland-epr", "dr-boudica", "R8000")

        def sees_after(*messages):
            for answer in hospital.submit("moorland-fhir", *messages):
                self.assertEqual(answer.disposition, PB["intake"].DISPOSITION_ACCEPTED, answer)
            return hospital.view().WhichOneof("outcome")

        self.assertEqual(sees_after(bundle("two", None, visit("2026-06-20", "cancelled"))), "refusal")
        late = bundle("one", None, visit("2026-06-01", "in-progress"), something_new("2026-06-21"))
        self.assertEqual(sees_after(late), "refusal")
        self.assertEqual(sees_after(bundle("three", None, visit("2026-06-22", "in-progress"))), "view")

    def test_an_older_patient_is_not_how_the_person_is(self):
        now = {"meta": {"lastUpdated": "2026-06-01T00:00:00Z"}, "deceasedDateTime": "2026-05-30"}
        then = {"meta": {"lastUpdated": "2020-06-01T00:00:00Z"}, "deceasedBoolean": False}

        def told():
            return [(one.names[0].family, one.deceased) for one in self.ward.view().view.demographics if one.source == "ZC1"]

        self.send(json.dumps(patient(family="Hadrian-Severus", **now)).encode())
        self.assertEqual(told(), [("Hadrian-Severus", True)])
        self.send(json.dumps(patient(**then)).encode())
        self.assertEqual(told(), [("Hadrian-Severus", True)])
        self.send(bundle("late", None, something_new("2026-06-02"), who=patient(**then)))
        self.assertEqual(told(), [("Hadrian-Severus", True)])
        self.assertIn("Weight", self.said())

    def test_an_id_that_is_given_to_another_names_nobody_until_that_is_settled(self):
        other = {"number": "9990000026", "born": "1948-02-29", "family": "Severus", "given": "Julia"}
        by_id = {"status": "final", "valueString": "x", **SUBJECT}
        self.send(json.dumps(patient()).encode())
        self.send(json.dumps(of("2026-01-01", "Observation", id="o1", code={"text": "Of the first"}, **by_id)["resource"]).encode())
        self.assertIn("Of the first", self.said())
        for message in (patient(**other), of("2026-01-02", "Observation", id="o2", code={"text": "Whose?"}, **by_id)["resource"]):
            self.send(json.dumps(message).encode())
            self.assertEqual(self.trial.journal()[-1][1], "awaiting_identity")
        self.assertEqual([text for text in self.said() if text == "Whose?"], [])
        self.send(bundle("by-number", None, something_new("2026-01-03")))
        self.assertIn("Weight", self.said())


if __name__ == "__main__":
    unittest.main()
