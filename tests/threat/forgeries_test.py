"""T37: a verifier that is too lenient. `--count N` forged proofs, checkpoints and exports (20,000; a release asks for 1,000,000)
are put to the verifiers of the audit log, and a number of exports to `milecastle audit verify` itself: none is accepted.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MILECASTLE_BINARY", str(ROOT / "build/dev/milecastle"))
FORGERIES = os.environ.get("MILECASTLE_FORGERIES", str(ROOT / "build/dev/tests/threat/threat_forgeries"))
LOG_CASES = os.environ.get("MILECASTLE_LOG_CASES", str(ROOT / "build/dev/tests/threat/threat_log_cases"))
COUNT, SEED, SIZE = 20_000, 20261122, 300


def again(path, text):
    path.write_text(text)


def replaced(pattern, by):
    return lambda path: again(path, re.sub(pattern, by, path.read_text(), count=1))


class Forgeries(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="milecastle-threat."))
        self.addCleanup(shutil.rmtree, self.folder)

    def test_no_verifier_takes_one(self):
        done = subprocess.run([FORGERIES, str(COUNT), str(SEED), self.folder], capture_output=True, text=True)
        tried = [int(line.split()[-2]) for line in done.stdout.splitlines()]
        accepted = [int(line.split()[-1]) for line in done.stdout.splitlines()]
        print(f"T37: {sum(tried)} forgeries done of {COUNT} asked, {sum(accepted)} accepted; " + done.stdout.replace("\n", "; "))
        self.assertEqual((done.returncode, done.stderr[:500], sum(tried)), (0, "", COUNT))
        self.assertEqual(len(tried), 4)

    def verify(self, folder, key):
        return subprocess.run([BINARY, "audit", "verify", "--key", key, folder], capture_output=True, text=True)

    def test_the_command_takes_none(self):
        done = subprocess.run([LOG_CASES, "log", self.folder, str(SIZE), str(SIZE)], check=True, capture_output=True, text=True)
        vkey = done.stdout.splitlines()[0]
        sound = self.folder / f"export-{SIZE}"
        stranger = subprocess.run([LOG_CASES, "key", self.folder / "log", "milecastle.example/threat"], check=True,
                                  capture_output=True, text=True).stdout.strip()
        accepted = self.verify(sound, vkey)
        self.assertEqual(accepted.returncode, 0, accepted.stderr)
        self.assertNotEqual(self.verify(sound, stranger).returncode, 0, "another key")
        changes = {
            "leading zero": ("checkpoint", replaced(r"\n(\d+)\n", r"\n0\1\n")),
            "another size": ("checkpoint", replaced(r"\n\d+\n", f"\n{SIZE - 1}\n")),
            "another origin": ("checkpoint", replaced(r"^.*\n", "milecastle.example/other\n")),
            "extension line": ("checkpoint", replaced(r"\n\n", "\nmore\n\n")),
            "no signature": ("checkpoint", replaced(r"\n\n(.*\n)*", "\n\n")),
            "cut": ("tile/0/000", lambda path: path.write_bytes(path.read_bytes()[:-32])),
            "swapped hashes": ("tile/0/000", lambda path: path.write_bytes(path.read_bytes()[32:64] + path.read_bytes()[:32]
                                                                          + path.read_bytes()[64:])),
            "missing tile": ("tile/1/000.p/1", pathlib.Path.unlink),
            "longer bundle": ("tile/entries/000", lambda path: path.write_bytes(path.read_bytes() + b"\0\0")),
            "payload of another entry": ("payload/000", lambda path: path.write_bytes(
                path.read_bytes().replace(b"payload 7", b"payload 8", 1))),
        }
        for name, (file, change) in changes.items():
            forged = self.folder / name.replace(" ", "-")
            shutil.copytree(sound, forged)
            change(forged / file)
            self.assertNotEqual(self.verify(forged, vkey).returncode, 0, name)
        part = self.folder / "part"
        shutil.copytree(sound, part)
        (part / "tile/entries/000").unlink()
        # What is absent is never taken for verified: the answer names what was there.
        self.assertIn(f"checked: {SIZE - 256} leaves from leaf 256 on", self.verify(part, vkey).stdout)
        print(f"T37: {len(changes) + 1} exports put to `milecastle audit verify`, 0 accepted")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=COUNT * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1")))
    parser.add_argument("--seed", type=int, default=SEED)
    options, rest = parser.parse_known_args()
    COUNT, SEED = options.count, options.seed
    unittest.main(argv=[sys.argv[0], *rest])
