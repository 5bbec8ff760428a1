"""Sizes and names: files that a person can read, folders that say what they hold, nothing left lying about."""

import pathlib
import re
import unittest

from tree import NOT_OURS, ROOT, files, text_of

LONGEST = 500
WRITTEN_BY_HAND = {".h", ".cc", ".proto", ".py", ".sh", ".cmake", ".sql", ".toml"}
EMPTY_NAMES = {"utils", "util", "common", "core", "manager", "managers", "helper", "helpers", "misc"}
TOP = {"CMakeLists.txt", "gateway", "proto", "adapters", "config", "tests", "deploy", "README.md",
       ".ci", ".clang-format", ".clang-tidy", ".gitignore", ".gitattributes", "CMakePresets.json", "LICENSE",
       "CONTRIBUTING.md", "SECURITY.md"}
# Of the machine that something was written on. Spelt so that this line is not one of them.
PATHS = re.compile(r"(?<![\w.$}>])/(wor" r"k|hom" r"e|roo" r"t|far" r"m|Us" r"ers)/")


def is_code(path):
    if path.suffix in WRITTEN_BY_HAND or path.name == "CMakeLists.txt":
        return True
    return path.suffix == "" and text_of(path).startswith("#!")


def check_length(path, text):
    lines = text.count("\n")
    if is_code(path) and lines > LONGEST:
        yield f"{path}: {lines} lines; {LONGEST} are the most"


def check_name(path):
    for part in path.parts:
        if re.split(r"[_\-]", part.lower().split(".")[0])[-1] in EMPTY_NAMES:
            yield f"{path}: '{part}' says nothing of what it holds"


def check_leftovers(path, text):
    if not is_code(path):
        return
    for number, line in enumerate(text.splitlines(), 1):
        place = f"{path}:{number}: "
        if re.search(r"\b(TO" r"DO|FIX" r"ME)\b(?!\s*\(#\d+\))", line):
            yield place + "a thing to do has a number, as in (#12), or is not written down here"
        if path.suffix in (".h", ".cc"):
            if re.match(r"\s*(//|/?\*)\s*(TEST(_[FP])?|TYPED_TEST|RC_GTEST_\w+)\s*\(", line):
                yield place + "a test is run or deleted, never commented out"
            if re.match(r"\s*#\s*if\s+0\b", line):
                yield place + "code is built or deleted"
            if re.search(r"\b(TEST(_[FP])?\(.*\bDISABLED_)", line):
                yield place + "a test is run or deleted, never disabled"
        if path.suffix == ".py" and re.search(r"^\s*(@unittest\.skip\b|#\s*def test_)", line):
            yield place + "a test is run or deleted"


def check_paths(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if PATHS.search(line):
            yield f"{path}:{number}: a path of the machine that it was written on"


class Sizes(unittest.TestCase):
    def of_all(self, check, with_text=True):
        found = []
        for path in files():
            found += check(path, text_of(path)) if with_text else check(path)
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_no_file_is_longer_than_a_person_can_read(self):
        self.of_all(check_length)

    def test_no_name_is_empty_of_meaning(self):
        self.of_all(check_name, with_text=False)

    def test_nothing_is_commented_out_disabled_or_left_to_do(self):
        self.of_all(check_leftovers)

    def test_no_path_of_a_machine_is_written_down(self):
        self.of_all(check_paths)

    def test_the_top_level_holds_what_it_should(self):
        self.assertEqual({path.name for path in ROOT.iterdir()} - TOP - NOT_OURS, set())

    def test_finds_what_it_is_for(self):
        header = pathlib.PurePath("gateway/x/x.h")
        self.assertTrue(list(check_length(header, "\n" * (LONGEST + 1))))
        self.assertTrue(list(check_name(pathlib.PurePath("gateway/x/string_utils.h"))))
        for line in ["// TO" "DO: later", "// TEST_F(A, B) {", "#if 0", "TEST(A, DISABLED_B) {"]:
            self.assertTrue(list(check_leftovers(header, line)), line)
        self.assertEqual(list(check_leftovers(header, "// TO" "DO(#12): later")) +
                         list(check_leftovers(header, "// TEST the water")), [])
        self.assertTrue(list(check_paths(header, '"/wor' 'k/x"')))
        self.assertEqual(list(check_paths(header, 'Build("root/work/x") << dir << "/home"')), [])


if __name__ == "__main__":
    unittest.main()
