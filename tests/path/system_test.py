"""A made-up integrated care system of all five sectors, small: every message accounted for, and the truth of every view."""

import hashlib
import pathlib
import subprocess
import tempfile
import unittest

from whole_system import GENERATOR, Whole

# SHA-256 over the names and bytes of all that the generator writes for seed 7 and 60 patients, but of the worked configuration.
SEVEN = "693ae34e39efd14eae7aa1e26593ce05da972ee116209c42ae4a72696c4b1959"


def digest_of(folder):
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.relative_to(folder).parts[0] not in ("policies", "code-sets")):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


class Generated(unittest.TestCase):
    def generate(self, seed):
        folder = tempfile.TemporaryDirectory(prefix="milecastle-system.")
        self.addCleanup(folder.cleanup)
        subprocess.run([GENERATOR, "--seed", str(seed), "--patients", "60", "--out", folder.name], check=True, stdout=subprocess.DEVNULL)
        return digest_of(pathlib.Path(folder.name))

    def test_one_seed_writes_the_same_bytes_on_every_machine_and_another_seed_others(self):
        self.assertEqual(self.generate(7), SEVEN)
        self.assertNotEqual(self.generate(8), SEVEN)


class System(unittest.TestCase):
    def assert_every_kind_is_there(self, whole):
        self.assertTrue(all(whole.expected.values()), "a feed sends nothing")
        self.assertEqual(set().union(*whole.expected.values()), {"accepted", "awaiting_identity", "duplicate", "quarantined", "rejected"})
        people = whole.readable
        self.assertTrue(any(person["protected"] and person["unseen"] for person in people))
        self.assertTrue(any(person["unseen"] and not person["protected"] and not person["refused"] for person in people))
        self.assertTrue(any(person["refused"] for person in people))

    def test_every_message_is_accounted_for_and_every_view_holds_what_is_true_and_nothing_of_others(self):
        with tempfile.TemporaryDirectory(prefix="milecastle-system.") as folder:
            whole = Whole(folder, 1000, seed=8)
            self.addCleanup(whole.end)
            self.assertGreater(len(whole.readable), 300)
            self.assert_every_kind_is_there(whole)
            whole.start()
            practices = [name for name in whole.expected if name.startswith("gp-")]
            whole.load_side_by_side(practices)
            whole.load_side_by_side([name for name in whole.expected if name not in practices])
            self.assertEqual(whole.journalled(), whole.expected)
            self.assertEqual(whole.view_all(whole.readable)[1], {})
            self.assertEqual(whole.unsound(), [])


if __name__ == "__main__":
    unittest.main()
