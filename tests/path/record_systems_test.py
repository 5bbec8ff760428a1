"""Two systems of one organisation number what they hold each for itself: neither overwrites or ends what the other sent."""

import json
import unittest

from trial import PB, Caller, Trial, admission, person_segment

RECORD = PB["record"]
NUMBER = "9990000018"
SECOND = "9990000026"
NHS = "https://fhir.nhs.uk/Id/nhs-number"
TRACED = {"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
          "valueCodeableConcept": {"coding": [{"code": "01"}]}}
PATIENT = {"resourceType": "Patient", "id": "1", "birthDate": "1962-07-13", "name": [{"family": "Hadrian", "given": ["Aelia"]}],
           "identifier": [{"system": NHS, "value": NUMBER, "extension": [TRACED]}]}
PLACE = '[[feed]]\nname = "dale-befriending"'
FEED = """[[feed]]
name = "{name}"
adapter = "{adapter}"
organisations = ["{ods}"]
transport = "{transport}"
{more}

"""


def fhir_feed(name, ods, system, more=""):
    return FEED.format(name=name, adapter="community", ods=ods, transport="grpc", more=f'certificates = ["{ods}/{system}"]\n{more}')


def allergy(which, text):
    return {"resource": {"resourceType": "AllergyIntolerance", "id": which, "patient": {"reference": "Patient/1"},
                         "code": {"text": text}}}


def bundle(which, *entries):
    return json.dumps({"resourceType": "Bundle", "type": "collection", "id": which,
                       "entry": [{"resource": PATIENT}, *entries]}).encode()


def on(server, entry):
    resource = entry["resource"]
    moved = json.loads(json.dumps(resource).replace('"Patient/1"', '"https://one.example/fhir/Patient/1"'))
    return {"fullUrl": f"https://{server}.example/fhir/{resource['resourceType']}/{resource['id']}", "resource": moved}


LIST = {"resource": {"resourceType": "List", "id": "L1", "status": "current", "mode": "snapshot", "subject": {"reference": "Patient/1"},
                     "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]},
                     "entry": [{"item": {"reference": "AllergyIntolerance/77"}}]}}


class RecordSystems(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        laboratory = FEED.format(name="quayside-lis", adapter="acute", ods="ZT1", transport="mllp",
                                 more='address = "127.0.0.1"\nport = 0\nplain = true')
        feeds = (fhir_feed("community-two", "ZC1", "district-nursing") +
                 fhir_feed("community-resent", "ZC1", "district-nursing", 'record_system = "district-nursing"') +
                 fhir_feed("quayside-fhir", "ZT1", "quayside-epr") + laboratory)
        cls.trial = Trial({PLACE: feeds + PLACE}).start()
        cls.addClassCleanup(cls.trial.end)
        cls.controls = 0
        cls.hl7("quayside-pas", admission("A1", person=person_segment(number=NUMBER)))
        cls.ward = cls.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        cls.nurse = Caller(cls.trial, "ZC1", "district-nursing", "")
        cls.desk = cls.trial.caller("ZI1", "desk", "identity-officer", "LIDENTITY")

    @classmethod
    def hl7(cls, feed, message):
        connection = cls.trial.mllp(feed)
        reply = connection.exchange(message)
        connection.close()
        assert "MSA|AA" in reply, reply

    def message(self, event, *segments):
        type(self).controls += 1
        return "\r".join([f"MSH|^~\\&|LAB|ZT1|MILECASTLE|GATEWAY|20261121190000||{event}|RS{self.controls}|P|2.4",
                          person_segment(number=NUMBER), *segments]) + "\r"

    def send(self, feed, message, by=None):
        answer, = (by or self.nurse).submit(feed, message)
        self.assertEqual(answer.disposition, PB["intake"].DISPOSITION_ACCEPTED, answer)

    def said(self, source, section="ALLERGIES"):
        return {entry.what.text or entry.what.codings[0].display for entry in self.ward.view().view.entries
                if entry.source == source and entry.section == RECORD.Section.Value("SECTION_" + section)}

    def test_an_allergy_of_one_server_is_not_overwritten_by_anothers_of_the_same_id(self):
        self.send("district-nursing", bundle("a1", allergy("1", "Penicillin")))
        self.send("community-two", bundle("a2", allergy("1", "Latex")))
        self.assertLessEqual({"Penicillin", "Latex"}, self.said("ZC1"))

    def test_feeds_of_one_system_supersede_each_other(self):
        self.send("district-nursing", bundle("s1", allergy("same", "Aspirin")))
        self.send("community-resent", bundle("s2", allergy("same", "Aspirin, all forms")))
        self.assertIn("Aspirin, all forms", self.said("ZC1"))
        self.assertNotIn("Aspirin", self.said("ZC1"))

    def test_two_servers_in_one_bundle_have_keys_of_their_own(self):
        one, two = on("one", allergy("5", "Eggs")), on("two", allergy("5", "Peanuts"))
        patient = {"fullUrl": "https://one.example/fhir/Patient/1", "resource": PATIENT}
        for which, entries in (("t1", [one, two]), ("t2", [two])):
            self.send("district-nursing", json.dumps({"resourceType": "Bundle", "type": "collection", "id": which,
                                                      "entry": [patient, *entries]}).encode())
        self.assertLessEqual({"Eggs", "Peanuts"}, self.said("ZC1"))

    def test_a_list_of_the_fhir_server_does_not_end_the_allergy_of_the_pas(self):
        self.hl7("quayside-pas", self.message("ADT^A60", "IAM|1|DA|PEN^Penicillin^L|SV|Anaphylaxis|A|1"))
        self.send("quayside-fhir", bundle("l1", allergy("76", "Wool")), by=self.ward)
        self.send("quayside-fhir", bundle("l2", allergy("77", "Elastoplast"), LIST), by=self.ward)
        self.assertLessEqual({"Penicillin", "Elastoplast"}, self.said("ZT1"))
        self.assertNotIn("Wool", self.said("ZT1"), "its own list ends its own")
        self.hl7("quayside-lis", self.message("ADT^A60", "IAM|1|DA|NUT^Nuts^L|SV|Rash|A|1"))
        self.assertLessEqual({"Penicillin", "Nuts", "Elastoplast"}, self.said("ZT1"))

    def test_two_laboratories_with_one_accession_number_both_stand(self):
        for feed, value in (("quayside-pas", "7.9"), ("quayside-lis", "4.1")):
            self.hl7(feed, self.message("ORU^R01", "OBR|1||1001|UE^U&E^L|||20261120080000|||||||||||||||||LAB|F",
                                        f"OBX|1|NM|K^Potassium^L||{value}|mmol/L|||||F"))
        values = {entry.value.original for entry in self.ward.view().view.entries if entry.source == "ZT1"}
        self.assertLessEqual({"7.9", "4.1"}, values)

    def test_another_allergy_under_the_same_key_is_asked_about(self):
        before = sum(item.reason == "allergy_changed" for item in self.trial.queue(self.desk))
        self.send("district-nursing", bundle("c1", allergy("changed", "Cats")))
        self.send("district-nursing", bundle("c2", allergy("changed", "Dogs")))
        self.assertEqual(sum(item.reason == "allergy_changed" for item in self.trial.queue(self.desk)), before + 1)

    def told(self, control, feed, event="A08", local="Q2", more=()):
        self.hl7(feed, admission(control, event=event, person=person_segment(number=SECOND, local=local), more=more))

    def asked(self, reason):
        return sum(item.reason == reason for item in self.trial.queue(self.desk))

    def test_a_yes_of_the_laboratory_lifts_no_objection_of_the_pas(self):
        self.told("N1", "quayside-pas", event="A01", more=("ZU8||2|Yes|0",))
        view = lambda: self.ward.view(SECOND, "1962-07-13", "Hadrian")
        self.assertEqual(view().refusal.reason, "objection")
        for control in ("N2", "N3"):
            self.told(control, "quayside-lis", more=("ZU8||1|Yes|0",))
            self.assertEqual(view().refusal.reason, "objection")
        self.told("N4", "quayside-pas", more=("ZU8||1|Yes|0",))
        self.assertEqual(view().WhichOneof("outcome"), "view")

    def test_the_laboratory_lifts_no_protection_of_the_pas(self):
        self.told("P1", "quayside-pas", event="A01", more=("ZU8||1|Yes|2",))
        warnings = lambda: self.ward.view(SECOND, "1962-07-13", "Hadrian").view.warnings
        self.assertIn("location_protected", warnings())
        self.told("P2", "quayside-lis", more=("ZU8||1|Yes|0",))
        self.assertIn("location_protected", warnings())
        self.told("P3", "quayside-pas", local="Q3", more=("ZU8||1|Yes|0",))
        self.assertIn("location_protected", warnings(), "another of its records")
        self.assertGreaterEqual(self.asked("protection_of_another_record"), 2)
        self.told("P4", "quayside-pas", more=("ZU8||1|Yes|0",))
        self.assertNotIn("location_protected", warnings())

    def test_keys_are_shown_to_no_reader(self):
        self.send("district-nursing", bundle("k1", allergy("key-7f3a", "Wasps")))
        self.assertNotIn("key-7f3a", str(self.ward.view()))
        self.assertNotIn("district-nursing|", str(self.ward.view()))

    def test_a_name_that_could_run_into_a_key_is_refused(self):
        wrong = self.trial.folder / "wrong.toml"
        wrong.write_text(self.trial.config.read_text().replace('record_system = "district-nursing"', 'record_system = "a|b"'))
        done = self.trial.run("serve", "--config", wrong, "--check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("record_system", done.stderr)


if __name__ == "__main__":
    unittest.main()
