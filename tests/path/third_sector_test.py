"""Charities' spreadsheets through watched folders: who sees what they say, and who does not."""

import unittest

from intake_test import Arrivals
from trial import PB, SOURCE, Trial, admission, person_segment

EXAMPLE = SOURCE / "config/examples/hearth/visits.csv"
HEADER = "NHS number,NHS number traced,Family name,Given names,Date of birth,Record type,Date,"


class ThirdSector(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        for feed, holder, sender in (("quayside-pas", None, "ZT1"), ("moorland-pas", "ZT2-moorland-pas", "ZT2")):
            hospital = self.trial.mllp(feed, holder)
            self.addCleanup(hospital.close)
            person = person_segment().replace("^^^ZT1^", f"^^^{sender}^")
            self.assertIn("AA", hospital.exchange(admission("A1", sender=sender, person=person)))
        self.doctor = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        self.stranger = self.trial.caller("ZT2", "moorland-epr", "dr-corvus", "R8000")

    def put(self, inbox, name, content):
        folder = self.trial.folder / "inbox" / inbox
        arrivals = Arrivals(folder / "accepted", folder / "refused")
        (folder / f".{name}").write_bytes(content)
        (folder / f".{name}").rename(folder / name)
        while not list(folder.glob(f"*/{name}")):
            arrivals.wait()
        return folder / "accepted" / name

    def test_a_sheet_is_seen_by_whom_an_agreement_names_and_by_nobody_else(self):
        accepted = self.put("hearth", "visits.csv", EXAMPLE.read_bytes())
        self.assertTrue(accepted.exists())
        reason = accepted.with_name("visits.csv.reason.txt").read_text()
        self.assertEqual([line.split(" at ")[1].split(":")[0] for line in reason.splitlines()],
                         ["line 7, column Date of birth", "line 8, column Date", "line 9, column Status",
                          "line 11, column Family name", "line 13, column 22"], reason)
        record = PB["record"]
        shown = [entry for entry in self.doctor.view().view.entries if entry.source == "LOCALHEARTH"]
        referral, = [entry for entry in shown if entry.section == record.SECTION_REFERRAL_DETAILS]
        self.assertEqual(referral.status, record.CLINICAL_STATUS_CANCELLED)
        self.assertIn("Carer", referral.what.text)
        alerts = [entry for entry in shown if entry.section == record.SECTION_ALERTS]
        self.assertEqual(sorted(entry.status for entry in alerts if not entry.negated), [record.CLINICAL_STATUS_INACTIVE])
        view = self.stranger.view().view
        self.assertTrue(view.entries, "they have a part in the person's care")
        self.assertFalse([entry for entry in view.entries if entry.source == "LOCALHEARTH"])
        self.assertNotIn("Carer", str(view.entries))

    def test_a_risk_to_workers_in_any_row_reaches_the_clinician_as_an_alert(self):
        sheet = ("NHS no,NHS no checked with surgery,Surname,First name,DOB,What is this row,When,Danger to visitors\n"
                 "9990000018,Y,Hadrian,Aelia,13/07/1962,Next steps,21/11/2026,Loose dog\n")
        self.put("hearth", "risk.csv", sheet.encode())
        record = PB["record"]
        alert, = [entry for entry in self.doctor.view().view.entries
                  if entry.source == "LOCALHEARTH" and entry.section == record.SECTION_ALERTS]
        self.assertEqual((alert.what.text, list(alert.free_text)), ("Risk to worker", ["Loose dog"]))

    def test_a_refusal_in_somebodys_own_words_withholds_the_sheet_until_it_is_looked_at(self):
        sheet = (HEADER + "Details,Consent to share\n"
                 "9990000018,Yes,Hadrian,Aelia,13/07/1962,Contact,20/11/2026,Told us about drinking,"
                 "\"No, does not want her GP or hospital to know\"\n")
        self.put("hearth", "words.csv", sheet.encode())
        view = self.doctor.view().view
        self.assertNotIn("drinking", str(view))
        self.assertTrue([entry for entry in view.entries if entry.source == "ZT1"], "the hospital's own is not its to close")
        self.assertIn("drinking", str(self.doctor.view(purpose="EMERGENCY", reason_code="LIFE").view))
        officer = self.trial.caller("ZI1", "desk", "ig-claudia", "R0001")
        review, = self.trial.queue(officer, "choice_review")
        self.assertEqual(review.reason, "unclear_choice")
        done = self.trial.ask(officer, "identify", "close", review.item_id, "--outcome", "put_right")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("drinking", str(self.doctor.view().view))

    def test_a_ticked_no_withholds_the_sheet_alone_and_a_later_yes_shows_it_again(self):
        def tick(name, day, said, details=""):
            sheet = f"{HEADER}Details,Consent to share\n9990000018,Yes,Hadrian,Aelia,13/07/1962,Contact,{day},{details},{said}\n"
            self.put("hearth", name, sheet.encode())

        def seen(caller, **more):
            return {entry.source for entry in caller.view(**more).view.entries}

        tick("no.csv", "20/11/2026", "No", "Told us about drinking")
        self.assertEqual(seen(self.doctor), {"ZT1", "ZT2"}, "the hospitals' own is not the sheet's to close")
        self.assertEqual(seen(self.stranger), {"ZT1", "ZT2"})
        self.assertIn("LOCALHEARTH", seen(self.doctor, purpose="EMERGENCY", reason_code="LIFE"))
        officer = self.trial.caller("ZI1", "desk", "ig-claudia", "R0001")
        review, = self.trial.queue(officer, "choice_review")
        self.assertEqual(review.reason, "unclear_choice")
        tick("older.csv", "19/11/2026", "Yes")
        self.assertNotIn("LOCALHEARTH", seen(self.doctor))
        tick("typo.csv", "21/11/2062", "Yes")
        self.assertNotIn("LOCALHEARTH", seen(self.doctor))
        tick("yes.csv", "21/11/2026", "Yes")
        self.assertIn("LOCALHEARTH", seen(self.doctor))

    def test_a_refuge_is_named_to_nobody_without_a_part_and_its_address_to_nobody_at_all(self):
        sheet = (HEADER + "Address,Address confidential,Safeguarding concern\n"
                 "9990000018,Yes,Hadrian,Aelia,1962-07-13,Contact,2026-11-20,9 Hidden Row,Yes,Followed home\n")
        self.assertTrue(self.put("haven", "week.csv", sheet.encode()).exists())
        for caller in (self.doctor, self.stranger):
            text = str(caller.view().view)
            for word in ("LOCALHAVEN", "Hidden Row", "Followed home"):
                self.assertNotIn(word, text)
        emergency = str(self.doctor.view(purpose="EMERGENCY", reason_code="LIFE").view)
        self.assertIn("Safeguarding concern", emergency)
        self.assertNotIn("Hidden Row", emergency)


if __name__ == "__main__":
    unittest.main()
