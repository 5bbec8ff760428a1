"""tests/release works at every program of survival, threat and fuzz, and asks each for the counts that it names itself."""

import re
import sys
import unittest

from tree import ROOT

sys.path.insert(0, str(ROOT / "tests/evidence"))
from rows import ROWS, Survival, Threat  # noqa: E402

ONCE = {"hardening"}  # reads the binary: there is nothing to do more often


def words_of(listing, pattern):
    return {word for found in re.findall(pattern, (ROOT / listing).read_text()) for word in found.split()}


class EveryRowIsWorkedAt(unittest.TestCase):
    def test_every_program_of_survival_has_a_row(self):
        listed = words_of("tests/crash/gateway/CMakeLists.txt", r"foreach\(name ([^)]*)\)")
        self.assertEqual({row.program for row in ROWS if isinstance(row, Survival)}, listed)

    def test_every_threat_has_a_row(self):
        listing = "tests/threat/CMakeLists.txt"
        listed = words_of(listing, r"(?m)^threat_test\((\w+)") | words_of(listing, r"foreach\(name ([^)]*)\)")
        self.assertEqual({row.program for row in ROWS if isinstance(row, Threat)}, listed - ONCE)

    def test_a_row_asks_for_what_its_program_names(self):
        compared = 0
        for row in (row for row in ROWS if isinstance(row, Survival)):
            text = (ROOT / f"tests/crash/gateway/{row.program}.py").read_text()
            for name, asked in (("ci", row.ci), ("release", row.whole)):
                number = re.search(rf"Asked\(.*\b{name}=([\d_]+)[,)]", text)  # others are lengths of a list
                if number:
                    compared += 1
                    self.assertEqual(asked, int(number[1]), f"{row.program}: {name}")
        self.assertGreater(compared, 10)


if __name__ == "__main__":
    unittest.main()
