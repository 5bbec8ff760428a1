"""HL7 v2, of the trust ZT2."""

import base64
import itertools

from told.person import FACT, HIDDEN, LATER, PDF_THAT_WAS_CUT, SENSITIVE, TRIAL_CODES, No

SENDER = "ZT2"
_numbers = itertools.count(1)


def message(person, event, *segments, control=None):
    control = control or f"T{next(_numbers)}"
    pid = [""] * 33
    pid[1] = "1"
    pid[3] = f"{person.number}^^^NHS^NH~{person.local}^^^{SENDER}^MR"
    pid[5] = f"{person.family.upper()}^{person.given.upper()}^^^^^L"
    pid[7], pid[8], pid[11], pid[32] = person.born_hl7, "F", f"{person.address}^^Wallsend^^ZZ1 1ZZ^^H", "NSTS01"
    header = f"MSH|^~\\&|PAS|{SENDER}|MILECASTLE|GATEWAY|20261121190000||{event}|{control}|P|2.6"
    return "\r".join([header, "PID|" + "|".join(pid[1:]), *segments, ""]).encode()


def problem(text, number="P-1", action="AD", confirmation="", status="Active", code=""):
    return f"PRB|{action}|20261120|{code or '^' + text}|{number}^EPR|||||||||{confirmation}|{status}"


def said(*segments, event="PPR^PC1"):
    return lambda person: [message(person, event, *segments)]


def allergy(text, number=1):
    return f"AL1|{number}|DA|^{text}|SV"


def in_turn(*steps):
    """(event, segments) of each message."""
    return lambda person: [message(person, event, *segments) for event, segments in steps]


LETTER = "TXA|1|CL^Care plan|TX|20261121|||||||||{id}^EDMS|{parent}||||AU"
SAYS = {
    "plain": said(problem(FACT)),
    "ended": said(problem(FACT, action="UP", status="Resolved")),
    "refuted": said(problem(FACT, action="CO", confirmation="Ruled out")),
    "in_error": in_turn(("PPR^PC1", [problem(FACT)]), ("PPR^PC2", [problem(FACT, action="CO", confirmation="Entered in error")])),
    "not_done": said("ORC|RE||F3^VAX", f"RXA|0|1|20261121|20261121|^{FACT}|999" + "|" * 14 + "NA|A", event="VXU^V04"),
    "planned": said("ORC|NW|O1", f"OBR|1|O1||SCAN^{FACT}^L", event="ORM^O01"),
    "family": No("no segment of the events that are read holds a family history"),
    "superseded": in_turn(
        ("MDM^T02", [LETTER.format(id="DOC-1", parent=""), f"OBX|1|TX|^Plan||{FACT}||||||F"]),
        ("MDM^T10", [LETTER.format(id="DOC-2", parent="DOC-1^EDMS"), f"OBX|1|TX|^Plan||{LATER}||||||F"])),
    "none_known": said("AL1|1||^No Known Allergies", event="ADT^A31"),
    "none_known_itself": said("AL1|1||^No Known Allergies", allergy(FACT, 2), event="ADT^A31"),
    "gone": in_turn(("ADT^A31", [allergy(FACT)]), ("ADT^A31", ['AL1|1|DA|""'])),
    "sensitive": said(problem(FACT, code=f"{SENSITIVE}^{FACT}^{TRIAL_CODES}")),
    "sensitive_allergy": said(f"AL1|1|DA|{SENSITIVE}^{FACT}^{TRIAL_CODES}|SV", event="ADT^A31"),
    "value": said("ORC|RE|P55^EPR|F66^LIMS||CM", "OBR|1|P55^EPR|F66^LIMS|UE^Urea^L|||20261122081000|||||||||||||||20261122100000||BCH|F",
                  f"OBX|1|SN|HB^{FACT}^L||<^9.50|g/dL|11.5 - 16.5|L|||F", event="ORU^R01"),
    "medicine": in_turn(("OMP^O09", ["ORC|NW|RX1^PAS", f"RXO|X^{FACT}^L|500||mg"]), ("OMP^O09", ["ORC|DC|RX1^PAS", f"RXO|X^{FACT}^L|500||mg"])),
    "cut": said(LETTER.format(id="DOC-3", parent=""),
                f"OBX|1|ED|^{FACT}||EDMS^application^pdf^Base64^{base64.b64encode(PDF_THAT_WAS_CUT).decode()}||||||F", event="MDM^T02"),
    "place": said("PV1|1|O", f"NK1|1|SEVERA^JULIA|FTH^Father|{HIDDEN}^^Wallsend", event="ADT^A31"),
    "refusal": said("PV1|1|O", f"DG1|1||C1^{FACT}^L||20261121|A", "ZU8||2|No|0", event="ADT^A31"),
    "others_refusal": No("ZU8 does not say whose word it is"),
}
