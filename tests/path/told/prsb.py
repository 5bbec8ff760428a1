"""PRSB's standards as JSON: local authority information of ZL1, social prescribing of LOCALHEARTH."""

import json

from told.person import FACT, HIDDEN, LATER, SENSITIVE, TRIAL_CODES, No


def message(person, standard, organisation, **headings):
    whose = {"Local authority": {"Organisation code": organisation}} if standard == "Local authority information" else {
        "Organisation": {"Organisation code": organisation}}
    return json.dumps({"Standard": standard, "Version": "1.1", **whose, "Person demographics": {
        "Person name": {"Person first name": person.given, "Person family name": person.family}, "Date of birth": person.born,
        "NHS number": person.number, "Other identifier": [person.local],
        "Person's address": {"Address line 1": person.address}},
        **{name.replace("_", " "): value for name, value in headings.items()}}).encode()


def says(standard, organisation):
    def said(*steps):
        return lambda person: [message(person, standard, organisation, **each) for each in steps]

    no_allergy = No("the standard has no heading for allergies")
    return {
        "plain": said({"Alerts": {"Alerts record entry": [{"Alert": FACT}]}}),
        "ended": said({"Services_and_care": {"Services and care record entry": [
            {"Social care package name": FACT, "Service start date": "2024-01-01", "Service end date": "2025-01-01", "Active": True}]}}),
        "refuted": No("the standard has no word for what was refuted"),
        "in_error": said({"Alerts": {"Alerts record entry": [{"Alert": FACT}, {"Alert": LATER}]}},
                         {"Alerts": {"Alerts record entry": [{"Alert": LATER}]}}),
        "not_done": No("the standard has no word for what was not done"),
        "planned": said({"Plan_and_requested_actions": {"Plan record entry": [{"Action": FACT}]}}),
        "family": No("what is said of somebody else stands among personal contacts, and is no problem"),
        "superseded": said({"Care_and_support_plan": {"Needs": FACT}}, {"Care_and_support_plan": {"Needs": LATER}}),
        "none_known": no_allergy, "none_known_itself": no_allergy, "gone": no_allergy,
        "sensitive": said({"Problem_list": {"Problem list record entry": [
            {"Problem": {"Coded value": {"system": TRIAL_CODES, "code": SENSITIVE, "display": FACT}}}]}}),
        "sensitive_allergy": no_allergy,
        "value": No("it has no measured value: a score is a detail of its assessment"),
        "medicine": No("the standard has no heading for medicines"),
        "cut": No("it holds no document: where one is kept is a detail"),
        "place": said({"Assessments": {"Assessments record entry": [{"Assessment type": FACT, "Location": {"Free text": HIDDEN}}]}}),
        "refusal": said({"Alerts": {"Alerts record entry": [{"Alert": FACT}]},
                         "Consent": {"Date": "2026-11-05", "Consent for information sharing": "Not given"}}),
        "others_refusal": No("the standard does not say whose word it is: what is not given waits for an officer"),
    }


LOCAL_AUTHORITY = says("Local authority information", "ZL1")
SOCIAL_PRESCRIBING = says("Social prescribing", "LOCALHEARTH")
