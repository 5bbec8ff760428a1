"""One patient of two systems, of which one sends no NHS number: asked about, linked, viewed, unlinked, and told who saw it."""

import time
import unittest

from trial import ALLERGY, PB, Trial, ack_code, admission, person_segment

NO_NUMBER = "PID|1||{local}^^^ZT2^MR||{family}^{given}^^^MS^^L||{born}|F|||1 The Wall^Segedunum^Wallsend^^ZZ1 1ZZ^^H"


def without_number(local="M55", family="HADRIAN", given="AELIA", born="19620713"):
    return NO_NUMBER.format(local=local, family=family, given=given, born=born)


class Matching(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        self.quayside = self.trial.mllp()
        self.addCleanup(self.quayside.close)
        self.moorland = self.trial.mllp("moorland-pas", holder="ZT2-moorland-pas")
        self.addCleanup(self.moorland.close)
        self.officer = self.trial.caller("ZI1", "desk", "identity-officer", "LIDENTITY")
        self.doctor = self.trial.caller("ZT2", "moorland-epr", "dr-boudica", "R8000")
        self.assertEqual(ack_code(self.quayside.exchange(admission("MATCH001"))), "AA")

    def come(self, control, person=None, more=()):
        message = admission(control, sender="ZT2", person=person or without_number(), more=more)
        self.assertEqual(ack_code(self.moorland.exchange(message)), "AA")

    def asked(self):
        return self.trial.queue(self.officer, "match_review")

    def shown(self, **who):
        return self.officer.call("IdentityService", "ShowPerson", PB["identity"].ShowPersonRequest(**who))

    def done(self, *arguments, code=0):
        ran = self.trial.ask(self.officer, "identify", *arguments)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return ran.stdout

    def test_an_officer_sees_why_links_and_unlinks_and_is_told_who_was_shown_it_in_between(self):
        self.come("MATCH002", more=(ALLERGY,))
        self.assertEqual(self.doctor.view().WhichOneof("outcome"), "refusal")
        item, = self.asked()
        self.assertIn("match_review: somebody without an NHS number", self.done("queue", "--kind", "match_review"))
        told = self.done("show", item.item_id)
        for line in ("score 100, certain", "family name: agrees, +25", "birth date: agrees, +30", "telecom: missing"):
            self.assertIn(line, told)
        self.assertNotIn("ZZ1", told)

        self.assertIn("close the item", self.trial.ask(self.officer, "identify", "link", item.item_id, "--new-person",
                                                       "--reason", "none").stderr)
        self.done("link", item.item_id, "--person", item.candidate_person_ids[0], "--reason", "papers-seen")
        self.assertEqual(len(self.asked()), 0)
        person = self.shown(nhs_number="9990000018")
        own = next(each for each in person.identities if each.source == "ZT2")
        self.assertEqual((own.nhs_number, own.shareable), ("", False), "a link verifies no number")
        self.assertEqual([event.why.score for event in person.history if event.reason == "officer_link"], [100])
        self.assertIn("weighed: score 100", self.done("show", "--nhs-number", "9990000018"))
        self.assertEqual(len(self.trial.queue(self.officer, "merge_review")), 1)

        view = self.doctor.view()
        self.assertIn("Allergy to penicillin", str(view.view))
        ward = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        self.assertNotIn("Allergy to penicillin", str(ward.view().view), "shared with nobody else: no number was traced")

        self.done("unlink", own.identity_id, "--reason", "wrong-person")
        self.assertEqual(self.doctor.view().WhichOneof("outcome"), "refusal")
        wanted = view.receipt.leaf_index
        deadline = time.monotonic() + 60
        leaves = []
        while wanted not in leaves and time.monotonic() < deadline:
            leaves = [each.leaf_index for each in self.shown(nhs_number="9990000018").disclosures_under_other_links]
        self.assertIn(wanted, leaves)
        apart = self.shown(person_id=self.own_person(own))
        self.assertIn(wanted, [each.leaf_index for each in apart.disclosures_under_other_links])
        self.come("MATCH003")
        self.assertEqual(len(self.asked()), 0, "an officer took them apart")

    def own_person(self, identity):
        """Where it went: the person of the newest merge review of it."""
        reviews = self.trial.queue(self.officer, "merge_review")
        return next(each.candidate_person_ids[0] for each in reviews
                    if each.identity_id == identity.identity_id and each.reason == "settle")

    def test_two_people_are_not_asked_about_again(self):
        self.come("MATCH002", without_number(family="HADRAIN"))
        item, = self.asked()
        self.assertEqual(item.reason, "traced_possible")
        self.assertIn("family name: spelt alike, +15", self.done("show", item.item_id))
        self.done("close", item.item_id, "--outcome", "put_right", code=2)
        self.done("close", item.item_id, "--outcome", "two_people")
        self.come("MATCH003", without_number(family="HADRAIN"))
        self.assertEqual(len(self.asked()), 0)

    def test_a_twin_is_asked_about_by_nobody(self):
        self.come("MATCH002", without_number(given="LIVIA"))
        self.assertEqual(len(self.asked()), 0)

    def test_where_a_protected_candidate_is_is_told_neither_by_a_verdict_nor_by_the_score(self):
        protected = person_segment(number="9990000026", local="Q200", family="MARCIUS", given="FLAVIA")
        self.assertEqual(ack_code(self.quayside.exchange(admission("MATCH002", person=protected, more=("ZU8||||2",)))), "AA")
        person = without_number(local="M66", family="MARCIUS", given="FLAVIA")
        self.come("MATCH003", person)
        here, = self.asked()
        records = self.trial.caller("ZT2", "moorland-epr", "records-nero", "LIDENTITY")
        told = self.trial.ask(records, "identify", "show", here.item_id).stdout
        self.assertIn("postcode: not compared", told)
        self.assertIn("score 80, possible", told)
        self.assertNotIn("Q200", told)
        self.assertIn("a source whose name is protected", told)


class Linked(unittest.TestCase):
    """As a configuration may have it."""

    def test_who_is_certain_and_unique_is_linked_with_a_review_and_an_explanation(self):
        trial = Trial({"auto_link = false": "auto_link = true"}).start()
        self.addCleanup(trial.end)
        quayside, moorland = trial.mllp(), trial.mllp("moorland-pas", holder="ZT2-moorland-pas")
        self.assertEqual(ack_code(quayside.exchange(admission("AUTO0001"))), "AA")
        self.assertEqual(ack_code(moorland.exchange(admission("AUTO0002", sender="ZT2", person=without_number()))), "AA")
        officer = trial.caller("ZI1", "desk", "identity-officer", "LIDENTITY")
        self.assertEqual([item.reason for item in trial.queue(officer, "merge_review", "match_review")], ["traced_certain"])
        person = officer.call("IdentityService", "ShowPerson", PB["identity"].ShowPersonRequest(nhs_number="9990000018"))
        event = next(each for each in person.history if each.reason == "traced_certain")
        self.assertEqual((event.why.score, event.why.verdict, event.by), (100, "certain", "moorland-pas"))
        quayside.close()
        moorland.close()

    def test_a_threshold_that_two_people_may_reach_is_refused_with_its_line(self):
        trial = Trial({"certain_from = 90": "certain_from = 80"})
        self.addCleanup(trial.end)
        line = next(i for i, each in enumerate(trial.config.read_text().splitlines(), 1) if each.startswith("certain_from"))
        done = trial.run("serve", "--config", trial.config, "--check")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"gateway.toml:{line}", done.stdout + done.stderr)
        self.assertIn("write more than 80", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
