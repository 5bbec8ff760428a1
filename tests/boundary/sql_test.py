"""T26: no statement is built out of data. SQL stands as a whole in the source; values are bound.

Every string that holds SQL is looked at, and whatever it is joined with: nothing may be.
"""

import re
import unittest

from tree import code_of, cpp_files, line_of, text_of

SQL = r"(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|PRAGMA|CREATE|DROP|ALTER|ATTACH|VACUUM|WHERE|FROM|ORDER BY|VALUES|SAVEPOINT|ROLLBACK)\b"
STRING = r'"(?:\\.|[^"\\])*"'
JOIN = r"\+=?|<<|\bformat\s*\(|\bStrCat\s*\(|\.append\s*\(|\bsnprintf\s*\("


def joins_in(code):
    """(line, text) wherever a string with SQL is joined with something. Literals side by side are one."""
    code = re.sub(r'(?<!\\)"(\s*)"(?!")', lambda match: match.group(1) or '""', code)
    for match in re.finditer(STRING, code):
        # The words of a message or of an error also use such words; SQL begins with one, or goes on in capitals.
        if not re.match(rf'"\s*{SQL}', match.group()):
            continue
        before, after = code[:match.start()].rstrip(), code[match.end():].lstrip()
        joined = re.match(r"\+(?!\+)|<<", after) or re.search(rf"(?:{JOIN})\s*$", before)
        if joined:
            line = line_of(code, match.start())
            yield line, code.splitlines()[line - 1].strip()


class Sql(unittest.TestCase):
    def test_no_statement_is_built_from_data(self):
        paths = cpp_files("gateway", "adapters")
        found, read = [], 0
        for path in paths:
            code = code_of(text_of(path), keep_strings=True)
            read += len(re.findall(rf'"\s*{SQL}', code))
            for line, text in joins_in(code):
                found.append(f"{path}:{line}: {text}")
        print(f"T26: {read} strings with SQL in {len(paths)} files, {len(found)} joined with something")
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_sql_is_run_in_the_driver_alone(self):
        outside = [str(path) for path in cpp_files("gateway", "adapters")
                   if not str(path).startswith("gateway/store/sqlite/")
                   and re.search(r"\bsqlite3_(?!stmt\b)\w+\s*\(", code_of(text_of(path)))]
        self.assertEqual(outside, [])

    def test_finds_what_it_is_for(self):
        for bad in ('Run(c, "SELECT * FROM t WHERE a = \'" + name + "\'", {});', 'sql += "WHERE id = ";', 'text << "DELETE FROM t";',
                    'fmt::format("UPDATE t SET a = {}", a)', 'std::string("x") + "INSERT INTO t"',
                    'Run(c, "SELECT * FROM t "\n  "WHERE a = 1 AND b = " + name, {});'):
            self.assertTrue(list(joins_in(bad)), bad)
        for good in ('Run(c, "SELECT * FROM t WHERE a = ?", {name});', 'Log("update: " + name)'):
            self.assertFalse(list(joins_in(good)), good)


if __name__ == "__main__":
    unittest.main()
