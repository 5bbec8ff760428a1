"""Looking after it: what sources say, what is in quarantine and mended, and large loads that are killed in the middle."""

import json
import signal
import subprocess
import unittest

import grpc

from canonical_test import FEED, contribution
from trial import BINARY, PB, Caller, Trial, nhs_number

BEFRIENDERS = ("LOCALFRIENDS", "visits-sheet")


class Operations(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        self.officer = self.trial.caller("ZI1", "desk", "records-livia", "LIDENTITY")
        self.operator = self.trial.caller("ZI1", "desk", "operator", "R8015")

    def submit(self, *messages):
        caller = Caller(self.trial, *BEFRIENDERS, "")
        return caller.submit(FEED, *(m.SerializeToString() for m in messages))

    def refuse(self, control="R1", key="visit:1", number="9990000018"):
        """A message whose entry says nothing of whom it is about."""
        bad = contribution(control, key=key, number=number)
        bad.patients[0].drafts[0].entry.ClearField("subject")
        answer, = self.submit(bad)
        self.assertEqual(answer.disposition, PB["intake"].DISPOSITION_REJECTED)
        return answer.message_id, bad

    def source(self):
        done = self.trial.ask(self.operator, "sources", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return next(s for s in json.loads(done.stdout)["sources"] if s["feed"] == FEED)

    def held(self, caller=None):
        done = self.trial.ask(caller or self.officer, "quarantine", "list", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout).get("messages", [])

    def texts(self):
        """What a view of the person would show of the befrienders, read past its calls."""
        rows = self.trial.query("SELECT source_key, standing FROM entries ORDER BY seq")
        return [key.removeprefix(FEED + "|") for key, standing in rows if standing == 1]

    def test_sources_say_what_came_out_how_and_why_after_a_restart_too(self):
        self.submit(contribution("A1"), contribution("A2", key="visit:2"))
        for i in range(3):
            self.refuse(f"R{i}")
        self.assertEqual(self.trial.stop(), 0)
        self.trial.start()
        self.operator = self.trial.caller("ZI1", "desk", "operator", "R8015")
        source = self.source()
        counts = {(c["outcome"], c.get("error", "")): (int(c["messages"]), int(c.get("open", 0))) for c in source["counts"]}
        self.assertEqual(counts, {("accepted", ""): (2, 0), ("rejected", "message.invalid"): (3, 3)})
        self.assertEqual(int(source["rejectedOpen"] if "rejectedOpen" in source else source["rejected_open"]), 3)
        text = self.trial.ask(self.operator, "sources").stdout
        self.assertIn("rejected, message.invalid 3\n", text)
        self.assertIn("3 messages refused or quarantined, and nobody is done with", text)

    def test_a_refused_message_is_listed_without_values_shown_audited_and_corrected_beside_itself(self):
        message, bad = self.refuse()
        held, = self.held()
        self.assertEqual(held["message_id" if "message_id" in held else "messageId"], message)
        self.assertEqual(held["place"], "patients[0].drafts[0].entry.subject")
        self.assertNotIn("9990000018", json.dumps(held))
        shown = self.officer.call("QuarantineService", "ShowMessage", PB["quarantine"].ShowMessageRequest(message_id=message))
        self.assertEqual(shown.content, bad.SerializeToString())
        right = self.trial.folder / "right.binpb"
        right.write_bytes(contribution("R1").SerializeToString())
        mended = self.trial.ask(self.officer, "quarantine", "correct", message, right, "--reason", "sender_confirmed")
        self.assertEqual(mended.returncode, 0, mended.stderr)
        self.assertIn("accepted", mended.stdout)
        self.assertEqual(self.texts(), ["visit:1"])
        self.assertEqual(self.held(), [])
        self.assertEqual([row[1] for row in self.trial.journal()], ["rejected", "accepted"])
        after = self.trial.ask(self.officer, "quarantine", "show", message)
        self.assertIn("corrected", after.stdout)
        self.assertIn("records-livia", after.stdout)
        again = self.trial.ask(self.officer, "quarantine", "correct", message, right, "--reason", "sender_confirmed")
        self.assertEqual(again.returncode, 1, again.stdout)
        privacy = self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")
        found = self.trial.ask(privacy, "audit", "search", "--user", "https://idp.zi1.example records-livia", "--case", "CASE-1")
        self.assertIn("quarantine.show", found.stdout + self.trial.ask(privacy, "audit", "search", "--case", "CASE-1", "--json").stdout)

    def test_what_is_read_again_overwrites_nothing_that_its_source_said_since(self):
        self.submit(contribution("A1", key="visit:1"))
        message, _ = self.refuse("R1", key="visit:1")
        self.submit(contribution("A2", key="visit:1"))
        right = self.trial.folder / "right.binpb"
        older = contribution("R1", key="visit:1")
        older.patients[0].drafts[0].entry.what.text = "Lives with her sister"
        right.write_bytes(older.SerializeToString())
        done = self.trial.ask(self.officer, "quarantine", "correct", message, right, "--reason", "sender_confirmed")
        self.assertIn("1 entry held back", done.stdout)
        self.assertEqual(self.trial.query("SELECT count(*) FROM entries"), [(1,)])

    def test_a_replay_reads_by_today_s_rules_and_twice_changes_nothing(self):
        answer, = self.submit(contribution("Z1", sender="ZT1"))
        self.assertEqual(answer.error, "sender.not_allowed")
        refused = self.trial.ask(self.officer, "quarantine", "replay", answer.message_id, "--reason", "gateway_mended")
        self.assertNotEqual(refused.returncode, 0, "its feed still may not speak for it")
        self.assertEqual(self.trial.stop(), 0)
        config = self.trial.config.read_text()
        self.trial.config.write_text(config.replace('organisations = ["LOCALFRIENDS"]', 'organisations = ["LOCALFRIENDS", "ZT1"]'))
        self.trial.start()
        self.officer = self.trial.caller("ZI1", "desk", "records-livia", "LIDENTITY")
        for changed in (True, False):
            done = self.trial.ask(self.officer, "quarantine", "replay", answer.message_id, "--reason", "gateway_mended")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual("nothing changed" in done.stdout, not changed)
        self.assertEqual(self.texts(), ["visit:1"])
        self.assertEqual(self.held(), [])

    def test_it_is_worked_by_those_alone_whose_role_and_organisation_may(self):
        message, _ = self.refuse()
        quarantine = PB["quarantine"]
        for caller in (self.trial.caller("ZT1", "quayside-epr", "dr-agricola", "R8000"), self.operator):
            with self.assertRaises(grpc.RpcError) as refused:
                caller.call("QuarantineService", "ShowMessage", quarantine.ShowMessageRequest(message_id=message))
            self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED)
        other = self.trial.caller("ZT1", "quayside-epr", "records-nero", "LIDENTITY")
        self.assertEqual(self.held(other), [], "it is another organisation's")
        with self.assertRaises(grpc.RpcError) as refused:
            other.call("QuarantineService", "CloseMessage",
                       quarantine.CloseMessageRequest(message_id=message, reason_code="not_wanted"))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.NOT_FOUND)
        self.assertEqual(len(self.held(self.operator)), 1)
        done = self.trial.ask(self.operator, "quarantine", "close", message, "--reason", "no-such-code")
        self.assertEqual(done.returncode, 2)
        self.assertIn("not_wanted", done.stderr)
        self.assertEqual(self.trial.ask(self.operator, "quarantine", "close", message, "--reason", "not_wanted").returncode, 0)
        self.assertEqual(self.held(), [])


class Loads(unittest.TestCase):
    MESSAGES = 400

    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        self.folder = self.trial.folder / "load"
        self.folder.mkdir()
        for i in range(self.MESSAGES):
            message = contribution(f"L{i:05}", key=f"visit:{i}", number=nhs_number(i % 50))
            (self.folder / f"{i:05}.binpb").write_bytes(message.SerializeToString())
        self.position = self.trial.folder / "position"

    def line(self):
        certificates = self.trial.folder / "certificates"
        holder = certificates / "clients/LOCALFRIENDS-visits-sheet"
        return [BINARY, "submit", "--feed", FEED, "--resume", self.position, "--json",
                "--connect", f"127.0.0.1:{self.trial.ports['grpc']}", "--ca", certificates / "authority.pem",
                "--cert", f"{holder}.pem", "--key", f"{holder}.key", self.folder]

    def answered(self):
        numbers = [line for line in self.position.read_text().splitlines()[1:] if line] if self.position.exists() else []
        return int(numbers[-1]) if numbers else 0

    def test_a_load_that_is_killed_goes_on_where_it_was_and_nothing_is_lost_or_taken_twice(self):
        kills = 0
        for until in (40, 160, 280):
            process = subprocess.Popen(self.line(), stdout=subprocess.PIPE, text=True)
            for _ in process.stdout:
                if self.answered() >= until:
                    break
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.wait()
            process.stdout.close()
            self.assertGreaterEqual(self.answered(), until)
        self.assertGreaterEqual(kills, 1)
        with self.position.open("a") as torn:
            torn.write("39")  # a line that a kill tore
        done = subprocess.run(self.line(), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        summary = json.loads(done.stdout.splitlines()[-1])["summary"]
        self.assertLess(summary["messages"], self.MESSAGES - 200)
        accepted = [control for control, outcome in self.trial.journal() if outcome == "accepted"]
        self.assertEqual(sorted(accepted), [f"L{i:05}" for i in range(self.MESSAGES)])
        once_more = subprocess.run(self.line(), capture_output=True, text=True, timeout=120)
        self.assertEqual(json.loads(once_more.stdout)["summary"]["messages"], 0)

    def test_a_position_of_another_load_is_refused(self):
        self.assertEqual(subprocess.run(self.line(), capture_output=True, timeout=120).returncode, 0)
        (self.folder / "99999.binpb").write_bytes(b"x")
        done = subprocess.run(self.line(), capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 2)
        self.assertIn("another load", done.stderr)


if __name__ == "__main__":
    unittest.main()
