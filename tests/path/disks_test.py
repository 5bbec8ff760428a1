"""Disks: both logs on one of them, and a copy that is put back after one was lost."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from trial import ALLERGY, BINARY, PB, SOURCE, Trial, ack_code, admission

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
        logs = [word for name in ("audit", "audit-second")
                for word in ("--log", self.data / name, "--key", self.data / f"{name}.vkey")]
        to = self.trial.folder / "copies"
        done = subprocess.run([SOURCE / "deploy/backup", "--store", self.data / "store.db", *logs, "--to", to],
                              env={**os.environ, "MILECASTLE": str(BINARY)}, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        (copy,) = to.iterdir()
        return copy

    def put_back(self, copy):
        for old in [*self.data.glob("store.db*"), self.data / "audit", self.data / "audit-second"]:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
        shutil.copy(copy / "store.db", self.data / "store.db")
        for number, name in enumerate(("audit", "audit-second"), start=1):
            shutil.copytree(copy / f"audit-{number}", self.data / name)

    def test_a_copy_taken_while_it_ran_serves_again_with_record_and_audit(self):
        before = self.ward().view().receipt
        copy = self.copied()
        self.assertEqual(self.trial.stop(), 0)
        self.put_back(copy)
        self.trial.start()
        again = self.ward().view()
        self.assertIn("penicillin", str(again.view.entries).lower())
        self.assertEqual(again.receipt.origin, before.origin)
        self.assertGreater(again.receipt.leaf_index, before.leaf_index)

    def test_a_log_put_back_behind_the_checkpoint_that_was_signed_since_does_not_open(self):
        copy = self.copied()
        first = self.ward().view().receipt.origin
        self.assertEqual(self.trial.stop(), 0)
        signed_since = (self.data / "audit/checkpoint").read_bytes()
        self.put_back(copy)
        (self.data / "audit/checkpoint").write_bytes(signed_since)
        self.trial.start()
        self.assertNotEqual(self.ward().view().receipt.origin, first, "the second log stands in")
        health = self.ward().call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest(), metadata=())
        self.assertIn("audit", [line.component for line in health.lines if not line.healthy])


if __name__ == "__main__":
    unittest.main()
