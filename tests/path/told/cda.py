"""CDA, of the community trust ZC1."""

import base64
import itertools

from told.person import FACT, HIDDEN, LATER, PDF_THAT_WAS_CUT, SENSITIVE, TRIAL_CODES, No

SNOMED = "2.16.840.1.113883.6.96"
_numbers = itertools.count(1)
DOCUMENT = """<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" classCode="DOCCLIN" moodCode="EVN">
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/><id root="0A0A0A0A-0000-4000-8000-{id:012X}"/>
<code code="823691000000103" codeSystem="2.16.840.1.113883.2.1.3.2.4.15" displayName="Clinical letter"/><title>Letter</title>
<effectiveTime value="{made}"/><setId root="0A0A0A0A-0000-4000-8001-{set:012X}"/><versionNumber value="{version}"/>
<recordTarget><patientRole><id root="2.16.840.1.113883.2.1.4.1" extension="{number}"/>
<addr use="HP"><streetAddressLine>{address}</streetAddressLine></addr><patient>
<name use="L"><given>{given}</given><family>{family}</family></name><birthTime value="{born}"/></patient></patientRole></recordTarget>
<custodian><assignedCustodian><representedCustodianOrganization><id root="2.16.840.1.113883.2.1.3.2.4.19.1" extension="ZC1"/>
</representedCustodianOrganization></assignedCustodian></custodian>{participants}{authorization}<component>{body}</component></ClinicalDocument>"""


def section(code, title, text, *entries):
    return (f'<component><section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/><title>{title}</title><text>{text}</text>'
            + "".join(f"<entry>{each}</entry>" for each in entries) + "</section></component>")


def body(*sections):
    return "<structuredBody>" + "".join(sections) + "</structuredBody>"


def document(person, content, version=1, number=None, participants="", authorization=""):
    own = next(_numbers)
    return DOCUMENT.format(id=own, set=number or own, version=version, made=f"2025010{version}", number=person.number, given=person.given,
                           family=person.family, born=person.born_hl7, address=person.address, body=content,
                           participants=participants, authorization=authorization).encode()


def concern(observation):
    return ('<act classCode="ACT" moodCode="EVN"><code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/>'
            f'<entryRelationship typeCode="SUBJ">{observation}</entryRelationship></act>')


def coded(text, code="99990101", system=SNOMED, inside="", name="value"):
    return f'<{name} xsi:type="CD" code="{code}" codeSystem="{system}" displayName="{text}">{inside}</{name}>'


def observation(value, which=1, negated="", more="", after=""):
    return (f'<observation classCode="OBS" moodCode="EVN"{negated}><id root="0A0A0A0A-0000-4000-8002-{which:012X}"/>'
            f'<code code="55607006" codeSystem="{SNOMED}" displayName="Problem"/><statusCode code="completed"/>{more}{value}{after}</observation>')


NEGATED = ' negationInd="true"'


def problems(*observations, text="See below"):
    return section("11450-4", "Problems", text, *(concern(each) for each in observations))


def allergies(*values, text="See below"):
    return section("48765-2", "Allergies", text, *(concern(observation(v, n)) for n, v in enumerate(values, 10)))


def said(*sections):
    return lambda person: [document(person, body(*sections))]


def versions(*contents):
    def send(person):
        number = next(_numbers) + 5000
        return [document(person, body(*sections), version, number) for version, sections in enumerate(contents, 1)]
    return send


def act(element, text, mood="EVN", negated="", status="completed", more="", product=False):
    what = (f'<consumable><manufacturedProduct><manufacturedMaterial>{coded(text, name="code")}</manufacturedMaterial></manufacturedProduct></consumable>'
            if product else coded(text, name="code"))
    first, last = ("", what) if product else (what, "")
    return f'<{element[0]} classCode="{element[1]}" moodCode="{mood}"{negated}>{first}<statusCode code="{status}"/>{more}{last}</{element[0]}>'


PROCEDURE, MEDICINE = ("procedure", "PROC"), ("substanceAdministration", "SBADM")
MOTHER = ('<organizer classCode="CLUSTER" moodCode="EVN"><statusCode code="completed"/><subject><relatedSubject classCode="PRS">'
          '<code code="MTH" codeSystem="2.16.840.1.113883.5.111" displayName="Mother"/></relatedSubject></subject><component>'
          + observation(coded(FACT)) + "</component></organizer>")
RESULT = ('<observation classCode="OBS" moodCode="EVN">' + coded(FACT, name="code") + '<statusCode code="completed"/>'
          '<value xsi:type="IVL_PQ"><high value="9.50" unit="g/dL" inclusive="false"/></value><interpretationCode code="L"/>'
          "<referenceRange><observationRange><text>11.5 to 16.5</text></observationRange></referenceRange></observation>")
ENDED = '<effectiveTime><low value="2010"/><high value="20150101"/></effectiveTime>'
REFUTED = (f'<qualifier><name code="408729009" codeSystem="{SNOMED}" displayName="Finding context"/>'
           f'<value code="410516002" codeSystem="{SNOMED}" displayName="Known absent"/></qualifier>')
SAYS = {
    "plain": said(problems(observation(coded(FACT)))),
    "ended": said(problems(observation(coded(FACT), more=ENDED))),
    "refuted": said(problems(observation(coded(FACT, inside=REFUTED)))),
    "in_error": versions([problems(observation(coded(FACT)))], [section("11450-4", "Problems", "None of note")]),
    "not_done": said(section("47519-4", "Procedures", "See below", act(PROCEDURE, FACT, negated=NEGATED))),
    "planned": said(section("47519-4", "Procedures", "See below", act(PROCEDURE, FACT, mood="INT", status="active"))),
    "family": said(section("10157-6", "Family history", "See below", MOTHER)),
    "superseded": versions([section("42348-3", "Resuscitation", FACT)], [section("18776-5", "Plan", LATER)]),
    "none_known": said(allergies(coded("No known allergy", "716186003"), text="None")),
    "none_known_itself": said(allergies(coded("No known allergy", "716186003"), coded(FACT))),
    "gone": versions([allergies(coded(FACT))], [section("18776-5", "Plan", LATER)]),
    "sensitive": said(problems(observation(coded(FACT, SENSITIVE, TRIAL_CODES)), text=FACT)),
    "sensitive_allergy": said(allergies(coded(FACT, SENSITIVE, TRIAL_CODES))),
    "value": said(section("30954-2", "Results", "See below", RESULT)),
    "medicine": said(section("10160-0", "Medications", "See below", act(MEDICINE, FACT, status="aborted", product=True))),
    "cut": lambda person: [document(person, f'<nonXMLBody><text mediaType="application/pdf" representation="B64">'
                                            f"{base64.b64encode(PDF_THAT_WAS_CUT).decode()}</text></nonXMLBody>")],
    "place": lambda person: [document(person, body(section("18776-5", "Plan", "Words")), participants=(
        '<participant typeCode="IND"><associatedEntity classCode="NOK"><code code="FTH" displayName="father"/>'
        f"<addr><streetAddressLine>{HIDDEN}</streetAddressLine></addr><associatedPerson><name><family>Severa</family></name>"
        "</associatedPerson></associatedEntity></participant>"))],
    "refusal": lambda person: [document(person, body(problems(observation(coded(FACT)))), authorization=(
        '<authorization><consent><code code="416409005" codeSystem="2.16.840.1.113883.2.1.3.2.4.15" displayName="Refused consent for upload '
        'to local shared electronic record"/><statusCode code="completed"/></consent></authorization>'))],
    "others_refusal": No("an authorisation does not say whose word it is: an officer asks"),
}
