"""Adapters outside the process: the example in Python against the shipped binary, and who may not send what."""

import subprocess
import sys
import unittest

import grpc

from trial import PB, SOURCE, Caller, Trial, admission

EXAMPLE = SOURCE / "config/examples/befriending"
FEED = "dale-befriending"


def contribution(control="C1", sender="LOCALFRIENDS", number="9990000018", key="visit:1"):
    made = PB["contribution"].Contribution()
    made.header.control_id, made.header.event, made.header.sender = control, "visit", sender
    claim = {"nhs_number": number, "local_identifiers": [{"authority": "LOCALFRIENDS", "type": "MEMBER", "value": number}]}
    draft = made.patients.add(patient=claim).drafts.add(source_key=key)
    record = PB["record"]
    draft.entry.CopyFrom(record.Entry(
        section=record.SECTION_SOCIAL_CONTEXT, kind=record.ENTRY_KIND_STATEMENT, status=record.CLINICAL_STATUS_ACTIVE,
        verification=record.VERIFICATION_UNSTATED, subject=record.ENTRY_SUBJECT_PATIENT, intent=record.INTENT_UNSTATED,
        what=record.Coded(text="Lives alone")))
    return made


class Canonical(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        self.state = self.trial.folder / "visits.state"

    def send_visits(self, sheet=EXAMPLE / "visits.csv", holder="LOCALFRIENDS-visits-sheet"):
        certificates = self.trial.folder / "certificates"
        return subprocess.run(
            [sys.executable, EXAMPLE / "send_visits.py", "--sheet", sheet, "--state", self.state,
             "--gateway", f"localhost:{self.trial.ports['grpc']}", "--ca", certificates / "authority.pem",
             "--cert", certificates / f"clients/{holder}.pem", "--key", certificates / f"clients/{holder}.key"],
            capture_output=True, text=True, timeout=120)

    def submit(self, *messages, holder=("LOCALFRIENDS", "visits-sheet"), feed=FEED):
        caller = Caller(self.trial, *holder, "")
        return caller.submit(feed, *(m if isinstance(m, bytes) else m.SerializeToString() for m in messages))

    def test_the_example_sends_a_sheet_and_a_clinician_sees_its_entries(self):
        hospital = self.trial.mllp()
        self.addCleanup(hospital.close)
        self.assertIn("AA", hospital.exchange(admission("A1")))
        done = self.send_visits()
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1, done.stdout)
        lines = [line.split("  ")[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
        self.assertEqual(lines, ["B-1001: accepted", "B-1002: accepted", "B-1003: accepted", "B-1004: rejected",
                                 "B-1005: accepted"])
        self.assertIn("patients[0].drafts[0].entry.effective", done.stdout)
        self.assertIn("not carried: column mileage", done.stdout)
        doctor = self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000")
        view = doctor.view().view
        visits = {entry.effective.original: entry for entry in view.entries if entry.source == "LOCALFRIENDS"}
        self.assertEqual(sorted(visits), ["2026-11-20", "2026-11-27"])
        record = PB["record"]
        self.assertEqual(visits["2026-11-20"].status, record.CLINICAL_STATUS_COMPLETED)
        self.assertEqual(visits["2026-11-27"].status, record.CLINICAL_STATUS_PLANNED)
        self.assertEqual(visits["2026-11-20"].what.text, "Befriending visit")

    def test_the_example_goes_on_behind_the_last_durable_row_and_doubles_nothing(self):
        sheet = self.trial.folder / "sheet.csv"
        rows = (EXAMPLE / "visits.csv").read_text().splitlines()
        sheet.write_text("\n".join(rows[:3]) + "\n")
        self.assertEqual(self.send_visits(sheet).returncode, 0)
        sheet.write_text("\n".join(rows[:4]) + "\n")
        self.assertEqual(self.send_visits(sheet).stdout.splitlines()[0], "B-1003: accepted")
        self.assertEqual(len(self.trial.journal()), 3)
        self.state.unlink()
        again = [line for line in self.send_visits(sheet).stdout.splitlines() if not line.startswith(" ")]
        self.assertEqual(again, [f"{visit}: duplicate" for visit in ("B-1001", "B-1002", "B-1003")])

    def test_another_certificate_and_another_organisation_are_refused(self):
        for holder in (("Z99001", "bridge-gp"), ("ZI1", "desk")):
            with self.assertRaises(grpc.RpcError) as refused:
                self.submit(contribution(), holder=holder)
            self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED)
        with self.assertRaises(grpc.RpcError):
            self.submit(contribution(), feed="bridge-gp")
        self.assertEqual(self.trial.journal(), [])
        refused, = self.submit(contribution(sender="ZT1"))
        self.assertEqual((refused.disposition, refused.error), (PB["intake"].DISPOSITION_REJECTED, "sender.not_allowed"))
        self.assertEqual(self.trial.query("SELECT count(*) FROM entries"), [(0,)])

    def test_what_cannot_be_read_is_refused_with_its_place_and_no_value(self):
        bad = contribution("C2")
        bad.patients[0].drafts[0].entry.free_text.append("Hadrian\x1b")
        answer, = self.submit(bad)
        self.assertEqual(answer.place, "patients[0].drafts[0].entry.free_text[0]")
        answer, = self.submit(b'{"header": {"control_id": "Hadrian"}}')
        self.assertEqual((answer.error, answer.place), ("message.unparseable", "message"))
        self.assertNotIn("Hadrian", self.trial.log.read_text())

    def test_normalise_shows_what_a_file_becomes(self):
        file = self.trial.folder / "visit.binpb"
        file.write_bytes(contribution().SerializeToString())
        done = self.trial.run("normalise", "--adapter", "canonical", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Lives alone", done.stdout)


if __name__ == "__main__":
    unittest.main()
