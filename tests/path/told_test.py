"""Safety rules over every format: the same is said in each, through its adapter, and what the ward reads is held against the rule.

told/ says it; deploy/safety/rules-by-format.md is the table of what is shown where, and why not elsewhere.
"""

import dataclasses
import functools
import re
import unittest

from told import r4
from told.formats import FORMATS
from told.house import FEEDS, OTHER_ALLERGY, House
from told.person import BORN, FACT, HIDDEN, LATER, No, Person
from trial import PB, SOURCE, view_request

TABLE = SOURCE / "deploy/safety/rules-by-format.md"
RECORD, VIEW = PB["record"], PB["view"]
ALLERGIES = RECORD.SECTION_ALLERGIES
STANDING = (RECORD.CLINICAL_STATUS_ACTIVE, RECORD.CLINICAL_STATUS_UNSTATED)


class Told:
    """What the ward reads of one source."""

    def __init__(self, response, source):
        assert response.WhichOneof("outcome") == "view", response
        self.view = response.view
        self.of_source = [entry for entry in self.view.entries if entry.source == source]
        self.lines = [line for line in self.view.manifest.lines if line.source == source]
        headlines = {alert.entry_id for alert in self.view.headlines}
        self.leading = [entry for entry in self.of_source if entry.entry_id in headlines]

    def entries(self, word=FACT):
        return [entry for entry in self.of_source if word in text_of(entry)]

    def states(self, section=ALLERGIES):
        return {VIEW.ManifestState.Name(line.state).removeprefix("MANIFEST_STATE_") for line in self.lines if line.section == section}

    def reasons(self):
        return {line.reason for line in self.lines}

    def facts(self, word=FACT):
        """What reads as so, of the patient, now."""
        return [entry for entry in self.entries(word)
                if entry.subject == RECORD.ENTRY_SUBJECT_PATIENT and entry.status in STANDING and not entry.negated
                and entry.verification not in (RECORD.VERIFICATION_REFUTED, RECORD.VERIFICATION_ENTERED_IN_ERROR)
                and entry.intent not in (RECORD.INTENT_NOT_DONE, RECORD.INTENT_PLANNED, RECORD.INTENT_ORDERED)]


def text_of(entry):
    return "\n".join([str(entry), entry.document.content.decode(errors="replace")])


@dataclasses.dataclass(frozen=True)
class Said:
    format: str
    source: str
    person: Person


def of_each_format(law, *segments):
    """Asks the test of each format that can say it, once it was said of somebody new; the ward's own segments stand beside."""
    def over(test):
        @functools.wraps(test)
        def run(self):
            for key, format_ in FORMATS.items():
                if isinstance(format_.says[law], No):
                    continue
                with self.subTest(format=key):
                    person = self.house.admitted(*segments, practice="" if format_.feed else format_.source)
                    answers = self.house.say(key, law, person)
                    self.assertEqual(answers, ["ACCEPTED"] * len(answers))
                    test(self, Said(key, format_.source, person))
        run.law = law
        return run
    return over


class EveryFormat(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.end)
        cls.house.start()
        cls.ward = cls.house.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")

    def view(self, said, **more):
        request = view_request(said.person.number, said.person.born, said.person.family, **more)
        return self.ward.call("PatientViewService", "GetPatientView", request)

    def read(self, said, **more):
        return Told(self.view(said, **more), said.source)

    def in_emergency(self, said):
        return self.read(said, purpose="EMERGENCY", reason_code="LIFE")

    @of_each_format("plain")
    def test_what_is_said_is_shown(self, said):
        """Without it the others show nothing."""
        self.assertTrue(self.read(said).facts())

    @of_each_format("ended")
    def test_what_ended_is_not_current(self, said):
        told = self.read(said)
        self.assertTrue(told.entries(), "it is not lost either")
        for entry in told.entries():
            self.assertNotEqual(entry.status, RECORD.CLINICAL_STATUS_ACTIVE, entry)
        self.assertEqual(told.leading, [])

    @of_each_format("refuted")
    def test_what_is_refuted_is_no_fact(self, said):
        told = self.read(said)
        self.assertEqual(told.facts(), [])
        self.assertEqual(told.leading, [])

    @of_each_format("in_error")
    def test_what_was_entered_in_error_is_no_fact(self, said):
        told = self.read(said)
        self.assertEqual(told.facts(), [])
        self.assertEqual([entry for entry in told.leading if FACT in text_of(entry)], [])

    @of_each_format("not_done")
    def test_what_was_not_done_says_so(self, said):
        told = self.read(said)
        self.assertEqual(told.facts(), [])
        self.assertTrue([e for e in told.entries() if e.intent == RECORD.INTENT_NOT_DONE or e.negated], told.of_source)

    @of_each_format("planned")
    def test_what_is_planned_is_not_done(self, said):
        done = (RECORD.CLINICAL_STATUS_COMPLETED, RECORD.CLINICAL_STATUS_ACTIVE)
        told = self.read(said)
        self.assertTrue(told.entries())
        for entry in told.entries():
            self.assertNotEqual(entry.intent, RECORD.INTENT_DONE, entry)
            planned = entry.section == RECORD.SECTION_PLAN_AND_ACTIONS or entry.intent in (RECORD.INTENT_PLANNED, RECORD.INTENT_ORDERED)
            self.assertTrue(planned or entry.status not in done, entry)

    @of_each_format("family")
    def test_what_a_relative_has_is_not_the_patients(self, said):
        told = self.read(said)
        self.assertTrue(told.entries())
        self.assertEqual(told.facts(), [])
        for entry in told.entries():
            self.assertNotIn(entry.section, (RECORD.SECTION_PROBLEMS, ALLERGIES, RECORD.SECTION_ALERTS))
        self.assertEqual(told.leading, [])

    @of_each_format("superseded")
    def test_what_was_superseded_is_not_current(self, said):
        told = self.read(said)
        self.assertTrue(told.entries(LATER))
        self.assertEqual(told.facts(), [])

    @of_each_format("none_known")
    def test_none_known_is_told_of_its_source(self, said):
        told = self.read(said)
        self.assertIn("NONE_KNOWN", told.states())
        self.assertEqual([e for e in told.of_source if e.section == ALLERGIES and e.kind == RECORD.ENTRY_KIND_ALLERGY and not e.negated], [])
        self.assertEqual([e for e in told.leading if e.kind == RECORD.ENTRY_KIND_ALLERGY], [])

    @of_each_format("none_known", f"AL1|1|DA|^{OTHER_ALLERGY}|SV")
    def test_none_known_beside_an_allergy_is_a_conflict(self, said):
        told = self.read(said)
        self.assertIn("CONFLICT", told.states())
        self.assertIn(OTHER_ALLERGY, str(told.view.entries))

    @of_each_format("none_known_itself")
    def test_an_allergy_beside_its_own_denial_is_shown(self, said):
        told = self.read(said)
        self.assertTrue(told.facts())
        self.assertTrue("NONE_KNOWN" not in told.states() or "CONFLICT" in told.states(), told.lines)

    @of_each_format("plain")
    def test_silence_on_allergies_is_not_none_known(self, said):
        told = self.read(said)
        self.assertTrue(told.states() & {"NOTHING_RECORDED", "NOT_ASKED", "UNAVAILABLE"}, told.lines)
        self.assertNotIn("NONE_KNOWN", told.states())

    @of_each_format("gone")
    def test_an_allergy_does_not_go_unseen(self, said):
        told = self.read(said)
        self.assertTrue(told.facts() or "withdrawn_by_source" in told.reasons(), told.lines)

    @of_each_format("sensitive")
    def test_what_is_sensitive_is_withheld_with_a_line(self, said):
        told = self.read(said)
        self.assertNotIn(FACT, str(told.view))
        self.assertIn("WITHHELD", {VIEW.ManifestState.Name(line.state)[15:] for line in told.lines})
        self.assertTrue(self.in_emergency(said).entries())

    @of_each_format("sensitive_allergy")
    def test_an_allergy_of_a_sensitive_code_is_withheld_and_never_hidden(self, said):
        self.assertIn("WITHHELD", self.read(said).states())
        self.assertTrue(self.in_emergency(said).facts())

    @of_each_format("value")
    def test_a_value_keeps_what_its_source_wrote(self, said):
        value, = [entry.value for entry in self.read(said).entries() if entry.HasField("value")]
        self.assertEqual((value.comparator, value.unit), ("<", "g/dL"))
        self.assertIn(value.number, ("9.5", "9.50"))
        self.assertIn(value.interpretation, ("L", "Low"))
        for bound in ("11.5", "16.5"):
            self.assertIn(bound, value.reference_range)

    @of_each_format("medicine")
    def test_a_medicine_that_stopped_says_so(self, said):
        told = self.read(said)
        self.assertTrue(told.entries())
        for entry in told.entries():
            self.assertIn(entry.status, (RECORD.CLINICAL_STATUS_STOPPED, RECORD.CLINICAL_STATUS_CANCELLED), entry)
        if said.format in ("stu3", "live", "itk3"):
            self.assertIn("2026-11-01", str([e for e in told.entries() if e.kind == RECORD.ENTRY_KIND_MEDICATION]), "last issue")

    @of_each_format("cut")
    def test_a_document_that_was_cut_says_so(self, said):
        held, = [entry for entry in self.read(said).of_source if entry.document.content]
        self.assertTrue(held.document.truncated)

    @of_each_format("cut", "ZU8||1|Yes|1")
    def test_a_letter_of_a_protected_person_is_withheld_whole(self, said):
        self.assertFalse([entry for entry in self.view(said).view.entries if entry.document.content])

    @of_each_format("place", "ZU8||1|Yes|0")
    def test_where_somebody_is_is_shown_of_whom_nothing_protects(self, said):
        """Without it the next shows nothing."""
        self.assertIn(HIDDEN, str(self.view(said)))

    @of_each_format("place", "ZU8||1|Yes|1")
    def test_where_a_protected_person_is_is_masked(self, said):
        self.assertNotIn(HIDDEN, str(self.view(said)))
        self.assertIn("location_protected", self.view(said).view.warnings)

    @of_each_format("refusal")
    def test_a_refusal_withholds_from_care_and_not_from_an_emergency(self, said):
        self.assertNotIn(FACT, str(self.view(said)))
        self.assertTrue(self.in_emergency(said).entries())

    @of_each_format("others_refusal")
    def test_somebody_elses_refusal_binds_nobody(self, said):
        self.assertTrue(self.in_emergency(said).entries())
        self.assertTrue(self.read(said).entries())

    def test_a_number_with_another_birth_date_and_name_waits(self):
        for key, format_ in FORMATS.items():
            if not format_.feed:
                continue  # Live.test_somebody_elses_record_is_not_used_and_alarms_without_a_value
            with self.subTest(format=key):
                person = self.house.admitted()
                other = Person(person.number, family="Trajan", given="Marcus", born="1931-02-03")
                before = len(self.house.journal())
                for answer in self.house.say(key, "plain", other):
                    self.assertEqual(answer, "ACCEPTED", "as if it agreed")
                self.assertEqual([row[1] for row in self.house.journal()[before:]], ["awaiting_identity"] * (len(self.house.journal()) - before))
                self.assertNotIn(FACT, str(self.view(Said(key, format_.source, person))))

    def test_what_has_no_reader_is_said_to_be_there(self):
        person = self.house.admitted()
        diet = {"resourceType": "NutritionOrder", "id": "n1", "status": "active", "intent": "order", "dateTime": "2026-11-20", "patient": r4.P}
        self.assertEqual(self.house.send(FORMATS["r4_json"], r4.collected(person, [diet])), "ACCEPTED")
        shown, = [entry for entry in self.read(Said("r4_json", "ZC1", person)).of_source if "not all of it is shown" in entry.what.text]
        self.assertEqual(shown.section, RECORD.SECTION_DOCUMENTS)

    def test_the_table_says_of_each_format_what_is_shown_of_it(self):
        keys = {format_.name: format_ for format_ in FORMATS.values()}
        cells = 0
        for line in TABLE.read_text().splitlines():
            name, _, cell = line.removeprefix("| ").partition(" | ")
            if name not in keys:
                continue
            for test in re.findall(r"`EveryFormat\.(\w+)`", cell):
                law = getattr(getattr(EveryFormat, test), "law", None)
                cells += 1
                if law:
                    self.assertNotIsInstance(keys[name].says[law], No, line)
        can = sum(not isinstance(format_.says[test.law], No) for test in vars(EveryFormat).values() if hasattr(test, "law")
                  for format_ in FORMATS.values())
        waits = sum(bool(format_.feed) for format_ in FORMATS.values())
        self.assertEqual(cells, can + waits, "what can be said stands in the table")


class OnItsOwnWord(unittest.TestCase):
    """Councils and voluntary organisations, where the operator does not take their word for it that a number was checked."""

    def test_a_number_that_only_its_sender_vouches_for_is_not_shared(self):
        house = House({**FEEDS, "share_untraced = true": "share_untraced = false"})
        self.addCleanup(house.end)
        house.start()
        ward = house.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        for key in ("cld", "local_authority", "sheet", "social_prescribing"):
            with self.subTest(format=key):
                person = house.admitted()
                self.assertEqual(house.say(key, "plain", person), ["ACCEPTED"])
                view = ward.call("PatientViewService", "GetPatientView", view_request(person.number, person.born, person.family)).view
                self.assertTrue(view.entries)
                self.assertNotIn(FACT, str(view))


if __name__ == "__main__":
    unittest.main()
