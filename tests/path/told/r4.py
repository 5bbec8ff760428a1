"""UK Core FHIR R4 of the community trust ZC1, as a bundle (JSON and XML), a message, a document, and as BaRS."""

import base64
import itertools
import json
import uuid
import xml.sax.saxutils

from told.person import FACT, HIDDEN, LATER, PDF_THAT_WAS_CUT, SENSITIVE, TRIAL_CODES, No

NHS = "https://fhir.nhs.uk/Id/nhs-number"
TRACED = {"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
          "valueCodeableConcept": {"coding": [{"code": "01"}]}}
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
_numbers = itertools.count(1)
P = {"reference": "Patient/1"}  # as it is written until it is known who it is


def patient(person):
    return {"resourceType": "Patient", "id": "1", "identifier": [{"extension": [TRACED], "system": NHS, "value": person.number}],
            "name": [{"family": person.family, "given": [person.given]}], "birthDate": person.born, "address": [{"line": [person.address]}]}


def organisation(code="ZC1"):
    return {"resourceType": "Organization", "id": "o1", "identifier": [{"system": ODS, "value": code}]}


def bundle(kind, resources, **more):
    return {"resourceType": "Bundle", "type": kind, "id": f"b{next(_numbers)}", **more,
            "entry": [each if "resource" in each or "request" in each else {"resource": each} for each in resources]}


def of(person, written):
    """One server keeps them all: each has an id of its own there."""
    written = written.replace('"Patient/1"', f'"Patient/{person.local}"')
    return written.replace('"resourceType": "Patient", "id": "1"', f'"resourceType": "Patient", "id": "{person.local}"').replace(
        '<Patient><id value="1"/>', f'<Patient><id value="{person.local}"/>').encode()


def to_json(tree):
    return json.dumps(tree)


# The order of the elements that are used here, by FHIR's rules for XML.
ORDER = ["id", "meta", "extension", "identifier", "type", "timestamp", "entry", "fullUrl", "resource", "request", "method", "url"]


def to_xml(tree):
    def element(name, value):
        if isinstance(value, dict) and "resourceType" in value:
            inner = write(value)
            return f"<{name}>{inner}</{name}>" if name else inner
        if isinstance(value, dict):
            url = f" url={xml.sax.saxutils.quoteattr(value['url'])}" if name == "extension" else ""
            members = {k: v for k, v in value.items() if not (url and k == "url")}
            return f"<{name}{url}>{inside(members)}</{name}>"
        if isinstance(value, list):
            return "".join(element(name, each) for each in value)
        if name == "div":
            return value
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return f"<{name} value={xml.sax.saxutils.quoteattr(text)}/>"

    def inside(members):
        names = sorted(members, key=lambda n: (n != "extension", ORDER.index(n) if n in ORDER else len(ORDER)))
        return "".join(element(name, members[name]) for name in names)

    def write(resource, xmlns=""):
        kind = resource["resourceType"]
        return f"<{kind}{xmlns}>{inside({k: v for k, v in resource.items() if k != 'resourceType'})}</{kind}>"

    return ('<?xml version="1.0" encoding="UTF-8"?>' + write(tree, ' xmlns="http://hl7.org/fhir"'))


def collected(person, resources, kind="collection", write=to_json):
    return of(person, write(bundle(kind, [patient(person), organisation(), *resources])))


def collected_in_xml(person, resources, kind="collection"):
    return collected(person, resources, kind, to_xml)


def messaged(person, resources):
    """With a header that says who sends it and what it is about."""
    focus = next((r for r in resources if "resourceType" in r), None)
    header = {"resourceType": "MessageHeader", "id": f"mh{next(_numbers)}", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/ITK-MessageEvent-2", "code": "ITK007C"},
              "sender": {"reference": "Organization/o1"}, "source": {"endpoint": "urn:nhs-uk:addressing:ods:ZC1"},
              "focus": [{"reference": f"{focus['resourceType']}/{focus['id']}"}] if focus else []}
    return of(person, to_json(bundle("message", [header, patient(person), organisation(), *resources], timestamp="2026-11-20T10:00:00Z")))


def composition(number, sections, version=1, **more):
    return {"resourceType": "Composition", "id": f"cmp{number}", "status": "final", "subject": P, "title": "Summary",
            "identifier": {"system": "https://tools.ietf.org/html/rfc4122", "value": f"doc-{number}"},
            "type": {"coding": [{"system": "http://snomed.info/sct", "code": "373942005"}]}, "date": f"2026-02-0{version}T15:00:00Z",
            "author": [{"reference": "Organization/o1"}], "custodian": {"reference": "Organization/o1"}, "section": sections, **more}


def words(title, text):
    return {"title": title, "text": {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'}}


def document(person, first, resources, version=1):
    return of(person, to_json(bundle("document", [first, patient(person), organisation(), *resources], timestamp=f"2026-02-0{version}T15:00:00Z")))


def documented(person, resources):
    number = next(_numbers)
    section = {"title": "What is so", "entry": [{"reference": f"{r['resourceType']}/{r['id']}"} for r in resources]}
    return document(person, composition(number, [section]), resources)


def barred(person, resources, control=None, code="servicerequest-request", focus=None, author="ZC1"):
    """BaRS: resources have no ids, and are known by their entries' addresses."""
    def url(of):
        return "urn:uuid:" + str(uuid.uuid5(uuid.NAMESPACE_OID, of))

    def renamed(value):
        if isinstance(value, dict):
            return {k: url(v) if k == "reference" else renamed(v) for k, v in value.items() if k != "id"}
        return [renamed(each) for each in value] if isinstance(value, list) else value

    asked = focus or {"resourceType": "ServiceRequest", "id": "sr", "status": "active", "intent": "order", "subject": P,
                      "category": [{"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest", "code": "referral"}]}]}
    header = {"resourceType": "MessageHeader", "id": "mh", "eventCoding": {"system": "https://fhir.nhs.uk/CodeSystem/message-events-bars", "code": code},
              "reason": {"coding": [{"system": "https://fhir.nhs.uk/CodeSystem/message-reason-bars", "code": "new" if control is None else control}]},
              "focus": [{"reference": f"{asked['resourceType']}/{asked['id']}"}], "sender": {"reference": "Organization/o1"},
              "source": {"endpoint": "https://sender.example/bars"}}
    entries = [{"fullUrl": url(f"{r['resourceType']}/{r['id']}"), "resource": renamed(r)}
               for r in (header, patient(person), organisation(author), *([] if asked in resources else [asked]), *resources)]
    return of(person, to_json({"resourceType": "Bundle", "id": f"bars-{next(_numbers)}", "meta": {"versionId": "1.4.0"}, "type": "message",
                    "timestamp": "2026-11-20T10:00:00Z", "entry": entries}))


def condition(code=None, **more):
    return {"resourceType": "Condition", "id": "c1", "clinicalStatus": {"coding": [{"code": "active"}]}, "subject": P,
            "code": code or {"text": FACT}, **more}


def allergy(text=FACT, which="a1", **more):
    return {"resourceType": "AllergyIntolerance", "id": which, "clinicalStatus": {"coding": [{"code": "active"}]}, "patient": P,
            "code": {"text": text}, **more}


def verified(*codes):
    return {"verificationStatus": {"coding": [{"code": code} for code in codes]}}


def plan(which, text, **more):
    return {"resourceType": "CarePlan", "id": which, "status": "active", "intent": "plan", "subject": P, "title": text, **more}


def consent(**more):
    return {"resourceType": "Consent", "id": "k1", "status": "active", "patient": P, "scope": {"coding": [{"code": "patient-privacy"}]},
            "category": [{"coding": [{"code": "INFA"}]}], "policyRule": {"coding": [{"code": "OPTOUT"}]},
            "provision": {"type": "deny"}, "dateTime": "2026-11-01", **more}


SENSITIVE_CODE = {"coding": [{"system": TRIAL_CODES, "code": SENSITIVE, "display": FACT}]}
NONE_KNOWN = {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}]}
VALUE = {"resourceType": "Observation", "id": "hb", "status": "final", "category": [{"coding": [{"code": "laboratory"}]}], "subject": P,
         "code": {"text": FACT}, "valueQuantity": {"value": 9.5, "comparator": "<", "unit": "g/dL", "code": "g/dL"},
         "interpretation": [{"coding": [{"code": "L", "display": "L"}]}],
         "referenceRange": [{"low": {"value": 11.5, "unit": "g/dL"}, "high": {"value": 16.5, "unit": "g/dL"}}]}
RELATIVE = {"resourceType": "FamilyMemberHistory", "id": "f1", "status": "completed", "patient": P, "relationship": {"text": "mother"},
            "condition": [{"code": {"text": FACT}}]}
NOT_GIVEN = {"resourceType": "Immunization", "id": "i1", "status": "not-done", "patient": P, "vaccineCode": {"text": FACT}, "occurrenceDateTime": "2026-10-10"}
WANTED = {"resourceType": "ServiceRequest", "id": "w1", "status": "active", "intent": "plan", "subject": P, "code": {"text": FACT}}
STOPPED = {"resourceType": "MedicationStatement", "id": "m1", "status": "stopped", "subject": P, "medicationCodeableConcept": {"text": FACT},
           "effectivePeriod": {"start": "2026-01-01"}}
LETTER = {"resourceType": "DocumentReference", "id": "dr1", "status": "current", "subject": P, "type": {"text": FACT},
          "content": [{"attachment": {"contentType": "application/pdf", "title": FACT, "data": base64.b64encode(PDF_THAT_WAS_CUT).decode()}}]}
NEXT_OF_KIN = {"resourceType": "RelatedPerson", "id": "rp1", "patient": P, "active": True, "name": [{"family": "Severa"}],
               "relationship": [{"text": "father"}], "address": [{"line": [HIDDEN]}]}
DELETED = {"request": {"method": "DELETE", "url": "AllergyIntolerance/a1"}}


def says(write):
    """What is the same in every wrapper. Each step is the resources of one message."""
    def said(*resources):
        return lambda person: [write(person, list(resources))]

    def in_turn(*steps):
        return lambda person: [write(person, list(resources)) for resources in steps]

    return {
        "plain": said(condition()),
        "ended": said(condition(abatementDateTime="2015")),
        "refuted": said(allergy(**verified("DISPROVED", "refuted"))),
        "in_error": in_turn([condition()], [condition(**verified("entered-in-error"))]),
        "not_done": said(NOT_GIVEN),
        "planned": said(WANTED),
        "family": said(RELATIVE),
        "superseded": in_turn([plan("p1", FACT)], [plan("p2", LATER, replaces=[{"reference": "CarePlan/p1"}])]),
        "none_known": said(allergy(code=NONE_KNOWN)),
        "none_known_itself": said(allergy(code=NONE_KNOWN), allergy(which="a2")),
        "gone": No("a message or collection deletes nothing: what it leaves out stays as it was"),
        "sensitive": said(condition(code=SENSITIVE_CODE)),
        "sensitive_allergy": said(allergy(code=SENSITIVE_CODE)),
        "value": said(VALUE),
        "medicine": said(STOPPED),
        "cut": said(LETTER),
        "place": said(NEXT_OF_KIN),
        "refusal": said(condition(), consent()),
        "others_refusal": said(condition(), consent(performer=[{"display": "Ex-husband"}])),
    }


def _gone(write):
    return lambda person: [write(person, [allergy()]), write(person, [DELETED], "transaction")]


JSON = {**says(collected), "gone": _gone(collected)}
XML = {**says(collected_in_xml), "gone": _gone(collected_in_xml)}
MESSAGE = says(messaged)


def _two_versions(sections, later):
    def send(person):
        number = next(_numbers)
        return [document(person, composition(number, sections), []), document(person, composition(number, later, 2), [], 2)]
    return send


def _allergy_left_out(person):
    number = next(_numbers)
    held = {"title": "Allergies and adverse reactions", "entry": [{"reference": "AllergyIntolerance/a1"}]}
    return [document(person, composition(number, [held]), [allergy()]),
            document(person, composition(number, [words("Plan", LATER)], 2), [], 2)]


DOCUMENT = {
    **says(documented),
    "superseded": _two_versions([words("Resuscitation status", FACT)], [words("Plan", LATER)]),
    "gone": _allergy_left_out,
}
BARS = {
    **says(barred),
    "in_error": lambda person: [barred(person, [{**WANTED, "intent": "order"}], focus={**WANTED, "intent": "order"}),
                                barred(person, [{**WANTED, "intent": "order", "status": "entered-in-error"}], "update",
                                       focus={**WANTED, "intent": "order", "status": "entered-in-error"})],
}
