"""ITK3 messages of FHIR STU3 (Transfer of Care, GP Connect's Update Record) of the community trust ZC1: a document within a message."""

import itertools
import json

from told import stu3
from told.person import FACT, HIDDEN, LATER, No

ROOT = stu3.ROOT
P = stu3.P
_numbers = itertools.count(1)


def profiled(resource, profile):
    return {**resource, "meta": {"profile": [f"{ROOT}/StructureDefinition/{profile}"]}}


def composition(number, sections, version):
    return {"resourceType": "Composition", "id": f"cmp{number}v{version}", "status": "final", "subject": P, "title": "Summary",
            "identifier": {"system": "https://tools.ietf.org/html/rfc4122", "value": f"itk3-{number}"},
            "type": {"coding": [{"system": "http://snomed.info/sct", "code": "373942005"}]}, "date": f"2026-02-0{version}T15:00:00Z",
            "author": [{"reference": "Organization/o1"}], "section": sections}


def message(person, resources, number, version=1, sections=None):
    listed = [{"title": "What is so", "entry": [{"reference": f"{r['resourceType']}/{r['id']}"} for r in resources]}]
    document = profiled({"resourceType": "Bundle", "id": f"doc{number}v{version}", "type": "document", "entry": [{"resource": each} for each in (
        composition(number, listed if sections is None else sections, version), *stu3.patient(person, "ZC1"), *resources)]},
        "ITK-Document-Bundle-1")
    sender = {"resourceType": "Organization", "id": "sender", "identifier": [
        {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "ZC1"}]}
    header = profiled({"resourceType": "MessageHeader", "id": f"mh{number}v{version}", "event": {"system": f"{ROOT}/CodeSystem/ITK-MessageEvent-2", "code": "ITK014M"},
                       "timestamp": "2026-11-20T10:00:00Z", "sender": {"reference": "Organization/sender"},
                       "source": {"endpoint": "MAILBOX"}, "focus": [{"reference": f"Bundle/{document['id']}"}]}, "ITK-MessageHeader-2")
    return json.dumps(profiled({"resourceType": "Bundle", "type": "message", "id": f"itk3-{number}-{version}",
                                "entry": [{"resource": each} for each in (header, sender, document)]}, "ITK-Message-Bundle-1")).encode()


def said(*resources):
    return lambda person: [message(person, resources, next(_numbers))]


def in_turn(*steps):
    def send(person):
        number = next(_numbers)
        return [message(person, resources, number, version) for version, resources in enumerate(steps, 1)]
    return send


def _two_versions(first, then):
    def send(person):
        number = next(_numbers)
        return [message(person, [], number, version, [{"title": title, "text": {
            "status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'}}])
            for version, (title, text) in enumerate((first, then), 1)]
    return send


def consent(**more):
    return {"resourceType": "Consent", "id": "k1", "status": "active", "patient": P, "dateTime": "2026-11-01",
            "policyRule": "http://hl7.org/fhir/ConsentPolicy/opt-out", "except": [{"type": "deny"}], **more}


RELATIVE = {"resourceType": "FamilyMemberHistory", "id": "f1", "status": "completed", "patient": P, "relationship": {"text": "mother"},
            "condition": [{"code": {"text": FACT}}]}
NOT_GIVEN = {"resourceType": "Immunization", "id": "i2", "status": "completed", "notGiven": True, "date": "2026-10-10",
             "primarySource": True, "vaccineCode": {"text": FACT}, "patient": P}
NEXT_OF_KIN = {"resourceType": "RelatedPerson", "id": "rp1", "patient": P, "active": True, "name": [{"family": "Severa"}],
               "relationship": {"text": "father"}, "address": [{"line": [HIDDEN]}]}

SAYS = {
    "plain": said(stu3.condition()),
    "ended": said(stu3.condition(abatementDateTime="2015-01-01")),
    "refuted": said(stu3.condition(verificationStatus="refuted")),
    "in_error": in_turn([stu3.condition()], [stu3.condition(verificationStatus="entered-in-error")]),
    "not_done": said(NOT_GIVEN),
    "planned": said(stu3.PLANNED),
    "family": said(RELATIVE),
    "superseded": _two_versions(("Resuscitation status", FACT), ("Plan", LATER)),
    "none_known": said(stu3.allergy(code=stu3.NONE_KNOWN)),
    "none_known_itself": said(stu3.allergy(code=stu3.NONE_KNOWN), stu3.allergy(which="a2")),
    "gone": in_turn([stu3.allergy()], [stu3.condition(code={"text": LATER})]),
    "sensitive": said(stu3.condition(code=stu3.SENSITIVE_CODE)),
    "sensitive_allergy": said(stu3.allergy(code=stu3.SENSITIVE_CODE)),
    "value": said(stu3.REPORT, stu3.OBSERVATION),
    "medicine": said(stu3.MEDICINE, stu3.COURSE),
    "cut": said(stu3.LETTER),
    "place": said(NEXT_OF_KIN),
    "refusal": said(stu3.condition(), consent()),
    "others_refusal": No("what a Consent of STU3 says is not read: whoever it is, an officer is asked",
                         ("Stu3Message.AConsentIsAskedAbout",)),
}
