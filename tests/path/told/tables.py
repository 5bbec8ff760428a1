"""Tables: Client Level Data of the council ZL1, and the sheet of the voluntary organisation LOCALHEARTH."""

import csv
import io

from told.person import FACT, HIDDEN, LATER, No


def table(*rows):
    columns = list(dict.fromkeys(name for each in rows for name in each))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def cld_row(person, **more):
    return {"LA_Code": "ZL1", "Reporting_Period_Start_Date": "2026-04-01", "Reporting_Period_End_Date": "2026-06-30",
            "NHS_Number": person.number, "LA_Person_Unique_Identifier": person.local, "Date_of_Birth": person.born,
            "First_Name": person.given, "Family_Name": person.family, "Client_Type": "Service user", "Event_Type": "Service",
            "Event_Start_Date": "2026-04-20", "Service_Type": "Long term support: Community", "Event_Description": FACT, **more}


def cld(*rows):
    return lambda person: [table(*(cld_row(person, **each) for each in rows))]


def sheet_row(person, **more):
    named = {name.replace("_", " "): value for name, value in more.items()}
    return {"Organisation": "LOCALHEARTH", "NHS number": person.number, "NHS number traced": "Yes", "Local id": person.local,
            "Family name": person.family, "Given names": person.given, "Date of birth": person.born, "Address": person.address,
            "Record type": "Problem", "Reference": "R-1", "Date": "2026-11-05", "What": FACT, "Status": "Active", **named}


def sheet(*rows):
    return lambda person: [table(*(sheet_row(person, **each) for each in rows))]


def in_turn(*steps):
    return lambda person: [message for step in steps for message in step(person)]


_NO_ALLERGY = No("it has no place for an allergy")
CODED = "What the mapping has a code for"  # house.py
_NO_VALUE = No("it has no measured value: a score is a number by itself")
_NO_DOCUMENT = No("it holds no document")
CLD = {
    "plain": cld({}),
    "ended": cld({"Event_End_Date": "2026-05-15"}),
    "refuted": No("a return has no word for what was refuted"),
    "in_error": No("a return has no word for what was entered in error: the next one leaves it out, and an officer of the council says so"),
    "not_done": No("a return has no word for what was not done: a request's outcome is told as a detail"),
    "planned": cld({"Event_Start_Date": "2026-12-01"}),
    "family": No("a row of an unpaid carer is that carer's own, under their own number"),
    "superseded": in_turn(cld({}), cld({"Event_Description": LATER, "Reporting_Period_Start_Date": "2026-07-01",
                                       "Reporting_Period_End_Date": "2026-09-30"})),
    "none_known": _NO_ALLERGY, "none_known_itself": _NO_ALLERGY, "gone": _NO_ALLERGY,
    "sensitive": cld({"Service_Component": CODED}), "sensitive_allergy": _NO_ALLERGY,
    "value": _NO_VALUE,
    "medicine": No("it has no place for a medicine"),
    "cut": _NO_DOCUMENT,
    "place": cld({"Postcode": HIDDEN}),
    "refusal": No("a return is made under a direction of law, and holds no choice"),
    "others_refusal": No("a return holds no choice"),
}
SHEET = {
    "plain": sheet({}),
    "ended": sheet({"Date": "2024-11-05", "End_date": "2025-01-01"}),
    "refuted": sheet({"Record_type": "Alert", "Status": "Unfounded"}),
    "in_error": in_turn(sheet({}), sheet({"Status": "Entered in error"})),
    "not_done": sheet({"Record_type": "Appointment", "Status": "Did not attend"}),
    "planned": sheet({"Record_type": "Appointment", "Status": "Booked", "Date": "2026-12-30"}),
    "family": No("a row is about the person whose row it is"),
    "superseded": in_turn(sheet({"Record_type": "Care plan"}), sheet({"Record_type": "Care plan", "What": LATER})),
    "none_known": _NO_ALLERGY, "none_known_itself": _NO_ALLERGY, "gone": _NO_ALLERGY,
    "sensitive": sheet({"What": CODED, "Details": FACT}), "sensitive_allergy": _NO_ALLERGY,
    "value": _NO_VALUE,
    "medicine": No("it has no place for a medicine"),
    "cut": _NO_DOCUMENT,
    "place": sheet({"Place": HIDDEN}),
    "refusal": sheet({"Consent_to_share": "No", "Consent_date": "2026-11-05"}),
    "others_refusal": No("a row does not say whose word a refusal is", ("ThirdSector.test_a_refusal_in_somebodys_own_words_withholds_the_sheet_until_it_is_looked_at",)),
}
