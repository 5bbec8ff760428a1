"""GP Connect Access Record Structured (FHIR STU3), pushed by the practice Z99001 or answered by Z99002 at the moment of a view."""

import base64
import itertools
import json

from told.person import FACT, HIDDEN, LATER, PDF_THAT_WAS_CUT, SENSITIVE, TRIAL_CODES, No

ROOT = "https://fhir.nhs.uk/STU3"
LISTS = {"allergies": "886921000000105", "problems": "717711000000103", "medications": "933361000000108",
         "immunisations": "1102181000000102", "results": "887191000000108"}
TITLES = {"allergies": "Allergies and adverse reactions", "problems": "Problems", "medications": "Medications and medical devices",
          "immunisations": "Immunisations", "results": "Investigations and results"}
_numbers = itertools.count(1)
P = {"reference": "Patient/p1"}


def patient(person, ods):
    traced = {"url": f"{ROOT}/StructureDefinition/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1",
              "valueCodeableConcept": {"coding": [{"system": f"{ROOT}/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "01"}]}}
    return [{"resourceType": "Patient", "id": "p1", "birthDate": person.born, "gender": "female",
             "meta": {"profile": [f"{ROOT}/StructureDefinition/CareConnect-GPC-Patient-1"]},
             "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": person.number, "extension": [traced]}],
             "name": [{"use": "official", "family": person.family, "given": [person.given]}],
             "address": [{"use": "home", "line": [person.address]}],
             "managingOrganization": {"reference": "Organization/o1"}},
            {"resourceType": "Organization", "id": "o1", "name": "A surgery",
             "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": ods}]}]


def listing(name, *resources):
    return {"resourceType": "List", "meta": {"profile": [f"{ROOT}/StructureDefinition/CareConnect-GPC-List-1"]},
            "status": "current", "mode": "snapshot", "title": TITLES[name], "date": "2026-11-20T09:00:00+00:00",
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": LISTS[name], "display": TITLES[name]}]}, "subject": P,
            "entry": [{"item": {"reference": f"{r['resourceType']}/{r['id']}"}} for r in resources]}


def bundle(person, resources, name=None, ods="Z99001"):
    listed = [listing(name, *resources)] if name else []
    return json.dumps({"resourceType": "Bundle", "id": f"gp-{next(_numbers)}", "type": "collection",
                       "meta": {"profile": [f"{ROOT}/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]},
                       "entry": [{"resource": r} for r in [*patient(person, ods), *listed, *resources]]}).encode()


def condition(status="active", code=None, **more):
    return {"resourceType": "Condition", "id": "c1", "clinicalStatus": status, "subject": P, "code": code or {"text": FACT}, **more}


def allergy(text=FACT, which="a1", **more):
    return {"resourceType": "AllergyIntolerance", "id": which, "clinicalStatus": "active", "verificationStatus": "unconfirmed",
            "patient": P, "code": {"text": text}, **more}


SENSITIVE_CODE = {"coding": [{"system": TRIAL_CODES, "code": SENSITIVE, "display": FACT}]}
NONE_KNOWN = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003", "display": "No known allergy"}]}
OBSERVATION = {"resourceType": "Observation", "id": "hb", "status": "final", "category": [{"coding": [{"code": "laboratory"}]}],
               "code": {"text": FACT}, "subject": P, "interpretation": {"coding": [{"code": "L", "display": "L"}]},
               "valueQuantity": {"value": 9.5, "comparator": "<", "unit": "g/dL", "code": "g/dL"},
               "referenceRange": [{"low": {"value": 11.5, "unit": "g/dL"}, "high": {"value": 16.5, "unit": "g/dL"}}]}
REPORT = {"resourceType": "DiagnosticReport", "id": "d1", "status": "final", "code": {"text": "Panel"}, "subject": P,
          "result": [{"reference": "Observation/hb"}]}
MEDICINE = {"resourceType": "MedicationStatement", "id": "s1", "status": "stopped", "taken": "unk", "subject": P,
            "medicationCodeableConcept": {"text": FACT}, "effectivePeriod": {"start": "2026-01-01"},
            "basedOn": [{"reference": "MedicationRequest/plan1"}],
            "extension": [{"url": f"{ROOT}/StructureDefinition/Extension-CareConnect-GPC-MedicationStatementLastIssueDate-1",
                           "valueDateTime": "2026-11-01"}]}
COURSE = {"resourceType": "MedicationRequest", "id": "plan1", "status": "stopped", "intent": "plan", "subject": P,
          "medicationCodeableConcept": {"text": FACT}, "authoredOn": "2026-01-01"}
PLANNED = {"resourceType": "ReferralRequest", "id": "r1", "status": "active", "intent": "plan", "subject": P,
           "reasonCode": [{"text": FACT}], "description": FACT}
LETTER = {"resourceType": "DocumentReference", "id": "dr1", "status": "current", "subject": P, "indexed": "2026-11-20T09:00:00Z",
          "type": {"text": FACT}, "description": FACT,
          "content": [{"attachment": {"contentType": "application/pdf", "data": base64.b64encode(PDF_THAT_WAS_CUT).decode()}}]}


def says(ods):
    def said(*resources, name=None):
        return lambda person: [bundle(person, list(resources), name, ods)]

    def in_turn(*steps):
        return lambda person: [bundle(person, resources, name, ods) for name, resources in steps]

    return {
        "plain": said(condition(), name="problems"),
        "ended": said(condition(abatementDateTime="2015-01-01"), name="problems"),
        "refuted": said(condition(verificationStatus="refuted"), name="problems"),
        "in_error": in_turn(("problems", [condition()]), ("problems", [condition(verificationStatus="entered-in-error")])),
        "not_done": said({"resourceType": "Immunization", "id": "i2", "status": "completed", "notGiven": True, "date": "2026-10-10",
                          "primarySource": True, "vaccineCode": {"text": FACT}, "patient": P}, name="immunisations"),
        "planned": said(PLANNED),
        "family": No("GP Connect has no resource for it; one that comes all the same is listed as not carried"),
        "superseded": in_turn(("problems", [condition()]), ("problems", [condition(code={"text": LATER}) | {"id": "c2"}])),
        "none_known": said(allergy(code=NONE_KNOWN), name="allergies"),
        "none_known_itself": said(allergy(code=NONE_KNOWN), allergy(which="a2"), name="allergies"),
        "gone": in_turn(("allergies", [allergy()]), ("allergies", [allergy(LATER, "a2")])),
        "sensitive": said(condition(code=SENSITIVE_CODE), name="problems"),
        "sensitive_allergy": said(allergy(code=SENSITIVE_CODE), name="allergies"),
        "value": said(REPORT, OBSERVATION, name=None),
        "medicine": said(MEDICINE, COURSE, name="medications"),
        "cut": said(LETTER),
        "place": lambda person: [bundle(type(person)(person.number, address=HIDDEN), [condition()], "problems", ods)],
    }


DISSENT = json.dumps({"resourceType": "OperationOutcome", "issue": [{
    "severity": "error", "code": "forbidden", "details": {"coding": [{
        "system": f"{ROOT}/CodeSystem/Spine-ErrorOrWarningCode-1", "code": "NO_PATIENT_CONSENT"}]}}]}).encode()
PUSHED = {
    **says("Z99001"),
    "refusal": No("a refusal of consent is an answer, which names nobody: pushed without a patient it is refused",
                  ("PrimaryAdapter.DissentIsNeverTakenForAnEmptyRecord",)),
    "others_refusal": No("NO_PATIENT_CONSENT does not say whose word it is"),
}
_ONE_ANSWER = No("an answer is the whole of what the practice holds at that moment, and is kept nowhere: there is no earlier one",
                 ("Live.test_what_the_practice_sent_before_is_replaced_in_this_view", "Live.test_nothing_of_a_live_answer_stays_behind"))
LIVE = {
    **says("Z99002"),
    "in_error": lambda person: [bundle(person, [condition(verificationStatus="entered-in-error")], "problems", "Z99002")],
    "superseded": _ONE_ANSWER,
    "gone": _ONE_ANSWER,
    "refusal": No("the practice answers with a refusal in the place of a record",
                  ("Live.test_dissent_is_withheld_by_the_source_and_never_none_held",)),
    "others_refusal": No("NO_PATIENT_CONSENT does not say whose word it is"),
}
