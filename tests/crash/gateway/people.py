"""Made-up people and what is said of them: as many as a test needs, each message with a finding of its own."""

import dataclasses
import json

from trial import SOURCE, admission, person_segment

BORN, FAMILY = "1962-07-13", "Hadrian"


@dataclasses.dataclass(frozen=True)
class Message:
    feed: str
    control: str
    number: str
    finding: str  # what a view shows once for this message, and for no other
    data: bytes
    others: tuple = ()  # (number, finding) of everybody else whom it speaks of

    def shown(self):
        """Each person's number, and what their view shows once."""
        return ((self.number, self.finding), *self.others)


def finding(control, number, event="A31", more=()):
    """A hospital's message with one diagnosis, and what follows it."""
    text = f"Finding {control}"
    data = admission(control, event=event, person=person_segment(number, local=f"Q{number}"),
                     more=(f"DG1|1||{control}^^L|{text}|20261121|A", *more))
    return Message("quayside-pas", control, number, text, data.encode())


def joint_results(control, numbers):
    """A laboratory's message that speaks of several people, with a report for each."""
    shown = [(number, f"Finding {control} of {at}") for at, number in enumerate(numbers)]
    lines = [f"MSH|^~\\&|LIMS|ZT1|MILECASTLE|GATEWAY|20261121190000||ORU^R01|{control}|P|2.4"]
    for number, text in shown:
        lines += [person_segment(number, local=f"Q{number}"), f"OBR|1||{control}|^{text}|||20261121"]
    return Message("quayside-pas", control, *shown[0], ("\r".join(lines) + "\r").encode(), tuple(shown[1:]))


_RECORD = json.loads((SOURCE / "deploy/trial/messages/gp-record.json").read_text())


def bulk(megabytes):
    """Notes that make a message so long; each is as long as a field may be read."""
    return ("NTE|1||" + "x" * 50_000,) * (megabytes * 20)


def practice_record(control, number):
    """A practice's whole record of a person, with one allergy."""
    text = f"Finding {control}"
    allergy = {"resourceType": "AllergyIntolerance", "id": f"a-{control}", "clinicalStatus": "active",
               "verificationStatus": "unconfirmed", "type": "allergy", "category": ["medication"],
               "code": {"coding": [{"system": "http://snomed.info/sct", "code": "91936005"}], "text": text},
               "assertedDate": "2005-06-07", "patient": {"reference": "Patient/p1"}}
    kept = [each for each in _RECORD["entry"]
            if each["resource"]["resourceType"] in ("Patient", "Organization", "Practitioner", "PractitionerRole")]
    bundle = {**_RECORD, "id": control, "entry": [*kept, {"resource": allergy}]}
    data = json.dumps(bundle).replace("9990000018", number)
    return Message("bridge-gp", control, number, text, data.encode())
