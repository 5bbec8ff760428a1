"""Contributions, as an adapter outside the process makes them: of LOCALFRIENDS."""

import itertools

from told.person import FACT, HIDDEN, LATER, PDF_THAT_WAS_CUT, SENSITIVE, TRIAL_CODES
from trial import PB

SENDER = "LOCALFRIENDS"
_numbers = itertools.count(1)
RECORD, MADE = PB["record"], PB["contribution"]


def entry(section="PROBLEMS", kind="PROBLEM", text=FACT, status="ACTIVE", verification="CONFIRMED", **more):
    what = more.pop("what", RECORD.Coded(text=text))
    return RECORD.Entry(section=getattr(RECORD, f"SECTION_{section}"), kind=getattr(RECORD, f"ENTRY_KIND_{kind}"),
                        status=getattr(RECORD, f"CLINICAL_STATUS_{status}"), verification=getattr(RECORD, f"VERIFICATION_{verification}"),
                        subject=getattr(RECORD, "ENTRY_SUBJECT_" + more.pop("subject", "PATIENT")),
                        intent=getattr(RECORD, "INTENT_" + more.pop("intent", "UNSTATED")), what=what, **more)


def message(person, drafts=(), control=None, **more):
    """drafts: (source key, entry)."""
    made = MADE.Contribution()
    made.header.control_id, made.header.event, made.header.sender = control or f"C{next(_numbers)}", "record", SENDER
    patient = made.patients.add(**more)
    patient.patient.CopyFrom(MADE.PatientClaim(
        nhs_number=person.number, birth_date=person.born, tracing=MADE.NHS_NUMBER_TRACING_VERIFIED,
        names={"names": [{"family": person.family, "given": person.given}]}, addresses={"addresses": [{"lines": [person.address]}]},
        local_identifiers=[{"authority": SENDER, "type": "MEMBER", "value": person.local}]))
    for key, said in drafts:
        patient.drafts.add(source_key=key).entry.CopyFrom(said)
    return made.SerializeToString()


def said(*entries, **more):
    return lambda person: [message(person, [(f"k{n}", each) for n, each in enumerate(entries)], **more)]


def in_turn(*steps):
    return lambda person: [message(person, drafts, **more) for drafts, more in steps]


def choice(answer, by):
    return [MADE.PreferenceClaim(kind=MADE.PREFERENCE_KIND_SHARE_DETAILED_RECORD, answer=getattr(MADE, f"PREFERENCE_ANSWER_{answer}"),
                                 place="column consent", by=getattr(MADE, f"PREFERENCE_BY_{by}"), key="choice")]


NONE = [MADE.SectionStatement(section=RECORD.SECTION_ALLERGIES, saying=MADE.SECTION_SAYING_NONE_KNOWN, text="None known")]
CODED = RECORD.Coded(text=FACT, codings=[RECORD.Coding(system=TRIAL_CODES, code=SENSITIVE)])
PLAN = {"section": "CARE_AND_SUPPORT_PLAN", "kind": "STATEMENT"}
SAYS = {
    "plain": said(entry()),
    "ended": said(entry(status="ACTIVE", ended=RECORD.When(original="2015-01-01"))),
    "refuted": said(entry(verification="REFUTED")),
    "in_error": in_turn(([("k", entry())], {}), ([("k", entry(verification="ENTERED_IN_ERROR"))], {})),
    "not_done": said(entry("VACCINATIONS", "VACCINATION", status="UNSTATED", intent="NOT_DONE")),
    "planned": said(entry("PROCEDURES", "PROCEDURE", status="PLANNED", intent="PLANNED")),
    "family": said(entry(subject="FAMILY")),
    "superseded": in_turn(([("old", entry(**PLAN))], {}), ([("new", entry(**PLAN, text=LATER))], {"withdrawn_keys": ["old"]})),
    "none_known": said(statements=NONE),
    "none_known_itself": said(entry("ALLERGIES", "ALLERGY"), statements=NONE),
    "gone": in_turn(([("a", entry("ALLERGIES", "ALLERGY"))], {}), ([], {"withdrawn_keys": ["a"]})),
    "sensitive": said(entry(what=CODED)),
    "sensitive_allergy": said(entry("ALLERGIES", "ALLERGY", what=CODED)),
    "value": said(entry("INVESTIGATION_RESULTS", "OBSERVATION", status="COMPLETED", intent="DONE", value=RECORD.Value(
        original="<9.50 g/dL", number="9.50", comparator="<", unit="g/dL", reference_range="11.5 - 16.5", interpretation="L"))),
    "medicine": said(entry("MEDICATIONS", "MEDICATION", status="STOPPED", status_original="stopped")),
    "cut": said(entry("DOCUMENTS", "DOCUMENT", document=RECORD.Document(media_type="application/pdf", title=FACT, content=PDF_THAT_WAS_CUT))),
    "place": said(entry("PERSONAL_CONTACTS", "CONTACT", contacts=[{"name": "Severa", "addresses": [{"lines": [HIDDEN]}]}])),
    "refusal": said(entry(), preferences=choice("DISSENT", "PERSON")),
    "others_refusal": said(entry(), preferences=choice("DISSENT", "SOMEBODY_ELSE")),
}
