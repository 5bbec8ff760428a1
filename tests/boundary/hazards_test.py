"""Every hazard of the hazard log names tests that exist, and every place in the code that it names is there.

Form of deploy/safety/hazard-log.md: a hazard begins with `### MC-001 · name` and ends at the next heading. It has one
line for each of Hazard, Cause, Effect, Control, Assessment and Tests. Tests are given in backticks as `Suite.Name`.
Hazards below the heading "Controls without a test yet" have no Tests line, and say in a line Missing what is missing. A
hazard whose control is not whole names the tests of what stands, and says in a line Open what does not.
"""

import re
import unittest

from tree import ROOT, files, text_of

LOG = "deploy/safety/hazard-log.md"
UNTESTED = "## Controls without a test yet"
OPEN = "## Hazards whose control is not whole yet"
LINES = ["Hazard", "Cause", "Effect", "Control", "Assessment"]
ASSESSMENT = "left for the organisation's clinical safety officer"


def tests_of(path, text):
    """Names as `Suite.Name`, from the source of a C++ or Python test."""
    if path.suffix == ".cc":
        macros = r"^\s*(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\(\s*(\w+)\s*,\s*(\w+)"
        yield from (f"{suite}.{name}" for suite, name in re.findall(macros, text, re.M))
    elif path.suffix == ".py":
        suite = None
        for line in text.splitlines():
            if match := re.match(r"class (\w+)\(", line):
                suite = match[1]
            elif match := re.match(r"\s+def (test_\w+)\(self", line):
                yield f"{suite}.{match[1]}"


def hazards_of(log):
    """(id, title, its lines by their names, whether it stands among the untested)."""
    untested_from = log.find(UNTESTED)
    for match in re.finditer(r"^### (MC-\d{3}) · (.+)\n((?:(?!^#).*\n?)*)", log, re.M):
        named = dict(re.findall(r"^- \*\*(\w+):\*\* (.+)$", match[3], re.M))
        yield match[1], match[2], named, -1 < untested_from < match.start()


def check_log(log, known, exists):
    hazards = list(hazards_of(log))
    ids = [identifier for identifier, _, _, _ in hazards]
    split = len(list(hazards_of(log.split(OPEN)[0])))
    if not ids or len(set(ids)) < len(ids) or any(part != sorted(part) for part in (ids[:split], ids[split:])):
        yield "ids are unique, and rise among the whole and among the open ones"
    if re.search(r"\bcompl(y|ies|iant|iance)\b", log.replace("It asserts no compliance", ""), re.I):
        yield "the log asserts no compliance"
    for identifier, title, lines, untested in hazards:
        place = f"{identifier} {title}: "
        wanted = LINES + (["Missing"] if untested else ["Tests"])
        yield from (f"{place}no line {name}" for name in wanted if name not in lines)
        if not lines.get("Assessment", "").startswith(ASSESSMENT):
            yield f"{place}severity and likelihood are not ours to say: '{ASSESSMENT}'"
        tests = re.findall(r"`(\w+\.\w+)`", lines.get("Tests", ""))
        if not untested and not tests:
            yield f"{place}names no test"
        yield from (f"{place}there is no test {test}" for test in tests if test not in known)
        for path in re.findall(r"`((?:gateway|adapters|proto|config|deploy|tests)/[^` ]*)`", "".join(lines.values())):
            if not exists(path):
                yield f"{place}there is no {path}"


class Hazards(unittest.TestCase):
    known = {test for path in files("tests") for test in tests_of(path, text_of(path))}

    def problems(self, log):
        return list(check_log(log, self.known, lambda path: (ROOT / path).exists()))

    def test_every_hazard_names_tests_that_exist(self):
        found = self.problems(text_of(LOG))
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_the_log_covers_what_it_must(self):
        titles = " ".join(title.lower() for _, title, _, _ in hazards_of(text_of(LOG)))
        for hazard in ["wrong patient", "missing allergy", "stale", "absent", "duplicate", "unit", "negation",
                       "late withdrawal", "emergency", "tipping off", "identity protection"]:
            self.assertIn(hazard, titles)

    def test_finds_what_it_is_for(self):
        sound = ("### MC-001 · A hazard\n" + "".join(f"- **{name}:** x\n" for name in LINES[:-1]) +
                 f"- **Assessment:** {ASSESSMENT}\n- **Tests:** `Hazards.test_finds_what_it_is_for`\n")
        self.assertEqual(self.problems(sound), [])
        for bent in [
            sound.replace("test_finds_what_it_is_for", "test_that_nobody_wrote"),
            sound.replace("- **Tests:** `Hazards.test_finds_what_it_is_for`\n", ""),
            sound.replace("- **Cause:** x\n", ""),
            sound.replace("- **Control:** x", "- **Control:** `gateway/nowhere.h`"),
            sound.replace(ASSESSMENT, "low"),
            sound + sound,
            sound.replace("A hazard", "A hazard, DCB0129 compliant"),
            UNTESTED + "\n" + sound.replace("- **Tests:**", "- **Other:**"),
            "",
        ]:
            with self.subTest(log=bent):
                self.assertNotEqual(self.problems(bent), [])


if __name__ == "__main__":
    unittest.main()
