"""Disks: both logs on one of them, and a copy that is put back after one was lost."""

import itertools
import os
import pathlib
import shutil
import sqlite3
import tempfile
import threading
import unittest

from trial import ALLERGY, LOGS, PB, Trial, ack_code, admission

MEMORY = pathlib.Path("/dev/shm")


class Disks(unittest.TestCase):
    def warned(self, settings=None):
        trial = Trial(settings).start()
        self.addCleanup(trial.end)
        return "audit.one_disk" in trial.log.read_text()

    def test_two_logs_on_one_disk_are_warned_of_at_start(self):
        self.assertTrue(self.warned())

    @unittest.skipUnless(MEMORY.is_dir() and os.stat(MEMORY).st_dev != os.stat(tempfile.gettempdir()).st_dev,
                         "this machine has one file system alone")
    def test_two_logs_on_two_disks_are_not(self):
        other = pathlib.Path(tempfile.mkdtemp(prefix="milecastle-path.", dir=MEMORY))
        self.addCleanup(shutil.rmtree, other)
        self.assertFalse(self.warned({'folder = "data/audit-second"': f'folder = "{other}/audit-second"'}))


class Restore(unittest.TestCase):
    def setUp(self):
        self.trial = Trial().start()
        self.addCleanup(self.trial.end)
        mllp = self.trial.mllp()
        self.assertEqual(ack_code(mllp.exchange(admission("REST0001", more=(ALLERGY,)))), "AA")
        mllp.close()
        self.data = self.trial.folder / "data"

    def ward(self):
        return self.trial.caller("ZT1", "quayside-epr", "dr", "R8000")

    def copied(self):
        done = self.trial.backup()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        (copy,) = (self.trial.folder / "copies").iterdir()
        self.assertRegex(copy.name, r"^[\dT:Z-]+$")
        return copy

    def send_until(self, over, acknowledged):
        mllp = self.trial.mllp()
        for n in itertools.takewhile(lambda _: not over.is_set(), itertools.count()):
            if ack_code(mllp.exchange(admission(f"BACK{n:06}", event="A31", more=(ALLERGY,)))) == "AA":
                acknowledged.append(f"BACK{n:06}")
        mllp.close()

    def test_a_copy_taken_while_it_took_messages_serves_again_with_record_and_audit(self):
        before, acknowledged, over = self.ward().view().receipt, [], threading.Event()
        feeder = threading.Thread(target=self.send_until, args=(over, acknowledged))
        feeder.start()
        while len(acknowledged) < 20 and feeder.is_alive():
            feeder.join(0.01)
        in_the_copy = list(acknowledged)
        try:
            copy = self.copied()
        finally:
            over.set()
            feeder.join()
        self.assertGreater(len(acknowledged), len(in_the_copy), "messages came while it was copied")
        self.assertEqual(self.trial.stop(), 0)
        self.trial.put_back(copy)
        self.trial.start()
        again = self.ward().view()
        self.assertIn("penicillin", str(again.view.entries).lower())
        self.assertEqual(again.receipt.origin, before.origin)
        self.assertGreater(again.receipt.leaf_index, before.leaf_index)
        asked = PB["audit"].GetInclusionProofRequest(leaf_hash=before.leaf_hash)
        proof = self.ward().call("AuditService", "GetInclusionProof", asked, metadata=())
        self.assertEqual(proof.leaf_index, before.leaf_index, "what was shown before the copy is in the log that was put back")
        self.assertEqual(self.trial.stop(), 0)
        for name in LOGS:
            sound = self.trial.fsck(name)
            self.assertEqual(sound.returncode, 0, sound.stdout + sound.stderr)
        held = {control for control, _ in self.trial.journal()}
        self.assertEqual({"REST0001", *in_the_copy} - held, set(), "acknowledged before the copy was begun")

    def test_a_damaged_store_makes_no_copy(self):
        self.assertEqual(self.trial.stop(), 0)
        with sqlite3.connect(self.data / "store.db") as database:
            database.execute("UPDATE journal SET sender = 'ZT9'")
        self.assertEqual(self.trial.backup().returncode, 1)
        self.assertEqual([path.suffix for path in (self.trial.folder / "copies").iterdir()], [".unsound"])

    def test_a_log_put_back_behind_the_checkpoint_that_was_signed_since_does_not_open(self):
        copy = self.copied()
        first = self.ward().view().receipt.origin
        self.assertEqual(self.trial.stop(), 0)
        signed_since = (self.data / "audit/checkpoint").read_bytes()
        self.trial.put_back(copy)
        (self.data / "audit/checkpoint").write_bytes(signed_since)
        self.trial.start()
        self.assertNotEqual(self.ward().view().receipt.origin, first, "the second log stands in")
        health = self.ward().call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest(), metadata=())
        self.assertIn("audit", [line.component for line in health.lines if not line.healthy])


if __name__ == "__main__":
    unittest.main()
