"""Every safety rule has a cell for every format, and the cell tells the truth.

Form of deploy/safety/rules-by-format.md: a rule begins with `## 10 · What ended is not current` and has one row for each format,
whose cell names tests that exist, as `Suite.Name`, or says `does not apply: ` and why. Whether EveryFormat really asks a format
what its cell says is for tests/path/told_test.py to look at.
"""

import ast
import re
import unittest

from hazards_test import tests_of
from tree import files, text_of

TABLE = "deploy/safety/rules-by-format.md"
FORMATS = "tests/path/told/formats.py"
RULES = {"1", "5", "6", "7", "10", "11", "12", "13", "25"}
NOT_SO = "does not apply: "


def rules_of(table):
    """(heading, [(format, cell)])"""
    for part in re.split(r"^## ", table, flags=re.M)[1:]:
        rows = re.findall(r"^\| (.+?) \| (.*?) ?\|$", part, re.M)
        yield part.split("\n")[0], [row for row in rows if row[0] != "format"]


def formats_of(source):
    """The formats' names, in their order."""
    return [call.args[0].value for call in ast.walk(ast.parse(source))
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Format"]


def check_table(table, formats, known):
    rules = list(rules_of(table))
    missing = RULES - {number for heading, _ in rules for number in heading.split(" · ")[0].split(", ")}
    if missing:
        yield f"no rule {sorted(missing)}"
    for heading, rows in rules:
        if [name for name, _ in rows] != formats:
            yield f"{heading}: one row for each of {formats}"
        for name, cell in rows:
            tests = re.findall(r"`(\w+\.\w+)`", cell)
            says_why = cell.startswith(NOT_SO) and len(cell) > len(NOT_SO) + 10
            if not tests and not says_why:
                yield f"{heading}, {name}: names a test, or says '{NOT_SO}' and why"
            yield from (f"{heading}, {name}: there is no test {test}" for test in tests if test not in known)


class SafetyTable(unittest.TestCase):
    formats = formats_of(text_of(FORMATS))
    known = {test for path in files("tests") for test in tests_of(path, text_of(path))}

    def problems(self, table):
        return list(check_table(table, self.formats, self.known))

    def test_every_rule_has_a_true_cell_for_every_format(self):
        self.assertEqual(len(self.formats), 15)
        found = self.problems(text_of(TABLE))
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_finds_what_it_is_for(self):
        sound = text_of(TABLE)
        row = next(line for line in sound.splitlines() if line.startswith("| CDA | `"))
        why = next(line for line in sound.splitlines() if NOT_SO in line)
        for bent in [sound.replace(row + "\n", "", 1), sound.replace(row, "| CDA | |", 1), sound.replace(row, "| CDA | `Nobody.Wrote` |", 1),
                     sound.replace(why, why.split(NOT_SO)[0] + NOT_SO + "|", 1), sound.replace("## 25 ·", "## 24 ·")]:
            self.assertNotEqual(bent, sound)
            self.assertNotEqual(self.problems(bent), [])


if __name__ == "__main__":
    unittest.main()
