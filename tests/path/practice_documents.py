"""A practice's GP Connect Access Document endpoint for tests: who the person is, which documents there are, and one of them.

`documents(**lies)` is a behaviour of provider.Provider. Each lie is one thing that a practice, or whoever stands in its
place, may answer wrongly; LIES names those with which nothing may be shown.
"""

import base64
import copy
import hashlib

from provider import RECORD, http, outcome, resource

PERSON_ID = "p-000000000000000000000000000000000000000000000000000000000001"
LETTER_ID = "C71B9A8D26CD43D99030F6C650879B37F99E26CAED3443679A1F95724162D7D6"  # as long as an id may be
LETTER = b"%PDF-1.4 marzipan-letter-5d2f of the practice\n%%EOF\n"
PAGE_ID, PAGE = "page-1", b"<html><script>alert(1)</script></html>"
SHA256 = hashlib.sha256(LETTER).hexdigest()


def searchset(*resources):
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]}


def patient(number="9990000018", born="1962-07-13", id=PERSON_ID, **more):
    made = copy.deepcopy(resource(RECORD, "Patient"))
    made.pop("managingOrganization", None)
    made["identifier"][0]["value"], made["birthDate"], made["id"] = number, born, id
    return {**made, **more}


def reference(binary=LETTER_ID, id="dr-1", subject=PERSON_ID, host="https://127.0.0.1:1/elsewhere", size=len(LETTER), **more):
    made = {"resourceType": "DocumentReference", "id": id, "status": "current", "indexed": "2026-10-01T10:00:00+00:00",
            "created": "2026-10-01", "type": {"text": "Outpatient letter"}, "description": "Cardiology",
            "identifier": [{"system": "https://fhir.nhs.uk/Id/cross-care-setting-identifier", "value": id}],
            "content": [{"attachment": {"contentType": "application/pdf", "url": f"{host}/Binary/{binary}", "size": size}}], **more}
    if subject:
        made["subject"] = {"reference": f"Patient/{subject}"}
    return made


def binary(id=LETTER_ID, content=LETTER, media="application/pdf", **more):
    return {"resourceType": "Binary", "id": id, "contentType": media, "content": base64.b64encode(content).decode(), **more}


def documents(found=None, listed=None, given=None, status="200 OK"):
    """A behaviour: `found`, `listed`, `given` are the resources that each question is answered with, or bytes."""
    def behave(provider, peer, asked):
        path = asked.line.split()[1].split("/STU3/1", 1)[1]
        if path.startswith("/Patient?"):
            said = searchset(patient()) if found is None else found
        elif "/DocumentReference?" in path:
            said = searchset(patient(), reference(), reference(PAGE_ID, "dr-2")) if listed is None else listed
        elif path.startswith("/Binary/"):
            page = binary(PAGE_ID, PAGE, "text/html")
            said = (page if path.endswith(PAGE_ID) else binary()) if given is None else given
        else:
            return peer.sendall(http(outcome("BAD_REQUEST"), "400 Bad Request"))
        peer.sendall(said if isinstance(said, bytes) else http(said, status if path.startswith("/Binary/") else "200 OK"))
    return behave


ANOTHER = "9990000026"
# name → (behaviour, how many questions it is worth at most): with none of them may a byte of the letter be shown.
LIES = {
    "finds another's number": (documents(found=searchset(patient(number=ANOTHER))), 1),
    "finds another birth date": (documents(found=searchset(patient(born="1962-07-14"))), 1),
    "finds two people": (documents(found=searchset(patient(), patient(number=ANOTHER, id="p-2"))), 1),
    "finds nobody": (documents(found=searchset()), 1),
    "calls the person a way up": (documents(found=searchset(patient(id=".."))), 1),
    "calls the person a path": (documents(found=searchset(patient(id="x/../../Binary/1"))), 1),
    "calls the person a query": (documents(found=searchset(patient(id="x?_id=y"))), 1),
    "lists another's documents": (documents(listed=searchset(patient(number=ANOTHER), reference())), 2),
    "lists another person under the same number": (documents(listed=searchset(patient(id="p-2"), reference(subject="p-2"))), 2),
    "lists somebody else's beside": (documents(listed=searchset(patient(), reference(subject="p-2"))), 2),
    "lists one of nobody": (documents(listed=searchset(patient(), reference(subject=None))), 2),
    "lists for no Patient": (documents(listed=searchset(reference())), 2),
    "lists another document": (documents(listed=searchset(patient(), reference("another-one"))), 2),
    "lists one that was an error": (documents(listed=searchset(patient(), reference(status="entered-in-error"))), 2),
    "lists an error and no more": (documents(listed=searchset(outcome("NO_PATIENT_CONSENT"))), 2),
    "lists as no FHIR": (documents(listed=http(b"<html>log in</html>")), 2),
    "gives another Binary": (documents(given=binary(id="another-one")), 3),
    "gives a Binary without an id": (documents(given={**binary(), "id": ""}), 3),
    "gives another type of resource": (documents(given={**binary(), "resourceType": "Patient"}), 3),
    "gives no base64": (documents(given={**binary(), "content": "!!!"}), 3),
    "gives nothing in it": (documents(given={**binary(), "content": ""}), 3),
    "gives more than is taken": (documents(given=binary(content=LETTER + b"x" * (1 << 21))), 3),
    "gives no FHIR": (documents(given=http(LETTER)), 3),
    "gives an error with the bytes": (documents(given=binary(), status="500 Internal Server Error"), 3),
    "sends it elsewhere": (documents(given=http(b"", "307 Temporary Redirect", ["Location: https://127.0.0.1:1/Binary/1"])), 3),
}
