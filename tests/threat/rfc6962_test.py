"""T36: the log against a second implementation of RFC 6962, in another language.

Every size from 0 to 1,100: the root and all inclusion proofs; all consistency pairs up to 256; and the export's tiles, entries,
payloads and checkpoint at the sizes around each edge of a tile. `--count N` exports (24; a release asks for all 1,101).
"""

import argparse
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import rfc6962

ROOT = pathlib.Path(__file__).resolve().parents[2]
DRIVER = os.environ.get("MILECASTLE_LOG_CASES", str(ROOT / "build/dev/tests/threat/threat_log_cases"))
VECTORS = json.loads((pathlib.Path(__file__).parent / "vectors/rfc6962.json").read_text())
SIZE, CONSISTENT, COUNT = 1100, 256, 24
EDGES = [0, 1, 2, 3, 7, 8, 9, 127, 254, 255, 256, 257, 258, 383, 511, 512, 513, 600, 767, 768, 769, 1023, 1024, 1100]


def digest_of(proofs):
    return hashlib.sha256(b"".join(bytes([len(p)]) + b"".join(p) for p in proofs)).hexdigest()


class Rfc6962(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="milecastle-threat.")
        cls.folder = pathlib.Path(cls.temporary.name)
        more = [size for size in range(SIZE + 1) if size not in EDGES]
        cls.exports = sorted(EDGES[:COUNT] + more[:max(0, COUNT - len(EDGES))])
        done = subprocess.run([DRIVER, "log", cls.folder, str(SIZE), *map(str, {*cls.exports, SIZE})], check=True,
                              capture_output=True, text=True)
        cls.vkey, *lines = done.stdout.splitlines()
        cls.told = [line.split() for line in lines]
        cls.leaves = rfc6962.entries_of(cls.folder / f"export-{SIZE}", SIZE)
        cls.tree = rfc6962.Tree([rfc6962.sha256(b"\0" + leaf) for leaf in cls.leaves])

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def test_the_vectors_that_are_checked_in_hold_for_both(self):
        for case in VECTORS:
            leaves = case.get("leaves") or [hashlib.sha256(str(i).encode()).hexdigest() for i in range(case["size"])]
            tree = rfc6962.Tree([rfc6962.sha256(b"\0" + bytes.fromhex(leaf)) for leaf in leaves])
            done = subprocess.run([DRIVER, "roots"], input="\n".join(leaves) + "\n", check=True, capture_output=True, text=True)
            theirs = done.stdout.splitlines()
            for size, root in case["roots"].items():
                self.assertEqual(tree.root(0, int(size)).hex(), root, size)
                self.assertEqual(theirs[int(size) - 1], root, size)

    def test_every_root_and_every_proof_is_the_same(self):
        proofs = 0
        self.assertEqual([int(told[0]) for told in self.told], list(range(SIZE + 1)))
        for size, (_, root, inclusion, consistency) in enumerate(self.told):
            self.assertEqual(root, self.tree.root(0, size).hex(), size)
            self.assertEqual(inclusion, digest_of(self.tree.path(index, size) for index in range(size)), size)
            pairs = range(1, size + 1) if size <= CONSISTENT else ()
            self.assertEqual(consistency, digest_of(self.tree.consistency(first, size) for first in pairs), size)
            proofs += size + len(pairs)
        print(f"T36: {len(self.told)} sizes done of {SIZE + 1} asked, {proofs} proofs equal")

    def test_every_export_is_the_one_that_its_format_describes(self):
        for size in self.exports:
            folder = self.folder / f"export-{size}"
            there = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            tiles = rfc6962.tiles_of(self.tree, size)
            for path, data in tiles.items():
                self.assertEqual(there.pop(path, b"absent"), data, f"{path} of the export of {size}")
            self.assertEqual(rfc6962.entries_of(folder, size), self.leaves[:size])
            self.check_payloads(folder, size)
            self.assertEqual(rfc6962.checkpoint_of(there.pop("checkpoint").decode(), self.vkey), (size, self.tree.root(0, size)))
            left = [path for path in there if not path.startswith(("tile/entries/", "payload/")) and path != "vkey"]
            self.assertEqual(left, [], size)
        print(f"T36: {len(self.exports)} exports done of {COUNT} asked; a release asks for {SIZE + 1}")

    def check_payloads(self, folder, size):
        items = rfc6962.payloads_of(folder, size)
        self.assertEqual(len(items), size)
        for index, ((state, data), leaf) in enumerate(zip(items, self.leaves)):
            self.assertEqual((state, data[16:].decode()), (1, f"payload {index}"))
            self.assertEqual((len(leaf), leaf[0], leaf[1], rfc6962.sha256(data)), (70, 1, 1, leaf[38:]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=COUNT * int(os.environ.get("MILECASTLE_THREAT_SCALE", "1")))
    options, rest = parser.parse_known_args()
    COUNT = min(options.count, SIZE + 1)
    unittest.main(argv=[sys.argv[0], *rest])
