"""T40: keys of the audit logs that are lost, swapped, spoilt or given up. Nothing is signed by another key than a log's own,
nothing goes unsigned, and nobody is left without care: while one of the logs can sign, the gateway serves.

The keys are files (`[audit] key`, `[audit.second] key`); there is no other kind yet.
"""

import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/path"))

from trial import BINARY, PB, Trial, ack_code, admission

FIRST, SECOND = "audit", "audit-second"
GONE = "is gone: put it back from its backup"


def openssl(*words):
    return subprocess.run(["openssl", *words], check=True, capture_output=True).stdout


def rewrite(make):
    """Other bytes, by the same owner alone."""
    return lambda path: path.write_bytes(make(path))


SPOILT = {
    "is empty": rewrite(lambda path: b""),
    "is cut": rewrite(lambda path: path.read_bytes()[:60]),
    "is noise": rewrite(lambda path: bytes(i * 7 % 256 for i in range(200))),
    "is an RSA key": rewrite(lambda path: openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")),
    "is another Ed25519 key": rewrite(lambda path: openssl("genpkey", "-algorithm", "ED25519")),
    "may be read by others": lambda path: path.chmod(0o644),
}


class Keys(unittest.TestCase):
    def setUp(self):
        self.trial = Trial()
        self.addCleanup(self.trial.end)
        self.data = self.trial.folder / "data"
        self.trial.start()
        self.work("KEYS0001")
        self.assertEqual(self.trial.stop(), 0)
        self.kept = {name: self.key(name).read_bytes() for name in (FIRST, SECOND)}

    def key(self, name):
        return self.data / f"{name}.key"

    def put_back(self, name):
        self.key(name).write_bytes(self.kept[name])
        self.key(name).chmod(0o600)

    def work(self, control_id):
        """A message and a view; where the view's entry stands."""
        with contextlib.closing(self.trial.mllp()) as mllp:
            self.assertEqual(ack_code(mllp.exchange(admission(control_id))), "AA")
        response = self.trial.caller("ZT1", "quayside-epr", "dr", "R8000").view()
        self.assertEqual(response.WhichOneof("outcome"), "view")
        return response.receipt

    def officer(self):
        return self.trial.caller("ZI1", "desk", "privacy-officer", "R0001")

    def verified(self, name, origin):
        """An export of that log by the command line, checked with its public key alone."""
        into = self.trial.folder / "export"
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(into)
        done = self.trial.ask(self.officer(), "audit", "export", into, "--origin", origin, "--case", "CASE-1")
        self.assertEqual(done.returncode, 0, done.stderr)
        return self.trial.run("audit", "verify", into, "--key", self.data / f"{name}.vkey")

    def origin(self, name):
        return (self.data / f"{name}.vkey").read_text().split("+")[0]

    def events(self):
        return [json.loads(line) for line in self.trial.log.read_text().splitlines() if line.startswith("{")]

    def faults(self):
        return [(each["error"], each["place"]) for each in self.events() if each["event"] == "audit.fault"]

    def refused_start(self):
        """What a start said that the second log's key forbade."""
        ended = subprocess.run([BINARY, "serve", "--config", self.trial.config], capture_output=True, text=True, timeout=60)
        self.assertNotEqual(ended.returncode, 0)
        return ended.stderr

    def assert_serves_by_the_second(self, control_id):
        self.trial.start()
        receipt = self.work(control_id)
        self.assertEqual(receipt.origin, self.origin(SECOND))
        health = self.officer().call("OperationsService", "GetHealth", PB["operations"].GetHealthRequest())
        self.assertFalse(health.healthy)
        self.assertEqual(self.trial.stop(), 0)

    def assert_all_is_well(self, control_id):
        """As before: the first log goes on, and is whole from its first entry to its last."""
        self.trial.start()
        receipt = self.work(control_id)
        self.assertEqual(receipt.origin, self.origin(FIRST))
        for name in (FIRST, SECOND):
            verified = self.verified(name, self.origin(name))
            self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertEqual(self.trial.stop(), 0)

    def test_the_first_logs_lost_key_is_not_made_anew_and_the_second_serves(self):
        self.key(FIRST).unlink()
        self.assert_serves_by_the_second("KEYS0002")
        self.assertFalse(self.key(FIRST).exists(), "a new key would hide that the old one is lost")
        self.assertEqual(self.faults(), [("file.unavailable", str(self.key(FIRST)))])
        self.put_back(FIRST)
        self.assert_all_is_well("KEYS0003")

    def test_without_the_second_logs_key_it_does_not_start_and_says_what_to_do(self):
        self.key(SECOND).unlink()
        said = self.refused_start()
        self.assertIn(str(self.key(SECOND)), said)
        self.assertIn(GONE, said)
        self.assertFalse(self.key(SECOND).exists())
        self.put_back(SECOND)
        self.assert_all_is_well("KEYS0002")

    def test_a_spoilt_key_of_the_first_log_signs_nothing(self):
        size = sum(path.stat().st_size for path in (self.data / FIRST).glob("segment/*"))
        for n, (what, spoil) in enumerate(SPOILT.items()):
            with self.subTest(what):
                spoil(self.key(FIRST))
                self.assert_serves_by_the_second(f"KEYS1{n:03}")
                self.put_back(FIRST)
        self.assertEqual(sum(path.stat().st_size for path in (self.data / FIRST).glob("segment/*")), size)
        self.assertEqual(len(self.faults()), len(SPOILT))
        self.assert_all_is_well("KEYS1999")

    def test_a_spoilt_key_of_the_second_log_is_no_start(self):
        for what, spoil in SPOILT.items():
            with self.subTest(what):
                spoil(self.key(SECOND))
                self.assertIn(str(self.data / SECOND), self.refused_start())
                self.put_back(SECOND)
        self.assert_all_is_well("KEYS2999")

    def test_swapped_keys_are_no_start(self):
        for name, other in ((FIRST, SECOND), (SECOND, FIRST)):
            self.key(name).write_bytes(self.kept[other])
        self.assertIn(str(self.data / SECOND), self.refused_start())
        for name in (FIRST, SECOND):
            self.put_back(name)
        self.assert_all_is_well("KEYS3999")

    def test_a_key_that_is_taken_away_while_it_runs_goes_on_signing_until_the_stop(self):
        self.trial.start()
        self.key(FIRST).unlink()
        self.trial.reload()
        self.assertEqual(self.work("KEYS4000").origin, self.origin(FIRST))
        verified = self.verified(FIRST, self.origin(FIRST))
        self.assertEqual(verified.returncode, 0, verified.stderr)
        self.assertEqual(self.trial.stop(), 0)
        self.assert_serves_by_the_second("KEYS4001")
        self.put_back(FIRST)
        self.assert_all_is_well("KEYS4999")

    def test_a_log_is_given_up_for_another_with_a_key_of_its_own(self):
        """Rotation: another origin, folder and key. Both logs' histories verify, each with its own key, and none is signed twice."""
        old = self.origin(FIRST)
        shutil.copy(self.data / f"{FIRST}.vkey", self.trial.folder / "old.vkey")
        text = self.trial.config.read_text()
        for was, now in ((f'origin = "{old}"', f'origin = "{old}-2"'), ('"data/audit"', '"data/audit-2"'),
                         ('"data/audit.key"', '"data/audit-2.key"')):
            self.assertIn(was, text)
            text = text.replace(was, now, 1)
        self.trial.config.write_text(text)
        self.trial.start()
        receipt = self.work("KEYS5000")
        self.assertEqual((receipt.origin, receipt.leaf_index < 10), (old + "-2", True))
        self.assertNotEqual(self.key(FIRST).read_bytes(), (self.data / "audit-2.key").read_bytes())
        self.assertEqual(self.trial.stop(), 0)
        fsck = self.trial.run("audit", "fsck", self.data / FIRST, "--key", self.trial.folder / "old.vkey")
        self.assertEqual(fsck.returncode, 0, fsck.stdout + fsck.stderr)


if __name__ == "__main__":
    unittest.main()
