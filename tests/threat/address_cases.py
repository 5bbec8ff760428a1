"""T33: addresses wherever a format has a place for one: where a reader might fetch a picture, a letter, a document's home.

`cases(bait)` gives (feed, name, message); each is a whole message that is taken.
"""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "path"))
from told import contribution, hl7, itk3, prsb, r4, stu3, tables  # noqa: E402
from told.person import Person  # noqa: E402

PEOPLE = iter(range(10**6))


def _r4_resources(address):
    attachment = {"contentType": "application/pdf", "url": address, "title": "Letter"}
    yield {"resourceType": "DocumentReference", "id": "d", "status": "current", "subject": r4.P, "masterIdentifier": {"system": address, "value": "1"},
           "content": [{"attachment": attachment}], "context": {"related": [{"reference": address}]}}
    yield {"resourceType": "Media", "id": "m", "status": "completed", "subject": r4.P, "content": attachment}
    yield {"resourceType": "DiagnosticReport", "id": "r", "status": "final", "subject": r4.P, "code": {"coding": [{"system": address, "code": "1"}]},
           "presentedForm": [attachment], "result": [{"reference": address}], "extension": [{"url": address, "valueUri": address}]}
    yield {"resourceType": "CarePlan", "id": "c", "status": "active", "intent": "plan", "subject": r4.P, "instantiatesUri": [address],
           "instantiatesCanonical": [address], "implicitRules": None, "contributor": [{"reference": address, "type": "Practitioner"}]}


def _stu3_resources(address):
    attachment = {"contentType": "application/pdf", "url": address}
    yield {"resourceType": "DocumentReference", "id": "d", "status": "current", "subject": stu3.P, "indexed": "2026-11-20T09:00:00Z",
           "type": {"text": "Letter"}, "content": [{"attachment": attachment}], "author": [{"reference": address}]}
    yield {**stu3.condition(), "asserter": {"reference": address}, "code": {"coding": [{"system": address, "code": "1", "display": "x"}]}}


def _messages(person, address):
    """(feed, what, message)."""
    pointer = address.replace("\\", "\\E\\").replace("&", "\\T\\")
    yield "moorland-pas", "HL7 v2", hl7.message(person, "MDM^T02", hl7.LETTER.format(id="D-1", parent=""),
                                              f"OBX|1|RP|^Image||{pointer}^IM^PDF||||||F", f"OBX|2|TX|^Letter||{pointer}||||||F")
    for resource in _stu3_resources(address):
        yield "bridge-gp", f"STU3 {resource['resourceType']}", stu3.bundle(person, [resource])
        yield "district-nursing", f"ITK3 {resource['resourceType']}", itk3.said(resource)(person)[0]
    for resource in _r4_resources(address):
        told = {name: value for name, value in resource.items() if value is not None}
        for name, write in (("R4", r4.collected), ("R4 XML", r4.collected_in_xml), ("R4 message", r4.messaged), ("BaRS", r4.barred)):
            yield "district-nursing", f"{name} {resource['resourceType']}", write(person, [told])
    yield "tyneside-council", "CLD", tables.table(tables.cld_row(person, Event_Description=address))
    yield "tyneside-council", "PRSB local authority", prsb.message(
        person, "Local authority information", "ZL1", Alerts={"Alerts record entry": [{"Alert": address}]},
        Professional_contacts={"Professional contacts record entry": [{"Name": "J", "Contact details": address}]})
    yield "hearth-sheet", "sheet", tables.table(tables.sheet_row(person, What=address, Details=address, Place=address, Email=address))
    yield "hearth-sheet", "PRSB social prescribing", prsb.message(
        person, "Social prescribing", "LOCALHEARTH", Signpost_details={"Signpost record entry": [{"Signposted to": address}]})
    record = contribution.RECORD
    page = f'<html><base href="{address}"><img src="{address}"><script src="{address}"></script></html>'.encode()
    yield "dale-befriending", "canonical", contribution.message(person, [
        ("a", contribution.entry(text=address, what=record.Coded(text=address, codings=[record.Coding(system=address, code="1")]))),
        ("b", contribution.entry("DOCUMENTS", "DOCUMENT", document=record.Document(media_type="text/html", title=address, content=page)))])


def cases(bait, number):
    for address in bait.addresses():
        person = Person(number(next(PEOPLE)))
        for feed, what, message in _messages(person, address):
            yield feed, f"{what}: {address}", message
